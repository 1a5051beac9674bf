"""The command line: what it prints, its exit codes, and that bad input ends in one sentence."""

from __future__ import annotations

import io
import re
import signal
import subprocess
import sys
import time
import types
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pandas as pd
import pytest
import typer

import crmsim as crm
from crmsim.cli.commands import COURSE, app
from crmsim.cli.explaining import DEFAULT, NONE, numbers_of
from crmsim.settings.scenario import Scenario


def call(*words: object) -> tuple[int, str, str]:
    """Exit code, standard output, standard error of `crmsim words`."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", "200")
        with pytest.raises(SystemExit) as left:
            app([str(word) for word in words], prog_name="crmsim")
    return int(left.value.code or 0), out.getvalue(), err.getvalue()


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A scenario file with a misspelt key."""
    shipped = Path(crm.__file__).parent / "scenarios" / "retail.yaml"
    path = tmp_path / "broken.yaml"
    path.write_text(shipped.read_text(encoding="utf-8").replace("\nperiods: 36", "\nperods: 36"), encoding="utf-8")
    return path


def test_version() -> None:
    assert call("--version") == (0, f"crmsim {crm.__version__}\n", "")


def test_help_names_the_commands() -> None:
    code, out, _ = call("--help")
    assert code == 0
    assert all(word in out for word in ("demo", "simulate", "scenarios", "check"))


def test_scenarios_are_listed() -> None:
    code, out, _ = call("scenarios")
    assert code == 0
    assert dict(line.split(maxsplit=1) for line in out.splitlines()) == crm.scenarios()


def test_every_number_of_a_scenario_is_explained(shop: Scenario) -> None:
    numbers = {number.place: number for number in numbers_of(shop)}
    assert numbers["moves.decline.churn"].value == 0.30
    assert numbers["season.12"].value == 1.05
    assert numbers["arrival.channels.web.cost"].source == shop.sources["arrival"]
    assert all(number.source != NONE for number in numbers.values())
    assert numbers["buying.stock_kg"].source == DEFAULT
    text = shop.to_json()
    n_sources = text[text.index('"sources"') :].count("[0-9]")
    assert (
        len(numbers) == len(re.findall(r"[\[:,] ?-?\d+\.?\d*(?=[,}\]])", text[: text.index('"sources"')])) + n_sources
    )


def test_the_longest_place_that_fits_names_the_source(shop: Scenario) -> None:
    changed = shop.replace(sources={"traits": "outer", "traits.spend": "inner", "traits.spend.q": "innermost"})
    found = {number.place: number.source for number in numbers_of(changed)}
    assert found["traits.loyalty.sd"] == "outer"
    assert found["traits.spend.p"] == "inner"
    assert found["traits.spend.q"] == "innermost"
    assert found["periods"] == NONE


def test_show_prints_the_numbers_and_sources() -> None:
    code, out, _ = call("scenarios", "show", "retail")
    assert code == 0
    assert re.search(r"moves\.maturity\.churn +0\.02", out)
    assert "CDNOW" in out
    assert "城市零售商" in out


@pytest.mark.parametrize("name", crm.scenarios())
def test_every_shipped_scenario_can_be_shown(name: str) -> None:
    code, out, err = call("scenarios", "show", name)
    assert (code, err) == (0, "")
    assert crm.scenario(name).title.zh in out
    assert out.count("\n") > 20


def test_check(broken: Path) -> None:
    shipped = Path(crm.__file__).parent / "scenarios" / "retail.yaml"
    code, out, _ = call("check", shipped)
    assert code == 0
    assert "valid" in out
    code, out, err = call("check", broken)
    assert (code, out) == (2, "")
    assert re.search(r"broken\.yaml, line \d+, column 1: .*'perods'", err)


