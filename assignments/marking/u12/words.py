"""Questions 2 and 8: facets of satisfaction in what customers say, and words of the handout."""

from crmsim.course.marking import Mistake, slip
from crmsim.course.recipes._u12_words import STATEMENTS

FACET_OF = {text: facet for facet, texts in STATEMENTS.items() for text in texts}


def facets(case):
    """The right answer to question 2."""
    return {letter: FACET_OF[text] for letter, text in case.statements["text"].items()}


def all_as(wrong, right):
    """All statements about one facet taken for another."""
    return lambda case: {letter: wrong for letter, facet in facets(case).items() if facet == right}


FACETS = [
    Mistake("idea as behaviour", all_as("behaviour", "idea"), None,
            "What a firm believes in is its idea; how it is run is its behaviour."),
    Mistake("behaviour as service", all_as("service", "behaviour"), None,
            "Behaviour means the whole running of the firm; service is what is done for one customer."),
    Mistake("behaviour as idea", all_as("idea", "behaviour"), None,
            "What a firm believes in is its idea; how it is run is its behaviour."),
    Mistake("service as behaviour", all_as("behaviour", "service"), None,
            "Behaviour means the whole running of the firm; service is what is done for one customer."),
    Mistake("audiovisual as product", all_as("product", "audiovisual"), None,
            "What one sees and hears of the firm is audiovisual; the product is what one uses."),
]

CARDS = {
    "a": "level", "b": "relation", "c": "offer", "d": "gap", "e": "kano", "f": "two_factor", "g": "false", "h": "true",
}
MIXED_UP = [
    Mistake("level and offer", lambda case: {"a": "offer", "c": "level"}, None,
            "You exchanged what is supplied and how much the customer notices."),
    slip("b", "level", lambda case: "level", "not the customer's tongue has changed, but how the two stand."),
    Mistake("kano and two factors", lambda case: {"e": "two_factor", "f": "kano"}, None,
            "You exchanged Kano's model and the two-factor model: one of them asks two questions."),
    Mistake("gap and kano", lambda case: {"d": "kano", "e": "gap"}, None,
            "You exchanged Kano's model and the gap model: a gap is a difference."),
    slip("g", "faster", lambda case: "true", "the handout says it the other way round."),
    slip("h", "false", lambda case: "false", "these are the three moments of which the handout speaks."),
]
