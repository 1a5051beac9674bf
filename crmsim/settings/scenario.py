"""Scenarios: the settings of a simulated firm, as one frozen and validated value.

A scenario says who the customers are, how they move through their lifecycle, what they buy and what they
cost. It is read from a YAML file, checked as a whole, and never changed: `replace` gives a new one. Together
with a policy and a replication it fixes a run to the last bit (see `crmsim.engine`).

Probabilities are per period, money is in the scenario's currency, shares lie between 0 and 1.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, WrapSerializer

from crmsim.errors import InputError, did_you_mean
from crmsim.settings.checks import first_problem
from crmsim.settings.yaml_file import Location, Source, read_yaml, refuse

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
    """When customers arrive: a share in the first period, the others evenly over `over_periods`."""

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


class Scenario(Part):
    """All settings of a simulated firm: frozen; `replace` gives a changed copy.

    Examples
    --------
    >>> import crmsim as crm
    >>> shop = crm.scenario("retail").replace(customers=500, seed=7)
    >>> shop.customers, shop.periods, shop.currency
    (500, 36, 'CNY')
    """

    scenario: str
    title: Bilingual
    about: Bilingual
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    period: Literal["month", "week"]
    start: str
    customers: Annotated[int, Field(ge=1, le=10**12)]
    periods: Annotated[int, Field(ge=1, le=1200)]
    seed: Annotated[int, Field(ge=0, lt=2**63)]
    discount_rate: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
    arrival: Arrival
    traits: Traits
    entry_stage: str
    stages: Table[Stage]
    moves: Table[Table[Share]]
    season: Annotated[tuple[NotNegative, ...], Field(min_length=1, strict=False)]
    categories: Table[Category]
    regions: Table[Group]
    age_groups: Table[Group]
    sources: Table[str]

    def replace(self, **changes: Any) -> Scenario:
        """A scenario that differs in `changes`; a setting inside a part is named with dots.

        Errors: `InputError` when a name is unknown or the changed scenario is not valid.

        Examples
        --------
        >>> import crmsim as crm
        >>> crm.scenario("retail").replace(**{"traits.loyalty.sd": 0.0}).traits.loyalty.sd
        0.0
        """
        content = self.model_dump()
        for name, value in changes.items():
            _put(content, name.split("."), value)
        return _validated(content, Source(f"scenario {self.scenario!r} with {', '.join(changes)}"))

    @property
    def start_date(self) -> date:
        """First day of period 0."""
        return date.fromisoformat(self.start)

    def to_json(self) -> str:
        """The scenario as canonical JSON text: the same settings give the same text."""
        return json.dumps(self.model_dump(), ensure_ascii=False, sort_keys=True)

    def fingerprint(self) -> str:
        """SHA-256 of `to_json`, in hexadecimal."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    def __reduce__(self) -> tuple[Any, ...]:
        return Scenario.model_validate, (self.model_dump(),)

    def __hash__(self) -> int:
        return hash(self.to_json())

    def __repr__(self) -> str:
        return (
            f"<Scenario {self.scenario} ({self.title.en}, {self.title.zh}): {self.customers:,} customers, "
            f"{self.periods} {self.period}s, seed {self.seed}>"
        )


def scenario(name_or_path: str | Path) -> Scenario:
    """The shipped scenario of this name, or the one in this YAML file.

    Errors: `InputError` with file, line and column when the file is not a valid scenario.

    Examples
    --------
    >>> import crmsim as crm
    >>> crm.scenario("retail").title.zh
    '城市零售商'
    """
    path = _find(name_or_path)
    content, source = read_yaml(path)
    return _validated(content, source)


def scenarios() -> dict[str, str]:
    """The shipped scenarios: name and title in English and Chinese.

    >>> import crmsim as crm
    >>> crm.scenarios()["retail"]
    'City retailer 城市零售商'
    """
    found = {}
    for path in sorted(_folder().glob("*.yaml")):
        shipped = scenario(path)
        found[path.stem] = f"{shipped.title.en} {shipped.title.zh}"
    return found


def _folder() -> Path:
    return Path(str(resources.files("crmsim"))) / "scenarios"


def _find(name_or_path: str | Path) -> Path:
    shipped = _folder() / f"{name_or_path}.yaml"
    if shipped.parent == _folder() and shipped.is_file():
        return shipped
    path = Path(name_or_path)
    if path.suffix in (".yaml", ".yml") or path.is_file():
        return path
    names = [file.stem for file in sorted(_folder().glob("*.yaml"))]
    raise InputError(
        f"There is no scenario {str(name_or_path)!r}. {did_you_mean(str(name_or_path), names)} "
        "A file of your own ends in .yaml."
    )


def _put(content: dict[str, Any], names: list[str], value: Any) -> None:
    *outer, last = names
    for name in outer:
        inner = content.get(name)
        if not isinstance(inner, Mapping):
            raise InputError(f"replace: there is no setting {'.'.join(names)!r}. {did_you_mean(name, content)}")
        content[name] = dict(inner)
        content = content[name]
    if last not in content:
        raise InputError(f"replace: there is no setting {'.'.join(names)!r}. {did_you_mean(last, content)}")
    content[last] = value


def _validated(content: Any, source: Source) -> Scenario:
    try:
        checked = Scenario.model_validate(content)
    except ValidationError as error:
        raise _explain(error, source) from None
    problem = first_problem(checked)
    if problem is not None:
        raise refuse(source, *problem)
    return checked


def _explain(error: ValidationError, source: Source) -> InputError:
    """The first of pydantic's findings, as one sentence about one place."""
    findings = sorted(error.errors(), key=lambda finding: finding["type"] != "extra_forbidden")
    first = findings[0]  # a misspelt key is also a missing one: name the misspelling
    where: Location = tuple(part for part in first["loc"])
    more = f" ({error.error_count() - 1} more after this one)" if error.error_count() > 1 else ""
    if first["type"] == "extra_forbidden":
        known = _keys_at(where[:-1])
        return refuse(
            source,
            where,
            f"the key {where[-1]!r} is not known here",
            did_you_mean(str(where[-1]), known) + more,
        )
    if first["type"] == "missing":
        return refuse(source, where[:-1], f"the key {where[-1]!r} is missing", "Add it." + more)
    given = f", but {first['input']!r} was given" if not isinstance(first["input"], dict) else ""
    return refuse(source, where, first["msg"][0].lower() + first["msg"][1:] + given, "Correct it." + more)


def _keys_at(where: Location) -> list[str]:
    """The keys that a scenario knows at this place: walk the models along the path."""
    model: Any = Scenario
    for part in where:
        field = model.model_fields.get(part) if hasattr(model, "model_fields") else None
        annotation = field.annotation if field is not None else model
        inner = getattr(annotation, "__args__", ())
        model = annotation if hasattr(annotation, "model_fields") else (inner[-1] if inner else annotation)
    return list(getattr(model, "model_fields", {}))
