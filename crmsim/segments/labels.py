"""Named categories from numbers: the form in which every segment and class leaves this package."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy.typing as npt
import pandas as pd


def labelled(codes: npt.NDArray[Any], names: Sequence[str], *, ordered: bool = False) -> pd.Categorical[Any]:
    """The category `names[code]` for every code; -1 means missing.

    Names need not all occur, so tables of different customers have the same categories.

    Examples
    --------
    >>> import numpy as np
    >>> labelled(np.array([1, 0, 1]), ["low", "high"]).tolist()
    ['high', 'low', 'high']
    """
    return pd.Categorical.from_codes(codes, categories=pd.Index(list(names)), ordered=ordered)
