"""What may go wrong with entries: collisions, common words and other people that they would absorb."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from wordfreq import top_n_list

from repair.channel.script import Script
from repair.glossary.known import KnownNames
from repair.glossary.match import Matcher, zipf
from repair.glossary.model import Entry, in_use
from repair.text import fold

_COMMON = 3.0  # Zipf frequency from which a wrong form is a common word
_WORDS = 20_000  # most frequent words that a dry run tries
_NEAR = 0.5  # nats per letter up to which a match counts as near, where nothing else speaks for it
_TRIALS = 200  # times that a dry run takes each form through the script


@dataclass(frozen=True, slots=True)
class Fault:
    """Something about an entry that an editor should look at. kind: collision, absorbs entry, common word or real
    name."""

    kind: str
    entry: str
    form: str
    about: str


def faults(entries: Iterable[Entry], known: KnownNames) -> Iterator[Fault]:
    """Faults of the forms that entries list, by entry.

    >>> from repair.glossary.model import EntryKind
    >>> entry = Entry("p-1", "Olaf Scholz", EntryKind.PERSON, corruptions=("Shots",))
    >>> [(fault.kind, fault.form) for fault in faults([entry], KnownNames({}))]
    [('common word', 'Shots')]
    """
    used = sorted(filter(in_use, entries), key=lambda e: e.id)
    right, wrong = _by_form(used, "right_forms"), _by_form(used, "wrong_forms")
    for entry in used:
        for form in entry.right_forms:
            others = [e for e in right[fold(form)] if e.id > entry.id and e.canonical != entry.canonical]
            if form != entry.surname:  # two people may share one
                yield from (Fault("collision", entry.id, form, f"{e.id} {e.canonical}") for e in others)
        for form in entry.wrong_forms:
            key = fold(form)
            absorbed = [e for e in right[key] if e.id != entry.id]
            yield from (Fault("absorbs entry", entry.id, form, f"{e.id} {e.canonical}") for e in absorbed)
            doubled = [e for e in wrong[key] if e.id > entry.id]
            yield from (Fault("collision", entry.id, form, f"{e.id} {e.canonical}") for e in doubled)
            if " " not in key and zipf(key) >= _COMMON and form not in entry.exact and form in entry.corruptions:
                yield Fault("common word", entry.id, form, f"Zipf frequency {zipf(key):.1f}")
            if form in entry.corruptions and (count := known.count(form)):
                yield Fault("real name", entry.id, form, f"in {count} clean articles")


def _by_form(entries: Sequence[Entry], which: str) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        for form in getattr(entry, which):
            found[fold(form)].append(entry)
    return found


@dataclass(frozen=True, slots=True)
class DryRun:
    """What an entry would do to texts. absorbed: spellings that the channel makes of its forms and that would be taken
    for it, commonest first. elsewhere: those that another entry would take, with its name. words, names: common words
    and real names that are near it, with the cost in nats per letter. seen: of unknown names of a run, those that
    would be taken for it, with the cost."""

    absorbed: tuple[str, ...]
    elsewhere: tuple[tuple[str, str], ...]
    words: tuple[tuple[str, float], ...]
    names: tuple[tuple[str, float], ...]
    seen: tuple[tuple[str, float], ...]


def dry_run(
    entry: Entry, others: Iterable[Entry], script: Script, known: KnownNames, seen: Iterable[str] = (), seed: int = 1
) -> DryRun:
    """Try an entry beside the others before it is approved. `seen`: unknown names of a run."""
    beside = Matcher((entry, *(e for e in others if e.id != entry.id and in_use(e))), script)
    alone = Matcher((entry,), script)
    rng = random.Random(seed)
    made = Counter(script.corrupt(form, rng) for form in entry.right_forms for _ in range(_TRIALS))
    absorbed, elsewhere = list(entry.corruptions), []
    for spelling, _ in made.most_common():
        if beside.right(spelling) or spelling in absorbed or not (match := beside.nearest(spelling)):
            continue
        if match.entry.id == entry.id:
            absorbed.append(spelling)
        else:
            elsewhere.append((spelling, f"{match.entry.id} {match.entry.canonical}"))
    listed = {fold(form) for form in entry.right_forms}

    def near(surfaces: Iterable[str], limit: float) -> tuple[tuple[str, float], ...]:
        matches = ((s, alone.nearest(s)) for s in surfaces if fold(s) not in listed)
        close = [(s, round(m.per_letter, 2)) for s, m in matches if m and m.per_letter <= limit]
        return tuple(sorted(close, key=lambda pair: (pair[1], pair[0])))

    words = (word.capitalize() for word in top_n_list("en", _WORDS) if zipf(word) >= _COMMON and word.isalpha())
    names = [name for name, count in known.counts.items() if count]
    ours = near((s for s in seen if (m := beside.nearest(s)) and m.entry.id == entry.id), 9.0)
    return DryRun(tuple(absorbed), tuple(elsewhere), near(words, _NEAR), near(names, _NEAR), ours)
