"""The case of unit 9, the telephone visit (电话拜访与礼仪).

A small call centre telephones for several firms. The student gets one week of its calls to 20 prospects, made by
`crm.etiquette.call_logs`, so that it is known which rules each call breaks: every rule is broken by at least two of
the last calls, four of them break none. The hours of the industries and the time from which one may call on a Monday
differ between students. Beside the logs there are the customer cards that were filed, what supervisors noted about
200 other calls, and a call to be repaired. All hours, names and rates are [EXT].

The draft of a script is the same for everybody; the callees of a simulated shop, on whom scripts are tried, are not,
and are known to the grader alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from crmsim.course.cases import Case
from crmsim.course.identity import hashed
from crmsim.course.recipes import Recipe
from crmsim.course.recipes._u09_office import bad_call, cards, supervisors
from crmsim.etiquette.calendars import clock_minutes, clock_text, windows
from crmsim.etiquette.logs import CODES, CallLogs, call_logs

N_PROSPECTS, N_CLEAN = 20, 4
N_INDUSTRIES = 5
MONDAYS = ("09:30", "10:30")
SHIFTS = (-30, 0, 30)
TODAY = pd.Timestamp("2026-03-09")
TRIES = 200


def _rng(what: str, seed: int) -> np.random.Generator:
    return np.random.default_rng(hashed(f"{what} of {seed}"))


def monday_of(seed: int) -> str:
    """The time from which this student's firm calls on a Monday."""
    return str(_rng("monday", seed).choice(MONDAYS))


def hours_of_student(seed: int) -> pd.DataFrame:
    """Five industries with windows that are moved by half an hour, or not.

    Early on a Monday at least one industry has its window, so that TE6 can be broken alone.
    """
    rng, usual = _rng("hours", seed), windows().drop(columns="zh")
    for _ in range(TRIES):
        names = rng.choice(usual["industry"].unique(), N_INDUSTRIES, replace=False)
        table = usual[usual["industry"].isin(names)].reset_index(drop=True)
        shifts = rng.choice(SHIFTS, len(table))
        for column in ("from", "to"):
            table[column] = [clock_text(clock_minutes(clock) + int(shift))
                             for clock, shift in zip(table[column], shifts, strict=True)]
        early = table["weekdays"].str.contains("mon") & (table["from"] < monday_of(seed))
        if early.sum() >= 2:
            return table
    raise RuntimeError("no hours were found")  # cannot happen for the shipped table


def plan_of(rng: np.random.Generator) -> list[frozenset[str]]:
    """What the 20 calls break: every rule in at least two of them, four break none, no call TE6 and TE8 at once."""
    n_faulty = N_PROSPECTS - N_CLEAN
    for _ in range(TRIES):
        deck = [str(code) for code in rng.permutation(2 * CODES)]
        dealt = [deck[place::n_faulty] for place in range(n_faulty)]
        sets = [frozenset(codes) for codes in dealt]
        if all(len(broken) == len(codes) and not {"TE6", "TE8"} <= broken
               for broken, codes in zip(sets, dealt, strict=True)):
            every = [*sets, *N_CLEAN * [frozenset[str]()]]
            return [every[place] for place in rng.permutation(len(every))]
    raise RuntimeError("no plan was found")  # one of a few tries is good


def logs_of(seed: int, language: str) -> CallLogs:
    """The week of this student, in one of the two languages."""
    plan = plan_of(_rng("plan", seed))
    own = int(_rng("logs", seed).integers(2**31))
    hours, monday = hours_of_student(seed), monday_of(seed)
    return call_logs(N_PROSPECTS, seed=own, language=language, faults=plan, table=hours, monday_earliest=monday)


def build(seed: int) -> Case:
    """The tables of one student."""
    logs, english = logs_of(seed, "zh"), logs_of(seed, "en")
    team, noted = supervisors(_rng("supervisors", seed))
    tables = {
        "events": logs.events.assign(english=english.events["text"]), "prospects": logs.prospects,
        "windows": hours_of_student(seed), "cards": cards(logs.prospects.index.to_numpy(), _rng("cards", seed)),
        "team_calls": team, "noted": noted, "bad_call": bad_call(_rng("bad call", seed)), "drafts": drafts(),
    }
    return Case("u09", TODAY, tables, {"currency": "CNY", "monday_earliest": monday_of(seed)})


def drafts() -> pd.DataFrame:
    """The script that somebody wrote in a hurry, as YAML text in each language."""
    files = {language: Path(__file__).with_name(f"_u09_draft_{language}.yaml") for language in ("zh", "en")}
    texts = {language: file.read_text(encoding="utf-8") for language, file in files.items()}
    return pd.DataFrame({"text": texts}).rename_axis("language")


def unfair(case: Case) -> Iterator[str]:
    """Why nobody should get this case."""
    n_answered = case.events.loc[case.events["event"] == "customer_voice", "call_id"]
    if case.prospects["call_id"].isin(n_answered).sum() < 13:
        yield "too few of the last calls were answered"
    noted = case.team_calls.merge(case.noted, how="left")
    clean = noted["code"].isna().groupby(noted["agent"]).sum() / case.team_calls["agent"].value_counts()
    if clean.min() < 0.08 or clean.max() > 0.9 or clean.round(3).duplicated().any():
        yield "an agent is nearly always or nearly never right, or two are equally often"


def planted(seed: int) -> pd.DataFrame:
    """What the calls of the week break, as planned."""
    return logs_of(seed, "zh").truth


RECIPE = Recipe(build, lambda case: list(unfair(case)), truth=planted)
