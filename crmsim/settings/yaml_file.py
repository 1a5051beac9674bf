"""Reading a YAML file so that every later message can name line and column.

The file is read by a round-trip reader, which keeps the place of every key. `Source` remembers the places;
`refuse` turns a place and a sentence into the one message that the user sees.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crmsim.errors import InputError
from crmsim.settings.slips import slip_near

Location = tuple[str | int, ...]
MAX_BYTES = 200_000
"""A scenario is a page or two; a larger file is a mistake or an attack."""
NEW_LINE = "\n"
SHOWN = 120
"""How much of a long line a message shows."""
LONG_NUMBER = re.compile(r"[+-]?(0[xob])?[0-9a-fA-F_]{300,}")
NEAR_LINES = 40
"""So many lines after its key a text is searched for the words that are wrong."""
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

    def words_after(self, place: tuple[int, int], before: str, words: str) -> tuple[int, int] | None:
        """Line and column, from 1, of these words from a place on, best where they follow `before`; None: not there."""
        first, column = place
        for sought, length in ((before + words, len(before)), (words, 0)):
            for line, text in enumerate(self.lines[first - 1 : first - 1 + NEAR_LINES], start=first):
                found = text.find(sought, column - 1 if line == first else 0) if words else -1
                if found >= 0:
                    return line, found + length + 1
        return None


def _mark(node: Any, part: str | int) -> tuple[int, int] | None:
    """The mark of one key or item, or None where there is none."""
    places = getattr(getattr(node, "lc", None), "data", None)
    if not places or part not in places:
        return None
    return int(places[part][0]), int(places[part][1])


def read_yaml(path: Path, *, kind: str = "scenario") -> tuple[Any, Source]:
    """The content of a YAML file as plain values, and where everything stands in it.

    Errors: `InputError` when the file is missing, unreadable, too large, not UTF-8, or not YAML; when a key
    stands twice; when it uses aliases or tags, which a scenario (or another `kind` of file) does not need.
    """
    return parse_yaml(_text(path, kind), str(path), kind=kind)


def parse_yaml(text: str, name: str, *, kind: str = "scenario") -> tuple[Any, Source]:
    """The content of YAML text as plain values, and where everything stands in it; `name` stands in messages.

    Errors: as for `read_yaml`.
    """
    if len(text) > MAX_BYTES:
        spot = _spot(text[:MAX_BYTES])
        raise InputError(f"{name}, {spot}: the text is larger than {MAX_BYTES:,} letters; that is not a {kind}.")
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        marks = _reader(name, kind).load(text)
    except InputError:
        raise
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        spot = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        reason = (error.problem or error.context or "it cannot be read").split("\n")[0]
        slip = slip_near(text.splitlines(), mark.line + 1) if mark else ""
        says = f"this is not valid YAML: {shortened(reason)}. Correct the line.{slip}"
        raise InputError(f"{name}{spot}: {says}") from None
    except (YAMLError, ValueError, RecursionError, AttributeError, TypeError) as error:
        reason = shortened(str(error).splitlines()[0] if str(error) else repr(error))
        position = getattr(error, "position", None)
        spot = f", {_spot(text[:position])}" if isinstance(position, int) else ""
        raise InputError(f"{name}{spot}: this is not valid YAML: {reason}. Correct the file.") from None
    if not isinstance(marks, dict):
        held = "nothing" if marks is None else "something else"
        says = f"a {kind} is a list of `key: value` lines, but this file holds {held}"
        raise InputError(f"{name}, line 1, column 1: {says}.")
    return _plain(marks), Source(name, tuple(text.splitlines()), marks)


def shortened(reason: str) -> str:
    """A reason without the content of the file that the reader may quote in it at any length."""
    return reason if len(reason) <= SHOWN else f"{reason[:SHOWN]} ..."


def _reader(name: str, kind: str) -> Any:
    """A round-trip reader that refuses what such a file does not need before anything is built.

    It leaves dates as text: a wrong date must get a message with its place.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.composer import Composer
    from ruamel.yaml.constructor import RoundTripConstructor
    from ruamel.yaml.events import ScalarEvent
    from ruamel.yaml.nodes import MappingNode

    class TextDates(RoundTripConstructor):
        pass

    class Plain(Composer):
        depth = nodes = 0

        def compose_node(self, parent: Any, index: Any) -> Any:
            self.depth, self.nodes = self.depth + 1, self.nodes + 1
            event = self.parser.peek_event()
            _allowed(event, self.depth, self.nodes, name, kind)
            if isinstance(parent, MappingNode) and index is None and not isinstance(event, ScalarEvent):
                raise InputError(f"{_spot_of(event, name)}: a key must be a word, not a list or a table.")
            node = super().compose_node(parent, index)
            self.depth -= 1
            return node

    TextDates.add_constructor("tag:yaml.org,2002:timestamp", TextDates.construct_scalar)
    reader = YAML(typ="rt", pure=True)
    reader.Constructor, reader.Composer = TextDates, Plain
    return reader


