"""Checking what a file holds against a model; the first problem becomes a message with its place in the file.

The place of a problem is where pydantic found it. What pydantic adds to a place of its own (the name of a choice, the
language of a text that is one string) is left out of the message.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from reprlib import Repr
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from crmsim.errors import InputError, did_you_mean
from crmsim.settings.yaml_file import Location, Source, refuse

Model = TypeVar("Model", bound=BaseModel)
_SHORT = Repr()
_SHORT.maxstring = _SHORT.maxother = 80


class TextError(ValueError):
    """A text that cannot be used; `part` is the piece that is wrong, `before` what stands before it in the text."""

    def __init__(self, says: str, part: str = "", *, before: str = "") -> None:
        super().__init__(says)
        self.part, self.before = part, before


def validated(model: type[Model], content: Any, source: Source) -> Model:
    """The content as an instance of the model.

    Errors: `InputError` with the first problem: file, line, column, the line itself, and what to do.
    """
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise _explain(error, model, content, source) from None


def _explain(error: ValidationError, model: type[BaseModel], content: Any, source: Source) -> InputError:
    """The first of pydantic's findings, as one sentence about one place."""
    findings = sorted(error.errors(), key=lambda finding: finding["type"] != "extra_forbidden")
    first = findings[0]  # a misspelt key is also a missing one: name the misspelling
    where = _within(content, first["loc"])
    problem, remedy = _sentences(first, model, where)
    more = f" ({error.error_count() - 1} more after this one)" if error.error_count() > 1 else ""
    if first["type"] == "missing":
        where = where[:-1]
    reason = first.get("ctx", {}).get("error")
    at = (reason.before, reason.part) if isinstance(reason, TextError) else ("", "")
    return refuse(source, where, problem, remedy + more, at=at)


def _sentences(first: Any, model: type[BaseModel], where: Location) -> tuple[str, str]:
    """What is wrong, and what to do."""
    kind, given = first["type"], first["input"]
    if kind == "extra_forbidden":
        known = did_you_mean(str(where[-1])[:80], _keys_at(model, where[:-1]))
        return f"the key {_SHORT.repr(where[-1])} is not known here", known
    if kind == "missing":
        return f"the key {where[-1]!r} is missing", "Add it."
    if kind == "literal_error" and isinstance(given, str):
        return f"{_SHORT.repr(given)} is not known here", did_you_mean(
            given[:80], re.findall(r"'([^']*)'", first["ctx"]["expected"])
        )
    said = first["msg"].removeprefix("Value error, ")
    shown = "" if isinstance(given, Mapping) or kind == "value_error" else f", but {_SHORT.repr(given)} was given"
    return said[0].lower() + said[1:] + shown, "Correct it."


def _within(content: Any, location: Location) -> Location:
    """The parts of a location that the content has; the last part may be one that is missing."""
    found: list[str | int] = []
    for part in location:
        last = part is location[-1] and isinstance(content, Mapping)
        try:
            content = content[part]
        except (KeyError, IndexError, TypeError):
            if not last:
                continue
        found.append(part)
    return tuple(found)


def _keys_at(model: type[BaseModel], where: Location) -> list[str]:
    """The keys that the model knows at this place: walk the models along the path."""
    kind: Any = model
    for part in where:
        if hasattr(kind, "model_fields"):
            fields = kind.model_fields.items()
            kind = next((field.annotation for name, field in fields if part in (name, field.alias)), None)
        else:  # a table or a list: every key leads to the same kind of entry
            inner = get_args(kind)
            kind = inner[0] if Ellipsis in inner else (*inner, None)[1]
        kind = _model_in(kind)
    return [field.alias or name for name, field in getattr(kind, "model_fields", {}).items()]


def _model_in(kind: Any) -> Any:
    """The model among the choices that a part has, where one may also leave it out or give something else."""
    choices = get_args(kind)
    if type(None) in choices:
        kind = choices[0]
    if hasattr(kind, "__metadata__") or type(None) in choices:  # annotated: what is annotated comes first
        models = [inner for choice in (kind, *get_args(kind)) for inner in (choice, *get_args(choice))]
        return next((inner for inner in models if hasattr(inner, "model_fields")), kind)
    return kind
