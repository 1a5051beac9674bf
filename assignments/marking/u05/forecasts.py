"""Questions 4 and 6: current and potential value of key customers; how the value depends on rate and loyalty."""

import pandas as pd

from crmsim.course.marking import Mistake, slip

RATES = (0, 5, 10, 15)
KEEPS = (70, 80, 90)
YEARS = 5


def key_values(*, period=lambda table: table["quarter"], rate=lambda case: case.rate_quarter):
    """The table asked for in question 4, or one with a slip."""

    def values(case):
        weight = (1 + rate(case)) ** -period(case.forecast).astype(float)
        parts = case.forecast[["current", "potential"]].mul(weight, axis=0).groupby(case.forecast["customer_id"]).sum()
        parts.columns = ["current_value", "potential_value"]
        return parts.assign(clv=parts.sum(axis=1))

    return values


KEY_VALUES = [
    Mistake("no discounting", key_values(rate=lambda case: 0.0), 0.4,
            "You added up the forecast. Discount each row by its quarter first."),
    Mistake("first in full", key_values(period=lambda table: table["quarter"] - 1), 0.4,
            "You counted the first quarter in full. It ends one quarter from today, so it is discounted once."),
    Mistake("place in the table", key_values(period=lambda table: table.groupby("customer_id").cumcount() + 1), 0.4,
            "You discounted by the place in the table. The rows stand in any order: use the column quarter."),
    Mistake("monthly rate", key_values(rate=lambda case: case.rate_month), 0.4,
            "You used the rate of a month. The forecast is in quarters."),
    Mistake("compounded", key_values(rate=lambda case: 1 / (1 + case.rate_quarter) - 1), 0.4,
            "Your later money is worth more than the same money now. Divide by (1 + rate) ** quarter."),
    slip("clv", "current only", lambda case: key_values()(case)["current_value"],
         "this is the current value alone. Lifetime value counts both."),
    slip("clv", "mean", lambda case: key_values()(case)["clv"] / 2,
         "this is the mean of the two parts. Add them."),
]


def sensitivity(*, first_kept=1, first_discounted=1, rate=lambda percent: percent / 100, years=YEARS):
    """The table asked for in question 6, or one with a slip."""

    def worth(profit, keep, percent):
        return sum(
            profit * keep ** (k + first_kept) / (1 + rate(percent)) ** (k + first_discounted) for k in range(years)
        )

    def values(case):
        return pd.DataFrame(
            {f"keep_{keep}": [worth(case.profit_last_year, keep / 100, p) for p in RATES] for keep in KEEPS},
            index=pd.Index(RATES, name="rate_percent"),
        )

    return values


SENSITIVITY = [
    Mistake("all stay the first year", sensitivity(first_kept=0), 0.4,
            "You let everybody stay for the first year. After one year, keep of the profit is left, then keep ** 2."),
    Mistake("first year in full", sensitivity(first_discounted=0), 0.4,
            "You did not discount the first year. It lies one year ahead."),
    Mistake("with this year", sensitivity(first_kept=0, first_discounted=0), 0.4,
            "You began with last year's profit itself. It has come already: begin with k = 1."),
    Mistake("for ever", sensitivity(years=400), 0.4, "You went on for ever. The plan has five years."),
    Mistake("four years", sensitivity(years=4), 0.4, "You stopped after four years: range(1, 6) gives 1, 2, 3, 4, 5."),
    Mistake("rate as per cent", sensitivity(rate=lambda percent: percent), 0.4,
            "A rate of 5% is 0.05, not 5."),
]
