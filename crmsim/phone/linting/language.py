"""Rules on the words: rudeness, promises, address, length, questions, courtesy."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crmsim.phone.findings import Finding
from crmsim.phone.linting.speaking import Talk, in_each_language, said
from crmsim.phone.model import Script
from crmsim.phone.pieces import Language
from crmsim.phone.rulebook import rule

_FAMILIAR = {
    "zh": re.compile(r"你(?!好|们好)|(?<![父母双相娘乡可])亲(?=[，,！!~～])"),
    "en": re.compile(r"\b(?:mate|buddy|dude|honey|sweetheart|sweetie|darling|pal|bro)\b|\bmy dear\b", re.IGNORECASE),
}
_PRESSURE = {
    "zh": re.compile(
        r"最后(?:一次)?机会|过了?(?:今天|这村)|错过(?:就|了就)?(?:没有|没了|后悔)|不买(?:会|就|您会)后悔|过期不候|"
        r"(?:只剩|仅剩)(?:最后)?[一二三两0-9]{1,3}(?:个|件|套|台|席|份)|(?:马上|立刻|现在)就得(?:决定|定|付|买)"
    ),
    "en": re.compile(
        r"\blast chance\b|\bact now\b|\bonly today\b|\btoday only\b|\bnow or never\b|\byou(?:'ll| will) regret\b|"
        r"\bonly (?:one|two|three|[0-9]{1,2}) left\b|\bdecide (?:right )?now\b|\bbefore it'?s too late\b",
        re.IGNORECASE,
    ),
}
_CHINESE = re.compile(r"[一-鿿]")
_WORD = re.compile(r"[A-Za-z]{1,40}(?:'[a-z]{1,3})?")


def findings(script: Script) -> Iterator[Finding]:
    """Every fault of wording."""
    yield from in_each_language(script, _lines)
    yield from in_each_language(script, _whole)


def _lines(talk: Talk) -> Iterator[Finding]:
    for vertex in talk.acts:
        language, words = said(talk.text(vertex), talk.language)
        for code, act in (("rude_words", "rude"), ("guarantee", "guarantee")):
            found = talk.first(vertex, act)
            if found is not None:
                yield talk.finding(code, vertex, evidence=found.evidence)
        for code, patterns in (("familiar_address", _FAMILIAR), ("pressure", _PRESSURE)):
            match = patterns[language].search(words)
            if match is not None:
                yield talk.finding(code, vertex, evidence=words[max(0, match.start() - 8) : match.end() + 8])
        n_words, most = length(words, language), rule("monologue").parameters[f"n_{language}"]
        if n_words > most:
            unit = "characters" if language == "zh" else "words"
            yield talk.finding("monologue", vertex, evidence=f"{n_words} {unit} in one go; at most {most}")


def length(words: str, language: Language) -> int:
    """How long a line is: Chinese characters, or English words.

    >>> length("您好，请问您方便吗？", "zh"), length("Hello, how are you?", "en")
    (8, 4)
    """
    return len((_CHINESE if language == "zh" else _WORD).findall(words))


def _whole(talk: Talk) -> Iterator[Finding]:
    """What a script as a whole lacks."""
    start = talk.script.first.id
    if not talk.first(start, "greet"):
        yield talk.finding("no_greeting", start, evidence=f"no greeting in the first line, {start!r}")
    closed = [vertex for vertex in talk.acts if talk.first(vertex, "ask_closed")]
    least = rule("closed_questions_only").parameters["n_closed"]
    if len(closed) >= least and not talk.having("ask_open"):
        yield talk.finding("closed_questions_only", closed[0], evidence=f"{len(closed)} closed questions, no open one")
    for name, end in talk.script.ends_by_id.items():
        if end.say is not None and end.disposition != "no_answer" and not talk.first(name, "goodbye"):
            yield talk.finding("no_goodbye", name, evidence=f"no goodbye at {name!r}")
