"""What a contract is still worth (合同客户价值): the shifted-beta-geometric model with money and discounting.

A customer who has renewed `age` times stands before the next renewal. If he renews, he pays; so the value is the sum
over the coming renewals k = 1, 2, ... of margin * S(age + k) / S(age) / (1 + rate)**(k - 1). The first renewal is due
now and is not discounted. The longer a customer has been there, the more he is worth: those with a high probability
of leaving are gone.

Source: Fader & Hardie 2010, Customer-base valuation in a contractual setting: the perils of ignoring heterogeneity,
Marketing Science 29(1), 85-93.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from crmsim.customers.arguments import is_number
from crmsim.errors import InputError
from crmsim.value.cashflows import checked_rate
from crmsim.value.model import times
from crmsim.value.sbg import ShiftedBetaGeometric


def contract_value(
    model: ShiftedBetaGeometric, *, margin: float, rate: float, horizon: int, age: Any = 0
) -> Any:
    """Expected discounted margin of the coming renewals of a customer who has renewed `age` times.

    Parameters
    ----------
    model : ShiftedBetaGeometric
        Fitted, or made from known parameters.
    margin : float
        Money a renewal brings.
    rate : float
        Discount rate a period, above -1.
    horizon : int
        Number of coming renewals that count, 1 or more.
    age : int or array
        Renewals made so far, 0 or more.

    Returns
    -------
    float or array
        Money. With a standard error: ``with_errors(model, lambda m: contract_value(m, ...))``.

    Raises
    ------
    InputError
        This is not an sBG model, or a number is not possible.

    Notes
    -----
    Fader & Hardie 2010, the discounted expected residual lifetime, cut at the horizon.

    Examples
    --------
    >>> model = ShiftedBetaGeometric.from_params(alpha=1, beta=1)
    >>> round(contract_value(model, margin=100, rate=0.10, horizon=2), 2)      # 100/2 + 100/3/1.1
    80.3
    """
    if not isinstance(model, ShiftedBetaGeometric):
        raise InputError(f"contract_value: a ShiftedBetaGeometric is needed, but {model!r} was given.")
    if not is_number(horizon) or horizon < 1 or horizon % 1 != 0:
        raise InputError(f"horizon={horizon!r}: give a whole number of renewals, 1 or more.")
    if not is_number(margin):
        raise InputError(f"margin={margin!r} must be an amount of money.")
    renewals = np.arange(1.0, int(horizon) + 1)
    made = times(age, "age")[..., None]
    stays = model.probability_alive(made + renewals) / model.probability_alive(made)
    value = float(margin) * (stays @ (1 + checked_rate(rate)) ** (1 - renewals))
    return float(value) if np.ndim(age) == 0 else value
