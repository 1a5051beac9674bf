"""The report: numbers against definitions and a second implementation, the page against hostile students."""

from __future__ import annotations

import copy
import csv
import io
import math
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from nbformat import read, write
from rich.console import Console

from crmsim.course.batch.results import Results, Row
from crmsim.course.grades import read_grades
from crmsim.course.judging import VERDICT_MIME
from crmsim.course.report import Report, make_report, write_report
from crmsim.course.report import printing as printing_module
from crmsim.course.report.printing import print_report
from crmsim.course.report.similar import similar_pairs
from crmsim.course.report.statistics import histogram, item_rest, question_table, upper_lower

pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader's own
ALL = dict.fromkeys(("t01_ex1", "t01_ex2", "t01_ex3", "t01_ex4"), 1.0)
ANSWERS = {name: f"answer = {number}" for number, name in enumerate([*ALL, "t01_ex5"])}
EVIL = '<script>alert(1)</script><img src=x onerror="alert(2)">'
UNUSUAL = """
limits = {name: value for name, value in zip(case.customers.index, sorted(case.customers.index))}
weights = [number * 2 - 1 for number, label in enumerate(limits.items()) if label[0] != 7]
total = sum(weights[:3]) + max(weights) // 2 - min(limits) ** 2
top_three = [customer for customer in limits if customer % 5 == 1 and total > 0][:3]
"""


def plan(Pupil: Any) -> dict[str, Any]:
    """Fourteen students, among them one of everything."""
    good = {f"good{n}": Pupil(earned=ALL, answers=ANSWERS, hand=3.0) for n in range(5)}
    weak = {f"weak{n}": Pupil(earned={"t01_ex2": 1.0}, answers=ANSWERS, hand=1.0) for n in range(4)}
    copied = ANSWERS | {"t01_ex3": UNUSUAL}
    renamed = ANSWERS | {"t01_ex3": UNUSUAL.replace("customer ", "who ").replace("weights", "w")}
    return good | weak | {
        "slip": Pupil(earned=ALL | {"t01_ex1": 0.5}, mistakes={"t01_ex1": "per cent"}, answers=copied, hand=2.0),
        "slip2": Pupil(earned=ALL | {"t01_ex1": 0.5}, mistakes={"t01_ex1": "per cent"}, answers=renamed, hand=2.0),
        "waits": Pupil(earned=ALL, answers=ANSWERS, hand=None),
        "early": Pupil(earned={"t01_ex1": 1.0}, answers={"t01_ex1": "answer = 0"}, hand=0.0),
        "gone": Pupil(submitted=False, names={"first_name": "Na", "last_name": "李"}),
        "evil": Pupil(mistakes={"t01_ex2": EVIL}, answers=ANSWERS | {"t01_ex3": EVIL}, hand=0.0,
                      names={"first_name": EVIL, "last_name": "=1+1\x1b[31m"}),
    }


