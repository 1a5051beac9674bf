"""A script as a directed graph: what can be reached, from where it can end, where one can go round in circles.

Nodes and ends are the vertices, replies the edges. Targets that do not exist are left out; of two parts with one id
the first counts. Conditions are not looked at: a path is possible when some customer could walk it. Whether every
path to a vertex passes certain others (whether these dominate it) is asked by closing them: it is so when the vertex
can no longer be reached.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crmsim.phone.model import Script


class Graph:
    """The graph of a script.

    >>> import crmsim as crm
    >>> graph = crm.phone.parse(crm.phone.TINY).graph
    >>> "done" in graph.reachable_from("open"), "done" in graph.reachable_from("open", without={"ask"})
    (True, False)
    """

    def __init__(self, script: Script) -> None:
        import networkx as nx

        self.start = script.first.id
        self.ends = frozenset(script.ends_by_id)
        known = script.nodes_by_id.keys() | self.ends
        self._graph: Any = nx.DiGraph()
        self._graph.add_nodes_from(known)
        self._graph.add_edges_from(
            (name, reply.to) for name, node in script.nodes_by_id.items() for reply in node.replies if reply.to in known
        )

    def after(self, vertex: str) -> tuple[str, ...]:
        """The vertices that follow directly, each once."""
        return tuple(self._graph.successors(vertex)) if vertex in self._graph else ()

    @cached_property
    def before(self) -> dict[str, tuple[str, ...]]:
        """The vertices that lead directly to each vertex."""
        return {name: tuple(self._graph.predecessors(name)) for name in self._graph}

    def reachable_from(self, vertex: str, *, without: Collection[str] = frozenset()) -> frozenset[str]:
        """What can be reached from this vertex, it included, when those of `without` are closed."""
        import networkx as nx

        if vertex in without or vertex not in self._graph:
            return frozenset()
        graph = nx.restricted_view(self._graph, without, ()) if without else self._graph
        return frozenset(nx.descendants(graph, vertex) | {vertex})

    @cached_property
    def reachable(self) -> frozenset[str]:
        """What can be reached from the start."""
        return self.reachable_from(self.start)

    @cached_property
    def can_end(self) -> frozenset[str]:
        """The vertices from which an end can be reached."""
        import networkx as nx

        found = set(self.ends)
        for end in self.ends:
            found |= nx.ancestors(self._graph, end)
        return frozenset(found)

    @cached_property
    def order(self) -> tuple[str, ...]:
        """What can be reached, each vertex before those that follow it where there is no cycle."""
        import networkx as nx

        return tuple(reversed(list(nx.dfs_postorder_nodes(self._graph, self.start))))

    @cached_property
    def cycles(self) -> tuple[frozenset[str], ...]:
        """The sets of nodes that can be reached and in which one can go round in circles."""
        import networkx as nx

        rings = map(frozenset, nx.strongly_connected_components(self._graph.subgraph(self.reachable)))
        loops = [ring for ring in rings if len(ring) > 1 or self._graph.has_edge(*ring, *ring)]
        place = {vertex: number for number, vertex in enumerate(self.order)}
        return tuple(sorted(loops, key=lambda ring: min(place[vertex] for vertex in ring)))
