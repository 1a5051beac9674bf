"""Random walks through a script: what is visited when personas give answers at random (persona: 客户画像).

A persona gives each answer with a fixed share, whatever is asked; its customers differ in the columns that conditions
test. Call number k of a persona has the same answers and the same columns for every script, so that two scripts are
tried alike. A walk ends at an end or when the customer hangs up; it is *stuck* where no reply fits or a target does not
exist, and *endless* after `MOST_TURNS` lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple, cast, get_args

import numpy as np

from crmsim.phone.linting.profiles import profiles
from crmsim.phone.model import IntentName, Node, Script
from crmsim.phone.prepared import speaking_seconds
from crmsim.phone.tables import tables

INTENTS: tuple[str, ...] = get_args(IntentName)
HANG_UP, OPT_OUT = INTENTS.index("hang_up"), INTENTS.index("opt_out")
MOST_TURNS = 60


class Step(NamedTuple):
    """A line of the agent, the number of the intent that answers it, the reply taken (or -1), and where it leads."""

    node: str
    intent: int
    reply: int
    target: str


@dataclass
class Walks:
    """What one persona met: visits of nodes, uses of replies and ends, and how the calls ended."""

    n_calls: int
    visits: dict[str, int] = field(default_factory=dict)
    taken: dict[tuple[str, int], int] = field(default_factory=dict)
    ends: dict[str, int] = field(default_factory=dict)
    n_turns: int = 0
    n_stuck: int = 0
    n_endless: int = 0
    agent_seconds: float = 0.0
    customer_seconds: float = 0.0

    @property
    def talk_share(self) -> float:
        """The agent's share of the time in which somebody speaks."""
        return self.agent_seconds / max(1e-9, self.agent_seconds + self.customer_seconds)


def walks(script: Script, *, n: int, seed: int = 0) -> dict[str, Walks]:
    """`n` walks of each persona through the script."""
    return {name: _walked(script, calls, n) for name, calls in walked(script, n=n, seed=seed).items()}


def walked(script: Script, *, n: int, seed: int = 0) -> dict[str, Iterator[list[Step]]]:
    """The `n` walks of each persona, step by step; the last step has no target when the customer is lost."""
    routes = routes_of(script, seed=seed)
    return {name: _calls(script, routes, _answers(name, n, seed)) for name in personas()}


@cache
def personas() -> Mapping[str, tuple[float, ...]]:
    """The share of each answer, in the order of `INTENTS`, by persona.

    >>> round(sum(personas()["friendly"]), 9)
    1.0
    """
    from crmsim.settings.yaml_file import read_yaml

    content, _ = read_yaml(Path(__file__).parent.with_name("personas.yaml"), kind="list of personas")
    return {name: _shares(row["weights"]) for name, row in content.items()}


def _shares(weights: Mapping[str, float]) -> tuple[float, ...]:
    return tuple(weights.get(intent, 0.0) / sum(weights.values()) for intent in INTENTS)


@cache
def _answers(persona: str, n: int, seed: int) -> list[list[int]]:
    """For each call, the numbers of the intents that the customer would give, turn by turn."""
    luck = np.random.default_rng((seed, list(personas()).index(persona)))
    return luck.choice(len(INTENTS), size=(n, MOST_TURNS), p=personas()[persona]).tolist()


@lru_cache(maxsize=4)
def routes_of(script: Script, *, seed: int = 0) -> tuple[Routes, ...]:
    """The routes of customers with different columns; every rule that runs a script asks for them."""
    return tuple(Routes(script, profile) for profile in profiles(script, seed=seed))


class Routes:
    """Where each answer leads a customer with these columns: for each node, a reply and a target for each intent."""

    def __init__(self, script: Script, profile: Mapping[str, Any]) -> None:
        self.replies = {name: _taken(node, profile) for name, node in script.nodes_by_id.items()}
        self.targets = {
            name: [script.nodes_by_id[name].replies[k].to if k >= 0 else "" for k in numbers]
            for name, numbers in self.replies.items()
        }

    def reached(self, start: str) -> set[str]:
        """The nodes that such a customer can come to."""
        seen, waiting = {start}, [start]
        while waiting:
            for target in set(self.targets[waiting.pop()]) - seen:
                if target in self.targets:
                    seen.add(target)
                    waiting.append(target)
        return seen


def _taken(node: Node, profile: Mapping[str, Any]) -> list[int]:
    """The number of the reply that each intent takes, or -1; as `Node.reply_to`, for all intents at once."""
    first: dict[str | None, int] = {}
    for number, reply in enumerate(node.replies):
        if reply.intent not in first and (reply.when is None or reply.when.holds(profile)):
            first[reply.intent] = number
    return [first.get(intent, first.get(None, -1)) for intent in INTENTS]


def _calls(
    script: Script, routes: Sequence[Routes], answers: Sequence[Sequence[int]]
) -> Iterator[list[Step]]:
    for call, intents in enumerate(answers):
        route, at, steps = routes[call % len(routes)], script.first.id, []
        for intent in intents:
            steps.append(Step(at, intent, route.replies[at][intent], route.targets[at][intent]))
            at = steps[-1].target
            if at not in script.nodes_by_id or intent == HANG_UP:
                break
        yield steps


def _walked(script: Script, calls: Iterator[list[Step]], n: int) -> Walks:
    found = Walks(n)
    seconds = cast(Mapping[str, float], tables().speech["callee_seconds"])
    said = [seconds[intent] for intent in INTENTS]
    for steps in calls:
        for at, intent, reply, _ in steps:
            found.visits[at] = found.visits.get(at, 0) + 1
            found.customer_seconds += said[intent]
            if reply >= 0:
                found.taken[at, reply] = found.taken.get((at, reply), 0) + 1
        _, intent, _, target = steps[-1]
        if target in script.nodes_by_id and intent != HANG_UP:
            found.n_endless += 1
        else:
            _count_end(found, script, target, hung_up=intent == HANG_UP)
    found.n_turns = sum(found.visits.values())
    found.agent_seconds = _spoken(script, found)
    return found


def _count_end(found: Walks, script: Script, target: str, *, hung_up: bool) -> None:
    if target in script.ends_by_id:
        found.ends[target] = found.ends.get(target, 0) + 1
    elif not hung_up:
        found.n_stuck += 1


def _spoken(script: Script, found: Walks) -> float:
    """Seconds that the agent spoke in all walks."""
    lines = {name: node.say for name, node in script.nodes_by_id.items()}
    last = {name: end.say for name, end in script.ends_by_id.items() if end.say is not None}
    counts = {**found.visits, **found.ends}
    texts = {**lines, **last}
    return sum(
        n * speaking_seconds(texts[name].spoken(script.language), tables())
        for name, n in counts.items()
        if name in texts
    )
