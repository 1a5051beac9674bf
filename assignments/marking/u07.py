"""Marking scheme of unit 7, lifecycle and customer classes (客户生命周期与客户类型).

Days are compared exactly, shares to half a per cent (moves to half a thousandth), numbers that come out of a simulation
to three per cent. What a year of care brings (question 9) is known to the simulator alone. Messages name the slip and
never the value.
"""

from crmsim.course.marking import Question, Scheme, choice, function, mapping, number, table, text

from . import ahead, classes, decisions, lives, moving, plan, words

SCHEME = Scheme("u07", [
    Question(
        "u07_ex1", points=4, truth=lambda case: words.MODELS, like=mapping(), mistakes=words.ORDERS,
        expected="a dict with four lists, the parts of each model in their order",
    ),
    Question(
        "u07_ex2", points=3, truth=lives.lives, like=table(abs=0.01, by_column=True), mistakes=lives.SPANS,
        expected="a table with business_days, whole_days and relation_days for each closed file",
    ),
    Question(
        "u07_ex3", points=5, truth=moving.shares, like=table(abs=0.0006, partial_from=0.4, key="stage"),
        mistakes=moving.SHARES, expected="a table with a row and a column for each of the five stages",
    ),
    Question(
        "u07_ex4a", points=3, truth=lambda case: ahead.gone_share, like=function(number(abs=0.0006)),
        inputs=ahead.inputs, mistakes=ahead.GONE, expected="a function that returns one number, a share from 0 to 1",
    ),
    Question(
        "u07_ex4b", points=2, truth=ahead.months_left(), like=mapping(abs=0.06), mistakes=ahead.LEFT,
        expected="the months left for acquisition, growth, maturity and decline",
    ),
    Question(
        "u07_ex5", points=5, truth=classes.labelled(), like=function(text()), inputs=classes.inputs,
        mistakes=classes.LABELS, expected="a function that returns the class of one customer as a text",
    ),
    Question(
        "u07_ex6", points=3, truth=classes.agreement, like=mapping(abs=0.005), mistakes=classes.AGREEMENT,
        expected="a dict with agreement_share, found_share, right_share and n_loyal_gone",
    ),
    Question(
        "u07_ex7", points=4, truth=plan.climb, like=mapping(rel=0.03), mistakes=plan.CLIMBS,
        expected="a dict with p_member, p_advocate, n_advocates and spread",
    ),
    Question(
        "u07_ex8", points=3, truth=lambda case: words.CARDS, like=mapping(), mistakes=words.MIXED_UP,
        expected="a dict with an answer for each of the cards a to j",
    ),
    Question(
        "u07_ex9", points=4, truth=decisions.best_known, like=choice(full=0.8), worth=lambda case: case.truth,
        mistakes=decisions.CHOSEN, expected="as many customer ids of case.others as the budget pays for",
    ),
])
