"""A call script (话术脚本) as one frozen and validated value.

A script is a directed graph. At a node the agent says a line and the customer answers; the first reply whose intent
and condition fit leads to the next node or to an end. `else: true` fits every intent for which the node lists no
reply. An end has a disposition: how the call is written down. What is only bad style or a slip of wiring (a target
that does not exist, an id that stands twice, an end without a disposition) can be read; the linter reports it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import ConfigDict, Field, PrivateAttr, model_validator

from crmsim.phone.conditions import When
from crmsim.phone.graph import Graph
from crmsim.phone.pieces import Clock, Language, Line, Name, Piece, Text
from crmsim.settings.yaml_file import Location, Source

Purpose = Literal["welcome", "win_back", "cross_sell", "complaint", "survey", "collection", "appointment"]
Stage = Literal["opening", "discovery", "pitch", "objection", "closing"]
Disposition = Literal["sale", "appointment", "callback", "resolved", "refused", "do_not_call", "no_answer", "lost"]
IntentName = Literal[
    "agree", "answer", "question", "busy", "refuse", "objection_price", "objection_need", "objection_authority",
    "objection_trust", "complain", "rude", "opt_out", "wrong_person", "silence", "hang_up", "goodbye",
]  # fmt: skip
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Industry = Literal["office", "bank", "government", "factory", "school", "restaurant", "shop", "household"]
"""Whom a script is for: the industries of `crm.etiquette.windows`."""
MOST_NODES, MOST_REPLIES = 200, 60
"""A person must be able to read a script; a call centre's longest have a few dozen nodes."""


