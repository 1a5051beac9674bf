"""Answers that resemble each other more than answers to the same question do anyway.

Code is compared by fingerprints of its tokens (names, texts and comments do not count), with the package
copydetect. Short answers to the same question look alike; therefore a fingerprint that many students share counts
as common knowledge and is left out, as is the scaffold. What remains and is shared by two is unusual. It is a
reason to talk with both, never a proof.

Source: Schleimer, Wilkerson & Aiken (2003), "Winnowing: local algorithms for document fingerprinting", SIGMOD.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

N_TOKENS = 25
"""Length of a fingerprint in characters of the filtered code."""
COMMON_SHARE, COMMON_LEAST = 0.1, 3
"""A fingerprint of more students than this share, and more than so many, is common knowledge."""
MIN_SIMILARITY, MIN_OVERLAP = 0.6, 120


@dataclass(frozen=True)
class Pair:
    """Two students whose answers resemble each other.

    Attributes
    ----------
    first, second : str
        Student ids.
    similarity : float
        Share of the unusual code of the one with less of it that the other has too, from 0 to 1.
    overlap : int
        Characters of filtered code in common.
    is_identical : bool
        Whether all answers are the same, letter by letter.
    """

    first: str
    second: str
    similarity: float
    overlap: int
    is_identical: bool


def similar_pairs(answers: Mapping[str, Mapping[str, str]], blank: Mapping[str, str]) -> list[Pair]:
    """The pairs of students with unusually similar code, the most similar first.

    Parameters
    ----------
    answers : mapping of str to mapping of str to str
        By student: the text of each answer cell.
    blank : mapping of str to str
        The cells as released; unchanged ones do not count.
    """
    written = {student: _written(cells, blank) for student, cells in answers.items()}
    prints = {student: _fingerprint(code) for student, code in written.items() if code.strip()}
    scaffold = _fingerprint("\n".join(blank.values())).hashes if blank else set()
    _leave_out_common(prints.values(), scaffold)
    pairs = [_pair(one, two, prints, written) for one, two in _candidates(prints)]
    shown = [pair for pair in pairs if pair.similarity >= MIN_SIMILARITY and pair.overlap >= MIN_OVERLAP]
    return sorted(shown, key=lambda pair: (-pair.similarity, -pair.overlap, pair.first, pair.second))


def _written(cells: Mapping[str, str], blank: Mapping[str, str]) -> str:
    return "\n".join(source for name, source in cells.items() if source.strip() != blank.get(name, "").strip())


def _fingerprint(code: str) -> Any:
    from copydetect import CodeFingerprint

    return CodeFingerprint("answers.py", N_TOKENS, 1, fp=io.StringIO(code), language="python")


def _leave_out_common(prints: Iterable[Any], scaffold: set[int]) -> None:
    from copydetect.utils import get_token_coverage

    known = list(prints)
    counts = Counter(value for fingerprint in known for value in fingerprint.hashes)
    limit = max(COMMON_LEAST, COMMON_SHARE * len(known))
    common = {value for value, count in counts.items() if count > limit} | scaffold
    for fingerprint in known:
        fingerprint.hashes = fingerprint.hashes - common
        fingerprint.hash_idx = {value: at for value, at in fingerprint.hash_idx.items() if value not in common}
        size = len(fingerprint.filtered_code)
        fingerprint.token_coverage = int(get_token_coverage(fingerprint.hash_idx, fingerprint.k, size))


def _candidates(prints: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Pairs that share fingerprints at all: the full comparison of every pair would take a minute for 300 students."""
    shared: Counter[tuple[str, str]] = Counter()
    owners: dict[int, list[str]] = {}
    for student, fingerprint in prints.items():
        for value in fingerprint.hashes:
            owners.setdefault(value, []).append(student)
    for students in owners.values():
        shared.update(combinations(sorted(students), 2))
    return [pair for pair, count in shared.items() if 2 * count >= min(len(prints[name].hashes) for name in pair)]


def _pair(one: str, two: str, prints: Mapping[str, Any], written: Mapping[str, str]) -> Pair:
    from copydetect import compare_files

    overlap, shares, _ = compare_files(prints[one], prints[two])
    return Pair(one, two, min(1.0, float(max(shares))), int(overlap), written[one] == written[two])
