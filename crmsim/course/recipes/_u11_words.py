"""What people say in unit 11: notes on needs, complaints that want an answer.

Each situation has a note for every kind of need; two situations make the ten notes of a student. All are invented.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

Rng = np.random.Generator
KINDS = ("stated", "real", "unstated", "delight", "secret")
NOTES: dict[str, tuple[str, str, str, str, str]] = {
    "phone": (
        "She says: 'I want a cheap phone.'",
        "Asked more closely, she means: it should cost little over the years, repairs included.",
        "She does not mention it, but takes it for granted that the shop helps if the phone breaks.",
        "It would be a happy surprise for her if her old pictures were on the new phone already.",
        "She would never admit it: her friends should think that she chose cleverly.",
    ),
    "party": (
        "He says: 'We need a room for thirty people on Saturday.'",
        "What he is really after, it turns out: his mother should feel honoured on her birthday.",
        "Nobody has to tell us: the room will be clean and the food safe.",
        "A birthday song by the waiters would delight him; he does not expect one.",
        "He keeps it to himself that he wants to outdo his brother's party.",
    ),
    "course": (
        "She says: 'Do you have an English course in the evening?'",
        "Behind the question: she must talk with foreign customers by next summer.",
        "Without a word she counts on lessons that begin on time.",
        "A free talk with a guest from abroad would be more than she hopes for, and please her.",
        "She tells nobody that she is afraid of looking old among the young students.",
    ),
    "sofa": (
        "They say: 'Show us a grey sofa, please.'",
        "Looking deeper: they want one on which the stains of two small children do not show.",
        "They say nothing about it, but they expect that the sofa fits through their door.",
        "If the carriers took the old sofa away unasked, they would be delighted.",
        "They would not say it aloud: it should look dearer than the neighbours' sofa.",
    ),
    "bank": (
        "He says: 'I'd like to open an account.'",
        "In truth he wants to put money aside for a flat and does not know how.",
        "It goes without saying for him that the bank keeps his data safe.",
        "A call after a year, to say how far his savings are, would be a pleasant surprise.",
        "He hides that he has been refused by another bank.",
    ),
    "bicycle": (
        "She says: 'I need a bicycle with seven gears.'",
        "Her real aim: to reach the office without sweating up the hill.",
        "She does not ask whether the brakes work; she assumes it.",
        "To find the saddle already set to her height would make her smile.",
        "Her secret: she wants the colleague from the third floor to notice her.",
    ),
}
COMPLAINTS = {
    "Ms Wang": "The coat I ordered for my mother's birthday came a week late, and in the wrong colour. On the "
    "telephone I was told twice that somebody would call me back. Nobody did. I have been a customer for six years.",
    "Mr Li": "I paid for two boxes of tea, and one was open and half empty. Your chat closed while I was typing, three "
    "times. I do not want an excuse from a machine. What will you do?",
    "Mr Chen": "Your shop promised delivery on Saturday morning, so I took a day off. At noon I was told: Monday. A "
    "day off costs me money, and this is the second time.",
    "Ms Zhou": "The lamp went out after nine days. In the shop they said that I must have dropped it. I did not. I "
    "feel treated like a liar, in front of other customers.",
    "Ms Sun": "I returned shoes on the third of the month and still do not have my money. Every agent asks me for the "
    "same photograph again. Does anybody write down what I say?",
}


def notes(rng: Rng) -> tuple[pd.DataFrame, dict[str, str]]:
    """Ten notes called a to j, two of each kind of need, and the kind of each."""
    which = rng.permutation(list(NOTES))[:2]
    pairs = [(text, kind) for name in which for text, kind in zip(NOTES[str(name)], KINDS, strict=True)]
    order = rng.permutation(len(pairs))
    labels = list("abcdefghij")
    table = pd.DataFrame({"text": [pairs[k][0] for k in order]}, index=pd.Index(labels, name="note"))
    return table, {label: pairs[k][1] for label, k in zip(labels, order, strict=True)}


def complaint(rng: Rng) -> tuple[str, str]:
    """Who complains, and the complaint."""
    who = str(rng.choice(list(COMPLAINTS)))
    return who, COMPLAINTS[who]
