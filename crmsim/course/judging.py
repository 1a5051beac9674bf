"""Judging: from what a student handed in to points and a message, outside the student's process.

Right earns all points. Otherwise the first typical mistake that the answer shows decides about points and message;
otherwise the share of the answer that is right, where the question gives partial credit; otherwise nothing, with a
message that says what was expected and what was found, never the true value. A mistake without a share of its own
leaves the points to the partial credit; all such mistakes that the answer shows are named, one for each entry.

Nothing about an answer can raise here. What does raise is `MarkingError`: a scheme that fails on a case is the
instructor's problem and must not become a student's zero.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

import pandas as pd

from crmsim.course.decoding import decode
from crmsim.course.describing import describe
from crmsim.course.encoding import encode
from crmsim.course.marking import MarkingError, Mistake, Question
from crmsim.course.reading import Unreadable, as_mapping, as_table
from crmsim.course.values import Failure, Outcome, Results

VERDICT_MIME = "application/vnd.crmsim.verdict+json"


@dataclass(frozen=True)
class Verdict:
    """What a question earned and why; `mistake` is the name of the typical mistake found, if one was.

    `expected` says what was asked for, `found` what was handed in: kinds, sizes and ranges, never the right value.
    """

    question: str
    points: float
    max_points: float
    message: str
    mistake: str | None = None
    expected: str = ""
    found: str = ""

    def as_data(self) -> dict[str, Any]:
        """The verdict as JSON data."""
        return asdict(self)

    def __str__(self) -> str:
        return f"{self.question}: {self.points:g} of {self.max_points:g} points\n{self.message}"


@dataclass(frozen=True)
class _Key:
    """The truth of a question for one case, in plain form; and how the mistakes that differ from it are made.

    Mistakes cost as much time as the truth, and most answers are right: they are only made for the others.
    """

    truth: Any
    mistakes: Callable[[], tuple[tuple[Mistake, Any], ...]]
    worth: Any = None

    def outcome(self, question: Question, answer: Any) -> Outcome:
        """How an answer in plain form compares with the truth."""
        if question.like.is_decision:
            return question.like.compare(answer, self.truth, worth=self.worth)
        return question.like.compare(answer, self.truth)


def judge(question: Question, data: Any, case: Any) -> Verdict:
    """The verdict on an answer.

    Parameters
    ----------
    question : Question
    data : JSON data
        What the graded cell emitted under ``"answer"``: hostile until read.
    case : SealedCase
        The student's case, made from the student's folder name.

    Errors: `MarkingError` when the scheme itself fails on this case.
    """
    value = decode(data)
    found = "" if question.like.is_function else describe(value)
    return replace(_judged(question, value, _key(question, case)), expected=question.expected, found=found)


def _judged(question: Question, value: Any, key: _Key) -> Verdict:
    try:
        answer = question.like.read(value)
        outcome = key.outcome(question, answer)
    except Unreadable as unreadable:
        return _nothing(question, str(unreadable))
    except Exception:  # an answer that breaks a comparison is not right
        return _nothing(question, f"Found: {describe(value)}.")
    if outcome.share == 1:
        return Verdict(question.id, question.points, question.points, f"Right. {outcome.note}".strip())
    wrongs = key.mistakes()  # a scheme that fails here is no fault of the answer
    try:
        shown = _one_for_each_entry((m, wrong) for m, wrong in wrongs if question.like.fits(answer, wrong))
    except Exception:
        return _nothing(question, f"Found: {describe(value)}.")
    if shown:
        return _mistaken(question, outcome, shown)
    if outcome.share > 0:
        return Verdict(question.id, _points(question, outcome.share), question.points, f"Partly right. {outcome.note}")
    found = "" if question.like.is_function else f"Found: {describe(value)}. "
    return _nothing(question, f"{found}{outcome.note}".strip())


def _one_for_each_entry(found: Iterable[tuple[Mistake, Any]]) -> list[Mistake]:
    """Mistakes about entries that no earlier one was about: two slips can lead to the same wrong value."""
    shown, named = [], set[Any]()
    for mistake, wrong in found:
        entries = set(wrong) if isinstance(wrong, dict) else set()
        if not entries or entries - named:
            shown.append(mistake)
        named |= entries
    return shown


def _mistaken(question: Question, outcome: Outcome, shown: list[Mistake]) -> Verdict:
    """The verdict on typical mistakes."""
    first, share, message = shown[0], shown[0].share, shown[0].message
    if share is None:
        share = outcome.share
        told = [mistake.message for mistake in shown if mistake.share is None]
        message = "\n".join([f"{'Partly' if share else 'Not'} right. {outcome.note}", *told])
    return Verdict(question.id, _points(question, share), question.points, message, first.name)


def no_answer(question: Question, reason: str) -> Verdict:
    """The verdict when the graded cell emitted nothing that could be judged."""
    return Verdict(question.id, 0.0, question.points, reason, expected=question.expected)


def hidden_inputs(question: Question, case: Any) -> list[Any]:
    """The hidden inputs of a function question as data: one list of encoded arguments for each trial."""
    assert question.inputs is not None
    trials = _guarded(question, "inputs", lambda: list(question.inputs(case)))  # type: ignore[misc]
    return [[encode(argument) for argument in _as_tuple(arguments)] for arguments in trials]


def _as_tuple(arguments: Any) -> tuple[Any, ...]:
    return arguments if isinstance(arguments, tuple) else (arguments,)


def _points(question: Question, share: float) -> float:
    """Points of an answer that is not quite right: never all of them."""
    return max(0.0, min(round(question.points * share, 2), question.points - 0.01))


def _nothing(question: Question, found: str) -> Verdict:
    expected = f"Expected: {question.expected}. " if question.expected else ""
    return Verdict(question.id, 0.0, question.points, expected + found)


def _key(question: Question, case: Any) -> _Key:
    inputs = hidden_inputs(question, case) if question.inputs else None
    truth = _plain(question, "truth", question.truth, case, inputs)
    key = _Key(truth, lambda: _mistakes(question, case, inputs, truth), _worth(question, case))
    if key.outcome(question, truth).share != 1:
        raise MarkingError(f"{question.id}: the truth does not equal itself; is `like` the right comparer?")
    return key


def _mistakes(question: Question, case: Any, inputs: Any, truth: Any) -> tuple[tuple[Mistake, Any], ...]:
    values = [(m, _plain(question, f"mistake {m.name!r}", m.value, case, inputs)) for m in question.mistakes]
    return tuple((mistake, value) for mistake, value in values if not question.like.fits(truth, value))


def _worth(question: Question, case: Any) -> Any:
    if question.worth is None:
        return None
    make = question.worth

    def build() -> Any:
        value = decode(encode(make(case)))
        return as_table(value) if isinstance(value, pd.DataFrame) else as_mapping(value)

    return _guarded(question, "worth", build)


def _plain(question: Question, what: str, make: Callable[[Any], Any], case: Any, inputs: Any) -> Any:
    """A value of the scheme on the same way as an answer: encoded, decoded, read."""

    def build() -> Any:
        value = make(case)
        if inputs is None:
            return question.like.read(decode(encode(value)))
        if not callable(value):
            raise TypeError(f"a function is needed, not a {type(value).__name__}")
        return Results(tuple(_tried(value, arguments, is_truth=what == "truth") for arguments in inputs))

    return _guarded(question, what, build)


def _tried(function: Callable[..., Any], arguments: list[Any], *, is_truth: bool) -> Any:
    try:
        return decode(encode(function(*[decode(argument) for argument in arguments])))
    except Exception as error:
        if is_truth:
            raise
        return Failure(f"{type(error).__name__}: {error}"[:200])


def _guarded(question: Question, what: str, build: Callable[[], Any]) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return build()
    except Exception as error:
        raise MarkingError(f"{question.id}: {what} failed on this case: {type(error).__name__}: {error}") from error
