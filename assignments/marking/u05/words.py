"""Question 2: the words around lifetime value."""

from crmsim.course.marking import Mistake, slip

CARDS = {
    "a": "broad", "b": "narrow", "c": "current_potential", "d": "equity", "e": "delivered",
    "f": "true", "g": "false", "h": "false", "i": "true", "j": "false",
}
MIXED_UP = [
    Mistake("broad and narrow", lambda case: {"a": "narrow", "b": "broad"}, None,
            "You exchanged the broad sense (the whole relation) and the narrow one (the future alone)."),
    slip("c", "broad", lambda case: "broad", "all profit is counted there, but it is sorted by something else."),
    slip("d", "one customer", lambda case: "broad", "this is about all customers, also those whom the firm may win."),
    slip("e", "firm's view", lambda case: "equity", "this is what the customer gets, not what the firm gets."),
    slip("g", "potential left out", lambda case: "true", "equity counts people who are no customers yet."),
    slip("h", "same direction", lambda case: "true", "one looks from the customer, the other from the firm."),
    slip("j", "sums", lambda case: "true", "at a rate of 0 nothing is discounted."),
]
