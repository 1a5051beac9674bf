"""The script editor: what it shows without widgets, then the widget driven by setting its text and pressing buttons."""

from __future__ import annotations

from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

import crmsim as crm
from crmsim.errors import InputError
from crmsim.phone.reading import TINY
from crmsim.widgets import script_editor
from crmsim.widgets.editing import calls_in_html, checked, drawn, findings_in_html, flow_in_html
from crmsim.widgets.scripting import ScriptEditor

WRONG = TINY.replace("to: later", "to: latter")
HTML = "<img src=x onerror=alert(1)>"
ALLOWED = {"div", "b", "pre", "table", "thead", "tbody", "tr", "th", "td", "br"}


@pytest.fixture(scope="module")
def people():
    run = crm.simulate(crm.scenario("retail").replace(customers=120, periods=6, seed=5))
    return crm.phone.callees(run)


@pytest.fixture
def editor(people) -> ScriptEditor:
    return script_editor(people=people)


def tags(html: str) -> set[str]:
    found = set()

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: object) -> None:
            found.add(tag)

    Reader().feed(html)
    return found


def test_without_ipywidgets_one_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"editor needs the package ipywidgets.*pip install 'crmsim\[student\]'"):
        script_editor()


def test_a_text_that_is_no_script_at_the_start_is_refused() -> None:
    with pytest.raises(InputError, match="line 1, column 1"):
        script_editor("hello")


# What is shown


def test_findings_have_line_words_and_advice() -> None:
    html = findings_in_html(checked(WRONG))
    assert "1 errors" in html
    advice = "Did you mean &#x27;later&#x27;? 改正 `to` 后面的名称，或添加该节点。"
    for word in ("11", "error 错误", "open: to: latter", advice):
        assert f">{word}</td>" in html


def test_what_cannot_be_read_is_said_with_its_place_and_is_not_drawn() -> None:
    found = checked(TINY.replace("to: later", "too: later"))
    assert found.script is None
    assert "role='alert'" in findings_in_html(found)
    assert "line 11, column 24" in findings_in_html(found)
    assert drawn(found) is None


@pytest.mark.parametrize("text", [
    TINY.replace("{name}", HTML), TINY.replace("id: ask", f"id: {HTML}"), TINY.replace("to: later", f"{HTML}: later"),
    TINY.replace("{name}", "{" + HTML + "}"), TINY.replace("script: tiny", f"script: {HTML}"),
])  # fmt: skip
def test_html_of_a_script_stays_text(text: str) -> None:
    found = checked(text)
    assert tags(findings_in_html(found)) <= ALLOWED
    picture = drawn(found)
    if picture is not None:
        assert "img" not in {element.tag.split("}")[1] for element in ElementTree.fromstring(picture).iter()}


def test_the_flow_stands_in_words_too() -> None:
    html = flow_in_html(checked(TINY))
    assert "<td" in html
    assert "busy → later; opt_out → never; agree → ask; else → no</td>" in html
    assert flow_in_html(checked("nodes: [")) == ""
    hostile = TINY.replace("intent: busy, to: later", 'intent: busy, to: later, when: {stage: img}')
    assert tags(flow_in_html(checked(hostile))) <= {*ALLOWED, "details", "summary"}


def test_nodes_with_errors_are_red() -> None:
    assert (drawn(checked(WRONG)) or b"").count(b'stroke-width="3"') == 1
    assert (drawn(checked(TINY)) or b"").count(b'stroke-width="3"') == 0


# The widget


def test_a_change_of_the_text_changes_findings_and_picture_and_back_restores_them(editor: ScriptEditor) -> None:
    before = editor._findings.value, bytes(editor._picture.value)
    assert before[1].startswith(b"<svg")
    editor.controls["text"].value = WRONG
    assert editor.checked.findings[0].code == "undefined_target"
    assert editor._findings.value != before[0]
    assert bytes(editor._picture.value) != before[1]
    editor.controls["reset"].click()
    assert (editor._findings.value, bytes(editor._picture.value)) == before


def test_what_cannot_be_read_leaves_the_picture_and_cannot_be_called(editor: ScriptEditor) -> None:
    before = bytes(editor._picture.value)
    editor.controls["text"].value = "nodes: ["
    assert "cannot be read" in editor._findings.value
    assert bytes(editor._picture.value) == before
    assert editor.controls["call"].disabled
    editor.call()
    assert editor.called is None
    editor.reset()
    assert not editor.controls["call"].disabled


def test_calls_are_counted_beside_the_start(editor: ScriptEditor, people) -> None:
    editor.controls["call"].click()
    assert editor.called is not None
    assert editor.called.card.difference == 0
    table = editor.called.dispositions
    assert table["start"].tolist() == table["now"].tolist()
    assert table["now"].sum() == len(people)
    editor.controls["text"].value = TINY.replace("{intent: agree, to: ask}", "{intent: agree, to: no}")
    assert editor.called is None
    assert editor._results.value == ""
    editor.controls["call"].click()
    assert "appointment" not in editor.called.dispositions.index[editor.called.dispositions["now"] > 0]
    assert tags(calls_in_html(editor.called)) <= ALLOWED
    assert "against the start" in editor._results.value


def test_other_luck_is_other_luck(editor: ScriptEditor) -> None:
    editor.controls["call"].click()
    first = editor.called.card.outcome
    editor.controls["luck"].click()
    assert editor.called.card.outcome != first
    editor.controls["reset"].click()
    editor.controls["call"].click()
    assert editor.called.card.outcome == first


def test_every_control_says_what_it_does_and_the_text_is_sent_when_one_leaves_it(editor: ScriptEditor) -> None:
    for control in editor.controls.values():
        assert control.description
        assert control.tooltip
    assert editor.controls["text"].continuous_update is False


def test_it_is_shown_as_a_widget(editor: ScriptEditor) -> None:
    assert "application/vnd.jupyter.widget-view+json" in editor._repr_mimebundle_()
