"""Drawings of scripts: Mermaid, Twee and SVG hold every part, and hostile words stay words."""

from __future__ import annotations

import json
import re
from itertools import combinations
from xml.etree import ElementTree

import pytest

import crmsim as crm
from crmsim.phone.drawing import COLOURS
from crmsim.phone.labels import MOST_PLACED, area_of, common, cut, labels_of, width_of
from crmsim.phone.picture import WIDTH, Box, _arrows, boxes_of, curves_of
from crmsim.phone.reading import TINY

HOSTILE = [
    'x"]; click n0 "javascript:alert(1)" %%{init: {}}%% n0["', "--> end | subgraph ``` ~~~ #quot; #35;",
    "1. list `code` **b**", ":: StoryData\n{}",
    "[[link->never]] <<script>>alert(1)<</script>> (print: 1) $var <% x %> {{x}}",
    "</text></svg><script>alert(1)</script>", "<img src=x onerror=alert(1)> &lt; &#60; & ]]> <!-- -->",
    "\\] \\[ \\:: 您好\n:: a", "\u2028:: b", "'\"`;|()[]<>/\\^~=+*@$%&",
]  # fmt: skip
SAFE = r"(?:[\w ,.?!:\-'，。？！：、；…—“”‘’（）《》]|#\d+;)*"
MERMAID = [
    "flowchart TD", rf'    [nx]\d+\["{SAFE}"\]:::(?:{"|".join(COLOURS)}|lost)', rf'    e\d+\(\["{SAFE}"\]\):::end_',
    rf'    n\d+ -->\|"{SAFE}"\| [nex]\d+',
    r"    classDef \w+ fill:#\w{6},stroke:#\w{6},color:#\w{6}(?:,stroke-dasharray:4)?",
    r"    style [ne]\d+ stroke:#b22222,stroke-width:3px",
]  # fmt: skip


def hostile(words: str) -> crm.phone.Script:
    """A script with such words, past the checks that would refuse some of them."""
    script = crm.phone.parse(TINY)
    text = crm.phone.Text.model_construct(zh=None, en=words)
    nowhere = script.first.replies[0].model_copy(update={"to": "end"})  # a word of Mermaid's own
    first = script.first.model_copy(update={"say": text, "replies": (nowhere, *script.first.replies[1:])})
    done = script.ends[0].model_copy(update={"say": text})
    changed = {"script": words[:80], "nodes": (first, *script.nodes[1:]), "ends": (done, *script.ends[1:])}
    return script.model_copy(update=changed)


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_cannot_leave_their_box_in_mermaid(words: str) -> None:
    drawn = crm.phone.mermaid(hostile(words), marked=["open", "done", "x; click"])
    for line in drawn.rstrip("\n").split("\n"):
        assert any(re.fullmatch(form, line) for form in MERMAID), line
    assert len(drawn.splitlines()) == 1 + 7 + 7 + 7 + 2


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_make_no_passage_link_or_macro_in_twee(words: str) -> None:
    source = crm.phone.twee(hostile(words))
    heads = [line for line in source.splitlines() if line.startswith("::")]
    assert heads[2:] == [
        ":: open [opening]", ":: ask [closing]", ":: done [end appointment]", ":: later [end callback]",
        ":: never [end do_not_call]", ":: no [end refused]",
    ]  # fmt: skip
    assert source.count("[[") == 7
    spoken = [line for line in source.splitlines() if line.startswith("Agent: ")]
    assert len(spoken) == 6
    assert not any(set(line) & set("<>[]{}$\\|`") for line in spoken)
    about = json.loads(source.split(":: StoryData\n")[1].split("\n\n")[0])
    assert about["start"] == "open"
    assert re.fullmatch(r"[0-9A-F-]{36}", about["ifid"])


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stay_text_in_the_picture(words: str) -> None:
    script = hostile(words)
    tree = ElementTree.fromstring(crm.phone.svg(script, marked=["open"]))
    tags = {element.tag.split("}")[1] for element in tree.iter()}
    assert tags == {"svg", "title", "defs", "marker", "path", "rect", "text"}
    assert not any(name.startswith("on") for element in tree.iter() for name in element.attrib)
    assert tree.findtext("{*}title") == " ".join(words[:80].split(" ")) + ": 2 nodes, 4 ends"


def test_drawings_hold_every_part() -> None:
    script = crm.phone.parse(TINY)
    drawn = crm.phone.mermaid(script)
    assert 'n0 -->|"opt_out"| e2' in drawn
    assert ':::lost' not in drawn
    assert ':::lost' in crm.phone.mermaid(crm.phone.parse(TINY.replace("to: later", "to: latter")))
    chinese = crm.phone.parse(TINY.replace('say: "You', 'say: {zh: 您好}\n    # "You'))
    assert "您好" in crm.phone.mermaid(chinese, language="zh")
    picture = crm.phone.svg(script, marked=["ask"])
    assert picture.count("<rect") == 6
    assert picture.count('stroke="#b22222"') == 1
    assert picture.count("marker-end") == 7


