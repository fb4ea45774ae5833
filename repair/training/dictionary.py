"""Candidates out of an installed dictionary in dictd format: English words that meet in an Arabic skeleton."""

from __future__ import annotations

import gzip
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import combinations
from pathlib import Path

from wordfreq import zipf_frequency

from repair.errors import ResourceError
from repair.text import fold
from repair.training.arabic import arabic_words, skeleton, stem, without_vowels
from repair.training.mining import CONTEXTS, FUNCTION_WORDS, Mined, alike, lemma, likelihood_ratio, ranked


def read_dictd(prefix: Path) -> Iterator[tuple[str, list[str]]]:
    """Headwords and glosses of a dictd dictionary, `prefix` being its path without .index and .dict.dz.

    Raises ResourceError where the files are missing or at odds.
    """
    index, body = prefix.with_name(prefix.name + ".index"), prefix.with_name(prefix.name + ".dict.dz")
    try:
        lines = index.read_text("utf-8").splitlines()
        data = gzip.decompress(body.read_bytes())
        for line in lines:
            headword, start, size = line.split("\t")[:3]
            if arabic_words(headword):
                entry = data[(at := _number(start)) : at + _number(size)].decode("utf-8").splitlines()
                yield headword, [gloss for text in entry[1:] if (gloss := _gloss(text))]
    except OSError as error:
        what = f"{error.strerror or error}; install Debian's dict-freedict-ara-eng or name another prefix"
        raise ResourceError(f"{error.filename or body}: {what}") from error
    except (ValueError, EOFError) as error:
        raise ResourceError(
            f"{prefix}: .index and .dict.dz do not fit together: {error}; install them again"
        ) from error


_DIGITS = {c: i for i, c in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")}


def _number(digits: str) -> int:
    number = 0
    for digit in digits:
        if digit not in _DIGITS:
            raise ValueError(f"{digits!r} is no number of an index")
        number = 64 * number + _DIGITS[digit]
    return number


def _gloss(line: str) -> str:
    text = fold(re.sub(r"^\s*(?:\d+\.\s*)?(?:to\s+)?|\([^)]*\)|\s+$", "", line, flags=re.IGNORECASE)).strip()
    return text if re.fullmatch(r"[a-z]+(?: [a-z]+){0,2}", text) else ""


def mine_dictionary(entries: Iterable[tuple[str, Sequence[str]]]) -> list[Mined]:
    """English words that meet in an Arabic skeleton; first those of different headwords, that are common in English.

    Words that one headword lists together are mostly synonyms, so they count half. `count` is how many headwords of the
    shared skeletons give either word.
    """
    heads: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for headword, glosses in entries:
        if bones := skeleton(headword):
            for gloss in glosses:
                base = lemma(gloss, "NOUN") if " " not in gloss else gloss
                if headword not in heads[bones][base]:
                    heads[bones][base].append(headword)
    spread = Counter(gloss for found in heads.values() for gloss in found)
    meets: dict[tuple[str, str], list[str]] = defaultdict(list)
    for bones, found in heads.items():
        for pair in combinations(sorted(found), 2):
            meets[pair].append(bones)
    result = []
    for (one, other), shared in meets.items():
        known = min(_commonness(one), _commonness(other))
        if known == 0 or len(shared) > 3 or alike(one, other):  # meeting everywhere makes synonyms
            continue
        apart = any(_bare(heads[b][one]).isdisjoint(_bare(heads[b][other])) for b in shared)
        score = likelihood_ratio(len(shared), spread[one], spread[other], len(heads)) / len(shared)
        score *= known * (1.0 if apart else 0.5)
        count = sum(len(heads[b][w]) for b in shared for w in (one, other))
        contexts = tuple(f"{'، '.join(heads[b][one][:2])} / {'، '.join(heads[b][other][:2])}" for b in shared)
        if score > 0:
            first, second = sorted((one, other), key=lambda w: (-spread[w], w))
            result.append(Mined(first, second, count, round(score, 2), contexts[:CONTEXTS], directed=False))
    return ranked(result)


def _bare(headwords: Iterable[str]) -> set[str]:
    return {stem(without_vowels(headword)) for headword in headwords}


@lru_cache(maxsize=65536)
def _commonness(expression: str) -> float:
    """From 0 (unknown to English texts) to 1 (one word in a hundred)."""
    if FUNCTION_WORDS.issuperset(expression.split()):
        return 0.0
    return max(0.0, float(zipf_frequency(expression, "en")) - 2) / 6
