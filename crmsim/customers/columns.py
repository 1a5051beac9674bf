"""The text of the data dictionary (数据字典): every table and column in English and Chinese.

A block for each table: its name, what a row is, the same in Chinese; then a line for each column: name, type, unit,
meaning, meaning in Chinese. The type is that of pandas (in the warehouse: of SQL). A unit in braces is filled in:
`{currency}` is the scenario's money. A name with a question mark is that of a column which only some scenarios have.
"""

TEXT = """
customers: one row per customer who has arrived | 每行一位已到来的客户
customer_id | int64 | | number of the customer; from 10^11 on for those who were referred: the last 11 digits are the customer with whom the chain of referrals began | 客户编号；被介绍来的客户从10^11起，末11位是介绍链起点的客户编号
acquired_on | datetime64[s] | time | first moment of the period in which the customer arrived | 客户到来那一期的起始时刻
acquired_period | int64 | period | period in which the customer arrived, from 0 | 客户到来的期数，从0开始
channel | category | | way in which the customer was won | 获客渠道
region | category | | region in which the customer lives | 所在区域
age_group | category | years | age group | 年龄段
kind | category | | whether it is an individual or a company | 客户类型：个人或企业
referred_by | Int64 | | number of the customer who referred this one; empty: nobody | 介绍人的客户编号；空：无人介绍
people? | int64 | people | people in the household | 家庭人口
kg_per_period? | float64 | kg per period | what the household eats in a period | 家庭每期的消耗量
payday? | int64 | day | day of the month on which wages come, 1 to 28 | 每月发薪日，1至28

transactions: one row per purchase, by customer and time | 每行一次购买，按客户和时间排序
customer_id | int64 | | number of the customer | 客户编号
time | datetime64[s] | time | moment of the purchase | 购买时刻
period | int64 | period | period of the purchase, from 0 | 购买所在的期数，从0开始
amount | float64 | {currency} | money paid | 支付金额
margin | float64 | {currency} | money paid less the cost of the goods | 毛利：支付金额减去商品成本
category | category | | category of the product | 产品类别
quantity | int64 | units | number of units bought | 购买数量
discount | float64 | {currency} | money given away: list price less money paid | 让利：原价减去支付金额

contacts: one row per contact of a customer with the firm, by customer and time | 每行一次客户与企业的联系，按客户和时间排序
customer_id | int64 | | number of the customer | 客户编号
time | datetime64[s] | time | moment of the contact | 联系时刻
period | int64 | period | period of the contact, from 0 | 联系所在的期数，从0开始
reason | category | | why the customer made contact: complaint, enquiry ... | 联系原因：投诉、咨询等
channel | category | | channel of service | 服务渠道
agent | int64 | | number of the agent, from 0 | 客服人员编号，从0开始
waiting_minutes | float64 | minutes | time until an agent answered | 等待时间
handling_minutes | float64 | minutes | time that the agent took | 处理时间
first_reply_hours | float64 | hours | time until the first reply to a complaint; empty for other reasons | 投诉首次回复所用时间；其他原因为空
resolved | bool | | whether the matter was resolved | 是否解决

surveys: one row per answered survey, by customer and time | 每行一份答复的问卷，按客户和时间排序
customer_id | int64 | | number of the customer | 客户编号
time | datetime64[s] | time | last moment of the period that was asked about | 所问那一期的最后时刻
period | int64 | period | period that was asked about, from 0 | 所问的期数，从0开始
satisfaction | int64 | score | satisfaction, 1 to 5 | 满意度，1至5分
expected | int64 | score | what the customer had expected, 1 to 5 | 期望，1至5分
perceived | int64 | score | what the customer perceived, 1 to 5 | 感知，1至5分

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

truth/moves: one row per change of stage; hidden from the firm | 每次阶段变化一行；企业看不到
customer_id | int64 | | number of the customer | 客户编号
period | int64 | period | first period in the new stage | 进入新阶段的第一期
before | category | | stage before | 原阶段
after | category | | stage after | 新阶段
cause | category | | true cause: chance, satisfaction, firm, drop_out | 真实原因：偶然、满意度、企业行为、流失

truth/customers: one row per customer who has arrived; hidden from the firm | 每行一位已到来的客户；企业看不到
customer_id | int64 | | number of the customer | 客户编号
segment | category | | latent segment | 潜在细分群体
purchase_rate | float64 | purchases per period | expected purchases at stage, season and offer factor 1 | 阶段、季节、优惠系数为1时的期望购买次数
spend_level | float64 | {currency} | expected amount of a purchase at the full price | 按原价每次购买的期望金额
loyalty | float64 | logit | lowers the logit of losing ground in a move of stage | 忠诚度：降低阶段下滑概率的对数几率
leaving | float64 | probability or rate | probability, or rate per period, of dropping out; 0 where the scenario has no drop-out | 退出的概率或每期的速率；没有退出的情景为0
price_elasticity | float64 | | purchases vary with the price level to the power of minus this | 价格弹性：购买次数随价格水平的负该次幂变化
service_sensitivity | float64 | | weight of satisfaction in what the customer does | 服务敏感度：满意度对行为的影响权重
patience_minutes | float64 | minutes | waiting time that the customer puts up with | 愿意等待的时间
has_money | bool | | has the money to buy | 有购买力
has_authority | bool | | has the authority to decide | 有决策权
has_need | bool | | has the need | 有需求
favourite | category | | favourite category of products | 偏好的产品类别
satisfaction | float64 | satisfaction | remembered satisfaction at the end: perceived less expected | 期末记忆中的满意度：感知减去期望
told_good | float64 | people | people to whom the customer spoke well of the firm | 听其说好话的人数
told_bad | float64 | people | people to whom the customer spoke ill of the firm | 听其说坏话的人数
profit | float64 | {currency} | margin and stage rewards less costs of acquisition, service, contacts, loyalty scheme and offers in all periods | 利润：毛利加阶段收益，减去获客、服务、联系、会员奖励和优惠成本

dim_customer: dimension, one row per customer who has arrived | 客户维度，每行一位已到来的客户
customer_id | BIGINT | | key: number of the customer | 主键：客户编号
acquired_date_key | INTEGER | yyyymmdd | first day of the period of arrival, key of dim_date | 到来那一期的第一天，dim_date的键
acquired_period | INTEGER | period | period in which the customer arrived, from 0 | 客户到来的期数，从0开始
channel_key | SMALLINT | | way in which the customer was won, key of dim_channel | 获客渠道，dim_channel的键
region | VARCHAR | | region in which the customer lives | 所在区域
region_zh | VARCHAR | | its Chinese name | 区域中文名
age_group | VARCHAR | years | age group | 年龄段
age_group_zh | VARCHAR | years | its Chinese name | 年龄段中文名
kind | VARCHAR | | whether it is an individual or a company | 客户类型：个人或企业
referred_by | BIGINT | | customer who referred this one, key of dim_customer; empty: nobody | 介绍人，dim_customer的键；空：无人介绍
people? | INTEGER | people | people in the household | 家庭人口
kg_per_period? | DOUBLE | kg per period | what the household eats in a period | 家庭每期的消耗量
payday? | TINYINT | day | day of the month on which wages come, 1 to 28 | 每月发薪日，1至28

dim_product: dimension, one row per product category | 产品维度，每行一个产品类别
product_key | SMALLINT | | key | 主键
category | VARCHAR | | category of the product | 产品类别
category_zh | VARCHAR | | its Chinese name | 类别中文名

dim_channel: dimension, one row per way of winning customers | 渠道维度，每行一种获客渠道
channel_key | SMALLINT | | key | 主键
channel | VARCHAR | | way of winning customers | 获客渠道
channel_zh | VARCHAR | | its Chinese name | 渠道中文名
acquisition_cost | DECIMAL(18,2) | {currency} | cost per customer won | 每位新客户的获客成本

dim_reason: dimension, one row per reason for a contact | 联系原因维度，每行一种原因
reason_key | SMALLINT | | key | 主键
reason | VARCHAR | | reason for a contact | 联系原因
reason_zh | VARCHAR | | its Chinese name | 原因中文名

dim_service_channel: dimension, one row per channel of service | 服务渠道维度，每行一种服务渠道
service_channel_key | SMALLINT | | key | 主键
channel | VARCHAR | | channel of service | 服务渠道
channel_zh | VARCHAR | | its Chinese name | 渠道中文名
contact_cost | DECIMAL(18,2) | {currency} | cost of a contact | 每次联系的成本

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
transaction_id | BIGINT | | number of the purchase, from 0; of one customer in the order of time | 购买编号，从0开始；同一客户按时间排序
customer_id | BIGINT | | key of dim_customer | dim_customer的键
date_key | INTEGER | yyyymmdd | day of the purchase, key of dim_date | 购买日期，dim_date的键
product_key | SMALLINT | | key of dim_product | dim_product的键
time | TIMESTAMP | time | moment of the purchase | 购买时刻
period | INTEGER | period | period of the purchase, from 0 | 购买所在的期数，从0开始
amount | DECIMAL(18,2) | {currency} | money paid | 支付金额
margin | DECIMAL(18,2) | {currency} | money paid less the cost of the goods | 毛利：支付金额减去商品成本
quantity | BIGINT | units | number of units bought | 购买数量
discount | DECIMAL(18,2) | {currency} | money given away: list price less money paid | 让利：原价减去支付金额

fact_contacts: facts, one row per contact of a customer with the firm | 联系事实，每行一次客户与企业的联系
contact_id | BIGINT | | number of the contact, from 0; of one customer in the order of time | 联系编号，从0开始；同一客户按时间排序
customer_id | BIGINT | | key of dim_customer | dim_customer的键
date_key | INTEGER | yyyymmdd | day of the contact, key of dim_date | 联系日期，dim_date的键
reason_key | SMALLINT | | key of dim_reason | dim_reason的键
service_channel_key | SMALLINT | | key of dim_service_channel | dim_service_channel的键
time | TIMESTAMP | time | moment of the contact | 联系时刻
period | INTEGER | period | period of the contact, from 0 | 联系所在的期数，从0开始
agent | INTEGER | | number of the agent, from 0 | 客服人员编号，从0开始
waiting_minutes | DOUBLE | minutes | time until an agent answered | 等待时间
handling_minutes | DOUBLE | minutes | time that the agent took | 处理时间
first_reply_hours | DOUBLE | hours | time until the first reply to a complaint; empty for other reasons | 投诉首次回复所用时间；其他原因为空
resolved | BOOLEAN | | whether the matter was resolved | 是否解决

fact_surveys: facts, one row per answered survey | 问卷事实，每行一份答复的问卷
customer_id | BIGINT | | key of dim_customer | dim_customer的键
date_key | INTEGER | yyyymmdd | last day of the period that was asked about, key of dim_date | 所问那一期的最后一天，dim_date的键
time | TIMESTAMP | time | last moment of the period that was asked about | 所问那一期的最后时刻
period | INTEGER | period | period that was asked about, from 0 | 所问的期数，从0开始
satisfaction | TINYINT | score | satisfaction, 1 to 5 | 满意度，1至5分
expected | TINYINT | score | what the customer had expected, 1 to 5 | 期望，1至5分
perceived | TINYINT | score | what the customer perceived, 1 to 5 | 感知，1至5分

fact_campaigns: facts, one row per customer whom an offer reached | 活动事实，每行一位收到优惠的客户
customer_id | BIGINT | | key of dim_customer | dim_customer的键
date_key | INTEGER | yyyymmdd | day of the offer, key of dim_date | 优惠日期，dim_date的键
time | TIMESTAMP | time | first moment of the period in which the offer was made | 发出优惠那一期的起始时刻
period | INTEGER | period | period in which the offer was made, from 0 | 发出优惠的期数，从0开始
offer | VARCHAR | | name of the offer | 优惠名称
cost | DECIMAL(18,2) | {currency} | cost of the offer for this customer | 该客户的优惠成本
"""  # noqa: E501 - a column a line