@pytest.mark.parametrize(("file_format", "file"), [("parquet", "transactions"), ("csv", "transactions.csv")])
def test_simulate_writes_the_run(tmp_path: Path, file_format: str, file: str) -> None:
    words = ("--customers", 120, "--periods", 5, "--seed", 3, "--format", file_format, "--threads", 2)
    code, out, _ = call("simulate", "retail", *words, "--partition-size", 50, "--out", tmp_path / "run")
    assert code == 0
    run = crm.simulate(crm.scenario("retail").replace(customers=120, periods=5, seed=3))
    read = {"parquet": pd.read_parquet, "csv": pd.read_csv}[file_format](tmp_path / "run" / file)  # type: ignore[operator]
    assert read["amount"].tolist() == run.transactions["amount"].tolist()
    for table in ("customers", "transactions", "contacts", "surveys", "campaigns"):
        assert re.search(rf"{table} +{len(getattr(run, table)):,} rows", out)


def test_simulate_for_students(tmp_path: Path) -> None:
    words = ("--customers", 60, "--periods", 4, "--format", "duckdb", "--no-truth")
    assert call("simulate", "retail", *words, "--out", tmp_path / "run")[0] == 0
    assert {path.name for path in (tmp_path / "run").iterdir()} == {
        *("dictionary.csv", "dictionary.md", "manifest.json", "warehouse.duckdb")
    }


