"""The etiquette trainer: every page driven by setting the values of its controls."""

from html import escape

import pytest

from crmsim.errors import InputError
from crmsim.etiquette.rule import Conflict, rule
from crmsim.widgets import etiquette_trainer
from crmsim.widgets.trainer import PAGES
from crmsim.widgets.training import COLLISION, NOBODY, NOT_YET, right_answer

DRESSED = {"tie": "navy", "belt": "black", "sock": "black", "label": False}


@pytest.fixture(scope="module")
def trainer():
    return etiquette_trainer()


@pytest.fixture(autouse=True)
def _every_control_back(request):
    yield
    if "trainer" in request.fixturenames:
        request.getfixturevalue("trainer").reset()


def codes(trainer, page):
    return [finding.code for finding in trainer.judged[page].findings]


def put(trainer, page, **values):
    for name, value in values.items():
        trainer.controls[f"{page} {name.replace('_', ' ')}"].value = value
    return codes(trainer, page)


def words(trainer, page):
    return trainer._words[page].value


def scene_of(trainer, kind):
    """Number of the first scene whose right answer is a kind: `NOBODY`, `COLLISION`, or "name"."""
    answers = [right_answer(scene) for _, scene in trainer.scenes.iterrows()]
    kinds = [answer if answer in (NOBODY, COLLISION) else "name" for answer in answers]
    return kinds.index(kind) + 1


def test_every_control_explains_itself(trainer):
    for control in trainer.controls.values():
        assert control.description
        assert len(control.tooltip) > 15


def test_every_page_has_a_title_and_words(trainer):
    tabs = trainer.view.children[0]
    assert [tabs.get_title(k) for k in range(len(PAGES))] == list(PAGES.values())
    assert all(trainer._words[page].value for page in PAGES)


def test_the_first_outfit_is_wrong_and_can_be_put_right(trainer):
    assert codes(trainer, "dress") == ["K03", "K04", "K05", "K05"]
    assert put(trainer, "dress", **DRESSED) == []
    assert "No rule is broken" in words(trainer, "dress")


@pytest.mark.parametrize(("change", "code"), [
    ({"tie": "red"}, "K03"), ({"belt": "navy"}, "K04"), ({"label": True}, "K05"), ({"garment": "jacket"}, "K05"),
    ({"garment": "short_sleeve_shirt"}, "K05"), ({"sock": "white"}, "K05"), ({"pattern": "striped"}, "K05"),
])  # fmt: skip
def test_each_dress_rule_can_be_broken_and_is_explained_in_both_languages(trainer, change, code):
    assert put(trainer, "dress", **(DRESSED | change)) == [code]
    entry, said = rule(code), words(trainer, "dress")
    assert entry.says in said
    assert entry.says_zh in said
    assert trainer.judged["dress"].findings[0].evidence in said


def test_brown_leather_gets_advice_and_no_tie_gets_no_tie_drawn(trainer):
    put(trainer, "dress", **DRESSED | {"shoe": "brown", "belt": "brown", "briefcase": "brown", "sock": "navy"})
    assert codes(trainer, "dress") == []
    assert "best they are all black" in words(trainer, "dress")
    before = trainer._pictures["dress"].value
    put(trainer, "dress", tie="none")
    assert before.count("<rect") == trainer._pictures["dress"].value.count("<rect") + 1
    assert "tie" not in trainer._pictures["dress"].value


@pytest.mark.parametrize(("change", "found"), [
    ({}, []), ({"ring": 3}, ["JW1"]), ({"necklace": 1, "bracelet": 1}, ["JW1"]),
    ({"ring_look": "silver 银"}, ["JW2"]), ({"clothes": "folk"}, ["JW3"]), ({"ring_style": "sporty"}, ["JW3"]),
    ({"ring": 0, "earring": 0, "clothes": "folk"}, []),
])  # fmt: skip
def test_each_jewellery_rule_can_be_broken(trainer, change, found):
    assert put(trainer, "jewellery", **change) == found
    assert all(rule(code).says_zh in words(trainer, "jewellery") for code in found)


def test_one_colour_of_two_materials_is_tolerated(trainer):
    assert put(trainer, "jewellery", ring_look="brass, gold-coloured 铜，金色") == []
    assert "tolerated" in words(trainer, "jewellery")


def test_before_an_answer_nothing_is_given_away(trainer):
    for number in (1, 7, 20):
        put(trainer, "handshake", scene=number)
        assert trainer.controls["handshake answer"].value == NOT_YET
        assert "HS" not in words(trainer, "handshake")


@pytest.mark.parametrize("kind", ["name", NOBODY, COLLISION])
def test_right_and_wrong_answers_to_scenes(trainer, kind):
    number = scene_of(trainer, kind)
    put(trainer, "handshake", scene=number)
    right = right_answer(trainer.scenes.iloc[number - 1])
    options = trainer.controls["handshake answer"].options
    assert len(options) == 5
    for option in options[1:]:
        put(trainer, "handshake", answer=option)
        assert ("✔ Right" in words(trainer, "handshake")) == (option == right)
        assert isinstance(trainer.judged["handshake"].conflict, Conflict) == (kind == COLLISION)
    for code in trainer.scenes.iloc[number - 1]["codes"]:
        assert escape(rule(code).says) in words(trainer, "handshake")
    assert ("a person decides" in words(trainer, "handshake")) == (kind == COLLISION)


def test_the_doorstep_clock_from_early_to_late(trainer):
    found = {minutes: put(trainer, "doorstep", early=minutes) for minutes in range(-10, 11)}
    assert {minutes for minutes, broken in found.items() if broken == ["VT3"]} == set(range(-10, 0))
    assert {minutes for minutes, broken in found.items() if broken == ["VT2"]} == {8, 9, 10}
    put(trainer, "doorstep", early=6)
    assert "14:54: best" in words(trainer, "doorstep")
    assert "arrival 6 minutes" in trainer._pictures["doorstep"].value


def test_the_calling_calendar(trainer):
    assert codes(trainer, "calendar") == ["TE6", "TE8", "TE8"]
    assert put(trainer, "calendar", day="tue", gap=10, pause=60) == []
    assert put(trainer, "calendar", time="12:00") == ["TE7"]
    assert rule("TE7").says_zh in words(trainer, "calendar")


def test_back_puts_every_page_back(trainer):
    before = {page: words(trainer, page) for page in PAGES}
    put(trainer, "dress", tie="none")
    put(trainer, "handshake", scene=9)
    put(trainer, "handshake", answer=COLLISION)
    put(trainer, "doorstep", early=-3)
    trainer.controls["reset"].click()
    assert {page: words(trainer, page) for page in PAGES} == before


def test_making_a_second_one_works():
    import crmsim as crm

    assert crm.widgets.etiquette_trainer() is not crm.widgets.etiquette_trainer()


def test_other_seeds_give_other_scenes():
    assert not etiquette_trainer(seed=2).scenes.equals(etiquette_trainer(seed=3).scenes)


def test_without_ipywidgets_one_is_told_what_to_install(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"pip install 'crmsim\[student\]'"):
        etiquette_trainer()
