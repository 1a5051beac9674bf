"""`crmsim phone`: what it prints, and its exit codes: 0 done, 1 errors found, 2 bad input."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from xml.etree import ElementTree

import pytest

import crmsim as crm
from crmsim.cli.commands import app
from crmsim.phone.reading import TINY

Written = Callable[..., Path]
ADVICE_ZH = "改正 `to` 后面的名称，或添加该节点。"


class Keyboard(io.StringIO):
    """Somebody at a terminal."""

    def isatty(self) -> bool:
        return True


def call(*words: object, typed: str = "", there: bool = False) -> tuple[int, str, str]:
    """Exit code, standard output, standard error of `crmsim phone words`; somebody may be there and type."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", "200")
        patch.setattr("sys.stdin", Keyboard(typed) if there else io.StringIO(typed))
        with pytest.raises(SystemExit) as left:
            app(["phone", *(str(word) for word in words)], prog_name="crmsim")
    return int(left.value.code or 0), out.getvalue(), err.getvalue()


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Write the tiny script, with a change, into a file."""

    def write(old: str = "", new: str = "", name: str = "tiny.yaml") -> Path:
        path = tmp_path / name
        path.write_text(TINY.replace(old, new, 1) if old else TINY, encoding="utf-8")
        return path

    return write


def test_help_names_the_commands() -> None:
    code, out, _ = call("--help")
    assert code == 0
    assert all(word in out for word in ("lint", "play", "score", "draw"))
    assert call("lint")[0] == 2
    assert call("lnt", "x.yaml")[0] == 2


def test_help_of_everything_loads_nothing_heavy() -> None:
    code = (
        "import sys\nfrom crmsim.cli.commands import app\n"
        "try: app(['--help'], prog_name='crmsim')\nexcept SystemExit: pass\n"
        "print([name for name in ('numpy', 'pandas', 'pydantic', 'crmsim.phone') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_errors_end_in_exit_code_1_with_their_place(written: Written) -> None:
    path = written("to: later", "to: latter")
    code, out, _ = call("lint", path)
    assert code == 1
    assert f"{path}:11:24: error undefined_target [open]: to: latter\n    Did you mean 'later'? {ADVICE_ZH}\n" in out
    assert out.splitlines()[-1].startswith("1 error, ")


def test_json_holds_exactly_the_promised_parts(written: Written) -> None:
    code, out, _ = call("lint", "--json", written("to: later", "to: latter"))
    assert code == 1
    found = json.loads(out)
    assert found[0] == {
        "severity": "error", "code": "undefined_target", "node": "open", "line": 11, "evidence": "to: latter",
        "advice": "Did you mean 'later'?",
    }  # fmt: skip
    assert {frozenset(one) for one in found} == {frozenset(found[0])}


def test_warnings_alone_end_in_exit_code_0(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crmsim.phone.linting.GROUPS", ("structure", "data"))
    crm.phone.linting._groups.cache_clear()
    code, out, _ = call("lint", written())
    assert (code, out.splitlines()[-1]) == (0, "0 errors, 1 other findings.")
    clean = written("{intent: busy, to: later}", "{intent: busy, to: later}\n      - {intent: silence, to: no}\n"
                    "      - {intent: hang_up, to: no}", name="clean.yaml")  # fmt: skip
    assert call("lint", clean) == (0, f"{clean}: nothing found.\n", "")
    monkeypatch.undo()
    crm.phone.linting._groups.cache_clear()


@pytest.mark.parametrize("command", ["lint", "play", "score", "draw"])
def test_bad_input_ends_in_exit_code_2(command: str, written: Written, tmp_path: Path) -> None:
    path = written("to: later", "too: later")
    code, out, err = call(command, path)
    assert (code, out) == (2, "")
    assert err.startswith(f"crmsim: {path}, line 11, column 24: nodes.0.replies.0.too")
    assert "Traceback" not in err
    assert call(command, tmp_path / "none.yaml")[0] == 2


def test_impossible_options_are_refused(written: Written) -> None:
    path = written()
    for words in (("play", "--calls", 1), ("score", "--calls", 20_000), ("draw", "--language", "fr"),
                  ("draw", "--out", path.parent / "no" / "folder"), ("play", "--scenario", "nosuch"),
                  ("play", "--seed", -1)):  # fmt: skip
        code, _, err = call(words[0], path, *words[1:])
        assert (code, err.startswith("crmsim: ")) == (2, True), words


def test_drawings(written: Written, tmp_path: Path) -> None:
    path, script = written(), crm.phone.parse(TINY)
    assert call("draw", path) == (0, crm.phone.mermaid(script), "")
    assert call("draw", path, "--format", "twee") == (0, crm.phone.twee(script), "")
    out = tmp_path / "tiny.svg"
    assert call("draw", path, "--format", "svg", "--out", out) == (0, "", "")
    ElementTree.fromstring(out.read_text(encoding="utf-8"))


def test_one_call_is_printed_and_is_the_same_again(written: Written) -> None:
    path = written()
    code, out, _ = call("play", path, "--seed", 3)
    assert code == 0
    assert out.count("Agent: ") >= 1
    assert "trust 0." in out
    assert " seconds; " in out.splitlines()[-1]
    assert call("play", path, "--seed", 3)[1] == out
    assert call("play", path, typed="")[0] == 0  # nobody at the keyboard: the call is printed


def test_at_a_terminal_a_call_waits_for_enter_and_can_be_left(written: Written) -> None:
    path = written()
    code, out, _ = call("play", path, typed="\n" * 60, there=True)
    assert code == 0
    assert out.count("Enter: ") == out.count("Agent: ") > 1
    assert " seconds; " in out
    code, left, _ = call("play", path, typed="q\n", there=True)
    assert (code, left.count("Agent: ")) == (0, 1)
    assert " seconds; " not in left


def test_many_calls_are_counted(written: Written) -> None:
    code, out, _ = call("play", written(), "--calls", 100)
    assert code == 0
    assert out.startswith("100 dialled, ")
    counts = [int(line.split()[1]) for line in out.splitlines() if line.startswith("  ")]
    assert sum(counts) == 100


def test_one_can_answer_oneself(written: Written) -> None:
    path = written()
    code, out, _ = call("play", path, "--answer", typed="agree\nnonsense\n1\n")
    assert code == 0
    assert "Agent: Hello, this is Ann Lee from Riverside Market. Is that Ms Smith?" in out
    assert "That is none of the answers." in out
    assert out.rstrip().endswith("Written down as: appointment.")
    assert "You hung up." in call("play", path, "--answer", typed="q\n")[1]
    assert "You hung up." in call("play", path, "--answer", typed="")[1]


def test_a_score_has_three_numbers_and_a_baseline(written: Written) -> None:
    path = written()
    code, out, _ = call("score", path, "--baseline", path, "--calls", 40, "--replications", 1)
    assert code == 0
    assert all(word in out for word in ("1. Quality: ", "2. Compliance: ", "3. Outcome: ", "standard error"))
    assert "against the baseline: +0.00" in out


def test_examples_are_listed_and_printed_to_start_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, _ = call("examples")
    assert code == 0
    assert len(out.splitlines()) == len(crm.phone.examples()) == 10
    assert "win_back_en" in out
    assert "bad on purpose: no_convenience_question" in out
    code, text, _ = call("examples", "win_back_zh")
    assert code == 0
    assert crm.phone.parse(text) == crm.phone.example("win_back_zh")
    code, _, said = call("examples", "win_bak_zh")
    assert code == 2
    assert "win_back_zh" in said


def test_an_example_is_known_by_its_name_unless_there_is_such_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: Written
) -> None:
    monkeypatch.chdir(tmp_path)
    assert call("lint", "win_back_zh")[:2] == (0, "win_back_zh: nothing found.\n")
    assert call("lint", "win_back_en")[0] == 1
    written("to: later", "to: latter", "win_back_zh")
    assert call("lint", "win_back_zh")[0] == 1
