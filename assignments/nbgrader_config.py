"""The course for nbgrader: run its commands in this folder.

The marking schemes in ``marking/`` and the secret in ``course-secret.txt`` stay with the instructor. Change
`course_id` and `year`; everything else works as it is.
"""

import os
from pathlib import Path

from nbconvert.preprocessors import ClearMetadataPreprocessor, CSSHTMLHeaderPreprocessor
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    ClearOutput,
    Execute,
    IgnorePattern,
    LimitOutput,
    OverwriteCells,
    OverwriteKernelspec,
    SaveAutoGrades,
)

from crmsim.course.cleaning import RestoreTests, TolerantDeduplicateIds
from crmsim.course.feedback import GetMarks
from crmsim.course.grading import JudgeAnswers, PlaceCase

COURSE = Path(__file__).resolve().parent
EXCHANGE = Path(os.environ.get("CRMSIM_EXCHANGE", COURSE / "exchange"))

c = get_config()  # noqa: F821 - nbgrader defines it

c.CourseDirectory.course_id = "crm"
c.CourseDirectory.root = str(COURSE)
c.CoursePreprocessor.year = "2026"

# Where assignments are released to and collected from: everybody may write, nobody may list what others wrote.
c.Exchange.root = str(EXCHANGE)
if not EXCHANGE.exists() and os.access(EXCHANGE.parent, os.W_OK):
    EXCHANGE.mkdir()
    EXCHANGE.chmod(0o777)

# An empty answer is a line that does nothing, inside a function too; it does not stop "Run All".
c.ClearSolutions.code_stub = {"python": "pass  # write your answer instead of this line"}

c.Autograde.sanitize_preprocessors = [
    ClearOutput,
    TolerantDeduplicateIds,
    OverwriteKernelspec,
    OverwriteCells,
    RestoreTests,
    TolerantDeduplicateIds,
    CheckCellMetadata,
]
c.Autograde.autograde_preprocessors = [
    PlaceCase,
    Execute,
    JudgeAnswers,
    IgnorePattern,
    ClearMetadataPreprocessor,
    LimitOutput,
    SaveAutoGrades,
    AssignLatePenalties,
    CheckCellMetadata,
]
c.Execute.timeout = 60  # seconds for one cell
c.Execute.extra_arguments = ["--HistoryManager.hist_file=:memory:", "--log-level=ERROR"]
os.environ.setdefault("PYTHONWARNINGS", "ignore")  # a warning is no mistake; kernels inherit this

# Feedback pages that say what was expected, what was found, and which slip it looks like.
c.GenerateFeedback.exporter_class = "crmsim.course.feedback.FeedbackExporter"
c.GenerateFeedback.preprocessors = [GetMarks, CSSHTMLHeaderPreprocessor]
