"""Marking scheme of unit 11, service, needs, staff and complaints (客户服务与投诉处理).

Tickets are counted exactly, hours and shares compared to a hundredth. Messages name the slip and never the value. The
truths and the slips stand in the folder ``u11``, a file for each kind of question.
"""

from crmsim.course.marking import Question, Scheme, function, mapping, ordered, series, table

from . import backlog, channels, decisions, reports, staff, words

SCHEME = Scheme("u11", [
    Question(
        "u11_ex1", points=2, truth=lambda case: words.CHAIN, like=ordered(neighbours=0.5), mistakes=words.CHAINS,
        expected="a list of the six steps in their order",
    ),
    Question(
        "u11_ex2", points=3, truth=lambda case: words.CARDS, like=words.cards(), mistakes=words.MIXED_UP,
        expected="a dict with a word for each of the cards a to l",
    ),
    Question(
        "u11_ex3", points=3, truth=words.needs, like=mapping(), mistakes=words.NEEDS,
        expected="a dict with a kind of need for each of the notes a to j",
    ),
    Question(
        "u11_ex4", points=4, truth=staff.means, like=table(abs=0.01, by_column=True, key="applicant"),
        mistakes=staff.MEANS, expected="a table with four means for each of the applicants A, B and C",
    ),
    Question(
        "u11_ex5", points=6, truth=reports.report(), like=function(mapping(abs=0.01)), inputs=reports.desks,
        mistakes=reports.REPORTS,
        expected="a function that returns a dict with n_open, reply_hours, resolved_share and overdue_share",
    ),
    Question(
        "u11_ex6", points=4, truth=backlog.by_day, like=series(key="day"), mistakes=backlog.BACKLOGS,
        expected="a Series with the number of open tickets at the end of each of the 28 days",
    ),
    Question(
        "u11_ex7", points=5, truth=channels.by_channel, like=table(abs=0.005, by_column=True, key="channel"),
        mistakes=channels.CHANNELS,
        expected="a table with n_contacts, complaint_share, waiting_minutes and n_exchanges for each channel",
    ),
    Question(
        "u11_ex8", points=4, truth=decisions.best, like=decisions.assignment(), worth=lambda case: case.chances,
        mistakes=decisions.ASSIGNED, expected="a dict with another agent for each of the tickets T1 to T6",
    ),
    Question(
        "u11_ex9", points=4, truth=decisions.cheapest, like=decisions.number_of_agents(full=0.85, above=0.75),
        worth=lambda case: case.truth, mistakes=decisions.STAFFED, expected="a whole number of agents",
    ),
])
