"""Simulated customers choose as the model says: shares in closed form, tastes as drawn, luck by name."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

import crmsim as crm
from crmsim.errors import InputError
from crmsim.value.choosing import COMPONENTS, draw_shoppers

ROWS = [[120, 45, 20, 15, 100, 20, 10, 6], [90, 60, 30, 20, 110, 10, 5, 5], [150, 10, 10, 30, 80, 40, 30, 20]]
OFFERS = pd.DataFrame(ROWS, index=["A", "B", "C"], columns=list(COMPONENTS))
NET = np.array([64.0, 70.0, 30.0])


def shares_in_closed_form(net: np.ndarray, luck: float) -> np.ndarray:
    """McFadden (1974): exp(V / b) over the sum of these, b from the standard deviation of Gumbel luck."""
    weights = np.exp(net / (luck * np.sqrt(6) / np.pi))
    return weights / weights.sum()


def test_without_differences_in_taste_the_shares_are_those_of_the_closed_form() -> None:
    n, luck = 40_000, 25.0
    alike = draw_shoppers(n, seed=11, spread=0, luck=luck)
    found = alike.choices(OFFERS).value_counts(normalize=True).reindex(OFFERS.index).to_numpy()
    wanted = shares_in_closed_form(NET, luck)
    error = np.sqrt(wanted * (1 - wanted) / n)
    assert (np.abs(found - wanted) < 5 * error).all()
    wrong = shares_in_closed_form(NET, luck * np.pi / np.sqrt(6))  # the scale taken for the standard deviation
    assert np.abs(found - wrong).max() > 10 * error.max()


def test_weights_have_the_mean_and_the_spread_asked_for() -> None:
    n, spread = 20_000, 0.4
    weights = draw_shoppers(n, seed=3, spread=spread, means={"c_time": 2.0, "v_image": 0.0}).weights
    means = np.array([{"c_time": 2.0, "v_image": 0.0}.get(name, 1.0) for name in COMPONENTS])
    error = means * np.sqrt((np.exp(spread**2) - 1) / n)
    assert (np.abs(weights.mean() - means) <= 5 * error).all()
    logs = np.log(weights["c_money"])
    assert abs(logs.std() - spread) < 5 * spread / np.sqrt(2 * n)
    assert abs(logs.mean()) > 5 * spread / np.sqrt(n), "the mean weight is 1, not the median"


def test_what_customers_perceive_is_their_weights_times_the_components() -> None:
    shoppers = draw_shoppers(5, seed=1)
    weight = shoppers.weights.loc[3]
    by_hand = sum(weight[k] * OFFERS.loc["B", k] * (1 if k.startswith("v_") else -1) for k in COMPONENTS)
    assert shoppers.perceived(OFFERS).loc[3, "B"] == pytest.approx(by_hand)
    assert by_hand != pytest.approx(70, abs=0.5)


def test_luck_has_names() -> None:
    """Another offer, or another order, changes no luck; a better offer loses nobody to its rivals."""
    shoppers = draw_shoppers(3_000, seed=5)
    choice = shoppers.choices(OFFERS)
    assert shoppers.choices(OFFERS.loc[["C", "A", "B"]]).equals(choice)
    useless = OFFERS.loc[["C"]].assign(c_money=9_999).set_axis(["D"])
    assert shoppers.choices(pd.concat([OFFERS, useless])).equals(choice)
    better = OFFERS.copy()
    better.loc["C", "c_time"] = 10
    changed = shoppers.choices(better)
    assert set(changed[changed != choice]) == {"C"}
    assert not shoppers.choices(OFFERS, replication=1).equals(choice)


def test_the_buying_share_is_the_mean_over_purchases() -> None:
    shoppers = draw_shoppers(200, seed=9)
    by_hand = np.mean([(shoppers.choices(OFFERS, replication=k) == "B").to_numpy() for k in range(7)], axis=0)
    assert shoppers.buying_share(OFFERS, offer="B", replications=7).to_numpy() == pytest.approx(by_hand)


@pytest.mark.parametrize(("given", "words"), [
    ({"n": 0}, "n=0 must be a whole number of 1"), ({"n": 2.5}, "n=2.5 must be a whole"),
    ({"seed": -1}, "seed=-1 must be a whole number of 0"), ({"spread": -0.1}, "spread=-0.1 must be a number of 0"),
    ({"luck": "much"}, "luck='much'"), ({"means": {"c_tme": 1}}, "no component 'c_tme'.*c_time"),
    ({"means": {"c_time": -1}}, "c_time=-1 must be"),
])
def test_impossible_customers_are_refused(given: dict[str, object], words: str) -> None:
    with pytest.raises(InputError, match=words):
        draw_shoppers(**{"n": 10, "seed": 1, **given})  # type: ignore[arg-type]


def test_an_unknown_offer_is_named() -> None:
    with pytest.raises(InputError, match="no offer 'b'"):
        draw_shoppers(3, seed=1).buying_share(OFFERS, offer="b")


def test_the_picture_shows_every_component_and_what_is_left() -> None:
    ax = crm.plots.value_and_cost(OFFERS, ax=Figure(layout="constrained").subplots())
    ax.figure.savefig(io.BytesIO(), format="png")  # a missing character is a warning, and a warning is an error here
    lengths = [bar.get_width() for bar in ax.patches]
    assert sorted(lengths) == sorted(OFFERS.to_numpy().ravel().tolist())
    assert {"= 64", "= 70", "= 30"} <= {text.get_text() for text in ax.texts}
    ends = {round(bar.get_x() + bar.get_width(), 6) for bar in ax.patches}
    assert {200.0, 136.0, 130.0, 170.0} <= ends
