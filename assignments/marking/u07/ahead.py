"""Question 4: what a table of moves says about the months to come."""

import numpy as np
import pandas as pd

import crmsim as crm
from crmsim.course.marking import Mistake

TWO = pd.DataFrame([[0.8, 0.2], [0.0, 1.0]], index=["growth", "churn"], columns=["growth", "churn"])
TRANSIENT = list(crm.lifecycle.STAGES[:-1])


def gone_share(moves, stage, n_months):
    """The function asked for."""
    return float(crm.lifecycle.occupancy(moves, start=stage, n_periods=n_months)["churn"].iloc[-1])


def inputs(case):
    """The student's own table, the course's, a tiny one, and a random one, near and far ahead."""
    rng, course = case.rng("ahead"), crm.lifecycle.reference_moves()
    random = course.copy()
    random.iloc[:4] = rng.multinomial(100, [0.22, 0.22, 0.22, 0.22, 0.12], 4) / 100
    return [
        (case.moves, "acquisition", 12), (case.moves, "maturity", 6), (course, "acquisition", 2),
        (course, "decline", 3), (course, "growth", 1), (course, "maturity", 0), (TWO, "growth", 5),
        (random, "acquisition", 4),
    ]


def by_power(matrix=lambda moves: moves.to_numpy(), *, power=np.linalg.matrix_power, months=lambda n: n):
    """A function that multiplies the table by itself, with a slip."""

    def found(moves, stage, n_months):
        names = list(moves.index)
        table = power(matrix(moves), max(months(n_months), 0))
        return float(table[names.index(stage), names.index("churn")])

    return lambda case: found


def at_once(after):
    """A function that looks at the share lost in one month alone."""
    return lambda case: lambda moves, stage, n_months: float(after(moves.loc[stage, "churn"], n_months))


GONE = [
    Mistake("one month more", by_power(months=lambda n: n + 1), 0.5,
            "You looked one month too far. After 0 months nobody has moved yet."),
    Mistake("one month less", by_power(months=lambda n: n - 1), 0.5,
            "You are one month short: after 1 month everybody has moved once."),
    Mistake("entries to the power", by_power(power=lambda table, n: table**n), 0.3,
            "`moves ** n` raises every entry by itself. Multiply the shares by the table: shares @ moves, n times."),
    Mistake("on its side", by_power(lambda moves: moves.to_numpy().T), 0.3,
            "You used the table on its side: write shares @ moves, not moves @ shares."),
    Mistake("share times months", at_once(lambda p, n: p * n), 0.2,
            "You multiplied the share lost in a month. Customers also move to other stages, and leave from there."),
    Mistake("one stage for ever", at_once(lambda p, n: 1 - (1 - p) ** n), 0.3,
            "You let everybody stay in the first stage until they leave. They also move to other stages."),
    Mistake("still there", lambda case: lambda moves, stage, n: 1 - gone_share(moves, stage, n), 0.5,
            "This is the share still there. Asked is the share that is gone."),
]


def months_left(change=lambda months, moves: months):
    """The right answer to part b, or one with a slip."""

    def found(case):
        months = crm.lifecycle.expected_life(case.moves)
        return change(months, case.moves).reindex(TRANSIENT)

    return found


def _on_its_side(months, moves):
    table = moves.to_numpy()[:-1, :-1]
    return pd.Series(np.linalg.inv(np.eye(len(table)) - table).sum(axis=0), index=months.index)


def _diagonal(moves):
    return pd.Series(np.diag(moves.to_numpy()), index=moves.index)


def _first(n):
    def months(months, moves):
        tables = [crm.lifecycle.occupancy(moves, start=stage, n_periods=n - 1)["churn"] for stage in months.index]
        return pd.Series([float((1 - gone).sum()) for gone in tables], index=months.index)

    return months


LEFT = [
    Mistake("without this month", months_left(lambda months, moves: months - 1), 0.5,
            "You left out the present month. It counts as one."),
    Mistake("this stage alone", months_left(lambda months, moves: 1 / (1 - _diagonal(moves))), 0.3,
            "These are the months in the present stage. Count those in the later stages as well."),
    Mistake("one stage for ever", months_left(lambda months, moves: 1 / moves["churn"]), 0.3,
            "You divided 1 by the share that leaves. Customers also move to stages where more or fewer leave."),
    Mistake("one year", months_left(_first(12)), 0.4,
            "You looked one year ahead only. Many stay longer: look further."),
    Mistake("two years", months_left(_first(24)), 0.6,
            "You looked two years ahead only. Some stay longer: look further."),
    Mistake("on its side", months_left(_on_its_side), 0.3,
            "You added up the columns. The row of a stage says where its customers will be."),
]
