"""Customer service (客户服务), satisfaction (客户满意) and loyalty (客户忠诚): what to measure, and what is true.

Lists of the course: `catalogue`, `competencies`. Complaints: `complaint_metrics`, `backlog`, `tickets_of`;
`channel_metrics`, `two_way`. A complaint desk with known truth: `draw_tickets`, `draw_agents`, `simulate_desk`,
`DeskRules`; who and how many: `success_chances`, `best_assignment`, `total_success`, `expected_wait_minutes`.

Satisfaction: `satisfaction`, `judgement`, `satisfaction_index`, `top_two_box`, `survey_summary`, `facet_index`, `gaps`,
`kano_class`, `kano_majority`, `kano_table`; `questionnaire` asks the customers of a run. Word of mouth:
`break_even_share`, `network`, `spread`, `rumours`. Loyalty: `loyalty`; what a measure of the firm changes: `effect`,
`faster_reply`. Names are loaded when first used.
"""

from __future__ import annotations

from crmsim.lazily import lazily

_HOMES: dict[str, str] = {
    "KINDS": "agents",
    "Desk": "desk",
    "DeskRules": "desk",
    "Network": "wordofmouth",
    "Questionnaire": "asking",
    "abilities": "agents",
    "backlog": "complaints",
    "best_assignment": "staffing",
    "break_even_share": "wordofmouth",
    "catalogue": "lists",
    "channel_metrics": "channels",
    "competencies": "lists",
    "complaint_metrics": "complaints",
    "draw_agents": "agents",
    "draw_tickets": "tickets",
    "effect": "effects",
    "expected_wait_minutes": "staffing",
    "facet_index": "facets",
    "faster_reply": "effects",
    "gaps": "facets",
    "group_means": "agents",
    "judgement": "surveys",
    "kano_class": "kano",
    "kano_majority": "kano",
    "kano_table": "kano",
    "loyalty": "staying",
    "network": "wordofmouth",
    "questionnaire": "asking",
    "rumours": "wordofmouth",
    "satisfaction": "surveys",
    "satisfaction_index": "surveys",
    "simulate_desk": "desk",
    "spread": "wordofmouth",
    "success_chances": "agents",
    "survey_summary": "surveys",
    "tickets_of": "complaints",
    "top_two_box": "surveys",
    "total_success": "staffing",
    "two_way": "channels",
}

__all__ = [*_HOMES]
__getattr__, __dir__ = lazily(__name__, _HOMES)
