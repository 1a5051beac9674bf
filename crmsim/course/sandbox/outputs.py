"""From a stranger's messages to a notebook's outputs: nothing passes that was not rebuilt here.

Texts are cut and lose what cannot be written as UTF-8, pictures must be base64, programs for the reader's browser
and verdicts (which only the grader writes) are dropped, and whatever has not the expected form is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from nbformat import NotebookNode, from_dict

from crmsim.course.decoding import within_limits
from crmsim.course.encoding import MIME
from crmsim.course.judging import VERDICT_MIME

MAX_TEXT = 200_000
MAX_PICTURE = 4_000_000
MAX_OUTPUTS = 300
MAX_CELL = 8_000_000
MAX_UPDATED = 20
_DROPPED = {VERDICT_MIME, "application/javascript", "text/javascript", "image/svg+xml"}
_KIND = re.compile(r"[\w.+-]{1,60}/[\w.+-]{1,60}")
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
_CUT = "\n... cut ...\n"


class Outputs:
    """Collects the outputs of a notebook's cells, one cell after the other."""

    def __init__(self) -> None:
        self._shown: dict[str, list[Any]] = {}

    def of_cell(self, messages: Iterable[Mapping[str, Any]]) -> list[NotebookNode]:
        """The outputs of a cell."""
        outputs: list[Any] = []
        clears = False
        for message in messages:
            if message.get("kind") == "clear":
                clears = True
            if clears and (message.get("kind") != "clear" or not message.get("wait")):
                outputs.clear()
                clears = False
            self._add(outputs, message)
        return _within(outputs)

    def _add(self, outputs: list[Any], message: Mapping[str, Any]) -> None:
        kind, name = message.get("kind"), message.get("id")
        if kind == "stream":
            _print(outputs, message)
        elif kind == "error":
            outputs.append(error(*(message.get(part) for part in ("ename", "evalue", "traceback"))))
        elif kind in ("display", "result", "update"):
            shown = {"data": _bundle(message.get("data")), "metadata": {}}
            if kind == "update":
                self._update(name, from_dict(shown))
                return
            outputs.append(from_dict(_head(kind, message) | shown))
            if isinstance(name, str):
                self._shown.setdefault(name[:100], []).append(outputs[-1])

    def _update(self, name: Any, shown: NotebookNode) -> None:
        for earlier in self._shown.get(name, [])[:MAX_UPDATED] if isinstance(name, str) else []:
            earlier.update(shown)


def error(name: Any, text: Any, traceback: Any = ()) -> NotebookNode:
    """An error as an output."""
    lines = traceback if isinstance(traceback, (list, tuple)) else []
    return from_dict({
        "output_type": "error", "ename": clean(name)[:200], "evalue": clean(text)[:10_000],
        "traceback": [clean(line)[:20_000] for line in lines[:100]],
    })


def clean(text: Any) -> str:
    """A text that can be written to a file; not too long."""
    if not isinstance(text, str):
        return ""
    text = text if len(text) <= MAX_TEXT else text[:MAX_TEXT] + _CUT
    return text.encode("utf-8", "replace").decode()


def _head(kind: str, message: Mapping[str, Any]) -> dict[str, Any]:
    if kind == "display":
        return {"output_type": "display_data"}
    count = message.get("count")
    return {"output_type": "execute_result", "execution_count": count if type(count) is int else None}


def _print(outputs: list[Any], message: Mapping[str, Any]) -> None:
    name = "stderr" if message.get("name") == "stderr" else "stdout"
    text = clean(message.get("text"))
    last = outputs[-1] if outputs else {}
    if last.get("output_type") == "stream" and last["name"] == name:
        if len(last["text"]) < MAX_TEXT:
            last["text"] += text
    else:
        outputs.append(from_dict({"output_type": "stream", "name": name, "text": text}))


def _bundle(data: Any) -> dict[str, Any]:
    if not isinstance(data, Mapping):
        return {}
    pairs = [(str(kind), _content(str(kind), value)) for kind, value in list(data.items())[:20]]
    return {kind: content for kind, content in pairs if content is not None}


def _content(kind: str, value: Any) -> Any:
    """One form of a value, or None when it must not pass."""
    if kind in _DROPPED or not _KIND.fullmatch(kind):
        return None
    if kind == MIME:
        return value
    if kind.startswith("image/"):
        fits = isinstance(value, str) and len(value) <= MAX_PICTURE and _BASE64.fullmatch(value)
        return value if fits else None
    if kind.startswith("text/"):
        return clean(value) if isinstance(value, str) else None
    return _plain(value) if kind.endswith("json") and within_limits(value) else None


def _plain(value: Any) -> Any:
    """JSON data with clean texts."""
    if isinstance(value, dict):
        return {clean(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return clean(value) if isinstance(value, str) else value


def _within(outputs: list[Any]) -> list[NotebookNode]:
    """As many outputs as a cell may have; answers always stay."""
    kept: list[Any] = []
    size = n = 0
    for output in outputs:
        is_answer = MIME in output.get("data", {})
        size, n = size + (0 if is_answer else len(str(output))), n + (not is_answer)
        if is_answer or (size <= MAX_CELL and n <= MAX_OUTPUTS):
            kept.append(output)
    return kept
