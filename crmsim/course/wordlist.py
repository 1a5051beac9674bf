"""The glossary (词汇表) of the course: every term in English and Chinese, and what it means in our words.

The list stands in `glossary.csv` beside this module, sorted by the English term. `ids` are places in the curriculum;
`ext` marks terms whose explanation (or Chinese name) is not in the handouts.
"""

from __future__ import annotations

import unicodedata
from importlib import resources

import pandas as pd

from crmsim.errors import InputError, did_you_mean


def glossary(word: str | None = None) -> pd.DataFrame:
    """Terms of the course in English and Chinese, all of them or those that hold a word.

    Parameters
    ----------
    word : str, optional
        English or Chinese, in any case, or an id such as "C05"; looked for in terms and ids, and only if that finds
        nothing in the definitions.

    Returns
    -------
    DataFrame
        Indexed by `english`, sorted: `chinese` (other names after a slash), `definition`, `ids` (of the curriculum),
        `ext` (bool: not explained in the handouts).

    Raises
    ------
    InputError
        No term holds the word; the message names the nearest one.

    Examples
    --------
    >>> glossary("客户让渡价值")["definition"].item()
    'total customer value less total customer cost'
    >>> glossary("mAn rule").index.tolist()
    ['MAN rule']
    """
    table = _read()
    if word is None:
        return table
    wanted = _plain(word) if isinstance(word, str) else ""
    if not wanted:
        raise InputError(f"word={word!r}: give a word in English or Chinese, such as glossary('equity').")
    texts = [table.index.to_series(), table["chinese"], table["ids"]]
    found = pd.concat([text.map(lambda one: wanted in _plain(one)) for text in texts], axis=1).any(axis=1)
    if not found.any():
        found = table["definition"].map(lambda text: wanted in _plain(text))
    if not found.any():
        raise InputError(f"The glossary has no {word!r}. {_nearest(word, table)}")
    return table[found.to_numpy()]


def _read() -> pd.DataFrame:
    place = resources.files("crmsim.course") / "glossary.csv"
    with place.open(encoding="utf-8") as file:
        table = pd.read_csv(file, dtype=str, keep_default_na=False, index_col="english")
    table["ext"] = table["ext"] == "yes"
    return table


def _plain(text: str) -> str:
    """Without case, and with full-width letters as narrow ones."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def _nearest(word: str, table: pd.DataFrame) -> str:
    known = {term.casefold(): term for term in table.index}
    sentence = did_you_mean(word.casefold(), known)
    return sentence if sentence.startswith("Did") else f"All {len(table)} terms: crm.course.glossary()."
