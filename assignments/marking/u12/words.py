"""Questions 2 and 8: facets of satisfaction in what customers say, words of the handout, and a journey map."""

from crmsim.course.marking import Mistake, slip
from crmsim.course.recipes._u12_words import N_EACH, N_POINTS, STATEMENTS, TOUCH_POINTS

FACET_OF = {text: facet for facet, texts in STATEMENTS.items() for text in texts}
MOMENT_OF = {text: moment for moment, texts in TOUCH_POINTS.items() for text in texts}


def facets(case):
    """The right answer to question 2."""
    return {letter: FACET_OF[text] for letter, text in case.statements["text"].items()}


def moments(case):
    """The moment of each touch point."""
    return {letter: MOMENT_OF[text] for letter, text in case.points["text"].items()}


def taken_for(truth, meant, given, place=None):
    """All statements about one thing taken for another, or only the one in this place among them."""

    def mixed(case):
        letters = [letter for letter, word in truth(case).items() if word == meant]
        return dict.fromkeys(letters if place is None else letters[place:place + 1], given)

    return mixed


def confusions(truth, n_each, told):
    """A mistake for each pair of things that are mixed up: throughout, or once."""
    places = [None, *range(n_each)]
    return [
        Mistake(f"{meant} as {given}" + ("" if place is None else f", {place + 1}"),
                taken_for(truth, meant, given, place), None, message)
        for place in places for (meant, given), message in told.items()
    ]


RUN = "Behaviour means the whole running of the firm; service is what is done for one customer."
BELIEF = "What a firm believes in is its idea; how it is run is its behaviour."
SEEN = "What one sees and hears of the firm is audiovisual; the product is what one uses."
FACETS = confusions(facets, N_EACH, {
    ("idea", "behaviour"): BELIEF, ("behaviour", "idea"): BELIEF,
    ("behaviour", "service"): RUN, ("service", "behaviour"): RUN,
    ("audiovisual", "product"): SEEN, ("product", "audiovisual"): SEEN,
    ("behaviour", "audiovisual"): "How the firm is run is its behaviour; audiovisual is how it looks and sounds.",
    ("behaviour", "product"): "How the firm is run is its behaviour; the product is what one uses.",
    ("service", "product"): "What people do for a customer is service; the product is what one uses.",
    ("product", "service"): "What one uses is the product; service is what people do for a customer.",
})


def worst(case, pick="idxmin", score="mean"):
    """The touch point of each moment with the lowest mean score; or another one."""
    of = moments(case)
    scores = getattr(case.touches.groupby("point")["score"], score)()
    return {moment: getattr(scores[[point for point in of if of[point] == moment]], pick)() for moment in TOUCH_POINTS}


def journey(case):
    """The right answer to question 8b."""
    return moments(case) | worst(case)


def worst_of_all(case):
    """The touch point with the lowest mean score, whatever its moment, for each other moment."""
    point = case.touches.groupby("point")["score"].mean().idxmin()
    return {moment: point for moment in TOUCH_POINTS if moment != moments(case)[point]}


HANDLED = "Using is handling the thing; enjoying is the pleasure that it gives."
PAID = "Buying ends when the thing is paid for; using begins when the customer has it."
JOURNEYS = [
    *confusions(moments, N_POINTS, {
        ("using", "enjoying"): HANDLED, ("enjoying", "using"): HANDLED, ("buying", "using"): PAID,
        ("using", "buying"): PAID,
    }),
    Mistake("best", lambda case: worst(case, "idxmax"), None,
            "You took the touch points with the highest scores. Mend the lowest ones."),
    Mistake("worst of all", worst_of_all, None,
            "You named the worst touch point of all for each moment. Each moment has a worst one of its own."),
    *(slip(moment, "sum", lambda case, moment=moment: worst(case, score="sum")[moment],
           "this touch point has the lowest sum. Compare means: not all were scored equally often.")
      for moment in TOUCH_POINTS),
    *(slip(moment, "best", lambda case, moment=moment: worst(case, "idxmax")[moment],
           "this touch point has the highest mean score of its moment.") for moment in TOUCH_POINTS),
    *(slip(moment, "fewest", lambda case, moment=moment: worst(case, score="size")[moment],
           "this touch point was scored least often. Compare the mean scores.") for moment in TOUCH_POINTS),
]

CARDS = {
    "a": "level", "b": "relation", "c": "offer", "d": "gap", "e": "kano", "f": "two_factor", "g": "false", "h": "true",
}
MIXED_UP = [
    Mistake("level and offer", lambda case: {"a": "offer", "c": "level"}, None,
            "You exchanged what is supplied and how much the customer notices."),
    slip("a", "offer", lambda case: "offer", "the tea is the same for everybody; he notices more than others."),
    slip("a", "relation", lambda case: "relation", "nothing has happened between the two; he notices more."),
    slip("b", "offer", lambda case: "offer", "the delivery was good; how the two stand makes it seem poor."),
    slip("c", "level", lambda case: "level", "the noodles have changed, not how much the customer notices."),
    slip("b", "level", lambda case: "level", "not the customer's tongue has changed, but how the two stand."),
    Mistake("kano and two factors", lambda case: {"e": "two_factor", "f": "kano"}, None,
            "You exchanged Kano's model and the two-factor model: one of them asks two questions."),
    Mistake("gap and kano", lambda case: {"d": "kano", "e": "gap"}, None,
            "You exchanged Kano's model and the gap model: a gap is a difference."),
    slip("f", "kano", lambda case: "kano", "only one of the models has two kinds of factors, and no more."),
    slip("e", "gap", lambda case: "gap", "two questions about a feature do not ask what was expected."),
    slip("g", "faster", lambda case: "true", "the handout says it the other way round."),
    slip("h", "false", lambda case: "false", "these are the three moments of which the handout speaks."),
]
