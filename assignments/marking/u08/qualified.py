"""Questions 3 to 5: the MAN rule on last year's visits, the profit of visiting some rows, and how good guesses are."""

from crmsim.course.marking import Mistake, slip
from crmsim.prospecting import qualify

CONDITIONS = ("money", "authority", "need")
POLICIES = {
    "everybody": range(1, 9), "not_MAN8": range(1, 8), "MAN1_to_MAN4": range(1, 5), "MAN1": range(1, 2),
}


def rows(case, kind="has"):
    """Row of the MAN rule and more for those visited last year, as found out or as guessed."""
    names = {f"{kind}_{name}": f"has_{name}" for name in CONDITIONS}
    return qualify(case.visited[list(names)].rename(columns=names))


def counts(case, kind="has"):
    """The right answer to question 3."""
    found = rows(case, kind)
    may_contact = found["man"] != "MAN8"
    return {
        "n_effective": int((found["man"] == "MAN1").sum()), "n_prospects": int(found["is_prospect"].sum()),
        "n_may_contact": int(may_contact.sum()), "n_disagree": int((may_contact & ~found["is_prospect"]).sum()),
    }


def n(case, *conditions, kind="has"):
    """How many have all these conditions."""
    return int(case.visited[[f"{kind}_{name}" for name in conditions]].all(axis=1).sum())


COUNTED = [
    Mistake("guesses", lambda case: counts(case, "guess"), 0.4,
            "You counted what the agents guessed before the visit. Take the columns has_..., what the visit showed."),
    slip("n_effective", "guessed", lambda case: n(case, *CONDITIONS, kind="guess"),
         "you counted guesses. Take the columns has_..."),
    slip("n_effective", "bought", lambda case: int(case.visited["bought"].sum()),
         "these are people who bought. Count who has money, authority and need."),
    slip("n_prospects", "authority asked", lambda case: n(case, *CONDITIONS),
         "the definition asks for need and money. Authority is not asked."),
    slip("n_prospects", "need alone", lambda case: n(case, "need"), "a prospect needs buying power as well."),
    slip("n_prospects", "money or need", lambda case: int(case.visited[["has_money", "has_need"]].any(axis=1).sum()),
         "both are needed, need and money."),
    slip("n_may_contact", "all", lambda case: len(case.visited), "with MAN8 the contact should be stopped."),
    slip("n_may_contact", "MAN8", lambda case: len(case.visited) - counts(case)["n_may_contact"],
         "these are those who should not be contacted."),
    slip("n_may_contact", "first four rows", lambda case: int(rows(case)["man"].isin(list(_names(range(1, 5)))).sum()),
         "rows MAN5 to MAN7 may be contacted, too."),
    slip("n_disagree", "with MAN8", lambda case: len(case.visited) - counts(case)["n_prospects"],
         "leave out MAN8: those are no prospects and may not be contacted, so both rules agree."),
    slip("n_disagree", "first four rows", lambda case: int(rows(case)["man"].isin(["MAN2", "MAN4"]).sum()),
         "rows MAN5 to MAN7 are no prospects either, but may be contacted."),
]


def _names(numbers):
    return [f"MAN{number}" for number in numbers]


def money(case, *, kind="has", cost=True, margin=True, buyers_only=False):
    """Profit of visiting the rows of each policy, or one with a slip."""
    found, bought = rows(case, kind)["man"], case.visited["bought"]
    profit = {}
    for name, numbers in POLICIES.items():
        chosen = found.isin(_names(numbers))
        n_won, n_paid = int((chosen & bought).sum()), int((chosen & bought).sum() if buyers_only else chosen.sum())
        profit[name] = n_won * case.sale_margin * margin - n_paid * case.visit_cost * cost
    return profit


def profits(case):
    """The right answer to question 4."""
    return money(case)


def skipped(case):
    """The profit of the visits that a policy leaves out."""
    return {name: money(case)["everybody"] - value for name, value in money(case).items() if name != "everybody"}


def all_paid(case):
    """The profit when every policy pays for the visits to everybody."""
    unpaid, visits = money(case, cost=False), len(case.visited) * case.visit_cost
    return {name: value - visits for name, value in unpaid.items() if name != "everybody"}


