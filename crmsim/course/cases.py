"""A case: the tables of one student's own customers, as the firm recorded them.

A case holds no seed and nothing that only the simulator knows. It comes from a small file that the instructor
handed out (``case-u06-0a1b2c3d4e.zip``, beside the notebook), or, for self-study, is made on the spot.
Every access gives a fresh copy of a table, so that a slip in one question cannot spoil the data of the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from crmsim.course.identity import folder_at, id_of, student_hash
from crmsim.errors import InputError, did_you_mean


class Tables(Mapping[str, pd.DataFrame]):
    """Named tables; each access gives a copy."""

    def __init__(self, tables: Mapping[str, pd.DataFrame]) -> None:
        self._tables = {name: table.copy() for name, table in tables.items()}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._tables:
            raise KeyError(f"no table {name!r}. {did_you_mean(name, self._tables)}")
        return self._tables[name].copy()

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)


@dataclass(frozen=True, eq=False, repr=False)
class Case:
    """What a student works on: tables, today's date, and single facts.

    Parameters
    ----------
    assignment : str
    today : Timestamp
        The moment at which the student looks back; nothing in the tables is later.
    tables : mapping of str to DataFrame
        Mostly `customers` (one row per customer, indexed by `customer_id`) and `transactions` (one row per
        purchase). Each is also an attribute: ``case.customers``.
    facts : mapping of str to number or text
        Single numbers of the firm: ``{"currency": "CNY", "budget": 5_000}``; also attributes.
    """

    assignment: str
    today: pd.Timestamp
    tables: Mapping[str, pd.DataFrame]
    facts: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tables", Tables(self.tables))
        object.__setattr__(self, "facts", dict(self.facts))

    @property
    def end(self) -> pd.Timestamp:
        """The same as `today`: the name under which analyses look for it, as in ``crm.rfm(case)``."""
        return self.today

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or "facts" not in self.__dict__:
            raise AttributeError(name)
        if name in self.tables:
            return self.tables[name]
        if name in self.facts:
            return self.facts[name]
        known = [*self.tables, *self.facts, "today"]
        raise AttributeError(f"The case has no {name!r}. {did_you_mean(name, known)}")

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self.tables, *self.facts})

    def __repr__(self) -> str:
        tables = ", ".join(f"{name} ({len(self.tables[name]):,} rows)" for name in self.tables)
        facts = "".join(f", {name} {value}" for name, value in self.facts.items())
        return f"<Case {self.assignment}: {tables}; today {self.today:%Y-%m-%d}{facts}>"


def case(assignment: str, *, student: str = "", folder: Path | str = ".") -> Case:
    """Your own case of an assignment.

    Parameters
    ----------
    assignment : str
        For instance ``"u06"``.
    student : str, optional
        Your student id. Needed only when there is no case file beside the notebook (self-study), or several.
    folder : path
        Where to look for case files; by default where the notebook is.

    Returns a `Case`. Errors: `InputError` when there is neither a case file nor a student id, or when it is not
    clear which of several files is meant.

    Examples
    --------
    >>> mine = case("u06", student="anna")
    No case file here: this is the self-study case of 'anna' for u06.
    """
    from crmsim.course import casefiles

    student = id_of(student)
    path = _which_file(casefiles.case_files(folder_at(folder), assignment), assignment, student=student)
    if path is not None:
        return casefiles.read_case(path)
    from crmsim.course.recipes import make_case, recipe_of

    made = make_case(recipe_of(assignment), assignment, student).public()
    print(f"No case file here: this is the self-study case of {student!r} for {assignment}.")
    return made


def _which_file(files: list[Path], assignment: str, *, student: str) -> Path | None:
    mine = [path for path in files if student and path.stem.endswith(student_hash(student))]
    if mine:
        return mine[0]
    if len(files) == 1:
        if student:
            print(f"Note: {files[0].name} is not named for the student id {student!r}. Is it yours?")
        return files[0]
    if files:
        raise InputError(
            f"There are {len(files)} case files for {assignment} here. Keep only your own, or give your student "
            f'id exactly as your course knows it: crm.course.case("{assignment}", student="...").'
        )
    if student:
        return None
    raise InputError(
        f"There is no case file for {assignment} here. Put the file that your instructor gave you "
        f"(case-{assignment}-….zip) into the folder of this notebook. Studying by yourself? Write any name: "
        f'crm.course.case("{assignment}", student="your name").'
    )
