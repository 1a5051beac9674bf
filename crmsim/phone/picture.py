"""A script as a picture (SVG): boxes in rows from the start down to the ends, an arrow for each answer.

A node stands one row below the lowest node that leads to it without going back; ends stand in the last row. Within a
row, boxes are ordered by the mean place of those above them (Sugiyama, Tagawa and Toda 1981), which saves crossings. An
end to which more than `FEW` nodes lead gets no arrows: the answers that lead to it are listed in the boxes. The label
of an arrow stands at the first place along it, from the middle outwards, where it covers no box and no other label.
The picture is text made here, needs no network and no library, and holds nothing but shapes and escaped words.
"""

from __future__ import annotations

from collections.abc import Collection
from html import escape
from typing import NamedTuple

from crmsim.customers.arguments import names_of
from crmsim.phone.arguments import script_of, tongue_of
from crmsim.phone.drawing import COLOURS, END_COLOUR, FAULT_COLOUR, arrows_of
from crmsim.phone.labels import LINE, Area, Curve, cut, labels_of
from crmsim.phone.model import Script

FEW = 2
WIDTH, ROW, GAP = 160, 62, 26
N_SWEEPS = 4
INK, GREY = "#222222", "#777777"
Arrow = tuple[str, str, str]


class Box(NamedTuple):
    """The box of a node or end: the middle of its upper edge, its height, and its lines."""

    x: float
    y: float
    height: float
    lines: tuple[str, ...]

    @property
    def area(self) -> Area:
        """What it covers."""
        return self.x - WIDTH / 2, self.y, self.x + WIDTH / 2, self.y + self.height


def svg(script: Script, *, language: str | None = None, marked: Collection[str] = ()) -> str:
    """The script as a picture.

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
        An SVG document.

    Raises
    ------
    InputError
        It is no script, `marked` is no list of names, or the language is not known.

    Examples
    --------
    >>> import crmsim as crm
    >>> picture = crm.phone.svg(crm.phone.parse(crm.phone.TINY))
    >>> picture.startswith("<svg"), picture.count("<rect")
    (True, 6)
    """
    tongue = tongue_of(language, else_of=script_of(script, what="svg"))
    marked = names_of("marked", marked, example="['open']")
    drawn, listed = _arrows(script)
    boxes = boxes_of(script, listed, tongue)
    curves, solid = curves_of(drawn, boxes), [box.area for box in boxes.values()]
    width = max(box.x for box in boxes.values()) + WIDTH / 2 + GAP
    height = max(box.y + box.height for box in boxes.values()) + GAP
    title = escape(f"{script.script}: {len(script.nodes)} nodes, {len(script.ends)} ends")
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
        f'height="{height:.0f}" role="img" font-family="sans-serif" font-size="11">',
        f"<title>{title}</title>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        f'<path d="M0 0L8 4L0 8z" fill="{GREY}"/></marker></defs>',
        *(_drawn_arrow(curve) for curve, _ in curves),
        *(_drawn_box(script, name, box, red=name in marked) for name, box in boxes.items()),
        *(_words(x, y, label, colour=GREY, halo=True) for x, y, label in labels_of(curves, solid)),
        "</svg>",
    ]) + "\n"  # fmt: skip


def _arrows(script: Script) -> tuple[list[Arrow], dict[str, list[str]]]:
    """The arrows that are drawn, and for each node the answers that are only listed in its box."""
    arrows = list(arrows_of(script))
    leading = [target for _, target, _ in arrows if target not in script.nodes_by_id]
    drawn: list[Arrow] = []
    listed: dict[str, list[str]] = {}
    for source, target, label in arrows:
        if leading.count(target) > FEW or target not in {*script.nodes_by_id, *script.ends_by_id}:
            listed.setdefault(source, []).append(f"{label} → {target}")
        else:
            drawn.append((source, target, label))
    return drawn, listed


def boxes_of(script: Script, listed: dict[str, list[str]], language: str) -> dict[str, Box]:
    """Where the box of every node and end stands, and its lines."""
    rows = _rows(script)
    width, top, found = max(len(row) for row in rows) * (WIDTH + GAP), float(GAP), {}
    for row in rows:
        lines = {name: (name, _second(script, name, language), *listed.get(name, ())) for name in row}
        for number, name in enumerate(row):
            x = width * (number + 0.5) / len(row) + GAP / 2
            found[name] = Box(x, top, LINE * (len(lines[name]) + 1), lines[name])
        top += max(box.height for name, box in found.items() if name in lines) + ROW
    return found


