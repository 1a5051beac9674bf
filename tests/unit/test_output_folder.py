"""A folder of results appears complete or not at all, and nothing of the user's is touched."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable
from pathlib import Path

import pytest

import crmsim as crm
from crmsim.customers import finishing
from crmsim.engine.folder import WORK
from crmsim.engine.simulate import Run
from crmsim.errors import InputError


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def failing(error: BaseException) -> Callable[..., None]:
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


def test_parents_are_made(shop_run: Run, tmp_path: Path) -> None:
    folder = crm.save(shop_run, tmp_path / "a" / "b" / "run", truth=False)
    assert folder == tmp_path / "a" / "b" / "run"
    assert [path.name for path in folder.parent.iterdir()] == ["run"]


def test_an_empty_folder_is_used(shop_run: Run, tmp_path: Path) -> None:
    assert crm.save(shop_run, tmp_path, truth=False) == tmp_path
    assert names(tmp_path) == {
        "campaigns",
        "campaigns/part-00000.parquet",
        "contacts",
        "contacts/part-00000.parquet",
        "customers",
        "customers/part-00000.parquet",
        "dictionary.csv",
        "dictionary.md",
        "manifest.json",
        "surveys",
        "surveys/part-00000.parquet",
        "transactions",
        "transactions/part-00000.parquet",
    }


def test_a_former_output_is_replaced_and_other_files_stay(shop_run: Run, tmp_path: Path) -> None:
    crm.save(shop_run, tmp_path / "run")
    (tmp_path / "run" / "truth" / "my-notes.txt").write_text("mine")
    crm.save(shop_run, tmp_path / "run", format="csv", truth=False)
    assert names(tmp_path / "run") == {
        *("campaigns.csv", "contacts.csv", "customers.csv", "surveys.csv", "transactions.csv"),
        *("dictionary.csv", "dictionary.md", "manifest.json"),
        *("truth", "truth/my-notes.txt"),
    }


def test_a_strange_folder_is_refused(shop_run: Run, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    (tmp_path / "manifest.json").write_text('{"made_by": "somebody else", "files": {"thesis.txt": {}}}')
    with pytest.raises(InputError, match="not empty"):
        crm.save(shop_run, tmp_path)
    assert names(tmp_path) == {"thesis.txt", "manifest.json"}


def test_a_file_in_the_way_is_refused(shop_run: Run, tmp_path: Path) -> None:
    (tmp_path / "run").write_text("a file")
    with pytest.raises(InputError, match="in the way"):
        crm.save(shop_run, tmp_path / "run")
    with pytest.raises(InputError, match="a part of the path is a file"):
        crm.save(shop_run, tmp_path / "run" / "deeper")
    assert names(tmp_path) == {"run"}


def test_a_folder_in_the_way_of_a_file_is_refused_before_anything_moves(shop_run: Run, tmp_path: Path) -> None:
    crm.save(shop_run, tmp_path / "run", truth=False)
    (tmp_path / "run" / "transactions.csv").mkdir()
    before = names(tmp_path)
    with pytest.raises(InputError, match="in the way of a file"):
        crm.save(shop_run, tmp_path / "run", format="csv")
    assert names(tmp_path) == before


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EIO])
def test_what_the_disk_refuses_is_one_message_and_leaves_nothing(
    shop_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setattr(finishing, "manifest_of", failing(OSError(number, "trouble")))
    with pytest.raises(InputError, match=r"cannot be written there: (the disk is full|you may not|that disk|trouble)"):
        crm.save(shop_run, tmp_path / "new" / "run", warehouse=True)
    assert names(tmp_path) == set()


def test_a_failure_leaves_the_former_output_as_it_was(
    shop_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crm.save(shop_run, tmp_path / "run")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    monkeypatch.setattr(finishing, "manifest_of", failing(OSError(errno.ENOSPC, "")))
    with pytest.raises(InputError):
        crm.save(shop_run, tmp_path / "run", format="csv")
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_an_interrupted_save_leaves_nothing(shop_run: Run, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        crm.save(shop_run, tmp_path / "run", extras={"late.txt": failing(KeyboardInterrupt())})
    assert names(tmp_path) == set()


def test_what_a_killed_run_left_is_cleared_away(shop_run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty" / WORK).mkdir(parents=True)
    (tmp_path / f".run{WORK}").mkdir()
    (tmp_path / f".run{WORK}" / "half.parquet").write_text("half")
    for name in ("empty", "run"):
        crm.save(shop_run, tmp_path / name, truth=False)
        assert not any(WORK in path or "half" in path for path in names(tmp_path / name))
    assert {path.name for path in tmp_path.iterdir()} == {"empty", "run"}


def test_a_forged_manifest_removes_nothing_outside(shop_run: Run, tmp_path: Path) -> None:
    (tmp_path / "victim.txt").write_text("keep me")
    crm.save(shop_run, tmp_path / "run", truth=False)
    (tmp_path / "run" / "link").symlink_to(tmp_path, target_is_directory=True)
    forged = {name: {} for name in ("../victim.txt", str(tmp_path / "victim.txt"), "link/victim.txt", ".", "")}
    manifest = {"made_by": "crmsim", "files": forged}
    (tmp_path / "run" / "manifest.json").write_text(json.dumps(manifest))
    crm.save(shop_run, tmp_path / "run", truth=False)
    assert (tmp_path / "victim.txt").read_text() == "keep me"


@pytest.mark.parametrize(
    "text", ["", "[]", "null", '{"made_by": "crmsim"}', '{"made_by": "crmsim", "files": 3}', "\x00"]
)
def test_a_spoilt_manifest_makes_no_output(shop_run: Run, tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(InputError, match="no output of crmsim"):
        crm.save(shop_run, tmp_path)
