"""What the explorer says about two worlds: which rows of moves changed, and how far the worlds differ."""

from __future__ import annotations

from html import escape
from typing import Any

import pandas as pd

from crmsim.settings.scenario import Scenario
from crmsim.widgets.changes import MOVES, Change, changed_scenario
from crmsim.widgets.worlds import TwoWorlds

_HEADS = ("as it is 现状", "changed 改变后", "difference 差", "standard error 标准误")
_MEASURES = {
    "profit": "profit 利润",
    "true_customers": "customers at the end: truth 真实客户数",
    "seen_customers": "customers at the end: seen by the firm 所见客户数",
}


def rows_in_words(scenario: Scenario, change: Change) -> str:
    """Which rows were scaled so that they sum to one, and how they stand now (HTML)."""
    after = changed_scenario(scenario, change.moves)
    changed = [
        f"<b>{stage}</b> {_row(after.moves[stage])}"
        for stage, _ in MOVES
        if dict(after.moves[stage]) != dict(scenario.moves[stage])
    ]
    if not changed:
        return "<p style='line-height:1.4'>All moves are as they are.</p>"
    return f"<p style='line-height:1.4'>The rest of the row is scaled so that it sums to one: {'; '.join(changed)}.</p>"


def _row(row: Any) -> str:
    return ", ".join(f"{escape(stage)} {share:.3f}" for stage, share in row.items() if share)


def differences_in_words(worlds: TwoWorlds, scenario: Scenario, *, replication: int) -> str:
    """The summary as a table, and what the same luck is good for (HTML)."""
    heads = "".join(f"<th scope='col' style='padding:0 1em;text-align:right'>{head}</th>" for head in _HEADS)
    rows = "".join(_table_row(str(name), row) for name, row in worlds.summary.iterrows())
    other = worlds.summary["se_other_luck"]["profit"]
    return (
        f"<table><thead><tr><td></td>{heads}</tr></thead><tbody>{rows}</tbody></table>"
        f"<p style='line-height:1.4'>Money in {escape(scenario.currency)}. "
        f"Luck number {replication}, the same in both worlds: "
        f"{worlds.n_touched:,} of {len(worlds.base.each):,} customers live another life. If the luck differed, "
        f"too, the standard error of the profit difference would be {other:,.0f}.</p>"
    )


def _table_row(measure: str, row: pd.Series[float]) -> str:
    base, changed, difference, error = row[["base", "changed", "difference", "se"]].tolist()
    figures = (f"{base:,.0f}", f"{changed:,.0f}", f"{difference:+,.0f}" if difference else "0", f"{error:,.0f}")
    cells = "".join(f"<td style='padding:0 1em;text-align:right'>{figure}</td>" for figure in figures)
    return f"<tr><th scope='row' style='text-align:left'>{_MEASURES[measure]}</th>{cells}</tr>"
