"""Everything printed in the README is run."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


@pytest.mark.parametrize("code", blocks("python"))
def test_python_block_runs(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    exec(compile(code, "README.md", "exec"), {})
    assert not list(tmp_path.iterdir()), "a README block must not leave files"


def test_cdnow_block_prints_the_published_estimates(capsys: pytest.CaptureFixture[str]) -> None:
    code = next(block for block in blocks("python") if "cdnow" in block)
    exec(compile(code, "README.md", "exec"), {})
    printed = capsys.readouterr().out
    for name, published in {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}.items():
        found = float(re.search(rf"'{name}': ([0-9.]+)", printed)[1])  # type: ignore[index]
        assert found == pytest.approx(published, abs=0.002)


def test_ci_runs_the_test_command_and_nothing_else() -> None:
    command = next(block.strip() for block in blocks("sh") if "tests/run.py" in block)
    lines = [line for line in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines() if line.strip()]
    assert [line for line in lines if not line.startswith(("#", "set ", "cd "))] == [command]


def test_main_command_runs_the_demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program that the first command ends with; the installation itself is what this test runs in."""
    from typer.testing import CliRunner

    from crmsim.cli.commands import app

    steps = next(block for block in blocks("sh") if "crmsim demo" in block).split("&&")
    program, *arguments = shlex.split(steps[-1])
    assert program == ".venv/bin/crmsim"
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    assert (tmp_path / "crmsim-demo" / "overview.png").stat().st_size > 20_000


def test_the_other_crmsim_commands_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from typer.testing import CliRunner

    from crmsim.cli.commands import app

    monkeypatch.chdir(tmp_path)
    lines = [line for block in blocks("sh") for line in block.splitlines() if line.startswith(".venv/bin/crmsim ")]
    assert len(lines) >= 3
    for line in lines:
        result = CliRunner().invoke(app, shlex.split(line)[1:])
        assert result.exit_code == 0, f"{line}\n{result.output}"


def test_other_commands_name_what_exists() -> None:
    for block in blocks("sh"):
        for word in re.findall(r"[\w/.]+\.(?:py|ipynb|txt)", block):
            assert (ROOT / word).exists(), word


def test_folders_of_the_table_exist() -> None:
    for name in re.findall(r"^\| `([\w/]+)`", README, flags=re.MULTILINE):
        assert (ROOT / name).is_dir(), name


def test_every_lesson_and_assignment_stands_in_the_table() -> None:
    rows = re.findall(r"^\| .+ \| `(notebooks/[\w.]+)` \| `(u\d\d)` \|$", README, flags=re.MULTILINE)
    assert [lesson for lesson, _ in rows] == sorted(f"notebooks/{path.name}" for path in ROOT.glob("notebooks/*.ipynb"))
    assert [unit for _, unit in rows] == sorted(path.stem for path in ROOT.glob("assignments/text/u*.md"))
    assert all(lesson.startswith(f"notebooks/{unit[1:]}_") for lesson, unit in rows)


def test_installing_is_what_pip_can_resolve() -> None:
    """The extras that the README names are extras of the project."""
    import tomllib

    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert set(re.findall(r'"\.\[(\w+)\]"', README)) <= set(extras)


def test_nothing_personal_or_local_in_the_repository() -> None:
    """No machine paths and no package hosts in what is tracked."""
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    words = ("pypi" + ".org", "python" + "hosted", "registry." + "npmjs", "/ro" + "ot/", "/ho" + "me/")
    for name in tracked:
        content = (ROOT / name).read_bytes()
        assert not [word for word in words if word.encode() in content], name
