"""Question 4: means of the four groups of competencies for three applicants."""

from crmsim.course.marking import Mistake, slip
from crmsim.service import competencies

GROUPS = ["psychological", "character", "skill", "comprehensive"]


def groups(**moved):
    """The group of each statement; `moved` puts a competency into another one."""
    table = competencies()
    found = table["group"].copy()
    for code, group in moved.items():
        found[code] = group
    return dict(zip(table["english"], found, strict=True))


def means(case, how="mean", *, without=None, **moved):
    """The right answer, or another number instead of the mean, or with a statement left out."""
    rows = case.applicants
    if without is not None:
        rows = rows[rows["english"] != competencies().loc[without, "english"]]
    table = rows[list("ABC")].groupby(rows["english"].map(groups(**moved))).agg(how)
    return table.T.rename_axis("applicant")[GROUPS]


def beside(case):
    """The groups of the catalogue put beside the rows as they stand."""
    return case.applicants[list("ABC")].groupby(competencies()["group"].to_numpy()).mean().T[GROUPS]


def put(code, group, words):
    """The mistake of putting a competency into another group, which changes two columns."""
    home = competencies().loc[code, "group"]
    return Mistake(f"{code} in {group}", lambda case: means(case, **{code: group})[[home, group]], None, words)


MEANS = [
    Mistake("sums", lambda case: means(case, "sum"), 0.5, "These are sums. Take the mean of each group."),
    Mistake("medians", lambda case: means(case, "median"), 0.5, "These are medians. Take the mean of each group."),
    Mistake("of all 23", lambda case: means(case, "sum") / 23, 0.5,
            "You divided by all 23. Divide by the number of competencies in the group."),
    Mistake("beside the rows", beside, 0.25,
            "You put the groups of the catalogue beside the rows as they stand. The rows are mixed: match `english`."),
    put("L02.1", "psychological", "Patience and tolerance are a quality of character, says the handout."),
    put("L04.1", "character", "The idea of customer first is a comprehensive quality, says the handout."),
    put("L01.5", "character", "The attitude of never giving up is a psychological quality, says the handout."),
    put("L03.8", "comprehensive", "Listening is a skill, says the handout."),
    put("L04.4", "skill", "To coordinate human relations is a comprehensive quality, says the handout."),
    slip("skill", "without body language", lambda case: means(case, without="L03.4")["skill"],
         "elegant body language is a skill, too."),
]
