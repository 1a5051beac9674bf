"""The package, its environments and its wheel say the same."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONDA_NAMES = {"duckdb": "python-duckdb", "matplotlib": "matplotlib-base"}


def wanted_by_pip() -> dict[str, str]:
    """Name to version range of everything a student and an instructor install."""
    extras = PROJECT["optional-dependencies"]
    lines = [*PROJECT["dependencies"], *extras["student"], *extras["instructor"]]
    found = [Requirement(line) for line in lines]
    return {CONDA_NAMES.get(r.name, r.name): str(r.specifier) for r in found if r.name != "crmsim"}


def wanted_by_conda() -> dict[str, str]:
    from ruamel.yaml import YAML

    content = YAML(typ="safe").load(ROOT / "environment.yml")
    lines = [line for line in content["dependencies"] if isinstance(line, str)]
    pairs = (line.partition(" ") for line in lines)
    return {name: spec for name, _, spec in pairs if name not in ("python", "pip")}


def test_conda_environment_asks_for_the_same_as_pip() -> None:
    assert wanted_by_conda() == wanted_by_pip()


def test_conda_environment_allows_the_same_pythons() -> None:
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    assert f"python {PROJECT['requires-python']}" in text


def test_every_conda_spec_is_valid() -> None:
    from rattler import MatchSpec

    for name, spec in wanted_by_conda().items():
        assert str(MatchSpec(f"{name} {spec}", strict=True).name.normalized) == name


def test_constraints_satisfy_every_requirement() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {re.sub(r"[-_.]+", "-", n).lower(): v for n, _, v in (x.partition("==") for x in lines if "==" in x)}
    extras = PROJECT["optional-dependencies"]
    for line in [*PROJECT["dependencies"], *extras["student"], *extras["instructor"], *extras["test"]]:
        need = Requirement(line)
        if need.name != "crmsim":
            assert need.specifier.contains(pinned[re.sub(r"[-_.]+", "-", need.name).lower()]), line


@pytest.fixture(scope="module")
def wheel_names(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    return zipfile.ZipFile(next(folder.glob("*.whl"))).namelist()


def test_wheel_ships_scenarios_and_data(wheel_names: list[str]) -> None:
    for name in ("crmsim/scenarios/retail.yaml", "crmsim/_shipped/datasets/cdnow/card.yaml"):
        assert name in wheel_names


def test_wheel_ships_neither_tests_nor_solutions(wheel_names: list[str]) -> None:
    assert not [name for name in wheel_names if name.startswith(("tests/", "assignments/", "benchmarks/"))]


def test_version_is_one() -> None:
    import crmsim

    assert crmsim.__version__ == PROJECT["version"]
