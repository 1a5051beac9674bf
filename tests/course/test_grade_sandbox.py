"""The sandbox by itself: a kernel for ordinary code, and an end for everything else."""

from __future__ import annotations

import base64
import io
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crmsim.course.sandbox.keeper import NONE, OWN, SHARED, Sandbox
from crmsim.course.sandbox.limits import Limits
from crmsim.course.sandbox.outputs import Outputs
from crmsim.course.sandbox.visit import Lost, OutOfTime, Unstoppable

LIMITS = Limits(cell_seconds=2, seconds=30, memory_mb=300, processes=30, disk_mb=20, file_mb=15, output_mb=8)


def packed(**files: bytes) -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as archive:
        for name, data in files.items():
            about = tarfile.TarInfo(name)
            about.size = len(data)
            archive.addfile(about, io.BytesIO(data))
    return content.getvalue()


class Kernel:
    """Runs cells and shows what came of them as short text."""

    def __init__(self, visit: Any) -> None:
        self.visit, self.outputs = visit, Outputs()

    def __call__(self, source: str) -> str:
        messages: list[Any] = []
        self.visit.execute(source, messages)
        return "|".join(map(shown, self.outputs.of_cell(messages)))


def shown(output: Any) -> str:
    if output.output_type == "stream":
        return f"{output.name}:{output.text}"
    if output.output_type == "error":
        return f"{output.ename}:{output.evalue}"
    return f"{output.output_type}:{','.join(output.data)}:{output.data.get('text/plain', '')}"


def made(kind: str) -> Iterator[Sandbox]:
    one = Sandbox(LIMITS, walls=kind)
    yield one
    one.close()


@pytest.fixture(scope="module")
def walled(inner_walls: None) -> Iterator[Sandbox]:
    yield from made(OWN)


@pytest.fixture(scope="module", params=[OWN, NONE])
def sandbox(request: Any) -> Iterator[Sandbox]:
    if request.param != NONE:
        request.getfixturevalue("walls")
    yield from made(request.param)


def test_it_is_a_kernel_for_ordinary_code(sandbox: Sandbox) -> None:
    with sandbox.visit(packed(**{"note.txt": b"hello"}), name="u06", until=time.monotonic() + 30) as visit:
        run = Kernel(visit)
        assert run("1 + 1") == "execute_result:text/plain:2"
        assert run("x = 3\nprint('a'); print('b')") == "stdout:a\nb\n"
        assert run("import sys; print('e', file=sys.stderr); print('o'); x") == (
            "stderr:e\n|stdout:o\n|execute_result:text/plain:3")
        assert run("open('note.txt').read()") == "execute_result:text/plain:'hello'"
        assert run("import pandas as pd; pd.DataFrame({'a': [1]})").startswith("execute_result:text/plain,text/html:")
        assert run("1 / 0") == "ZeroDivisionError:division by zero"
        assert run("def f(:").startswith("SyntaxError:")
        assert run("import asyncio\nawait asyncio.sleep(0.01)\nx + 1") == "execute_result:text/plain:4"
        assert run("%%capture kept\nprint('inside')") == ""
        assert run("kept.stdout") == "execute_result:text/plain:'inside\\n'"
        assert run("%matplotlib inline\nimport matplotlib.pyplot as plt; plt.plot([1, 2]);").startswith(
            "display_data:text/plain,image/png")
        assert run("import subprocess; subprocess.run(['echo', 'from outside']);") == "stdout:from outside\n"
        assert run("!echo shell").startswith("stdout:shell")
        assert run("input('?')").startswith("StdinNotImplementedError:Nobody is there")
        assert run("exit()") == ""
        assert run("sys.exit(1)").startswith("SystemExit:1")
        assert run("get_ipython().execution_count, _ih[1]") == "execute_result:text/plain:(18, '1 + 1')"
        assert run("from IPython.display import display, clear_output\ndisplay(1); clear_output(); display(2)") == (
            "display_data:text/plain:2")
        assert run("h = display('one', display_id=True)") == "display_data:text/plain:'one'"
        assert run("import multiprocessing as m\nwith m.get_context('fork').Pool(2) as p: print(p.map(abs, [-1, -2]))"
                   ) == "stdout:[1, 2]\n"


