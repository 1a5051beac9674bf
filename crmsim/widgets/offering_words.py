"""What the value calculator says: the ranking and the hierarchy as tables, with a sentence each (HTML)."""

from __future__ import annotations

from html import escape
from typing import Any

import pandas as pd

from crmsim.widgets.offering import OWN, TwoWays

_HEADS = ("place 名次", "total value 总价值", "total cost 总成本", "delivered value 让渡价值", "score 得分")
DOWN, UP = "down 自上而下", "up 自下而上"


def ranking_in_words(table: pd.DataFrame, meaning: str) -> str:
    """The offers from the best to the worst, and how far the student's own is behind."""
    columns = ["place", "total_value", "total_cost", "delivered_value", "score"]
    rows = "".join(
        _row(str(name), [f"{row[column]:,.4g}" for column in columns], strong=name == OWN)
        for name, row in table.iterrows()
    )
    place, first = int(table["place"][OWN]), ", ".join(str(name) for name in table.index[table["place"] == 1])
    behind = "" if place == 1 else f" Your offer has place {place}."
    return f"{_table(_HEADS, rows)}<p>Best by <b>{escape(meaning)}</b>: {escape(first)}.{behind}</p>"


def hierarchy_in_words(found: TwoWays, direction: str) -> str:
    """The three levels in the direction of reading, with the number that this direction gives each of them."""
    if direction == DOWN:
        levels = [("goal 目标", found.weights), ("consequence 结果", found.down.consequences),
                  ("attribute 属性", found.down.attributes)]  # fmt: skip
        head, first = "importance 重要性", str(found.down.attributes.idxmax())
        says = f"These goals make <b>{escape(first)}</b> the most important attribute."
    else:
        levels = [("attribute 属性", found.grades), ("consequence 结果", found.up.consequences),
                  ("goal 目标", found.up.goals)]  # fmt: skip
        head = "satisfaction 满意度"
        says = f"Overall satisfaction: <b>{found.up.overall:.3f}</b>; the same as importance times grade, added up."
    rows = "".join(_level(name, numbers) for name, numbers in levels)
    return f"{_table(('level 层次', head), rows)}<p>{says}</p>"


def _level(level: str, numbers: pd.Series[float]) -> str:
    return "".join(_row(str(name), [level, f"{number:.3f}"]) for name, number in numbers.items())


def _row(name: str, cells: list[str], *, strong: bool = False) -> str:
    weight = ";font-weight:bold" if strong else ""
    inner = "".join(f"<td style='padding:0 1em;text-align:right{weight}'>{escape(cell)}</td>" for cell in cells)
    return f"<tr><th scope='row' style='text-align:left{weight}'>{escape(name)}</th>{inner}</tr>"


def _table(heads: Any, rows: str) -> str:
    head = "".join(f"<th scope='col' style='padding:0 1em;text-align:right'>{escape(text)}</th>" for text in heads)
    return f"<table><thead><tr><td></td>{head}</tr></thead><tbody>{rows}</tbody></table>"
