"""The two word lists of a script, read from data files: what a customer can mean, and what may stand in braces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crmsim.phone.model import Script


@dataclass(frozen=True)
class Intent:
    """What a customer means by an answer (客户意图), with lines that one may say."""

    name: str
    zh: str
    means: str
    says_zh: tuple[str, ...]
    says_en: tuple[str, ...]

    def says(self, language: str) -> tuple[str, ...]:
        """Example lines in "zh" or "en"."""
        return self.says_zh if language == "zh" else self.says_en


@dataclass(frozen=True)
class Placeholder:
    """A name that may stand in braces in a line: who fills it (customer, script or call), and examples."""

    name: str
    zh: str
    filled_by: str
    example_zh: str
    example_en: str

    def example(self, language: str) -> str:
        """An example in "zh" or "en"."""
        return self.example_zh if language == "zh" else self.example_en


@cache
def intents() -> Mapping[str, Intent]:
    """Every intent by name.

    >>> intents()["busy"].says("en")[0]
    'I am in a meeting.'
    """
    return MappingProxyType(
        {
            name: Intent(name, row["zh"], row["means"], tuple(row["says_zh"]), tuple(row["says_en"]))
            for name, row in _rows("intents.yaml").items()
        }
    )


@cache
def placeholders() -> Mapping[str, Placeholder]:
    """Every placeholder by name.

    >>> placeholders()["honorific"].example("zh")
    '女士'
    """
    return MappingProxyType({name: Placeholder(name, **row) for name, row in _rows("placeholders.yaml").items()})


def values_of(script: Script, language: str) -> dict[str, str]:
    """What stands for each placeholder in a call by this script: its company and agent, else the example.

    >>> import crmsim as crm
    >>> values_of(crm.phone.parse(crm.phone.TINY), "en")["agent"]
    'Ann Lee'
    """
    known = {name: place.example(language) for name, place in placeholders().items()}
    own = {"company": script.company, "agent": script.agent}
    return known | {name: text.spoken(language) for name, text in own.items() if text is not None}


def _rows(file: str) -> Mapping[str, Any]:
    from crmsim.settings.yaml_file import read_yaml

    content, _ = read_yaml(Path(__file__).with_name(file))
    return content