def _second(script: Script, name: str, language: str) -> str:
    node = script.nodes_by_id.get(name)
    return node.say.spoken(language) if node is not None else script.ends_by_id[name].disposition or "?"


def _rows(script: Script) -> list[list[str]]:
    graph = script.graph
    level: dict[str, int] = {}
    for name in graph.order:
        level[name] = 1 + max((level[source] for source in graph.before.get(name, ()) if source in level), default=-1)
    last = 1 + max(level[name] for name in level if name not in graph.ends)
    level.update({name: last for name in graph.ends if name not in script.nodes_by_id})
    level.update({name: last + 1 for name in script.nodes_by_id if name not in level})
    rows: list[list[str]] = [[] for _ in range(1 + max(level.values()))]
    for name, number in level.items():
        rows[number].append(name)
    rows = [sorted(row) if level[row[0]] == last else row for row in rows if row]
    for _ in range(N_SWEEPS):
        _order(rows, graph.before)
    return rows


def _order(rows: list[list[str]], before: dict[str, tuple[str, ...]]) -> None:
    """Put each box of a row below the mean place of those that lead to it from above."""
    place = {name: (number + 0.5) / len(rows[0]) for number, name in enumerate(rows[0])}
    for row in rows[1:]:
        own = {name: (number + 0.5) / len(row) for number, name in enumerate(row)}
        above = {name: [place[source] for source in before.get(name, ()) if source in place] for name in row}
        row.sort(key=lambda name: sum(above[name]) / len(above[name]) if above[name] else own[name])
        place |= {name: (number + 0.5) / len(row) for number, name in enumerate(row)}


def _drawn_box(script: Script, name: str, box: Box, *, red: bool) -> str:
    node = script.nodes_by_id.get(name)
    colour, corner = (COLOURS[node.stage], 4) if node is not None else (END_COLOUR, 18)
    border = f'stroke="{FAULT_COLOUR}" stroke-width="3"' if red else f'stroke="{GREY}"'
    shape = (f'<rect x="{box.x - WIDTH / 2:.1f}" y="{box.y:.1f}" width="{WIDTH}" height="{box.height:.1f}" '
             f'rx="{corner}" fill="{colour}" {border}/>')  # fmt: skip
    lines = (
        _words(box.x, box.y + LINE * (number + 1.2), line, colour=INK if number < 2 else GREY, bold=number == 0)
        for number, line in enumerate(box.lines)
    )
    return shape + "".join(lines)


def curves_of(arrows: list[Arrow], boxes: dict[str, Box]) -> list[tuple[Curve, str]]:
    """Arrows and their labels; they begin side by side at the foot of a box, in the order of where they lead."""
    found = []
    for name, box in boxes.items():
        leaving = sorted((arrow for arrow in arrows if arrow[0] == name), key=lambda arrow: boxes[arrow[1]].x)
        for number, (_, target, label) in enumerate(leaving):
            foot = box.x + WIDTH * ((number + 0.5) / len(leaving) - 0.5)
            found.append((_curve(foot, box, boxes[target]), label))
    return found


def _curve(x: float, box: Box, target: Box) -> Curve:
    """From the foot of one box to the head of another; back to a box above it, or to itself, on the right."""
    y, to_x, to_y = box.y + box.height, target.x, target.y
    if to_y > y:
        return (x, y), (x, (y + to_y) / 2), (to_x, (y + to_y) / 2), (to_x, to_y)
    right, to_right = box.x + WIDTH / 2, target.x + WIDTH / 2
    out, to_middle = max(right, to_right) + GAP, to_y + target.height / 2
    return (right, box.y + box.height / 2), (out, box.y), (out, to_middle + LINE), (to_right, to_middle)


def _drawn_arrow(curve: Curve) -> str:
    path = "M{:.1f} {:.1f}C{:.1f} {:.1f} {:.1f} {:.1f} {:.1f} {:.1f}".format(*(part for end in curve for part in end))
    return f'<path d="{path}" fill="none" stroke="{GREY}" marker-end="url(#tip)"/>'


def _words(x: float, y: float, text: str, *, colour: str, bold: bool = False, halo: bool = False) -> str:
    looks = ' font-weight="bold"' * bold + ' stroke="#ffffff" stroke-width="4" paint-order="stroke"' * halo
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle" fill="{colour}"{looks}>{escape(cut(text))}</text>'
