"""Rosters: read with care, refused with one sentence that says where."""

from __future__ import annotations

from pathlib import Path

import pytest

from crmsim.course.students import read_roster
from crmsim.errors import InputError


def roster(folder: Path, content: str | bytes) -> Path:
    path = folder / "roster.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


GOOD = {
    "plain": "id,first_name,last_name\ns1,Na,李\ns2,Fang,王\n",
    "byte order mark": "\ufeffid,first_name,last_name\r\ns1,Na,李\r\ns2,Fang,王\r\n",
    "semicolons": "last_name;id;first_name\n李;s1;Na\n王;s2;Fang\n",
    "tabs": "id\tfirst_name\tlast_name\ns1\tNa\t李\ns2\tFang\t王\n",
    "spaces and capitals": " ID , First_Name,LAST_NAME,remark\n s1 , Na ,李,x\n\n,,\ns2,Fang,王,y\n",
    "Chinese Excel": "id,first_name,last_name\ns1,Na,李\ns2,Fang,王\n".encode("gb18030"),
}


@pytest.mark.parametrize("content", GOOD.values(), ids=GOOD)
def test_what_can_be_read(tmp_path: Path, content: str | bytes) -> None:
    students = read_roster(roster(tmp_path, content))
    assert [(one["id"], one["first_name"], one["last_name"], one["email"]) for one in students] == [
        ("s1", "Na", "李", ""), ("s2", "Fang", "王", ""),
    ]


BAD = {
    "name,email\nAnna,a@b\n": r"roster\.csv has no column id; its columns are: name, email",
    "": r"roster\.csv has no students",
    "id\n": r"roster\.csv has no students",
    "id,name\ns1,A\n,B\n": r"line 3: the id is empty",
    "id\ns1\ns2\ns1\n": r"line 4: the id 's1' is already on line 2",
    "id\nanna\nAnna\n": r"line 3: the id 'Anna' is already on line 2",
    "id\n../anna\n": r"line 2: the id '\.\./anna' has '/'",
    "id\na\\b\n": "cannot stand in the name of a folder",
    "id\nC:anna\n": "has ':'",
    "id\na+b\n": r"has '\+'",
    "id\nan*\n": r"has '\*'",
    "id\na\x07b\n": "has",
    "id\n..\n": "must not start with one of",
    "id\n.hidden\n": "must not start with one of",
    "id\n-rf\n": "must not start with one of",
    "id\n=1+1\n": r"has '\+'",
    "id\n@sum\n": "must not start with one of",
    "id\nanna.\n": "not end with a dot",
    "id\n" + "a" * 101 + "\n": "at most 100 characters",
}


@pytest.mark.parametrize(("content", "says"), list(BAD.items()), ids=lambda value: repr(value)[:25])
def test_what_is_refused(tmp_path: Path, content: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read_roster(roster(tmp_path, content))


def test_no_file_and_no_text(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read: No such file"):
        read_roster(tmp_path / "none.csv")
    with pytest.raises(InputError, match="no text in UTF-8 or GB 18030"):
        read_roster(roster(tmp_path, b"id\n\xff\xff\xff\n"))
