"""Handing in: the answer leaves the notebook as data, and is judged elsewhere.

In marking, the locked cell emits one JSON output (`crmsim.course.encoding.MIME`). Nothing that is right or wrong
is known inside the notebook. A function is handed in by trying it on inputs that the grader sends as data while
marking: each call has its own copies, and an error in one call is noted while the others go on.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from crmsim.course.decoding import decode
from crmsim.course.describing import describe
from crmsim.course.encoding import MIME, encode, record
from crmsim.course.session import complaints, find, is_marking, tell
from crmsim.course.values import Problem

_inputs: dict[str, list[list[Any]]] = {}
_captured: list[list[dict[str, Any]]] = []


def hand_in(question: str, name: str) -> None:
    """Hand in the answer called `name` to a question.

    Parameters
    ----------
    question : str
        For instance ``"u06_ex3"``.
    name : str
        The name of the answer in the notebook, as text: a value or a function.

    Prints one line; while marking it emits the answer as data instead.

    Examples
    --------
    >>> churn_share = 0.25
    >>> hand_in("u06_ex1", "churn_share")
    ✔ u06_ex1: churn_share, the number 0.25, is ready to hand in.
    """
    value = find(name, sys._getframe(1).f_globals)
    if is_marking():
        _emit({"question": question, "answer": _data(question, value)})
        return
    plain = value if isinstance(value, Problem) or callable(value) else decode(encode(value))
    complaint = plain.text if isinstance(plain, Problem) else complaints.get(name)
    shown = "a function" if callable(value) else describe(plain)
    tell(question, complaint and f"not ready. {complaint}", praise=f"{question}: {name}, {shown}, is ready to hand in.")


def take_inputs(question: str, inputs: str) -> None:
    """Receive the hidden inputs of a function question (JSON text); called by the grader alone."""
    _inputs[question] = json.loads(inputs)


@contextmanager
def captured() -> Iterator[list[dict[str, Any]]]:
    """Collect what `hand_in` emits in a list, for tests that run a notebook without a kernel."""
    _captured.append([])
    try:
        yield _captured[-1]
    finally:
        _captured.pop()


def _emit(data: dict[str, Any]) -> None:
    if _captured:
        _captured[-1].append(data)
        return
    from IPython.display import display

    display({MIME: data, "text/plain": f"{data['question']}: handed in"}, raw=True)


def _data(question: str, value: Any) -> Any:
    if isinstance(value, Problem):
        return record(value.kind, value.text)
    inputs = _inputs.pop(question, None)
    return _results(value, inputs) if callable(value) and inputs is not None else encode(value)


def _results(function: Callable[..., Any], inputs: list[list[Any]]) -> dict[str, Any]:
    items: list[dict[str, Any]] = []
    for arguments in inputs:
        try:
            items.append(_try(function, arguments))
        except KeyboardInterrupt:  # the time for this cell is over
            late = {"error": "TimeLimit: it took too long"}
            return {"kind": "results", "items": items + [late] * (len(inputs) - len(items))}
    return {"kind": "results", "items": items}


def _try(function: Callable[..., Any], arguments: list[Any]) -> dict[str, Any]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return {"value": encode(function(*[decode(argument) for argument in arguments]))}
    except (Exception, SystemExit) as error:
        return {"error": _in_words(error)}


def _in_words(error: BaseException) -> str:
    try:
        return f"{type(error).__name__}: {error}"[:200]
    except Exception:  # an error whose text cannot be made
        return type(error).__name__
