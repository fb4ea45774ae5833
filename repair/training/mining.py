"""Candidates for sense sets out of corrected translations.

`parallel` and `dictionary` mine other sources. Each gives `Mined` pairs that a person has to judge; none of them goes
into the lexicon by itself.
"""

from __future__ import annotations

import json
import lzma
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path

from lemminflect import getAllLemmas

from repair.errors import InputError
from repair.records import read_json_lines
from repair.text import fold, words

MAX_WORDS = 3
CONTEXTS = 3
FUNCTION_WORDS = frozenset([
    "a", "about", "after", "all", "also", "an", "and", "any", "are", "as", "at", "be", "been", "before", "being",
    "but", "by", "can", "could", "did", "do", "does", "for", "from", "had", "has", "have", "he", "her", "him",
    "his", "how", "i", "if", "in", "into", "is", "it", "its", "may", "might", "more", "most", "no", "nor", "not",
    "of", "on", "or", "other", "our", "out", "over", "she", "should", "so", "some", "such", "than", "that", "the",
    "their", "them", "then", "there", "these", "they", "this", "those", "to", "under", "up", "us", "was", "we",
    "were", "what", "when", "where", "which", "who", "whom", "whose", "why", "will", "with", "within", "would",
    "you", "your",
])  # fmt: skip
_ARTICLES = frozenset({"a", "an", "the"})

_Tokens = Sequence[str]


@dataclass(frozen=True, slots=True)
class Mined:
    """What may come back (`came_back`) for what was meant; without `directed` it may as well be the other way round."""

    came_back: str
    meant: str
    count: int
    score: float
    contexts: tuple[str, ...]
    directed: bool = True


