"""Dialogue acts (言语行为): what a line of the agent does, found by rules that show the words they go by.

The model: a line is cut into sentences. An act is found in a sentence where one of its patterns (`acts.yaml`) matches,
unless the match touches words that take it back ("我们不能保证", "can't guarantee"), or the sentence holds another act
that rules it out (a question whether the time is convenient is no closed question). Words in quotation marks are
spoken about, not said, and do not count. Placeholders may stand in braces or be filled in.

The rules know words, not meaning: irony, dialects, traditional characters and roundabout phrases escape them. How
often they are right is measured on lines labelled by hand: see `acts_quality`. Every pattern is bounded, so that time
grows in proportion to the text, whatever it holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import pandas as pd

from crmsim.errors import InputError, did_you_mean, told

MOST_CHARACTERS = 2_000
"""What stands behind this place in a line is not read: nobody says so much in one go."""
LANGUAGES = ("zh", "en")
_SENTENCE = re.compile(r"[^。！？!?；;\n.]{0,2000}(?:(?:\.(?!\s|$)|(?<=\bMr)\.|(?<=\bMs)\.|(?<=\bDr)\.|(?<=\bMrs)\.)"
                       r"[^。！？!?；;\n.]{0,2000}){0,40}[。！？!?；;\n.]{0,9}")  # fmt: skip
_QUOTED = re.compile(r"“[^”]{1,60}”|\"[^\"]{1,60}\"|「[^」]{1,60}」|《[^》]{1,60}》|‘[^’]{1,60}’")
_SAME_WIDTH = str.maketrans({"’": "'", "\u3000": " ", "\u00a0": " "} | {chr(0xFF10 + d): str(d) for d in range(10)})


@dataclass(frozen=True, order=True)
class Act:
    """A dialogue act in a line: its name, and the characters from `start` to before `end` that show it."""

    start: int
    end: int
    name: str
    evidence: str


class ActRule(NamedTuple):
    """How an act is found in each language, with its Chinese name and its meaning."""

    name: str
    zh: str
    means: str
    not_with: tuple[str, ...]
    patterns: Mapping[str, re.Pattern[str]]
    unless: Mapping[str, tuple[re.Pattern[str], ...]]


def acts(text: str, language: str = "zh") -> list[Act]:
    """The dialogue acts in a line of the agent, in their order, each with the words that show it.

    Parameters
    ----------
    text : str
        The line, with placeholders in braces or filled in; only the first 2,000 characters are read.
    language : "zh" or "en"
        The language of the line.

    Returns
    -------
    list of Act
        Sorted by place. An act stands more than once when it is found at places that do not touch.

    Raises
    ------
    InputError
        An unknown language, or something that is no text.

    Notes
    -----
    Names and meanings: `act_rules`. How often they are right: `acts_quality`. [EXT]: the curriculum names the marker
    words of TE3 and TE11 only.

    Examples
    --------
    >>> [act.name for act in acts("您好，我是{company}的{agent}，现在方便吗？")]
    ['honorific', 'greet', 'identify_company', 'identify_self', 'ask_convenience']
    >>> acts("We can't guarantee that.", "en"), acts("I guarantee it.", "en")[0].evidence
    ([], 'I guarantee')
    """
    if not isinstance(text, str):
        raise InputError(f"acts: a text is needed, but {type(text).__name__} was given.")
    if not isinstance(language, str) or language not in LANGUAGES:
        raise InputError(f"acts: language {told(language)} is unknown. {did_you_mean(str(language), LANGUAGES)}")
    return list(_found(text[:MOST_CHARACTERS], language))


@cache
def act_rules() -> Mapping[str, ActRule]:
    """Every act by name, with its Chinese name and its meaning.

    >>> act_rules()["recap"].zh
    '复述确认'
    """
    from crmsim.settings.yaml_file import read_yaml

    content, _ = read_yaml(Path(__file__).with_name("acts.yaml"))
    return MappingProxyType({name: _rule(name, row, content["words"]) for name, row in content["acts"].items()})


def acts_quality() -> pd.DataFrame:
    """How often the detectors are right, on lines labelled by hand; the tests keep the table in step.

    The lines of the part `held_out` were written after the patterns, which were not changed in their light. Those of
    `development` were read while the patterns were written, so that their shares say little. Lines and patterns have
    the same authors, so real calls will do worse; few lines have an act, so its shares have wide margins.

    Returns
    -------
    DataFrame
        Indexed by `language`, `part` (development, held_out) and `act` (`all`: together): `n_lines` that have the act,
        `precision_share` of the lines in which it is found that have it, `recall_share` of the lines that have it in
        which it is found (missing where there is no line).

    Examples
    --------
    >>> import pandas as pd
    >>> held_out = acts_quality().xs("held_out", level="part").set_axis(["n", "precision", "recall"], axis=1).round(2)
    >>> both = pd.concat({language: held_out.loc[language] for language in ("zh", "en")}, axis=1)
    >>> print(both.to_string())  # doctest: +NORMALIZE_WHITESPACE
                            zh                    en
                             n precision recall    n precision recall
    act
    account_details          6      1.00   1.00    6      1.00   0.50
    acknowledge_objection    5      1.00   0.80    5      1.00   0.60
    all                    229      0.96   0.94  149      0.94   0.87
    apologise                4      1.00   1.00    4      1.00   1.00
    apologise_for_time       6      0.83   0.83    7      1.00   0.86
    ask_closed              10      0.77   1.00   10      0.77   1.00
    ask_convenience          6      1.00   1.00    6      1.00   0.83
    ask_open                 9      0.90   1.00    9      0.90   1.00
    check_identity           6      1.00   0.83    6      1.00   0.83
    confirm_opt_out          3      0.75   1.00    3      1.00   1.00
    empathise                6      1.00   0.83    5      0.60   0.60
    goodbye                  5      1.00   1.00    5      1.00   1.00
    greet                    7      1.00   1.00    7      1.00   1.00
    guarantee                4      1.00   1.00    4      1.00   1.00
    honorific               83      1.00   1.00    4      1.00   1.00
    identify_company         8      1.00   0.88    7      1.00   0.71
    identify_self            8      1.00   1.00    8      1.00   1.00
    next_step                5      0.83   1.00    5      0.71   1.00
    offer_callback           6      1.00   1.00    6      1.00   0.67
    offer_opt_out            4      1.00   0.50    4      1.00   0.75
    pitch                    6      0.57   0.67    6      1.00   0.67
    recap                    4      1.00   1.00    4      1.00   1.00
    rude                     5       NaN   0.00    5      1.00   0.40
    state_price              6      1.00   1.00    6      0.86   1.00
    state_purpose            6      1.00   1.00    6      1.00   1.00
    thank                    6      1.00   1.00    6      1.00   1.00
    verify                   5      1.00   1.00    5      1.00   1.00
    """
    return pd.read_csv(Path(__file__).with_name("acts_quality.csv"), index_col=["language", "part", "act"]).sort_index()


def _rule(name: str, row: Mapping[str, Any], words: Mapping[str, Mapping[str, str]]) -> ActRule:
    unless = row.get("unless", {})
    return ActRule(
        name,
        row["zh"],
        row["means"],
        tuple(row.get("not_with", ())),
        {language: _compiled(row["patterns"][language], words[language]) for language in LANGUAGES},
        {
            language: tuple(_compiled([pattern], words[language]) for pattern in unless.get(language, ()))
            for language in LANGUAGES
        },
    )


def _compiled(patterns: list[str], words: Mapping[str, str]) -> re.Pattern[str]:
    """One pattern of several, with every <word> written out (words may hold words)."""
    whole = "|".join(f"(?:{pattern})" for pattern in patterns)
    while (filled := re.sub(r"<([a-z]{1,20})>", lambda found: words[found[1]], whole)) != whole:
        whole = filled
    return re.compile(whole, re.IGNORECASE)


def _found(text: str, language: str) -> Iterator[Act]:
    read = _QUOTED.sub(lambda found: "□" * len(found[0]), text.translate(_SAME_WIDTH))
    for sentence in _SENTENCE.finditer(read):
        start = sentence.start()
        for a, b, name in _in_sentence(sentence[0], language):
            yield Act(start + a, start + b, name, text[start + a : start + b])


@lru_cache(maxsize=4096)
def _in_sentence(sentence: str, language: str) -> tuple[tuple[int, int, str], ...]:
    """Start, end and name of each act in a sentence, in their order; sentences come back in many lines and calls."""
    places = {rule.name: _places(rule, sentence, language) for rule in act_rules().values()}
    here = {name for name, spans in places.items() if spans}
    kept = (name for name in here if not here.intersection(act_rules()[name].not_with))
    return tuple(sorted((a, b, name) for name in kept for a, b in places[name]))


def _places(rule: ActRule, sentence: str, language: str) -> list[tuple[int, int]]:
    """Where the act is found in a sentence, without what is taken back."""
    found = [match.span() for match in rule.patterns[language].finditer(sentence)]
    if found:
        back = [match.span() for pattern in rule.unless[language] for match in pattern.finditer(sentence)]
        found = [(a, b) for a, b in found if not any(a < d and c < b for c, d in back)]
    return found
