"""The phone laboratory: scripts of calls, a linter for them, and simulated customers who answer.

A script (话术脚本) is a YAML file: what the agent says, and what follows each answer. `load` reads it, `lint` reads it
critically, `call` lets simulated customers answer it, `score` judges it, and `PhoneCampaign` makes it a policy of the
simulated firm.

>>> import crmsim as crm
>>> script = crm.phone.parse(crm.phone.TINY)
>>> script
<Script tiny: appointment, 2 nodes, 4 ends>

Names are loaded when first used.
"""

from __future__ import annotations

from crmsim.lazily import lazily

# Public name -> module that holds it.
_HOMES: dict[str, str] = {
    "Calendar": "model",
    "Calls": "calls",
    "Coverage": "linting.dynamic",
    "End": "model",
    "Finding": "findings",
    "Node": "model",
    "OneCall": "turns",
    "PhoneCampaign": "campaign",
    "Reply": "model",
    "Script": "model",
    "Scorecard": "scorecard",
    "TINY": "reading",
    "Text": "pieces",
    "When": "conditions",
    "acts_quality": "acts",
    "baseline": "scorecard",
    "call": "callee",
    "callees": "callee",
    "coverage": "linting.dynamic",
    "example": "shipped",
    "examples": "shipped",
    "fill": "templates",
    "find_acts": "acts:acts",
    "gate": "scorecard",
    "intents": "vocabulary",
    "lint": "linting",
    "load": "reading",
    "mermaid": "drawing",
    "parse": "reading",
    "placeholders": "vocabulary",
    "quality": "scorecard",
    "rules": "rulebook",
    "score": "scorecard",
    "svg": "picture",
    "twee": "drawing",
}
"""After a colon: the name there, where a function is called like its module and so cannot stand here by that name."""
__all__ = list(_HOMES)
__getattr__, __dir__ = lazily(__name__, _HOMES)
