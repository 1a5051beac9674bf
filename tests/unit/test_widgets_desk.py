"""The service desk explorer: its arithmetic without widgets, then the widgets driven by setting their values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from crmsim import service
from crmsim.errors import InputError
from crmsim.widgets import service_desk
from crmsim.widgets.desking import N_DAYS, Setting, two_desks

AGENTS = service.draw_agents(8, seed=1)
BASE = Setting(per_day=30)


@pytest.fixture(scope="module")
def explorer() -> Any:
    return service_desk(AGENTS)


@pytest.fixture(autouse=True)
def _every_control_back(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "explorer" in request.fixturenames:
        request.getfixturevalue("explorer").reset()


def test_the_same_desk_twice_is_the_same() -> None:
    found = two_desks(AGENTS, BASE, BASE)
    assert (found.summary["as it is"] == found.summary["changed"]).all()
    assert len(found.backlog) == N_DAYS


def test_more_agents_more_replies_in_time_on_the_same_luck() -> None:
    found = two_desks(AGENTS, replace(BASE, n_agents=2), replace(BASE, n_agents=6))
    pd.testing.assert_series_equal(found.base.truth["work_minutes"], found.changed.truth["work_minutes"])
    before, after = found.summary["as it is"], found.summary["changed"]
    assert after["first_reply_hours"] < before["first_reply_hours"]
    assert after["overdue_share"] < before["overdue_share"]
    assert (found.backlog["changed"] <= found.backlog["as it is"]).all()


def test_another_limit_is_another_look_at_the_same_desk() -> None:
    found = two_desks(AGENTS, BASE, replace(BASE, limit_hours=2))
    assert (found.summary["as it is"] == found.summary["changed"]).all()
    looser = two_desks(AGENTS, BASE, BASE).summary.loc["overdue_share", "changed"]
    assert found.summary.loc["overdue_share", "changed"] > looser


def test_the_table_is_that_of_the_library() -> None:
    found = two_desks(AGENTS, BASE, BASE)
    end = found.base.tickets["opened"].min().normalize() + pd.Timedelta(days=N_DAYS)
    own = service.complaint_metrics(found.base, at=end).loc["all"]
    for name in ("first_reply_hours", "overdue_share", "resolved_share", "n_open"):
        assert found.summary.loc[name, "as it is"] == own[name]
    assert found.backlog["as it is"].iloc[-1] == own["n_open"]


@pytest.mark.parametrize("agents", [AGENTS.iloc[:1], service.draw_agents(26), "nobody"])
def test_what_cannot_be_shown_is_refused(agents: Any) -> None:
    with pytest.raises(InputError, match="a table of 2 to 25 agents"):
        service_desk(agents)


def test_without_ipywidgets_one_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"pip install 'crmsim\[student\]'"):
        service_desk()


def test_every_control_explains_itself(explorer: Any) -> None:
    for control in explorer.controls.values():
        assert control.description
        assert len(control.tooltip) > 20


def test_a_slider_changes_the_table_the_words_and_the_picture(explorer: Any) -> None:
    before, words = bytes(explorer._picture.value), explorer._words.value
    explorer.controls["n_agents"].value = 8
    assert f"{explorer.desks.summary.loc['overdue_share', 'changed']:.0%}" in explorer._words.value
    assert explorer._words.value != words
    assert bytes(explorer._picture.value) != before
    assert before.startswith(b"\x89PNG")


def test_other_luck_and_back(explorer: Any) -> None:
    start = explorer.desks.backlog
    explorer.controls["luck"].click()
    assert not explorer.desks.backlog.equals(start)
    explorer.controls["reset"].click()
    pd.testing.assert_frame_equal(explorer.desks.backlog, start)


@pytest.mark.parametrize("edge", ["min", "max"])
def test_all_sliders_at_an_end_work(explorer: Any, edge: str) -> None:
    for name in ("n_agents", "per_day", "work_minutes", "limit_hours"):
        explorer.controls[name].value = getattr(explorer.controls[name], edge)
    explorer.controls["order"].value = "major_first"
    assert np.isfinite(explorer.desks.backlog.to_numpy()).all()
