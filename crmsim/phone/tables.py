"""The tables that a simulated callee follows, read from the data file ``callee.yaml`` and checked.

Every number stands there beside its source or the word "assumption". Names are checked when the file is read: a trait,
an act or an intent that the model does not know is an `InputError`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, model_validator

from crmsim.errors import did_you_mean
from crmsim.phone.model import Disposition, IntentName, Purpose, Stage
from crmsim.settings.parts import Part

STAGES: tuple[str, ...] = ("opening", "discovery", "pitch", "objection", "closing")
INTENTS: tuple[str, ...] = IntentName.__args__  # type: ignore[attr-defined]
ACTS = (
    *("greet", "identify_company", "identify_self", "check_identity", "honorific", "ask_convenience", "state_purpose"),
    *("ask_open", "ask_closed", "verify", "pitch", "state_price", "empathise", "apologise", "acknowledge_objection"),
    *("thank", "apologise_for_time", "recap", "next_step", "offer_callback", "offer_opt_out", "confirm_opt_out"),
    *("guarantee", "account_details", "rude", "goodbye"),
)
TRAITS = ("money", "authority", "need", "open_complaint")
FEATURES = frozenset(
    {
        *("one", "trust", "interest", "irritation", "rudeness", "cold", "n_contacts", "open_complaint", "losing"),
        *("score_above_3", "z_trust", "z_interest", "no_money", "no_authority", "no_need", "no_objection_left"),
        *("agreed", "decision", "refusals", "opted_out", "said_who", "hurry", "over_budget", "monologue_seconds"),
        *("wrong_person", "complaint_call", "gentle_call", "accepted", "resolved", "hung_up", "opt_out_ignored"),
        *("rude_heard", *ACTS, *(f"stage_{stage}" for stage in STAGES)),
    }
)
ActName = Annotated[str, Field(pattern="^(" + "|".join(ACTS) + ")$")]
TraitName = Annotated[str, Field(pattern="^(" + "|".join(TRAITS) + ")$")]
Number = Annotated[float, Field(ge=-100, le=1_000, allow_inf_nan=False)]
Sourced = Annotated[str, Field(min_length=3)]


class Words(Part):
    """A sentence in both languages."""

    en: Annotated[str, Field(min_length=1)]
    zh: Annotated[str, Field(min_length=1)]


class Start(Part):
    """Part of where the state begins: `add` times a trait."""

    to: Literal["trust", "interest", "irritation"]
    trait: str
    add: Number
    source: Sourced


class Move(Part):
    """A row of the table of moves: what must hold, and what it adds to the state."""

    id: str
    acts: tuple[ActName, ...] = Field(default=(), strict=False)
    no_acts: tuple[ActName, ...] = Field(default=(), strict=False)
    first: bool | None = None
    heard: tuple[ActName, ...] = Field(default=(), strict=False)
    unheard: tuple[ActName, ...] = Field(default=(), strict=False)
    after: tuple[IntentName, ...] = Field(default=(), strict=False)
    stages: tuple[Stage, ...] = Field(default=(), strict=False)
    purposes: tuple[Purpose, ...] = Field(default=(), strict=False)
    not_purposes: tuple[Purpose, ...] = Field(default=(), strict=False)
    traits: Mapping[TraitName, bool] = Field(default_factory=dict)
    refusals: int = 0
    opted_out: bool = False
    trust: Number = 0.0
    interest: Number = 0.0
    irritation: Number = 0.0
    why: Words
    source: Sourced


class Tables(Part):
    """All tables of ``callee.yaml``; sums are mappings from a feature to its weight, beside their source."""

    about: Words
    people: Mapping[str, float | str]
    answering: Mapping[str, float | str]
    speech: Mapping[str, float | str | Mapping[IntentName, float]]
    start: tuple[Start, ...] = Field(strict=False)
    moves: tuple[Move, ...] = Field(strict=False)
    time: Mapping[str, float | str]
    hanging_up: Mapping[str, float | str]
    intents: Mapping[IntentName, Mapping[str, float]]
    intents_source: Sourced
    outcome: Mapping[str, float | str]
    gate: Mapping[Disposition, Annotated[tuple[TraitName, ...], Field(strict=False)]]
    gate_source: Sourced
    satisfaction: Mapping[str, float | str]
    complaining: Mapping[str, float | str]

    @model_validator(mode="after")
    def _names_are_known(self) -> Tables:
        sums: list[Mapping[str, Any]] = [self.hanging_up, self.outcome, self.satisfaction, self.complaining]
        for row in [*sums, *self.intents.values(), {part.trait: part.add for part in self.start}]:
            unknown = set(row) - FEATURES - {"source"}
            if unknown:
                name = sorted(unknown)[0]
                raise ValueError(f"{name!r} is nothing that the model knows. {did_you_mean(name, FEATURES)}")
        for name in ("people", "answering", "speech", "time", "hanging_up", "outcome", "satisfaction", "complaining"):
            if not str(getattr(self, name).get("source", "")).strip():
                raise ValueError(f"{name} has no source; write `source: assumption` where there is none")
        if len({move.id for move in self.moves}) < len(self.moves):
            raise ValueError("two moves have the same id")
        return self

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other

    def number(self, section: str, name: str) -> float:
        """One number of a section."""
        return float(getattr(self, section)[name])

    def weights(self, section: str) -> dict[str, float]:
        """The weights of a sum, without its source."""
        return {name: float(value) for name, value in getattr(self, section).items() if name != "source"}


def tables_of(path: Path) -> Tables:
    """The tables of a file; `InputError` says what is wrong with it."""
    from crmsim.settings.yaml_file import read_yaml, refuse

    content, source = read_yaml(path)
    try:
        return Tables.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        raise refuse(source, tuple(first["loc"]), str(first["msg"]), "Correct the table.") from None


@cache
def tables() -> Tables:
    """The shipped tables.

    >>> tables().gate["sale"]
    ('money', 'need')
    """
    return tables_of(Path(__file__).with_name("callee.yaml"))
