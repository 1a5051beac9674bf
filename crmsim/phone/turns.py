"""One call, turn by turn, with a person as the agent: the same callee, tables and luck as in `crmsim.phone.call`.

The person says the line of the script, a line that stands elsewhere in it, or words of his or her own. What is said is
judged by its dialogue acts, like any line; the script then tells which line would come next. A line of one's own asks
for the decision when the line it stands for does and it asks or proposes something.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from crmsim.customers import arguments as checks
from crmsim.errors import InputError
from crmsim.phone import luck
from crmsim.phone.arguments import script_of, tongue_of
from crmsim.phone.callee import check_callees
from crmsim.phone.model import Script
from crmsim.phone.moving import FEELINGS, Notes, begin, hear
from crmsim.phone.prepared import LOST, Line, line_parts, prepared
from crmsim.phone.reacting import CODE, answers, chance, consents, hangs_up, remember
from crmsim.phone.scorecard import gate, quality
from crmsim.phone.tables import INTENTS, STAGES, tables
from crmsim.phone.talking import MOST_TURNS, Call
from crmsim.phone.templates import PLACEHOLDER, fill
from crmsim.phone.transcript import COLUMNS, in_words, says, values_for

MOST_CHARACTERS = 500
PICKS_UP = {"zh": "喂，哪位？", "en": "Hello?"}
_PROPOSES = frozenset({"ask_closed", "ask_convenience", "next_step", "recap"})
_ONE = np.zeros(1, dtype=np.intp)


@dataclass(frozen=True, eq=False)
class Debrief:
    """How a call went: its items of quality and fatal items with the words they are judged by, and what came of it."""

    quality: float
    items: pd.DataFrame
    fatal: pd.DataFrame
    disposition: str
    accepted: bool
    satisfaction_change: float
    transcript: pd.DataFrame


class OneCall:
    """A call to one callee in which somebody plays the agent.

    Parameters
    ----------
    script : Script
        What guides the agent.
    person : DataFrame
        One row of `crm.phone.callees`; the callee picks up.
    seed, warm, language
        As for `crm.phone.call`; the language is that of the script by default.

    Errors: `InputError` when it is not one row, or when something is said after the end.

    Attributes
    ----------
    over : bool
        Whether the call has ended.
    disposition : str
        How it is written down, once it has ended.

    Examples
    --------
    >>> import crmsim as crm
    >>> run = crm.simulate(crm.scenario("retail").replace(customers=60, periods=4, seed=7))
    >>> one = OneCall(crm.phone.parse(crm.phone.TINY), crm.phone.callees(run).head(1), seed=2)
    >>> one.say(one.suggested) in INTENTS
    True
    """

    def __init__(
        self, script: Script, person: pd.DataFrame, *, seed: int = 0, warm: bool = True, language: str | None = None
    ) -> None:
        check_callees(person, what="A role play")
        if len(person) != 1:
            raise InputError(f"A role play needs one callee, not {len(person)}: crm.phone.callees(run).head(1).")
        self.language = tongue_of(language, else_of=script_of(script, what="A role play"))
        seed, warm = checks.seed_of(seed), checks.flag("warm", warm)
        self.how = Call(script, person, seed, 0, warm, self.language, 1, tables(), explain=True)
        self._ready = prepared(script, self.language, person, self.how.tables)
        self._keys = luck.keys(seed, 0, person.index)
        wrong = np.zeros(1, dtype=bool)
        self.state = begin(person, self.how.tables, cold=not warm, wrong=wrong, purpose=script.purpose)
        self._values = values_for(self.how, person.iloc[0])
        self._at, self._turn = self._ready.first, 0
        self.over, self.disposition, self.accepted = False, "", False
        self._rows: list[dict[str, Any]] = [self._row("customer", PICKS_UP[self.language])]

    @property
    def feelings(self) -> dict[str, float]:
        """Trust, interest and irritation now, 0 to 1."""
        return {name: float(getattr(self.state, name)[0]) for name in FEELINGS}

    @property
    def suggested(self) -> str:
        """What the script would say now; empty when the call is over."""
        return "" if self.over else self._filled(self._ready.lines[self._at].text)

    def choices(self, n: int = 4) -> list[str]:
        """Lines to pick from, `n` at most, the suggested one among them, in an order that does not give it away.

        >>> import crmsim as crm
        >>> run = crm.simulate(crm.scenario("retail").replace(customers=60, periods=4, seed=7))
        >>> one = OneCall(crm.phone.parse(crm.phone.TINY), crm.phone.callees(run).head(1))
        >>> one.suggested in one.choices(3)
        True
        """
        n = checks.whole("n", n, low=1)
        if self.over:
            return []
        here = self._ready.lines[self._at].text
        others = dict.fromkeys(line.text for line in self._ready.lines if line.text and line.text != here)
        texts = sorted(others, key=lambda text: self._mixed(text))[: n - 1]
        own = [here] if here else []
        return [self._filled(text) for text in sorted([*own, *texts], key=lambda text: self._mixed(text + "?"))]

    def say(self, words: str) -> str:
        """Say something; the intent of the answer comes back ("" when the call has ended without one)."""
        words = " ".join(str(words).split())
        if self.over:
            raise InputError("The call is over; nothing can be said any more. Begin another one.")
        if not words:
            raise InputError("Nothing was said; pick a line or type one.")
        line = self._line(words[:MOST_CHARACTERS])
        self._turn += 1
        now, notes = chance(self._keys, self.state, _ONE, line), Notes()
        hear(self.state, _ONE, line, self.how.tables, notes)
        why = "; ".join(in_words(name, moved, self.how.tables, self.language) for name, moved in notes)
        self._rows.append(self._row("agent", words, acts=", ".join(sorted(line.acts)), why=why))
        if line.end is not None:
            self._finish(line)
            return ""
        return self._answer(line, now)

    def hang_up(self) -> None:
        """Hang up: who does so before the other side breaks TE10."""
        if not self.over:
            self._finish()
            self.hung_up_first = True

    hung_up_first = False

    def transcript(self) -> pd.DataFrame:
        """The call so far, as `Calls.transcript` gives it."""
        return pd.DataFrame(self._rows, columns=list(COLUMNS))

    def debrief(self) -> Debrief:
        """How it went; to be asked for when something has been said."""
        told = self.transcript()
        items, fatal = quality(told, language=self.language), gate(told, language=self.language)
        if self.hung_up_first:
            row = {"place": self._turn, "evidence": "", "en": "the agent hangs up first", "zh": "客服先挂断"}
            fatal = pd.concat([fatal, pd.DataFrame([row], index=pd.Index(["agent_hangs_up"], name="item"))])
        moved = {name: getattr(self.state, name)[0] - self.state.begun[name][0] for name in FEELINGS}
        weights = self.how.tables.weights("satisfaction")
        change = weights["one"] + sum(weights.get(name, 0.0) * by for name, by in moved.items())
        change += weights["accepted"] * self.accepted + weights["hung_up"] * bool(self.state.last[0] == CODE["hang_up"])
        value = 0.0 if len(fatal) else items.attrs["quality"]
        return Debrief(value, items, fatal, self.disposition, self.accepted, round(float(change), 3), told)

    def _answer(self, line: Line, now: Any) -> str:
        gone = bool(hangs_up(self.state, _ONE, line, now.hang_up, self.how.tables)[0])
        said = answers(self.state, _ONE, line, now, self.how.tables)
        if gone:
            said[:] = CODE["hang_up"]
            self.state.agreed[0] = False
        remember(self.state, _ONE, said, line, self.how.tables)
        intent = INTENTS[int(said[0])]
        u = float(luck.uniforms(self._keys, luck.WORDS, self._turn)[0])
        self._rows.append(self._row("customer", says(intent, self.language, u), intent=intent))
        self._at = next((to for to, mask in line.choices[int(said[0])] if mask is None or mask[0]), LOST)
        if gone or self._at == LOST or self._turn >= MOST_TURNS:
            self._finish()
        elif not self._ready.lines[self._at].text:
            self._finish(self._ready.lines[self._at])
        return intent

    def _line(self, words: str) -> Line:
        """The line that was said: one of the script, or words of one's own in place of the suggested one."""
        for line in self._ready.lines:
            if line.text and self._filled(line.text) == words:
                return line
        here = self._ready.lines[self._at]
        stage = STAGES[here.stage]
        parts = line_parts(words, self.language, stage, self.how.script.purpose, self.how.tables)
        decides = here.decides if parts["acts"] & _PROPOSES else ()
        return replace(here, **parts, decides=decides)

    def _finish(self, line: Line | None = None) -> None:
        """End the call, at an end of the script or without one."""
        self.over, self.disposition = True, "lost"
        if line is not None and line.end is not None:
            self.disposition = line.end.disposition or "lost"
            self.accepted = bool(consents(self.state, _ONE, line, self._keys, self.how.tables)[0])

    def _filled(self, text: str) -> str:
        return PLACEHOLDER.sub("", " ".join(fill(text, self._values).split()))

    def _mixed(self, text: str) -> float:
        """A number that orders lines anew at every turn, but not anew at every look."""
        letters = sum(ord(letter) * (place + 1) for place, letter in enumerate(text)) % 65_536
        return float(luck.uniforms(luck.keys(self._turn, 0, [letters]), luck.WORDS)[0])

    def _row(self, who: str, text: str, *, intent: str = "", acts: str = "", why: str = "") -> dict[str, Any]:
        now = {name: round(by, 3) for name, by in self.feelings.items()}
        return {"turn": self._turn, "who": who, "text": text, "intent": intent, "acts": acts, **now, "why": why}
