"""Scenarios: the settings of a simulated firm, as one frozen and validated value.

A scenario says who the customers are, how they move through their lifecycle, what they buy and what they
cost. It is read from a YAML file, checked as a whole, and never changed: `replace` gives a new one. Together
with a policy and a replication it fixes a run to the last bit (see `crmsim.engine`).

Probabilities are per period, money is in the scenario's currency, shares lie between 0 and 1.
"""

from __future__ import annotations

import hashlib
import json
import reprlib
from collections.abc import Mapping
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from crmsim.errors import InputError, did_you_mean
from crmsim.settings.checks import first_problem
from crmsim.settings.parts import (
    Arrival,
    Bilingual,
    Buying,
    Category,
    Group,
    NotNegative,
    Part,
    Share,
    Stage,
    Table,
    Traits,
    everywhere,
    goods,
)
from crmsim.settings.service_parts import Satisfaction, Scheme, Service, Surveys, WordOfMouth
from crmsim.settings.validating import validated
from crmsim.settings.yaml_file import Source, read_yaml, refuse


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
    period: Literal["day", "week", "month", "year"]
    start: str
    customers: Annotated[int, Field(ge=1, le=10**10)]
    periods: Annotated[int, Field(ge=1, le=1200)]
    seed: Annotated[int, Field(ge=0, lt=2**63)]
    discount_rate: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
    arrival: Arrival
    traits: Traits = Field(default_factory=Traits)
    entry_stage: str
    stages: Table[Stage]
    moves: Table[Table[Share]]
    buying: Buying = Buying()
    season: Annotated[tuple[NotNegative, ...], Field(min_length=1, strict=False)] = (1.0,)
    categories: Table[Category] = Field(default_factory=goods)
    affinity: Table[Table[NotNegative]] | None = None
    regions: Table[Group] = Field(default_factory=everywhere)
    age_groups: Table[Group] = Field(default_factory=everywhere)
    service: Service | None = None
    satisfaction: Satisfaction | None = None
    surveys: Surveys | None = None
    word_of_mouth: WordOfMouth | None = None
    scheme: Scheme | None = None
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
        """The scenario as JSON text: the same settings give the same text.

        The order within a table counts: stages, channels and so on are drawn in it, so another order is another run.
        """
        return json.dumps(self.model_dump(), ensure_ascii=False)

    def fingerprint(self) -> str:
        """SHA-256 of `to_json`, in hexadecimal."""
        return hashlib.sha256(self.to_json().encode(errors="surrogatepass")).hexdigest()

    def __eq__(self, other: object) -> bool:
        return self.to_json() == other.to_json() if isinstance(other, Scenario) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.to_json())

    def __str__(self) -> str:
        return repr(self)

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
    shipped = {file.stem: file for file in sorted(_folder().glob("*.yaml"))}
    if str(name_or_path) in shipped:
        return shipped[str(name_or_path)]
    if isinstance(name_or_path, (str, Path)) and Path(name_or_path).suffix in (".yaml", ".yml"):
        return Path(name_or_path)
    raise InputError(
        f"There is no scenario {reprlib.repr(name_or_path)}. {did_you_mean(str(name_or_path)[:80], shipped)} "
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
    content[last] = value.item() if getattr(value, "shape", None) == () else value  # a number of NumPy is a number


def _validated(content: Any, source: Source) -> Scenario:
    checked = validated(Scenario, content, source)
    problem = first_problem(checked)
    if problem is not None:
        raise refuse(source, *problem)
    return checked
