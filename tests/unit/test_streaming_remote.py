"""Results at an address: the bytes of a folder, the manifest last, and trouble on the way."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest

import crmsim as crm
from crmsim.engine import streaming
from crmsim.engine.remote import RemotePlace
from crmsim.errors import InputError
from crmsim.settings.scenario import Scenario

PART = 150
AT = "memory://shelf/run"


@pytest.fixture(autouse=True)
def memory() -> Iterator[Any]:
    """The file system in memory, emptied before and after."""
    filesystem = fsspec.filesystem("memory")
    filesystem.store.clear()
    yield filesystem
    filesystem.store.clear()


def there(filesystem: Any) -> dict[str, str]:
    """Checksums of what is at the address."""
    names = [name for name in filesystem.find("/shelf/run") if not name.endswith(".duckdb")]
    return {name[len("/shelf/run/") :]: hashlib.sha256(filesystem.cat_file(name)).hexdigest() for name in names}


def here(folder: Path) -> dict[str, str]:
    """Checksums of what is in a folder."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".duckdb"]
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def fail_after(patch: pytest.MonkeyPatch, n_parts: int) -> None:
    make_part = streaming.make_part

    def make(job: Any, place: Any, number: int, **how: Any) -> Any:
        if number >= n_parts:
            raise KeyboardInterrupt
        return make_part(job, place, number, **how)

    patch.setattr(streaming, "make_part", make)


@pytest.mark.parametrize("file_format", ["parquet", "csv", "duckdb"])
def test_an_address_gets_the_bytes_of_a_folder(shop: Scenario, tmp_path: Path, memory: Any, file_format: str) -> None:
    how = {"format": file_format, "warehouse": True, "part_size": PART}
    assert crm.simulate_to(shop, AT, **how) == AT
    folder = crm.simulate_to(shop, tmp_path / "run", **how)
    assert there(memory) == here(folder)
    assert memory.exists("/shelf/run/warehouse.duckdb")
    memory.store.clear()
    crm.save(crm.simulate(shop), AT, **how)
    assert there(memory) == here(folder)


def test_a_file_address_is_a_folder(shop: Scenario, tmp_path: Path) -> None:
    folder = tmp_path / "my run"
    assert crm.simulate_to(shop, folder.as_uri(), part_size=PART) == folder
    assert (folder / "manifest.json").is_file()
    assert "%20" in folder.as_uri()


def test_a_file_system_with_folders_gets_them(shop: Scenario, tmp_path: Path) -> None:
    crm.simulate_to(shop, f"local://{tmp_path}/run", part_size=PART)
    assert here(tmp_path / "run") == here(crm.simulate_to(shop, tmp_path / "other", part_size=PART))


def test_the_manifest_comes_last_and_a_stopped_run_can_be_resumed(
    shop: Scenario, tmp_path: Path, memory: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        fail_after(patch, 2)
        with pytest.raises(crm.errors.Interrupted, match=r"2 of 3 parts are kept in memory://shelf/run/\.crmsim"):
            crm.simulate_to(shop, AT, part_size=PART, threads=1)
    assert "manifest.json" not in there(memory)
    with pytest.raises(InputError, match="another seed"):
        crm.simulate_to(shop.replace(seed=8), AT, part_size=PART, resume=True)
    memory.pipe_file("/shelf/run/contacts/part-00000.parquet", b"spoilt")
    order: list[str] = []
    put = RemotePlace.put

    def noted(place: Any, name: str, content: Any) -> Any:
        order.append(name)
        return put(place, name, content)

    monkeypatch.setattr(RemotePlace, "put", noted)
    crm.simulate_to(shop, AT, part_size=PART, resume=True, threads=1)
    assert there(memory) == here(crm.simulate_to(shop, tmp_path / "run", part_size=PART))
    made = {name for name in order if name.startswith("files/contacts")}
    assert made == {"files/contacts/part-00000.parquet", "files/contacts/part-00002.parquet"}
    assert [name for name in order if name in there(memory) or name.startswith("files/")][-1] == "files/manifest.json"


def test_without_resume_what_was_left_is_replaced(
    shop: Scenario, tmp_path: Path, memory: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        fail_after(patch, 2)
        with pytest.raises(crm.errors.Interrupted):
            crm.simulate_to(shop, AT, part_size=PART, format="csv", threads=1)
    crm.simulate_to(shop, AT, part_size=PART)
    assert there(memory) == here(crm.simulate_to(shop, tmp_path / "run", part_size=PART))


def test_when_no_part_is_finished_nothing_is_left(
    shop: Scenario, memory: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_after(monkeypatch, 0)
    with pytest.raises(crm.errors.Interrupted, match="Nothing was left behind"):
        crm.simulate_to(shop, AT, part_size=PART)
    assert there(memory) == {}


def test_nothing_there_is_ever_replaced(shop: Scenario, memory: Any) -> None:
    memory.pipe_file("/shelf/run/thesis.txt", b"years of work")
    for how in ({}, {"resume": True}):
        with pytest.raises(InputError, match=r"something is there already \('/shelf/run/thesis.txt'\)"):
            crm.simulate_to(shop, AT, **how)
    memory.store.clear()
    crm.simulate_to(shop, AT)
    before = there(memory)
    with pytest.raises(InputError, match="replace nothing"):
        crm.simulate_to(shop.replace(seed=8), AT)
    assert there(memory) == before


def test_a_result_that_only_had_to_be_cleared_is_completed(shop: Scenario, memory: Any) -> None:
    crm.simulate_to(shop, AT, part_size=PART)
    before = there(memory)
    job = streaming.Job(shop, streaming.Plan(), 0, crm.engine.parts.Layout(part_size=PART), 20)
    streaming.write_identity(job, RemotePlace(AT))
    with pytest.raises(InputError, match="replace nothing"):
        crm.simulate_to(shop, AT, part_size=PART)
    crm.simulate_to(shop, AT, part_size=PART, resume=True)
    assert there(memory) == before


@pytest.mark.parametrize("address", ["nosuch://shelf/run", "s3://shelf/run"])
def test_an_address_of_a_kind_that_is_not_there_is_one_message(
    shop: Scenario, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "s3fs", None)  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"(no such kind of address|a package for this kind of address is missing)"):
        crm.simulate_to(shop, address)


def test_without_fsspec_the_message_says_what_to_install(shop: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fsspec.core", None)  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"pip install 'crmsim\[scale\]'"):
        crm.simulate_to(shop, AT)


def test_a_store_that_refuses_is_one_message(shop: Scenario, memory: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise RuntimeError("AccessDenied: no.\nA second line")

    monkeypatch.setattr(type(memory), "pipe_file", refused)
    with pytest.raises(InputError, match=r"cannot be written there: AccessDenied: no\.$"):
        crm.simulate_to(shop, AT)
    assert there(memory) == {}
