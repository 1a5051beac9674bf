"""Complaints, channels, lists: small tables whose answers one can count, and what is refused."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pandas as pd
import pytest

from crmsim import service
from crmsim.engine.simulate import Run
from crmsim.errors import InputError

DAY = pd.Timedelta(days=1)


def tickets(*rows: tuple[str, str | None, str | None, bool]) -> pd.DataFrame:
    table = pd.DataFrame(list(rows), columns=["opened", "first_reply", "closed", "resolved"])
    for name in ("opened", "first_reply", "closed"):
        table[name] = pd.to_datetime(table[name])
    return table


FOUR = tickets(
    ("2026-01-05 08:00", "2026-01-05 10:00", "2026-01-05 11:00", True),
    ("2026-01-05 09:00", "2026-01-06 09:00", "2026-01-07 09:00", False),
    ("2026-01-06 09:00", "2026-01-07 09:01", "2026-01-07 10:00", True),
    ("2026-01-07 23:00", None, None, False),
)


# Lists


@pytest.mark.parametrize(
    ("name", "size"),
    [("chain", 6), ("phases", 3), ("parts", 4), ("strategies", 2), ("needs", 5), ("findings", 4), ("channels", 4),
     ("facets", 5), ("causes", 3), ("models", 3), ("servqual", 5), ("loyalty_tools", 5), ("moments", 3)],
)  # fmt: skip
def test_lists_have_as_many_entries_as_the_handout(name: str, size: int) -> None:
    table = service.catalogue(name)
    assert len(table) == size
    assert not table.index.has_duplicates
    texts = table[["english", "chinese", "meaning"]]
    assert texts.map(lambda text: isinstance(text, str) and len(text) > 1).all(axis=None)
    assert table["ext"].all() == (name == "servqual")


def test_the_competencies_are_23_in_four_groups_and_each_kind_of_ticket_asks_for_known_ones() -> None:
    table = service.competencies()
    assert table.groupby("group_zh", sort=False).size().to_list() == [5, 6, 8, 4]
    assert list(table.index) == sorted(table.index)
    assert set(itertools.chain(*service.KINDS.values())) <= set(table.index)
    assert set(table["drives"]) == {"speed", "resolution", "stress", "none"}


@pytest.mark.parametrize(
    ("call", "words"),
    [(lambda: service.catalogue("need"), "Did you mean 'needs'"), (lambda: service.catalogue(3), "no list 3"),
     (lambda: service.competencies("skills"), "Did you mean 'skill'")],
)  # fmt: skip
def test_unknown_lists_are_named(call: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        call()


def test_every_name_of_the_package_is_there() -> None:
    assert all(getattr(service, name) is not None for name in service.__all__)
    assert not any(inspect_module(name) for name in service.__all__)
    with pytest.raises(AttributeError, match="no attribute 'backlogs'"):
        _ = service.backlogs


def inspect_module(name: str) -> bool:
    return type(getattr(service, name)).__name__ == "module"


# Complaints


def test_the_measures_of_four_tickets() -> None:
    found = service.complaint_metrics(FOUR, at="2026-01-08").loc["all"]
    assert found["n_tickets"] == 4
    assert found["first_reply_hours"] == pytest.approx((2 + 24 + 24 + 1 / 60) / 3)
    assert found["overdue_share"] == pytest.approx(1 / 3)  # exactly 24 hours is in time; the last one is too young
    assert found["resolved_share"] == pytest.approx(2 / 3)
    assert found["n_open"] == 1


@pytest.mark.parametrize(
    ("at", "late"), [("2026-01-08 22:59", 1 / 3), ("2026-01-08 23:00", 1 / 3), ("2026-01-08 23:01", 2 / 4)]
)
def test_an_unanswered_ticket_counts_when_its_limit_has_passed(at: str, late: float) -> None:
    assert service.complaint_metrics(FOUR, at=at).loc["all", "overdue_share"] == pytest.approx(late)


def test_what_comes_later_has_not_happened() -> None:
    found = service.complaint_metrics(FOUR, at="2026-01-06 12:00").loc["all"]
    assert found[["n_tickets", "n_open"]].tolist() == [3, 2]
    assert found["first_reply_hours"] == pytest.approx(13)
    assert found["resolved_share"] == 1


def test_backlog_by_day() -> None:
    assert service.backlog(FOUR, at="2026-01-09").to_list() == [1, 2, 1, 1]
    at_midnight = tickets(("2026-01-05", "2026-01-06", "2026-01-06", True))
    assert service.backlog(at_midnight, at="2026-01-07").to_list() == [1, 0]
    assert service.backlog(FOUR).index.freq == "D"


def test_groups_add_up_to_all(shop_run: Run) -> None:
    whole = service.complaint_metrics(shop_run).loc["all"]
    parts = service.complaint_metrics(shop_run, by="channel")
    assert parts["n_tickets"].sum() == whole["n_tickets"] == (shop_run.contacts["reason"] == "complaint").sum()
    for name in ("first_reply_hours", "resolved_share", "overdue_share"):
        assert np.average(parts[name], weights=parts["n_tickets"]) == pytest.approx(whole[name])


def test_a_run_its_past_its_contacts_and_its_tickets_tell_the_same(shop_run: Run) -> None:
    whole = service.complaint_metrics(shop_run)
    pd.testing.assert_frame_equal(service.complaint_metrics(shop_run.contacts), whole)
    tickets_alone = service.tickets_of(shop_run)[["opened", "first_reply", "closed", "resolved"]]
    pd.testing.assert_frame_equal(service.complaint_metrics(tickets_alone), whole)
    past = service.complaint_metrics(shop_run.until(6))
    assert past.loc["all", "n_tickets"] < whole.loc["all", "n_tickets"]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: service.complaint_metrics(FOUR, limit_hours=0), "limit_hours=0"),
        (lambda: service.complaint_metrics(FOUR, at="soon"), "not a date"),
        (lambda: service.complaint_metrics(FOUR, at="2025-01-01"), "no ticket was opened"),
        (lambda: service.complaint_metrics(FOUR, by="agnet"), "no column 'agnet'"),
        (lambda: service.complaint_metrics(FOUR.drop(columns="closed")), "'closed' is missing"),
        (lambda: service.complaint_metrics(FOUR.iloc[:0]), "no rows"),
        (lambda: service.complaint_metrics(FOUR.assign(closed="later")), "dates are needed"),
        (lambda: service.complaint_metrics(FOUR.assign(first_reply=FOUR["opened"] - DAY)), "before 'opened'"),
        (lambda: service.complaint_metrics(7), "a int was given"),
        (lambda: service.channel_metrics(FOUR), "'channel' is missing"),
        (lambda: service.two_way(pd.DataFrame({"conversation": [1], "sender": ["agent"]})), "write 'customer'"),
    ],
)
def test_bad_tickets_are_refused(call: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        call()


def test_nobody_complained(shop_run: Run) -> None:
    with pytest.raises(InputError, match="nobody complained"):
        service.complaint_metrics(shop_run.contacts[shop_run.contacts["reason"] == "enquiry"])


def test_channels_of_a_run(shop_run: Run) -> None:
    found = service.channel_metrics(shop_run)
    assert found["n_contacts"].sum() == len(shop_run.contacts)
    assert found["share"].sum() == pytest.approx(1)
    assert set(found.index) == set(service.catalogue("channels").index)
