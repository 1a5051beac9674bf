"""Questions 3 and 6: functions that read one call, and what they are tried on."""

from functools import lru_cache
from itertools import islice

from crmsim.course.marking import Mistake
from crmsim.etiquette import call_logs, check_opening, check_tone_and_close

from .edges import edges

MATTER, POLITE, RUDE = ("优惠", "新产品"), ("您", "先生", "女士", "教授", "医生"), ("废话", "爱买不买")
CONVENIENT = ("方便", "忙", "打扰")
THANKS, SORRY = ("谢谢", "感谢"), ("打扰", "不好意思", "耽误")
COLUMNS = ["event", "t_seconds", "text", "tone"]
OPENINGS = [{"TE1"}, *3 * [{"TE2"}], *2 * [{"TE3"}], *3 * [{"TE4"}], {"TE1", "TE4"}, set()]
CLOSINGS = [{"TE5"}, {"TE9"}, *2 * [{"TE10"}], *3 * [{"TE11"}], {"TE5", "TE9"}, *4 * [set()]]
N_OWN, SEED = 6, 904


@lru_cache(maxsize=2)
def others(which):
    """Calls that every student's function is tried on, too."""
    faults = OPENINGS if which == "opening" else CLOSINGS
    logs = call_logs(len(faults), seed=SEED, faults=faults)
    return list(calls_in(logs.events, logs.prospects))


def calls_in(events, prospects):
    """The last call to each prospect that was answered, with firm and agent."""
    for _, row in prospects.iterrows():
        call = events.loc[events["call_id"] == row["call_id"], COLUMNS].reset_index(drop=True)
        if (call["event"] == "agent_say").any():
            yield call, row["company"], row["agent"]


def tries(which):
    """The student's own calls, then the others, then those at the edge of a rule."""
    def inputs(case):
        found = [*islice(calls_in(case.events, case.prospects), N_OWN), *others(which), *edges(which)]
        return [each if which == "opening" else each[:1] for each in found]

    return inputs


def right_opening(case):
    """The library's own check."""
    return lambda call, company, agent: [finding.code for finding in check_opening(whole(call))]


def whole(call):
    """A call with all columns that the library asks for."""
    return call.assign(call_id="C", prospect_id="P", weekday="tue", start="10:00", attempt_no=1)


def opening(*, start=None, either=False, no_rude=False, not_one=None, same_second=False, turned=False):
    """The function asked for, written plainly, or with a slip."""

    def function(call, company, agent):
        lines, found = told(call, "agent_say", "text"), []
        words, begin = "".join(lines), (start or before)(lines)
        mine, theirs = (told(call, event, "t_seconds")[0] for event in ("agent_say", "customer_voice"))
        if mine < theirs or (same_second and mine == theirs):
            found.append("TE1")
        if not holds(words, POLITE) or (holds(words, RUDE) and not no_rude):
            found.append("TE2")
        if not holds(begin, CONVENIENT):
            found.append("TE3")
        named = [company in begin, agent in begin]
        if not (any(named) if either else all(named)):
            found.append("TE4")
        every = ["TE1", "TE2", "TE3", "TE4"]
        return [code for code in every if (code in found) != turned and code != not_one]

    return lambda case: function


def told(call, event, column):
    """What stands in a column in the rows of one kind of event."""
    return [value for kind, value in zip(call["event"].tolist(), call[column].tolist(), strict=True) if kind == event]


def before(lines, *, matter=MATTER, with_it=False):
    """What is said before the first line with a word of the matter, or up to and with this line."""
    start = ""
    for line in lines:
        if holds(line, matter):
            return start + line if with_it else start
        start += line
    return start


def holds(text, words):
    """Whether one of the words stands in a text."""
    return any(word in text for word in words)


OPENING = [
    Mistake("whole call", opening(start="".join), 0.6,
            "For TE3 and TE4 you looked at the whole call. Only what comes before the matter counts."),
    Mistake("first line", opening(start=lambda lines: lines[0]), 0.4,
            "You looked at the first line alone. The opening is everything before the matter."),
    Mistake("with the matter", opening(start=lambda lines: before(lines, with_it=True)), 0.8,
            "The opening ends before the line with the matter; this line itself no longer belongs to it."),
    Mistake("one word of the matter", opening(start=lambda lines: before(lines, matter=MATTER[:1])), 0.8,
            "The matter has two words: an offer, or a new product."),
    Mistake("same second", opening(same_second=True), 0.8, "TE1: who speaks in the same second does not speak before."),
    Mistake("firm or name", opening(either=True), 0.7, "TE4 is kept only if firm and name are both there."),
    Mistake("rude words left out", opening(no_rude=True), 0.8, "TE2 has two parts: look for rude words as well."),
    Mistake("kept, not broken", opening(turned=True), 0.3, "These are the rules that were kept."),
    Mistake("without TE1", opening(not_one="TE1"), 0.7, "TE1 is missing: who was heard first?"),
    Mistake("without TE2", opening(not_one="TE2"), 0.7, "TE2 is missing: respectful address and rude words."),
]


def right_close(case):
    """The library's own check."""
    return lambda call: [finding.code for finding in check_tone_and_close(whole(call))]


def close(*, n_last=2, polite=all, rude=all, both_hang_up=False, together=False, turned=False):
    """The function asked for, written plainly, or with a slip."""

    def function(call):
        lines, tones, found = told(call, "agent_say", "text"), told(call, "agent_say", "tone"), []
        end = "".join(lines if n_last is None else lines[-n_last:])
        if "cold" in tones:
            found.append("TE5")
        if rude(["rude" in told(call, "customer_say", "tone"), "rude" in tones]):
            found.append("TE9")
        mine, theirs = (told(call, f"hangup_{who}", "t_seconds") for who in ("agent", "customer"))
        if not theirs:
            found += [] if both_hang_up else ["TE10"]
        elif mine[0] < theirs[0] or (together and mine[0] == theirs[0]):
            found.append("TE10")
        if not polite([holds(end, THANKS), holds(end, SORRY)]):
            found.append("TE11")
        return [code for code in ("TE5", "TE9", "TE10", "TE11") if (code in found) != turned]

    return lambda case: function


CLOSE = [
    Mistake("thanks or apology", close(polite=any), 0.6, "TE11 asks for both, thanks and an apology."),
    Mistake("thanks alone", close(polite=lambda good: good[0]), 0.7,
            "TE11: you looked for thanks alone. Both are needed."),
    Mistake("apology alone", close(polite=lambda good: good[1]), 0.7,
            "TE11: you looked for an apology alone. Both are needed."),
    Mistake("last line", close(n_last=1), 0.5,
            "You looked at the last line alone. The close is the last two lines of the agent."),
    Mistake("whole call", close(n_last=None), 0.6,
            "For TE11 you looked at the whole call. The close is the last two lines of the agent."),
    Mistake("customer alone rude", close(rude=lambda each: each[0]), 0.6,
            "TE9: a rude customer is no fault of the agent. The agent must be rude, too."),
    Mistake("agent alone rude", close(rude=lambda each: each[1]), 0.8,
            "TE9 is the answer to a rude customer: both must be rude."),
    Mistake("one of them rude", close(rude=any), 0.5, "TE9: both must be rude, the customer and the agent."),
    Mistake("only where both hang up", close(both_hang_up=True), 0.7,
            "TE10: where only the agent hangs up, the agent hung up first."),
    Mistake("same second", close(together=True), 0.8, "TE10: who hangs up in the same second does not hang up before."),
    Mistake("kept, not broken", close(turned=True), 0.3, "These are the rules that were kept."),
]
