"""Candidates for sense sets: out of corrected translations, parallel text and a dictionary.

Every source gives `Mined` pairs that a person has to judge; none of them goes into the lexicon by itself.
"""

from __future__ import annotations

import gzip
import json
import lzma
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import combinations
from pathlib import Path

from lemminflect import getAllLemmas
from wordfreq import zipf_frequency

from repair.errors import InputError, ResourceError
from repair.records import read_json_lines
from repair.text import fold, words

MAX_WORDS = 3
CONTEXTS = 3
_FUNCTION_WORDS = frozenset([
    "a", "about", "after", "all", "also", "an", "and", "any", "are", "as", "at", "be", "been", "before", "being",
    "but", "by", "can", "could", "did", "do", "does", "for", "from", "had", "has", "have", "he", "her", "him",
    "his", "how", "i", "if", "in", "into", "is", "it", "its", "may", "might", "more", "most", "no", "nor", "not",
    "of", "on", "or", "other", "our", "out", "over", "she", "should", "so", "some", "such", "than", "that", "the",
    "their", "them", "then", "there", "these", "they", "this", "those", "to", "under", "up", "us", "was", "we",
    "were", "what", "when", "where", "which", "who", "whom", "whose", "why", "will", "with", "within", "would",
    "you", "your",
])  # fmt: skip
_ARTICLES = frozenset({"a", "an", "the"})
_MARKS = re.compile(r"[\u0640\u064b-\u0652\u0670]")  # lengthening stroke, vowel signs, doubling
_ARABIC = re.compile(r"[\u0621-\u064a]+")
_ALEF = str.maketrans("أإآٱىؤئ", "ااااايي")

Say = Callable[[str], None]
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
class _Tally:
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
        return _sorted(result)


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
    return all(token[:1].isalpha() for token in tokens) and not _FUNCTION_WORDS.issuperset(tokens)


@lru_cache(maxsize=65536)
def _lemmas(word: str) -> frozenset[str]:
    return frozenset(lemma for found in getAllLemmas(word).values() for lemma in found) | {word}


@lru_cache(maxsize=65536)
def _lemma(word: str, pos: str) -> str:
    found = getAllLemmas(word).get(pos)
    return str(found[0]) if found and word not in found else word


def base_forms(left: str, right: str) -> tuple[str, str]:
    """Two single words in their base form where both are inflected alike; anything else as it is.

    >>> base_forms("definitions", "tariffs"), base_forms("raised", "lifted"), base_forms("tops", "summit")
    (('definition', 'tariff'), ('raise', 'lift'), ('tops', 'summit'))
    """
    if " " not in left and " " not in right:
        for pos, endings in (("NOUN", ("s",)), ("VERB", ("ed", "ing", "s"))):
            bases = _lemma(left, pos), _lemma(right, pos)
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


def _sorted(found: Iterable[Mined]) -> list[Mined]:
    return sorted(found, key=lambda m: (-m.score, -m.count, m.came_back, m.meant))


def _split(text: object) -> list[str]:
    return [word.text for word in words(str(text))]


def names_in(tokens: _Tokens) -> frozenset[str]:
    """The words, folded, that have a capital though they do not begin the text."""
    return frozenset(fold(token) for token in tokens[1:] if token[:1].isupper())


def _reference(record: Mapping[str, object]) -> str | None:
    given = record.get("ref") or record.get("en")
    if isinstance(given, list):
        given = given[0] if given else None
    return given if isinstance(given, str) else None


# --- corrected translations ------------------------------------------------------------------------------------------


def mine_pairs(records: Iterable[Mapping[str, object]]) -> list[Mined]:
    """Substitutions between worse and better translations, over all source languages.

    A record has `bad` and `good` texts, or `tokens` and `pe_tokens` (MLQE-PE). Where it has a `ref`erence as well, only
    what goes towards it counts. Raises InputError for a record of another shape.
    """
    tally = _Tally()
    for number, record in enumerate(records, 1):
        old, new = record.get("tokens"), record.get("pe_tokens")
        reference = None
        if isinstance(old, list) and isinstance(new, list):
            before, after = [str(token) for token in old], [str(token) for token in new]
        elif isinstance(record.get("bad"), str) and isinstance(record.get("good"), str):
            before, after = _split(record["bad"]), _split(record["good"])
            if text := _reference(record):
                reference = frozenset(fold(token) for token in _split(text))
        else:
            place = record.get("id", f"number {number}")
            raise InputError(f"record {place}: neither texts `bad` and `good` nor lists `tokens` and `pe_tokens`")
        tally.add(before, after, str(record.get("src_lang", "")), reference)
    return tally.ranked()


# --- parallel text ---------------------------------------------------------------------------------------------------


