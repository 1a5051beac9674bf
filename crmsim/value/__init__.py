"""Customer value (客户价值) in both directions: what the customer gets, and what a customer is worth to the firm.

What the customer gets: `delivered_value`, `decompose`, `best_offer`, `improvements`, `realised_minus_paid`, `tradeoff`,
`economic_value`, `four_meanings`, `importance_topdown`, `satisfaction_bottomup`; `draw_shoppers` simulates who chooses.

What a customer is worth, by hand: `present_value`, `clv_narrow`, `clv_broad`, `clv_current_potential`,
`customer_equity`, `clv_within_plan`, `customer_profit`, `stage_values`. From data: `summary`, the models `BGNBD`,
`ParetoNBD`, `GammaGamma` and `ShiftedBetaGeometric`, the methods `Historic` and `Cohort`, `contract_value`, and
`estimate_clv`, which puts them together; `with_errors` gives whatever one asks them a standard error. Against the truth
of a simulated firm: `score_clv`, `score_alive`, `score_policy`. Names are loaded when first used.
"""

from __future__ import annotations

from crmsim.lazily import lazily

_HOMES: dict[str, str] = {
    "AliveScore": "alive",
    "BGNBD": "bgnbd",
    "ClvScore": "score",
    "Cohort": "cohort",
    "Estimate": "uncertainty",
    "FitError": "likelihood",
    "FitWarning": "likelihood",
    "GammaGamma": "gammagamma",
    "Historic": "historic",
    "ParetoNBD": "paretonbd",
    "PolicyScore": "policy_score",
    "ShiftedBetaGeometric": "sbg",
    "Shoppers": "choosing",
    "best_offer": "delivered",
    "check_hierarchy": "hierarchy",
    "clv_broad": "cashflows",
    "clv_current_potential": "cashflows",
    "clv_narrow": "cashflows",
    "clv_within_plan": "equity",
    "contract_value": "contracts",
    "customer_equity": "equity",
    "customer_profit": "equity",
    "decompose": "delivered",
    "delivered_value": "delivered",
    "delivered_values": "delivered",
    "draw_shoppers": "choosing",
    "economic_value": "perceived",
    "estimate_clv": "clv",
    "four_meanings": "meanings",
    "importance_topdown": "hierarchy",
    "improvements": "improvement",
    "present_value": "cashflows",
    "rank_by_meaning": "meanings",
    "realised_minus_paid": "perceived",
    "satisfaction_bottomup": "hierarchy",
    "score_alive": "alive",
    "score_clv": "score",
    "score_policy": "policy_score",
    "stage_values": "stagevalues",
    "summary": "history",
    "tradeoff": "perceived",
    "with_errors": "uncertainty",
}

__all__ = [*_HOMES]
__getattr__, __dir__ = lazily(__name__, _HOMES)
