"""The flow of a round of telephone visits (电话拜访的流程, J01), as a small state machine.

Four steps: put the visit data in order; get the tools ready and adjust one's mood; call; after each firm fill in one
customer data card (客户资料卡). Calling and filing alternate until the round ends, so that as many cards are filed as
firms were called.

    begun --order_data--> ordered --prepare--> ready --call--> called --file_card--> ready --call--> ...

A step that comes at the wrong time is taken down as a finding, and the round goes on: people learn from what follows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from crmsim.customers.arguments import entries, names_of
from crmsim.errors import InputError, did_you_mean, told
from crmsim.etiquette.calllog import calls_of
from crmsim.etiquette.rule import Finding

FLOW = ("order_data", "prepare", "call", "file_card")
"""The four steps in order."""
FLOW_ZH = {
    "order_data": "整理拜访资料", "prepare": "准备工具、调整心情", "call": "开始打电话", "file_card": "填写客户资料卡",
}
_ALLOWED = {"begun": ("order_data",), "ordered": ("prepare",), "ready": ("call",), "called": ("file_card",)}
_LEADS_TO = {"order_data": "ordered", "prepare": "ready", "call": "called", "file_card": "ready"}
_ADVICE = {
    "order_data": "First put the visit data in order.", "prepare": "Get the tools ready and adjust your mood.",
    "call": "Call the next firm.", "file_card": "Fill in the customer card of this firm before the next call.",
}


@dataclass(frozen=True)
class Round:
    """A round of telephone visits under way; `do` gives the round after one more step.

    Attributes
    ----------
    state : str
        "begun", "ordered", "ready" or "called".
    n_called, n_filed : int
        Firms called and cards filed so far.
    steps : tuple of str
        What was done.
    findings : tuple of Finding
        Steps at the wrong time; `place` is the number of the step, from 1.

    Examples
    --------
    >>> visit = Round().do("order_data").do("prepare").do("call")
    >>> visit.allowed, visit.do("call").findings[0].advice
    (('file_card',), 'Fill in the customer card of this firm before the next call.')
    """

    state: str = "begun"
    n_called: int = 0
    n_filed: int = 0
    steps: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = field(default=())

    @property
    def allowed(self) -> tuple[str, ...]:
        """The steps that come next."""
        return _ALLOWED[self.state]

    @property
    def is_complete(self) -> bool:
        """Whether at least one firm was called, and every firm called has its card."""
        return self.n_called > 0 and self.n_called == self.n_filed

    def do(self, step: str) -> Round:
        """The round after one more step: "order_data", "prepare", "call" or "file_card".

        Errors: `InputError` for another step.
        """
        if not isinstance(step, str) or step not in FLOW:
            raise InputError(f"step {len(self.steps) + 1}: {told(step)} is no step. {did_you_mean(str(step), FLOW)}")
        findings = self.findings if step in self.allowed else (*self.findings, self._slip(step))
        return replace(
            self, state=self.state if self._is_late(step) else _LEADS_TO[step], steps=(*self.steps, step),
            n_called=self.n_called + (step == "call"), n_filed=self.n_filed + (step == "file_card"), findings=findings,
        )

    def _is_late(self, step: str) -> bool:
        """Whether a step of preparation comes when calling has begun, and changes nothing."""
        return step in FLOW[:2] and self.n_called > 0

    def _slip(self, step: str) -> Finding:
        wanted = self.allowed[0]
        place = len(self.steps) + 1
        return Finding("J01", f"step {place} is {step!r}, but {wanted!r} comes next", place, _ADVICE[wanted])


def check_flow(steps: Iterable[str]) -> list[Finding]:
    """What is wrong with the order of the steps of a round of telephone visits (J01).

    Parameters
    ----------
    steps : sequence of str
        Each "order_data", "prepare", "call" or "file_card", as it was done.

    Returns
    -------
    list of Finding
        Steps at the wrong time, and firms without a card at the end; empty for a good round.

    Raises
    ------
    InputError
        One of them is no step.

    Notes
    -----
    Curriculum J01.

    Examples
    --------
    >>> check_flow(["order_data", "prepare", "call", "file_card", "call", "file_card"])
    []
    >>> [finding.place for finding in check_flow(["prepare", "call", "file_card"])]
    [1]
    """
    visit = Round()
    for step in entries("steps", steps, example="['order_data', 'prepare', 'call']"):
        visit = visit.do(step)
    if visit.n_called == visit.n_filed and visit.n_called:
        return list(visit.findings)
    evidence = f"{visit.n_called} firms called, {visit.n_filed} cards filed"
    return [*visit.findings, Finding("J01", evidence, None, "After each firm fill in one customer card.")]


def check_cards(events: pd.DataFrame, cards: Iterable[Any]) -> list[Finding]:
    """Whether every firm that was called has its one customer card (J01).

    Parameters
    ----------
    events : DataFrame
        A log of calls as for `check_call`.
    cards : sequence of label
        The `prospect_id` on each card that was filed.

    Returns
    -------
    list of Finding
        One for each firm without a card, with several cards, or with a card but no call; `place` is the prospect.

    Raises
    ------
    InputError
        The log is not in order.

    Examples
    --------
    >>> import crmsim as crm
    >>> logs = crm.etiquette.call_logs(3, seed=1)
    >>> [finding.evidence for finding in check_cards(logs.events, ["P0001", "P0001", "P0002"])]
    ['P0001: 2 cards for one firm', 'P0003: called, but no card']
    """
    called = dict.fromkeys(call.prospect_id for call in calls_of(events))
    filed = names_of("cards", cards, example="['P0001', 'P0002']")
    found = []
    for firm in [*called, *(card for card in dict.fromkeys(filed) if card not in called)]:
        n = filed.count(firm)
        if firm not in called:
            advice = "File a card only for a firm you called."
            found.append(Finding("J01", f"{firm}: a card, but no call", firm, advice))
        elif n != 1:
            evidence = f"{firm}: called, but no card" if n == 0 else f"{firm}: {n} cards for one firm"
            found.append(Finding("J01", evidence, firm, "After each firm fill in one customer card."))
    return found
