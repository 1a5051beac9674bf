"""Question 7: what a customer in each state is worth."""

import numpy as np
import pandas as pd

import crmsim as crm
from crmsim.course.marking import Mistake

TEXTBOOK = pd.DataFrame(
    [[0.50, 0.35, 0, 0.05, 0.10], [0, 0.60, 0.30, 0.06, 0.04], [0, 0, 0.90, 0.08, 0.02], [0, 0.05, 0.05, 0.60, 0.30],
     [0, 0, 0, 0, 1]],
    index=pd.Index(["acquisition", "growth", "maturity", "decline", "churn"], name="state"),
    columns=["acquisition", "growth", "maturity", "decline", "churn"],
)


def values(moves, profit, rate):
    """The function asked for."""
    return crm.value.stage_values(moves, profit, rate=rate)


def inputs(case):
    """The student's own states, a textbook chain at two rates, and a random one."""
    rng = case.rng("states")
    own, names = case.moves, ["high", "low", "lost"]
    profit = pd.Series([-20.0, 30, 50, 15, 0], index=TEXTBOOK.index)
    drawn = np.vstack([rng.dirichlet([4, 2, 1], 2).round(3), [0, 0, 1]])
    drawn[:, 0] = 1 - drawn[:, 1:].sum(axis=1)
    random = pd.DataFrame(drawn, index=pd.Index(names, name="state"), columns=names)
    earned = pd.Series([100.0, 20.0, 0.0], index=random.index)
    return [(own, case.state_profit["profit"], case.rate_month), (TEXTBOOK, profit, 0.01), (TEXTBOOK, profit, 0.10),
            (random, earned, 0.05)]


def solved(matrix=lambda moves, rate: moves / (1 + rate), *, then=lambda found, profit, moves, rate: found):
    """A function that solves (I - matrix) v = profit, and does something with it."""

    def found(moves, profit, rate):
        table = moves.to_numpy()
        stays = np.linalg.solve(np.eye(len(table)) - matrix(table, rate), profit.to_numpy())
        return pd.Series(then(stays, profit.to_numpy(), table, rate), index=moves.index)

    return lambda case: found


VALUES = [
    Mistake("transposed", solved(lambda moves, rate: moves.T / (1 + rate)), 0.4,
            "You used the table on its side. A row says where the customers of a state go."),
    Mistake("without this month", solved(then=lambda found, profit, moves, rate: found - profit), 0.5,
            "You left out the present month. It counts in full."),
    Mistake("this month discounted", solved(then=lambda found, profit, moves, rate: found / (1 + rate)), 0.5,
            "You discounted the present month, too. It counts in full."),
    Mistake("next month only", solved(then=lambda found, profit, moves, rate: profit + moves @ profit / (1 + rate)),
            0.3, "You looked one month ahead only. Go on: the month after that, and so on without end."),
    Mistake("minus rate", solved(lambda moves, rate: moves * (1 - rate)), 0.5,
            "You multiplied by 1 - rate. Discounting divides by 1 + rate."),
    Mistake("profit alone", solved(then=lambda found, profit, moves, rate: profit), 0,
            "This is the profit of one month. The months to come count, too."),
]
