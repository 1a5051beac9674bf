"""Marking scheme of unit 10, the face-to-face visit (上门拜访礼仪).

People and scenes are counted exactly, shares and minutes to a hundredth. Messages name the slip and never the value.
The truths and the slips stand in the folder ``u10``, a file for each kind of question.
"""

from crmsim.course.marking import Question, Scheme, choice, function, mapping, members, series, table, text

from . import doors, dress, greeted, hands, jewels, taxis

SCHEME = Scheme("u10", [
    Question(
        "u10_ex1a", points=4, truth=dress.judged(), like=function(members()), inputs=dress.worn_by,
        mistakes=dress.FAULTS, expected="a function that returns a list of K03, K04, label, tie, socks",
    ),
    Question(
        "u10_ex1b", points=3, truth=dress.look, like=mapping(), mistakes=dress.LOOKS,
        expected="a dict with n_three_colours, n_three_in_one and most_colours",
    ),
    Question(
        "u10_ex2a", points=4, truth=jewels.judged, like=table(by_column=True, key="person_id"), mistakes=jewels.JEWELS,
        expected="a table with n_pieces, too_many, match and fits for each person in case.pieces",
    ),
    Question(
        "u10_ex2b", points=1, truth=lambda case: jewels.SAYINGS, like=mapping(), mistakes=jewels.SAID,
        expected="a dict with True or False for the sentences a to d",
    ),
    Question(
        "u10_ex3", points=4, truth=hands.offering(), like=function(text()), inputs=hands.clear_scenes,
        mistakes=hands.HANDS, expected="a function that returns the name of one of the two people",
    ),
    Question(
        "u10_ex4", points=4, truth=hands.verdicts, like=series(partial_from=0.7, key="meeting_id"),
        mistakes=hands.VERDICTS, expected="for each meeting one of the words clear, silent, conflict",
    ),
    Question(
        "u10_ex5a", points=3, truth=greeted.first_greeted, like=mapping(partial_from=0.7),
        mistakes=greeted.GREETED,
        expected="a dict with a name or the word conflict for each group",
    ),
    Question(
        "u10_ex5b", points=2, truth=greeted.planned(), like=function(mapping()), inputs=greeted.crowds,
        mistakes=greeted.PLANS, expected="a function that returns a dict with two lists of names: shake and nod",
    ),
    Question(
        "u10_ex6", points=3, truth=doors.times, like=mapping(abs=0.01), mistakes=doors.TIMES,
        expected="a dict with n_too_early, n_best, n_acceptable, n_late, late_share and mean_late_minutes",
    ),
    Question(
        "u10_ex7", points=4, truth=taxis.reference, like=choice(full=0.85), worth=lambda case: case.truth,
        mistakes=taxis.CHOSEN, expected="as many customer ids as there are taxis",
    ),
    Question(
        "u10_ex8", points=2, truth=doors.ready, like=members(partial=True), mistakes=doors.READY,
        expected="a list of person ids",
    ),
])
