"""A course folder: its year, its secret, and the case files for a list of students."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from crmsim.course.casefiles import write_cases
from crmsim.course.csvcells import write_csv
from crmsim.course.identity import id_of, read_secret
from crmsim.course.marking import load_scheme
from crmsim.course.recipes import Recipe, make_case, recipe_of
from crmsim.errors import InputError, told

CONFIG_FILE = "nbgrader_config.py"


def year_of(folder: Path | str) -> str:
    """The year that ``nbgrader_config.py`` sets (``c.CoursePreprocessor.year``): part of every seed.

    Errors: `InputError` when the folder is no nbgrader course.
    """
    from traitlets.config.loader import PyFileConfigLoader

    if not (Path(folder) / CONFIG_FILE).is_file():
        raise InputError(f"{folder} is no course folder: it has no {CONFIG_FILE}.")
    config = PyFileConfigLoader(CONFIG_FILE, path=str(Path(folder).resolve())).load_config()
    return str(config.get("CoursePreprocessor", {}).get("year", ""))


def recipe_for(folder: Path | str, assignment: str, *, marking: str = "marking") -> Recipe:
    """The recipe of an assignment: its own, from the marking scheme, or the package's."""
    scheme = load_scheme(Path(folder) / marking, assignment)
    return scheme.recipe if scheme is not None and scheme.recipe is not None else recipe_of(assignment)


def make_case_files(folder: Path | str, assignment: str, students: Iterable[str]) -> list[Path]:
    """Make the case files of an assignment, to hand out: ``<folder>/cases/<assignment>/case-….zip``.

    Parameters
    ----------
    folder : path
        The course folder, with ``nbgrader_config.py`` and the secret.
    assignment : str
    students : iterable of str
        Student ids exactly as nbgrader knows them: the names of the folders under ``submitted``.

    Returns the paths, in the order of the students. Errors: `InputError` for a folder that is no course, or a student
    who is no id.
    """
    if isinstance(students, str) or not isinstance(students, Iterable):
        raise InputError(f'students={told(students)} are no student ids: write a list of them, such as ["20260001"].')
    secret, year = read_secret(folder), year_of(folder)
    recipe = recipe_for(folder, assignment)
    ids = (id_of(student) for student in students)
    cases = ((student, make_case(recipe, assignment, student, secret=secret, year=year)) for student in ids)
    return write_cases(cases, Path(folder) / "cases" / assignment)


def write_list(files: Mapping[str, Path], path: Path) -> Path:
    """Write a CSV file that says whose each case file is: `id`, `file`; returns its path."""
    return write_csv(path, ["id", "file"], ((student, file.name) for student, file in files.items()))
