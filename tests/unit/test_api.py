"""The public face: its names, their texts, and who may import whom. Imports are read, not run."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import crmsim as crm

PACKAGE = Path(crm.__file__).parent
LAYERS = [
    {"lazily", "errors"},
    {"settings"},
    {"engine"},
    {"customers"},
    {"value", "segments", "lifecycle", "prospecting", "service", "etiquette"},
    {"phone"},
    {"course"},
    {"plots", "widgets"},
    {"cli"},
]
"""From the bottom to the top: a part imports from its own layer and from those below it."""
READERS = {"plots": {"plots", "widgets", "course", "cli"}, "widgets": {"widgets", "course", "cli"}}
"""What only shows results, and who may use it: widgets draw with plots, and nothing that computes uses either."""
HEAVY = {
    "numba",
    "scipy",
    "sklearn",
    "matplotlib",
    "duckdb",
    "pyarrow",
    "pandas",
    "numpy",
    "pydantic",
    "ruamel",
    "rich",
}


def level(part: str) -> int:
    return next((number for number, layer in enumerate(LAYERS) if part in layer), -1)


def imports_of(tree: ast.AST, package: str) -> Iterator[str]:
    """Dotted names of everything a module imports, relative imports resolved."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                base = ".".join([*package.split(".")[: len(package.split(".")) - node.level + 1], base]).rstrip(".")
            yield from (f"{base}.{name.name}" for name in node.names)


def forbidden(part: str, imported: str) -> bool:
    """Whether a module of `part` may not import this name."""
    names = imported.split(".")
    if names[0] != "crmsim" or len(names) < 2 or level(names[1]) < 0:
        return False
    other = names[1]
    if other in READERS:
        return part not in READERS[other]
    return level(other) > level(part)


def modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE or path.stem != "__init__")


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def test_every_part_has_its_layer() -> None:
    assert {part_of(path) for path in modules()} <= set().union(*LAYERS)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_run_one_way(path: Path) -> None:
    package = ".".join(["crmsim", *path.relative_to(PACKAGE).parts[:-1]])
    names = imports_of(ast.parse(path.read_text(encoding="utf-8")), package)
    assert [name for name in names if forbidden(part_of(path), name)] == []


def test_a_wrong_direction_would_be_noticed() -> None:
    wrong = "from crmsim.value import bgnbd\nimport crmsim.course.cases\nfrom ..customers import tables\nimport numpy"
    names = list(imports_of(ast.parse(wrong), "crmsim.engine"))
    assert [name for name in names if forbidden("engine", name)] == [
        "crmsim.value.bgnbd",
        "crmsim.course.cases",
        "crmsim.customers.tables",
    ]
    assert forbidden("value", "crmsim.plots.curves")
    assert not forbidden("cli", "crmsim.plots.curves")
    assert not forbidden("lifecycle", "crmsim.segments.labels")


@pytest.mark.parametrize("name", sorted(crm._HOMES))
def test_public_names_exist_and_explain_themselves(name: str) -> None:
    thing = getattr(crm, name)
    text = inspect.getdoc(thing)
    assert text
    first = text.split("\n\n")[0].replace("\n", " ")
    assert first.endswith((".", ":")), first
    assert name in dir(crm)
    if callable(thing) and not inspect.isclass(thing):
        hints = inspect.signature(thing)
        assert all(p.annotation is not p.empty for p in hints.parameters.values())
        assert hints.return_annotation is not hints.empty
    if not (inspect.isclass(thing) and issubclass(thing, Exception)):
        assert ">>>" in text, "an example that the tests can run"


def test_the_names_that_others_rely_on() -> None:
    settled = {
        "scenario", "scenarios", "simulate", "simulate_to", "save", "compare", "Offer", "Scenario", "InputError", "rfm",
        "estimate_clv",
    }
    assert settled <= set(crm.__all__)
    assert len(crm.__all__) == len(set(crm.__all__))
    with pytest.raises(AttributeError, match="no attribute 'simulat'"):
        _ = crm.simulat


def test_parameters_that_others_rely_on() -> None:
    settled = {
        "simulate": ["scenario", "policy", "replication", "threads", "partition_size", "progress"],
        "simulate_to": [
            "scenario", "out", "policy", "replication", "format", "truth", "warehouse", "resume", "threads",
        ],
        "compare": ["scenario", "policies", "replications"],
        "Offer": ["at", "customers", "lift", "discount", "retention", "cost", "periods", "name"],
        "scenario": ["name_or_path"],
    }
    for name, parameters in settled.items():
        found = inspect.signature(getattr(crm, name)).parameters
        assert list(found)[: len(parameters)] == parameters
        assert all(found[p].kind is inspect.Parameter.KEYWORD_ONLY for p in parameters[2:])


def test_importing_loads_nothing_heavy() -> None:
    code = "import sys, crmsim; print(*{name.split('.')[0] for name in sys.modules})"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(found.stdout.split()) & HEAVY == set()
