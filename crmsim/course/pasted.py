"""Whether the words of a call script were pasted from an example that everybody has.

What an agent says is cut into runs of five words (a Chinese character counts as a word). The share of the runs of a
script that also stand in an example says how much of it is the example's. Polite phrases are common to all scripts; a
share of a half and more is not.

Source: comparison by runs of words, Brin, Davis & Garcia-Molina (1995) on copies of documents.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import crmsim.phone
from crmsim.phone.model import Script
from crmsim.phone.reading import TINY, load, parse

RUN = 5
MUCH = 0.5
FEW_RUNS = 20
"""A script with fewer different runs is too short to be compared."""
_WORD = re.compile(r"[\u4e00-\u9fff]|[a-z0-9']+")


def lines_of(script: Script) -> list[str]:
    """What the agent says in a script, in every language, each line once."""
    texts = [part.say for part in (*script.nodes, *script.ends) if part.say is not None]
    found = [getattr(text, language) for text in texts for language in ("zh", "en")]
    return list(dict.fromkeys(line for line in found if line))


def runs(lines: Iterable[str]) -> frozenset[tuple[str, ...]]:
    """The runs of five words in some lines, without capital letters and punctuation.

    >>> sorted(" ".join(run) for run in runs(["Thank you for your time, Ms Wang."]))
    ['for your time ms wang', 'thank you for your time', 'you for your time ms']
    """
    words = [_WORD.findall(line.lower()) for line in lines]
    return frozenset(tuple(line[k:k + RUN]) for line in words for k in range(len(line) - RUN + 1))


@cache
def _examples() -> dict[str, frozenset[tuple[str, ...]]]:
    home = Path(crmsim.phone.__path__[0])
    files = [home / "baseline.yaml", *sorted((home / "scripts").glob("*.yaml"))]
    shipped = {file.stem: load(file) for file in files} | {"crm.phone.TINY": parse(TINY)}
    return {name: runs(lines_of(script)) for name, script in shipped.items()}


def pasted_from(script: Script) -> tuple[str, float]:
    """The example to which a script is most similar, and the share of its words that stand there (0 to 1).

    >>> import crmsim as crm
    >>> pasted_from(crm.phone.parse(crm.phone.TINY))
    ('crm.phone.TINY', 1.0)
    """
    mine = runs(lines_of(script))
    if len(mine) < FEW_RUNS:
        return "", 0.0
    name, theirs = max(_examples().items(), key=lambda item: len(mine & item[1]))
    return name, len(mine & theirs) / len(mine)
