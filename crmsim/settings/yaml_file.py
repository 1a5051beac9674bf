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
MAX_BYTES = 200_000
"""A scenario is a page or two; a larger file is a mistake or an attack."""
SHOWN = 120
"""How much of a long line a message shows."""
MAX_DEPTH, MAX_NODES = 20, 10_000
"""Limits of nesting and of keys and values, so that no file keeps the reader busy for long."""


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
        marks = _reader(path).load(text)
    except InputError:
        raise
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        spot = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        reason = (error.problem or error.context or "it cannot be read").split("\n")[0]
        raise InputError(f"{path}{spot}: this is not valid YAML: {reason}. Correct the line.") from None
    except (YAMLError, ValueError, RecursionError, AttributeError, TypeError) as error:
        reason = str(error).splitlines()[0] if str(error) else repr(error)
        raise InputError(f"{path}: this is not valid YAML: {reason}. Correct the file.") from None
    if not isinstance(marks, dict):
        held = "nothing" if marks is None else "something else"
        raise InputError(f"{path}, line 1: a scenario is a list of `key: value` lines, but this file holds {held}.")
    return _plain(marks), Source(str(path), tuple(text.splitlines()), marks)


def _reader(path: Path) -> Any:
    """A round-trip reader that refuses what a scenario does not need before anything is built.

    It leaves dates as text: a wrong date must get a message with its place.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.composer import Composer
    from ruamel.yaml.constructor import RoundTripConstructor

    class TextDates(RoundTripConstructor):
        pass

    class Plain(Composer):
        depth = nodes = 0

        def compose_node(self, parent: Any, index: Any) -> Any:
            self.depth, self.nodes = self.depth + 1, self.nodes + 1
            _allowed(self.parser.peek_event(), self.depth, self.nodes, path)
            node = super().compose_node(parent, index)
            self.depth -= 1
            return node

    TextDates.add_constructor("tag:yaml.org,2002:timestamp", TextDates.construct_scalar)
    reader = YAML(typ="rt", pure=True)
    reader.Constructor, reader.Composer = TextDates, Plain
    return reader


def _allowed(event: Any, depth: int, nodes: int, path: Path) -> None:
    """Refuse aliases and tags (a few aliases can expand to billions of nodes), and endless files."""
    spot = f"{path}, line {event.start_mark.line + 1}, column {event.start_mark.column + 1}"
    if getattr(event, "anchor", None) is not None or getattr(event, "tag", None) is not None:
        raise InputError(
            f"{spot}: anchors (&), aliases (*) and tags (!) are not used in these files; write the value out."
        )
    if any("\ud800" <= letter <= "\udfff" for letter in getattr(event, "value", "")):
        raise InputError(f"{spot}: half of a character (a lone surrogate) is no text; write the character itself.")
    if depth > MAX_DEPTH or nodes > MAX_NODES:
        raise InputError(
            f"{spot}: more than {MAX_DEPTH} levels or {MAX_NODES:,} keys and values; that is not a scenario."
        )


def _text(path: Path) -> str:
    try:
        size, text = path.stat().st_size, ""
        if size <= MAX_BYTES:
            text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: byte {error.start} is not UTF-8 text; save the file as UTF-8.") from None
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path}: the file cannot be read ({reason}). Check the name and the folder.") from None
    if size > MAX_BYTES:
        raise InputError(f"{path}: the file is larger than {MAX_BYTES:,} bytes; that is not a scenario.")
    return text


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
    text = source.lines[line - 1] if line <= len(source.lines) else ""
    start = max(0, column - 1 - SHOWN // 2) if len(text) > SHOWN else 0
    shown = f"    {text[start : start + SHOWN]}\n    {' ' * (column - 1 - start)}^"
    return InputError(f"{source.name}, line {line}, column {column}: {named}{problem}.\n{shown}\n{remedy}")
