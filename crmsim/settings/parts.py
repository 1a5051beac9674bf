"""The parts of a scenario, one class each: frozen, no unknown keys, numbers are numbers.

Probabilities and rates are per period, money is in the scenario's currency, shares lie between 0 and 1. A part
that a scenario leaves out stays out of the simulation: its phenomenon does not happen.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self, TypeVar

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
Shape = Annotated[float, Field(ge=0.05, le=1000, allow_inf_nan=False)]


class Part(BaseModel):
    """A part of a scenario: frozen, no unknown keys, numbers are numbers (no text, no yes/no)."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self).model_validate, (self.model_dump(),)

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Self:
        return self  # nothing in it can change


def _one(name: str, entry: T) -> Mapping[str, T]:
    """The table of a part that a scenario leaves out: one entry for all."""
    return MappingProxyType({name: entry})


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
    """When customers arrive.

    `constant`: a share in the first period, the others evenly over `over_periods`; `seasonal`: the others in
    proportion to the season; `bass`: along Bass's diffusion curve with these coefficients per period; `cohort`:
    all in the first period. With `first_purchase` each arrives with a purchase, at the first moment of its period.
    """

    pattern: Literal["constant", "seasonal", "bass", "cohort"] = "constant"
    first_period_share: Share = 0.0
    over_periods: Annotated[int, Field(ge=1, le=1200)] = 1
    innovation: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)] = 0.03
    imitation: Annotated[float, Field(ge=0, le=5, allow_inf_nan=False)] = 0.38
    first_purchase: bool = False
    channels: Table[Channel] = Field(default_factory=lambda: _one("door", Channel(zh="门店", share=1.0, cost=0.0)))


class GammaRate(Part):
    """Purchase rate of a customer ~ Gamma(shape), in purchases per period; give its `mean` or the rate `alpha`.

    Where households use up stock it is the appetite: a factor on what a person eats.
    """

    shape: Shape
    mean: NotNegative | None = None
    alpha: Positive | None = None

    @property
    def scale(self) -> float:
        """Scale of the Gamma distribution."""
        return self.mean / self.shape if self.mean is not None else 1 / (self.alpha or 1.0)


class Beta(Part):
    """A probability that differs between customers ~ Beta(a, b)."""

    a: Shape
    b: Shape


class Dropout(Part):
    """How customers leave besides the moves between stages, for good and unseen.

    `after_purchase`: after each purchase with the customer's own probability (Beta a, b; BG/NBD). `hazard`: after a
    time that is exponential with the customer's own rate (Gamma shape, `alpha`; Pareto/NBD). `each_period`: at the
    end of each period with the customer's own probability (Beta a, b; BG/BB and shifted-beta-geometric).
    """

    kind: Literal["after_purchase", "hazard", "each_period"]
    a: Shape = 1.0
    b: Shape = 1.0
    shape: Shape = 1.0
    alpha: Positive = 1.0


class GammaGammaSpend(Part):
    """Amount of a purchase ~ Gamma(p, rate v), v ~ Gamma(q); `mean` is the mean over customers.

    Without `q`, all customers of a segment have the same mean amount. With `fixed`, every purchase of a customer has
    the customer's own mean amount (a fee).
    """

    p: Shape = 1.0
    q: Annotated[float, Field(gt=1, le=1000, allow_inf_nan=False)] | None = None
    mean: Positive
    fixed: bool = False


class Spread(Part):
    """A trait ~ Normal(mean, sd), cut off at `mean` - 4 `sd` and + 4 `sd`."""

    mean: Annotated[float, Field(ge=-1e6, le=1e6, allow_inf_nan=False)] = 0.0
    sd: Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)] = 0.0


class MoneyAuthorityNeed(Part):
    """Shares of customers who have money, authority and need (MAN法则)."""

    money: Share
    authority: Share
    need: Share


class Segment(Part):
    """A hidden group: its share, and its factors or shifts on other traits."""

    zh: str
    share: Share
    purchase_rate: NotNegative = 1.0
    spend: Positive = 1.0
    loyalty: Logit = 0.0
    need: Positive = 1.0


class Traits(Part):
    """How customers differ; what a scenario leaves out is the same for all, and nobody buys without a purchase rate.

    `price_elasticity`: purchases vary with the price level to the power of minus this; where a contract is billed,
    the odds of losing ground vary with the price level to the power of this.
    """

    purchase_rate: GammaRate = GammaRate(shape=1.0, mean=0.0)
    purchase_chance: Beta | None = None
    spend: GammaGammaSpend = GammaGammaSpend(mean=1.0, fixed=True)
    loyalty: Spread = Spread()
    dropout: Dropout | None = None
    price_elasticity: Spread = Spread()
    service_sensitivity: Spread = Spread(mean=1.0)
    patience_minutes: Positive = 10.0
    qualified: MoneyAuthorityNeed = MoneyAuthorityNeed(money=1.0, authority=1.0, need=1.0)
    company_share: Share = 0.0
    segments: Table[Segment] = Field(default_factory=lambda: _one("everybody", Segment(zh="全体", share=1.0)))


class Stage(Part):
    """A lifecycle stage: standing (a move to a lower one is a loss), purchase factor, cost and reward per period.

    A contract is billed in every stage whose purchase factor is above 0, whatever the factor.
    """

    zh: str
    standing: int
    purchases: NotNegative
    service_cost: NotNegative = 0.0
    reward: Annotated[float, Field(ge=-1e9, le=1e9, allow_inf_nan=False)] = 0.0


class Category(Part):
    """A product category: share of purchases, gross margin as a share of the amount, price of one unit."""

    zh: str
    share: Share
    margin: Annotated[float, Field(ge=-1, le=1, allow_inf_nan=False)]
    unit_price: Positive = 1e9


class Group(Part):
    """A group of customers that the firm can see, with its share."""

    zh: str
    share: Share


def everywhere() -> Mapping[str, Group]:
    """The groups of a scenario that tells no groups apart."""
    return _one("all", Group(zh="全体", share=1.0))


def goods() -> Mapping[str, Category]:
    """The categories of a scenario that tells no products apart: what is paid is earned."""
    return _one("goods", Category(zh="商品", share=1.0, margin=1.0))


class Buying(Part):
    """How purchases come about.

    `poisson`: at random times at the customer's rate; `chance`: once a period with the customer's own probability;
    `contract`: a bill every `every_periods` until the customer leaves; `stock`: a household buys `stock_kg` when the
    last have been eaten (people x `kg_per_person` x appetite a period; each stock lasts up to 10 % less or more), from
    this firm with probability `here_share`.
    """

    kind: Literal["poisson", "chance", "contract", "stock"] = "poisson"
    every_periods: Annotated[int, Field(ge=1, le=120)] = 1
    stock_kg: Positive = 25.0
    kg_per_person: Positive = 8.0
    people_mean: Annotated[float, Field(ge=1, le=50, allow_inf_nan=False)] = 4.0
    here_share: Share = 1.0