def test_what_runs_too_long_is_interrupted_and_the_next_cell_goes_on(sandbox: Sandbox) -> None:
    with sandbox.visit(packed(), name="u06", until=time.monotonic() + 30) as visit:
        messages: list[Any] = []
        assert visit.execute("while True: pass", messages) is False
        assert [message["ename"] for message in messages] == ["KeyboardInterrupt"]
        assert visit.execute("import asyncio; await asyncio.sleep(60)", []) is False
        assert visit.execute("2", []) is True


@pytest.mark.parametrize(("code", "error", "says"), [
    ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", Lost, "signal 9"),
    ("import ctypes; ctypes.string_at(0)", Lost, "signal 11"),
    ("import os; os._exit(0)", Lost, "ended the whole program"),
    ("import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass", Unstoppable, "interrupted"),
    ("import os\nwhile True: print('x' * 400_000); os.write(1, b'y' * 400_000); get_ipython().flush()", Lost, "output"),
])
def test_what_ends_the_program_costs_itself_alone(walled: Sandbox, code: str, error: type[Lost], says: str) -> None:
    with (
        pytest.raises(error, match=says),
        walled.visit(packed(), name="u06", until=time.monotonic() + 30) as visit,
    ):
        visit.execute(code, [])
    with walled.visit(packed(), name="u06", until=time.monotonic() + 30) as visit:
        assert Kernel(visit)("3") == "execute_result:text/plain:3"


def test_the_time_of_a_submission_ends_it_even_within_a_cells_time(walled: Sandbox) -> None:
    start = time.monotonic()
    with (
        pytest.raises(OutOfTime),
        walled.visit(packed(), name="u06", until=start + 1.5) as visit,
    ):
        visit.execute("import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass", [])
    assert time.monotonic() - start < 15


@pytest.mark.parametrize(("code", "error"), [
    ("x = bytearray(350 << 20)", "MemoryError"),
    ("open('big', 'wb').write(b'x' * (18 << 20))", "OSError"),
    ("for k in range(9): open(f'f{k}', 'wb').write(b'x' * (5 << 20))", "OSError"),
    ("open('/dev/shm/big', 'wb').write(b'x' * (14 << 20)); open('/tmp/big', 'wb').write(b'x' * (14 << 20))", "OSError"),
    ("import os\nfor k in range(60):\n    if os.fork() == 0: os.kill(os.getpid(), 19)", "BlockingIOError"),
])
def test_limits_are_errors_that_code_can_see(walled: Sandbox, code: str, error: str) -> None:
    with walled.visit(packed(), name="u06", until=time.monotonic() + 30) as visit:
        run = Kernel(visit)
        assert run(code).startswith(error)
        assert run("4") == "execute_result:text/plain:4"


def test_memory_of_all_processes_together_is_limited(walled: Sandbox) -> None:
    code = (
        "import os, time\nfor k in range(4):\n    if os.fork() == 0:\n"
        "        x = b'x' * (150 << 20); time.sleep(20); os._exit(0)\ntime.sleep(20)"
    )
    with (
        pytest.raises(Lost, match="more memory"),
        walled.visit(packed(), name="u06", until=time.monotonic() + 30) as visit,
    ):
        visit.execute(code, [])


PLACES = ["/dev/shm", "/sandbox/tmp", "/sandbox/cache", "/sandbox/home", "."]
if not Path(__file__).resolve().is_relative_to("/tmp"):  # where the package itself lies nothing can be written
    PLACES.append("/tmp")
LEAVE = f"""
import os, subprocess, builtins
for place in {PLACES}:
    open(os.path.join(place, 'left'), 'w').write('loot')
subprocess.Popen(['sleep', '60'], start_new_session=True)
os.system('setsid sleep 61 &')
builtins.left = 1
"""
LOOK = f"""
import glob, builtins
[p for place in {PLACES} for p in glob.glob(place + '/left')], hasattr(builtins, 'left'), [
    p for p in map(lambda n: open(n).read(), glob.glob('/proc/[0-9]*/cmdline')) if 'sleep' in p]
"""


@pytest.mark.parametrize("kind", [OWN, SHARED])
def test_one_submission_leaves_nothing_to_the_next(inner_walls: None, kind: str) -> None:
    one = Sandbox(LIMITS, walls=kind)
    for code, expected in ((LEAVE, ""), (LOOK, "execute_result:text/plain:([], False, [])")):
        with one.visit(packed(), name="u06", until=time.monotonic() + 60) as visit:
            assert Kernel(visit)(code) == expected
    one.close()


