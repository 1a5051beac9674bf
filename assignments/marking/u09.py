"""Marking scheme of unit 9, the telephone visit (电话拜访与礼仪).

Codes of rules are compared as sets, functions on the student's own calls and on calls of others, the repaired call by
the rules themselves, the script by the linter and by what it brings. Messages name the slip and never the value. The
truths and the slips stand in the folder ``u09``.
"""

from crmsim.course.marking import Question, Scheme, function, mapping, members, ordered, table
from crmsim.course.rulesets import rule_sets
from crmsim.course.scripting import call_script

from . import audits, repairs, rounds, scripts, spoken, times, words

SCHEME = Scheme("u09", [
    Question(
        "u09_ex1", points=2, truth=rounds.done, like=mapping(), mistakes=rounds.ROUND,
        expected="a dict with the four steps and two numbers",
    ),
    Question(
        "u09_ex2", points=2, truth=lambda case: words.RULES, like=mapping(), mistakes=words.MIXED_UP,
        expected="a dict with a rule for each of the sentences a to k",
    ),
    Question(
        "u09_ex3", points=4, truth=spoken.right_opening, like=function(members()), inputs=spoken.tries("opening"),
        mistakes=spoken.OPENING, expected="a function that returns a list of codes: TE1 to TE4",
    ),
    Question(
        "u09_ex4", points=3, truth=times.right_time, like=function(members()), inputs=times.moments,
        mistakes=times.TIMES, expected="a function that returns a list of codes: TE6, TE7",
    ),
    Question(
        "u09_ex5", points=3, truth=times.right_attempts, like=function(ordered()), inputs=times.series,
        mistakes=times.ATTEMPTS, expected="a function that returns a list of the numbers of attempts",
    ),
    Question(
        "u09_ex6", points=4, truth=spoken.right_close, like=function(members()), inputs=spoken.tries("close"),
        mistakes=spoken.CLOSE, expected="a function that returns a list of codes: TE5, TE9, TE10, TE11",
    ),
    Question(
        "u09_ex7", points=4, truth=audits.planted, like=rule_sets(), mistakes=audits.AUDIT,
        expected="a dict with a list of codes for each of the 20 calls",
    ),
    Question(
        "u09_ex8", points=3, truth=audits.by_agent, like=table(abs=0.005, by_column=True, key="agent"),
        mistakes=audits.AGENTS, expected="a table with n_calls, n_clean, clean_share and notes_per_call for each agent",
    ),
    Question(
        "u09_ex9", points=2, truth=repairs.reference, like=repairs.repair(), worth=repairs.worth,
        mistakes=repairs.REPAIRS, expected="a dict with a new text or tone for some rows",
    ),
    Question(
        "u09_ex10", points=4, truth=lambda case: scripts.model("zh"), like=call_script(purpose="appointment"),
        worth=scripts.worth, mistakes=scripts.UNCHANGED, expected="the text of a call script",
    ),
])
