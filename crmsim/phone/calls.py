"""What came of many calls: a row for each callee, and for one of them every word, and what it moved."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmsim.customers.arguments import label
from crmsim.errors import InputError
from crmsim.phone import luck
from crmsim.phone.moving import FEELINGS
from crmsim.phone.reacting import CODE, complains, rude_heard
from crmsim.phone.tables import Tables
from crmsim.phone.talking import AGENT, CUSTOMER, RUNNING, Call, Talked, talk

_BY = np.array(["nobody", "customer", "agent"], dtype=object)


@dataclass(frozen=True, eq=False, repr=False)
class Calls:
    """Calls to many callees by one script.

    Attributes
    ----------
    results : DataFrame
        Indexed by `customer_id`: `answered`; `disposition` (as the script writes it down; "no_answer", or "lost" when
        the callee hung up or the script knew no answer); `accepted` (the callee did say yes to it); `seconds`; `turns`
        (lines of the agent); `talk_share` (of the agent, 0 to 1); `trust`, `interest`, `irritation` at the end;
        `satisfaction_change` (engine's units); `opted_out`, `complained`; `hung_up_by` ("customer", "agent",
        "nobody"); `ended` (False: broken off because it went on for ever).
    steps : DataFrame
        One row per line of the agent: `customer_id`, `turn`, `node`, `intent` of the answer, `to`, and the state.
    """

    how: Call
    talked: Talked
    results: pd.DataFrame

    @cached_property
    def steps(self) -> pd.DataFrame:
        """One row per line of the agent; made when it is first asked for."""
        return self.talked.table()

    def transcript(self, customer_id: int) -> pd.DataFrame:
        """Every line of one call: `turn`, `who`, `text`, `intent`, `acts`, the state after it, and `why` it moved.

        Errors: `InputError` when this customer was not called.

        Examples
        --------
        >>> import crmsim as crm
        >>> run = crm.simulate(crm.scenario("retail").replace(customers=60, periods=4, seed=7))
        >>> calls = crm.phone.call(crm.phone.parse(crm.phone.TINY), crm.phone.callees(run), seed=1)
        >>> someone = calls.results.index[calls.results["answered"]][0]
        >>> calls.transcript(someone)["who"].iloc[0]
        'agent'
        """
        from crmsim.phone.transcript import transcript_of

        if label("customer_id", customer_id) not in self.how.people.index:
            raise InputError(f"transcript: customer {customer_id!r} was not called; the ids stand in .results.index.")
        return transcript_of(talk(replace(self.how, people=self.how.people.loc[[customer_id]], explain=True)), self.how)

    def __repr__(self) -> str:
        found = self.results
        counts = ", ".join(f"{int(found[name].sum()):,} {name}" for name in ("answered", "accepted"))
        return f"<Calls {self.how.script.script}: {len(found):,} dialled, {counts}>"


def results_of(how: Call, talked: Talked) -> pd.DataFrame:
    """A row for each callee."""
    state, answered = talked.state, talked.dial > 0
    dispositions = _dispositions(talked, answered)
    hung_up = answered & (state.last == CODE["hang_up"])
    columns: dict[str, Any] = {
        "answered": answered, "disposition": dispositions, "accepted": talked.accepted,
        "seconds": np.round(state.elapsed, 1), "turns": state.turns,
        "talk_share": np.divide(state.spoken, state.elapsed, out=np.zeros(len(answered)), where=state.elapsed > 0),
        **{name: getattr(state, name) for name in FEELINGS},
        "satisfaction_change": np.where(answered, _satisfaction(how, talked, dispositions, hung_up), 0.0),
        "opted_out": state.opted_out, "complained": answered & _complained(how.tables, talked),
        "hung_up_by": _BY[talked.hung_up_by], "ended": talked.ended_at != RUNNING,
    }  # fmt: skip
    return pd.DataFrame(columns, index=how.people.index)


def _dispositions(talked: Talked, answered: npt.NDArray[np.bool_]) -> npt.NDArray[np.object_]:
    """As the script writes it down."""
    ends = [line.end.disposition or "lost" if line.end is not None else "lost" for line in talked.prepared.lines]
    names = np.array([*ends, "lost", "lost"], dtype=object)  # the last two: LOST and RUNNING, as -1 and -2
    return np.where(answered, names[talked.ended_at], "no_answer")


def _satisfaction(
    how: Call, talked: Talked, dispositions: npt.NDArray[np.object_], hung_up: npt.NDArray[np.bool_]
) -> npt.NDArray[np.float64]:
    """What the call does to satisfaction, in the engine's units."""
    state = talked.state
    found: dict[str, Any] = {name: getattr(state, name) - state.begun[name] for name in FEELINGS}
    found |= {
        "one": 1.0, "accepted": talked.accepted, "hung_up": hung_up,
        "resolved": talked.accepted & (dispositions == "resolved") & (how.script.purpose == "complaint"),
    }  # fmt: skip
    total = np.zeros(len(dispositions))
    for name, weight in how.tables.weights("satisfaction").items():
        total += weight * np.asarray(found[name], dtype=float)
    return total


def _complained(table: Tables, talked: Talked) -> npt.NDArray[np.bool_]:
    state = talked.state
    found = {
        "one": 1.0, "irritation": state.irritation, "opt_out_ignored": state.ignored, "rude_heard": rude_heard(state),
    }  # fmt: skip
    return complains(found, table, luck.uniforms(talked.keys, luck.COMPLAINT))


__all__ = ["AGENT", "CUSTOMER", "Calls", "results_of"]
