"""The data dictionary (数据字典): what every column of every table means, in English and Chinese.

This is the one place where it is written down; the files beside the data, the comments in the warehouse
and the documentation are made from it, and a test holds it equal to the real columns.

The type is that of pandas (in the warehouse: of SQL). A unit in braces is filled in: `{currency}` is the
scenario's money.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import NamedTuple

from crmsim.errors import InputError, did_you_mean


class Column(NamedTuple):
    """One column of one table."""

    table: str
    column: str
    type: str
    unit: str
    en: str
    zh: str


# table: what a row is | in Chinese, then its columns: name | type | unit | meaning | in Chinese
_TEXT = """
customers: one row per customer who has arrived | 每行一位已到来的客户
customer_id | int64 | | number of the customer, from 0 | 客户编号，从0开始
acquired_on | datetime64[s] | time | first moment of the period in which the customer arrived | 客户到来那一期的起始时刻
acquired_period | int64 | period | period in which the customer arrived, from 0 | 客户到来的期数，从0开始
channel | category | | way in which the customer was won | 获客渠道
region | category | | region in which the customer lives | 所在区域
age_group | category | years | age group | 年龄段

transactions: one row per purchase, by customer and time | 每行一次购买，按客户和时间排序
customer_id | int64 | | number of the customer | 客户编号
time | datetime64[s] | time | moment of the purchase | 购买时刻
period | int64 | period | period of the purchase, from 0 | 购买所在的期数，从0开始
amount | float64 | {currency} | money paid | 支付金额
margin | float64 | {currency} | money paid less the cost of the goods | 毛利：支付金额减去商品成本
category | category | | category of the product | 产品类别

campaigns: one row per customer whom an offer reached | 每行一位收到优惠的客户
customer_id | int64 | | number of the customer | 客户编号
time | datetime64[s] | time | first moment of the period in which the offer was made | 发出优惠那一期的起始时刻
period | int64 | period | period in which the offer was made, from 0 | 发出优惠的期数，从0开始
offer | str | | name of the offer | 优惠名称
cost | float64 | {currency} | cost of the offer for this customer | 该客户的优惠成本

truth/stages: one row per customer and period since arrival; hidden from the firm | 自到来起每位客户每期一行；企业看不到
customer_id | int64 | | number of the customer | 客户编号
period | int64 | period | period, from 0 | 期数，从0开始
stage | category | | stage of the relationship lifecycle in this period | 该期所处的客户关系生命周期阶段

truth/customers: one row per customer who has arrived; hidden from the firm | 每行一位已到来的客户；企业看不到
customer_id | int64 | | number of the customer | 客户编号
segment | category | | latent segment | 潜在细分群体
purchase_rate | float64 | purchases per period | expected purchases at stage, season and offer factor 1 | 阶段、季节、优惠系数为1时的期望购买次数
spend_level | float64 | {currency} | expected amount of a purchase at the full price | 按原价每次购买的期望金额
loyalty | float64 | logit | lowers the logit of losing ground in a move of stage | 忠诚度：降低阶段下滑概率的对数几率
profit | float64 | {currency} | margin less acquisition, service and offer costs in all periods | 利润：毛利减去获客、服务和优惠成本

dim_customer: dimension, one row per customer who has arrived | 客户维度，每行一位已到来的客户
customer_id | BIGINT | | key: number of the customer | 主键：客户编号
acquired_date_key | INTEGER | yyyymmdd | first day of the period of arrival, key of dim_date | 到来那一期的第一天，dim_date的键
acquired_period | INTEGER | period | period in which the customer arrived, from 0 | 客户到来的期数，从0开始
channel_key | SMALLINT | | way in which the customer was won, key of dim_channel | 获客渠道，dim_channel的键
region | VARCHAR | | region in which the customer lives | 所在区域
region_zh | VARCHAR | | its Chinese name | 区域中文名
age_group | VARCHAR | years | age group | 年龄段
age_group_zh | VARCHAR | years | its Chinese name | 年龄段中文名

dim_product: dimension, one row per product category | 产品维度，每行一个产品类别
product_key | SMALLINT | | key | 主键
category | VARCHAR | | category of the product | 产品类别
category_zh | VARCHAR | | its Chinese name | 类别中文名

dim_channel: dimension, one row per way of winning customers | 渠道维度，每行一种获客渠道
channel_key | SMALLINT | | key | 主键
channel | VARCHAR | | way of winning customers | 获客渠道
channel_zh | VARCHAR | | its Chinese name | 渠道中文名
acquisition_cost | DECIMAL(18,2) | {currency} | cost per customer won | 每位新客户的获客成本

