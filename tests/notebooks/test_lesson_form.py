"""Every lesson keeps the template: its parts, its length, its marks, and text and notebook in step."""

import json
import re
from functools import cache
from pathlib import Path

import pytest

from crmsim.course.masters import as_json, masters_in, out_of_step, to_notebook

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
TEXTS = sorted((FOLDER / "text").glob("*.md"))
MARK = "[EXT] outside knowledge"

_WORD = re.compile(r"[A-Za-z0-9][\w'’-]*|[\u4e00-\u9fff]+")
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_NUMBER = re.compile(r"\d[\d,_]*(?:\.\d+)?%?")
_ANSWER = re.compile(r"<summary>Answer</summary>\s*```python\n(.*?)```", re.DOTALL)
every_lesson = pytest.mark.parametrize("text", TEXTS, ids=lambda path: path.stem)

PARTS = [
    r"\*\*A manager asks:\*\*",
    r"\*\*After this lesson you can\*\*",
    r"## Guess first",
    r"## Step 1 ·",
    r"\*\*By hand\.\*\*",
    r"\*\*As a table\.\*\*",
    r"\*\*With crmsim\.\*\*",
    r"## What can go wrong",
    r"\*\*The repair:\*\*",
    r"## Against the truth",
    r"## Exercises",
    r"## In five lines",
    r"\*\*Sources\.\*\*",
]

OUTSIDE = (
    "transition matrix", "markov", "survivorship", "common random numbers", "bayes", "kaplan", "gini", "lorenz",
    "pareto/nbd", "bg/nbd", "poisson", "gamma", "regression", "causal", "cohort analysis", "limits in days",
)
"""Words for what the course handout does not teach; where a lesson first uses one, it says so."""


@cache
def cells(text: Path) -> tuple:
    """The cells of a lesson."""
    return tuple(to_notebook(text).cells)


def prose(text: Path) -> list[str]:
    """The markdown cells."""
    return [cell.source for cell in cells(text) if cell.cell_type == "markdown"]


def code(text: Path) -> list[str]:
    """The code cells."""
    return [cell.source for cell in cells(text) if cell.cell_type == "code"]


def n_words(text: Path) -> int:
    """Words that are read; a run of Chinese characters is one."""
    return sum(len(_WORD.findall(_CODE.sub(" ", cell))) for cell in prose(text))


def numbers_in_prose(text: Path) -> set[float]:
    """Numbers a reader could take for a result: not in code, headings, list numbers, exercise numbers, sources."""
    found: set[float] = set()
    for cell in prose(text):
        plain = _CODE.sub(" ", cell.split("**Sources.**")[0])
        lines = [line for line in plain.splitlines() if not line.startswith("#")]
        plain = "\n".join(re.sub(r"^\s*(\*\*)?\d+( ·|\.) ", "", line) for line in lines)
        found |= {value(number) for number in _NUMBER.findall(re.sub(r"Hint \d", "", plain))}
    return found


def numbers_in_code(text: Path) -> set[float]:
    """All numbers in code cells and in the folded answers, which are run."""
    source = "\n".join([*code(text), *answers(text)])
    return {value(number) for number in _NUMBER.findall(source)}


def value(number: str) -> float:
    """What a number in a text means: thousands marks and per cent read."""
    plain = float(number.strip("%,_").replace(",", "").replace("_", ""))
    return plain / 100 if number.endswith("%") else plain


def answers(text: Path) -> list[str]:
    """The code of the folded answers."""
    return [found for cell in prose(text) for found in _ANSWER.findall(cell)]


def test_there_is_a_lesson():
    assert TEXTS


def test_every_notebook_is_generated_from_its_text():
    assert out_of_step(FOLDER) == []


def test_no_notebook_is_without_a_text():
    generated = {target for _, target in masters_in(FOLDER)}
    assert set(FOLDER.glob("*.ipynb")) == generated


@every_lesson
def test_notebook_is_committed_without_outputs_and_with_clean_metadata(text):
    notebook = json.loads((FOLDER / f"{text.stem}.ipynb").read_text(encoding="utf-8"))
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    assert set(notebook["metadata"]) == {"kernelspec", "language_info"}
    assert all(cell["metadata"] == {} for cell in notebook["cells"])
    for cell in notebook["cells"]:
        assert cell.get("outputs", []) == []
        assert cell.get("execution_count") is None


@every_lesson
def test_cell_ids_depend_on_the_text_alone(text):
    ids = [cell.id for cell in cells(text)]
    assert len(set(ids)) == len(ids)
    assert as_json(to_notebook(text)) == as_json(to_notebook(text))


@every_lesson
def test_length(text):
    assert 30 <= len(cells(text)) <= 45
    assert n_words(text) <= 2_000
    for cell in code(text):
        assert len([line for line in cell.splitlines() if line.strip()]) <= 8, cell


@every_lesson
def test_parts_stand_in_order(text):
    whole, place = "\n".join(prose(text)), 0
    for part in PARTS:
        found = re.compile(part).search(whole, place)
        assert found, f"{part} is missing, or stands too early"
        place = found.end()


@every_lesson
def test_each_step_has_one_thing_to_try(text):
    steps = re.split(r"^## ", "\n".join(prose(text)), flags=re.MULTILINE)
    steps = [step for step in steps if step.startswith("Step ")]
    assert 3 <= len(steps) <= 6
    for step in steps:
        assert step.count("*Try it:*") == 1, step[:40]


@every_lesson
def test_exercises_have_folded_hints_and_answers(text):
    whole = "\n".join(prose(text))
    part = whole.split("## Exercises")[1].split("## In five lines")[0]
    exercises = re.split(r"^\*\*\d · ", part, flags=re.MULTILINE)[1:]
    assert len(exercises) >= 3
    for exercise in exercises:
        for fold in ("Hint 1", "Hint 2", "Answer"):
            assert exercise.count(f"<details><summary>{fold}</summary>") == 1, exercise[:40]
    assert whole.count("<details>") == whole.count("</details>")
    assert len(answers(text)) == len(exercises)


@every_lesson
def test_summary_has_five_lines(text):
    summary = "\n".join(prose(text)).split("## In five lines")[1].split("**Sources.**")[0]
    assert re.findall(r"^(\d)\. ", summary, flags=re.MULTILINE) == list("12345")


@every_lesson
def test_something_to_see_and_the_guess_is_only_measured(text):
    source = "\n".join(code(text))
    assert "crm.plots." in source
    assert set(re.findall(r"\bguess\b.*", source)) == {"guess = 0.5", *re.findall(r"guess, .*\)", source)}
    assert "crm.course.how_far(guess, " in source


@every_lesson
def test_no_number_stands_in_prose_that_no_cell_knows(text):
    assert numbers_in_prose(text) - numbers_in_code(text) == set()
    assert any("assert " in cell for cell in code(text))


@every_lesson
def test_outside_knowledge_is_marked_where_it_first_appears(text):
    for word in OUTSIDE:
        first = next((cell for cell in prose(text) if word in cell.lower()), None)
        assert first is None or MARK in first, f"{word!r} is used without the mark {MARK!r}"
    for cell in prose(text):
        assert cell.count("[EXT]") == cell.count(MARK)


@every_lesson
def test_only_the_handout_is_named_as_a_source(text):
    whole = Path(text).read_text(encoding="utf-8").lower()
    for word in ("seed document", "curriculum", ".txt", "001/", "/doc"):
        assert word not in whole
