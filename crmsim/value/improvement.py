"""Which improvement of a losing offer pays best: one unit more of a value, or one unit less of a cost.

Customers compare delivered values. To win them, a firm can raise one of the four values or lower one of the four costs
by one unit; each such step costs the firm something of its own. The best step raises the delivered value most for each
unit of money the firm spends.

Curriculum C05 (exercise of unit 4); steps and their costs are [EXT].
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from crmsim.customers.arguments import is_number, label, pairs_of
from crmsim.errors import InputError, did_you_mean
from crmsim.value.delivered import COST_COLUMNS, VALUE_COLUMNS, best_offer, check_offers, delivered_values


def improvements(
    offers: pd.DataFrame, *, offer: Any, step_costs: Mapping[str, float], step: float = 1.0
) -> pd.DataFrame:
    """What each one-unit change of an offer adds to its delivered value, and for how much money; best first.

    Parameters
    ----------
    offers : DataFrame
        One row per offer, as for `delivered_values`.
    offer : label
        The offer to be improved.
    step_costs : mapping
        Column to what one step costs the firm: money, above 0. Columns that the firm cannot change are left out.
    step : float
        Size of a step in the unit of the components, above 0. A cost cannot fall below 0: then the step is smaller.

    Returns
    -------
    DataFrame
        Indexed by `component`: `gain` (delivered value), `step_cost` (money), `gain_per_money`, `gap_closed_share` (of
        the distance to the best other offer; missing if the offer leads). Ties stay in the order of the columns.

    Raises
    ------
    InputError
        The offer or a component is unknown, or a cost or step is not above 0.

    Notes
    -----
    gain_per_money = gain / step_cost. [EXT].

    Examples
    --------
    >>> columns = list(VALUE_COLUMNS + COST_COLUMNS)
    >>> rows = [[120, 45, 20, 15, 100, 20, 10, 6], [90, 60, 30, 20, 110, 10, 5, 5]]
    >>> offers = pd.DataFrame(rows, index=["A", "B"], columns=columns)
    >>> table = improvements(offers, offer="A", step_costs={"v_service": 2.0, "c_time": 0.5})
    >>> table[["gain_per_money", "gap_closed_share"]].round(3).to_dict("index")["c_time"]
    {'gain_per_money': 2.0, 'gap_closed_share': 0.167}
    """
    check_offers(offers)
    step_costs = pairs_of("step_costs", step_costs, example="{'c_time': 2.0}")
    _check(offers, offer, step_costs, step)
    names = [name for name in VALUE_COLUMNS + COST_COLUMNS if name in step_costs]
    rows = {name: _gain(offers.loc[offer], name, step) for name in names}
    table = pd.DataFrame({"gain": rows, "step_cost": {name: float(step_costs[name]) for name in rows}})
    table["gain_per_money"] = table["gain"] / table["step_cost"]
    table["gap_closed_share"] = table["gain"] / _gap(offers, offer)
    return table.rename_axis("component").sort_values("gain_per_money", ascending=False, kind="stable")


def _gain(row: pd.Series[Any], component: str, step: float) -> float:
    """The delivered value won by one step: a cost can fall to 0 at most."""
    return step if component in VALUE_COLUMNS else min(step, float(row[component]))


def _gap(offers: pd.DataFrame, offer: Any) -> float:
    """Distance of the delivered value to that of the best other offer; NaN when there is nothing to close."""
    others = offers.drop(index=offer)
    if len(others) == 0:
        return float("nan")
    net = delivered_values(offers)["delivered_value"]
    gap = float(net[best_offer(others)] - net[offer])
    return gap if gap > 0 else float("nan")


def _check(offers: pd.DataFrame, offer: Any, step_costs: Mapping[str, float], step: float) -> None:
    if label("offer", offer) not in offers.index:
        raise InputError(f"offer={offer!r} is not among the offers. {did_you_mean(str(offer), map(str, offers.index))}")
    if not step_costs:
        raise InputError("step_costs is empty; name at least one component, as in step_costs={'c_time': 2.0}.")
    for name, cost in step_costs.items():
        if name not in VALUE_COLUMNS + COST_COLUMNS:
            near = did_you_mean(str(name), VALUE_COLUMNS + COST_COLUMNS)
            raise InputError(f"step_costs: no component {name!r}. {near}")
        if not is_number(cost) or cost <= 0:
            raise InputError(f"step_costs: {name}={cost!r} must be a number above 0: what one step costs the firm.")
    if not is_number(step) or step <= 0:
        raise InputError(f"step={step!r} must be a number above 0.")
