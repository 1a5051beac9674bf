"""An installed package, without the repository: `crmsim course init` makes a course that works."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the content of the wheel, as in site-packages."""
    folder = tmp_path_factory.mktemp("installed")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder / "wheel")]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    [wheel] = (folder / "wheel").glob("*.whl")
    with zipfile.ZipFile(wheel) as file:
        file.extractall(folder / "site")
    return folder / "site"


def crmsim(installed: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the command of the installed package."""
    environment = {**os.environ, "PYTHONPATH": str(installed), "PYTHONWARNINGS": "ignore", "PYTHONSAFEPATH": "1"}
    command = [sys.executable, "-m", "crmsim.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=environment, check=False)


def test_an_installed_package_makes_a_course(installed: Path, tmp_path: Path) -> None:
    done = crmsim(installed, "course", "init", "mine", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    units = sorted(path.stem for path in (tmp_path / "mine" / "text").glob("*.md"))
    assert units == sorted(path.stem for path in (ROOT / "assignments" / "text").glob("*.md"))
    for unit in units:
        assert (tmp_path / "mine" / "source" / unit / f"{unit}.ipynb").is_file()
        assert (tmp_path / "mine" / "marking" / f"{unit}.py").is_file()
    roster = tmp_path / "roster.csv"
    roster.write_text("id\nanna\n", encoding="utf-8")
    done = crmsim(installed, "course", "case", units[0], "--course", "mine", "--roster", str(roster), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "mine" / "cases" / units[0]).glob("case-*.zip"))) == 1


def test_templates_are_installed_and_trial_answers_are_not(installed: Path) -> None:
    names = {path.relative_to(installed / "crmsim").as_posix() for path in (installed / "crmsim").rglob("*")}
    assert {"course/report/page.html.j2", "course/feedback/templates/crmsim_feedback/index.html.j2",
            "course/feedback/templates/crmsim_feedback/conf.json"} <= names
    shipped = {name for name in names if name.startswith("_shipped/course/")}
    assert "_shipped/course/nbgrader_config.py" in shipped
    assert not [name for name in shipped if "reference" in name or "secret" in name or name.endswith((".db", ".pyc"))]
