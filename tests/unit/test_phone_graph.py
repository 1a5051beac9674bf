"""Scripts as graphs: what can be reached, what can end, and cycles against their definitions, on random graphs."""

from __future__ import annotations

import numpy as np
import pytest

import crmsim as crm
from crmsim.phone.graph import Graph
from crmsim.phone.reading import TINY


def random_graph(seed: int) -> Graph:
    luck = np.random.default_rng(seed)
    n_nodes = int(luck.integers(2, 9))
    names = [f"n{k}" for k in range(n_nodes)] + ["e0", "e1", "missing"]
    nodes = [
        {"id": f"n{k}", "stage": "pitch", "say": "x",
         "replies": [{"intent": "agree", "to": str(luck.choice(names))} for _ in range(luck.integers(0, 4))]}
        for k in range(n_nodes)
    ]  # fmt: skip
    content = {"script": "x", "purpose": "survey", "language": "en", "nodes": nodes}
    ends = [{"id": "e0", "disposition": "lost"}, {"id": "e1", "disposition": "lost"}]
    return crm.phone.Script.model_validate({**content, "ends": ends}).graph


def reach(graph: Graph, start: str, without: str = "") -> set[str]:
    seen, left = set(), [start]
    while left:
        vertex = left.pop()
        if vertex not in seen and vertex != without:
            seen.add(vertex)
            left.extend(graph.after(vertex))
    return seen


@pytest.mark.parametrize("seed", range(60))
def test_by_definition(seed: int) -> None:
    graph = random_graph(seed)
    assert graph.reachable == reach(graph, "n0") == set(graph.order)
    assert graph.can_end == {v for v in (*graph.before, *graph.ends) if reach(graph, v) & graph.ends}
    for other in graph.reachable:
        assert graph.reachable_from("n0", without={other}) == reach(graph, "n0", without=other)
    circles = [
        {v for v in graph.before if vertex in reach(graph, v) and v in reach(graph, vertex)}
        for vertex in graph.reachable
        if any(vertex in reach(graph, after) for after in graph.after(vertex))
    ]
    assert {frozenset(circle) for circle in circles} == set(graph.cycles)
    for vertex in graph.before:
        assert set(graph.before[vertex]) == {other for other in graph.before if vertex in graph.after(other)}


def test_closed_vertices_are_not_passed() -> None:
    graph = crm.phone.parse(TINY).graph
    assert graph.reachable_from("open", without=frozenset({"ask"})) == {"open", "later", "never", "no"}
