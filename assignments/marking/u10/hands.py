"""Questions 3 and 4: who offers a hand first, and where the rules say nothing or collide."""

import pandas as pd

from crmsim.course.marking import Mistake
from crmsim.etiquette import Conflict, who_first

FACTS = ("name", "gender", "generation", "rank", "side")
N_OWN = 12
FIRSTS = {"generation": "elder", "rank": "high", "gender": "woman"}
SIDES = {"arrival": "host", "departure": "guest"}
P = {"name": "Mr Li", "gender": "man", "generation": "younger", "rank": 2, "side": "guest"}
Q = P | {"name": "Mr Wu"}
WOMAN_P, WOMAN_Q = P | {"name": "Ms Li", "gender": "woman"}, Q | {"name": "Ms Wu", "gender": "woman"}
ALONE = [
    (P | {"generation": "elder"}, Q, "middle"), (P, Q | {"generation": "elder"}, "departure"),
    (P | {"rank": 4}, Q, "middle"), (P, Q | {"rank": 5}, "arrival"), (WOMAN_P, Q, "middle"), (P, WOMAN_Q, "arrival"),
    (P | {"side": "host"}, Q, "arrival"), (P, Q | {"side": "host"}, "arrival"),
    (P | {"side": "host"}, Q, "departure"), (P, Q | {"side": "host"}, "departure"),
    (P | {"side": "host"}, Q | {"rank": 3}, "middle"), (P | {"rank": 3}, Q | {"side": "host"}, "middle"),
]


def scenes(case):
    """The student's meetings, each as two dicts and a phase."""
    return {
        label: (*({fact: _plain(row[f"{letter}_{fact}"]) for fact in FACTS} for letter in "pq"), row["phase"])
        for label, row in case.meetings.iterrows()
    }


def _plain(value):
    return value if isinstance(value, str) else int(value)


def clear_scenes(case):
    """Scenes in which the rules that speak name one person; of the student's own those where the fewest speak."""
    own = [scene for scene in scenes(case).values() if kind(scene) == "clear"]
    return sorted(own, key=lambda scene: len(named(*scene)))[:N_OWN] + ALONE


def kind(scene):
    """What the rules say about a scene."""
    answer = who_first(*scene)
    return "conflict" if isinstance(answer, Conflict) else "silent" if answer.person is None else "clear"


def named(p, q, phase, *, sides=SIDES, **firsts):
    """The names that the rules give, one for each rule that speaks.

    Slips: who of the two sides goes first in a phase, and `generation`, `rank` or `gender` with another value that goes
    first, or None where the rule is left out.
    """
    speak = FIRSTS | firsts | {"side": sides.get(phase)}
    ranks = sorted({p["rank"], q["rank"]})
    speak["rank"] = {"high": ranks[-1], "low": ranks[0]}.get(speak["rank"])
    return [
        p["name"] if p[fact] == first else q["name"]
        for fact, first in speak.items() if first is not None and p[fact] != q[fact]
    ]


def offering(**slips):
    """The function asked for, or one with slips."""

    def offers_first(p, q, phase):
        found = named(p, q, phase, **slips)
        return found[0] if found else p["name"]

    return lambda case: offers_first


def other_one(case):
    """The function that names the other one."""
    right = offering()(case)
    return lambda p, q, phase: q["name"] if right(p, q, phase) == p["name"] else p["name"]


SLIPS = [
    ("host always", {"sides": dict.fromkeys(["arrival", "middle", "departure"], "host")}, 0.7,
     "The host offers first when the guest arrives. When the guest leaves, the guest does; in between neither."),
    ("host and guest exchanged", {"sides": {"arrival": "guest", "departure": "host"}}, 0.6,
     "You exchanged host and guest: the host says welcome, the guest says goodbye."),
    ("phase forgotten", {"sides": {}}, 0.6,
     "You left out host and guest: HS6 when the guest arrives, HS7 when the guest leaves."),
    ("no welcome", {"sides": {"departure": "guest"}}, 0.75, "You left out the host, HS6: when the guest arrives."),
    ("no goodbye", {"sides": {"arrival": "host"}}, 0.75, "You left out the guest, HS7: when the guest leaves."),
    ("low rank first", {"rank": "low"}, 0.5, "A higher rank is more senior: the superior goes first."),
    ("younger first", {"generation": "younger"}, 0.5, "You turned HS1 round: the elder goes first."),
    ("man first", {"gender": "man"}, 0.5, "You turned HS3 round: the woman goes first."),
    ("no elders", {"generation": None}, 0.7, "You left out the elder generation, HS1."),
    ("no ranks", {"rank": None}, 0.7, "You left out superior and subordinate, HS2."),
    ("no women", {"gender": None}, 0.7, "You left out man and woman, HS3."),
]
HANDS = [
    Mistake("turned round", other_one, 0.1, "You name the one who has to wait. Asked is who offers a hand first."),
    *[Mistake(name, offering(**changes), share, message) for name, changes, share, message in SLIPS],
    Mistake("always the first", lambda case: lambda p, q, phase: p["name"], 0.1,
            "Your function names the first person whoever they are."),
]


def verdicts(case):
    """The right answer to question 4."""
    return pd.Series({label: kind(scene) for label, scene in scenes(case).items()}, name="verdict")


def by(judge, **slips):
    """The verdicts of somebody who judges the names given by the rules in another way."""
    return lambda case: pd.Series({label: judge(named(*scene, **slips)) for label, scene in scenes(case).items()})


def _judge(found):
    return "silent" if not found else "clear" if len(set(found)) == 1 else "conflict"


VERDICTS = [
    Mistake("host at both doors", by(_judge, sides=dict.fromkeys(SIDES, "host")), 0.6,
            "When the guest leaves, the guest offers first: HS7 says goodbye."),
    Mistake("guest in the middle", by(_judge, sides={**SIDES, "middle": "guest"}), 0.6,
            "In the middle of a visit neither HS6 nor HS7 speaks."),
    *[Mistake(name, by(_judge, **changes), min(share, 0.6), message) for name, changes, share, message in SLIPS],
    Mistake("two rules are a conflict",
            by(lambda found: "silent" if not found else "clear" if len(found) == 1 else "conflict"), 0.5,
            "Two rules that name the same person agree. A conflict is where they name different people."),
    Mistake("decided in silence", by(lambda found: "clear" if found else "silent"), 0.25,
            "You let one rule win. Where rules name different people, the handout does not say which is stronger."),
    Mistake("silent taken for clear", by(lambda found: "conflict" if len(set(found)) > 1 else "clear"), 0.8,
            "Where no rule speaks, nobody is named: that is silent, not clear."),
    Mistake("silent taken for conflict", by(lambda found: "clear" if len(set(found)) == 1 else "conflict"), 0.8,
            "Where no rule speaks there is no conflict: that is silent."),
]
