"""Damaged scenarios: whatever is done to a file, it is refused with one message or it simulates sanely.

The damage is drawn from a seed, so a failure can be repeated; `CRMSIM_MUTATIONS` asks for more of it.
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import crmsim as crm
from crmsim.settings.scenario import Scenario, _validated
from crmsim.settings.yaml_file import Source

N_FILES = int(os.environ.get("CRMSIM_MUTATIONS", "240"))
N_CONTENTS = 5 * N_FILES
NASTY_NUMBERS = ["0", "-1", "1e9", "1e400", "-0.0", "1e-320", ".nan", "7", "0.999999999", "99999999999999999999", "1_0"]
NASTY_TEXT = [
    "",
    "~",
    "true",
    "'",
    '"',
    "{",
    "]",
    ":",
    "#",
    "&a",
    "*a",
    "!!int",
    "\t",
    "é",
    "流",
    "\u2028",
    "\x00",
    "-",
    "?",
]
NASTY_VALUES = [
    0,
    1,
    -1,
    2,
    0.5,
    1e-300,
    1e9,
    1e10,
    float("nan"),
    float("inf"),
    10**30,
    True,
    None,
    "",
    "churn",
    [],
    {},
]
Lines = list[str]


def delete(lines: Lines, luck: random.Random) -> None:
    del lines[luck.randrange(len(lines))]


def duplicate(lines: Lines, luck: random.Random) -> None:
    lines.insert(luck.randrange(len(lines)), luck.choice(lines))


def swap(lines: Lines, luck: random.Random) -> None:
    one, two = luck.randrange(len(lines)), luck.randrange(len(lines))
    lines[one], lines[two] = lines[two], lines[one]


def renumber(lines: Lines, luck: random.Random) -> None:
    numbers = [(row, hit) for row, line in enumerate(lines) for hit in re.finditer(r"(?<![\w.])\d+(\.\d+)?", line)]
    row, hit = luck.choice(numbers)
    lines[row] = lines[row][: hit.start()] + luck.choice(NASTY_NUMBERS) + lines[row][hit.end() :]


def insert(lines: Lines, luck: random.Random) -> None:
    row = luck.randrange(len(lines))
    column = luck.randrange(len(lines[row]) + 1)
    lines[row] = lines[row][:column] + luck.choice(NASTY_TEXT) + lines[row][column:]


def cut(lines: Lines, luck: random.Random) -> None:
    row = luck.randrange(len(lines))
    lines[row] = lines[row][: luck.randrange(len(lines[row]) + 1)]


DAMAGE: list[Callable[[Lines, random.Random], None]] = [delete, duplicate, swap, renumber, renumber, insert, cut]


def places(node: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) of nested tables and lists."""
    if isinstance(node, dict):
        return [pair for key in node for pair in [(node, key), *places(node[key])]]
    return []


def judge(make: Callable[[], Scenario]) -> bool:
    """Whether the scenario is valid; if it is, it must simulate to finite tables that belong together."""
    try:
        shop = make()
    except crm.InputError:
        return False
    run = crm.simulate(shop.replace(customers=50, periods=3), threads=1)
    money = run.transactions[["amount", "margin"]].to_numpy()
    assert np.isfinite(money).all()
    assert (run.transactions["amount"] > 0).all()
    assert run.transactions["customer_id"].isin(run.customers.index).all()
    assert np.isfinite(run.truth.clv(at=1, horizon=2, replications=2, threads=1).to_numpy()).all()
    assert len(shop.fingerprint()) == 64
    return True


@pytest.fixture(scope="module")
def retail_lines() -> Lines:
    """The shipped file, without its comments: damage shall not be wasted on them."""
    path = Path(crm.__file__).parent / "scenarios" / "retail.yaml"
    bare = (re.sub(r"(^|\s)#.*", "", line).rstrip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in bare if line]


def test_damaged_files_are_refused_or_live(retail_lines: Lines, tmp_path: Path) -> None:
    path, valid = tmp_path / "damaged.yaml", 0
    for number in range(N_FILES):
        luck, lines = random.Random(number), list(retail_lines)
        for _ in range(luck.choice([1, 1, 2, 4])):
            luck.choice(DAMAGE)(lines, luck)
        path.write_text("\n".join(lines), encoding="utf-8")
        valid += judge(lambda: crm.scenario(path))
    assert 0.02 < valid / N_FILES < 0.8  # both outcomes have been seen


def test_damaged_contents_are_refused_or_live(shop: Scenario) -> None:
    valid = 0
    for number in range(N_CONTENTS):
        luck, content = random.Random(number), shop.model_dump()
        for _ in range(luck.choice([1, 1, 2])):
            table, key = luck.choice(places(content))
            table[key] = luck.choice(NASTY_VALUES)
        valid += judge(lambda content=content: _validated(content, Source("damaged")))  # type: ignore[misc]
    assert 0.02 < valid / N_CONTENTS < 0.8