dim_date: dimension, one row per day | 日期维度，每行一天
date_key | INTEGER | yyyymmdd | key | 主键
date | DATE | day | the day | 日期
year | SMALLINT | year | calendar year | 年
quarter | TINYINT | quarter | quarter of the year, 1 to 4 | 季度，1至4
month | TINYINT | month | month of the year, 1 to 12 | 月份，1至12
day | TINYINT | day | day of the month, 1 to 31 | 日，1至31
weekday | TINYINT | day | day of the week, 1 is Monday | 星期，1为星期一
is_weekend | BOOLEAN | | Saturday or Sunday | 是否周末
period | INTEGER | period | period of the simulation, from 0 | 模拟的期数，从0开始

fact_transactions: facts, one row per purchase | 交易事实，每行一次购买
transaction_id | BIGINT | | number of the purchase, from 0, by customer and time | 购买编号，从0开始，按客户和时间排序
customer_id | BIGINT | | key of dim_customer | dim_customer的键
date_key | INTEGER | yyyymmdd | day of the purchase, key of dim_date | 购买日期，dim_date的键
product_key | SMALLINT | | key of dim_product | dim_product的键
time | TIMESTAMP | time | moment of the purchase | 购买时刻
period | INTEGER | period | period of the purchase, from 0 | 购买所在的期数，从0开始
amount | DECIMAL(18,2) | {currency} | money paid | 支付金额
margin | DECIMAL(18,2) | {currency} | money paid less the cost of the goods | 毛利：支付金额减去商品成本

fact_campaigns: facts, one row per customer whom an offer reached | 活动事实，每行一位收到优惠的客户
customer_id | BIGINT | | key of dim_customer | dim_customer的键
date_key | INTEGER | yyyymmdd | day of the offer, key of dim_date | 优惠日期，dim_date的键
time | TIMESTAMP | time | first moment of the period in which the offer was made | 发出优惠那一期的起始时刻
period | INTEGER | period | period in which the offer was made, from 0 | 发出优惠的期数，从0开始
offer | VARCHAR | | name of the offer | 优惠名称
cost | DECIMAL(18,2) | {currency} | cost of the offer for this customer | 该客户的优惠成本
"""  # noqa: E501 - a column a line


def _parsed(text: str) -> tuple[dict[str, tuple[str, str]], list[Column]]:
    tables: dict[str, tuple[str, str]] = {}
    columns = []
    for block in text.strip().split("\n\n"):
        head, *lines = block.splitlines()
        table, meaning = head.split(": ", 1)
        en, zh = (part.strip() for part in meaning.split("|"))
        tables[table] = (en, zh)
        columns += [Column(table, *(part.strip() for part in line.split("|"))) for line in lines]
    return tables, columns


TABLES, COLUMNS = _parsed(_TEXT)
"""What a row of each table is, in English and Chinese; and all columns of all tables."""
WAREHOUSE = tuple(name for name in TABLES if name.startswith(("dim_", "fact_")))


def columns_of(table: str) -> list[Column]:
    """The columns of a table, in their order.

    Parameters
    ----------
    table : str
        As on disk: ``"customers"``, ``"truth/stages"``, ``"fact_transactions"`` ...

    Returns
    -------
    list of Column
        Each with `table`, `column`, `type`, `unit`, `en`, `zh`.

    Raises
    ------
    InputError
        There is no such table.

    Examples
    --------
    >>> [column.column for column in columns_of("dim_product")]
    ['product_key', 'category', 'category_zh']
    """
    if table not in TABLES:
        raise InputError(f"There is no table {table!r}. {did_you_mean(table, TABLES)}")
    return [column for column in COLUMNS if column.table == table]


def as_csv(tables: Iterable[str], *, currency: str) -> str:
    """The dictionary of these tables as CSV text: table, column, type, unit, meaning, meaning_zh."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["table", "column", "type", "unit", "meaning", "meaning_zh"])
    for table in tables:
        for column in columns_of(table):
            writer.writerow(column._replace(unit=column.unit.format(currency=currency)))
    return text.getvalue()


def as_markdown(tables: Iterable[str], *, currency: str) -> str:
    """The dictionary of these tables as Markdown, a heading and a table for each."""
    lines = ["# Data dictionary 数据字典"]
    for table in tables:
        en, zh = TABLES[table]
        lines += ["", f"## {table}", "", f"{en.capitalize()}. {zh}。", ""]
        lines += ["| Column 列 | Type 类型 | Unit 单位 | Meaning | 含义 |", "|---|---|---|---|---|"]
        lines += [
            f"| `{c.column}` | {c.type} | {c.unit.format(currency=currency)} | {c.en} | {c.zh} |"
            for c in columns_of(table)
        ]
    return "\n".join(lines) + "\n"