def mine_parallel(records: Iterable[Mapping[str, object]], *, min_count: int = 3) -> list[Mined]:
    """Words that machine output has for others of the reference, and English words that share an Arabic word.

    A record has English (`ref` or `en`) and Arabic (`src` or `ar`), and perhaps machine output (`mt`).
    Raises InputError for a record of another shape.
    """
    tally = _Tally()
    meetings = _Meetings()
    for number, record in enumerate(records, 1):
        reference, source = _reference(record), record.get("src") or record.get("ar")
        if reference is None or not isinstance(source, str):
            place = record.get("id", f"number {number}")
            raise InputError(f"record {place}: needs English (`ref` or `en`) and Arabic (`src` or `ar`)")
        english = _split(reference)
        if isinstance(output := record.get("mt"), str):
            tally.add(_split(output), english, str(record.get("system", "")), None)
        meetings.add(source, english)
    found: dict[tuple[str, str], Mined] = {(m.came_back, m.meant): m for m in tally.ranked()}
    for pair in meetings.ranked(min_count):
        ways = ((pair.came_back, pair.meant), (pair.meant, pair.came_back))
        known = [way for way in ways if way in found]
        for way in known:
            old = found[way]
            contexts = (*pair.contexts, *old.contexts)
            found[way] = Mined(*way, max(old.count, pair.count), round(old.score + pair.score, 2), contexts)
        if not known:
            found[ways[0]] = pair
    return _sorted(found.values())


@dataclass
class _Meetings:
    """Which English words stand in sentences with which Arabic words."""

    sentences: dict[str, None] = field(default_factory=dict)
    arabic: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    english: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def add(self, source: str, english: _Tokens) -> None:
        if source in self.sentences:
            return
        number = len(self.sentences)
        self.sentences[source] = None
        for word in {stem(word) for word in _ARABIC.findall(_MARKS.sub("", source))}:
            self.arabic[word].append(number)
        for token in {fold(token) for token in english} - _FUNCTION_WORDS - names_in(english):
            if len(token) > 2 and token.isalpha():
                self.english[_lemma(token, "NOUN")].add(number)

    def ranked(self, min_count: int, best: int = 4, least: float = 0.15) -> list[Mined]:
        """Pairs among the `best` English words of an Arabic word (by Dice, at least `least`) that shun one another."""
        total = len(self.sentences)
        inside: dict[int, list[str]] = defaultdict(list)
        for word, numbers in self.english.items():
            if min_count <= len(numbers) <= max(min_count, total // 10):
                for number in numbers:
                    inside[number].append(word)
        found: dict[tuple[str, str], Mined] = {}
        for arabic, where in self.arabic.items():
            if len(arabic) < 2 or not 2 * min_count <= len(where) <= max(2 * min_count, total // 10):
                continue
            meets = Counter(word for number in where for word in inside[number])
            dice = {w: 2 * k / (len(where) + len(self.english[w])) for w, k in meets.items() if k >= min_count}
            top = sorted((w for w in dice if dice[w] >= least), key=lambda w: (-dice[w], w))[:best]
            for one, other in combinations(top, 2):
                if alike(one, other) or _meet_often(self.english[one], self.english[other], set(where)):
                    continue
                score = min(likelihood_ratio(meets[w], len(where), len(self.english[w]), total) for w in (one, other))
                note = f"{arabic}: {one} {meets[one]}, {other} {meets[other]} of {len(where)}"
                if (one, other) not in found or found[one, other].score < score:
                    count = min(meets[one], meets[other])
                    found[one, other] = Mined(one, other, count, round(score, 2), (note,), directed=False)
        return _sorted(found.values())


def _meet_often(one: set[int], other: set[int], where: set[int]) -> bool:
    """Whether two words stand together as in a compound, rather than one instead of the other."""
    left, right = one & where, other & where
    return 2 * len(left & right) * len(where) > len(left) * len(right)


def stem(word: str) -> str:
    """An Arabic word without *and*, the article, and differences of spelling.

    >>> stem("والقمة"), stem("أزمة")
    ('قمة', 'ازمة')
    """
    return re.sub(r"^(?:[وفبك]?ال|لل)(?=..)", "", word.translate(_ALEF))


# --- dictionary ------------------------------------------------------------------------------------------------------


def skeleton(headword: str) -> str:
    """The consonants of Arabic words: no article, feminine and plural endings, long vowels, vowel signs.

    >>> skeleton("التعريفات") == skeleton("تعريفة") == skeleton("تعريف")
    True
    """
    parts = []
    for word in _ARABIC.findall(_MARKS.sub("", headword)):
        bare = stem(word)
        bare = re.sub(r"(?<=..)(?:ات|ون|ين|ة|ه|ية)$", "", bare)
        parts.append(bare[:1] + re.sub("[اوي]", "", bare[1:]))
    return " ".join(parts)


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
            if _ARABIC.search(headword):
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
                base = _lemma(gloss, "NOUN") if " " not in gloss else gloss
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
    return _sorted(result)


def _bare(headwords: Iterable[str]) -> set[str]:
    return {stem(_MARKS.sub("", headword)) for headword in headwords}


@lru_cache(maxsize=65536)
def _commonness(expression: str) -> float:
    """From 0 (unknown to English texts) to 1 (one word in a hundred)."""
    if _FUNCTION_WORDS.issuperset(expression.split()):
        return 0.0
    return max(0.0, float(zipf_frequency(expression, "en")) - 2) / 6
