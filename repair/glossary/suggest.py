"""What a run did not know: unknown names out of its ledger, with where they stand and who they might be."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from repair.glossary.model import Entry
from repair.text import fold

_UNKNOWN = 0.5  # score of a finding from which a name counts as unknown; open words that are known names have less
_CONTEXT = 60  # characters on each side
_CONTEXTS = 3

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Guess:
    """A name that an unknown one may stand for: by entry, with the highest probability that the run gave it."""

    entry: str
    canonical: str
    probability: float


@dataclass(frozen=True, slots=True)
class Unknown:
    """A name that no entry accounts for. contexts: document id and text around the name, at most three."""

    surface: str
    count: int
    documents: int
    guesses: tuple[Guess, ...]
    contexts: tuple[tuple[str, str], ...]


def unknown_names(
    records: Iterable[Record],
    entries: Iterable[Entry],
    nearest: Callable[[str], tuple[Entry, float] | None] = lambda _: None,
) -> list[Unknown]:
    """The unknown names of a run's ledger (records of `repaired.jsonl`), the most frequent first.

    `entries` are all that the store has, also the rejected ones: what they list was judged already, and a form rejected
    for an entry is never guessed to be that entry again. `nearest` gives the entry that a name is most like, and a
    probability, for names on which the ledger has no guess.

    >>> finding = {"start": 0, "end": 8, "kind": "name", "score": 0.6}
    >>> record = {"id": "1", "text": "Whitchov left.", "findings": [finding]}
    >>> [(unknown.surface, unknown.count) for unknown in unknown_names([record], [])]
    [('Whitchov', 1)]
    """
    judged, rejected = _judged(entries)
    found: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    guesses: dict[str, dict[str, Guess]] = defaultdict(dict)
    for record in records:
        text, offers = str(record.get("text", "")), _offers(record)
        for start, end in _places(record, text):
            surface = text[start:end]
            if fold(surface) in judged:
                continue
            found[fold(surface)].append((surface, str(record.get("id", "")), _context(text, start, end)))
            for guess in (g for at, g in offers if at[0] < end and start < at[1]):
                if (fold(surface), guess.entry) not in rejected:
                    known = guesses[fold(surface)].get(guess.entry)
                    guesses[fold(surface)][guess.entry] = max(known or guess, guess, key=lambda g: g.probability)
    unknown = []
    for key, places in found.items():
        surface = Counter(place[0] for place in places).most_common(1)[0][0]
        offered = list(guesses[key].values())
        if not offered and (near := nearest(surface)) and (key, near[0].id) not in rejected:
            offered = [Guess(near[0].id, near[0].canonical, near[1])]
        offered.sort(key=lambda g: (-g.probability, g.entry))
        contexts = tuple(dict.fromkeys((document, context) for _, document, context in places))[:_CONTEXTS]
        documents = len({document for _, document, _ in places})
        unknown.append(Unknown(surface, len(places), documents, tuple(offered), contexts))
    return sorted(unknown, key=lambda u: (-u.count, u.surface))


def _judged(entries: Iterable[Entry]) -> tuple[set[str], set[tuple[str, str]]]:
    """Forms that are listed somewhere, and the pairs of form and entry that were rejected."""
    forms: set[str] = set()
    pairs: set[tuple[str, str]] = set()
    for entry in entries:
        forms |= {fold(form) for form in (*entry.right_forms, *entry.wrong_forms)}
        pairs |= {(fold(form), entry.id) for form in entry.rejected}
    return forms, pairs


def _places(record: Record, text: str) -> Iterator[tuple[int, int]]:
    """Where unknown names stand; neighbours with nothing but a blank between are one name."""
    spans = sorted(
        {
            (int(f["start"]), int(f["end"]))
            for f in record.get("findings", ())
            if f["kind"] == "name" and f["score"] >= _UNKNOWN
        }
    )
    while spans:
        start, end = spans.pop(0)
        while spans and (spans[0][0] < end or text[end : spans[0][0]] == " "):
            end = max(end, spans.pop(0)[1])
        yield start, end


def _offers(record: Record) -> list[tuple[tuple[int, int], Guess]]:
    """What the run proposed for names, by place; what it changed is no question any more, but may be wrong."""
    return [
        ((e["start"], e["end"]), Guess(str(e["evidence"]["entry"]), e["after"], float(e["probability"])))
        for e in record.get("edits", ())
        if e["kind"] == "name" and e["evidence"].get("entry") and e["verdict"] != "DROP"
    ]


def _context(text: str, start: int, end: int) -> str:
    left = "…" if start > _CONTEXT else ""
    right = "…" if end + _CONTEXT < len(text) else ""
    around = f"{text[max(0, start - _CONTEXT) : start]}[{text[start:end]}]{text[end : end + _CONTEXT]}"
    return left + " ".join(around.split()) + right