BAD = {
    "no command of that name": ("simulat",),
    "no scenario of that name": ("simulate", "retial", "--out", "{}/run"),
    "no file of that name": ("simulate", "{}/nothing.yaml", "--out", "{}/run"),
    "a scenario that is a folder": ("simulate", "{}", "--out", "{}/run"),
    "no folder": ("simulate", "retail"),
    "customers not a number": ("simulate", "retail", "--customers", "many", "--out", "{}/run"),
    "no customers": ("simulate", "retail", "--customers", "0", "--out", "{}/run"),
    "periods below one": ("simulate", "retail", "--periods", "-3", "--out", "{}/run"),
    "seed below zero": ("simulate", "retail", "--seed", "-1", "--out", "{}/run"),
    "replication below zero": ("simulate", "retail", "--replication", "-1", "--out", "{}/run"),
    "no threads": ("simulate", "retail", "--threads", "0", "--out", "{}/run"),
    "no partition": ("simulate", "retail", "--partition-size", "0", "--out", "{}/run"),
    "no part": ("simulate", "retail", "--part-size", "0", "--out", "{}/run"),
    "nothing to resume": ("simulate", "retail", "--resume", "--out", "{}/run"),
    "an address of no kind": ("simulate", "retail", "--out", "nosuch://shelf/run"),
    "a file as an address": ("simulate", "retail", "--customers", "9", "--out", "file://{}/broken.yaml"),
    "unknown format": ("simulate", "retail", "--format", "xlsx", "--out", "{}/run"),
    "a file in the way": ("simulate", "retail", "--out", "{}/broken.yaml"),
    "a file on the path": ("simulate", "retail", "--customers", "9", "--out", "{}/broken.yaml/run"),
    "a folder that is not ours": ("simulate", "retail", "--out", "{}"),
    "a demonstration on a file": ("demo", "--out", "{}/broken.yaml"),
    "nothing to check": ("check",),
    "a spoilt scenario": ("check", "{}/broken.yaml"),
    "a spoilt scenario simulated": ("simulate", "{}/broken.yaml", "--out", "{}/run"),
    "nothing to show": ("scenarios", "show", "retial"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_one_message_and_exit_code_2(broken: Path, case: str) -> None:
    folder = broken.parent
    code, out, err = call(*(word.format(folder) for word in BAD[case]))
    assert code == 2
    assert out == ""
    assert "Traceback" not in err
    assert len(err.strip()) > 20
    assert list(folder.iterdir()) == [broken]


def test_interrupt_is_exit_code_130(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("crmsim.engine.streaming.make_part", interrupted)
    code, _, err = call("simulate", "retail", "--customers", 9, "--out", tmp_path / "run")
    assert code == 130
    assert err.splitlines()[-1] == "crmsim: Interrupted. Nothing was left behind."
    monkeypatch.setattr("crmsim.cli.demonstration.show_demo", interrupted)
    assert call("demo", "--out", tmp_path / "run")[::2] == (
        130, "crmsim: Interrupted. Nothing half-written was left behind.\n",
    )  # fmt: skip
    assert list(tmp_path.iterdir()) == []


def test_a_real_run_is_interrupted_and_resumed(tmp_path: Path) -> None:
    words = ("simulate", "retail", "--customers", 800, "--periods", 6, "--part-size", 8, "--threads", 2)
    command = [sys.executable, "-m", "crmsim.cli", *map(str, words), "--out", str(tmp_path / "run")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        while len(list(tmp_path.glob(".run.*/done/*.json"))) < 3:
            assert process.poll() is None
            time.sleep(0.005)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
    assert (process.returncode, out) == (130, ""), err
    assert re.search(r"^crmsim: Interrupted\. Nothing is lost: \d+ of 100 parts are kept in ", err, re.MULTILINE)
    code, _, err = call(*words, "--seed", 9, "--resume", "--out", tmp_path / "run")
    assert code == 2
    assert "another seed: 1 there, 9 now" in err
    assert call(*words, "--resume", "--out", tmp_path / "run")[0] == 0
    assert call(*words, "--out", tmp_path / "alone")[0] == 0
    manifests = [(tmp_path / name / "manifest.json").read_bytes() for name in ("run", "alone")]
    assert manifests[0] == manifests[1]
    assert {path.name for path in tmp_path.iterdir()} == {"run", "alone"}


def test_simulate_to_an_address() -> None:
    code, out, _ = call("simulate", "retail", "--customers", 50, "--periods", 3, "--out", "memory://cli/run")
    assert code == 0
    assert "Written to memory://cli/run" in out


def test_a_real_process_leaves_with_2_and_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    words = [sys.executable, "-m", "crmsim.cli", "simulate", "retail", "--out", str(tmp_path / "file")]
    done = subprocess.run(words, capture_output=True, text=True, check=False, encoding="utf-8")
    assert done.returncode == 2
    assert done.stderr.startswith("crmsim: ")
    assert done.stderr.count("\n") == 1


def test_a_console_without_chinese_is_served(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "crmsim.cli", "scenarios"]
    done = subprocess.run(words, capture_output=True, check=False, env={"PYTHONIOENCODING": "cp1252"}, cwd=_root())
    assert done.returncode == 0, done.stderr
    assert b"City retailer ?????" in done.stdout


def _root() -> Path:
    return Path(crm.__file__).parents[1]


def test_the_course_commands_are_loaded_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    course = typer.Typer()

    @course.command()
    def prepare(name: str) -> None:
        if name == "nobody":
            raise crm.InputError("There is no course of that name.")
        typer.echo(f"preparing {name}")

    @course.command()
    def other() -> None:
        raise typer.Exit(7)

    monkeypatch.setitem(sys.modules, COURSE, types.SimpleNamespace(app=course))  # type: ignore[arg-type]
    assert call("course", "prepare", "crm101") == (0, "preparing crm101\n", "")
    assert call("course", "prepare", "nobody") == (2, "", "crmsim: There is no course of that name.\n")
    assert call("course", "prepare")[0] == 2
    assert call("course", "other")[0] == 7
    monkeypatch.setitem(sys.modules, COURSE, None)  # type: ignore[arg-type]
    assert call("course", "prepare", "crm101")[0] == 2


LEAVING = """
import atexit, sys
import crmsim.cli, crmsim.cli.commands

def app(prog_name):
    print("done", end="")
    raise SystemExit({code})

atexit.register(lambda: print(", put away", end=""))
crmsim.cli.commands.app, sys.argv = app, ["crmsim", "{command}"]
class Thing:
    def __del__(self): sys.__stdout__.write(", taken apart")
thing = Thing()
crmsim.cli.main()
"""


@pytest.mark.parametrize(("command", "code", "ends"), [
    ("demo", 0, "done, put away"), ("demo", 2, "done, put away, taken apart"),
    ("check", 0, "done, put away, taken apart"),
])
def test_the_demo_is_put_away_but_not_taken_apart(command: str, code: int, ends: str) -> None:
    program = LEAVING.format(command=command, code=code)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (code, ends, "")
