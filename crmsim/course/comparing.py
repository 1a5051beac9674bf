"""How answers are compared with the truth: one comparer for each kind of answer.

A comparer reads an answer (`crmsim.course.reading`) and says which share of it is right, from 0 to 1, with a
note that never shows the truth. Exactly 1 means right; a share below 1 is partial credit, and is only given
where the question allows it. The rules are those of the course's table of checkers:

| Comparer | Right when | Partial credit |
|---|---|---|
| number, text, exactly | the same within the tolerance | none |
| ordered | the same sequence | 1 - Kendall distance / largest distance; or a share for two exchanged neighbours |
| members | the same set | Jaccard: common / all |
| mapping | every pair is right | share of right pairs, from a threshold on |
| series, table | every row is right | share of right rows, from a threshold on |
| table by columns | every column is right | share of columns that are right in every row |
| function | right for every hidden input | share of right results |

Decisions are compared by what they bring: `crmsim.course.deciding`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial as bound
from itertools import combinations
from typing import Any

from crmsim.course import reading
from crmsim.course.keyed import Same, by_key, by_pair, by_row, difference, holds, same_column
from crmsim.course.keyed import by_column as compare_columns
from crmsim.course.values import Failure, Outcome, Problem, Results, key_of, normalised, same


@dataclass(frozen=True)
class Comparer:
    """What a question knows about its kind of answer.

    `read` gives the plain form of a decoded answer or raises `Unreadable`; `compare` takes two plain forms,
    answer and truth. `resembles` says whether an answer shows a typical mistake; by default, whether it equals it.
    """

    read: Callable[[Any], Any]
    compare: Callable[..., Outcome]
    is_function: bool = False
    is_decision: bool = False
    resembles: Callable[[Any, Any], bool] | None = None

    def fits(self, answer: Any, mistake: Any) -> bool:
        """Whether an answer shows a typical mistake, both in plain form."""
        if self.resembles is not None:
            return self.resembles(answer, mistake)
        return self.compare(answer, mistake).share == 1


def number(*, rel: float = 1e-9, abs: float = 1e-6) -> Comparer:
    """A number, within the larger of the two tolerances (``abs=0.01`` for money rounded to cents)."""
    return Comparer(reading.as_number, bound(_all_or_nothing, alike=bound(same, rel=rel, abs=abs)))


def text(*, synonyms: Mapping[str, str] | None = None) -> Comparer:
    """A text or a choice; case, spaces and width do not matter. `synonyms` maps other wordings to the truth's."""
    words = {normalised(word): normalised(meant) for word, meant in (synonyms or {}).items()}

    def read(value: Any) -> str:
        found = reading.as_text(value)
        return words.get(found, found)

    return Comparer(read, bound(_all_or_nothing, alike=same))


def exactly(*, abs: float = 1e-6) -> Comparer:
    """A single value of any kind: True or False, a moment, a time span, or now a number and now a text."""
    return Comparer(reading.as_value, bound(_all_or_nothing, alike=bound(same, abs=abs)))


def ordered(*, partial: bool = False, neighbours: float | None = None) -> Comparer:
    """A list in which the order counts; partial credit is 1 minus the share of pairs in the wrong order.

    Or, as a list in any order has half of its pairs right by chance: `neighbours` for a list in which two neighbours
    are exchanged, and nothing for any other.
    """
    return Comparer(reading.as_list, bound(_in_order, partial=partial, neighbours=neighbours))


def members(*, partial: bool = False) -> Comparer:
    """A list or set in which neither order nor repetition counts; partial credit is common / all members."""
    return Comparer(reading.as_set, bound(_as_sets, partial=partial))


def mapping(
    *, partial: bool = True, partial_from: float = 0.0, rel: float = 1e-9, abs: float = 1e-6,
    abs_of: Mapping[str, float] | None = None,
) -> Comparer:
    """A value for each key; partial credit is the share of right pairs, once it reaches `partial_from`.

    `abs_of` are tolerances of single keys.
    A typical mistake may hold a few keys only: it is found in every answer that has these pairs.
    """
    alike, limits = bound(same, rel=rel, abs=abs), {key_of(key): limit for key, limit in (abs_of or {}).items()}
    return Comparer(
        reading.as_mapping, bound(by_pair, alike=alike, partial_from=partial_from if partial else None, limits=limits),
        resembles=bound(holds, alike=alike, limits=limits),
    )


