"""Marking scheme of unit 12, satisfaction, experience and loyalty (满意、体验与忠诚).

Counts are compared exactly, means and shares within the tolerance that the question names. Messages name the slip and
never the value. The truths and the slips stand in the folder ``u12``, a file for each kind of question.
"""

from crmsim.course.marking import Question, Scheme, function, mapping, table, text

from . import answers, features, mouth, staying, tools, words

SCHEME = Scheme("u12", [
    Question(
        "u12_ex1", points=2, truth=answers.survey, like=mapping(abs=0.001), mistakes=answers.SURVEYS,
        expected="a dict with n_customers, index, top_two_box and latest_index",
    ),
    Question(
        "u12_ex2", points=2, truth=words.facets, like=mapping(), mistakes=words.FACETS,
        expected="a dict with a facet for each of the statements a to j",
    ),
    Question(
        "u12_ex3", points=3, truth=answers.facets, like=mapping(abs=0.005),
        mistakes=answers.FACETS, expected="a dict with mean_index, lowest_facet and low_share",
    ),
    Question(
        "u12_ex4a", points=2, truth=features.letters(), like=function(text()), inputs=features.pairs,
        mistakes=features.LETTERS, expected="a function that returns one of the letters A, O, M, I, R, Q",
    ),
    Question(
        "u12_ex4b", points=2, truth=features.majority, like=table(abs=0.005, by_column=True, key="feature"),
        mistakes=features.MAJORITIES, expected="a table with kano and share for each of the six features",
    ),
    Question(
        "u12_ex5", points=3, truth=answers.gaps, like=table(abs=0.005, by_column=True, key="dimension"),
        mistakes=answers.GAPS, expected="a table with gap, disappointed and rank for each of the five dimensions",
    ),
    Question(
        "u12_ex6", points=2, truth=mouth.mouth, like=mapping(abs=0.005), mistakes=mouth.MOUTHS,
        expected="a dict with told_satisfied, told_dissatisfied, break_even and steps_later",
    ),
    Question(
        "u12_ex7a", points=3, truth=staying.loyal, like=mapping(abs=0.005),
        mistakes=staying.LOYAL, expected="a dict with retention_rate, repeat_rate and tenure_days",
    ),
    Question(
        "u12_ex7b", points=3, truth=tools.effects, like=table(abs=0.01, by_column=True, key="tool"),
        mistakes=tools.EFFECTS, expected="a table with extra, se and pays for each of the five tools",
    ),
    Question(
        "u12_ex8a", points=2, truth=lambda case: words.CARDS, like=mapping(), mistakes=words.MIXED_UP,
        expected="a dict with a word for each of the cards a to h",
    ),
    Question(
        "u12_ex8b", points=3, truth=words.journey, like=mapping(), mistakes=words.JOURNEYS,
        expected="a dict with a moment for each of the touch points a to i, and the worst touch point of each moment",
    ),
    Question(
        "u12_ex9", points=4, truth=tools.best, like=tools.by_class(full=0.9), worth=lambda case: case.truth,
        mistakes=tools.CHOSEN, expected="a dict with a tool, or nothing, for small, middle and big",
    ),
])
