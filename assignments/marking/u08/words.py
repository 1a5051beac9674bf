"""Question 1: twelve cards, twelve methods of finding prospects."""

from crmsim.course.marking import Mistake, slip

CARDS = {
    "a": "mail", "b": "meeting", "c": "introduction", "d": "alliance", "e": "telephone", "f": "documents",
    "g": "snowball", "h": "consulting", "i": "halo", "j": "agent", "k": "internet", "l": "relations",
}


def exchanged(one, other):
    """A slip that takes two methods for each other."""
    card = {method: letter for letter, method in CARDS.items()}
    return lambda case: {card[one]: other, card[other]: one}


MIXED_UP = [
    Mistake("introduction and snowball", exchanged("introduction", "snowball"), None,
            "You exchanged chain introduction (a customer names people) and the snowball (asked after every visit)."),
    Mistake("halo and introduction", exchanged("halo", "introduction"), None,
            "The halo method starts with the one influential person of an area."),
    slip("g", "as introduction", lambda case: "introduction", "it is asked after every visit, whoever was visited."),
    slip("i", "as introduction", lambda case: "introduction", "first one central person was won."),
    slip("c", "as snowball", lambda case: "snowball", "here a customer comes with a name, nobody asks at each visit."),
    Mistake("mail and telephone", exchanged("mail", "telephone"), None,
            "You exchanged direct mail (letters) and telemarketing (calls)."),
    Mistake("agent and alliance", exchanged("agent", "alliance"), None,
            "An agent looks for customers for a fee; in an alliance two firms share their customers."),
    Mistake("consulting and documents", exchanged("consulting", "documents"), None,
            "In market consulting somebody else is asked; in document search one reads oneself."),
    slip("l", "as meeting", lambda case: "meeting", "no fair or conference is named: they just meet new people."),
]
