"""A run that was stopped: what is kept, how it goes on, and what is left after trouble."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streams import GIFT, PART, names, sums

import crmsim as crm
from crmsim.engine import folder as folders
from crmsim.engine import streaming
from crmsim.errors import InputError, Interrupted
from crmsim.settings.scenario import Scenario


def stop_after(monkeypatch: pytest.MonkeyPatch, n_parts: int, error: BaseException) -> list[int]:
    """Let the making of parts fail when so many have been made; the numbers of those that were begun."""
    begun: list[int] = []
    make_part = streaming.make_part

    def make(job: Any, place: Any, number: int, **how: Any) -> Any:
        begun.append(number)
        if len(begun) > n_parts:
            raise error
        return make_part(job, place, number, **how)

    monkeypatch.setattr(streaming, "make_part", make)
    return begun


def stopped(shop: Scenario, out: Path | str, n_parts: int = 2, error: BaseException | None = None) -> str:
    """Stop a run after so many parts; the message."""
    with pytest.MonkeyPatch.context() as patch:
        stop_after(patch, n_parts, error or OSError(errno.ENOSPC, "full"))
        with pytest.raises((InputError, Interrupted)) as caught:
            crm.simulate_to(shop, out, part_size=PART, threads=1)
    return str(caught.value)


def test_what_is_finished_stays_and_the_rest_is_made(
    shop: Scenario, tmp_path: Path, whole: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    message = stopped(shop, tmp_path / "run")
    assert "the disk is full" in message
    assert "2 of 5 parts are kept in" in message
    assert "--resume" in message
    assert [path.name for path in tmp_path.iterdir()] == [".run.crmsim-unfinished"]
    made = stop_after(monkeypatch, 99, RuntimeError())
    assert sums(crm.simulate_to(shop, tmp_path / "run", part_size=PART, resume=True, threads=2)) == whole
    assert sorted(made) == [2, 3, 4]
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


SPOILERS: dict[str, Callable[[Path], object]] = {
    "changed": lambda file: file.write_bytes(b"x" + file.read_bytes()[1:]),
    "cut off": lambda file: file.write_bytes(file.read_bytes()[:-1]),
    "gone": lambda file: file.unlink(),
}


@pytest.mark.parametrize("how", SPOILERS)
@pytest.mark.parametrize("name", ["files/transactions/part-00001.parquet", "done/part-00001.json"])
def test_a_part_that_is_not_as_it_was_is_made_again(
    shop: Scenario, tmp_path: Path, whole: dict[str, str], monkeypatch: pytest.MonkeyPatch, how: str, name: str
) -> None:
    stopped(shop, tmp_path / "run", 3)
    SPOILERS[how](tmp_path / ".run.crmsim-unfinished" / name)
    made = stop_after(monkeypatch, 99, RuntimeError())
    assert sums(crm.simulate_to(shop, tmp_path / "run", part_size=PART, resume=True)) == whole
    assert sorted(made) == [1, 3, 4]


FORMER = {"empty": None, "the same run": (90, 7), "another run": (60, 8)}


@pytest.mark.parametrize("moved", [0, 1, 7, 40, 41])
@pytest.mark.parametrize("former", FORMER)
def test_a_run_stopped_while_its_files_are_moved_is_completed(
    shop: Scenario, tmp_path: Path, whole: dict[str, str], monkeypatch: pytest.MonkeyPatch, moved: int, former: str
) -> None:
    """Into a folder that was there before, empty or a former output: files are moved one by one, the manifest last."""
    replace, n_moved = folders.os.replace, 0

    def dying(source: Path, target: Path) -> None:
        nonlocal n_moved
        if "crmsim-unfinished" not in str(target):
            n_moved += 1
            if n_moved > moved:
                raise SystemExit
        replace(source, target)

    (tmp_path / "run").mkdir()
    if FORMER[former] is not None:
        part_size, seed = FORMER[former]
        crm.simulate_to(shop.replace(seed=seed), tmp_path / "run", part_size=part_size)
    with monkeypatch.context() as patch:
        patch.setattr(folders.os, "replace", dying)
        with pytest.raises(SystemExit):
            crm.simulate_to(shop, tmp_path / "run", part_size=PART)
    assert not (tmp_path / "run" / "manifest.json").exists()
    made = stop_after(monkeypatch, 0, RuntimeError())
    assert sums(crm.simulate_to(shop, tmp_path / "run", part_size=PART, resume=True)) == whole
    assert made == []


def test_a_run_stopped_after_its_folder_was_renamed_is_completed(
    shop: Scenario, tmp_path: Path, whole: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def dying(folder: Path, **_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(folders, "_publish", lambda made, target: (made.rename(target), dying(made)))
        with pytest.raises(SystemExit):
            crm.simulate_to(shop, tmp_path / "run", part_size=PART)
    assert sums(crm.simulate_to(shop, tmp_path / "run", part_size=PART, resume=True)) == whole
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"seed": 8}, r"another seed: 7 there, 8 now"),
        ({"customers": 401}, r"another number of customers: 400 there, 401 now"),
        ({"periods": 11}, r"another number of periods"),
        ({"season": (1.0,)}, r"another scenario\. "),
        ({"format": "csv"}, r"another format: 'parquet' there, 'csv' now"),
        ({"truth": False}, r"another choice of truth"),
        ({"warehouse": True}, r"another choice of a warehouse"),
        ({"part_size": 91}, r"another part size: 90 there, 91 now"),
        ({"replication": 1}, r"another replication"),
        ({"policy": [GIFT]}, r"another policy\. "),
    ],
)
def test_another_run_cannot_be_gone_on_with(
    shop: Scenario, tmp_path: Path, change: dict[str, Any], message: str
) -> None:
    stopped(shop, tmp_path / "run", 1)
    before = sums(tmp_path)
    how = {"part_size": PART, **{name: value for name, value in change.items() if not hasattr(shop, name)}}
    other = shop.replace(**{name: value for name, value in change.items() if hasattr(shop, name)})
    with pytest.raises(InputError, match=message):
        crm.simulate_to(other, tmp_path / "run", resume=True, **how)
    assert sums(tmp_path) == before


def test_another_version_cannot_go_on(shop: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stopped(shop, tmp_path / "run", 1)
    record = tmp_path / ".run.crmsim-unfinished" / "run.json"
    record.write_text(record.read_text().replace(f'"{crm.__version__}"', '"0.0.1"'))
    with pytest.raises(InputError, match=r"another version of crmsim: '0\.0\.1' there"):
        crm.simulate_to(shop, tmp_path / "run", part_size=PART, resume=True)
    record.write_text("{")
    with pytest.raises(InputError, match="cannot be read"):
        crm.simulate_to(shop, tmp_path / "run", part_size=PART, resume=True)


def test_nothing_to_go_on_with_is_one_message(shop: Scenario, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no unfinished run"):
        crm.simulate_to(shop, tmp_path / "a" / "run", resume=True)
    assert names(tmp_path) == set()


def test_without_resume_what_was_left_is_replaced(shop: Scenario, tmp_path: Path, whole: dict[str, str]) -> None:
    stopped(shop.replace(seed=8), tmp_path / "run")
    assert sums(crm.simulate_to(shop, tmp_path / "run", part_size=PART)) == whole
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, ""), KeyboardInterrupt(), InputError("No.")])
def test_when_no_part_is_finished_nothing_is_left(shop: Scenario, tmp_path: Path, error: BaseException) -> None:
    assert "Nothing was left behind" in stopped(shop, tmp_path / "new" / "run", 0, error)
    assert names(tmp_path) == set()


def test_an_interrupt_says_how_to_go_on(shop: Scenario, tmp_path: Path) -> None:
    message = stopped(shop, tmp_path / "run", 1, KeyboardInterrupt())
    assert message.startswith("Nothing is lost: 1 of 5 parts are kept in")
    assert message.endswith("run the same command with --resume (in Python: resume=True) to go on.")


def test_an_unforeseen_error_says_it_too(shop: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stop_after(monkeypatch, 1, RuntimeError("a bug"))
    with pytest.raises(RuntimeError, match="a bug") as caught:
        crm.simulate_to(shop, tmp_path / "run", part_size=PART, threads=1)
    assert "1 of 5 parts are kept" in caught.value.__notes__[0]


def test_a_failure_leaves_the_former_output_as_it_was(shop: Scenario, tmp_path: Path, whole: dict[str, str]) -> None:
    crm.simulate_to(shop, tmp_path, part_size=PART)
    stopped(shop.replace(seed=8), tmp_path)
    assert {name: content for name, content in sums(tmp_path).items() if "unfinished" not in name} == whole
    crm.simulate_to(shop, tmp_path, part_size=PART)
    assert sums(tmp_path) == whole
