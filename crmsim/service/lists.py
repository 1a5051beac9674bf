"""What the course lists about service: chains, parts, needs, competencies, facets (服务、需求、素质、满意), as data.

Lists and their order are the handout's (curriculum F03-F15, L01-L04), the sentences are ours. What the handout does not
say is marked `ext`: SERVQUAL's five dimensions (Parasuraman, Zeithaml & Berry 1988), and which ability of an agent at
the desk a competency drives.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import pandas as pd

from crmsim.errors import InputError, did_you_mean, told

COLUMNS = ("english", "chinese", "meaning", "ext")


def catalogue(name: str) -> pd.DataFrame:
    """A list of the course as a table.

    Parameters
    ----------
    name : str
        ``"chain"`` (six steps of service), ``"phases"``, ``"parts"`` (of service management), ``"strategies"``,
        ``"needs"`` (five kinds), ``"findings"`` (of needs analysis), ``"channels"``, ``"facets"``, ``"causes"`` (of
        perception), ``"models"``, ``"servqual"``, ``"loyalty_tools"``, ``"moments"`` (of experience).

    Returns
    -------
    DataFrame
        Indexed by `id`, in the order of the handout: `english`, `chinese`, `meaning`, `ext`.

    Raises
    ------
    InputError
        There is no such list.

    Notes
    -----
    Curriculum F03, F04, F07-F12, F14, F15; `servqual` is [EXT].

    Examples
    --------
    >>> list(catalogue("chain").index)
    ['contact', 'collect', 'understand', 'offer', 'solve', 'meet']
    >>> catalogue("needs").loc["secret", "chinese"]
    '秘密需求'
    """
    lists = _lists()
    if not isinstance(name, str) or name not in lists:
        raise InputError(f"catalogue: there is no list {name!r}. {did_you_mean(str(name), lists)}")
    table = pd.DataFrame(lists[name]).set_index("id").reindex(columns=list(COLUMNS))
    table["ext"] = [entry.get("ext", False) for entry in lists[name]]
    return table


def competencies(group: str | None = None) -> pd.DataFrame:
    """The 23 competencies of service staff (客服人员素质) in four groups.

    Parameters
    ----------
    group : str, optional
        ``"psychological"`` (5), ``"character"`` (6), ``"skill"`` (8) or ``"comprehensive"`` (4); all by default.

    Returns
    -------
    DataFrame
        Indexed by `id` (L01.1 ... L04.4): `group`, `group_zh`, `english`, `chinese`, and `drives`: which ability at a
        complaint desk it belongs to (speed, resolution, stress; none for body language, which nobody sees on the
        telephone) [EXT].

    Raises
    ------
    InputError
        There is no such group.

    Examples
    --------
    >>> competencies()["group"].value_counts(sort=False).to_dict()
    {'psychological': 5, 'character': 6, 'skill': 8, 'comprehensive': 4}
    >>> competencies("skill").loc["L03.8", "english"]
    'listens well'
    """
    table = _competencies().copy()
    if group is None:
        return table
    groups = list(dict.fromkeys(table["group"]))
    if not isinstance(group, str) or group not in groups:
        raise InputError(f"competencies: there is no group {told(group)}. {did_you_mean(str(group), groups)}")
    return table[table["group"] == group]


@cache
def _lists() -> dict[str, list[dict[str, Any]]]:
    from ruamel.yaml import YAML

    with resources.files(__package__).joinpath("lists.yaml").open(encoding="utf-8") as file:
        found: dict[str, list[dict[str, Any]]] = YAML(typ="safe").load(file)
    return found


@cache
def _competencies() -> pd.DataFrame:
    with resources.files(__package__).joinpath("competencies.csv").open(encoding="utf-8") as file:
        return pd.read_csv(file, keep_default_na=False).set_index("id")
