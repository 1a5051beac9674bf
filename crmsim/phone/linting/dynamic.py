"""Rules that show when a script is run: where customers can come, how random walks end, what a forced answer leads to.

What no customer can come to is found with customers made to meet the conditions, and what follows `opt_out` by going
every way on from there: nothing of that is left to chance. Random walks of personas show whether calls end and who
speaks; `coverage` gives them as tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crmsim.errors import InputError
from crmsim.phone.findings import Finding
from crmsim.phone.linting.data import overlap
from crmsim.phone.linting.ranges import nobody
from crmsim.phone.linting.walking import Walks, routes_of, walks
from crmsim.phone.model import Node, Reply, Script
from crmsim.phone.rulebook import finding, rule

if TYPE_CHECKING:
    import pandas as pd

MOST_CALLS = 20_000


def findings(script: Script) -> Iterator[Finding]:
    """Every fault that shows in a run."""
    yield from _opted_out(script)
    yield from _not_possible(script)
    met = walks(script, n=int(rule("does_not_end").parameters["n_calls"]))
    yield from _not_ended(script, met)
    yield from _talk(script, met)


def _opted_out(script: Script) -> Iterator[Finding]:
    """From every node that can be reached, let the customer opt out, and look at all that can follow."""
    for number, node in enumerate(script.nodes):
        if node.id in script.graph.reachable:
            for place, reply in _answers_to_opt_out(node):
                wrong = _after_opt_out(script, reply.to)
                if wrong:
                    where = ("nodes", number, "replies", place)
                    says = f"opt_out at {node.id!r} leads to {wrong}"
                    yield finding(script, "opt_out_ignored", *where, evidence=says)


def _answers_to_opt_out(node: Node) -> list[tuple[int, Reply]]:
    """The replies that `opt_out` can take, with their numbers."""
    numbered = list(enumerate(node.replies))
    listed = [(number, reply) for number, reply in numbered if reply.intent == "opt_out"]
    if any(reply.when is None for _, reply in listed):
        return listed
    return listed + [(number, reply) for number, reply in numbered if reply.otherwise]


def _after_opt_out(script: Script, target: str) -> str:
    """What must not follow: another line that is not of the closing, or an end that forgets the wish."""
    if target not in script.nodes_by_id and target not in script.ends_by_id:
        return ""
    reached = script.graph.reachable_from(target)
    lines = [node.id for node in script.nodes if node.id in reached and node.stage != "closing"]
    ends = [end for end in script.ends if end.id in reached and end.disposition not in ("do_not_call", None)]
    if lines:
        return f"{lines[0]!r} ({script.nodes_by_id[lines[0]].stage})"
    return f"{ends[0].id!r} ({ends[0].disposition})" if ends else ""


def _not_possible(script: Script) -> Iterator[Finding]:
    """Nodes and replies that wiring allows, but to which the conditions let nobody come."""
    routes = routes_of(script, seed=0)
    reached = [route.reached(script.first.id) for route in routes]
    for number, node in enumerate(script.nodes):
        visitors = [route for route, seen in zip(routes, reached, strict=True) if node.id in seen]
        if not visitors and node.id in script.graph.reachable:
            says = f"none of {len(routes)} different customers comes to {node.id!r}"
            yield finding(script, "never_visited", "nodes", number, evidence=says)
        taken = {place for route in visitors for place in route.replies[node.id]}
        for place, reply in enumerate(node.replies):
            if visitors and place not in taken and reply.when is not None and not _explained(node, place):
                says = f"none of {len(visitors)} different customers takes {reply.intent or 'else'} -> {reply.to}"
                yield finding(script, "never_taken", "nodes", number, "replies", place, evidence=says)


def _explained(node: Node, place: int) -> bool:
    """Whether another rule says already why nobody takes this reply: its own condition, or one before it."""
    reply = node.replies[place]
    tests = reply.when.tests if reply.when is not None else {}
    return any(nobody(column, wanted) for column, wanted in tests.items()) or any(
        earlier.intent == reply.intent and overlap(earlier.when, reply.when, differ=False) == "hidden_reply"
        for earlier in node.replies[:place]
    )


def _not_ended(script: Script, met: dict[str, Walks]) -> Iterator[Finding]:
    n_calls = sum(one.n_calls for one in met.values())
    n_open = sum(one.n_endless for one in met.values())  # who is stuck, is so by a fault of wiring named already
    if n_open > rule("does_not_end").parameters["most_share"] * n_calls:
        most = max(met, key=lambda name: met[name].n_endless)
        says = f"{n_open} of {n_calls} calls do not end in sixty lines, most of them with the {most} persona"
        yield finding(script, "does_not_end", "nodes", evidence=says)


def _talk(script: Script, met: dict[str, Walks]) -> Iterator[Finding]:
    agent = sum(one.agent_seconds for one in met.values())
    share = agent / max(1e-9, agent + sum(one.customer_seconds for one in met.values()))
    limit = rule("talks_too_much").parameters["most_share"]
    if share > limit:
        says = f"the agent speaks {share:.0%} of the time; at most {limit:.0%}"
        yield finding(script, "talks_too_much", "nodes", evidence=says)


@dataclass(frozen=True)
class Coverage:
    """What random walks through a script have met.

    Attributes
    ----------
    nodes : DataFrame
        One row per node: stage, and visits by each persona and `all`.
    edges : DataFrame
        One row per reply: node, reply (number, from 1), intent, to, and times taken by each persona and `all`.
    personas : DataFrame
        One row per persona: n_calls, node_share and edge_share (visited, taken), ended_share, stuck_share,
        endless_share, mean_turns, talk_share.
    """

    nodes: pd.DataFrame
    edges: pd.DataFrame
    personas: pd.DataFrame

    @property
    def never_visited(self) -> list[str]:
        """Ids of the nodes that no walk has visited."""
        return [str(name) for name in self.nodes.index[self.nodes["all"] == 0]]


def coverage(script: Script, n: int = 200, seed: int = 0) -> Coverage:
    """What `n` random walks of each persona visit in a script.

    Parameters
    ----------
    script : Script
    n : int
        Walks of each persona, 1 to 20,000.
    seed : int
        Which luck: the same for every script.

    Returns
    -------
    Coverage

    Raises
    ------
    InputError
        It is no script, or `n` or `seed` is no such number.

    Examples
    --------
    >>> import crmsim as crm
    >>> found = coverage(crm.phone.parse(crm.phone.TINY), n=100)
    >>> found.never_visited, float(found.personas.loc["angry", "ended_share"])
    ([], 1.0)
    """
    if not isinstance(script, Script):
        raise InputError(f"coverage: a script is needed, not {type(script).__name__}; read one with `load` or `parse`.")
    for name, value, least, most in (("n", n, 1, MOST_CALLS), ("seed", seed, 0, 2**63 - 1)):
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise InputError(f"coverage: {name} = {value!r} is not a whole number from {least} to {most:,}.")
    import pandas as pd

    met = walks(script, n=n, seed=seed)
    nodes = {node.id: {"stage": node.stage, **_counts({p: one.visits.get(node.id, 0) for p, one in met.items()})}
             for node in script.nodes}  # fmt: skip
    edges = [
        {"node": node.id, "reply": place + 1, "intent": reply.intent or "else", "to": reply.to,
         **_counts({p: one.taken.get((node.id, place), 0) for p, one in met.items()})}
        for node in script.nodes_by_id.values() for place, reply in enumerate(node.replies)
    ]  # fmt: skip
    return Coverage(
        nodes=pd.DataFrame.from_dict(nodes, orient="index").rename_axis("node"),
        edges=pd.DataFrame(edges),
        personas=pd.DataFrame.from_dict({p: _row(script, one) for p, one in met.items()}, orient="index")
        .rename_axis("persona"),
    )  # fmt: skip


def _counts(numbers: dict[str, int]) -> dict[str, int]:
    return {**numbers, "all": sum(numbers.values())}


def _row(script: Script, one: Walks) -> dict[str, Any]:
    n_edges = sum(len(node.replies) for node in script.nodes_by_id.values())
    return {
        "n_calls": one.n_calls,
        "node_share": len(one.visits) / len(script.nodes_by_id),
        "edge_share": len(one.taken) / max(1, n_edges),
        "ended_share": 1 - (one.n_stuck + one.n_endless) / one.n_calls,
        "stuck_share": one.n_stuck / one.n_calls,
        "endless_share": one.n_endless / one.n_calls,
        "mean_turns": one.n_turns / one.n_calls,
        "talk_share": one.talk_share,
    }
