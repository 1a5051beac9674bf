"""Question 7: which improvement pays best, and whom to visit. What a visit brings is known to the simulator alone."""

import numpy as np

from crmsim.course.marking import Mistake, slip

from .market import COSTS, VALUES, net

SAVED = ["c_time", "c_energy", "c_physical"]


def gains(case):
    """What each step adds to the delivered value of the student's phone: a cost can fall to 0 at most."""
    steps, own = case.steps, case.offers.loc[case.own_offer]
    most = [own[name] if name in COSTS else np.inf for name in steps.index]
    return steps.assign(gain=np.minimum(steps["step"], most).astype(float))


def per_money(case, gain="gain"):
    """Gain for each unit of money."""
    steps = gains(case)
    return steps[gain] / steps["step_cost"]


def improvement(case):
    """The right answer to part a."""
    steps, values = gains(case), net(case)
    return {
        "gap": float(values.max() - values[case.own_offer]), "best_step": per_money(case).idxmax(),
        "gain_per_money": float(per_money(case).max()), "n_worth_it": int((steps["gain"] > steps["step_cost"]).sum()),
    }


def ahead_in_value(case):
    """How far the highest total value lies above that of the student's phone."""
    total = case.offers[VALUES].sum(axis=1)
    return float(total.max() - total[case.own_offer])


IMPROVEMENT = [
    slip("gap", "negative", lambda case: -improvement(case)["gap"], "the sign is turned round: a gap is above 0."),
    slip("gap", "value alone", lambda case: ahead_in_value(case),
         "this is a distance in total value. Subtract the costs first."),
    slip("gap", "to the mean", lambda case: abs(net(case).mean() - net(case)[case.own_offer]),
         "this is the distance to the mean phone. Compare with the best one."),
    slip("best_step", "below 0", lambda case: per_money(case, "step").idxmax(),
         "so much of this cost is not there: it cannot fall below 0, so the customer gains less than the step."),
    slip("best_step", "largest gain", lambda case: gains(case)["gain"].idxmax(),
         "this step adds most, but it costs your firm much. Divide by step_cost."),
    slip("best_step", "cheapest", lambda case: case.steps["step_cost"].idxmin(),
         "this step is the cheapest, but it adds little. Divide what it adds by step_cost."),
    slip("gain_per_money", "below 0", lambda case: per_money(case, "step").max(),
         "a cost cannot fall below 0: the customer gains only what there is."),
    slip("gain_per_money", "turned round", lambda case: 1 / per_money(case).max(),
         "you divided the cost by the gain. Divide the gain by the cost."),
    slip("gain_per_money", "gain alone", lambda case: gains(case)["gain"].loc[per_money(case).idxmax()],
         "this is the gain. Divide it by step_cost."),
    slip("n_worth_it", "below 0", lambda case: int((per_money(case, "step") > 1).sum()),
         "a cost cannot fall below 0: one of these gives less than it costs."),
    slip("n_worth_it", "all", lambda case: len(case.steps),
         "these are all eight. Count those with which the customer gains more than your firm spends."),
]


def lead(case):
    """How far the student's phone is ahead in everybody's eyes, now and after a visit."""
    people = case.customers
    ours = people[VALUES].sum(axis=1) - people[COSTS].sum(axis=1)
    now = ours - people["rival_value"] + people["rival_cost"]
    return now, now + people[SAVED].sum(axis=1)


def reference(case):
    """A simple good rule: behind without a visit, ahead with one, and both as clearly as possible."""
    now, then = lead(case)
    return first(np.minimum(-now, then), case)


def first(score, case):
    """The customers with the highest score, as many as there are visits."""
    return set(score.nlargest(case.n_visits).index)


VISITED = [
    *(Mistake("bought anyway", lambda case, when=when: first(lead(case)[when], case), 0,
              "You chose people who see your phone far ahead. Most of them buy it anyway: a visit changes nothing.")
      for when in (0, 1)),
    Mistake("far behind", lambda case: first(-lead(case)[0], case), 0,
            "You chose those for whom your phone is furthest behind. Most of them will not buy it even after a visit."),
    Mistake("most saved", lambda case: first(case.customers[SAVED].sum(axis=1), case), 0.4,
            "You chose those who save most time and effort. Some of them buy anyway, and some never will."),
    Mistake("best value alone", lambda case: first(case.customers[VALUES].sum(axis=1), case), 0,
            "You looked at the value of your phone alone. People compare it with the other phone, costs counted."),
]
