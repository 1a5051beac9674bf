"""How hard each question was, and whether it tells strong from weak students.

Difficulty (also facility index) of a question is the mean share of its points that students earned: 1 when
everybody had it right. Discrimination is given in both usual forms:

* *upper-lower*: difference in difficulty between the 27 % with the most points and the 27 % with the fewest.
  Source: Kelley (1939), "The selection of upper and lower groups for the validation of test items", Journal of
  Educational Psychology 30, 17-24. Ebel & Frisbie (1991), "Essentials of Educational Measurement", call 0.40 and
  more very good, 0.30-0.39 good, 0.20-0.29 in need of improvement, less poor.
* *item-rest correlation*: Pearson's correlation between the points of a question and the sum of all others, the
  point-biserial correlation where points are all or nothing. Without the question itself in the sum, because
  otherwise every question correlates with itself. Source: Henrysson (1963), "Correction of item-total
  correlations in item analysis", Psychometrika 28, 211-218.
"""

from __future__ import annotations

import math

import pandas as pd

from crmsim.course.grades import Grades

UPPER_SHARE = 0.27
MIN_STUDENTS = 10
"""With fewer, discrimination says nothing."""
EASY, HARD, WEAK = 0.9, 0.3, 0.2


def question_table(grades: Grades) -> pd.DataFrame:
    """One row per question.

    Returns a DataFrame indexed by `question`: `max_points`, `n_graded`, `n_open` (wait for a person), `mean_points`,
    `difficulty` (share from 0 to 1), `full_share`, `zero_share`, `upper_lower` and `item_rest` (from -1 to 1; nan
    below `MIN_STUDENTS` students or where all have the same points), `remark`.
    """
    shares = grades.points / grades.questions["max_points"]
    table = grades.questions[["max_points"]].copy()
    table["n_graded"] = shares.notna().sum()
    table["n_open"] = shares.isna().sum()
    table["mean_points"] = grades.points.mean()
    table["difficulty"] = shares.mean()
    table["full_share"] = (shares >= 1).sum() / table["n_graded"]
    table["zero_share"] = (shares <= 0).sum() / table["n_graded"]
    table["upper_lower"] = [upper_lower(grades.points, shares[name]) for name in shares]
    table["item_rest"] = [item_rest(grades.points, str(name)) for name in shares]
    table["remark"] = [_remark(row) for _, row in table.iterrows()]
    return table


def upper_lower(points: pd.DataFrame, share: pd.Series[float]) -> float:
    """Difference in the mean share between the best and the last 27 % of students by total points.

    Students at a group's border with equal totals count in proportion, so that their order does not matter.

    >>> points = pd.DataFrame({"q": [1.0] * 5 + [0.0] * 5, "r": [5.0, 4, 3, 2, 1, 5, 4, 3, 2, 1]})
    >>> round(upper_lower(points, points["q"]), 2)
    0.37
    """
    known = share.dropna()
    total = points.loc[known.index].sum(axis=1)
    size = UPPER_SHARE * len(known)
    if len(known) < MIN_STUDENTS:
        return math.nan
    return _mean_of_top(known, total, size) - _mean_of_top(known, -total, size)


def _mean_of_top(share: pd.Series[float], total: pd.Series[float], size: float) -> float:
    weights = pd.Series(0.0, index=total.index)
    room = size
    for level in sorted(total.unique(), reverse=True):
        tied = total == level
        weights[tied] = min(1.0, room / tied.sum())
        room -= min(room, tied.sum())
        if room <= 0:
            break
    return float((weights * share).sum() / size)


def item_rest(points: pd.DataFrame, question: str) -> float:
    """Correlation between the points of a question and the sum of all others.

    >>> import pandas as pd
    >>> points = pd.DataFrame({"q": [0.0, 1.0] * 5, "r": [1.0, 3.0] * 5})
    >>> round(item_rest(points, "q"), 2)
    1.0
    """
    known = points.dropna(subset=[question])
    item, rest = known[question], known.drop(columns=question).sum(axis=1)
    if len(known) < MIN_STUDENTS or item.nunique() < 2 or rest.nunique() < 2:
        return math.nan
    return float(item.corr(rest))


def _remark(row: pd.Series[float]) -> str:
    if row["n_open"]:
        return f"{row['n_open']:.0f} wait for a person"
    if row["item_rest"] < 0:
        return "weak students do better: look at the question and its marking"
    if row["difficulty"] < HARD:
        return "hard: look at the typical mistakes"
    if row["difficulty"] > EASY:
        return "easy"
    return "hardly tells strong from weak students" if row["item_rest"] < WEAK else ""


def histogram(totals: pd.Series[float], max_points: float) -> list[tuple[float, float, int]]:
    """Counts of students by total points: lower end, upper end, number of students; the last bin has its upper end.

    The bins are 0.5, 1, 2, 5, 10, 20, 50 or 100 points wide, at most 15 of them.

    >>> histogram(pd.Series([0.0, 1.9, 2.0, 10.0]), 10.0)[:3]
    [(0, 1, 1), (1, 2, 1), (2, 3, 1)]
    """
    width = next((width for width in (0.5, 1, 2, 5, 10, 20, 50) if max_points <= 15 * width), 100)
    n_bins = max(1, math.ceil(max_points / width))
    place = (totals / width).clip(upper=n_bins - 1).astype(int)
    counts = place.value_counts()
    return [(width * number, width * (number + 1), int(counts.get(number, 0))) for number in range(n_bins)]


def mistake_counts(grades: Grades) -> pd.DataFrame:
    """How often each typical mistake was found: `question`, `mistake`, `message`, `n_students`, most frequent first."""
    found = [
        (question, verdict["mistake"], verdict["message"])
        for sheet in grades.sheets.values() for question, verdict in sheet.verdicts.items() if verdict.get("mistake")
    ]
    table = pd.DataFrame(found, columns=["question", "mistake", "message"])
    counted = table.groupby(["question", "mistake"], as_index=False, sort=True).agg(
        message=("message", "first"), n_students=("message", "size"),
    )
    return counted.sort_values("n_students", ascending=False, kind="stable", ignore_index=True)