def test_boxes_do_not_cover_each_other_and_stand_below_what_leads_to_them() -> None:
    boxes = boxes_of(crm.phone.parse(TINY), {"open": ["busy → later"] * 9}, "en")
    assert boxes["open"].y < boxes["ask"].y < boxes["done"].y
    for one, other in combinations(boxes.values(), 2):
        low, high = sorted((one, other), key=lambda box: box.y)
        assert abs(one.x - other.x) >= WIDTH or low.y + low.height < high.y


def covered(script: crm.phone.Script) -> tuple[int, float]:
    """How many labels a picture has, and how much of each other and of boxes they cover."""
    drawn, listed = _arrows(script)
    boxes = boxes_of(script, listed, script.language)
    solid = [box.area for box in boxes.values()]
    labels = [area_of((x, y), label) for x, y, label in labels_of(curves_of(drawn, boxes), solid)]
    return len(labels), sum(common(one, other) for one, other in combinations([*labels, *solid], 2))


@pytest.mark.parametrize("name", [*crm.phone.examples().index, "baseline"])
def test_labels_of_the_examples_cover_no_box_and_no_other_label(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    script = crm.phone.baseline() if name == "baseline" else crm.phone.example(name)
    n_labels, area = covered(script)
    assert n_labels > 10
    assert area == 0
    monkeypatch.setattr("crmsim.phone.labels.PLACES", (0.5,))
    assert covered(script)[1] > 100, "in the middle of their arrows they would"


def placed(drawn: list[tuple[str, str, str]], boxes: dict[str, Box]) -> list[tuple[float, float]]:
    solid = [box.area for box in boxes.values()]
    return [(x, y) for x, y, _ in labels_of(curves_of(drawn, boxes), solid)]


def test_of_too_many_arrows_no_label_is_moved() -> None:
    ids = [f"n{k}" for k in range(60)]
    nodes = [{"id": name, "stage": "closing", "say": "x", "replies": [
        {"intent": intent, "to": ids[(number + step) % 60]}
        for step, intent in enumerate(("agree", "busy", "rude", "answer"), 1)
    ]} for number, name in enumerate(ids)]  # fmt: skip
    content = {"script": "x", "purpose": "survey", "language": "en", "nodes": nodes, "ends": []}
    script = crm.phone.Script.model_validate(content)
    drawn, listed = _arrows(script)
    assert len(drawn) > MOST_PLACED
    boxes = boxes_of(script, listed, "en")
    for (curve, _), (x, _) in zip(curves_of(drawn, boxes), placed(drawn, boxes), strict=True):
        assert x == pytest.approx(sum(weight * point[0] for weight, point in zip((1, 3, 3, 1), curve, strict=True)) / 8)
    ElementTree.fromstring(crm.phone.svg(script))


def test_long_labels_are_cut_by_theirwidth_of() -> None:
    assert cut("a  b\nc") == "a b c"
    assert (width_of("中文ab"), width_of(cut("中" * 60)), width_of(cut("x" * 60))) == (6, 27, 28)  # with the dots


def test_ends_of_many_nodes_are_listed_instead_of_drawn() -> None:
    third = "  - {id: more, stage: closing, say: More?, replies: [{else: true, to: no}]}\nends:\n"
    text = TINY.replace("ends:\n", third).replace("{intent: agree, to: done}", "{intent: agree, to: more}")
    picture = crm.phone.svg(crm.phone.parse(text))
    assert picture.count("else → no") == 3
    assert "opt_out → never" not in picture  # only two nodes lead there
    assert crm.phone.svg(crm.phone.parse(TINY)).count("→") == 0


@pytest.mark.parametrize("text", [
    TINY.replace("to: ask", "to: open"), TINY.split("ends:")[0], TINY.replace("id: ask", "id: open"),
    TINY.replace("{id: no,", "{id: ask,"),
])  # fmt: skip
def test_faulty_scripts_are_drawn_too(text: str) -> None:
    script = crm.phone.parse(text)
    ElementTree.fromstring(crm.phone.svg(script))
    assert crm.phone.mermaid(script).startswith("flowchart")
    assert crm.phone.twee(script).startswith(":: StoryTitle")


def test_the_same_script_has_the_same_identity() -> None:
    one, other = crm.phone.parse(TINY), crm.phone.parse(TINY.replace("two minutes", "a minute"))
    assert crm.phone.twee(one) == crm.phone.twee(crm.phone.parse(TINY))
    assert crm.phone.twee(one).split("ifid")[1][:50] != crm.phone.twee(other).split("ifid")[1][:50]
