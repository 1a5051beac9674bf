"""The conversation of a simulated call: a clean one, into which chosen rules are broken.

A clean call: ringing, the voice of the other side, greeting, organisation and name, a question whether it is
convenient, the matter, one or two questions with answers, a close with thanks and apology, the customer hangs up. Each
fault changes one thing of it and leaves the other rules alone; what looks nearly like a fault occurs in clean calls,
too (a rude customer with a calm agent, both hanging up in the same second).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from crmsim.errors import InputError, did_you_mean

_FILE = Path(__file__).with_name("call_lines.yaml")
Row = tuple[str, float, str, str]
"""Event, seconds, text, tone."""


@cache
def lines_in(language: str) -> Mapping[str, Any]:
    """The lines of a language.

    Errors: `InputError` for another one than "zh" and "en".
    """
    from crmsim.settings.yaml_file import read_yaml

    content, _ = read_yaml(_FILE)
    if language not in content:
        raise InputError(f"language={language!r}: there are no lines in it. {did_you_mean(str(language), content)}")
    found: Mapping[str, Any] = content[language]
    return found


@dataclass
class Talk:
    """A conversation under way: its rows so far, and how the agent speaks."""

    language: str
    rng: np.random.Generator
    who: Mapping[str, str]
    faults: Collection[str] = ()
    rows: list[Row] = field(default_factory=list)
    seconds: float = 0.0

    def __post_init__(self) -> None:
        lines = lines_in(self.language)
        self.is_plain = "TE2" in self.faults and self.rng.random() < 0.7
        address = "" if self.is_plain else self._filled(lines["address"])
        self.fill = {**self.who, "address": address, "you": lines["you"][self.is_plain]}
        self.tone = self.rng.choice(["warm", "neutral"])

    def _filled(self, text: str, **more: str) -> str:
        for name, value in {**self.who, **more}.items():
            text = text.replace(f"{{{name}}}", value)
        return text

    def text(self, *groups: str) -> str:
        """A line of each group, one behind the other."""
        space = " " if self.language == "en" else ""
        chosen = [str(self.rng.choice(lines_in(self.language)[group])) for group in groups]
        return self._filled(space.join(chosen), **self.fill)

    def wait(self, low: float = 2.0, high: float = 9.0) -> None:
        """Let some seconds pass."""
        self.seconds = round(self.seconds + float(self.rng.uniform(low, high)), 1)

    def agent(self, *groups: str, tone: str = "") -> None:
        """The agent says a line."""
        self.wait()
        self.rows.append(("agent_say", self.seconds, self.text(*groups), tone or self.tone))

    def customer(self, group: str, tone: str = "neutral") -> None:
        """The customer says a line."""
        self.wait()
        self.rows.append(("customer_say", self.seconds, self.text(group), tone))

    def event(self, name: str) -> None:
        """Something happens without words."""
        self.rows.append((name, self.seconds, "", ""))


def unanswered(rng: np.random.Generator) -> list[Row]:
    """The rows of a call that nobody answers."""
    ring, end = round(float(rng.uniform(1, 3)), 1), round(float(rng.uniform(20, 45)), 1)
    return [("dial", 0.0, "", ""), ("ring", ring, "", ""), ("hangup_agent", end, "", "")]


def conversation(
    language: str, rng: np.random.Generator, who: Mapping[str, str], faults: Collection[str] = (),
) -> list[Row]:
    """The rows of an answered call that breaks these rules of TE1 to TE5 and TE9 to TE11, and no other of them."""
    talk = Talk(language, rng, who, faults)
    talk.event("dial")
    talk.wait(1, 3)
    talk.event("ring")
    _opening(talk)
    _matter(talk)
    _close(talk)
    return talk.rows


def _opening(talk: Talk) -> None:
    if "TE1" in talk.faults:
        talk.agent("greet")
    talk.wait()
    talk.rows.append(("customer_voice", talk.seconds, talk.text("voice"), "neutral"))
    named = str(talk.rng.choice(["company_only", "name_only", ""])) if "TE4" in talk.faults else "both"
    talk.agent("greet", *([named] if named else []))
    if "TE3" not in talk.faults:
        talk.agent("convenient")
        talk.customer("go_on")


def _matter(talk: Talk) -> None:
    """The offer, and what is said about it; some slips come too late to count as kept."""
    talk.agent("pitch", tone="cold" if "TE5" in talk.faults else "")
    if "TE4" in talk.faults and talk.rng.random() < 0.5:
        talk.customer("who")
        talk.agent("both")
    if "TE3" in talk.faults and talk.rng.random() < 0.5:
        talk.agent("convenient")
        talk.customer("go_on")
    for _ in range(int(talk.rng.integers(1, 3))):
        talk.customer("question")
        talk.agent("answer")
    if "TE2" in talk.faults and not talk.is_plain:
        talk.customer("question")
        talk.agent("rude_word")
    _anger(talk)
    talk.customer("decide")


def _anger(talk: Talk) -> None:
    if "TE9" in talk.faults:
        talk.customer("rude_customer", tone="rude")
        talk.agent("rude_agent", tone="rude")
    elif talk.rng.random() < 0.25:
        talk.customer("rude_customer", tone="rude")
        talk.agent("calm")


def _close(talk: Talk) -> None:
    parts = [("thanks", "sorry"), ("bye",)] if talk.rng.random() < 0.5 else [("thanks",), ("sorry", "bye")]
    if "TE11" in talk.faults:
        parts = [(str(talk.rng.choice(["thanks", "sorry", "plain_close"])),), ("bye",)]
    for groups in parts:
        talk.agent(*groups)
    if "TE10" in talk.faults:
        talk.wait(0.5, 2)
        talk.event("hangup_agent")
        if talk.rng.random() < 0.5:
            talk.wait(0.5, 2)
            talk.event("hangup_customer")
        return
    talk.customer("customer_bye")
    talk.wait(0.5, 2)
    talk.event("hangup_customer")
    if talk.rng.random() < 0.7:
        talk.wait(0.5, 2)
    talk.event("hangup_agent")
