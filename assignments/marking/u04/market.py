"""Question 1: the delivered value of one phone, and of all phones on the market."""

from crmsim.course.marking import Mistake, slip

VALUES = ["v_product", "v_service", "v_personnel", "v_image"]
COSTS = ["c_money", "c_time", "c_energy", "c_physical"]
SOFT = VALUES[1:] + COSTS[1:]
NAMES = {"values": ["product", "service", "personnel", "image"], "costs": ["money", "time", "energy", "physical"]}


def delivered(
    *, unknown="unknown", needs=lambda given, name: name in given, sign=-1, value_names=NAMES["values"],
    cost_names=NAMES["costs"], least=None,
):
    """The function asked for in part a, or one with a slip."""

    def delivered_value(values, costs):
        asked = [(values, name) for name in NAMES["values"]] + [(costs, name) for name in NAMES["costs"]]
        if unknown != "ignored" and not all(needs(given, name) for given, name in asked):
            return unknown
        total = sum(values.get(name, 0) for name in value_names)
        net = total + sign * sum(costs.get(name, 0) for name in cost_names)
        return net if least is None else max(net, least)

    return lambda case: delivered_value


def of_offer(row):
    """An offer as two dicts, in another order."""
    return tuple(
        {name: float(row[f"{start}_{name}"]) for name in reversed(names)}
        for start, names in zip("vc", NAMES.values(), strict=True)
    )


def pairs(case):
    """TV01; two own phones; 0 and missing components; a negative result."""
    made = [
        ([120, 45, 20, 15], [100, 20, 10, 6]), ([90, 60, 30, 20], [110, 10, 5, 5]),
        ([30.5, 0, 0, 4], [80, 12.25, 0, 3]),
    ]
    full = [
        tuple(dict(zip(names, numbers, strict=True)) for names, numbers in zip(NAMES.values(), pair, strict=True))
        for pair in made
    ]
    values, costs = full[0]
    lacking = [({k: v for k, v in values.items() if k != "personnel"}, costs),
               (values, {k: v for k, v in costs.items() if k != "energy"}),
               ({**values, "personnel": 0}, {**costs, "physical": 0})]
    own = case.offers.loc[[case.own_offer, case.offers["c_money"].idxmax()]]
    return [*full, *lacking, *(of_offer(row) for _, row in own.iterrows())]


DELIVERED = [
    Mistake("missing ignored", delivered(unknown="ignored"), 0.7,
            'When one of the eight is missing, the delivered value is not known: return "unknown".'),
    Mistake("0 for unknown", delivered(unknown=0), 0.7,
            'When one is missing, return "unknown". 0 would say that the phone is worth what it costs.'),
    Mistake("None for unknown", delivered(unknown=None), 0.8,
            'When one of the eight is missing, return the text "unknown".'),
    Mistake("0 taken for missing", delivered(needs=lambda given, name: bool(given.get(name))), 0.7,
            "A component that is there and is 0 is known. Ask whether the name is in the dict."),
    Mistake("price alone", delivered(cost_names=["money"]), 0.3, "You took the price alone. Cost has four components."),
    Mistake("product alone", delivered(value_names=["product"]), 0.3,
            "You took the product value alone. Value has four components."),
    Mistake("costs added", delivered(sign=1), 0.2, "You added the costs. Subtract them."),
    Mistake("never negative", delivered(least=0), 0.8, "A delivered value can be negative."),
]


def net(case):
    """Delivered value of every phone."""
    offers = case.offers
    return offers[VALUES].sum(axis=1) - offers[COSTS].sum(axis=1)


def ahead(case, *, turned=True):
    """How far the best phone is ahead of the student's, component by component, product and price left out."""
    offers = case.offers[SOFT].astype(float)
    difference = offers.loc[net(case).idxmax()] - offers.loc[case.own_offer]
    return difference * ([1] * 3 + ([-1] * 3 if turned else [1] * 3))


def place(case, *, best_first=True):
    """Where the cheapest phone stands."""
    values, cheapest = net(case), case.offers["c_money"].idxmin()
    mine = values[cheapest]
    return int((values > mine).sum() if best_first else (values < mine).sum()) + 1


def market(case):
    """The right answer to part b."""
    return {
        "best_offer": net(case).idxmax(), "n_below_zero": int((net(case) < 0).sum()),
        "place_of_cheapest": place(case), "lead_component": ahead(case).idxmax(),
    }


MARKET = [
    slip("best_offer", "total value", lambda case: case.offers[VALUES].sum(axis=1).idxmax(),
         "this one has the highest total value. Subtract the costs."),
    slip("best_offer", "cheapest", lambda case: case.offers["c_money"].idxmin(),
         "this is the cheapest one. A low price is only one of eight components."),
    slip("best_offer", "lowest cost", lambda case: case.offers[COSTS].sum(axis=1).idxmin(),
         "this one has the lowest total cost. Delivered value is value minus cost."),
    slip("n_below_zero", "not below", lambda case: int((net(case) >= 0).sum()),
         "these are those that are not below 0."),
    slip("n_below_zero", "price alone",
         lambda case: int((case.offers[VALUES].sum(axis=1) < case.offers["c_money"]).sum()),
         "you subtracted the price alone. There are three other costs."),
    slip("place_of_cheapest", "from the worst", lambda case: place(case, best_first=False),
         "you counted from the worst phone. Place 1 is the best one."),
    slip("place_of_cheapest", "from 0", lambda case: place(case) - 1, "the best phone has place 1, not 0."),
    slip("lead_component", "sign of costs", lambda case: ahead(case, turned=False).idxmax(),
         "a higher cost speaks against a phone. Turn the sign of the costs."),
    slip("lead_component", "other way round", lambda case: ahead(case).idxmin(),
         "this one speaks most for your phone. Look for what speaks for the best one."),
    slip("lead_component", "largest", lambda case: case.offers.loc[net(case).idxmax(), SOFT].astype(float).idxmax(),
         "this is the largest number of the best phone. Compare it with yours, component by component."),
    *(slip("lead_component", left, lambda case, left=left: left, "leave out the product value and the price.")
      for left in ("v_product", "c_money")),
]
