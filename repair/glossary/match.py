"""Which entry a name in a text may be: exactly, or mangled by the pivot script."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rapidfuzz import fuzz, process
from wordfreq import zipf_frequency

from repair.channel.orthography import readings
from repair.channel.script import Script, plain, skeleton
from repair.glossary.model import Entry
from repair.text import fold

_MAX_PER_LETTER = 1.1  # nats per letter beyond which two spellings are not the same name
_SAID = 0.5  # nats for taking a name as another language says it, not as it is written
_COMPARED = 40  # candidates of one skeleton that are compared through the channel, the most similar ones first


@dataclass(frozen=True, slots=True)
class Match:
    """A right form of an entry that a surface may stand for. cost: nats, summed over its words. exact_words: how many
    of its words stand in the surface already. margin: how much costlier (nats per letter) the next entry is."""

    entry: Entry
    form: str
    cost: float
    per_letter: float
    exact_words: int
    margin: float = 9.0


@lru_cache(maxsize=65536)
def zipf(word: str) -> float:
    """Frequency of an English word on the Zipf scale (0 = unknown, 3 = once a million words)."""
    return float(zipf_frequency(word, "en"))


class Matcher:
    """Looks names up in a glossary, through the costs of a pivot script."""

    def __init__(self, entries: Iterable[Entry], script: Script, counted: Iterable[Entry] = ()) -> None:
        """`counted` entries are those that no editor keeps; they give way to one of `entries` with the same form."""
        kept = tuple(entries)
        forms = {fold(form) for entry in kept for form in entry.right_forms}
        self.entries = (*kept, *(entry for entry in counted if fold(entry.canonical) not in forms))
        self._script = script

    @cached_property
    def _right(self) -> dict[str, tuple[Entry, ...]]:
        forms: dict[str, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            for form in entry.right_forms:
                forms[fold(form)].append(entry)
        return {form: tuple(found) for form, found in forms.items()}

    @cached_property
    def _wrong(self) -> dict[str, Entry]:
        return {fold(form): entry for entry in self.entries for form in entry.corruptions}

    @cached_property
    def _house(self) -> dict[str, Entry]:
        return {fold(form): entry for entry in self.entries for form in (*entry.house, *entry.forbidden)}

    @cached_property
    def _exact(self) -> dict[tuple[str, str], frozenset[str]]:
        """By entry and folded form, the ways to write a form whose capitals matter."""
        written: dict[tuple[str, str], frozenset[str]] = {}
        for entry in self.entries:
            for form in entry.exact:
                key = entry.id, fold(form)
                written[key] = written.get(key, frozenset()) | {form}
        return written

    @cached_property
    def _inside(self) -> tuple[tuple[str, Entry], ...]:
        return tuple((form, entry) for entry in self.entries for form in entry.inside if form in entry.corruptions)

    @cached_property
    def _keys(self) -> dict[str, list[tuple[Entry, str]]]:
        """Right forms by skeleton, and by skeleton with one letter missing, per number of words."""
        keys: dict[str, list[tuple[Entry, str]]] = defaultdict(list)
        for entry in self.entries:
            for form in entry.right_forms:
                if len(plain(form)) >= 4 and not form.isupper():
                    for key in {key for reading in readings(form) for key in _neighbours(reading)}:
                        keys[key].append((entry, form))
        return keys

    def right(self, surface: str) -> tuple[Entry, ...]:
        """The entries for which this is a right form, hyphens aside, and capitals where no entry minds them."""
        return tuple(entry for entry in self._right.get(fold(surface), ()) if self._is_written(surface, entry))

    def _is_written(self, surface: str, entry: Entry) -> bool:
        ways = self._exact.get((entry.id, fold(surface)))
        return ways is None or surface in ways

    def corruption_of(self, surface: str) -> Entry | None:
        """The entry whose recorded corruption this is."""
        entry = self._wrong.get(fold(surface))
        return entry if entry and self._is_written(surface, entry) else None

    def restyled(self, surface: str) -> Entry | None:
        """The entry whose house style replaces or forbids this form."""
        entry = self._house.get(fold(surface))
        return entry if entry and self._is_written(surface, entry) else None

    def within(self, text: str) -> Iterator[tuple[int, str]]:
        """Start and form of the corruptions in `text` that count within longer words as well."""
        for form, entry in self._inside:
            exact = form in entry.exact
            for found in re.finditer(re.escape(form if exact else fold(form)), text if exact else fold(text)):
                yield found.start(), form

    @lru_cache(maxsize=16384)  # noqa: B019  (a Matcher lives as long as its run)
    def nearest(self, surface: str) -> Match | None:
        """The right form that the channel most cheaply turns into `surface`, with the margin to the next entry."""
        found = {(e.id, form): e for key in _neighbours(surface) for e, form in self._keys.get(key, ())}
        # an editor has said that this spelling is somebody else
        for key in [
            key for key, entry in found.items() if entry.rejected and fold(surface) in map(fold, entry.rejected)
        ]:
            del found[key]
        if len(found) > _COMPARED:
            forms = {(name, form): form for name, form in sorted(found)}
            near = process.extract(surface, forms, scorer=fuzz.ratio, processor=plain, limit=_COMPARED)
            found = {key: found[key] for _, _, key in near}
        compared = (self._compare(surface, entry, form) for (_, form), entry in found.items())
        matches = [match for match in compared if match and match.per_letter <= _MAX_PER_LETTER]
        if not matches:
            return None
        matches.sort(key=lambda m: (m.per_letter, m.entry.id, m.form))
        best = matches[0]
        others = [m.per_letter for m in matches if fold(m.form) != fold(best.form) and m.entry.id != best.entry.id]
        margin = min(others) - best.per_letter if others else 9.0
        return Match(best.entry, best.form, best.cost, best.per_letter, best.exact_words, margin)

    def _compare(self, surface: str, entry: Entry, form: str) -> Match | None:
        """Word by word where both have as many words, as one string otherwise. Cost counts the words that differ."""
        ours, theirs = fold(surface).split(), fold(form).split()
        if len(ours) != len(theirs):
            if len(ours) > 1 and len(theirs) > 1:
                return None
            cost = self._cost(surface, form) + 0.5
            return Match(entry, form, cost, cost / max(1, len(plain(form))), 0)
        cost, letters, exact = 0.0, 0, 0
        for ours_word, their_word in zip(ours, theirs, strict=True):
            if ours_word == their_word or plain(ours_word) == plain(their_word) != "":
                exact += 1
            else:
                cost += self._cost(ours_word, their_word)
                letters += len(plain(their_word))
        return Match(entry, form, cost, cost / max(1, letters), exact)

    def _cost(self, surface: str, form: str) -> float:
        """The channel's cost in nats; a form may also have been taken as another language says it."""
        written, *said = readings(form)
        return min([self._script.cost(surface, written), *(self._script.cost(surface, r) + _SAID for r in said)])


@lru_cache(maxsize=262144)
def _neighbours(name: str) -> frozenset[str]:
    """Lookup keys: word count, skeleton, and the skeleton with any one class missing (symmetric deletion)."""
    words = len(fold(name).split())
    key = skeleton(name)
    keys = {f"{n}{key}" for n in {words, 1 if words == 2 else words, 2 if words == 1 else words}}
    if len(key) >= 4:
        keys.update(f"{words}{key[:i]}{key[i + 1 :]}" for i in range(len(key)))
    return frozenset(keys)
