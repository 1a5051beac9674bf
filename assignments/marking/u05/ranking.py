"""Question 8: which customers have brought most profit."""

from crmsim.course.marking import Mistake

N_BEST = 10


def sums(case):
    """Amount, margin and cost of everybody who has bought, or has cost something."""
    bought = case.transactions.groupby("customer_id")[["amount", "margin"]].sum()
    return bought.join(case.costs.groupby("customer_id")["cost"].sum(), how="outer").fillna(0.0)


def best(by=lambda table: table["margin"] - table["cost"], *, smallest=False):
    """The ten best customers by some measure, the best first."""

    def found(case):
        ranked = by(sums(case)).sort_values(ascending=smallest, kind="stable")
        return [int(customer) for customer in ranked.index[:N_BEST]]

    return found


def joined_first(case):
    """Every purchase beside every cost: each margin is counted once for each cost of the customer."""
    rows = case.transactions.merge(case.costs, on="customer_id", how="left").fillna({"cost": 0.0})
    profit = (rows["margin"] - rows["cost"]).groupby(rows["customer_id"]).sum()
    return [int(customer) for customer in profit.nlargest(N_BEST).index]


BEST = [
    Mistake("margin", best(lambda table: table["margin"]), 0.6,
            "These have the highest margin. What they cost, service and gifts, must be taken off."),
    Mistake("revenue", best(lambda table: table["amount"]), 0.3,
            "These spend most. Profit is margin less costs: what the goods cost the firm is not its profit."),
    Mistake("revenue less costs", best(lambda table: table["amount"] - table["cost"]), 0.4,
            "You took the amount for the margin. What the goods cost the firm is not its profit."),
    Mistake("best last", lambda case: best()(case)[::-1], 0.6, "These are the ten best, but the best comes first."),
    Mistake("smallest", best(smallest=True), 0.2, "These bring least. Sort the largest first."),
    Mistake("costs added", best(lambda table: table["margin"] + table["cost"]), 0.4,
            "You added the costs. Take them off."),
    Mistake("joined before adding up", joined_first, 0.3,
            "You joined the two tables row by row: then each margin is counted once for every cost. Add up each table "
            "for each customer first."),
]
