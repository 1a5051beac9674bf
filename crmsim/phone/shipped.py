"""The example scripts (示例话术): five purposes in Chinese and in English, good ones and instructive bad ones.

A bad script names its faults in the comment at its head, one line each: the code of the linter's rule, then words.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pandas as pd

from crmsim.errors import InputError, did_you_mean, told
from crmsim.phone.model import Script

FOLDER = Path(__file__).with_name("scripts")
_FAULT = re.compile(r"^# {3}([a-z_]{3,40})\s", re.MULTILINE)


def examples() -> pd.DataFrame:
    """The example scripts, with the faults that the bad ones show on purpose.

    Returns
    -------
    DataFrame
        Indexed by `name`: title, purpose, language, n_nodes, good (no fault on purpose), faults (a tuple of codes; see
        `crm.phone.rules`). `crm.phone.example(name)` reads one.

    Examples
    --------
    >>> table = examples()
    >>> len(table), int(table["good"].sum()), table.at["win_back_en", "faults"][0]
    (10, 6, 'no_convenience_question')
    """
    return pd.DataFrame([_row(name) for name in names()]).set_index("name")


def example(name: str) -> Script:
    """One of the example scripts.

    Parameters
    ----------
    name : str
        As in the index of `examples`.

    Returns
    -------
    Script

    Raises
    ------
    InputError
        There is no such example.

    Examples
    --------
    >>> example("complaint_zh").first.id
    'open'
    """
    if not isinstance(name, str) or name not in names():
        raise InputError(f"example: there is no example {told(name)}. {did_you_mean(str(name), names())}")
    return _loaded(name)


@cache
def _loaded(name: str) -> Script:
    from crmsim.phone.reading import load

    return load(FOLDER / f"{name}.yaml")


def text_of(name: str) -> str:
    """The file of an example, as it stands. Errors: as for `example`."""
    example(name)
    return (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")


def names() -> list[str]:
    """The names of the examples."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def _row(name: str) -> dict[str, object]:
    script = _loaded(name)
    faults = tuple(_FAULT.findall((FOLDER / f"{name}.yaml").read_text(encoding="utf-8")))
    title = script.title.spoken(script.language) if script.title is not None else name
    return {
        "name": name, "title": title, "purpose": script.purpose, "language": script.language,
        "n_nodes": len(script.nodes), "good": not faults, "faults": faults,
    }  # fmt: skip
