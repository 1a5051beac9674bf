"""Questions 7 and 8: the week's calls audited, and which agent needs help."""

from crmsim.course.marking import Mistake, slip
from crmsim.etiquette import check_call, check_calls


def planted(case):
    """The codes of each last call, as the simulator planned them: the right answer to question 7."""
    truth = case.truth.loc[case.prospects["call_id"]]
    return {call_id: [code for code in truth.columns if row[code]] for call_id, row in truth.iterrows()}


def found_by(case, *, industry=True, **limits):
    """What the library's check finds with these numbers."""
    known = case.prospects["industry"] if industry else None
    codes = check_calls(case.events, industry=known, limits=limits).groupby("call_id")["code"].apply(list)
    return {call_id: codes.get(call_id, []) for call_id in case.prospects["call_id"]}


def own(case):
    """The student's own numbers."""
    return {"table": case.windows, "monday_earliest": case.monday_earliest}


def alone(case):
    """Every call checked for itself, without those before it."""
    events, found = case.events, {}
    for _, row in case.prospects.iterrows():
        call = events[events["call_id"] == row["call_id"]]
        codes = check_call(call, industry=row["industry"], limits=own(case))
        found[row["call_id"]] = [finding.code for finding in codes]
    return found


FORGOTTEN = 0.25
"""What is left when one rule has been forgotten in the whole week, in however few of the calls it shows."""
AUDIT = [
    Mistake("no industry", lambda case: found_by(case, industry=False, **own(case)), FORGOTTEN,
            "TE7 is missing: tell the check the industry of each prospect."),
    Mistake("usual hours", lambda case: found_by(case), FORGOTTEN,
            "You took the package's own hours. Take case.windows and case.monday_earliest."),
    Mistake("usual windows", lambda case: found_by(case, monday_earliest=case.monday_earliest), FORGOTTEN,
            "You took the package's own windows. Take case.windows."),
    Mistake("usual Monday", lambda case: found_by(case, table=case.windows), FORGOTTEN,
            "On a Monday your firm does not begin at ten: take case.monday_earliest."),
    Mistake("each call alone", alone, FORGOTTEN,
            "TE8 is missing: it needs the earlier calls to the same prospect."),
    Mistake("one code each", lambda case: {call: codes[:1] for call, codes in planted(case).items()}, 0,
            "You kept one code for each call. A call can break several rules."),
    Mistake("nothing found", lambda case: {call: [] for call in planted(case)}, 0,
            "Every list is empty, but most of these calls break a rule."),
]


def by_agent(case):
    """The right answer to question 8."""
    calls, noted = case.team_calls, case.noted
    n_notes = noted["call_id"].value_counts()
    each = calls.assign(notes=calls["call_id"].map(n_notes).fillna(0))
    each["clean"] = each["notes"] == 0
    table = each.groupby("agent").agg(n_calls=("call_id", "size"), n_clean=("clean", "sum"), notes=("notes", "sum"))
    table["clean_share"] = table["n_clean"] / table["n_calls"]
    table["notes_per_call"] = table["notes"] / table["n_calls"]
    return table.drop(columns="notes")


def joined(case):
    """Only calls with a note: what an inner join leaves."""
    return case.noted.merge(case.team_calls)


def column(name, change):
    """A column of the right answer, changed."""
    return lambda case: change(by_agent(case), case).rename(name)


def faulty(case):
    """How many calls of each agent have a note."""
    return joined(case).groupby("agent")["call_id"].nunique()


def carried_on(case):
    """A left join whose rows were taken for calls, and the two fractions made from them."""
    table = by_agent(case)
    rows = case.team_calls.merge(case.noted, how="left")["agent"].value_counts()
    notes = table["notes_per_call"] * table["n_calls"]
    return table.assign(n_calls=rows, clean_share=table["n_clean"] / rows, notes_per_call=notes / rows)


AGENTS = [
    Mistake("rows of a left join in every column", carried_on, 0.5,
            "n_calls: these are rows after the join: a call with three notes counts three times. "
            "Both fractions are wrong for this reason alone."),
    slip("n_calls", "notes", column("n_calls", lambda t, case: joined(case)["agent"].value_counts()),
         "these are notes: a call with three notes counts three times, a clean one not at all."),
    slip("n_calls", "rows of a left join",
         column("n_calls", lambda t, case: case.team_calls.merge(case.noted, how="left")["agent"].value_counts()),
         "these are rows after the join: a call with three notes counts three times."),
    slip("n_calls", "calls with a note", column("n_calls", lambda t, case: faulty(case)),
         "these are calls with a note. The inner join has lost the clean ones."),
    slip("n_clean", "calls less notes",
         column("n_clean", lambda t, case: t["n_calls"] - (t["notes_per_call"] * t["n_calls"]).round()),
         "you took off the notes. A call with three notes is one call that is not clean."),
    slip("n_clean", "not clean", column("n_clean", lambda t, case: t["n_calls"] - t["n_clean"]),
         "these are the calls with a note."),
    slip("clean_share", "per cent", column("clean_share", lambda t, case: 100 * t["clean_share"]),
         "this is in per cent. A share is a number from 0 to 1."),
    slip("clean_share", "of all", column("clean_share", lambda t, case: t["n_clean"] / t["n_calls"].sum()),
         "you divided by the calls of all agents."),
    slip("clean_share", "not clean", column("clean_share", lambda t, case: 1 - t["clean_share"]),
         "this is the share of calls with a note."),
    slip("notes_per_call", "per faulty call",
         column("notes_per_call", lambda t, case: t["notes_per_call"] * t["n_calls"] / faulty(case)),
         "you divided by the calls with a note. Divide by all calls of the agent."),
    slip("notes_per_call", "number", column("notes_per_call", lambda t, case: joined(case)["agent"].value_counts()),
         "this is the number of notes. Divide by the calls of the agent."),
]

