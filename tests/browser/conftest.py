"""A browser, and a campus: a real JupyterLab with a tiny course and a student's home."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import classroom
import pytest
from campus import open_campus

REPOSITORY = Path(__file__).resolve().parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium; without one the tests skip, and say why."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip("There is no Chromium on this machine: the browser tests did not run.")
    return found


@pytest.fixture(scope="session")
def campus(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The server; `campus.root` has the graded course and two notebooks of a student."""
    root = tmp_path_factory.mktemp("campus")
    _fill(root)
    with open_campus(root) as running:
        yield running


def _fill(root: Path) -> None:
    from crmsim.course import make_case_files, make_secret
    from crmsim.course.linting.leaks import released
    from crmsim.course.masters import as_json, to_notebook

    course = classroom.with_essay(REPOSITORY / "tests" / "course" / "fixtures" / "mini", root / "course")
    shutil.copy(REPOSITORY / "assignments" / "nbgrader_config.py", course)
    make_secret(course)
    classroom.classroom(course, {"anna": classroom.Pupil(
        earned={"t01_ex1": 0.5}, mistakes={"t01_ex1": "per cent"}, answers={"t01_ex5": "Call them."}, hand=None)})
    home = root / "home"
    home.mkdir()
    master = to_notebook(course / "text" / "t01.md")
    (home / "blank.ipynb").write_text(as_json(released(master, course=course)), encoding="utf-8")
    (home / "right.ipynb").write_text(as_json(master), encoding="utf-8")
    shutil.copy(make_case_files(course, "t01", ["anna"])[0], home)


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Any]:
    """A headless browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, headless=True, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def page(browser: Any, campus: Any) -> Iterator[Any]:
    """A page, logged in, that reaches the campus and its files alone; `page.outside` has what else it asked for."""
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    outside: list[str] = []

    def only_here(route: Any) -> None:
        url = route.request.url
        if url.startswith((campus.url, "file://", "data:", "blob:")):
            route.continue_()
        else:
            outside.append(url)
            route.abort()

    context.route("**/*", only_here)
    opened = context.new_page()
    opened.outside = outside
    opened.goto(campus.at("login?next=%2Fapi%2Fstatus"))
    yield opened
    context.close()
