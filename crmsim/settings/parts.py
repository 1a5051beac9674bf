"""The parts of a scenario: what each setting is called, its type, its unit and its range.

Every part is frozen and refuses unknown keys. Tables keep the order of the file and cannot be changed either.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Self, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WrapSerializer

T = TypeVar("T")
Table = Annotated[
    Mapping[str, T],
    AfterValidator(lambda table: MappingProxyType(dict(table))),
    WrapSerializer(lambda table, dump: dump(dict(table))),
]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, le=1e9, allow_inf_nan=False)]
Logit = Annotated[float, Field(ge=-20, le=20, allow_inf_nan=False)]


class Part(BaseModel):
    """A part of a scenario: frozen, no unknown keys, numbers are numbers (no text, no yes/no)."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self).model_validate, (self.model_dump(),)

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Self:
        return self  # nothing in it can change


class Bilingual(Part):
    """A text in English and Chinese."""

    en: str
    zh: str


class Channel(Part):
    """A way in which customers arrive: its share, cost per new customer, and effect on loyalty (logit)."""

    zh: str
    share: Share
    cost: NotNegative
    loyalty: Logit = 0.0


class Arrival(Part):
    """When customers arrive: a share in period 0, the others evenly over the periods 1 .. `over_periods` - 1.

    With one period, all arrive in it, whatever the share.
    """

    first_period_share: Share
    over_periods: Annotated[int, Field(ge=1, le=1200)]
    channels: Table[Channel]


class GammaRate(Part):
    """Purchase rate of a customer ~ Gamma(shape), with this mean, in purchases per period."""

    shape: Annotated[float, Field(ge=0.05, le=1000, allow_inf_nan=False)]
    mean: NotNegative


class GammaGammaSpend(Part):
    """Amount of a purchase ~ Gamma(p, rate v), v ~ Gamma(q); `mean` is the mean over customers."""

    p: Annotated[float, Field(ge=0.05, le=1000, allow_inf_nan=False)]
    q: Annotated[float, Field(gt=1, le=1000, allow_inf_nan=False)]
    mean: Positive


class NormalLoyalty(Part):
    """Loyalty of a customer ~ Normal(0, sd); it lowers the logit of losing ground."""

    sd: Annotated[float, Field(ge=0, le=5, allow_inf_nan=False)]


class Segment(Part):
    """A hidden group: its share and its factors on purchase rate and spend, its shift of loyalty."""

    zh: str
    share: Share
    purchase_rate: NotNegative = 1.0
    spend: Positive = 1.0
    loyalty: Logit = 0.0


class Traits(Part):
    """How customers differ."""

    purchase_rate: GammaRate
    spend: GammaGammaSpend
    loyalty: NormalLoyalty
    segments: Table[Segment]


class Stage(Part):
    """A lifecycle stage: standing (a move to a lower one is a loss), purchase factor, cost per period."""

    zh: str
    standing: int
    purchases: NotNegative
    service_cost: NotNegative = 0.0


class Category(Part):
    """A product category: share of purchases and gross margin as a share of the amount."""

    zh: str
    share: Share
    margin: Annotated[float, Field(ge=-1, le=1, allow_inf_nan=False)]


class Group(Part):
    """A group of customers that the firm can see, with its share."""

    zh: str
    share: Share