@dataclass
class Tally:
    """Substitutions while they are counted, with the unigrams of either side."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    contexts: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    before: Counter[str] = field(default_factory=Counter)
    after: Counter[str] = field(default_factory=Counter)

    def add(self, old: _Tokens, new: _Tokens, name: str, reference: frozenset[str] | None) -> None:
        """Count a pair of sentences; with a reference, only what goes towards it. Single names are left to others."""
        names = names_in(new)
        old, new = [fold(token) for token in old], [fold(token) for token in new]
        self.before.update(old)
        self.after.update(new)
        seen = set()
        for (left, right), context in substitutions(old, new):
            if reference is not None and not (set(right.split()) <= reference and not set(left.split()) <= reference):
                continue
            pair = base_forms(left, right)
            if right not in names and pair not in seen and not alike(*pair):
                seen.add(pair)
                self.counts[pair] += 1
                if len(found := self.contexts[pair]) < CONTEXTS:
                    found.append(f"{name}: {context}" if name else context)

    def ranked(self) -> list[Mined]:
        """By log-likelihood ratio over the unigrams; what goes either way (plain synonyms) sinks."""
        total = max(1, self.before.total())
        result = []
        for (left, right), count in self.counts.items():
            back = self.counts.get((right, left), 0)
            score = likelihood_ratio(count, _rarest(self.before, left), _rarest(self.after, right), total)
            score *= max(0.0, (count - back) / (count + back))
            if score > 0:
                contexts = tuple(self.contexts[left, right])
                result.append(Mined(left, right, count, round(score, 2), contexts))
        return ranked(result)


def read_records(path: Path) -> Iterator[dict[str, object]]:
    """JSON records, one a line, of a file that may be packed (.xz, .gz, .zst). Raises InputError with file and line."""
    if path.suffix != ".xz":
        yield from (record for _, record in read_json_lines(str(path)))
        return
    try:
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                record = json.loads(line)
                if not isinstance(record, dict):
                    raise InputError(f"{path}:{number}: no JSON object; mend the line")
                yield record
    except (OSError, EOFError, lzma.LZMAError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read: {error}; check the path or fetch the file again") from error
    except json.JSONDecodeError as error:
        raise InputError(f"{path}:{number}: no JSON: {error}; mend the line") from error


def substitutions(old: _Tokens, new: _Tokens) -> Iterator[tuple[tuple[str, str], str]]:
    """Runs of 1 to 3 words that were replaced by 1 to 3 others, without articles in front, each with its context.

    >>> list(substitutions("the top of nato failed".split(), "the summit of nato failed".split()))
    [(('top', 'summit'), 'the [top → summit] of nato failed')]
    """
    for what, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what != "replace" or j - i > MAX_WORDS + 1 or m - k > MAX_WORDS + 1:
            continue
        left, right = _without_article(old[i:j]), _without_article(new[k:m])
        if all(0 < len(side) <= MAX_WORDS and _telling(side) for side in (left, right)):
            shown = f"[{' '.join(left)} → {' '.join(right)}]"
            yield (" ".join(left), " ".join(right)), " ".join([*old[max(0, i - 4) : i], shown, *old[j : j + 4]])


def _without_article(tokens: _Tokens) -> _Tokens:
    return tokens[1:] if tokens and tokens[0] in _ARTICLES else tokens


def _telling(tokens: _Tokens) -> bool:
    """Whether there is a word that means something, and nothing but words."""
    return all(token[:1].isalpha() for token in tokens) and not FUNCTION_WORDS.issuperset(tokens)


@lru_cache(maxsize=65536)
def _lemmas(word: str) -> frozenset[str]:
    return frozenset(lemma for found in getAllLemmas(word).values() for lemma in found) | {word}


@lru_cache(maxsize=65536)
def lemma(word: str, pos: str) -> str:
    """The base form of a word as NOUN or VERB; the word itself where it is one.

    >>> lemma("tariffs", "NOUN"), lemma("summit", "NOUN")
    ('tariff', 'summit')
    """
    found = getAllLemmas(word).get(pos)
    return str(found[0]) if found and word not in found else word


def base_forms(left: str, right: str) -> tuple[str, str]:
    """Two single words in their base form where both are inflected alike; anything else as it is.

    >>> base_forms("definitions", "tariffs"), base_forms("raised", "lifted"), base_forms("tops", "summit")
    (('definition', 'tariff'), ('raise', 'lift'), ('tops', 'summit'))
    """
    if " " not in left and " " not in right:
        for pos, endings in (("NOUN", ("s",)), ("VERB", ("ed", "ing", "s"))):
            bases = lemma(left, pos), lemma(right, pos)
            alike_inflected = any(left.endswith(end) and right.endswith(end) for end in endings)
            if alike_inflected and bases[0] != left and bases[1] != right:
                return bases
    return left, right


@lru_cache(maxsize=65536)
def alike(left: str, right: str) -> bool:
    """Whether two expressions differ in spelling, inflection, derivation or order alone: no confusion of senses.

    >>> alike("programme", "program"), alike("preacher", "preaching"), alike("policy", "politics")
    (True, True, False)
    """
    one, other = left.split(), right.split()
    if sorted(one) == sorted(other) or left.replace(" ", "") == right.replace(" ", ""):
        return True
    if len(one) != len(other):
        return False
    return all(_same_word(a, b) for a, b in zip(one, other, strict=True))


def _same_word(left: str, right: str) -> bool:
    shared = next((i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))
    if shared >= 5 and shared >= 0.7 * min(len(left), len(right)):
        return True
    return not _lemmas(left).isdisjoint(_lemmas(right)) or SequenceMatcher(None, left, right).ratio() >= 0.8


def likelihood_ratio(both: int, left: int, right: int, total: int) -> float:
    """Dunning's log-likelihood ratio of two events with these counts; 0 where they meet no more often than by chance.

    >>> round(likelihood_ratio(10, 20, 15, 1000), 1), likelihood_ratio(1, 100, 100, 1000)
    (65.3, 0.0)
    """
    left, right = max(left, both), max(right, both)
    total = max(total, left + right - both)
    if both * total <= left * right:
        return 0.0
    cells = (
        (both, left, right),
        (left - both, left, total - right),
        (right - both, total - left, right),
        (total - left - right + both, total - left, total - right),
    )
    return 2 * sum(k * math.log(k * total / (row * column)) for k, row, column in cells if k > 0)


def _rarest(counts: Mapping[str, int], expression: str) -> int:
    return min(max(1, counts.get(word, 0)) for word in expression.split())


def ranked(found: Iterable[Mined]) -> list[Mined]:
    """Best score first, then count, then alphabet."""
    return sorted(found, key=lambda m: (-m.score, -m.count, m.came_back, m.meant))


def split(text: object) -> list[str]:
    """The words and punctuation marks of a text."""
    return [word.text for word in words(str(text))]


def names_in(tokens: _Tokens) -> frozenset[str]:
    """The words, folded, that have a capital though they do not begin the text."""
    return frozenset(fold(token) for token in tokens[1:] if token[:1].isupper())


def reference_of(record: Mapping[str, object]) -> str | None:
    """The English reference of a record, the first where there are several."""
    given = record.get("ref") or record.get("en")
    if isinstance(given, list):
        given = given[0] if given else None
    return given if isinstance(given, str) else None


def mine_pairs(records: Iterable[Mapping[str, object]]) -> list[Mined]:
    """Substitutions between worse and better translations, over all source languages.

    A record has `bad` and `good` texts, or `tokens` and `pe_tokens` (MLQE-PE). Where it has a `ref`erence as well, only
    what goes towards it counts. Raises InputError for a record of another shape.
    """
    tally = Tally()
    for number, record in enumerate(records, 1):
        old, new = record.get("tokens"), record.get("pe_tokens")
        reference = None
        if isinstance(old, list) and isinstance(new, list):
            before, after = [str(token) for token in old], [str(token) for token in new]
        elif isinstance(record.get("bad"), str) and isinstance(record.get("good"), str):
            before, after = split(record["bad"]), split(record["good"])
            if text := reference_of(record):
                reference = frozenset(fold(token) for token in split(text))
        else:
            place = record.get("id", f"number {number}")
            raise InputError(f"record {place}: neither texts `bad` and `good` nor lists `tokens` and `pe_tokens`")
        tally.add(before, after, str(record.get("src_lang", "")), reference)
    return tally.ranked()
