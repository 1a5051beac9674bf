"""nbgrader's preprocessors in the order of ``nbgrader_config.py``, split where a sandbox and a writer take over.

| Part | From | To | Where |
|---|---|---|---|
| clean | `Autograde.sanitize_preprocessors` | | worker |
| before | `Autograde.autograde_preprocessors` | `Execute` | worker |
| after | behind `Execute` | `SaveAutoGrades` | worker |
| record | `SaveAutoGrades` | the end | coordinator |
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator, Sequence
from typing import Any

from nbconvert.exporters import Exporter
from nbconvert.preprocessors import ExecutePreprocessor
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import SaveAutoGrades

from crmsim.errors import InputError


class Steps:
    """The preprocessors of a course, ready to be called.

    Parameters
    ----------
    config : traitlets Config
        As loaded from ``nbgrader_config.py``.

    Errors: `InputError` when the configuration executes nothing.
    """

    def __init__(self, config: Any) -> None:
        self.log = logging.Logger("crmsim.marking")  # nobody else's, and gone with this object
        self.course = CourseDirectory(config=config, log=self.log)
        self.autograde = Autograde(coursedir=self.course, config=config, log=self.log)
        self.clean = self._made(config, self.autograde.sanitize_preprocessors)
        steps = self._made(config, self.autograde.autograde_preprocessors)
        execute = _first(steps, ExecutePreprocessor)
        if execute == len(steps):
            raise InputError("nbgrader_config.py: Autograde.autograde_preprocessors must have Execute.")
        save = _first(steps, SaveAutoGrades)
        self.before, self.after, self.record = steps[:execute], steps[execute + 1 : save], steps[save:]
        self.cell_seconds = float(steps[execute].timeout or 0)
        self.late_words: dict[str, Any] = dict(steps[execute].error_on_timeout or {})

    def _made(self, config: Any, classes: Sequence[Any]) -> list[Any]:
        exporter = Exporter(config=config, log=self.log)
        exporter._preprocessors = []
        for one in classes:
            exporter.register_preprocessor(one)
        return list(exporter._preprocessors)

    @contextlib.contextmanager
    def warnings(self) -> Iterator[list[str]]:
        """Collects what preprocessors warn of."""
        said = _Collector()
        self.log.addHandler(said)
        try:
            yield said.lines
        finally:
            self.log.removeHandler(said)


def apply(steps: Sequence[Any], notebook: Any, resources: Any) -> Any:
    """The notebook after these preprocessors."""
    for step in steps:
        notebook, resources = step(notebook, resources)
    return notebook


def _first(steps: Sequence[Any], kind: type) -> int:
    return next((number for number, step in enumerate(steps) if isinstance(step, kind)), len(steps))


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(level=logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage().splitlines()[0][:200])
