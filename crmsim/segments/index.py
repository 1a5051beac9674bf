"""Options of an index: a measured quantity cut into a few named ranges.

An index system (指标体系) describes customers by indexes such as age, income or expected yearly profit.
Every main index gets its own set of options (指标选择项), chosen for the application. `make_options` makes
them from cut points.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from crmsim.customers import arguments
from crmsim.errors import InputError, told
from crmsim.segments.labels import labelled


def make_options(
    series: pd.Series[Any], *, cuts: Sequence[float], labels: Sequence[str] | None = None
) -> pd.Series[Any]:
    """Put every value of an index into one option; a value equal to a cut belongs to the upper option.

    With the cuts 18 and 60 there are three options: below 18, 18 to below 60, 60 or more. A missing value (an
    answer not given) stays missing.

    Parameters
    ----------
    series : Series
        The index, one number per customer, in any unit.
    cuts : sequence of numbers
        At least one, rising, in the unit of the index.
    labels : sequence of str, optional
        One name per option, lowest first: one more than there are cuts. Default: the range in words.

    Returns
    -------
    Series
        Ordered category with the name and index of `series`.

    Raises
    ------
    InputError
        The index is not a column of numbers, the cuts do not rise, or the labels do not fit.

    Examples
    --------
    >>> import pandas as pd
    >>> age = pd.Series([17, 18, 60], name="age_years")
    >>> make_options(age, cuts=(18, 60)).tolist()
    ['below 18', '18 to below 60', '60 or more']
    >>> make_options(age, cuts=(18, 60), labels=("minor", "adult", "senior")).tolist()
    ['minor', 'adult', 'senior']
    """
    limits = _check_cuts(cuts)
    names = _check_labels(labels, limits=limits)
    arguments.column("series", series)
    if not pd.api.types.is_numeric_dtype(series):
        raise InputError(f"index {series.name!r} holds {series.dtype}; give numbers: pandas.to_numeric(series).")
    values = series.to_numpy(dtype=float, na_value=np.nan)
    codes = np.where(np.isnan(values), -1, np.searchsorted(np.asarray(limits), values, side="right"))
    return pd.Series(labelled(codes, names, ordered=True), index=series.index, name=series.name)


def _check_cuts(cuts: Sequence[float]) -> list[float]:
    limits = arguments.entries("cuts", cuts, example="(18, 60)")
    finite = all(arguments.is_number(cut) for cut in limits)
    if not limits or not finite or any(low >= high for low, high in pairwise(limits)):
        raise InputError(f"cuts={tuple(limits)} must be finite and rising, at least one: cuts=(18, 60).")
    return limits


def _check_labels(labels: Sequence[str] | None, *, limits: Sequence[float]) -> list[str]:
    if labels is None:
        middle = [f"{low:g} to below {high:g}" for low, high in pairwise(limits)]
        return [f"below {limits[0]:g}", *middle, f"{limits[-1]:g} or more"]
    names = arguments.names_of("labels", labels, example="('minor', 'adult', 'senior')")
    if any(name is None or name != name for name in names):
        raise InputError(f"labels={told(labels)}: every option needs a name.")
    if len(names) != len(limits) + 1 or len(set(names)) != len(names):
        raise InputError(
            f"labels={tuple(names)}: {len(limits)} cut(s) make {len(limits) + 1} options; give that many "
            "different names, the lowest option first."
        )
    return names
