"""Question 2: eleven sentences, eleven rules."""

from crmsim.course.marking import Mistake

RULES = {
    "a": "TE7", "b": "TE3", "c": "TE10", "d": "TE1", "e": "TE8", "f": "TE5", "g": "TE11", "h": "TE9", "i": "TE6",
    "j": "TE2", "k": "TE4",
}


def exchanged(one, other):
    """Two rules taken for each other."""
    letter = {code: name for name, code in RULES.items()}
    return lambda case: {letter[one]: other, letter[other]: one}


MIXED_UP = [
    Mistake("Monday and industry", exchanged("TE6", "TE7"), None,
            "You exchanged the rule for Mondays and the rule for the hours of an industry."),
    Mistake("cold and rude", exchanged("TE5", "TE9"), None,
            "You exchanged attitude (TE5, one's own mood) and the answer to somebody who is rude (TE9)."),
    Mistake("address and name", exchanged("TE2", "TE4"), None,
            "You exchanged the respectful address of the other (TE2) and saying who you are yourself (TE4)."),
    Mistake("close and hanging up", exchanged("TE10", "TE11"), None,
            "You exchanged hanging up (TE10) and the last words (TE11)."),
    Mistake("voice and convenience", exchanged("TE1", "TE3"), None,
            "You exchanged waiting for the voice (TE1) and asking whether it is convenient (TE3)."),
    Mistake("convenience and hours", exchanged("TE3", "TE7"), None,
            "The hours of an industry are looked up before the call (TE7); convenience is asked in the call (TE3)."),
    Mistake("two kinds of rudeness", exchanged("TE2", "TE9"), None,
            "You exchanged polite words and respectful address (TE2) and the answer to somebody who is rude (TE9)."),
    Mistake("convenience and name", exchanged("TE3", "TE4"), None,
            "You exchanged asking whether it is convenient (TE3) and saying who you are (TE4)."),
    Mistake("Monday and again", exchanged("TE6", "TE8"), None,
            "You exchanged the rule for Mondays (TE6) and the rule for calls that nobody answers (TE8)."),
]
