"""Small real data sets that come with the package: each a CSV file, a card, and the script that made it.

The card (`card.yaml`) says where the data are from, under which licence, what a row is, what every column
means in which unit, and the checksum of the file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from crmsim.errors import InputError, did_you_mean, told

_PACKAGE = Path(__file__).resolve().parents[1]
# An installed package carries the data inside itself; in the repository they lie beside it.
_PLACES = (_PACKAGE / "_shipped" / "datasets", _PACKAGE.parent / "datasets")


def dataset(name: str) -> pd.DataFrame:
    """The table of a data set that comes with the package.

    Parameters
    ----------
    name : str
        ``"cdnow"``: purchases of 2,357 customers of an online shop, 1997-1998.

    Returns
    -------
    DataFrame
        For ``"cdnow"`` one row per purchase: `customer_id`, `time` (day), `quantity` (CDs), `amount` (USD).

    Raises
    ------
    InputError
        There is no data set of that name.

    Notes
    -----
    Source, licence and units stand in the card: `card`.

    Examples
    --------
    >>> dataset("cdnow").head(2)
       customer_id       time  quantity  amount
    0            1 1997-01-01         2   29.33
    1            1 1997-01-18         2   29.73
    """
    folder = _folder(name)
    table = pd.read_csv(folder / f"{name}.csv")
    table["time"] = pd.to_datetime(table["time"], format="%Y-%m-%d").astype("datetime64[s]")
    return table


def card(name: str) -> dict[str, Any]:
    """What is known of a data set: source, licence, meaning of a row, columns, units, counts, checksum.

    Parameters
    ----------
    name : str
        Name of the data set, such as ``"cdnow"``.

    Returns
    -------
    dict

    Raises
    ------
    InputError
        There is no data set of that name.

    Examples
    --------
    >>> card("cdnow")["customers"]
    2357
    """
    from ruamel.yaml import YAML

    return dict(YAML(typ="safe").load((_folder(name) / "card.yaml").read_text(encoding="utf-8")))


def dataset_names() -> list[str]:
    """Names of the data sets that come with the package.

    >>> "cdnow" in dataset_names()
    True
    """
    return sorted({found.parent.name for place in _PLACES for found in place.glob("*/card.yaml")})


def _folder(name: str) -> Path:
    known = dataset_names()
    if not isinstance(name, str) or name not in known:
        raise InputError(f"There is no data set {told(name)}. {did_you_mean(str(name), known)}")
    return next(place / name for place in _PLACES if (place / name / "card.yaml").is_file())
