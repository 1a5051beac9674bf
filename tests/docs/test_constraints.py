"""Everything that ``pip install .[test]`` brings has a version in constraints.txt, and nothing else stands there."""

from __future__ import annotations

import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LINES = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
PINNED = {canonicalize_name(line.partition("==")[0]) for line in LINES if not line.startswith("#")}


def wanted_by(lines: list[str], extras: set[str], found: set[str]) -> set[str]:
    """The names of what these requirements bring on this machine, however indirectly."""
    for line in lines:
        need = Requirement(line)
        if need.marker is not None and not any(need.marker.evaluate({"extra": extra}) for extra in {"", *extras}):
            continue
        name = canonicalize_name(need.name)
        key = f"{name}[{','.join(sorted(need.extras))}]"
        if key in found:
            continue
        found.add(key)
        if name == "crmsim":
            for extra in need.extras:
                wanted_by(PROJECT["optional-dependencies"][extra], set(), found)
            continue
        try:
            wanted_by(distribution(name).requires or [], set(need.extras), found)
        except PackageNotFoundError:
            found.discard(key)
    return found


def test_every_package_has_a_version() -> None:
    found = wanted_by([*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["test"]], set(), set())
    names = {key.partition("[")[0] for key in found} - {"crmsim"}
    assert len(names) > 100
    assert names - PINNED == set()


def test_there_are_names_and_versions_only() -> None:
    for line in LINES:
        assert line.startswith("#") or (line.count("==") == 1 and not set(line) & set("@/: ;")), line
