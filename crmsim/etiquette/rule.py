"""Rules of etiquette (礼仪) as data, and what a check hands back.

A rule is an entry of a data file beside this module, never a line of code: `telephone.yaml` holds TE1-TE11,
`visits.yaml` dress, jewellery, handshake, time of arrival and preparation. A file maps the name of a group to a
list of entries; every entry has exactly the fields of `Rule` except `group`, and may leave out `parameters`,
`outside` and `outside_parameters`:

    dress:
      - code: K03
        name: Three-colour rule
        zh: 三色原则
        source: 001/doc11
        says: ...              # one sentence; says_zh the same in Chinese
        says_zh: ...
        wrong: ...             # one example that breaks the rule, and wrong_zh
        wrong_zh: ...
        right: ...             # one example that keeps it, and right_zh
        right_zh: ...
        parameters: {max_colours: 3}

`outside: true` marks a rule that the course material does not contain ([EXT]); `outside_parameters` names the
parameters whose numbers were added ([EXT]) although the rule itself stands in the material.

A check is a small function that takes facts and returns findings: one `Finding` for each rule that is broken,
with the evidence. Where two rules of the material contradict each other the result is a `Conflict`: nothing in
the material says which one wins, so no function decides it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd

from crmsim.errors import InputError, did_you_mean, told

FILES = ("telephone.yaml", "visits.yaml")
_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Rule:
    """One rule of etiquette, in English and Chinese, with its source and its numbers."""

    code: str
    group: str
    name: str
    zh: str
    source: str
    says: str
    says_zh: str
    wrong: str
    wrong_zh: str
    right: str
    right_zh: str
    parameters: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    outside: bool = False
    outside_parameters: tuple[str, ...] = ()

    @property
    def mark(self) -> str:
        """``"[EXT]"`` for a rule from outside the course material, else an empty text."""
        return "[EXT]" if self.outside else ""


@dataclass(frozen=True)
class Finding:
    """One broken rule: its code, what shows it, where, and what to do instead."""

    code: str
    evidence: str
    place: str | int | None
    advice: str


@dataclass(frozen=True)
class Conflict:
    """Rules that hold at the same time and demand different things; nobody decided which one wins."""

    codes: tuple[str, ...]
    evidence: str


def rule(code: str) -> Rule:
    """Return the rule with this code.

    Errors: `InputError` for an unknown code, with the nearest known one.

    >>> rule("K03").zh, rule("K03").parameters["max_colours"]
    ('三色原则', 3)
    """
    known = _catalogue()
    if not isinstance(code, str) or code not in known:
        raise InputError(f"{code!r} is no rule of etiquette. {did_you_mean(str(code), known)}")
    return known[code]


def rules(group: str | None = None) -> pd.DataFrame:
    """Return all rules, or those of one group, as a table.

    Parameters
    ----------
    group : str, optional
        ``"telephone"``, ``"dress"``, ``"jewellery"``, ``"handshake"``, ``"arrival"`` or ``"preparation"``.

    Returns
    -------
    DataFrame
        One row a rule, index `code`; the columns are the other fields of `Rule`.

    Errors: `InputError` for an unknown group.

    >>> rules("jewellery").zh.to_dict()
    {'JW1': '数量原则', 'JW2': '质色原则', 'JW3': '搭配原则', 'JW4': '习俗原则'}
    """
    entries = list(_catalogue().values())
    groups = list(dict.fromkeys(entry.group for entry in entries))
    if group is not None and (not isinstance(group, str) or group not in groups):
        raise InputError(f"{told(group)} is no group of rules. {did_you_mean(str(group), groups)}")
    chosen = [_row(entry) for entry in entries if group in (None, entry.group)]
    return pd.DataFrame(chosen).set_index("code")


def _row(entry: Rule) -> dict[str, Any]:
    cells = {name: getattr(entry, name) for name in Rule.__dataclass_fields__}
    return {**cells, "parameters": dict(entry.parameters)}


@cache
def _catalogue() -> dict[str, Rule]:
    """Every rule by its code, in the order of the files."""
    found: dict[str, Rule] = {}
    for name in FILES:
        for entry in read_rules(_FOLDER / name):
            if entry.code in found:
                raise InputError(f"{_FOLDER / name}: the code {entry.code!r} stands twice; every rule needs its own.")
            found[entry.code] = entry
    return found


def read_rules(path: Path) -> list[Rule]:
    """Read the rules of one data file.

    Errors: `InputError` with line and column when the file is not YAML or an entry lacks a field, has an
    unknown one or one of the wrong type.
    """
    from pydantic import TypeAdapter, ValidationError

    from crmsim.settings.yaml_file import read_yaml, refuse

    content, source = read_yaml(path)
    found: list[Rule] = []
    many: Any = list
    entries_of = TypeAdapter(many[_entry_model()])
    for group, entries in content.items():
        try:
            read = entries_of.validate_python(entries)
        except ValidationError as error:
            first = error.errors()[0]
            raise refuse(source, (group, *first["loc"]), first["msg"], "See crmsim/etiquette/rule.py.") from None
        found.extend(_rule(group, entry) for entry in read)
    return found


def _rule(group: str, entry: Any) -> Rule:
    added = tuple(entry.outside_parameters)
    values = {**dict(entry), "parameters": MappingProxyType(entry.parameters), "outside_parameters": added}
    return Rule(group=group, **values)


@cache
def _entry_model() -> Any:
    """The shape of one entry of a file; pydantic is imported only when a file is read."""
    from pydantic import BaseModel, ConfigDict

    class Entry(BaseModel):
        model_config = ConfigDict(extra="forbid", strict=True)
        code: str
        name: str
        zh: str
        source: str
        says: str
        says_zh: str
        wrong: str
        wrong_zh: str
        right: str
        right_zh: str
        parameters: dict[str, Any] = {}
        outside: bool = False
        outside_parameters: list[str] = []

    return Entry
