"""The field of the attack suite: honest students, attackers, and everything on the host that must stay as it is."""

from __future__ import annotations

import hashlib
import io
import os
import socket
import sys
import threading
import uuid
import zipfile
from collections.abc import Callable
from pathlib import Path
from runpy import run_path
from typing import Any

import crmsim
from crmsim.course.casefiles import file_name, write_case
from crmsim.course.identity import read_secret
from crmsim.course.marking import load_scheme
from crmsim.course.recipes import make_case

UNIQUE = uuid.uuid4().hex[:12]
MARKER, CANARY, SECONDS = f"marker-{UNIQUE}", f"canary-{UNIQUE}", f"86{int(UNIQUE, 16) % 10**8}"
HONEST = [f"honest-{number}" for number in range(4)]
FIRST = "t01_ex1"


class Listener:
    """A host's own services, which nobody from a sandbox may reach."""

    def __init__(self, folder: Path) -> None:
        self.heard: list[str] = []
        self.path, self.name = str(folder / "service"), f"service-{uuid.uuid4().hex}"
        self._open(socket.AF_UNIX, self.path)
        self._open(socket.AF_UNIX, "\0" + self.name)
        self.port = self._open(socket.AF_INET, ("0.0.0.0", 0)).getsockname()[1]

    def _open(self, family: int, address: Any) -> socket.socket:
        service = socket.socket(family)
        service.bind(address)
        service.listen()
        threading.Thread(target=self._serve, args=(service,), daemon=True).start()
        return service

    def _serve(self, service: socket.socket) -> None:
        while True:
            caller, _ = service.accept()
            self.heard.append(str(service.getsockname()))
            caller.close()


class Suite:
    """The attacks of attacks.py and attacks_on_limits.py."""

    def __init__(self) -> None:
        first, more = (run_path(str(Path(__file__).with_name(name))) for name in ("attacks.py", "attacks_on_limits.py"))
        self.start, self.end, self.reading = first["START"], first["END"], set(first["READING"])
        self.by_name: dict[str, str] = first["ATTACKS"] | more["ATTACKS"]
        self.speechless: set[str] = more["SPEECHLESS"]


SUITE = Suite()


