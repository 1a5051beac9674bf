"""Marking scheme of unit 5, lifetime value and customer equity (客户终生价值与客户资产).

Money is compared to the cent. What only the simulator knows marks two questions: the true lifetime value of the
student's own customers (9), and what a retention offer brings (10). Messages name the slip and never the value.
"""

from crmsim.course.marking import Question, Scheme, choice, estimate, function, mapping, number, ordered, series, table

from . import decisions, equity, estimates, flows, forecasts, ranking, states, words

SCHEME = Scheme("u05", [
    Question(
        "u05_ex1", points=3, truth=lambda case: flows.present_value, like=function(number(abs=0.01)),
        inputs=flows.present_value_inputs, mistakes=flows.PRESENT_VALUES,
        expected="a function that returns one number, the present value of the payments",
    ),
    Question(
        "u05_ex2", points=3, truth=lambda case: words.CARDS, like=mapping(), mistakes=words.MIXED_UP,
        expected="a dict with an answer for each of the cards a to j",
    ),
    Question(
        "u05_ex3", points=4, truth=flows.lifetime(), like=function(mapping(abs=0.01)), inputs=flows.lifetime_inputs,
        mistakes=flows.LIFETIMES, expected="a function that returns a dict with narrow and broad",
    ),
    Question(
        "u05_ex4", points=4, truth=forecasts.key_values(), like=table(abs=0.01, by_column=True),
        mistakes=forecasts.KEY_VALUES,
        expected="a table with current_value, potential_value and clv for each customer of the forecast",
    ),
    Question(
        "u05_ex5", points=4, truth=equity.equity, like=mapping(abs=0.05), mistakes=equity.EQUITY,
        expected="a dict with current, potential, equity and equity_1_year",
    ),
    Question(
        "u05_ex6", points=3, truth=forecasts.sensitivity(),
        like=table(abs=0.05, by_column=True, key="rate_percent"), mistakes=forecasts.SENSITIVITY,
        expected="a table with the rows 0, 5, 10, 15 and the columns keep_70, keep_80, keep_90",
    ),
    Question(
        "u05_ex7", points=3, truth=lambda case: states.values, like=function(series(abs=0.01, key="state")),
        inputs=states.inputs, mistakes=states.VALUES,
        expected="a function that returns a Series with the value of each state",
    ),
    Question(
        "u05_ex8", points=3, truth=ranking.best(), like=ordered(partial=True), mistakes=ranking.BEST,
        expected="a list of ten customer ids, the highest profit first",
    ),
    Question(
        "u05_ex9", points=4, truth=estimates.reference, like=estimate(full=0.8), worth=estimates.true_values,
        mistakes=estimates.METHODS, expected="a Series with an estimate for each customer who has bought",
    ),
    Question(
        "u05_ex10", points=4, truth=decisions.best_known, like=choice(full=0.85),
        worth=lambda case: case.truth["worth"], mistakes=decisions.CHOSEN,
        expected="as many customer ids of the branch as there are offers",
    ),
])
