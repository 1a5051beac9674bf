"""Etiquette (礼仪) as data: rules of the telephone and of visits, and the functions that find what breaks them.

* the rules: `rule`, `rules`, `Rule`, `Finding`, `Conflict`,
* on a visit (拜访): `check_outfit`, `check_jewellery`, `who_first`, `check_handshake`, `order_group`,
  `plan_greetings`, `arrival`, `arrivals`, `check_arrival`, `check_preparation`, advice without a fault
  (`outfit_advice`, `jewellery_match`), and the practice tables `outfits`, `meetings`,
* on the telephone (电话): `check_call` and its parts `check_opening`, `check_time`, `check_attempts`,
  `check_tone_and_close`; `check_calls` and `attempts_log` for whole logs, `follow` for a call event by event,
  `dialogue` for one on paper, `windows`, the flow of a round `Round`, `check_flow`, `check_cards`, and the practice
  logs `call_logs`.

A rule is an entry of a data file with its source and its examples; a function returns what is broken and the
evidence. The checks are loaded when first used.
"""

from __future__ import annotations

# At once, because the function `rule` and its module share a name: a late import would put the module in its place.
from crmsim.etiquette.rule import Conflict, Finding, Rule, rule, rules
from crmsim.lazily import lazily

_HOMES: dict[str, str] = {
    "FLOW": "flow",
    "Round": "flow",
    "arrival": "doorstep",
    "arrivals": "doorstep",
    "attempts_log": "attempts",
    "call_logs": "logs",
    "check_arrival": "doorstep",
    "check_attempts": "attempts",
    "check_call": "telephone",
    "check_calls": "telephone",
    "check_cards": "flow",
    "check_flow": "flow",
    "check_handshake": "handshake",
    "check_jewellery": "jewellery",
    "check_opening": "telephone",
    "check_outfit": "dress",
    "check_preparation": "preparation",
    "check_time": "calendars",
    "check_tone_and_close": "telephone",
    "jewellery_match": "jewellery",
    "dialogue": "writing",
    "follow": "following",
    "meetings": "scenes",
    "order_group": "groups",
    "outfit_advice": "dress",
    "outfits": "wardrobe",
    "plan_greetings": "groups",
    "who_first": "handshake",
    "windows": "calendars",
}

__all__ = ["Conflict", "Finding", "Rule", "rule", "rules", *_HOMES]
__getattr__, __dir__ = lazily(__name__, _HOMES)
