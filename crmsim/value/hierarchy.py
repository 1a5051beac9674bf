"""The customer value hierarchy (客户价值层次模型), read downwards and upwards.

Three levels: attributes (属性) of a product and their performance are means to consequences (结果) in a use situation,
and these are means to the customer's goals (目标). Two tables tie the levels together: G, a row per goal with the
shares in which the consequences serve it; and A, a row per consequence with the shares in which the attributes bring
it about. Every row sums to 1.

* Downwards (自上而下): goal weights w fix the importance of consequences, w G, and these that of attributes, w G A.
* Upwards (自下而上): satisfaction s with the attributes gives that with consequences, A s, and with goals, G A s.

Both directions end in the same number, (w G A) s = w (G A s): the overall satisfaction.

The levels and both directions are the handout's (curriculum C07, C08; the model is Woodruff's, 1997). Shares, weights
and sums are [EXT].
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmsim.errors import InputError
from crmsim.value.cashflows import numbers

TOLERANCE = 1e-9
Array = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Importance:
    """What comes down from the goals: importance of consequences and of attributes, each summing to 1."""

    consequences: pd.Series[float]
    attributes: pd.Series[float]


@dataclass(frozen=True, eq=False)
class HierarchySatisfaction:
    """What goes up from the attributes: satisfaction with consequences and goals, and overall."""

    consequences: pd.Series[float]
    goals: pd.Series[float]
    overall: float


def importance_topdown(goal_weights: Any, goals: Any, consequences: Any) -> Importance:
    """Importance of consequences and attributes, from the goals down (自上而下).

    Parameters
    ----------
    goal_weights : sequence of float
        Weight of each goal, 0 or more, summing to 1; a Series is matched by name.
    goals : DataFrame or array
        One row per goal: the share in which each consequence (column) serves it. Rows sum to 1.
    consequences : DataFrame or array
        One row per consequence, in the order of the columns above: the share in which each attribute (column) brings it
        about. Rows sum to 1.

    Returns
    -------
    Importance
        `.consequences` and `.attributes`.

    Raises
    ------
    InputError
        A row does not sum to 1, a share is negative, or the tables do not fit together.

    Notes
    -----
    w G and w G A. Curriculum C08; the arithmetic is [EXT].

    Examples
    --------
    >>> found = importance_topdown([0.6, 0.4], [[0.5, 0.5], [0.0, 1.0]], [[1.0, 0.0], [0.25, 0.75]])
    >>> found.consequences.round(4).tolist(), found.attributes.round(4).tolist()
    ([0.3, 0.7], [0.475, 0.525])
    """
    upper, lower = _tables(goals, consequences)
    weights = _weights(goal_weights, upper.index)
    middle = weights @ upper.to_numpy()
    return Importance(
        consequences=pd.Series(middle, index=upper.columns, name="importance"),
        attributes=pd.Series(middle @ lower.to_numpy(), index=lower.columns, name="importance"),
    )


def satisfaction_bottomup(
    attribute_satisfaction: Any, consequences: Any, goals: Any, *, goal_weights: Any
) -> HierarchySatisfaction:
    """Satisfaction with consequences, with goals and overall, from the attributes up (自下而上).

    Parameters
    ----------
    attribute_satisfaction : sequence of float
        Satisfaction with each attribute, any scale whose 0 means neither; a Series is matched by name.
    consequences, goals : DataFrame or array
        As for `importance_topdown`.
    goal_weights : sequence of float
        As for `importance_topdown`.

    Returns
    -------
    HierarchySatisfaction
        `.consequences`, `.goals`, `.overall`.

    Raises
    ------
    InputError
        As for `importance_topdown`, or a satisfaction is missing.

    Notes
    -----
    A s, G A s and w G A s. The overall satisfaction equals attribute importance times attribute satisfaction.
    Curriculum C08; the arithmetic is [EXT].

    Examples
    --------
    >>> tables = dict(consequences=[[1.0, 0.0], [0.25, 0.75]], goals=[[0.5, 0.5], [0.0, 1.0]])
    >>> found = satisfaction_bottomup([0.2, -0.4], **tables, goal_weights=[0.6, 0.4])
    >>> round(found.overall, 4)      # 0.475 * 0.2 - 0.525 * 0.4
    -0.115
    """
    upper, lower = _tables(goals, consequences)
    weights = _weights(goal_weights, upper.index)
    middle = lower.to_numpy() @ _named_row(attribute_satisfaction, lower.columns, "attribute_satisfaction")
    top = upper.to_numpy() @ middle
    return HierarchySatisfaction(
        consequences=pd.Series(middle, index=lower.index, name="satisfaction"),
        goals=pd.Series(top, index=upper.index, name="satisfaction"),
        overall=float(weights @ top),
    )


def check_hierarchy(goals: Any, consequences: Any) -> None:
    """Raise `InputError` unless every attribute is a means to some goal, and every row sums to 1.

    Parameters
    ----------
    goals, consequences : DataFrame or array
        As for `importance_topdown`.

    Raises
    ------
    InputError
        A row does not sum to 1, or an attribute or consequence leads nowhere; it is named.

    Notes
    -----
    Curriculum C07: attributes are means to consequences, consequences means to goals.

    Examples
    --------
    >>> check_hierarchy([[1.0, 0.0]], [[0.5, 0.5, 0.0], [0.0, 0.0, 1.0]])
    Traceback (most recent call last):
    ...
    crmsim.errors.InputError: goals: the consequence 1 serves no goal; give it a share in one, or leave it out.
    """
    upper, lower = _tables(goals, consequences)
    for table, what, is_means in ((upper, "goals: the consequence", "serves no goal"),
                                  (lower, "consequences: the attribute", "leads to no consequence")):  # fmt: skip
        idle = table.columns[(table.to_numpy() == 0).all(axis=0)]
        if len(idle):
            raise InputError(f"{what} {idle[0]} {is_means}; give it a share in one, or leave it out.")


def _tables(goals: Any, consequences: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
    upper, lower = _shares(goals, "goals"), _shares(consequences, "consequences")
    if upper.shape[1] != lower.shape[0]:
        raise InputError(
            f"goals has {upper.shape[1]} columns and consequences {lower.shape[0]} rows; both are the consequences, "
            "so their number must be the same."
        )
    if isinstance(goals, pd.DataFrame) and isinstance(consequences, pd.DataFrame):
        if set(upper.columns) != set(lower.index):
            raise InputError(
                f"goals names the consequences {list(upper.columns)}, consequences {list(lower.index)}; "
                "use the same names in both."
            )
        lower = lower.loc[list(upper.columns)]
    return upper, lower


def _shares(table: Any, what: str) -> pd.DataFrame:
    try:
        shares = pd.DataFrame(table).astype(float)
    except (TypeError, ValueError) as error:
        raise InputError(f"{what}: a table of shares is needed, one row per {what[:-1]}.") from error
    if shares.empty or shares.index.has_duplicates or shares.columns.has_duplicates:
        raise InputError(f"{what}: give at least one row and one column, and no name twice.")
    bad = ~(shares >= 0)  # catches missing values too
    if bad.to_numpy().any():
        row, column = np.argwhere(bad.to_numpy())[0]
        place = f"row {shares.index[row]}, column {shares.columns[column]}"
        raise InputError(f"{what}: {place} is {shares.iloc[row, column]:g}; a share is 0 or more.")
    off = (shares.sum(axis=1) - 1).abs() > TOLERANCE
    if off.any():
        name = shares.index[off.to_numpy()][0]
        raise InputError(f"{what}: row {name} sums to {shares.loc[name].sum():.10g}, not to 1; divide it by its sum.")
    return shares


def _weights(goal_weights: Any, names: pd.Index[Any]) -> Array:
    weights = _named_row(goal_weights, names, "goal_weights")
    if (weights < 0).any() or abs(weights.sum() - 1) > TOLERANCE:
        raise InputError(f"goal_weights={weights.tolist()} must be 0 or more and sum to 1; divide them by their sum.")
    return weights


def _named_row(given: Any, names: pd.Index[Any], what: str) -> Array:
    if isinstance(given, pd.Series) and not isinstance(names, pd.RangeIndex):
        missing = [name for name in names if name not in given.index]
        if missing:
            raise InputError(f"{what}: nothing is given for {missing[0]}.")
        given = given.reindex(names)
    row = numbers(given, what)
    if len(row) != len(names):
        raise InputError(f"{what}: {len(row)} numbers for {len(names)}: {list(names)}; give one for each.")
    return row