class Battle:
    """A course with honest students and attackers, and everything on the host that must stay as it is."""

    def __init__(self, room: Any, folder: Path) -> None:
        self.room, self.listener = room, Listener(folder)
        (folder / "host-file").write_text(CANARY)
        (room.folder / "marking" / "t01.py").open("a").write(f"\n# {CANARY}\n")
        self._names = {
            "COURSE": str(room.folder), "PORT": str(self.listener.port), "SOCKETPATH": self.listener.path,
            "SOCKETNAME": self.listener.name, "HOSTPID": str(os.getpid()), "WORKERPID": str(os.getppid()),
            "HOSTADDRESS": "127.0.0.2", "HOSTFILE": str(folder / "host-file"), "HOSTHOME": str(Path.home()),
            "MARKERFILE": MARKER, "PREFIX": sys.prefix, "PACKAGE": str(Path(crmsim.__file__).parent),
            "OUTLIVESECONDS": SECONDS,
        }
        for student in HONEST:
            room.hand_in(student, room.solutions)

    def code(self, name: str) -> str:
        text = SUITE.start + SUITE.by_name[name] + SUITE.end
        for word, value in self._names.items():
            text = text.replace(word, value)
        return text

    def attack(self, name: str) -> None:
        """Hand in an attack instead of the first answer; the others are right."""
        self.room.hand_in(name, self.room.solutions | {FIRST: self.code(name)})

    def fingerprint(self) -> dict[str, str]:
        """Everything in the course that grading has no business to change: the sum of each file."""
        made = {"autograded", "grading", "gradebook.db"}
        files = [path for path in sorted(self.room.folder.rglob("*")) if path.is_file() and not path.is_symlink()]
        return {
            str(path.relative_to(self.room.folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in files if not made & set(path.parts)
        }

    def left(self) -> list[Path]:
        """Marks that attackers have left on the host."""
        places = ["/", "/tmp", "/dev/shm", "/usr", "/var/tmp", "/dev", self._names["PACKAGE"], self._names["PREFIX"]]
        outside = [path for place in places for path in Path(place).glob(f"{MARKER}*")]
        return [*outside, *self.room.folder.rglob(f"*{MARKER}*")]


def linked(target: str, name: str = "t01.ipynb") -> Callable[[Battle, str], None]:
    def place(battle: Battle, student: str) -> None:
        (battle.room.place(student) / name).symlink_to(battle.room.folder / target)

    return place


def linked_folder(battle: Battle, student: str) -> None:
    folder = battle.room.folder / "submitted" / student
    folder.mkdir()
    (folder / "t01").symlink_to(battle.room.folder / "submitted" / HONEST[0] / "t01")


def stolen_files(battle: Battle, student: str) -> None:
    for number, target in enumerate(("course-secret.txt", "marking/t01.py", "gradebook.db", "submitted/honest-1")):
        linked(target, f"stolen-{number}")(battle, student)
    read = battle.code("secret") + "take(*glob.glob('s*'), *glob.glob('*/*/*'))\nprint('TRIED')"
    battle.room.hand_in(student, battle.room.solutions | {FIRST: read})


def shadows(battle: Battle, student: str) -> None:
    evil = f"import os\nopen('{battle.room.folder}/{MARKER}', 'w')\nprint('LOOT: shadow', os.getuid())".encode()
    names = ("crmsim/__init__.py", "crmsim/course/handing.py", "pandas.py", "IPython.py", "json.py", "nbgrader.py",
             "sitecustomize.py", "usercustomize.py", "nbgrader_config.py", "marking/t01.py", "conftest.py")
    battle.room.hand_in_files(student, dict.fromkeys(names, evil))
    battle.room.hand_in(student, battle.room.solutions | {FIRST: "lost_share = 9"})


def own_case(battle: Battle, student: str) -> None:
    """A case of one's own making, under the right name, and the answer to it."""
    scheme, right, mine = marked(battle, student)
    others = (make_case(scheme.recipe, "t01", f"somebody else {number}") for number in range(99))
    other = next(other for other in others if right(other) != right(mine))
    place = battle.room.hand_in(student, {FIRST: f"lost_share = {right(other)}"}).parent
    write_case(other, place / file_name("t01", student))


def marked(battle: Battle, student: str) -> tuple[Any, Callable[[Any], float], Any]:
    """The marking scheme, the truth of its first question, and a student's case."""
    scheme = load_scheme(battle.room.folder / "marking", "t01")
    assert scheme is not None
    secret = read_secret(battle.room.folder)
    return scheme, scheme.questions[0].truth, make_case(scheme.recipe, "t01", student, secret=secret, year="2026")


def bomb(battle: Battle, student: str) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("t01.ipynb", "w") as member:
        for _ in range(300):
            member.write(b"[" * (1 << 20))
    battle.room.hand_in_files(student, {"homework.zip": packed.getvalue()})


def hostile_marks(battle: Battle, student: str) -> None:
    """Metadata that claim points, another student, another kernel; outputs that claim a verdict."""
    def change(found: Any) -> None:
        verdict = {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": {"text/plain": "2.0"}}
        found.metadata |= {"kernelspec": {"name": "../../evil", "language": "bash"}, "nbgrader": {"student": HONEST[0]}}
        for cell in found.cells:
            marks = cell.metadata.get("nbgrader", {})
            if marks.get("grade"):
                cell.metadata["nbgrader"] |= {"points": 1000, "locked": False, "student": HONEST[0]}
                cell.outputs, cell.source = [verdict], "2.0"
            elif marks:
                marks["grade_id"] = marks["grade_id"] if marks.get("solution") else "../../../etc/passwd"

    battle.room.hand_in(student, {FIRST: "lost_share = 0.99"}, change=change)


def impostor(battle: Battle, student: str) -> None:
    """A neighbour's name and the neighbour's right number."""
    _, right, mine = marked(battle, student)
    name, theirs = next((name, right(marked(battle, name)[2])) for name in HONEST
                        if right(marked(battle, name)[2]) != right(mine))
    claim = f"case = crm.course.case('t01', student='{name}')\nlost_share = {theirs}"
    battle.room.hand_in(student, {FIRST: claim})


def swollen(battle: Battle, student: str) -> None:
    """A notebook that takes twenty times its size in the memory of whoever reads it."""
    battle.room.hand_in_files(student, {"t01.ipynb": b'{"cells": [' + b"[[],[],[],[]]," * (6 << 20) + b"[]]}"})


FILES: dict[str, Callable[[Battle, str], None]] = {
    "linked-master": linked("source/t01/t01.ipynb"), "linked-neighbour": linked("submitted/honest-1/t01/t01.ipynb"),
    "linked-secret": linked("course-secret.txt"), "linked-folder": linked_folder, "stolen-files": stolen_files,
    "shadows": shadows, "own-case": own_case, "zip-bomb": bomb, "hostile-marks": hostile_marks, "impostor": impostor,
    "swollen": swollen,
}
