"""Marking scheme of unit 8, prospecting and qualification (开发潜在客户与MAN法则).

People are counted exactly, money is compared to the cent, shares to half a per cent. Messages name the slip and never
the value. The truths and the slips stand in the folder ``u08``, a file for each kind of question.
"""

from crmsim.course.marking import Question, Scheme, choice, function, mapping, members, ordered, table

from . import advice, calls, circle, decisions, leads, qualified, words

SCHEME = Scheme("u08", [
    Question(
        "u08_ex1", points=3, truth=lambda case: words.CARDS, like=mapping(), mistakes=words.MIXED_UP,
        expected="a dict with a method for each of the cards a to l",
    ),
    Question(
        "u08_ex2", points=4, truth=advice.advised(), like=function(ordered()), inputs=lambda case: advice.EIGHT,
        mistakes=advice.ADVICE, expected="a function that returns a list of two texts: the row and the action",
    ),
    Question(
        "u08_ex3", points=4, truth=qualified.counts, like=mapping(), mistakes=qualified.COUNTED,
        expected="a dict with n_effective, n_prospects, n_may_contact and n_disagree",
    ),
    Question(
        "u08_ex4", points=4, truth=qualified.profits, like=mapping(abs=0.01), mistakes=qualified.PROFITS,
        expected="a dict with the profit of four policies: everybody, not_MAN8, MAN1_to_MAN4, MAN1",
    ),
    Question(
        "u08_ex5", points=3, truth=qualified.guesses, like=mapping(abs=0.005), mistakes=qualified.GUESSED,
        expected="a dict with the shares wrong_money, wrong_authority, wrong_need and hit",
    ),
    Question(
        "u08_ex6", points=4, truth=decisions.reference, like=choice(full=0.75),
        worth=lambda case: case.truth["worth"], mistakes=decisions.CHOSEN,
        expected="as many prospect ids as there are visits",
    ),
    Question(
        "u08_ex7", points=3, truth=leads.best_fifth, like=mapping(abs=0.005), mistakes=leads.FIFTH,
        expected="a dict with n_top, captured_share and by_chance_share",
    ),
    Question(
        "u08_ex8", points=4, truth=leads.by_method, like=table(rel=0.003, abs=0.005, by_column=True, key="method"),
        mistakes=leads.METHODS,
        expected="a table with n_leads, n_effective, effective_share and cost_per_effective for each method",
    ),
    Question(
        "u08_ex9", points=3, truth=circle.found, like=mapping(rel=0.01, abs=0.005), mistakes=circle.CIRCLE,
        expected="a dict with centre, n_known, names_per_visit and n_visited",
    ),
    Question(
        "u08_ex10a", points=3, truth=calls.audited(), like=function(members()), inputs=calls.blocks,
        mistakes=calls.AUDITED, expected="a function that returns a list of skills: PK1 to PK8",
    ),
    Question(
        "u08_ex10b", points=2, truth=calls.visited_more_often, like=members(partial=True), mistakes=calls.MORE_OFTEN,
        expected="a list of prospect ids",
    ),
])
