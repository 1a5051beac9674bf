"""Reading a YAML file so that every later message can name line and column.

The file is read by a round-trip reader, which keeps the place of every key. `Source` remembers the places;
`refuse` turns a place and a sentence into the one message that the user sees.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crmsim.errors import InputError

Location = tuple[str | int, ...]
MAX_BYTES = 1_000_000
"""A scenario is a page or two; a larger file is a mistake or an attack."""


@dataclass(frozen=True)
class Source:
    """Where settings came from: a file with its lines and marks, or just a name."""

    name: str
    lines: tuple[str, ...] = ()
    marks: Any = None

    def place(self, where: Location) -> tuple[int, int] | None:
        """Line and column, from 1, of the innermost part of `where` that the file holds."""
        node, found = self.marks, None
        for part in where:
            mark = _mark(node, part)
            if mark is None:
                break
            found = (mark[0] + 1, mark[1] + 1)
            node = node[part]
        return found


def _mark(node: Any, part: str | int) -> tuple[int, int] | None:
    """The mark of one key or item, or None where there is none."""
    places = getattr(getattr(node, "lc", None), "data", None)
    if not places or part not in places:
        return None
    return int(places[part][0]), int(places[part][1])


def read_yaml(path: Path) -> tuple[Any, Source]:
    """The content of a YAML file as plain values, and where everything stands in it.

    Errors: `InputError` when the file is missing, unreadable, too large, not UTF-8, or not YAML; when a key
    stands twice; when it uses aliases or tags, which a scenario does not need.
    """
    text = _text(path)
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        _no_aliases(text, path)
        marks = _reader().load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        spot = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        reason = (error.problem or error.context or "it cannot be read").split("\n")[0]
        raise InputError(f"{path}{spot}: this is not valid YAML: {reason}. Correct the line.") from None
    except (YAMLError, ValueError, RecursionError, AttributeError, TypeError) as error:
        reason = str(error).splitlines()[0] if str(error) else repr(error)
        raise InputError(f"{path}: this is not valid YAML: {reason}. Correct the file.") from None
    if not isinstance(marks, dict):
        raise InputError(
            f"{path}: a scenario is a list of `key: value` lines, but this file holds {type(marks).__name__}."
        )
    return _plain(marks), Source(str(path), tuple(text.splitlines()), marks)


def _reader() -> Any:
    """A round-trip reader that leaves dates as text: a wrong date must get a message with its place."""
    from ruamel.yaml import YAML
    from ruamel.yaml.constructor import RoundTripConstructor

    class TextDates(RoundTripConstructor):
        pass

    TextDates.add_constructor("tag:yaml.org,2002:timestamp", TextDates.construct_scalar)
    reader = YAML(typ="rt", pure=True)
    reader.Constructor = TextDates
    return reader


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"{path}: the file is larger than {MAX_BYTES:,} bytes; that is not a scenario.")
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: byte {error.start} is not UTF-8 text; save the file as UTF-8.") from None
    except OSError as error:
        raise InputError(
            f"{path}: the file cannot be read ({error.strerror or error}). Check the name and the folder."
        ) from None


def _no_aliases(text: str, path: Path) -> None:
    """Refuse aliases and tags before anything is built: a few of them can expand to billions of nodes."""
    from ruamel.yaml import YAML
    from ruamel.yaml.tokens import AliasToken, AnchorToken, TagToken

    for token in YAML(typ="rt", pure=True).scan(text):
        if isinstance(token, (AliasToken, AnchorToken, TagToken)):
            mark = token.start_mark
            raise InputError(
                f"{path}, line {mark.line + 1}, column {mark.column + 1}: anchors (&), aliases (*) and tags (!) "
                "are not used in these files; write the value out."
            )


def _plain(node: Any) -> Any:
    """Plain Python values of a round-trip tree."""
    if isinstance(node, dict):
        return {
            (key if isinstance(key, int) and not isinstance(key, bool) else str(key)): _plain(value)
            for key, value in node.items()
        }
    if isinstance(node, list):
        return [_plain(value) for value in node]
    for kind in (bool, int, float, str):
        if isinstance(node, kind):
            return kind(node)
    return node


def refuse(source: Source, where: Location, problem: str, remedy: str) -> InputError:
    """The message for a problem at a place: file, line, column, the line itself, a caret, what to do."""
    path = ".".join(str(part) for part in where)
    place = source.place(where)
    named = f"{path}: " if path else ""
    if place is None:
        return InputError(f"{source.name}: {named}{problem}. {remedy}")
    line, column = place
    text = source.lines[line - 1]
    shown = f"    {text}\n    {' ' * (column - 1)}^"
    return InputError(f"{source.name}, line {line}, column {column}: {named}{problem}.\n{shown}\n{remedy}")
