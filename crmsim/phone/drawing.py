"""A script as a drawing in text: Mermaid (JupyterLab and many editors draw it) and Twee 3 (Twine plays it).

Words of the script are data, never code of the drawing: every letter that could mean something to the other language
is written as a numbered entity, ids of the drawing are numbers of its own, and lines are made one line.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Collection, Iterator

from crmsim.customers.arguments import names_of
from crmsim.phone.arguments import script_of, tongue_of
from crmsim.phone.model import End, Node, Reply, Script

SHOWN = 60
"""How many letters of a line stand in a box."""
PLAIN = frozenset(" ,.?!:-_'，。？！：、；…—“”‘’（）《》")
"""Besides letters and digits, what no drawing language reads as code."""
COLOURS = {
    "opening": "#dbe9f6", "discovery": "#e3f1dc", "pitch": "#fdebd0", "objection": "#f9dcd9", "closing": "#e8e4f3",
}  # fmt: skip
END_COLOUR, FAULT_COLOUR = "#eeeeee", "#b22222"


def mermaid(script: Script, *, language: str | None = None, marked: Collection[str] = ()) -> str:
    """The script as a Mermaid flowchart.

    Parameters
    ----------
    script : Script
    language : "zh" or "en", optional
        Of the lines; by default the script's own.
    marked : collection of str
        Ids of nodes and ends with a red border, as those with findings.

    Returns
    -------
    str
        To be shown in JupyterLab within a Markdown fence named ``mermaid``.

    Raises
    ------
    InputError
        It is no script, `marked` is no list of names, or the language is not known.

    Examples
    --------
    >>> import crmsim as crm
    >>> crm.phone.mermaid(crm.phone.parse(crm.phone.TINY)).splitlines()[3].strip()
    'e0(["done: appointment"]):::end_'
    """
    tongue = tongue_of(language, else_of=script_of(script, what="mermaid"))
    marked = names_of("marked", marked, example="['open']")
    names: dict[str, str] = {}
    for kind, number, part in script.parts:
        names.setdefault(part.id, f"{kind[0]}{number}")
    boxes = [_box(names[node.id], node, node.say.spoken(tongue)) for node in script.nodes_by_id.values()]
    boxes += [_end_box(names[end.id], end) for end in script.ends_by_id.values() if end.id not in script.nodes_by_id]
    lost = _lost(script)
    boxes += [f'    x{number}["{_coded(name)} #63;"]:::lost' for name, number in lost.items()]
    targets = {**names, **{name: f"x{number}" for name, number in lost.items()}}
    arrows = [
        f'    {names[source]} -->|"{_coded(_short(label))}"| {targets[target]}'
        for source, target, label in arrows_of(script)
    ]
    return "\n".join(["flowchart TD", *boxes, *arrows, *_looks(script, names, marked)]) + "\n"


def _box(name: str, node: Node, line: str) -> str:
    words = _coded(f"{node.id}: {_short(line)}")
    return f'    {name}["{words}"]:::{node.stage}'


def _end_box(name: str, end: End) -> str:
    words = _coded(f"{end.id}: {end.disposition or '?'}")
    return f'    {name}(["{words}"]):::end_'


def _looks(script: Script, names: dict[str, str], marked: Collection[str]) -> Iterator[str]:
    for stage, colour in {**COLOURS, "end_": END_COLOUR}.items():
        yield f"    classDef {stage} fill:{colour},stroke:#555555,color:#111111"
    yield f"    classDef lost fill:#ffffff,stroke:{FAULT_COLOUR},color:{FAULT_COLOUR},stroke-dasharray:4"
    for part in dict.fromkeys(marked):
        if part in names:
            yield f"    style {names[part]} stroke:{FAULT_COLOUR},stroke-width:3px"


def arrows_of(script: Script) -> Iterator[tuple[str, str, str]]:
    """Source, target and label of each arrow; replies between the same two share one."""
    for node in script.nodes_by_id.values():
        labels: dict[str, list[str]] = {}
        for reply in node.replies:
            labels.setdefault(reply.to, []).append(label_of(reply))
        for target, words in labels.items():
            yield node.id, target, ", ".join(dict.fromkeys(words))


def label_of(reply: Reply) -> str:
    """The intent of a reply, with its condition.

    >>> label_of(Reply.model_validate({"intent": "busy", "to": "x", "when": {"satisfaction": {"below": 3}}}))
    'busy if satisfaction below 3'
    """
    tests = reply.when.tests if reply.when is not None else {}
    conditions = [f"{column} {_wanted(wanted)}" for column, wanted in tests.items()]
    return " ".join([reply.intent or "else", *(["if", " and ".join(conditions)] if conditions else [])])


def _wanted(wanted: object) -> str:
    if isinstance(wanted, tuple):
        return " or ".join(str(value).lower() if isinstance(value, bool) else str(value) for value in wanted)
    limits = {"at least": getattr(wanted, "at_least", None), "below": getattr(wanted, "below", None)}
    return " and ".join(f"{word} {value:g}" for word, value in limits.items() if value is not None)


def twee(script: Script, *, language: str | None = None) -> str:
    """The script as Twee 3 source, which Twine and its compilers read: one passage per node and end.

    Parameters
    ----------
    script : Script
    language : "zh" or "en", optional
        Of the lines; by default the script's own.

    Returns
    -------
    str

    Raises
    ------
    InputError
        It is no script, or the language is not known.

    Examples
    --------
    >>> import crmsim as crm
    >>> source = crm.phone.twee(crm.phone.parse(crm.phone.TINY))
    >>> ":: open [opening]" in source, "[[busy->later]]" in source
    (True, True)
    """
    tongue = tongue_of(language, else_of=script_of(script, what="twee"))
    title = "".join(letter if _is_plain(letter) else " " for letter in _one_line(script.script)).strip(" :")
    about = {"ifid": _identity(script), "start": script.first.id}
    passages = [("StoryTitle", [title or "script"]), ("StoryData", [json.dumps(about, indent=2)])]
    for node in script.nodes_by_id.values():
        links = [f"[[{_entities(label_of(reply))}->{reply.to}]]" for reply in node.replies]
        passages.append((f"{node.id} [{node.stage}]", [_spoken(node.say.spoken(tongue)), *links]))
    for end in script.ends_by_id.values():
        if end.id not in script.nodes_by_id:
            words = [_spoken(end.say.spoken(tongue))] if end.say is not None else []
            passages.append((f"{end.id} [end {end.disposition or 'none'}]", words))
    return "\n\n".join("\n".join([f":: {name}", *lines]) for name, lines in passages) + "\n"


def _spoken(line: str) -> str:
    return f"Agent: {_entities(_one_line(line))}"


def _identity(script: Script) -> str:
    """The same script has the same identity, as Twee wants it."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, script.model_dump_json())).upper()


def _lost(script: Script) -> dict[str, int]:
    """Targets that do not exist, numbered."""
    known = {*script.nodes_by_id, *script.ends_by_id}
    targets = dict.fromkeys(reply.to for node in script.nodes_by_id.values() for reply in node.replies)
    return {name: number for number, name in enumerate(name for name in targets if name not in known)}


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _short(text: str) -> str:
    line = _one_line(text)
    return line if len(line) <= SHOWN else line[: SHOWN - 3] + "..."


def _is_plain(letter: str) -> bool:
    return letter in PLAIN or letter.isalnum()


def _written(text: str, entity: Callable[[int], str]) -> str:
    return "".join(letter if _is_plain(letter) else entity(ord(letter)) for letter in text)


def _coded(text: str) -> str:
    """As Mermaid writes letters by number: #60; is a less-than sign."""
    return _written(text, lambda number: f"#{number};")


def _entities(text: str) -> str:
    return _written(text, lambda number: f"&#{number};")