PROFITS = [
    Mistake("no cost", lambda case: money(case, cost=False), 0.4,
            "This is what the buyers bring. Take off the cost of every visit."),
    Mistake("cost of buyers only", lambda case: money(case, buyers_only=True), 0.4,
            "You took off the cost of visits to buyers only. Every visit costs, won or not."),
    Mistake("cost alone", lambda case: {k: -v for k, v in money(case, margin=False).items()}, 0.2,
            "This is the cost of the visits. What do the buyers bring?"),
    Mistake("a mean", lambda case: {k: v / len(case.visited) for k, v in money(case).items()}, 0.4,
            "You divided by the number of people. The profit of all visits together is asked for."),
    Mistake("cost of everybody", all_paid, 0.5,
            "You took off the cost of visiting everybody. A policy pays only for the people whom it visits."),
    Mistake("guesses", lambda case: {k: v for k, v in money(case, kind="guess").items() if k != "everybody"}, None,
            "You took the rows that the agents guessed. Take the columns has_..., what the visit showed."),
    Mistake("left out", skipped, None, "This is the profit of the visits that the policy leaves out."),
    slip("MAN1_to_MAN4", "buyers of all rows",
         lambda case: int(case.visited["bought"].sum()) * case.sale_margin
         - int(rows(case)["man"].isin(_names(range(1, 5))).sum()) * case.visit_cost,
         "you counted the buyers of all rows. Who is not visited does not buy."),
    slip("not_MAN8", "everybody", lambda case: money(case)["everybody"], "this is the profit of visiting everybody."),
]


def wrong(case, name):
    """The share of guesses about a condition that were wrong."""
    return float((case.visited[f"has_{name}"] != case.visited[f"guess_{name}"]).mean())


def one_way(case, has):
    """The shares of guesses that were wrong in one way: of people who have it, or of people who have it not."""
    table = case.visited
    return {
        f"wrong_{name}": float(((table[f"has_{name}"] == has) & (table[f"guess_{name}"] != has)).mean())
        for name in CONDITIONS
    }


def both(case):
    """How many are effective customers and were guessed to be."""
    visited = case.visited
    return int(visited[[f"{kind}_{name}" for kind in ("has", "guess") for name in CONDITIONS]].all(axis=1).sum())


def guesses(case):
    """The right answer to question 5."""
    return {f"wrong_{name}": wrong(case, name) for name in CONDITIONS} | {
        "hit": both(case) / n(case, *CONDITIONS, kind="guess"),
    }


TWO_WAYS = "wrong_...: a guess can be wrong in two ways: yes instead of no, and no instead of yes. Count both."
GUESSED = [
    Mistake("per cent", lambda case: {key: 100 * value for key, value in guesses(case).items()}, 0.75,
            "Right, but in per cent. A share is a number from 0 to 1."),
    Mistake("right guesses", lambda case: {f"wrong_{name}": 1 - wrong(case, name) for name in CONDITIONS}, None,
            "wrong_...: these are shares of guesses that are right."),
    Mistake("numbers", lambda case: {f"wrong_{name}": wrong(case, name) * len(case.visited) for name in CONDITIONS},
            None, "wrong_...: these are numbers of people. Divide by all who were visited."),
    Mistake("only what was missed", lambda case: one_way(case, has=True), None, TWO_WAYS),
    Mistake("only what was hoped", lambda case: one_way(case, has=False), None, TWO_WAYS),
    slip("hit", "turned round", lambda case: both(case) / n(case, *CONDITIONS),
         "you divided by those who truly are MAN1. Divide by those who were guessed to be."),
    slip("hit", "of all", lambda case: both(case) / len(case.visited),
         "you divided by all who were visited. Divide by those who were guessed to be MAN1."),
    slip("hit", "ratio of numbers", lambda case: n(case, *CONDITIONS) / n(case, *CONDITIONS, kind="guess"),
         "you divided two numbers of people who need not be the same people. Count those who are both."),
    slip("hit", "misses", lambda case: 1 - guesses(case)["hit"], "this is the share of those who were not."),
    slip("hit", "bought", lambda case: float(
        case.visited.loc[case.visited[[f"guess_{name}" for name in CONDITIONS]].all(axis=1), "bought"].mean()),
        "this is the share of those who bought. Ask who has money, authority and need."),
]
