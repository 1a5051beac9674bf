"""The single numbers of a scenario, for the compiled kernel; a part that is left out becomes neutral numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from crmsim.engine import kernel
from crmsim.engine.kernel import RULES
from crmsim.settings.scenario import Scenario

BUYING = {
    "poisson": kernel.POISSON,
    "chance": kernel.CHANCE_BUYING,
    "contract": kernel.CONTRACT,
    "stock": kernel.STOCK_BUYING,
}
DROPOUT = {"after_purchase": kernel.AFTER_PURCHASE, "hazard": kernel.HAZARD, "each_period": kernel.EACH_PERIOD}


def rules_of(scenario: Scenario) -> npt.NDArray[Any]:
    """The rules of a scenario: one record."""
    names = list(scenario.stages)
    standing = [stage.standing for stage in scenario.stages.values()]
    buying, spend, dropout = scenario.buying, scenario.traits.spend, scenario.traits.dropout
    rules = np.zeros(1, dtype=RULES)
    found = dict(
        entry=names.index(scenario.entry_stage),
        gone=standing.index(min(standing)),
        buying=BUYING[buying.kind],
        every_periods=buying.every_periods,
        first_purchase=scenario.arrival.first_purchase,
        fixed_amount=float(spend.p) if spend.fixed else 0.0,
        dropout=DROPOUT[dropout.kind] if dropout else kernel.NO_DROPOUT,
        here_share=float(buying.here_share),
        stock_kg=float(buying.stock_kg),
        kg_per_person=float(buying.kg_per_person),
        **_service(scenario),
        **_satisfaction(scenario),
        **_word_of_mouth(scenario),
    )
    for name, value in found.items():
        rules[name] = value
    return rules


def _service(scenario: Scenario) -> dict[str, Any]:
    service = scenario.service
    if service is None:
        return {
            "service": False, "n_agents": 1, "contact_rate": 0.0, "problem_share": 0.0, "major_share": 0.0,
            "complain_minor": 0.0, "complain_major": 0.0, "resolved_share": 0.0, "reply_hours": 1.0, "fast_hours": 1.0,
        }  # fmt: skip
    problems = service.problems
    return {
        "service": True,
        "n_agents": service.agents,
        "contact_rate": float(sum(reason.rate for reason in service.reasons.values())),
        "problem_share": float(problems.share),
        "major_share": float(problems.major_share),
        "complain_minor": float(problems.complain_minor),
        "complain_major": float(problems.complain_major),
        "resolved_share": float(problems.resolved_share),
        "reply_hours": float(problems.reply_hours),
        "fast_hours": float(problems.fast_hours),
    }


def _satisfaction(scenario: Scenario) -> dict[str, Any]:
    part, surveys = scenario.satisfaction, scenario.surveys
    names = (
        "quality", "quality_sd", "waiting", "surprise_share", "surprise", "expectation", "learning", "memory",
        "on_loyalty", "on_purchases",
    )  # fmt: skip
    return {
        "satisfaction": part is not None,
        **{name: float(getattr(part, name)) if part else 0.0 for name in names},
        "survey_share": float(surveys.share) if surveys else 0.0,
        "survey_middle": float(surveys.middle) if surveys else 3.0,
        "survey_unit": float(surveys.per_unit) if surveys else 0.0,
        "survey_noise": float(surveys.noise_sd) if surveys else 0.0,
    }


def _word_of_mouth(scenario: Scenario) -> dict[str, Any]:
    word, scheme = scenario.word_of_mouth, scenario.scheme
    names = ("referrals", "on_referrals", "tells_satisfied", "tells_dissatisfied")
    return {
        **{name: float(getattr(word, name)) if word else 0.0 for name in names},
        "scheme_threshold": float(scheme.threshold * 100) if scheme else 0.0,
        "scheme_decay": float(scheme.decay) if scheme else 0.0,
        "scheme_loyalty": float(scheme.loyalty) if scheme else 0.0,
        "scheme_reward": float(scheme.reward_share) if scheme else 0.0,
    }
