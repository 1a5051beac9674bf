"""Many tables of numbers laid end to end in one array.

The compiled kernel takes one array gladly and thirty slowly: each costs the compiler time, and every call unpacking.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


class Numbers:
    """Where tables are put, and at which entry of `together` each then begins.

    >>> numbers = Numbers()
    >>> numbers.put([0.5, 1.0]), numbers.put([[1.0, 2.0], [3.0, 4.0]]), len(numbers.together())
    (0, 2, 6)
    """

    def __init__(self) -> None:
        self._tables: list[Floats] = []
        self._length = 0

    def put(self, table: npt.ArrayLike) -> int:
        """Lay a table down, row by row; return the entry at which it begins."""
        flat = np.asarray(table, dtype=np.float64).ravel()
        begin = self._length
        self._tables.append(flat)
        self._length += len(flat)
        return begin

    def together(self) -> Floats:
        """All tables as one array."""
        return np.concatenate(self._tables)