@pytest.fixture(scope="module")
def course(klass: Any, mini_course: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = klass.with_essay(mini_course, tmp_path_factory.mktemp("report") / "course")
    made: Path = klass.classroom(folder, plan(klass.Pupil))
    (made / "submitted" / "broken" / "t01").mkdir(parents=True)
    results = Results(made, "t01")
    results.put(Row("good1", "graded", 14, 14, False, 1.0, "", "x"))
    results.put(Row("good2", "graded", 14, 14, False, 1.0, "2 cells were copies", "x"))
    results.put(Row("wild", "unreadable", None, None, False, 0.1, "t01.ipynb is a PDF", "x"))
    return made


@pytest.fixture(scope="module")
def report(course: Path) -> Report:
    return make_report(course, "t01")


def test_points_and_who_handed_in(report: Report) -> None:
    grades = report.grades
    assert grades.max_points == 14
    assert list(grades.questions.index) == ["t01_ex1", "t01_ex2", "t01_ex3", "t01_ex4", "t01_ex5"]
    assert grades.questions["by_hand"].tolist() == [False] * 4 + [True]
    assert grades.totals.to_dict() == {
        **{f"good{n}": 14 for n in range(5)}, **{f"weak{n}": 4 for n in range(4)},
        "slip": 12, "slip2": 12, "waits": 11, "early": 2, "evil": 0,
    }
    assert math.isnan(grades.points.loc["waits", "t01_ex5"])
    assert grades.students["submitted"].value_counts().to_dict() == {True: 14, False: 1}


def test_difficulty_is_the_mean_share(report: Report) -> None:
    table = report.questions
    assert table.loc["t01_ex1", "difficulty"] == pytest.approx((5 + 0.5 + 0.5 + 1 + 1) / 14)
    assert table.loc["t01_ex1", "full_share"] == pytest.approx(7 / 14)
    assert table.loc["t01_ex5", "n_open"] == 1
    assert table.loc["t01_ex5", "difficulty"] == pytest.approx((5 * 3 + 4 * 1 + 2 * 2) / 3 / 13)
    assert "wait for a person" in table.loc["t01_ex5", "remark"]


def test_item_rest_equals_the_point_biserial_correlation_with_the_rest() -> None:
    """Second implementation: SciPy's point-biserial, on a question that is all or nothing."""
    from scipy.stats import pointbiserialr

    rng = np.random.default_rng(5)
    skill = rng.normal(size=80)
    points = pd.DataFrame({f"q{n}": (skill + rng.normal(size=80) > 0.2 * n).astype(float) for n in range(5)})
    rest = points.drop(columns="q2").sum(axis=1)
    expected = pointbiserialr(points["q2"].astype(bool), rest).statistic
    assert item_rest(points, "q2") == pytest.approx(expected)
    with_itself = pointbiserialr(points["q2"].astype(bool), points.sum(axis=1)).statistic
    assert abs(expected - with_itself) > 0.05, "the uncorrected correlation is another number"


def test_upper_lower_by_hand_and_without_regard_to_order() -> None:
    points = pd.DataFrame({"q": [1.0, 1, 1, 1, 0, 1, 0, 0, 0, 0], "r": range(10, 0, -1)})
    assert upper_lower(points, points["q"]) == pytest.approx((2.7 - 0.0) / 2.7)
    tied = pd.DataFrame({"q": [1.0, 0.0] * 10, "r": [0.0, 1.0] * 10})
    for seed in range(3):
        shuffled = tied.sample(frac=1, random_state=seed)
        assert upper_lower(shuffled, shuffled["q"]) == pytest.approx(0.0)


def test_few_students_give_no_discrimination(report: Report) -> None:
    points = report.grades.points.head(9)
    assert math.isnan(item_rest(points, "t01_ex1"))
    assert math.isnan(upper_lower(points, points["t01_ex1"]))


def test_a_question_that_misleads_is_remarked(report: Report) -> None:
    grades = report.grades
    backwards = grades.points.assign(t01_ex1=2 - grades.points["t01_ex1"])
    table = question_table(type(grades)(**vars(grades) | {"points": backwards}))
    assert table.loc["t01_ex1", "item_rest"] < 0
    assert "weak students do better" in table.loc["t01_ex1", "remark"]


def test_the_histogram_counts_everybody_once(report: Report) -> None:
    bins = histogram(report.grades.totals, report.grades.max_points)
    assert sum(count for _, _, count in bins) == 14
    assert bins[-1] == (13, 14, 5)
    assert bins[0][2] == 1


def test_typical_mistakes_are_counted(report: Report) -> None:
    counted = report.mistakes.set_index(["question", "mistake"])["n_students"].to_dict()
    assert counted == {("t01_ex1", "per cent"): 2, ("t01_ex2", EVIL): 1}


def test_a_verdict_that_a_student_printed_does_not_count(course: Path) -> None:
    path = course / "autograded" / "good0" / "t01" / "t01.ipynb"
    notebook = read(path, as_version=4)
    test = next(cell for cell in notebook.cells if cell.id == "t01_ex1_test")
    answer = next(cell for cell in notebook.cells if cell.id == "t01_ex1")
    answer.outputs = copy.deepcopy(test.outputs)
    answer.outputs[-1]["data"][VERDICT_MIME] = {"question": "t01_ex9", "mistake": "forged", "points": 99}
    original = path.read_text(encoding="utf-8")
    write(notebook, path)
    sheet = read_grades(course, "t01").sheets["good0"]
    path.write_text(original, encoding="utf-8")
    assert "t01_ex9" not in sheet.verdicts


def test_whom_to_talk_to(report: Report) -> None:
    found = {(reason.student, reason.kind) for reason in report.reasons}
    assert found == {
        *((f"weak{n}", "few") for n in range(4)), ("early", "few"), ("early", "stopped"), ("evil", "few"),
        ("gone", "missing"), ("broken", "odd"), ("good2", "odd"), ("wild", "odd"),
    }
    texts = {(reason.student, reason.kind): reason.text for reason in report.reasons}
    assert texts["early", "stopped"] == "stopped after t01_ex1"
    assert texts["wild", "odd"] == "unreadable: t01.ipynb is a PDF"
    assert texts["broken", "odd"] == "handed in, but not graded yet"


def test_unusual_code_is_found_under_other_names_and_usual_code_is_not(report: Report) -> None:
    assert [(pair.first, pair.second) for pair in report.similar or ()] == [("slip", "slip2")]
    assert not (report.similar or ())[0].is_identical


def test_what_many_share_is_no_similarity() -> None:
    same = {f"s{n}": {"q": UNUSUAL} for n in range(6)}
    assert similar_pairs(same, {}) == []
    [pair] = similar_pairs({"a": {"q": UNUSUAL}, "b": {"q": UNUSUAL}, "c": {"q": "x = 1"}}, {})
    assert (pair.similarity, pair.is_identical) == (1.0, True)
    assert similar_pairs({"a": {"q": UNUSUAL}, "b": {"q": UNUSUAL}}, {"q": UNUSUAL}) == [], "untouched scaffold"


class Tags(HTMLParser):
    """Collects elements and attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes += attrs


def test_the_page_is_one_file_and_runs_nothing(report: Report, tmp_path: Path) -> None:
    page = write_report(report, tmp_path)[0].read_text(encoding="utf-8")
    tags = Tags()
    tags.feed(page)
    assert {"svg", "table"} <= tags.names
    assert not tags.names & {"script", "img", "iframe", "link", "object", "form"}
    assert not [name for name, _ in tags.attributes if name.startswith("on") or name == "src"]
    links = {value for name, value in tags.attributes if name == "href"}
    assert all(str(link).startswith("#") for link in links)
    assert not re.search(r"url\(|@import", page)
    assert "default-src 'none'" in page
    assert "&lt;script&gt;alert(1)" in page


def test_every_table_is_a_csv_file_without_formulas(report: Report, tmp_path: Path) -> None:
    paths = {path.name: path for path in write_report(report, tmp_path)}
    assert set(paths) == {"report.html", "questions.csv", "mistakes.csv", "students.csv", "similar.csv"}
    for path in paths.values():
        if path.suffix == ".csv":
            rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
            assert len({len(row) for row in rows}) == 1
            assert not [cell for row in rows for cell in row if cell[:1] in "=+@" and cell]
    questions = pd.read_csv(paths["questions.csv"], index_col="question")
    assert questions.loc["t01_ex1", "n_graded"] == 14


def test_the_terminal_is_not_repainted(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = io.StringIO()
    monkeypatch.setattr(printing_module, "Console", lambda **_: Console(file=seen, width=100, force_terminal=False))
    print_report(report)
    assert "14 of 15 students handed in" in seen.getvalue()
    assert "\x1b" not in seen.getvalue()
    assert "stopped after t01_ex1" in seen.getvalue()


def test_the_report_reads_what_nbgrader_really_leaves(rehearsed: Any) -> None:
    found = make_report(rehearsed.folder, "t01")
    points = rehearsed.points.drop(columns="max_points").T
    assert found.grades.totals.to_dict() == pytest.approx(points.sum(axis=1).to_dict())
    assert ("t01_ex1", "per cent") in set(zip(found.mistakes["question"], found.mistakes["mistake"], strict=True))
    assert ("blank", "stopped", "answered nothing") in {(r.student, r.kind, r.text) for r in found.reasons}
