"""Candidates out of parallel text: what machine output has for others, and English words that share an Arabic word."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from repair.errors import InputError
from repair.text import fold
from repair.training.arabic import arabic_words, stem
from repair.training.mining import (
    FUNCTION_WORDS,
    Mined,
    Tally,
    alike,
    lemma,
    likelihood_ratio,
    names_in,
    ranked,
    reference_of,
    split,
)  # fmt: skip


def mine_parallel(records: Iterable[Mapping[str, object]], *, min_count: int = 3) -> list[Mined]:
    """Words that machine output has for others of the reference, and English words that share an Arabic word.

    A record has English (`ref` or `en`) and Arabic (`src` or `ar`), and perhaps machine output (`mt`).
    Raises InputError for a record of another shape.
    """
    tally = Tally()
    meetings = _Meetings()
    for number, record in enumerate(records, 1):
        reference, source = reference_of(record), record.get("src") or record.get("ar")
        if reference is None or not isinstance(source, str):
            place = record.get("id", f"number {number}")
            raise InputError(f"record {place}: needs English (`ref` or `en`) and Arabic (`src` or `ar`)")
        english = split(reference)
        if isinstance(output := record.get("mt"), str):
            tally.add(split(output), english, str(record.get("system", "")), None)
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
    return ranked(found.values())


@dataclass
class _Meetings:
    """Which English words stand in sentences with which Arabic words."""

    sentences: dict[str, None] = field(default_factory=dict)
    arabic: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    english: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def add(self, source: str, english: Sequence[str]) -> None:
        if source in self.sentences:
            return
        number = len(self.sentences)
        self.sentences[source] = None
        for word in {stem(word) for word in arabic_words(source)}:
            self.arabic[word].append(number)
        for token in {fold(token) for token in english} - FUNCTION_WORDS - names_in(english):
            if len(token) > 2 and token.isalpha():
                self.english[lemma(token, "NOUN")].add(number)

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
        return ranked(found.values())


def _meet_often(one: set[int], other: set[int], where: set[int]) -> bool:
    """Whether two words stand together as in a compound, rather than one instead of the other."""
    left, right = one & where, other & where
    return 2 * len(left & right) * len(where) > len(left) * len(right)
