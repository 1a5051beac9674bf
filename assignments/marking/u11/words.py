"""Questions 1 to 3: the chain of service, cards, and kinds of need in the student's own notes."""

from dataclasses import replace

from crmsim.course.marking import Mistake, mapping, slip
from crmsim.course.recipes._u11_words import KINDS
from crmsim.course.recipes._u11_words import NOTES as SITUATIONS
from crmsim.course.values import key_of

CHAIN = ["contact", "collect", "understand", "offer", "solve", "meet"]


def exchanged(one, other):
    """The chain with two steps exchanged."""
    places = {one: other, other: one}
    return lambda case: [places.get(step, step) for step in CHAIN]


CHAINS = [
    Mistake("collect and understand", exchanged("collect", "understand"), None,
            "One has to collect information before one can understand needs."),
    Mistake("offer and solve", exchanged("offer", "solve"), None,
            "A solution is offered first; then the problem is solved."),
    Mistake("solve and meet", exchanged("solve", "meet"), None,
            "The chain ends with the need that is met; the problem is solved before."),
    Mistake("contact and collect", exchanged("contact", "collect"), None, "Everything begins with a contact."),
    Mistake("turned round", lambda case: CHAIN[::-1], 0, "You began at the end."),
    Mistake("meet before offer", lambda case: ["contact", "collect", "understand", "meet", "offer", "solve"], 0,
            "Needs are met at the end: only a solved problem meets them."),
    Mistake("offer before understanding", lambda case: ["contact", "offer", "collect", "understand", "solve", "meet"],
            0, "You offered a solution before one knows what is needed."),
]
CARDS = {
    "a": "pre_sale", "b": "in_sale", "c": "after_sale", "d": "pre_sale", "e": "quality", "f": "complaints",
    "g": "after_sales", "h": "satisfaction", "i": "price", "j": "differentiation", "k": "motive", "l": "values",
}
TWINS = ("after_sale", "after_sales")


def cards():
    """A word for each card; c and g may have the other one of two words that differ by one letter."""
    plain = mapping()

    def read(value):
        found = plain.read(value)
        return found | {card: CARDS[card] for card in "cg" if key_of(found.get(card)) in TWINS}

    return replace(plain, read=read)


MIXED_UP = [
    slip("b", "after sale", lambda case: "after_sale", "the purchase is just going on."),
    slip("d", "in sale", lambda case: "in_sale", "nothing has been ordered yet."),
    slip("a", "in sale", lambda case: "in_sale", "the customer has not decided yet."),
    Mistake("complaints and after-sales", lambda case: {"f": "after_sales", "g": "complaints"}, None,
            "f and g: complaint handling has its own part; repairs and spare parts are after-sales service."),
    Mistake("quality and satisfaction", lambda case: {"e": "satisfaction", "h": "quality"}, None,
            "e and h: standards are quality management; asking customers is satisfaction management."),
    Mistake("price and differentiation", lambda case: {"i": "differentiation", "j": "price"}, None,
            "i and j: which of the two costs less, and which has something others do not have?"),
    Mistake("motive and values", lambda case: {"k": "values", "l": "motive"}, None,
            "k and l: a motive is why somebody buys; values say what somebody thinks right."),
]
KIND_OF = {text: kind for texts in SITUATIONS.values() for text, kind in zip(texts, KINDS, strict=True)}


def needs(case):
    """The kind of need in each note."""
    return {label: KIND_OF[text] for label, text in case.notes["text"].items()}


def as_kind(kind, taken_for):
    """All notes of one kind, taken for another."""
    return lambda case: {label: taken_for for label, found in needs(case).items() if found == kind}


NEEDS = [
    Mistake("real as stated", as_kind("real", "stated"), None,
            "A real need is what the words mean; only what was said in so many words is stated."),
    Mistake("stated as real", as_kind("stated", "real"), None,
            "What stands in quotation marks was said: it is the stated need."),
    Mistake("unstated as secret", as_kind("unstated", "secret"), None,
            "An unstated need is simply expected; a secret need would not be told even if one asked."),
    Mistake("secret as unstated", as_kind("secret", "unstated"), None,
            "A secret need is hidden on purpose; an unstated one is taken for granted."),
    Mistake("unstated as delight", as_kind("unstated", "delight"), None,
            "What is expected without a word does not delight when it is there."),
    Mistake("delight as unstated", as_kind("delight", "unstated"), None,
            "What is a happy surprise was not expected."),
]
