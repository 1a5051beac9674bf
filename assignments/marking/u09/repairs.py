"""Question 9: a call repaired by changing as few rows as possible. Any words that keep the rules are right."""

import pandas as pd

from crmsim.course.comparing import Comparer
from crmsim.course.marking import Mistake
from crmsim.course.reading import Unreadable, as_mapping
from crmsim.course.values import Outcome
from crmsim.errors import InputError
from crmsim.etiquette import check_call
from crmsim.etiquette.calllog import TONES

LONGEST = 500
FIRST, ASK = "{name}您好，我是{company}的{agent}。", "请问您现在方便吗？"


def worth(case):
    """The call, as the judging needs it."""
    return case.bad_call.drop(columns="english")


def reference(case):
    """Three changes that repair the call."""
    call = case.bad_call
    said = call[call["event"] == "agent_say"]
    cold = said.index[said["tone"] == "cold"][0]
    return {
        int(said.index[0]): "王女士，您好！我是宏达公司的李明。请问您现在方便吗？", int(cold): "warm",
        int(said.index[-1]): "谢谢您，打扰了，再见。",
    }


def repaired(call, edits):
    """The call with these changes: a tone in the column `tone`, anything else in the column `text`."""
    call = call.copy()
    for row, new in edits.items():
        call.loc[row, "tone" if new in TONES else "text"] = new
    return call


def _read(value):
    edits = as_mapping(value)
    for row, new in edits.items():
        if not isinstance(new, str) or len(new) > LONGEST:
            raise Unreadable(f"The entry {str(row)[:20]!r} should be a text of at most {LONGEST} characters.")
    return edits


def _by_rules(answer, truth, *, worth):
    """Full marks for no fault left and no change too many; else the share of the faults that are gone."""
    call = pd.DataFrame(worth)
    spoken = set(call.index[call["event"] == "agent_say"])
    if not set(answer) <= spoken:
        return Outcome(0.0, "You may change only rows in which the agent speaks; the keys are row labels.")
    before, after = ({finding.code for finding in check_call(each)} for each in (call, repaired(call, answer)))
    left, n_more = " and ".join(sorted(after)), len(answer) - len(before)
    if not after:
        note = f"No rule is broken any more, but you changed {n_more} {'row' if n_more == 1 else 'rows'} too many."
        return Outcome(1.0, "") if n_more <= 0 else Outcome(0.5, note)
    share = max(0.0, 1 - len(after) / len(before))
    return Outcome(min(share, 0.75), f"The call still breaks {left}.")


def _same(answer, mistake):
    return answer == mistake


def repair():
    """A dict of row label to new text or tone."""
    return Comparer(_read, _compare, is_decision=True, resembles=_same)


def _compare(answer, truth, *, worth):
    try:
        return _by_rules(answer, truth, worth=worth)
    except InputError as error:
        return Outcome(0.0, f"The repaired call cannot be read: {error}")


NONE = Mistake("nothing changed", lambda case: {}, 0, "Nothing was changed: the dict is empty.")
REPAIRS = [NONE]