def test_without_namespaces_of_its_own_a_submission_that_fills_the_disk_is_stopped(walls: None) -> None:
    one = Sandbox(LIMITS, walls=SHARED)
    with (
        pytest.raises(Lost, match="more files"),
        one.visit(packed(), name="u06", until=time.monotonic() + 60) as visit,
    ):
        visit.execute("for k in range(9): open(f'f{k}', 'wb').write(b'x' * (5 << 20))\nimport time; time.sleep(9)", [])
    one.close()


def test_outputs_of_strangers_are_rebuilt() -> None:
    picture = base64.b64encode(b"png").decode()
    (stream, shown_data, failed) = Outputs().of_cell([
        {"kind": "stream", "name": ["stdout"], "text": "a\ud800" + "b" * 300_000},
        {"kind": "stream", "name": "stdout", "text": 7},
        {"kind": "display", "data": {
            "text/plain": ["no text"], "image/png": picture, "image/jpeg": "<script>", "image/svg+xml": "<svg/>",
            "application/javascript": "alert(1)", "text/html": "\udfff", "../../x": "y",
            "application/vnd.crmsim.verdict+json": {"points": 9}, "application/json": {"a": ["\ud800"]},
        }, "metadata": {"evil": 1}},
        {"kind": "update", "id": "nobody", "data": {}}, {"kind": "nonsense"}, {},
        {"kind": "error", "ename": None, "evalue": {"a": 1}, "traceback": "no list"},
    ])
    assert (stream.name, stream.text[:2]) == ("stdout", "a?")
    assert 200_000 <= len(stream.text) < 201_000
    assert shown_data.data == {"image/png": picture, "text/html": "?", "application/json": {"a": ["?"]}}
    assert shown_data.metadata == {}
    assert (failed.ename, failed.evalue, failed.traceback) == ("", "", [])


def test_marking_schemes_are_out_of_sight_wherever_the_package_keeps_them(
    walls: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Inside an installed package, and beside one in a checkout that lies where the interpreter can see it."""
    import shutil

    from crmsim.course.sandbox import bubblewrap

    package = tmp_path / "site" / "crmsim"
    shutil.copytree(bubblewrap._package(), package, ignore=shutil.ignore_patterns("__pycache__"))
    folders = [package / "_shipped" / "course" / "marking", tmp_path / "site" / "assignments" / "marking",
               tmp_path / "site" / "tests", tmp_path / "tmp" / "marking-1"]
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "u06.py").write_text("scheme")
    (tmp_path / "alias").symlink_to(tmp_path)
    monkeypatch.setattr(bubblewrap, "_package", lambda: package)
    monkeypatch.setattr(bubblewrap.site, "getsitepackages", lambda: [str(tmp_path / "alias")])
    monkeypatch.setattr(bubblewrap.tempfile, "gettempdir", lambda: str(tmp_path / "tmp"))
    places = [str(place / path.relative_to(tmp_path)) for path in folders for place in (tmp_path, tmp_path / "alias")]
    for path in folders, []:
        if not path:
            monkeypatch.setattr(bubblewrap, "_hidden", lambda hide: [])
        one = Sandbox(LIMITS)
        with one.visit(packed(), name="u06", until=time.monotonic() + 30) as visit:
            run = Kernel(visit)
            assert str(package) in run("import os, crmsim\ncrmsim.__file__")
            found = run(f"sum(os.path.exists(place + '/u06.py') for place in {places})")
        one.close()
        assert (found == "execute_result:text/plain:0") == bool(path), found


def test_the_course_is_out_of_sight_even_inside_the_interpreters_folder(walls: None, tmp_path: Path) -> None:
    """An instructor may keep the course in any place, such as an environment's own folder."""
    import sys

    course = Path(sys.prefix) / "share" / f"course-{tmp_path.name}"
    course.mkdir(parents=True)
    try:
        (course / "secret").write_text("s")
        for hide, expected in (([course], "[]"), ([], "['secret']")):
            one = Sandbox(LIMITS, hide=hide)
            with one.visit(packed(), name="u06", until=time.monotonic() + 30) as visit:
                assert Kernel(visit)(f"import os; os.listdir({str(course)!r})").endswith(expected)
            one.close()
    finally:
        (course / "secret").unlink()
        course.rmdir()
