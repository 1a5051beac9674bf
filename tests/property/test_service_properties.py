"""Service: what holds for any tickets, chances, answers, networks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmsim import service
from crmsim.service.kano import ANSWERS, CLASSES

START = pd.Timestamp("2026-01-05")
few = settings(max_examples=40, deadline=None)
hours = st.integers(0, 200)
answers = st.sampled_from(ANSWERS)


@st.composite
def tickets(draw: Any) -> pd.DataFrame:
    row = st.tuples(hours, st.none() | hours, st.none() | hours, st.booleans())
    rows = draw(st.lists(row, min_size=1, max_size=20))
    table = [
        (START + pd.Timedelta(hours=opened), *_ends(opened, reply, close), resolved)
        for opened, reply, close, resolved in rows
    ]
    found = pd.DataFrame(table, columns=["opened", "first_reply", "closed", "resolved"])
    return found.astype(dict.fromkeys(["opened", "first_reply", "closed"], "datetime64[s]"))


def _ends(opened: int, reply: int | None, close: int | None) -> tuple[Any, Any]:
    if reply is None:
        return pd.NaT, pd.NaT
    first = START + pd.Timedelta(hours=opened + reply)
    return first, (pd.NaT if close is None else first + pd.Timedelta(hours=close))


@few
@given(tickets(), st.integers(1, 100), st.integers(1, 500))
def test_complaints_at_any_moment(table: pd.DataFrame, limit: int, later: int) -> None:
    at = START + pd.Timedelta(hours=later)
    if not (table["opened"] < at).any():
        return
    found = service.complaint_metrics(table, limit_hours=limit, at=at).loc["all"]
    seen = table[table["opened"] < at]
    assert found["n_tickets"] == len(seen)
    assert found["n_open"] == sum(not row.closed <= at for row in seen.itertuples())
    for name in ("overdue_share", "resolved_share"):
        assert np.isnan(found[name]) or 0 <= found[name] <= 1
    looser = service.complaint_metrics(table, limit_hours=limit + 1, at=at).loc["all", "overdue_share"]
    late = [row for row in seen.itertuples() if (min(row.first_reply, at) if row.first_reply <= at else at) - row.opened
            > pd.Timedelta(hours=limit)]  # fmt: skip
    answered = [row for row in seen.itertuples() if row.first_reply <= at]
    known = {row.Index for row in [*late, *answered]}
    if known:
        assert found["overdue_share"] == pytest.approx(len(late) / len(known))
    assert np.isnan(looser) or looser <= 1


@few
@given(tickets())
def test_the_backlog_counts_what_is_open(table: pd.DataFrame) -> None:
    found = service.backlog(table, at=START + pd.Timedelta(days=30))
    assert len(found) == 30 - (table["opened"].min().normalize() - START).days
    for day, n_open in found.items():
        end = day + pd.Timedelta(days=1)
        assert n_open == sum(row.opened < end and not row.closed < end for row in table.itertuples())


@few
@given(st.integers(1, 5), st.integers(1, 5), st.integers(0, 2**31))
def test_no_assignment_beats_the_best(n_tickets: int, n_agents: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    chances = pd.DataFrame(rng.random((n_tickets, n_agents)))
    best = service.total_success(chances, service.best_assignment(chances))
    for _ in range(20):
        n = min(n_tickets, n_agents)
        other = dict(zip(rng.permutation(n_tickets)[:n].tolist(), rng.permutation(n_agents)[:n].tolist(), strict=True))
        assert service.total_success(chances, other) <= best + 1e-12


@few
@given(st.integers(1, 6), st.floats(0.1, 3.0), st.integers(0, 10_000))
def test_one_more_agent_never_makes_a_ticket_wait_longer(n_agents: int, load: float, seed: int) -> None:
    """Without stress and with agents who are all alike; ticket by ticket, on the same luck."""
    alike = pd.DataFrame(60, index=range(n_agents + 1), columns=service.competencies().index)
    tickets = service.draw_tickets(n_days=3, per_day=9 * n_agents * load + 1, seed=seed)
    if len(tickets) == 0:
        return
    rules = service.DeskRules(stress=False)
    staffs = (alike.iloc[:n_agents], alike)
    fewer, more = (service.simulate_desk(tickets, staff, rules=rules, seed=seed) for staff in staffs)
    assert (more.tickets["first_reply"] <= fewer.tickets["first_reply"]).all()
    assert fewer.tickets["resolved"].equals(more.tickets["resolved"])


@few
@given(st.lists(st.tuples(st.sampled_from("xy"), answers, answers), min_size=1, max_size=30))
def test_the_majority_is_named_most_often(rows: list[tuple[str, str, str]]) -> None:
    table = pd.DataFrame(rows, columns=["feature", "functional", "dysfunctional"])
    found = service.kano_majority(table)
    assert found[list(CLASSES)].to_numpy().sum() == len(rows)
    for row in found.itertuples():
        counts = {name: getattr(row, name) for name in CLASSES}
        assert counts[row.kano] == max(counts.values())
    pd.testing.assert_frame_equal(service.kano_majority(table.iloc[::-1]).sort_index(), found.sort_index())


@few
@given(st.floats(0, 1), st.floats(0, 1), st.integers(0, 1_000))
def test_a_higher_rate_reaches_everybody_a_lower_one_reaches(one: float, other: float, seed: int) -> None:
    town = service.network(60, n_friends=3, seed=seed)
    low, high = (service.spread(town, sources=[0, 1], rate=rate, steps=6, seed=seed) for rate in sorted((one, other)))
    assert (low <= high).all()
    assert low.is_monotonic_increasing


@few
@given(st.floats(0, 100), st.floats(0.001, 100))
def test_at_the_break_even_share_good_and_bad_words_balance(good: float, bad: float) -> None:
    share = service.break_even_share(good, bad)
    assert 0 <= share <= 1
    assert share * good == pytest.approx((1 - share) * bad, abs=1e-9)
