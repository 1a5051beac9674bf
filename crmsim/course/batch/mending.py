"""From the bytes of a file to a sound notebook: any encoding, any format, any damage that leaves cells.

The notebook is built anew. Of each cell only type, text, pasted pictures and nbgrader's metadata are taken;
outputs, widgets, and whatever else somebody may have put into the file are not.
"""

from __future__ import annotations

import codecs
import gc
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from nbformat import NotebookNode, from_dict

from crmsim.course.decoding import within_limits

MAX_CELLS, MAX_SOURCE, MAX_ATTACHMENTS = 2_000, 1_000_000, 20_000_000
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", ""), (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"), (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_BEGINNINGS = {
    b"PK\x03\x04": "a zip archive", b"%PDF": "a PDF", b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture",
    b"<!DOCTYPE": "a web page", b"<html": "a web page", b"\xd0\xcf\x11\xe0": "an Office document",
}


class NoNotebook(Exception):  # noqa: N818 - the file is at fault, not the program
    """A file is no notebook; the message says what it is, in words that follow "it is"."""


def read_notebook(content: bytes) -> tuple[NotebookNode, list[str]]:
    """A notebook, and what was odd about its file.

    Errors: `NoNotebook`.
    """
    if not content.strip(b"\0 \t\r\n"):
        raise NoNotebook("empty")
    text, encoding = _text(content)
    try:
        data = _parsed(text)
    except (ValueError, RecursionError) as error:
        raise NoNotebook(_what(content, error)) from None
    if not isinstance(data, Mapping):
        raise NoNotebook("JSON, but no notebook")
    notes = [f"its encoding is {encoding}"] if encoding else []
    cells = list(_cells(data))
    if not cells:
        raise NoNotebook("a notebook without cells" if "cells" in data else "JSON, but no notebook")
    if "cells" not in data:
        notes.append("its format is older than 4")
    return notebook_of(cells), notes


def _parsed(text: str) -> Any:
    """The data in a JSON text; without a look for garbage at every step, which takes most of the time in large ones."""
    gc.disable()
    try:
        return json.loads(text)
    finally:
        gc.enable()


def notebook_of(cells: list[dict[str, Any]]) -> NotebookNode:
    """A notebook of these cells, each with an id of its own."""
    seen: set[str] = set()
    for number, cell in enumerate(cells):
        name = cell.get("id")
        if not isinstance(name, str) or not _ID.fullmatch(name) or name in seen:
            cell["id"] = f"cell-{number}-{len(seen)}"
        seen.add(cell["id"])
    return from_dict({
        "nbformat": 4, "nbformat_minor": 5, "cells": cells, "metadata": {"language_info": {"name": "python"}},
    })


def make_cell(kind: str, source: str, **more: Any) -> dict[str, Any]:
    """A cell, without outputs."""
    cell: dict[str, Any] = {"cell_type": kind, "source": source, "metadata": {}} | more
    return cell | {"outputs": [], "execution_count": None} if kind == "code" else cell


def _text(content: bytes) -> tuple[str, str]:
    """The text of a file, and the name of its encoding, unless that is the usual one."""
    for mark, encoding, shown in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, "replace"), shown
    if b"\0" in content[:4]:
        return content.decode("utf-16-le" if content[1:2] == b"\0" else "utf-16-be", "replace"), "UTF-16"
    try:
        return content.decode(), ""
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("gb18030"), "GB 18030"
    except UnicodeDecodeError:
        return content.decode("utf-8", "replace"), "damaged"


def _what(content: bytes, error: Exception) -> str:
    start = content.lstrip()[:20]
    known = [kind for beginning, kind in _BEGINNINGS.items() if start.lower().startswith(beginning.lower())]
    if known:
        return known[0]
    where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
    return f"a damaged notebook{where}" if start.startswith(b"{") else "no notebook"


def _cells(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The cells of any format, as far as they can be understood."""
    found = data.get("cells")
    if not isinstance(found, list):
        sheets = data.get("worksheets")
        sheets = [sheet for sheet in sheets if isinstance(sheet, Mapping)] if isinstance(sheets, list) else []
        found = [cell for sheet in sheets if isinstance(sheet.get("cells"), list) for cell in sheet["cells"]]
    for cell in found[:MAX_CELLS]:
        if isinstance(cell, Mapping):
            yield _cell(cell)


def _cell(cell: Mapping[str, Any]) -> dict[str, Any]:
    kind = cell.get("cell_type")
    source = _source(cell.get("source", cell.get("input")))
    if kind == "heading":
        level = cell.get("level")
        kind, source = "markdown", f"{'#' * min(level if isinstance(level, int) else 1, 6)} {source}"
    made = make_cell(kind if kind in ("code", "markdown", "raw") else "markdown", source)
    if isinstance(cell.get("id"), str):
        made["id"] = cell["id"]
    metadata = cell.get("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    if isinstance(marks, Mapping) and within_limits(marks):
        made["metadata"] = {"nbgrader": dict(marks)}
    pictures = _attachments(cell.get("attachments"))
    return made | {"attachments": pictures} if pictures and made["cell_type"] != "code" else made


def _source(source: Any) -> str:
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    if not isinstance(source, str):
        return ""
    return source[:MAX_SOURCE].encode("utf-8", "replace").decode()


def _attachments(found: Any) -> dict[str, Any]:
    """Pictures pasted into a text cell."""
    if not isinstance(found, Mapping) or not within_limits({str(name): None for name in found}):
        return {}
    kept = {
        str(name): {str(kind): value for kind, value in forms.items() if _is_picture(kind, value)}
        for name, forms in found.items() if isinstance(forms, Mapping)
    }
    return kept if sum(len(value) for forms in kept.values() for value in forms.values()) <= MAX_ATTACHMENTS else {}


def _is_picture(kind: Any, value: Any) -> bool:
    return kind in ("image/png", "image/jpeg", "image/gif") and isinstance(value, str)
