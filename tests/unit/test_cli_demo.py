"""The demonstration: everything is there, its numbers are those of the tables, and its lines of Python run."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pandas as pd
import pytest

import crmsim as crm
from crmsim.cli import demonstration
from crmsim.cli.commands import app
from crmsim.cli.painting import Painter
from crmsim.customers.money import SIGNS
from crmsim.engine.simulate import Run
from crmsim.plots.board import overview_sheet
from crmsim.plots.sheet import Sheet

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def small_demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The demonstration with few customers: its folder and what it prints."""
    folder = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demonstration, "CUSTOMERS", 600)
        patch.setattr(demonstration, "PERIODS", 18)
        patch.setenv("COLUMNS", "200")
        patch.chdir(folder)
        with redirect_stdout(io.StringIO()) as out, pytest.raises(SystemExit) as left:
            app(["demo"], prog_name="crmsim")
    assert not left.value.code
    return folder / "crmsim-demo", out.getvalue()


def test_demo_leaves_everything_and_its_numbers_add_up(small_demo: tuple[Path, str]) -> None:
    folder, out = small_demo
    assert {path.name for path in folder.iterdir()} == {
        *("customers", "transactions", "contacts", "surveys", "campaigns", "truth"),
        *("warehouse.duckdb", "dictionary.csv", "dictionary.md", "manifest.json", "overview.png"),
    }
    assert (folder / "overview.png").read_bytes().startswith(PNG)
    assert "overview.png" in json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]
    found = re.findall(r"│ ([A-Z]|[−+=] )([^│]*)│ +([-\d,.]+) │", out)
    signs = [sign.strip() for sign, _, _ in found]
    revenue, goods, margin, *lines, profit = (float(text.replace(",", "")) for _, _, text in found)
    assert revenue == round(pd.read_parquet(folder / "transactions")["amount"].sum(), 2)
    assert profit == round(pd.read_parquet(folder / "truth" / "customers")["profit"].sum(), 2)
    assert margin == round(revenue - goods, 2)
    assert len(lines) == len(SIGNS) - 1
    added = sum({"+": line, "−": -line}[sign] for sign, line in zip(signs[3:-1], lines, strict=True))
    assert profit == round(margin + added, 2)


def test_demo_counts_its_customers(small_demo: tuple[Path, str]) -> None:
    folder, out = small_demo
    stages = pd.read_parquet(folder / "truth" / "stages")
    last = stages[stages["period"] == 17]["stage"].value_counts()
    rows = re.findall(r"│ (\w+) [\u4e00-\u9fff]+ +│.* ([\d,]+) │", out)
    assert {name: int(number) for name, number in rows} == last.to_dict()
    assert last.sum() == len(pd.read_parquet(folder / "customers")) > 300


def test_the_printed_python_lines_run(small_demo: tuple[Path, str]) -> None:
    folder, out = small_demo
    lines = out[out.index("import pandas") :]
    done = subprocess.run(
        [sys.executable, "-c", lines], capture_output=True, text=True, check=False, encoding="utf-8", cwd=folder.parent,
        env={"PYTHONPATH": str(Path(crm.__file__).parents[1]), "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "customer_id" in done.stdout
    assert "electronics" in done.stdout


class Terminal(io.StringIO):
    """A place to write to that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("place", [Terminal, io.StringIO])
def test_a_bar_shows_the_steps_in_a_terminal_and_nothing_elsewhere(
    place: type[io.StringIO], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demonstration, "CUSTOMERS", 300)
    monkeypatch.setattr(demonstration, "must_compile", lambda: False)
    monkeypatch.setattr(sys, "stderr", place())
    monkeypatch.setenv("COLUMNS", "100")
    with redirect_stdout(io.StringIO()) as out, pytest.raises(SystemExit):
        app(["demo", "--out", str(tmp_path / "out")], prog_name="crmsim")
    said = sys.stderr.getvalue()  # type: ignore[attr-defined]
    steps = re.findall(r"(\w[^|\r]*\w) *\|[^|]*\| (\d) of 4 steps done", said)
    assert list(dict.fromkeys(steps)) == ([] if place is io.StringIO else [
        ("loading the simulator", "0"), ("simulating", "1"), ("adding up", "2"), ("writing tables and picture", "3"),
    ])  # fmt: skip
    assert "steps done" not in out.getvalue()


def draw_there(painter: Painter, sheet: Sheet, path: Path) -> None:
    """Have it drawn, by the second process itself."""
    with painter, pytest.MonkeyPatch.context() as patch:
        patch.delattr("crmsim.plots.figure.draw_sheet")
        painter.order(sheet)
        painter.deliver(path)


def test_files_where_the_user_stands_are_no_modules(
    shop_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a student's json.py nor the copy of the repository beside an installation."""
    (tmp_path / "json.py").write_text("raise SystemExit('not this one')", encoding="utf-8")
    (tmp_path / "crmsim").mkdir()
    (tmp_path / "crmsim" / "__init__.py").write_text("raise SystemExit('not this one')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    draw_there(Painter(), overview_sheet(shop_run), tmp_path / "drawn.png")
    assert (tmp_path / "drawn.png").read_bytes().startswith(PNG)


def test_the_second_process_may_help_with_compiling_before_it_draws(shop_run: Run, tmp_path: Path) -> None:
    sheet = overview_sheet(shop_run)
    draw_there(Painter(), sheet, tmp_path / "drawn.png")
    draw_there(Painter(compiling=True), sheet, tmp_path / "compiled and drawn.png")
    assert (tmp_path / "drawn.png").read_bytes() == (tmp_path / "compiled and drawn.png").read_bytes()


@pytest.mark.parametrize("must", [False, True])
def test_the_demo_has_its_second_process_compile_when_that_must_be_done(
    must: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    class Asked(Painter):
        def __init__(self, *, compiling: bool = False) -> None:
            asked.append(compiling)
            super().__init__()

    monkeypatch.setattr(demonstration, "CUSTOMERS", 300)
    monkeypatch.setattr(demonstration, "Painter", Asked)
    monkeypatch.setattr(demonstration, "must_compile", lambda: must)
    with redirect_stdout(io.StringIO()), pytest.raises(SystemExit):
        app(["demo", "--out", str(tmp_path / "out")], prog_name="crmsim")
    assert asked == [must]


def test_the_picture_is_drawn_here_when_no_second_process_can(
    shop_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = overview_sheet(shop_run)
    draw_there(Painter(), sheet, tmp_path / "there.png")
    for executable in ("/nowhere/python", sys.executable + " -c"):
        monkeypatch.setattr(sys, "executable", executable)
        with Painter() as painter:
            painter.order(sheet)
            painter.deliver(tmp_path / "here.png")
        assert (tmp_path / "here.png").read_bytes() == (tmp_path / "there.png").read_bytes()
