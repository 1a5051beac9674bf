"""The desk against the theory of queues, estimates against the truth behind them, in standard errors."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

import crmsim as crm
from crmsim import service
from crmsim.engine.simulate import Run
from crmsim.settings.scenario import Scenario

ALIKE = pd.DataFrame(60, index=pd.RangeIndex(4, name="agent"), columns=service.competencies().index)
ALWAYS_OPEN = service.DeskRules(opens=0, closes=24, work_minutes=60, stress=False)


def mean_wait(n_agents: int, per_day: float, seed: int) -> float:
    """Mean minutes to the first reply at a desk that never closes, after a day of warming up."""
    month = service.draw_tickets(n_days=31, per_day=per_day, seed=seed)
    found = service.simulate_desk(month, ALIKE.iloc[:n_agents], rules=ALWAYS_OPEN, seed=seed).tickets
    waits = (found["first_reply"] - found["opened"]) / pd.Timedelta(minutes=1)
    return float(waits[found["opened"] >= found["opened"].min().normalize() + pd.Timedelta(days=1)].mean())


@pytest.mark.parametrize(("n_agents", "per_day"), [(1, 12), (2, 30), (4, 72)])
def test_the_desk_waits_as_long_as_erlang_says(n_agents: int, per_day: float) -> None:
    """Within four standard errors over 25 months; the formula of one agent fewer or one more per hour is rejected."""
    found = np.array([mean_wait(n_agents, per_day, seed) for seed in range(25)])
    error = found.std(ddof=1) / math.sqrt(len(found))
    exact = service.expected_wait_minutes(n_agents, per_hour=per_day / 24, work_minutes=60)
    assert abs(found.mean() - exact) < 4 * error + 0.5  # half a minute: replies are whole seconds, queues start empty
    wrong = service.expected_wait_minutes(n_agents + 1, per_hour=per_day / 24, work_minutes=60)
    assert abs(found.mean() - wrong) > 4 * error + 0.5


def test_erlang_against_published_and_simple_cases() -> None:
    assert service.expected_wait_minutes(1, per_hour=3, work_minutes=15) == pytest.approx(0.75 / 0.25 * 15)
    # Two agents: C = 2 * rho**2 / (1 + rho) with rho = a / 2.
    rho = 0.6
    two = service.expected_wait_minutes(2, per_hour=2 * rho, work_minutes=60)
    assert two == pytest.approx(2 * rho**2 / (1 + rho) * 60 / (2 - 2 * rho))
    assert service.expected_wait_minutes(2_000, per_hour=1_900, work_minutes=60) < 60
    assert service.expected_wait_minutes(2, per_hour=2, work_minutes=60) == math.inf


def test_tickets_are_resolved_as_often_as_their_chances_say() -> None:
    tickets = service.draw_tickets(n_days=60, per_day=40, seed=5)
    desk = service.simulate_desk(tickets, service.draw_agents(5, seed=6), seed=7)
    chance, resolved = desk.truth["chance"], desk.tickets["resolved"]
    error = math.sqrt((chance * (1 - chance)).sum()) / len(chance)
    assert abs(resolved.mean() - chance.mean()) < 4 * error
    assert abs(resolved.mean() - 0.9) > 4 * error
    major = desk.tickets["severity"] == "major"
    assert chance[major].mean() < chance[~major].mean()


def test_better_scores_of_an_agent_show_in_the_records() -> None:
    """Measured tempo and resolution of agents follow their abilities: 12 agents, 300 tickets each."""
    agents = service.draw_agents(12, seed=8)
    tickets = service.draw_tickets(n_days=90, per_day=40, seed=9)
    desk = service.simulate_desk(tickets, agents, seed=10)
    able = service.abilities(agents)
    tempo = (desk.truth["work_minutes"] / desk.truth["minutes"]).groupby(desk.tickets["agent"]).mean()
    assert tempo.corr(able["speed"], method="spearman") > 0.9
    assert desk.agents["resolved_share"].corr(able["resolution"], method="spearman") > 0.5


# Estimates of a survey


@pytest.fixture(scope="module")
def asked() -> service.Questionnaire:
    run = crm.simulate(crm.scenario("retail").replace(customers=2_500, periods=12, seed=3))
    return service.questionnaire(run, n_customers=1_300, seed=4)


def test_gaps_and_facets_are_right_on_average(asked: service.Questionnaire) -> None:
    found, names = service.gaps(asked.answers), list(service.catalogue("servqual").index)
    true = service.gaps(asked.truth, names)
    for name in names:
        # Rounding by chance: the variance of one answer is at most 1/4, of a difference 1/2.
        assert abs(found.loc[name, "gap"] - true.loc[name, "gap"]) < 4 * math.sqrt(0.5 / len(asked.answers))
    assert found.index.to_list() == true.index.to_list()
    always_down = np.floor(asked.truth[asked.answers.columns])
    facets = list(service.catalogue("facets").index)
    error = math.sqrt(0.25 / len(asked.answers))
    assert ((asked.answers[facets].mean() - asked.truth[facets].mean()).abs() < 4 * error).all()
    assert ((always_down[facets].mean() - asked.truth[facets].mean()).abs() > 4 * error).all()


def test_satisfied_customers_report_smaller_gaps(asked: service.Questionnaire) -> None:
    each = asked.answers["perceived_empathy"] - asked.answers["expected_empathy"]
    assert each.corr(asked.truth["satisfaction"]) > 0.3


def test_the_majority_finds_the_true_classes_and_careless_answers_are_few(asked: service.Questionnaire) -> None:
    found = service.kano_majority(asked.kano)
    assert found["kano"].to_dict() == asked.kano_classes.to_dict()
    given = [service.kano_class(*pair) for pair in asked.kano[["functional", "dysfunctional"]].itertuples(index=False)]
    true = asked.kano_truth.to_numpy().ravel()
    wrong = float((np.array(given) != true).mean())
    assert wrong < 0.08  # the share of pairs given without thought; a few of them are right by chance
    assert wrong > 0.03


def test_a_short_survey_is_right_within_its_standard_error() -> None:
    """Top-two-box shares of 30 firms with the same customers and other noise: the errors are as large as reported."""
    shares, errors = [], []
    for replication in range(30):
        run = crm.simulate(crm.scenario("retail").replace(customers=600, periods=6, seed=3), replication=replication)
        row = service.survey_summary(run.surveys.drop_duplicates("customer_id")).loc["all"]
        shares.append(row["top_two_box_share"])
        errors.append(row["share_se"])
    assert 0.6 < np.std(shares, ddof=1) / np.mean(errors) < 1.5


# Word of mouth


def test_one_step_of_a_message_reaches_as_many_as_expected() -> None:
    """Whoever has not heard: 1 - (1 - rate) ** friends who have. Mean over 200 seeds, four standard errors."""
    town, rate, sources = service.network(400, seed=1), 0.3, range(20)
    knows = np.isin(town.one, list(sources))
    n_told = np.bincount(town.other[knows], minlength=400)
    chance = np.where(np.arange(400) < 20, 1.0, 1 - (1 - rate) ** n_told)
    found = [service.spread(town, sources=sources, rate=rate, steps=1, seed=seed)[1] for seed in range(200)]
    error = math.sqrt((chance * (1 - chance)).sum() / len(found))
    assert abs(np.mean(found) - chance.sum()) < 4 * error
    one_by_one = 20 + rate * n_told[20:].sum()  # as if nobody had two friends among them
    assert abs(np.mean(found) - one_by_one) > 4 * error


def test_a_network_has_as_many_friends_as_asked_for() -> None:
    degrees = [len(service.network(2_000, n_friends=6, seed=seed).one) / 2_000 for seed in range(10)]
    assert abs(np.mean(degrees) - 6) < 0.05


# What a measure of the firm changes


@pytest.fixture(scope="module")
def slow() -> Scenario:
    scenario: Scenario = crm.scenario("retail").replace(
        customers=1_500, periods=18, seed=5, **{"service.problems.reply_hours": 36, "service.problems.share": 0.15}
    )
    return scenario


def test_complaints_answered_a_day_earlier_raise_satisfaction_and_equity_and_keep_customers(slow: Scenario) -> None:
    sooner = service.faster_reply(slow, at=3, hours=24)
    found = service.effect(slow, {"as it is": [], "sooner": [sooner]}, replications=6, futures=4).loc["sooner"]
    sizes = found["difference"] / found["se"]
    assert sizes["satisfaction"] > 4
    assert sizes["churn_rate"] < -2
    assert sizes["profit"] > 2
    assert sizes["equity"] > 2


def test_the_same_policy_changes_nothing_at_all(slow: Scenario) -> None:
    found = service.effect(slow.replace(customers=200), {"one": [], "other": []}, replications=2, futures=2)
    assert (found["difference"] == 0).all()
    assert (found["se"] == 0).all()


def test_profit_is_that_of_compare(slow: Scenario) -> None:
    """Two ways to draw luck: the means agree within four standard errors of their difference; costs are counted."""
    lever = service.faster_reply(slow, at=3, hours=24, cost=100)
    policies = {"as it is": [], "sooner": [lever]}
    own = service.effect(slow, policies, replications=8, futures=2).loc[("sooner", "profit")]
    other = crm.compare(slow, policies, replications=8).loc["sooner"]
    error = math.hypot(own["se"], other["se"])
    assert abs(own["difference"] - other["profit_difference"]) < 4 * error
    gift = {"as it is": [], "sooner": [service.faster_reply(slow, at=3, hours=24)]}
    free, dear = (service.effect(slow, each, replications=2, futures=2) for each in (gift, policies))
    paid = free.loc[("sooner", "profit"), "difference"] - dear.loc[("sooner", "profit"), "difference"]
    assert paid == pytest.approx(100 * 15)


def test_a_loyalty_tool_shows_in_retention_on_paired_luck(slow: Scenario) -> None:
    care = crm.Offer(at=6, customers=range(750), retention=1.5, periods=12, cost=1, name="care")
    found = service.effect(slow, {"nothing": [], "care": [care]}, replications=5, futures=2).loc["care"]
    assert found.loc["retention_rate", "difference"] > 3 * found.loc["retention_rate", "se"]
    assert found.loc["churn_rate", "difference"] < -3 * found.loc["churn_rate", "se"]


def test_the_share_of_overdue_complaints_is_that_of_an_exponential(shop_run: Run) -> None:
    """The retailer answers after 20 hours on average: exp(-24 / 20) are later than a day; a mean of 30 is rejected."""
    big = crm.simulate(crm.scenario("retail").replace(customers=4_000, periods=12, seed=9))
    found = service.complaint_metrics(big).loc["all"]
    for mean, fits in ((20, True), (30, False)):
        share = math.exp(-24 / mean)
        error = math.sqrt(share * (1 - share) / found["n_tickets"])
        assert (abs(found["overdue_share"] - share) < 4 * error) == fits
    true = 0.70
    assert abs(found["resolved_share"] - true) < 4 * math.sqrt(true * (1 - true) / found["n_tickets"])
