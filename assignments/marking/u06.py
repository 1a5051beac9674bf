"""Marking scheme of unit 6, customer identification and segmentation (客户识别与细分).

Money is compared to the cent, shares to half a per cent, so that rounding and the way of counting "20% of the
customers" do not matter. Messages name the slip and never the value. The truths and the slips stand in the folder
``u06``, a file for each kind of question.
"""

from crmsim.course.marking import Question, Scheme, choice, function, mapping, ordered, series, table

from . import decisions, identification, measures, scales, shares, words

SCHEME = Scheme("u06", [
    Question(
        "u06_ex1", points=4, truth=identification.found, like=mapping(), mistakes=identification.FOUND,
        expected="a dict with n_people, n_potential, top_need and best_customer",
    ),
    Question(
        "u06_ex2", points=3, truth=lambda case: words.GROUPS, like=mapping(), mistakes=words.COLUMNS,
        expected="a dict with a group for each of the twelve columns",
    ),
    Question(
        "u06_ex3", points=4, truth=scales.options(), like=function(ordered()), inputs=scales.option_inputs,
        mistakes=scales.OPTIONS, expected="a function that returns one label for each value, in the same order",
    ),
    Question(
        "u06_ex4", points=5, truth=lambda case: scales.abc, like=function(series()), inputs=scales.abc_inputs,
        mistakes=scales.CLASSES, expected="a function that returns a Series: large, medium or small for each customer",
    ),
    Question(
        "u06_ex5", points=4, truth=shares.pareto, like=mapping(abs=0.005), mistakes=shares.PARETO,
        expected="a dict with the shares revenue, purchases, branch and for_80",
    ),
    Question(
        "u06_ex6a", points=3, truth=measures.rfm_table, like=table(abs=0.01, by_column=True), mistakes=measures.TABLE,
        expected="a table with recency_days, frequency, monetary and interval_days for each customer who has bought",
    ),
    Question(
        "u06_ex6b", points=2, truth=measures.scored(), like=function(ordered()), inputs=measures.score_inputs,
        mistakes=measures.SCORES, expected="a function that returns a list of three scores from 1 to 5",
    ),
    Question(
        "u06_ex6c", points=3, truth=decisions.reference, like=choice(full=0.8), worth=lambda case: case.truth,
        mistakes=decisions.CHOSEN, expected="as many customer ids of the branch as there are packages",
    ),
    Question(
        "u06_ex7", points=4, truth=shares.moves, like=mapping(abs=0.005), mistakes=shares.MOVES,
        expected="a dict with n_both, n_new, changed_share and champions_left_share",
    ),
    Question(
        "u06_ex8", points=3, truth=lambda case: words.CARDS, like=mapping(), mistakes=words.MIXED_UP,
        expected="a dict with an answer for each of the cards a to j",
    ),
])
