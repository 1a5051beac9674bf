"""Question 6: what customers tell others, and how soon it is known."""

from crmsim.course.marking import Mistake, slip
from crmsim.service import break_even_share

HALF = 500


def felt(case):
    """Perceived less expected."""
    return case.experiences["perceived"] - case.experiences["expected"]


def told(case, rows):
    """Mean number of people told, over some experiences."""
    return float(case.experiences.loc[rows, "n_told"].mean())


def step(case, message, share=HALF):
    """First step at which so many have heard a message."""
    heard = case.heard[f"heard_{message}"]
    return int(heard.index[heard >= share][0])


def mouth(case):
    """The right answer to question 6."""
    good, bad = told(case, felt(case) > 0), told(case, felt(case) < 0)
    return {
        "told_satisfied": good, "told_dissatisfied": bad, "break_even": break_even_share(good, bad),
        "steps_later": step(case, "good") - step(case, "bad"),
    }


def balance(pleased, annoyed):
    """The share at which good and bad words balance, if satisfied and dissatisfied are those meant here."""
    return lambda case: break_even_share(told(case, pleased(felt(case))), told(case, annoyed(felt(case))))


def satisfied_share(case):
    """Satisfied among all who are satisfied or dissatisfied."""
    return float((felt(case) > 0).sum() / (felt(case) != 0).sum())


def exchanged(case):
    """Satisfied and dissatisfied exchanged."""
    right = mouth(case)
    return {"told_satisfied": right["told_dissatisfied"], "told_dissatisfied": right["told_satisfied"]}


MOUTHS = [
    Mistake("exchanged", exchanged, None, "You exchanged the two: who perceives more than expected is satisfied."),
    slip("told_satisfied", "with confirmed", lambda case: told(case, felt(case) >= 0),
         "who got just what was expected is confirmed, not satisfied."),
    slip("told_satisfied", "sum", lambda case: int(case.experiences.loc[felt(case) > 0, "n_told"].sum()),
         "this is a sum; a mean is asked for."),
    slip("told_satisfied", "high score", lambda case: told(case, case.experiences["perceived"] >= 4),
         "not the score decides, but whether it is above what was expected."),
    slip("told_dissatisfied", "with confirmed", lambda case: told(case, felt(case) <= 0),
         "who got just what was expected is confirmed, not dissatisfied."),
    slip("told_dissatisfied", "low score", lambda case: told(case, case.experiences["perceived"] < 4),
         "not the score decides, but whether it is below what was expected."),
    slip("told_dissatisfied", "sum", lambda case: int(case.experiences.loc[felt(case) < 0, "n_told"].sum()),
         "this is a sum; a mean is asked for."),
    slip("break_even", "with confirmed", balance(lambda x: x >= 0, lambda x: x <= 0),
         "your two means count those who got just what was expected. Mend them first."),
    slip("break_even", "satisfied with confirmed", balance(lambda x: x >= 0, lambda x: x < 0),
         "your mean of the satisfied counts those who got just what was expected. Mend it first."),
    slip("break_even", "dissatisfied with confirmed", balance(lambda x: x > 0, lambda x: x <= 0),
         "your mean of the dissatisfied counts those who got just what was expected. Mend it first."),
    slip("break_even", "turned round", lambda case: 1 - mouth(case)["break_even"],
         "this is the dissatisfied share: the number of people that a dissatisfied customer tells stands on top."),
    slip("break_even", "turned round with confirmed",
         lambda case: 1 - balance(lambda x: x >= 0, lambda x: x <= 0)(case),
         "this is the dissatisfied share, and your two means count those who got just what was expected."),
    slip("break_even", "share now", satisfied_share, "this is the share as it is now, not the one that balances."),
    slip("break_even", "ratio", lambda case: mouth(case)["told_satisfied"] / mouth(case)["told_dissatisfied"],
         "divide by the sum of both numbers."),
    slip("steps_later", "sign", lambda case: -mouth(case)["steps_later"],
         "subtract the step of the bad message from that of the good one."),
    slip("steps_later", "good alone", lambda case: step(case, "good"),
         "this is the step of the good message; how many steps after the bad one is it?"),
    slip("steps_later", "people", lambda case: int(case.heard.iloc[-1] @ [1, -1]), "these are people. Count steps."),
]
