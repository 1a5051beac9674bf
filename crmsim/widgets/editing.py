"""What the script editor shows, without widgets: findings, the drawn flow, and what 200 calls bring.

A text is read and linted; what cannot be read leaves the last drawing and says where the text is wrong. Calls go to the
same customers with the same luck for the script as it was at the start and as it is now, so that their difference is
what the change does.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from crmsim.errors import InputError
from crmsim.phone.callee import call, callees
from crmsim.phone.drawing import arrows_of
from crmsim.phone.findings import Finding
from crmsim.phone.linting import lint
from crmsim.phone.model import Script
from crmsim.phone.picture import svg
from crmsim.phone.reading import parse
from crmsim.phone.rulebook import rule
from crmsim.phone.scorecard import Scorecard, score

if TYPE_CHECKING:
    from collections.abc import Iterable

N_CALLED = 200
N_REPLICATIONS = 2
_CELL = "padding:0 0.7em;text-align:left;vertical-align:top"
_HEADS = ("line 行", "", "rule 规则", "evidence 证据", "advice 建议")
_SEVERITY = {"error": "error 错误", "warning": "warning 提醒"}


@dataclass(frozen=True, eq=False)
class Checked:
    """A text as it was read: the script and its findings, or the message that it cannot be read."""

    script: Script | None
    findings: tuple[Finding, ...] = ()
    refusal: str = ""

    @property
    def n_errors(self) -> int:
        """How many findings are errors."""
        return sum(one.severity == "error" for one in self.findings)


@dataclass(frozen=True, eq=False)
class Called:
    """What calls brought: dispositions at the start and now, and the scorecard of the present script."""

    dispositions: pd.DataFrame
    card: Scorecard


def checked(text: str) -> Checked:
    """Read and lint a text.

    >>> checked("script: [").refusal.splitlines()[0][:20]
    'script, line 1, colu'
    """
    try:
        script = parse(text)
    except InputError as error:
        return Checked(None, refusal=str(error))
    return Checked(script, tuple(lint(script)))


def findings_in_html(found: Checked) -> str:
    """The findings as a table, or the message that the text cannot be read; words of the script are escaped."""
    if found.script is None:
        said = f"<b>cannot be read 无法读取</b><pre>{escape(found.refusal)}</pre>"
        return f"<div role='alert' style='line-height:1.35'>{said}</div>"
    n_nodes, n_ends = len(found.script.nodes), len(found.script.ends)
    counts = f"{n_nodes} nodes 节点, {n_ends} ends 结局: {found.n_errors} errors 错误, " \
             f"{len(found.findings) - found.n_errors} warnings 提醒"  # fmt: skip
    table = _table(_HEADS, (_row(one) for one in found.findings)) if found.findings else ""
    return f"<div role='status' style='line-height:1.35'>{counts}</div>{table}"


def _row(one: Finding) -> tuple[str, ...]:
    named = rule(one.code)
    return (
        str(one.line or ""), _SEVERITY[one.severity], f"{one.code}: {named.name} {named.zh}",
        f"{one.node}: {one.evidence}" if one.node else one.evidence,
        f"{one.advice} {one.advice_zh}",
    )  # fmt: skip


def _table(heads: Iterable[str], rows: Iterable[tuple[str, ...]]) -> str:
    head = "".join(f"<th scope='col' style='{_CELL}'>{escape(word)}</th>" for word in heads)
    body = "".join(
        "<tr>" + "".join(f"<td style='{_CELL}'>{escape(word)}</td>" for word in row) + "</tr>" for row in rows
    )
    return f"<table style='line-height:1.35'><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def drawn(found: Checked) -> bytes | None:
    """The flow as SVG, nodes with errors in red; None when the text cannot be read."""
    if found.script is None:
        return None
    wrong = {one.node for one in found.findings if one.severity == "error" and one.node is not None}
    return svg(found.script, marked=wrong).encode()


def flow_in_html(found: Checked) -> str:
    """The flow in words, folded: every line with its answers, for who cannot see the drawing."""
    if found.script is None:
        return ""
    rows: dict[str, list[str]] = {node.id: [] for node in found.script.nodes}
    for source, target, label in arrows_of(found.script):
        rows[source].append(f"{label} → {target}")
    heads = ("node 节点", "answer → next 回答 → 下一步")
    table = _table(heads, ((name, "; ".join(ways)) for name, ways in rows.items()))
    return f"<details><summary>flow in words 流程文字版</summary>{table}</details>"


@cache
def everyday_people() -> pd.DataFrame:
    """Two hundred customers of the shipped retailer after a year."""
    from crmsim.engine.simulate import simulate
    from crmsim.settings.scenario import scenario

    return callees(simulate(scenario("retail").replace(customers=2 * N_CALLED, periods=12))).head(N_CALLED)


def called(script: Script, start: Script, people: pd.DataFrame, *, seed: int) -> Called:
    """Call everybody by the script, and by that of the start with the same luck."""
    found = {
        name: call(one, people, seed=seed).results["disposition"].value_counts()
        for name, one in (("start", start), ("now", script))
    }
    table = pd.DataFrame(found).fillna(0).astype(int).rename_axis("disposition")
    card = score(script, people, start, seed=seed, replications=N_REPLICATIONS)
    return Called(table.sort_values("now", ascending=False, kind="stable"), card)


def calls_in_html(found: Called) -> str:
    """Dispositions as a table, and the three numbers of the scorecard."""
    card = found.card
    rows = [(str(name), str(row["start"]), str(row["now"])) for name, row in found.dispositions.iterrows()]
    table = _table(("disposition 结果", "at the start 起初", "now 现在"), rows)
    fatal = ", ".join(str(name) for name in card.fatal.index)
    lines = [
        f"quality 质量 {card.quality:.0f} / 100",
        f"compliance 合规: {'passed 通过' if not fatal else f'NOT passed 未通过: {escape(fatal)}'}",
        f"outcome 结果 {card.outcome:.2f} (± {card.outcome_se:.2f})",
    ]
    if card.difference is not None and card.difference_se is not None:
        lines.append(f"against the start 与起初相比 {card.difference:+.2f} (± {card.difference_se:.2f})")
    return f"<div role='status' style='line-height:1.35'>{'<br>'.join(lines)}</div>{table}"