class Reply(Piece):
    """What follows when the customer's answer has this intent, or (`else: true`) any intent the node does not list."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": ["intent"]}, {"required": ["else"]}]})

    intent: IntentName | None = None
    otherwise: bool = Field(default=False, alias="else")
    to: Name
    when: When | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.intent is None) == (not self.otherwise):
            raise ValueError("a reply has either `intent: ...` or `else: true`")
        return self


class Spoken(Piece):
    """What nodes and ends have in common: an id, and words of the agent."""

    id: Name
    say: Text | None = None


class Node(Spoken):
    """A line of the agent, and what follows each answer; the first reply that fits is taken."""

    say: Text
    stage: Stage
    replies: Annotated[tuple[Reply, ...], Field(max_length=MOST_REPLIES, strict=False)] = ()

    def reply_to(self, intent: str, customer: Mapping[str, Any] | None = None) -> Reply | None:
        """The reply that fits an intent: the first listed for it whose condition holds, else the first `else`.

        `customer` holds the columns of conditions; without it, a reply with a condition does not fit.
        """
        fitting = [reply for reply in self.replies if reply.when is None or reply.when.holds(customer or {})]
        listed = (reply for reply in fitting if reply.intent == intent)
        return next(listed, next((reply for reply in fitting if reply.otherwise), None))


class End(Spoken):
    """How a call ends: its disposition, the last words, and who hangs up."""

    disposition: Disposition | None = None
    hangs_up: Literal["customer", "agent"] = "customer"


Part = TypeVar("Part", Node, End)


class Calendar(Piece):
    """When, whom and how often is dialled: keys `from` and `to` (here `earliest`, `latest`), weekdays, industry, ..."""

    earliest: Clock = Field(alias="from")
    latest: Clock = Field(alias="to")
    weekdays: Annotated[tuple[Weekday, ...], Field(min_length=1, max_length=7, strict=False)] = (
        *("mon", "tue", "wed", "thu", "fri"),
    )
    industry: Industry | None = None
    attempts: Annotated[int, Field(ge=1, le=100)] = 2
    gap_minutes: Annotated[int, Field(ge=0, le=100_000)] = 10
    again_after_minutes: Annotated[int, Field(ge=0, le=1_000_000)] = 60
    not_again_months: Annotated[int, Field(ge=0, le=1_200)] = 6


class Script(Piece):
    """A call script: frozen; read one with `load` or `parse`.

    Attributes
    ----------
    script, purpose, language : str
        Its name, what it is for, and the language of every text that is a plain string.
    title, company, agent : Text or None
    calendar : Calendar or None
    start : str or None
        The id of the first node; None: the first of `nodes`. `first` is that node.
    nodes, ends : tuple
        The lines of the agent and the ways in which a call ends.

    Examples
    --------
    >>> import crmsim as crm
    >>> script = crm.phone.parse(crm.phone.TINY)
    >>> script.first.id, script.first.reply_to("busy").to, script.ends_by_id["done"].disposition
    ('open', 'later', 'appointment')
    """

    script: Annotated[Line, Field(max_length=80)]
    title: Text | None = None
    purpose: Purpose
    language: Language
    company: Text | None = None
    agent: Text | None = None
    calendar: Calendar | None = None
    start: Name | None = None
    nodes: Annotated[tuple[Node, ...], Field(min_length=1, max_length=MOST_NODES, strict=False)]
    ends: Annotated[tuple[End, ...], Field(max_length=MOST_NODES, strict=False)] = ()
    _source: Source = PrivateAttr(default_factory=lambda: Source("script"))

    @model_validator(mode="before")
    @classmethod
    def _plain_text_is_in_its_language(cls, content: Any) -> Any:
        return in_language(content) if isinstance(content, Mapping) else content

    @cached_property
    def first(self) -> Node:
        """The node with which a call begins."""
        return self.nodes_by_id.get(self.start or "", self.nodes[0])

    @cached_property
    def nodes_by_id(self) -> Mapping[str, Node]:
        """Nodes by id; of two with one id, the first."""
        return _by_id(self.nodes)

    @cached_property
    def ends_by_id(self) -> Mapping[str, End]:
        """Ends by id; of two with one id, the first."""
        return _by_id(self.ends)

    @property
    def parts(self) -> tuple[tuple[Literal["nodes", "ends"], int, Node | End], ...]:
        """Every node and end in the order of the file, each with the beginning of its place."""
        return (
            *(("nodes", number, node) for number, node in enumerate(self.nodes)),
            *(("ends", number, end) for number, end in enumerate(self.ends)),
        )

    @cached_property
    def graph(self) -> Graph:
        """Nodes, ends and replies as a graph."""
        return Graph(self)

    @cached_property
    def languages(self) -> tuple[Language, ...]:
        """The languages in which at least one node speaks; its own first."""
        spoken = {language for node in self.nodes for language in node.say.languages}
        return tuple(sorted(spoken, key=lambda language: (language != self.language, language)))

    @property
    def source(self) -> Source:
        """The text it was read from; without lines when it was made in Python."""
        return self._source

    def place(self, *where: str | int) -> tuple[int | None, int | None]:
        """Line and column of a part, as ``place("nodes", 2, "say")``; None where there is no text."""
        location: Location = where
        return self._source.place(location) or (None, None)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy that differs in `update`; what was worked out from the old parts is worked out again."""
        copy = super().model_copy(update=update, deep=deep)
        for name in set(copy.__dict__) - set(type(self).model_fields):
            del copy.__dict__[name]
        return copy

    def __eq__(self, other: object) -> bool:
        return self.model_dump() == other.model_dump() if isinstance(other, Script) else NotImplemented

    def __hash__(self) -> int:
        return hash((self.script, self.nodes))

    def __str__(self) -> str:
        return repr(self)

    def __repr__(self) -> str:
        return f"<Script {self.script}: {self.purpose}, {len(self.nodes)} nodes, {len(self.ends)} ends>"


def _by_id(parts: Iterable[Part]) -> dict[str, Part]:
    found: dict[str, Part] = {}
    for part in parts:
        found.setdefault(part.id, part)
    return found


def in_language(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content of a script in which every plain text has become one of the script's language."""
    language = "en" if content.get("language") == "en" else "zh"
    changed = dict(content)
    for key in ("title", "company", "agent"):
        if isinstance(content.get(key), str):
            changed[key] = {language: content[key]}
    for key in ("nodes", "ends"):
        if isinstance(content.get(key), (list, tuple)):
            changed[key] = [
                {**part, "say": {language: part["say"]}}
                if isinstance(part, Mapping) and isinstance(part.get("say"), str)
                else part
                for part in content[key]
            ]
    return changed
