"""Marking scheme of unit 4, customer delivered value and the value hierarchy (客户让渡价值与价值层次).

Money is compared to the cent, shares and satisfaction to a tolerance that forgives rounding to three places. Messages
name the slip and never the value. The truths and the slips stand in the folder ``u04``, a file for each kind of
question.
"""

from crmsim.course.marking import Question, Scheme, choice, exactly, function, mapping, series, table

from . import decisions, hierarchy, market, meanings, perceived, words

SCHEME = Scheme("u04", [
    Question(
        "u04_ex1a", points=2, truth=market.delivered(), like=function(exactly(abs=0.01)), inputs=market.pairs,
        mistakes=market.DELIVERED, expected="a function that returns the delivered value, or \"unknown\"",
    ),
    Question(
        "u04_ex1b", points=3, truth=market.market, like=mapping(), mistakes=market.MARKET,
        expected="a dict with best_offer, n_below_zero, place_of_cheapest and lead_component",
    ),
    Question(
        "u04_ex2", points=4, truth=lambda case: words.CARDS, like=mapping(), mistakes=words.MIXED_UP,
        expected="a dict with an answer for each of the cards a to p",
    ),
    Question(
        "u04_ex3", points=5, truth=meanings.places, like=table(by_column=True, key="offer"), mistakes=meanings.PLACES,
        expected="a table with the place of every phone under each of the four meanings",
    ),
    Question(
        "u04_ex4a", points=2, truth=perceived.realised, mistakes=perceived.REALISED,
        like=mapping(abs_of={"mean_value": 0.01, "brand_share": 0.002}),
        expected="a dict with mean_value, n_paid_more, n_turned and brand_share",
    ),
    Question(
        "u04_ex4b", points=2, truth=perceived.savings, like=series(abs=0.01), mistakes=perceived.SAVINGS,
        expected="for each customer asked, the saving with the cheapest phone of the same function level",
    ),
    Question(
        "u04_ex5a", points=3, truth=lambda case: hierarchy.importance, like=function(series(abs=1e-4, key="attribute")),
        inputs=hierarchy.hierarchies, mistakes=hierarchy.IMPORTANCE,
        expected="a function that returns the importance of each attribute",
    ),
    Question(
        "u04_ex5b", points=3, truth=hierarchy.satisfaction, like=mapping(abs=0.001), mistakes=hierarchy.SATISFACTION,
        expected="a dict with overall, weakest_consequence, weakest_goal and repair_first",
    ),
    Question(
        "u04_ex6", points=4, truth=lambda case: words.LEVELS, like=mapping(), mistakes=words.LEVELS_MIXED_UP,
        expected="a dict with a level for each of the cards a to p",
    ),
    Question(
        "u04_ex7a", points=2, truth=decisions.improvement, like=mapping(abs=0.01), mistakes=decisions.IMPROVEMENT,
        expected="a dict with gap, best_step, gain_per_money and n_worth_it",
    ),
    Question(
        "u04_ex7b", points=3, truth=decisions.reference, like=choice(full=0.9), worth=lambda case: case.truth,
        mistakes=decisions.VISITED, expected="the ids of as many customers as there are visits",
    ),
])
