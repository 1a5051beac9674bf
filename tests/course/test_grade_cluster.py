"""The same marking on a Dask cluster: two worker processes on this machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crmsim.errors import InputError

pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader's and Dask's own


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from distributed import LocalCluster

    root = str(Path(__file__).resolve().parents[2])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([root, os.environ.get("PYTHONPATH", "")]))
        with LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None,
            local_directory=str(tmp_path_factory.mktemp("dask")),
        ) as made:
            yield made


def test_results_on_a_cluster_are_those_of_one_machine(walls: None, room: Any, cluster: Any) -> None:
    room.hand_in("anna", room.solutions)
    room.hand_in("bo", {})
    room.hand_in("chen", room.solutions | {"t01_ex1": "import os; os.kill(os.getpid(), 9)"})
    room.hand_in_files("dora", {"t01.ipynb": b"%PDF"})
    here = room.rows()
    shown = {student: room.shown(student) for student in here}
    there = room.rows(force=True, scheduler=cluster.scheduler_address)
    assert {student: (row.points, row.status, row.reason) for student, row in there.items()} == {
        student: (row.points, row.status, row.reason) for student, row in here.items()}
    assert {student: room.shown(student) for student in there} == shown
    assert [row.points for row in there.values()] == [11, 0, 9, 0]


def test_a_scheduler_that_does_not_answer_is_named(room: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crmsim.engine.cluster.WAIT", "1s")
    room.hand_in("anna", {})
    with pytest.raises(InputError, match=r"No Dask scheduler answers at 'tcp://127\.0\.0\.1:9'"):
        room.grade(scheduler="tcp://127.0.0.1:9")
    assert room.folder.joinpath("submitted", "anna").is_dir()
