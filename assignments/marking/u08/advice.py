"""Question 2: a function for the eight rows of the MAN rule."""

from itertools import product

from crmsim.course.marking import Mistake
from crmsim.prospecting import MAN_ROWS, man_code

EIGHT = [tuple(flags) for flags in product([True, False], repeat=3)]
ACTIONS = {row.id: row.action for row in MAN_ROWS}


def advised(*, rows=None, actions=None, answer=lambda row, action: [row, action]):
    """The function asked for, or one with a slip: rows or actions that are taken for others, or another answer."""

    def man_advice(money, authority, need):
        row = man_code(bool(money), bool(authority), bool(need))
        row = (rows or {}).get(row, row)
        action = ACTIONS[row]
        return answer(row, (actions or {}).get(action, action))

    return lambda case: man_advice


ADVICE = [
    Mistake("order of the letters", advised(rows={"MAN2": "MAN3", "MAN3": "MAN2", "MAN5": "MAN6", "MAN6": "MAN5"}),
            0.5, "You exchanged authority and need: the order is money, authority, need."),
    Mistake("MAN5 and MAN7", advised(rows={"MAN5": "MAN7", "MAN7": "MAN5"}), 0.75,
            "You exchanged MAN5, who has need alone, and MAN7, who has money alone."),
    Mistake("action first", advised(answer=lambda row, action: [action, row]), 0.75, "The row comes first."),
    Mistake("letters", advised(answer=lambda row, action: [_letters(row), action]), 0.75,
            "The actions are right. The row is called MAN1 to MAN8, not by its letters."),
    Mistake("cultivate, not stop", advised(actions={"stop": "cultivate"}), 0.8,
            "MAN8 has none of the three: stop the contact."),
    Mistake("one missing, two missing", advised(rows={"MAN2": "MAN5", "MAN3": "MAN6", "MAN4": "MAN7", "MAN5": "MAN2",
                                                       "MAN6": "MAN3", "MAN7": "MAN4"}), 0.25,
            "You exchanged rows in which one condition is missing with rows in which two are missing."),
    Mistake("turned round", advised(rows={f"MAN{k}": f"MAN{9 - k}" for k in range(1, 9)}), 0.25,
            "You turned it round: True means that the condition is there."),
]


def _letters(row):
    return next(each.letters for each in MAN_ROWS if each.id == row)
