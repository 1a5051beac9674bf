"""Questions 2 and 6: components and kinds of value, views of the exchange, levels of the hierarchy."""

from crmsim.course.marking import Mistake, slip

CARDS = {
    "a": "service", "b": "physical", "c": "personnel", "d": "energy", "e": "product", "f": "money", "g": "time",
    "h": "image", "i": "economic", "j": "functional", "k": "psychological", "l": "economic", "m": "psychological",
    "n": "functional", "o": "traditional", "p": "actual",
}


def fixed(answers):
    """The same wrong entries for everybody."""
    return lambda case: answers


MIXED_UP = [
    Mistake("energy and physical", fixed({"b": "energy", "d": "physical"}), None,
            "b and d: the handout's energy cost (精力) is mental effort; physical cost (体力) is effort of the body."),
    Mistake("service and personnel", fixed({"a": "personnel", "c": "service"}), None,
            "a and c: personnel value comes from people, service value from what is done for the customer."),
    Mistake("views", fixed({"o": "actual", "p": "traditional"}), None, "o and p: you exchanged the two views."),
    slip("b", "energy", fixed("energy"), "energy cost is mental effort; this is effort of the body."),
    slip("d", "physical", fixed("physical"), "physical cost is effort of the body; this is effort of the mind."),
    slip("d", "time", fixed("time"), "it is not the hours that hurt here, but the effort of the mind."),
    slip("c", "service", fixed("service"), "what is valued here is a person."),
    slip("h", "product", fixed("product"), "not the phone itself is valued here, but its name."),
    slip("i", "functional", fixed("functional"), "the function is the same; only the cost is lower."),
    slip("l", "functional", fixed("functional"), "the function is the same; only the cost is lower."),
    slip("j", "psychological", fixed("psychological"), "it can do something that others cannot: look at the function."),
    slip("m", "functional", fixed("functional"), "nothing is said about what it can do, only about what it means."),
]

LEVELS = {card: level for level, cards in {
    "attribute": "adgilmp", "consequence": "behjn", "goal": "cfko",
}.items() for card in cards}

LEVELS_MIXED_UP = [
    Mistake("goals as consequences", fixed({"c": "consequence", "f": "consequence", "k": "consequence"}), None,
            "c, f and k: nothing is used here. These are purposes in life: goals."),
    Mistake("consequences as goals", fixed({"b": "goal", "e": "goal", "h": "goal", "j": "goal"}), None,
            "b, e, h and j: this happens in use. A goal lies one level higher and needs no product."),
    Mistake("consequences as attributes", fixed({"b": "attribute", "e": "attribute", "h": "attribute"}), None,
            "b, e and h: no data sheet says so; the customer notices it in use."),
    slip("i", "service as consequence", fixed("consequence"),
         "service within 24 hours is a performance that the firm promises: an attribute. Its consequence is j."),
    slip("l", "performance as consequence", fixed("consequence"),
         "it is how well an attribute performs, and can be measured without the customer."),
    slip("n", "attribute", fixed("attribute"), "no part of the phone is judged here, but what happens in use."),
    slip("n", "goal", fixed("goal"), "getting home is what happens in use; a goal lies one level higher."),
    slip("o", "consequence", fixed("consequence"), "it is about who the customer wants to be."),
    slip("m", "consequence", fixed("consequence"), "the case and the colours are judged, not what happens in use."),
]
