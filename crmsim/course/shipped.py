"""The assignments that come with the package, and a new course made of them.

An installed package carries them inside itself; in the repository they lie beside it. A course gets the texts,
the marking schemes and the configuration; notebooks are generated from the texts. Trial answers stay in the
repository: they are test data.
"""

from __future__ import annotations

import contextlib
import datetime
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from crmsim.course.identity import SECRET_FILE, make_secret
from crmsim.course.roster import CONFIG_FILE
from crmsim.errors import InputError, did_you_mean

_PACKAGE = Path(__file__).resolve().parents[1]
_PLACES = (_PACKAGE / "_shipped" / "course", _PACKAGE.parent / "assignments")
_IGNORED = (
    SECRET_FILE, "gradebook.db*", "release/", "submitted/", "autograded/", "feedback/", "exchange/", "cases/",
    "grading/", "reports/", "exports/", ".ipynb_checkpoints/", "__pycache__/",
)


def shipped_course() -> Path:
    """The folder of the assignments that come with the package.

    Errors: `InputError` when the package was built without them.
    """
    for place in _PLACES:
        if (place / CONFIG_FILE).is_file():
            return place
    raise InputError("This installation of crmsim has no assignments; install it again with: pip install crmsim")


def shipped_units() -> list[str]:
    """The units that a new course can have."""
    return sorted(path.stem for path in (shipped_course() / "text").glob("*.md"))


def make_course(folder: Path | str, *, units: Sequence[str] = (), name: str = "crm", year: str = "") -> Path:
    """Make an nbgrader course: configuration, texts, marking schemes, generated notebooks, and a secret.

    Parameters
    ----------
    folder : path
        Does not exist yet, or is empty.
    units : sequence of str
        For instance ``["u06"]``; all that come with the package when empty.
    name : str
        nbgrader's `course_id`: letters, digits, hyphens and underscores.
    year : str
        Part of every case's seed; this year when empty.

    Returns the folder. Errors: `InputError` for a folder with something in it, and for an unknown unit. Nothing
    is left behind then.
    """
    folder = Path(folder).resolve()
    _refuse_full(folder)
    wanted = _wanted(units)
    names = {"CourseDirectory.course_id": name, "CoursePreprocessor.year": year or str(datetime.date.today().year)}
    for given in names.values():
        if not re.fullmatch(r"[\w-]+", given):
            raise InputError(f"{given!r} is no name for a course or year: use letters, digits, hyphens, underscores.")
    with _staged(folder) as stage:
        _copy(shipped_course(), stage, wanted)
        _set_names(stage / CONFIG_FILE, names)
        _generate(stage)
        make_secret(stage)
        (stage / ".gitignore").write_text("\n".join(_IGNORED) + "\n", encoding="utf-8")
    return folder


def _refuse_full(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is a file; name a new folder.")
    if folder.exists() and any(folder.iterdir()):
        raise InputError(f"{folder} is not empty; name a new folder, so that nothing of yours is overwritten.")


def _wanted(units: Sequence[str]) -> list[str]:
    known = shipped_units()
    for unit in units:
        if unit not in known:
            raise InputError(f"There is no unit {unit!r}. {did_you_mean(unit, known)}")
    if not known:
        raise InputError("This installation of crmsim has no assignments; install it again with: pip install crmsim")
    return list(dict.fromkeys(units)) or known


@contextlib.contextmanager
def _staged(folder: Path) -> Iterator[Path]:
    """A folder beside the wanted one that takes its place when all went well."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        stage = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise InputError(f"{folder} cannot be made: {error.strerror or error}.") from error
    try:
        yield stage
        stage.chmod(0o755)
        if folder.exists():
            folder.rmdir()
        stage.rename(folder)
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _copy(source: Path, target: Path, units: Sequence[str]) -> None:
    shutil.copy(source / CONFIG_FILE, target)
    for kind, ending in (("text", "md"), ("marking", "py")):
        (target / kind).mkdir()
        for unit in units:
            shutil.copy(source / kind / f"{unit}.{ending}", target / kind)
            if (source / kind / unit).is_dir():  # the parts of a long marking scheme
                left = shutil.ignore_patterns("__pycache__")
                shutil.copytree(source / kind / unit, target / kind / unit, ignore=left)


def _set_names(config: Path, names: Mapping[str, str]) -> None:
    text = config.read_text(encoding="utf-8")
    for setting, value in names.items():
        text, found = re.subn(rf"^c\.{re.escape(setting)} = .*$", f'c.{setting} = "{value}"', text, flags=re.MULTILINE)
        assert found == 1, f"{CONFIG_FILE} sets {setting} {found} times"
    config.write_text(text, encoding="utf-8")


def _generate(folder: Path) -> None:
    from crmsim.course.masters import write_all

    write_all(folder)
