"""What the tests of the course share: the tiny assignment, sat without a kernel and rehearsed with nbgrader."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import classroom
import hostile
import pytest
import rehearse
import sit

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
MINI = HERE / "fixtures" / "mini"


@pytest.fixture(scope="session")
def Sitting() -> Any:
    """The class `Sitting` of sit.py."""
    return sit.Sitting


@pytest.fixture(scope="session")
def rehearsing() -> ModuleType:
    """The script assignments/rehearse.py."""
    return rehearse


@pytest.fixture(scope="session")
def mini_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course folder with the tiny assignment and the project's own nbgrader_config.py."""
    folder = tmp_path_factory.mktemp("mini") / "course"
    shutil.copytree(MINI, folder)
    shutil.copy(REPOSITORY / "assignments" / "nbgrader_config.py", folder)
    return folder


@pytest.fixture(scope="session")
def sitting(Sitting: Any, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path, str], Any]:
    """Gives the sitting of a unit of a course folder, begun once."""

    @functools.cache
    def begun(course: Path, unit: str) -> Any:
        return Sitting(course, unit, folder=tmp_path_factory.mktemp(unit))

    return begun


@pytest.fixture(scope="session")
def mini_sitting(sitting: Any) -> Any:
    """A sitting of the tiny assignment."""
    return sitting(MINI, "t01")


@pytest.fixture(scope="session")
def rehearsed(rehearsing: Any, mini_course: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The tiny assignment through nbgrader, by the typical students and those of hostile.py."""
    folder = tmp_path_factory.mktemp("rehearsal") / "course"
    students = rehearsing.typical_students(mini_course, "t01") | hostile.students(mini_course)
    return rehearsing.rehearse(mini_course, "t01", folder=folder, students=students)


@pytest.fixture(scope="session")
def klass() -> ModuleType:
    """The module classroom.py: an invented class without a kernel."""
    return classroom


@pytest.fixture(scope="session")
def rooms() -> ModuleType:
    """The module room.py."""
    import room

    return room


@pytest.fixture(scope="session")
def released(rooms: ModuleType, mini_course: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A released course with the tiny assignment. Nobody may change it."""
    folder: Path = rooms.open_course(mini_course, tmp_path_factory.mktemp("released") / "course")
    return folder


@pytest.fixture
def room(rooms: ModuleType, released: Path, tmp_path: Path) -> Any:
    """A copy of the released course, to hand in and grade."""
    return rooms.Room(released, tmp_path / "course")


@pytest.fixture(scope="session")
def walls() -> None:
    """A machine on which sandboxes can be made; on another the tests skip, and say why."""
    from crmsim.course.sandbox import bubblewrap
    from crmsim.errors import InputError

    try:
        bubblewrap.check()
    except InputError as reason:
        pytest.skip(f"No sandbox here. {reason}")


@pytest.fixture(scope="session")
def inner_walls(walls: None) -> None:
    """A machine that lets a submission have walls of its own inside the sandbox, and so a disk with a hard limit."""
    from crmsim.course.sandbox.keeper import OWN, Sandbox

    sandbox = Sandbox()
    sandbox.start()
    found = sandbox.found_walls
    sandbox.close()
    if found != OWN:
        pytest.skip("This system allows no namespaces inside bubblewrap: each submission gets a bubblewrap of its own.")
