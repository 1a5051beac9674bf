"""Questions 7b and 9: what loyalty tools bring, and which tool each class gets, judged by what it changes."""

from functools import partial as bound

import pandas as pd

from crmsim.course import reading
from crmsim.course.comparing import Comparer
from crmsim.course.marking import Mistake, slip
from crmsim.course.values import Outcome, key_of

NOTHING = "nothing"


def more(case):
    """More margin with each tool, for each customer of the trial."""
    return case.trial[list(case.tools.index)]


def effects(case):
    """The right answer to question 7b."""
    table = pd.DataFrame({"extra": more(case).mean(), "se": more(case).sem()}).rename_axis("tool")
    return table.assign(pays=table["extra"] - case.tools["cost"] > 2 * table["se"])


def _tool(values):
    return values.rename_axis("tool")


EFFECTS = [
    slip("extra", "cost taken off", lambda case: _tool(more(case).mean() - case.tools["cost"]),
         "the cost is taken off. That is right in pays, but not here."),
    slip("extra", "sum", lambda case: _tool(more(case).sum()), "these are sums; means are asked for."),
    slip("extra", "median", lambda case: _tool(more(case).median()), "these are medians; means are asked for."),
    slip("se", "standard deviation", lambda case: _tool(more(case).std()),
         "this is the standard deviation. Divide it by the square root of the number of customers."),
    slip("se", "divided by n", lambda case: _tool(more(case).std() / len(case.trial)),
         "divide by the square root of the number of customers, not by the number."),
    slip("pays", "cost forgotten", lambda case: _tool(effects(case)["extra"] > 2 * effects(case)["se"]),
         "take the cost off first."),
    slip("pays", "luck forgotten", lambda case: _tool(effects(case)["extra"] > case.tools["cost"]),
         "what is above 0, but by less than two standard errors, may be luck."),
    slip("pays", "standard deviation", lambda case: _tool(
        effects(case)["extra"] - case.tools["cost"] > 2 * more(case).std()),
         "compare with two standard errors, not with two standard deviations."),
    slip("pays", "turned round", lambda case: _tool(~effects(case)["pays"]),
         "you turned it round: True means it pays."),
]


def by_class(*, full):
    """A tool, or nothing, for each class: what it brings, as a share of what the best decision brings."""
    compare = bound(_by_worth, full=full)
    return Comparer(_pairs, compare, is_decision=True, resembles=lambda answer, wrong: answer == wrong)


def _pairs(value):
    """Class to tool, whatever the case of letters."""
    return {group: key_of(tool) for group, tool in reading.as_mapping(value).items()}


def _by_worth(answer, truth, *, worth, full=0.9):
    """`worth` holds for each tool what it brings in each class, costs taken off."""
    if set(answer) != set(truth):
        return Outcome(0.0, "Give a tool, or nothing, to each of small, middle and big, and to nothing else.")
    if not all(isinstance(tool, str) and tool in worth for tool in answer.values()):
        return Outcome(0.0, "The tools are called care, exceed, membership, coupon and gift; or write nothing.")
    own, best = (sum(worth[tool][group] for group, tool in pairs.items()) for pairs in (answer, truth))
    if own >= full * best:
        return Outcome(1.0)
    if own <= 0:
        return Outcome(0.0, "This decision brings no more than doing nothing.")
    losing = [group for group, tool in answer.items() if worth[tool][group] < 0]
    note = f" With {len(losing)} of the classes you lose money." if losing else ""
    return Outcome(own / (full * best), f"It brings {own / best:.0%} of what the best decision brings.{note}")


def best(case):
    """The best decision for one who knows what each tool brings."""
    return case.truth.idxmax(axis=1).to_dict()


def means(case):
    """Mean more margin in the trial by class."""
    return case.trial.groupby("group")[list(case.tools.index)].mean()


def one_for_all(case):
    """The tool that is best on average, for every class."""
    tool = (more(case).mean() - case.tools["cost"]).idxmax()
    return dict.fromkeys(means(case).index, tool)


CHOSEN = [
    Mistake("one for all", one_for_all, 0.5,
            "You gave every class the same tool, the one that is best on average. Take its cost off, then look at each "
            "class by itself."),
    Mistake("cost forgotten", lambda case: means(case).idxmax(axis=1).to_dict(), 0.3,
            "You took the largest margin. Take the cost of the tool off first."),
    Mistake("cheapest", lambda case: dict.fromkeys(means(case).index, case.tools["cost"].idxmin()), 0,
            "You took the cheapest tool. What does it bring?"),
    Mistake("margin for money", lambda case: means(case).div(case.tools["cost"]).idxmax(axis=1).to_dict(), None,
            "You divided margin by cost. Money is earned by the difference, not by the ratio."),
    Mistake("nothing", lambda case: dict.fromkeys(means(case).index, NOTHING), 0,
            "You do nothing, though the trial has tools that pay."),
    Mistake("worst", lambda case: (means(case) - case.tools["cost"]).idxmin(axis=1).to_dict(), 0,
            "These are the worst tools: make the difference large."),
]
