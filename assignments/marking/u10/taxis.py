"""Question 7: who goes by taxi. How long a trip truly takes is known to the simulator alone."""

from crmsim.course.marking import Mistake


def reference(case):
    """The best choice for one who knows how long each trip may take."""
    return set(case.truth.nlargest(case.n_taxis).index)


def late_shares(case):
    """Of past trips on the same route at the same hour: the share that took longer than one plans this time."""
    past = dict(iter(case.trips.groupby(["route", "hour"])["minutes"]))
    visits = case.visits
    keys = zip(visits["route"], visits["hour"], visits["leave_minutes"], strict=True)
    shares = [float((past[route, hour] > leave).mean()) for route, hour, leave in keys]
    return visits["yearly_value"] * 0.0 + shares


def top(score):
    """The visits with the highest score."""
    return lambda case: set(score(case).nlargest(case.n_taxis).index)


CHOSEN = [
    Mistake("value alone", top(lambda case: case.visits["yearly_value"]), 0.4,
            "You looked at what the customers spend alone. For some of them the bus is in time anyway."),
    Mistake("risk alone", top(late_shares), 0.5,
            "You looked at the chance of being late alone. With some of these customers little is lost."),
    Mistake("never late", top(lambda case: -late_shares(case)), 0, "You chose visits for which the bus is in time."),
    Mistake("leave last", top(lambda case: -case.visits["leave_minutes"]), 0.2,
            "You took those who leave last. How long does the trip take on their route?"),
    Mistake("longest way", top(lambda case: case.visits["leave_minutes"]), 0.1,
            "You took those who plan most time. What counts is whether the time is enough."),
    Mistake("little value", top(lambda case: -case.visits["yearly_value"]), 0,
            "You chose those who spend least: sort the largest first."),
]