def _allowed(event: Any, depth: int, nodes: int, name: str, kind: str) -> None:
    """Refuse aliases and tags (a few aliases can expand to billions of nodes), and endless files."""
    spot = _spot_of(event, name)
    if getattr(event, "anchor", None) is not None or getattr(event, "tag", None) is not None:
        raise InputError(
            f"{spot}: anchors (&), aliases (*) and tags (!) are not used in these files; write the value out."
        )
    if any("\ud800" <= letter <= "\udfff" for letter in getattr(event, "value", "")):
        raise InputError(f"{spot}: half of a character (a lone surrogate) is no text; write the character itself.")
    if LONG_NUMBER.fullmatch(getattr(event, "value", "")):
        raise InputError(f"{spot}: a number of more than 300 digits is none that can be used; correct it.")
    if depth > MAX_DEPTH or nodes > MAX_NODES:
        raise InputError(
            f"{spot}: more than {MAX_DEPTH} levels or {MAX_NODES:,} keys and values; that is not a {kind}."
        )


def _spot_of(event: Any, name: str) -> str:
    return f"{name}, line {event.start_mark.line + 1}, column {event.start_mark.column + 1}"


def _text(path: Path, kind: str) -> str:
    try:
        size = path.stat().st_size
        if size <= MAX_BYTES:
            text = path.read_text(encoding="utf-8")
        else:
            with path.open("rb") as file:
                spot = _spot(file.read(MAX_BYTES).decode(errors="replace"))
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: byte {error.start} is not UTF-8 text; save the file as UTF-8.") from None
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path}: the file cannot be read ({reason}). Check the name and the folder.") from None
    if size > MAX_BYTES:
        raise InputError(f"{path}, {spot}: the file is larger than {MAX_BYTES:,} bytes; that is not a {kind}.")
    return text


def _spot(text: str) -> str:
    """Line and column of the end of a text."""
    return f"line {text.count(NEW_LINE) + 1}, column {len(text) - text.rfind(NEW_LINE)}"


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


def refuse(source: Source, where: Location, problem: str, remedy: str, *, at: tuple[str, str] = ("", "")) -> InputError:
    """The message for a problem at a place: file, line, column, the line itself, a caret, what to do.

    The caret stands where the place begins, or at words `at` (those before them, they themselves) in that line
    or soon after it.
    """
    path = ".".join(shortened(str(part)) for part in where)
    place = source.place(where) or ((1, 1) if source.lines else None)
    named = f"{path}: " if path else ""
    if place is None:
        return InputError(f"{source.name}: {named}{problem}. {remedy}")
    line, column = source.words_after(place, *at) or place
    text = source.lines[line - 1] if line <= len(source.lines) else ""
    start = max(0, column - 1 - SHOWN // 2) if len(text) > SHOWN else 0
    shown = f"    {text[start : start + SHOWN]}\n    {' ' * (column - 1 - start)}^"
    return InputError(f"{source.name}, line {line}, column {column}: {named}{problem}.\n{shown}\n{remedy}")
