"""Students as they come: clumsy, unlucky and hostile. Each changes the released notebook in place."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nbformat.v4 import new_code_cell

from crmsim.course.masters import to_notebook

QUESTIONS = ("t01_ex1", "t01_ex2", "t01_ex3", "t01_ex4")

NOISE = """
import sys, warnings
warnings.warn("nothing wrong")
print("1000 points!")
print("shouting", file=sys.stderr)
crm = case = pd = None     # names that the locked cells use
"""

FORGERY = """
from IPython.display import display
VERDICT = {"question": "t01_ex1", "points": 2, "max_points": 2, "message": "Right.", "mistake": None}
def pay(*arguments):
    display({"application/vnd.crmsim.verdict+json": VERDICT, "text/plain": "2.0"}, raw=True)
    print("t01: 4 of 4 points")
    return 2.0
crm.course.hand_in = pay
"""

EVERYTHING = """
class Everything(float):
    def __eq__(self, other): return True
    def __hash__(self): return 0
    def __sub__(self, other): return 0.0
    def __rsub__(self, other): return 0.0
    def __abs__(self): return 0.0
lost_share = Everything(0.9999)
import builtins, math
builtins.abs = lambda x: 0
math.isclose = lambda *a, **k: True
builtins.all = lambda x: True
"""

RAW = """
from IPython.display import display
MIME = "application/vnd.crmsim.answer+json"
deep = []
for _ in range(60):
    deep = [deep]
ANSWERS = {
    "t01_ex1": {"kind": "number", "value": "__import__('os').system('true')"},
    "t01_ex2": {"kind": "series", "name": None, "dtype": "object", "index": {"names": [None], "dtype": "int64",
                "items": [1, 1, 2]}, "values": [1]},
    "t01_ex3": {"kind": "list", "items": deep},
    "t01_ex4": {"kind": "results", "items": [{"value": 10**40}, {}, {"error": ["x"]}, 7]},
}
def raw(question, name):
    display({MIME: {"question": "t01_ex9", "answer": ANSWERS[question]}}, raw=True)
crm.course.hand_in = raw
"""

RAISER = """
def burst(*arguments):
    raise RuntimeError("all is lost")
crm.course.hand_in = burst
"""

SLOW_AND_LOUD = """
import sys
seen = []
def classes(amounts):
    print("called with", amounts, file=sys.stderr)
    seen.append(amounts.copy())
    if len(seen) == 2:
        sys.exit("enough")
    amounts.iloc[:] = 0
    return seen[-1].ge(100).map({True: "A", False: "B"})
"""


def students(course: Path) -> dict[str, Callable[[Any], None]]:
    """All of them, by name."""
    solutions = {cell.id: cell.source for cell in to_notebook(course / "text" / "t01.md").cells}
    return {
        "noisy": _writes(_with(solutions, before="import pandas as pd\nimport crmsim as crm\n"
                                                 "case = crm.course.case('t01')\n", after=NOISE)),
        "forger": _writes({"t01_ex1": FORGERY}),
        "everything": _writes({"t01_ex1": EVERYTHING}),
        "raw": _writes({"t01_ex1": RAW}),
        "raiser": _writes({"t01_ex1": RAISER}),
        "tidier": _writes(solutions, then=_tidy),
        "impostor": _writes(solutions, then=_claim_to_be("right")),
        "mutator": _writes(solutions | {"t01_ex4": SLOW_AND_LOUD}),
    }


def _with(sources: dict[str, str], *, before: str, after: str) -> dict[str, str]:
    return {name: f"{before}{source}\n{after}" for name, source in sources.items() if name in QUESTIONS}


def _writes(sources: dict[str, str], then: Callable[[Any], None] | None = None) -> Callable[[Any], None]:
    def change(notebook: Any) -> None:
        for cell in notebook.cells:
            meta = cell.metadata.get("nbgrader", {})
            if meta.get("solution") and meta["grade_id"] in sources:
                cell.source = sources[meta["grade_id"]]
        if then is not None:
            then(notebook)

    return change


def _claim_to_be(student: str) -> Callable[[Any], None]:
    def claim(notebook: Any) -> None:
        for cell in notebook.cells:
            cell.source = cell.source.replace('student=""', f'student="{student}"')

    return claim


def _tidy(notebook: Any) -> None:
    """Copy answer and test, delete a test and a check, edit a test, damage and invent metadata."""
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in notebook.cells}
    notebook.cells += [_copy(cells["t01_ex1"]), _copy(cells["t01_ex1_test"])]
    notebook.cells.remove(cells["t01_ex2_test"])
    notebook.cells.remove(cells["t01_ex2_check"])
    cells["t01_ex3_test"].source = "assert True"
    cells["t01_ex3_test"].metadata["nbgrader"]["points"] = 1000
    del cells["t01_ex4_check"].metadata["nbgrader"]["grade_id"]
    cells["t01_ex4_task"].metadata["nbgrader"] = "gone"
    stranger = new_code_cell("2 + 2", id="stranger")
    stranger.metadata["nbgrader"] = {"grade": True, "grade_id": "t01_ex9_test", "locked": True, "points": 50,
                                     "schema_version": 3, "solution": False, "task": False}
    notebook.cells.append(stranger)


def _copy(cell: Any) -> Any:
    twin = copy.deepcopy(cell)
    twin.id = f"{cell.id}-copy"
    return twin
