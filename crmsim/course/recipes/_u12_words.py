"""What customers of unit 12 say about the five facets of satisfaction (顾客满意的五个方面), and their touch points.

All invented.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

Rng = np.random.Generator
N_EACH = 2
STATEMENTS: dict[str, tuple[str, ...]] = {
    "idea": (
        "I like that this firm says: honesty before profit.",
        "Their principle 'the customer is a friend' is what won me.",
        "A firm that believes in waste-free trade has the right philosophy for me.",
        "What the founder stands for, I stand for, too.",
        "Their motto puts people first, and I share this value.",
    ),
    "behaviour": (
        "The whole firm works as one: orders, stock and payment run without a hitch.",
        "Their rules are the same for everybody, and everybody in the firm keeps them.",
        "This firm is well run, from the top to the store room.",
        "Decisions are made quickly there; the way they do business convinces me.",
        "Whatever department I deal with, the firm is well organised.",
    ),
    "audiovisual": (
        "I know their logo and colours from afar, and they please the eye.",
        "The music in the shop and the tune of their advertisement are pleasant.",
        "The shop front, the signs and the uniforms look good together.",
        "The web page is beautiful to look at.",
        "Their name sounds well, and the packaging is a pleasure to see.",
    ),
    "product": (
        "The rice cooker has worked for three years without a fault.",
        "The shoes fit, and the leather is good.",
        "The tea tastes as fresh as on the first day.",
        "This lamp does exactly what a lamp should do.",
        "The coat keeps me warm and still looks new after ten washes.",
    ),
    "service": (
        "They called a week later and asked whether all was well.",
        "The repair was done at my home on the next day.",
        "The assistant took time and explained everything to me.",
        "When I had a question, somebody answered at once.",
        "They carried the parcel up to the fifth floor for me.",
    ),
}

N_POINTS = 3
TOUCH_POINTS: dict[str, tuple[str, ...]] = {
    "buying": (
        "looking for the article on the shelves", "comparing the prices of two articles",
        "asking the assistant which one to take", "waiting at the till and paying",
        "ordering and paying on the web page",
    ),
    "using": (
        "unpacking it at home and setting it up", "reading in the manual how it works", "cleaning it after use",
        "changing its battery", "having it repaired when it does not work",
    ),
    "enjoying": (
        "being proud when friends admire it", "the pleasure of having it at a family feast",
        "the good mood that it brings after a hard day", "having fun with it together with the children",
        "looking back with joy on the days with it",
    ),
}
"""Where a customer meets the thing, by the moment of the experience (购买、使用、享受)."""


def touch_points(rng: Rng) -> tuple[pd.DataFrame, dict[str, str]]:
    """Nine touch points, a to i, three for each moment in any order; and the moments behind them."""
    drawn = [(of, str(text)) for of, texts in TOUCH_POINTS.items() for text in rng.permutation(texts)[:N_POINTS]]
    mixed = [drawn[place] for place in rng.permutation(len(drawn))]
    letters = pd.Index(list("abcdefghi"), name="point")
    moments = {letter: moment for letter, (moment, _) in zip(letters, mixed, strict=True)}
    return pd.DataFrame({"text": [text for _, text in mixed]}, index=letters), moments


def statements(rng: Rng) -> tuple[pd.DataFrame, dict[str, str]]:
    """Ten statements, a to j, two for each facet in any order; and the facets behind them."""
    drawn = [(facet, str(text)) for facet, texts in STATEMENTS.items() for text in rng.permutation(texts)[:N_EACH]]
    mixed = [drawn[place] for place in rng.permutation(len(drawn))]
    letters = pd.Index(list("abcdefghij"), name="card")
    facets = {letter: facet for letter, (facet, _) in zip(letters, mixed, strict=True)}
    return pd.DataFrame({"text": [text for _, text in mixed]}, index=letters), facets
