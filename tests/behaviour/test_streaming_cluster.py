"""The same bytes on a Dask cluster of two worker processes, of which one is killed on the way."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streams import sums

import crmsim as crm
from crmsim.cli.commands import app
from crmsim.engine import cluster as dask
from crmsim.errors import InputError
from crmsim.settings.scenario import Scenario

pytestmark = pytest.mark.filterwarnings("ignore")  # Dask's own
PART = 20


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A scheduler and two workers on this machine, with a folder of their own."""
    from distributed import LocalCluster

    with (
        pytest.MonkeyPatch.context() as patch,
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1",
            local_directory=str(tmp_path_factory.mktemp("dask")),
        ) as made,
    ):  # fmt: skip
        patch.setattr(dask, "WAIT", "2s")
        yield made


@pytest.fixture
def client(servers: Any) -> Iterator[Any]:
    with dask.client_at(servers.scheduler_address) as connected:
        connected.wait_for_workers(2, timeout=60)
        yield connected


def kill_when_half_done(client: Any, work: Path, killed: list[int]) -> None:
    """Wait until some parts are there, then kill a worker which is at work."""
    while len(list(work.glob("done/*.json"))) < 5:
        time.sleep(0.01)
    busy = [address for address, tasks in client.processing().items() if tasks]
    pid = client.run(os.getpid)[busy[0]]
    os.kill(pid, signal.SIGKILL)
    killed.append(pid)


def test_a_worker_is_killed_and_the_bytes_are_the_same(shop: Scenario, tmp_path: Path, client: Any) -> None:
    shop = shop.replace(customers=1_200)
    alone = crm.simulate_to(shop, tmp_path / "alone", part_size=PART)
    killed: list[int] = []
    work = tmp_path / ".together.crmsim-unfinished"
    killer = threading.Thread(target=kill_when_half_done, args=(client, work, killed), daemon=True)
    killer.start()
    together = crm.simulate_to(shop, tmp_path / "together", part_size=PART, client=client)
    killer.join(30)
    assert len(killed) == 1
    assert sums(together) == sums(alone)
    assert len(sums(alone)) > 8 * 60


def test_a_run_stopped_here_goes_on_there(
    shop: Scenario, tmp_path: Path, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crmsim.engine import streaming

    alone = crm.simulate_to(shop, tmp_path / "alone", part_size=100)
    make_part = streaming.make_part

    def make(job: Any, place: Any, number: int, **how: Any) -> Any:
        if number == 2:
            raise KeyboardInterrupt
        return make_part(job, place, number, **how)

    with monkeypatch.context() as patch:
        patch.setattr(streaming, "make_part", make)
        with pytest.raises(crm.errors.Interrupted):
            crm.simulate_to(shop, tmp_path / "run", part_size=100, threads=1)
    assert sums(crm.simulate_to(shop, tmp_path / "run", part_size=100, client=client, resume=True)) == sums(alone)


def test_the_command_uses_a_scheduler(shop: Scenario, tmp_path: Path, servers: Any) -> None:
    words = ["simulate", "retail", "--customers", "400", "--periods", "12", "--seed", "7", "--part-size", "100"]
    words += ["--out", str(tmp_path / "run"), "--scheduler", servers.scheduler_address]
    with pytest.raises(SystemExit) as left:
        app(words, prog_name="crmsim")
    assert not left.value.code
    assert sums(tmp_path / "run") == sums(crm.simulate_to(shop, tmp_path / "alone", part_size=100))


def test_what_a_worker_cannot_write_is_one_message(shop: Scenario, tmp_path: Path, client: Any) -> None:
    with pytest.raises(InputError, match=r"cannot be seen from here.*Nothing was left behind"):
        crm.simulate_to(shop, "memory://shelf/run", part_size=100, client=client)


def test_a_scheduler_that_does_not_answer_is_one_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dask, "WAIT", "300ms")
    for address in ("tcp://127.0.0.1:9", "nonsense://x"):
        with pytest.raises(SystemExit) as left:
            app(["simulate", "retail", "--out", str(tmp_path / "run"), "--scheduler", address], prog_name="crmsim")
        assert left.value.code == 2
        assert f"No Dask scheduler answers at {address!r}" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_cluster_without_workers_is_one_message(shop: Scenario, tmp_path: Path) -> None:
    from distributed import LocalCluster

    with (
        LocalCluster(n_workers=0, dashboard_address=None, host="127.0.0.1") as empty,
        dask.client_at(empty.scheduler_address) as client,
        pytest.raises(InputError, match="has no workers"),
    ):
        crm.simulate_to(shop, tmp_path / "run", client=client)
    assert list(tmp_path.iterdir()) == []
