"""Finding customers (开发潜在客户): who is worth a visit, where to look, and how to spend an hour of calls.

* qualify: `man_code`, `man_action`, `is_prospect`, `qualify`, `contact_profit` (the MAN rule, MAN法则),
* rank: `top_prospects` (the Pareto rule for prospects),
* look: `METHODS`, `SKILLS`, `methods`, `channel_results`, `spend_budget` (the twelve methods and what they cost),
* spread: `snowball`, `simulate_snowball`, `centre_of_influence`,
* work: `audit_block`, `check_visits`.
"""

from __future__ import annotations

from crmsim.prospecting.calls import BlockLimits, CallBlock, audit_block, check_visits
from crmsim.prospecting.catalogue import CHANNEL_METHODS, METHODS, SKILLS, Entry, methods
from crmsim.prospecting.channels import channel_results, spend_budget
from crmsim.prospecting.contacts import contact_profit
from crmsim.prospecting.man import is_prospect, man_action, man_code, qualify
from crmsim.prospecting.manrows import MAN_ROWS, ManRow
from crmsim.prospecting.ranking import TopProspects, top_prospects
from crmsim.prospecting.referrals import centre_of_influence, simulate_snowball, snowball

__all__ = [
    "CHANNEL_METHODS",
    "MAN_ROWS",
    "METHODS",
    "SKILLS",
    "BlockLimits",
    "CallBlock",
    "Entry",
    "ManRow",
    "TopProspects",
    "audit_block",
    "centre_of_influence",
    "channel_results",
    "check_visits",
    "contact_profit",
    "is_prospect",
    "man_action",
    "man_code",
    "methods",
    "qualify",
    "simulate_snowball",
    "snowball",
    "spend_budget",
    "top_prospects",
]
