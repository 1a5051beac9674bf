"""The parts of a scenario about experience: service contacts, satisfaction, surveys, word of mouth, loyalty scheme."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from crmsim.settings.parts import Logit, NotNegative, Part, Positive, Share, Table

Weight = Annotated[float, Field(ge=-100, le=100, allow_inf_nan=False)]


class ContactChannel(Part):
    """A channel of service: share of contacts, mean waiting and handling time, cost of a contact."""

    zh: str
    share: Share
    waiting_minutes: NotNegative
    handling_minutes: NotNegative
    cost: NotNegative


class ContactReason(Part):
    """A reason, other than a complaint, for which customers contact the firm: contacts per active period."""

    zh: str
    rate: NotNegative


class Recovery(Part):
    """What a problem does to satisfaction, by how it ends (in units of satisfaction)."""

    silent: Weight
    unresolved: Weight
    resolved: Weight
    fast: Weight


class Problems(Part):
    """What can go wrong with a purchase, who complains, and how well complaints are handled."""

    share: Share
    major_share: Share
    complain_minor: Share
    complain_major: Share
    resolved_share: Share
    reply_hours: Positive
    fast_hours: Positive
    minor: Recovery
    major: Recovery


class Service(Part):
    """Contacts between customers and the firm."""

    agents: Annotated[int, Field(ge=1, le=100_000)]
    channels: Table[ContactChannel]
    reasons: Table[ContactReason]
    problems: Problems


class Satisfaction(Part):
    """Satisfaction = perceived - expected; what is perceived, how expectation learns, what it moves.

    Kano's kinds of attribute: absence of problems is must-be (only its lack is felt, see `Problems`), short waiting
    is one-dimensional, a pleasant surprise is attractive (only its presence is felt).
    """

    quality: Weight = 0.0
    quality_sd: NotNegative = 0.0
    waiting: Weight = 0.0
    surprise_share: Share = 0.0
    surprise: Weight = 0.0
    expectation: Weight = 0.0
    learning: Share = 0.0
    memory: Share = 0.0
    on_loyalty: Logit = 0.0
    on_purchases: Weight = 0.0


class Surveys(Part):
    """A noisy sample of satisfaction: share asked and answering per period, scale 1 to 5 around `middle`."""

    share: Share
    middle: Annotated[float, Field(ge=1, le=5, allow_inf_nan=False)] = 3.5
    per_unit: Weight = 1.0
    noise_sd: NotNegative = 0.5


class WordOfMouth(Part):
    """Referrals: new customers per active customer and period at satisfaction 0; who tells how many people.

    `channel` names the channel of arrival; `loyalty` is what a referred customer has more (logit).
    """

    channel: str
    referrals: Annotated[float, Field(ge=0, le=0.5, allow_inf_nan=False)]
    on_referrals: Weight = 0.0
    loyalty: Logit = 0.0
    tells_satisfied: NotNegative = 0.0
    tells_dissatisfied: NotNegative = 0.0


class Scheme(Part):
    """A membership scheme: members are those whose decaying sum of spending has reached the threshold."""

    threshold: Positive
    decay: Share
    loyalty: Logit
    reward_share: Share
    running: bool = True