def series(
    *, rel: float = 1e-9, abs: float = 1e-6, partial_from: float | None = None, key: str = "customer_id",
) -> Comparer:
    """A value for each row label; partial credit is the share of right rows, once it reaches `partial_from`."""
    alike = bound(same, rel=rel, abs=abs)
    return Comparer(bound(reading.as_series, key=key), bound(by_key, alike=alike, partial_from=partial_from))


def table(
    columns: Sequence[str] | None = None, *, rel: float = 1e-9, abs: float = 1e-6,
    partial_from: float | None = None, by_column: bool = False, key: str = "customer_id",
) -> Comparer:
    """A table by row label: the columns asked for (by default all of the truth's), in any order.

    With `by_column`, partial credit is the share of columns that are right in every row, and a typical mistake may
    hold a few columns only.
    """
    if by_column:
        whole = bound(same_column, alike=bound(same, rel=rel, abs=abs))
        return Comparer(
            bound(reading.as_table, key=key), bound(compare_columns, alike=whole, columns=columns),
            resembles=bound(holds, alike=whole),
        )
    return Comparer(
        bound(reading.as_table, key=key),
        bound(by_row, columns=columns, alike=bound(same, rel=rel, abs=abs), partial_from=partial_from),
    )


def function(like: Comparer, *, partial: bool = True) -> Comparer:
    """A function, tried on hidden inputs; `like` compares one result, partial credit is the share of right ones."""
    return Comparer(reading.as_results, bound(_by_result, like=like, partial=partial), is_function=True)


def _all_or_nothing(answer: Any, truth: Any, *, alike: Same) -> Outcome:
    return Outcome(float(alike(answer, truth)))


def _in_order(answer: list[Any], truth: list[Any], *, partial: bool, neighbours: float | None) -> Outcome:
    if same(answer, truth):
        return Outcome(1.0)
    if len(set(answer)) < len(answer) or set(answer) != set(truth):
        return Outcome(0.0, _membership(set(answer), set(truth), n_answer=len(answer)))
    share = 1 - kendall_distance_share(answer, truth) if partial else 0.0
    if neighbours is not None and _n_in_other_order(answer, truth) == 1:
        share = neighbours
    return Outcome(share, "The members are right, their order is not.")


def kendall_distance_share(answer: Sequence[Any], truth: Sequence[Any]) -> float:
    """The share of pairs that stand in another order: 0 for the same order, 1 for the reverse.

    Source: Kendall (1938), the number of discordant pairs divided by n (n - 1) / 2.

    >>> round(kendall_distance_share(["b", "a", "c"], ["a", "b", "c"]), 3)
    0.333
    """
    n_pairs = len(truth) * (len(truth) - 1) // 2
    return _n_in_other_order(answer, truth) / n_pairs if n_pairs else 0.0


def _n_in_other_order(answer: Sequence[Any], truth: Sequence[Any]) -> int:
    """Pairs that stand in another order; it is one when two neighbours are exchanged, and only then."""
    place = {item: position for position, item in enumerate(answer)}
    return sum(place[first] > place[second] for first, second in combinations(truth, 2))


def _as_sets(answer: frozenset[Any], truth: frozenset[Any], *, partial: bool) -> Outcome:
    if answer == truth:
        return Outcome(1.0)
    share = len(answer & truth) / len(answer | truth) if partial else 0.0
    return Outcome(share, _membership(answer, truth, n_answer=len(answer)))


def _membership(answer: Any, truth: Any, *, n_answer: int) -> str:
    if answer == truth:
        return f"All members are right, but there are {n_answer} entries for {len(truth)} members."
    return f"Compared with what was asked, {difference(answer, truth)}."


def _by_result(answer: Results, truth: Results, *, like: Comparer, partial: bool) -> Outcome:
    n = len(truth.items)
    if len(answer.items) != n:
        return Outcome(0.0, "The function was not tried on every input.")
    right = sum(_right_result(a, t, like) for a, t in zip(answer.items, truth.items, strict=True))
    if right == n:
        return Outcome(1.0)
    note = f"{right} of {n} results for other data {'is' if right == 1 else 'are'} right.{_first_failure(answer)}"
    return Outcome(right / n if partial else 0.0, note)


def _right_result(answer: Any, truth: Any, like: Comparer) -> bool:
    if isinstance(truth, Failure):
        return isinstance(answer, Failure)
    if isinstance(answer, (Failure, Problem)):
        return False
    try:
        return like.compare(like.read(answer), like.read(truth)).share == 1
    except reading.Unreadable:
        return False


def _first_failure(answer: Results) -> str:
    for item in answer.items:
        if isinstance(item, Failure):
            return f" Once your function stopped with {item.message}"
        if isinstance(item, Problem):
            return f" One result could not be used. {item.text}"
    return ""
