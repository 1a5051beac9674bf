"""What the etiquette trainer judges: settings in, broken rules and words out, no widgets.

Each page of the trainer is a function from the values of its controls to `Judged`. It asks the checks of
`crmsim.etiquette`; here nothing is decided again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from crmsim import etiquette
from crmsim.etiquette.handshake import PHASES, fired, two_people, who_first
from crmsim.etiquette.rule import Conflict, Finding
from crmsim.widgets.dressed import door_clock, man
from crmsim.widgets.explaining import counted, explained, plain, verdict

Values = Mapping[str, Any]
KINDS = {"ring": "戒指", "earring": "耳环", "necklace": "项链", "bracelet": "手镯"}
LOOKS = {
    "gold 金": ("gold", "gold"), "brass, gold-coloured 铜，金色": ("brass", "gold"), "silver 银": ("silver", "silver"),
    "steel, silver-coloured 钢，银色": ("steel", "silver"), "jade, green 玉，绿色": ("jade", "green"),
}  # fmt: skip
STYLES = ("classic", "modern", "folk", "sporty")
NOT_YET, NOBODY, COLLISION = "not yet 未答", "no rule says 规则未定", "the rules collide 规则冲突"
PHASE_WORDS = dict(zip(PHASES, ("the guest arrives 客人抵达", "during the visit 会面之中", "the guest leaves 客人告辞"),
                       strict=True))  # fmt: skip
ARRIVALS = {
    "too_early": "too early 过早", "best": "best 最好", "acceptable": "acceptable 可以", "late": "late 过晚",
}  # fmt: skip


@dataclass(frozen=True)
class Judged:
    """What a page shows: the broken rules, the words about them (HTML), and a picture (SVG) where there is one."""

    findings: list[Finding]
    words: str
    picture: str = ""
    conflict: Conflict | None = None


def judge_dress(values: Values) -> Judged:
    """Judge the clothes chosen on the page "dress"."""
    worn = {name: values[name] for name in ("top", "shirt", "shoe", "belt", "briefcase", "sock")}
    if values["tie"] != "none":
        worn["tie"] = values["tie"]
    outfit = {
        "gender": "man", "colours": list(worn.values()), "shoe": worn["shoe"], "belt": worn["belt"],
        "briefcase": worn["briefcase"], "sleeve_label": values["label"], "top": values["garment"],
        "tie": "tie" in worn, "sock_colour": worn["sock"], "sock_pattern": values["pattern"],
    }  # fmt: skip
    findings = etiquette.check_outfit(outfit)
    picture = man(
        {"tie": "black", **worn}, top=values["garment"], has_tie="tie" in worn, has_label=values["label"],
        is_patterned=values["pattern"] != "plain",
    )  # fmt: skip
    advice = "".join(plain(text) for text in etiquette.outfit_advice(outfit))
    for_men = plain("The handout gives these rules for men only. 讲义只给出了男士着装的规则。")
    return Judged(findings, counted(findings) + advice + explained(findings) + for_men, picture)


def judge_jewellery(values: Values) -> Judged:
    """Judge the pieces chosen on the page "jewellery"."""
    pieces = []
    for kind in KINDS:
        material, colour = LOOKS[values[f"{kind} look"]]
        piece = {"kind": kind, "material": material, "colour": colour, "style": values[f"{kind} style"]}
        pieces += [piece] * values[kind]
    findings = etiquette.check_jewellery(pieces, values["clothes"])
    match = etiquette.jewellery_match(pieces)
    note = plain("JW2: the materials differ, the colour agrees: tolerated. 质地不同、颜色一致，可以接受。")
    words = counted(findings) + (note if match == "tolerated" else "") + explained(findings)
    return Judged(findings, words)


def judge_handshake(values: Values, scenes: pd.DataFrame) -> Judged:
    """Judge the answer to a scene: who offers a hand first, or that no rule or more than one person is named."""
    scene = scenes.iloc[values["scene"] - 1]
    p, q = two_people(*scene["people"])
    told = plain(f"{PHASE_WORDS[scene['phase']]}: {_described(scene['people'][0])}; {_described(scene['people'][1])}.")
    if values["answer"] == NOT_YET:
        return Judged([], told + verdict("Who offers a hand first? 谁先伸手？", is_good=None))
    answer = who_first(p, q, scene["phase"])
    right = right_answer(scene)
    spoken = [Finding(order.code, order.evidence(p, q), None, "") for order, _ in fired(p, q, scene["phase"])]
    is_right = values["answer"] == right
    said = verdict(f"{'Right' if is_right else 'Not right'}: {right}.", is_good=is_right)
    if isinstance(answer, Conflict):
        said += plain("The handout does not say which rule is stronger: a person decides, and gives reasons.")
    conflict = answer if isinstance(answer, Conflict) else None
    return Judged([] if is_right else spoken, told + said + explained(spoken), conflict=conflict)


def right_answer(scene: Any) -> str:
    """Return what to choose for a scene: a name, `NOBODY` or `COLLISION`."""
    first, second = scene["people"]
    answer = who_first(first, second, scene["phase"])
    if isinstance(answer, Conflict):
        return COLLISION
    return NOBODY if answer.person is None else answer.person


def _described(person: Mapping[str, Any]) -> str:
    facts = f"{person['gender']}, {person['generation']} generation, rank {person['rank']}"
    return f"{person['name']} ({facts}{', ' + person['side'] if person['side'] else ''})"


def judge_doorstep(values: Values) -> Judged:
    """Judge an arrival so many minutes before the appointed time."""
    due = pd.Timestamp("2026-03-02 15:00")
    came = due - pd.Timedelta(minutes=values["early"])
    findings, name = etiquette.check_arrival(due, came), etiquette.arrival(due, came)
    said = f"Agreed 15:00, at the door {came:%H:%M}: {ARRIVALS[name]}"
    is_good = {"best": True, "acceptable": None}.get(name, False)
    best = [Finding("VT4", "", None, "")] if name in ("best", "acceptable") else []
    return Judged(findings, verdict(said, is_good=is_good) + explained([*findings, *best]), door_clock(values["early"]))


def judge_calendar(values: Values) -> Judged:
    """Judge when a firm is called, and how soon again when nobody answers."""
    findings = etiquette.check_time(f"{values['day']} {values['time']}", values["industry"])
    attempts = [0, values["gap"], values["gap"] + values["pause"]]
    findings += etiquette.check_attempts(attempts, [False, False, False])
    return Judged(findings, counted(findings) + explained(findings))
