"""The lexicon as an editor handles it: sets with their places, the pairs that they stand for, additions and checks."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from repair.channel.lexicon import COLUMNS, RATES, Lexicon, SenseSet, parse_set
from repair.errors import ConfigError, ResourceError
from repair.inflection import Pos, forms
from repair.text import fold, words
from repair.writing import atomic_write

_TOPIC = re.compile(r"[a-z][a-z0-9_]*")
_MINED = "mined"


class Provenance(StrEnum):
    """Whether a person wrote a set, or found it with `repair lexicon mine`."""

    WRITTEN = "written"
    MINED = "mined"


class Pair(NamedTuple):
    """What came back for what was meant; nouns and verbs of one spelling are not the same pair."""

    came_back: str
    meant: str
    pos: Pos


@dataclass(frozen=True, slots=True)
class Row:
    """A sense set and where it stands."""

    set: SenseSet
    path: Path
    line: int

    @property
    def place(self) -> str:
        """File and line."""
        return f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True)
class Addition:
    """What became of the rows that somebody wants to add: those that will do, and why the others will not."""

    added: tuple[Row, ...]
    refused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """How often a left expression occurs in clean text; `context` shows it once."""

    row: Row
    expression: str
    count: int
    per_million: float
    context: str


def read_rows(folder: Path) -> tuple[list[Row], list[str]]:
    """Every set below a folder with its place, and every fault (place and reason) instead of the first alone.

    Raises ResourceError where the folder has no lexicon.
    """
    paths = sorted(folder.glob("*.tsv"))
    if not paths:
        raise ResourceError(f"{folder}: no lexicon (*.tsv) in this folder; name another one with --folder")
    rows: list[Row] = []
    faults: list[str] = []
    places: dict[str, str] = {}
    for path in paths:
        for number, cells in _cells(path.read_text("utf-8")):
            try:
                row = Row(parse_set(cells), path, number)
            except ValueError as error:
                faults.append(f"{path}:{number}: {error}")
                continue
            if first := places.get(row.set.id):
                faults.append(f"{row.place}: id {row.set.id} is used twice, first in {first}; give another one")
            else:
                places[row.set.id] = row.place
                rows.append(row)
    return rows, faults


def _cells(text: str) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(text.splitlines(), 1):
        cells = [cell.strip() for cell in line.split("\t")]
        if line.strip() and not line.startswith("#") and cells[0] != COLUMNS[0]:
            yield number, cells


def plain(expression: str) -> str:
    """An expression as it reads: no marks for the head or against inflection, hyphens as blanks.

    >>> plain("family* of the victimised"), plain("head-on=")
    ('family of the victimised', 'head on')
    """
    return re.sub(r"(?<=\S)\*", "", expression.rstrip("=")).replace("-", " ")


def pairs(sense_set: SenseSet) -> Iterator[Pair]:
    """Every pair that a set stands for.

    >>> cells = ["x", "قمة", "noun", "top ; peak | summit", ">", "often", "diplomacy", ""]
    >>> [(pair.came_back, pair.meant) for pair in pairs(parse_set(cells))]
    [('top', 'summit'), ('peak', 'summit')]
    """
    pos = Pos.FIXED if sense_set.pos is Pos.ADV else sense_set.pos  # neither inflects
    for group, expressions in enumerate(sense_set.senses):
        for other in sense_set.meant(group):
            for came_back in expressions:
                for meant in sense_set.senses[other]:
                    yield Pair(plain(came_back), plain(meant), pos)


def places_of_pairs(rows: Iterable[Row]) -> dict[Pair, list[Row]]:
    """Which sets stand for each pair, in the order of `rows`."""
    places: dict[Pair, list[Row]] = defaultdict(list)
    for row in rows:
        for pair in dict.fromkeys(pairs(row.set)):
            places[pair].append(row)
    return dict(places)


def groups_that_know(sense_set: SenseSet, expression: str) -> list[int]:
    """The groups of a set that have the expression, in any of its forms and however it is capitalised.

    >>> groups_that_know(parse_set(["x", "قمة", "noun", "top ; peak | summit", ">", "often", "d", ""]), "Summits")
    [1]
    """
    wanted = fold(expression)
    return [
        group
        for group, expressions in enumerate(sense_set.senses)
        if any(wanted == fold(form) for e in expressions for form in forms(e, sense_set.pos).values())
    ]


def cells_of(sense_set: SenseSet) -> list[str]:
    """The TSV row of a set, which `parse_set` reads back."""
    senses = " | ".join(" ; ".join(group) for group in sense_set.senses)
    direction = ">" if sense_set.one_way else ""
    s = sense_set
    return [s.id, s.pivot, s.pos, senses, direction, rate_name(s), s.domain, s.note]


def rate_name(sense_set: SenseSet) -> str:
    """The word for a set's rate: often, sometimes, rarely."""
    return next(name for name, rate in RATES.items() if rate == sense_set.rate)


def provenance(sense_set: SenseSet) -> Provenance:
    """Where a set comes from, as its note says."""
    return Provenance.MINED if re.match(rf"{_MINED}(?:;|$)", sense_set.note) else Provenance.WRITTEN


def prepare(text: str, source: str, *, topic: str, pivot: str, rows: Sequence[Row], target: Path) -> Addition:
    """Parse rows (TSV) that shall go to `target`, give ids where the cell is empty, and refuse pairs that are known.

    Ids are `<pivot>-<topic>-NNNN`, running on from the highest one. Raises ResourceError naming every broken line.
    """
    if not _TOPIC.fullmatch(topic):
        raise ConfigError(f"--to {topic!r}: name a topic in small letters, digits and _, such as diplomacy")
    prefix = f"{pivot}-{topic}-"
    taken = {row.set.id: row.place for row in rows}
    given = {cells[0] for _, cells in _cells(text)}
    number = max((int(i[len(prefix) :]) for i in (*taken, *given) if re.fullmatch(rf"{prefix}\d+", i)), default=0)
    known = {pair: found[0].place for pair, found in places_of_pairs(rows).items()}
    added: list[Row] = []
    refused: list[str] = []
    faults: list[str] = []
    line = _next_line(target)
    for at, cells in _cells(text):
        own = cells[0] or f"{prefix}{number + 1:04}"
        try:
            sense_set = parse_set([own, *cells[1:]])
        except ValueError as error:
            faults.append(f"{source}:{at}: {error}")
            continue
        if own in taken:
            faults.append(f"{source}:{at}: id {own} is used in {taken[own]}; leave the cell empty to get a fresh one")
            continue
        mine = list(dict.fromkeys(pairs(sense_set)))
        if double := [pair for pair in mine if pair in known]:
            first, *more = double
            what = f"“{first.came_back}” for “{first.meant}” stands in {known[first]}"
            what += f", and {len(more)} more pairs are known" if more else ""
            refused.append(f"{source}:{at}: {what}; {len(mine) - len(double)} of its {len(mine)} pairs are new")
            continue
        number += not cells[0]
        taken[own] = f"{source}:{at}"
        known |= dict.fromkeys(mine, f"{source}:{at}")
        added.append(Row(sense_set, target, line))
        line += 1
    if faults:
        raise ResourceError("nothing was added; mend these lines first\n" + "\n".join(faults))
    return Addition(tuple(added), tuple(refused))


def _next_line(target: Path) -> int:
    return len(target.read_text("utf-8").splitlines()) + 1 if target.is_file() else 2


def add(addition: Addition, target: Path, origin: Provenance) -> None:
    """Write the rows behind those that `target` has, which is replaced as a whole; mined ones say so in their note."""
    old = target.read_text("utf-8") if target.is_file() else "\t".join(COLUMNS) + "\n"
    old += "" if not old or old.endswith("\n") else "\n"
    sets = [row.set for row in addition.added]
    if origin is Provenance.MINED:
        sets = [
            s if provenance(s) is Provenance.MINED else replace(s, note=f"{_MINED}; {s.note}" if s.note else _MINED)
            for s in sets
        ]
    atomic_write(target, old + "".join("\t".join(cells_of(s)) + "\n" for s in sets))


def duplicates(places: Mapping[Pair, Sequence[Row]]) -> list[tuple[Pair, Sequence[Row]]]:
    """The pairs that two sets or more stand for."""
    return [(pair, rows) for pair, rows in places.items() if len(rows) > 1]


def both_ways(places: Mapping[Pair, Sequence[Row]]) -> list[tuple[Pair, Sequence[Row]]]:
    """The pairs that are `often` confused in either direction, each named once: they put wrong words for right ones."""
    often = {
        pair: found for pair, rows in places.items() if (found := [r for r in rows if r.set.rate == RATES["often"]])
    }
    result: list[tuple[Pair, Sequence[Row]]] = []
    for pair, rows in often.items():
        back = Pair(pair.meant, pair.came_back, pair.pos)
        if back in often and pair.came_back < pair.meant:
            result.append((pair, list(dict.fromkeys([*rows, *often[back]]))))
    return result


def clean_hits(rows: Sequence[Row], texts: Iterable[str], *, above: float = 1.0) -> list[Hit]:
    """Left expressions of several words that clean texts use more than `above` times in a million words, most first."""
    lexicon = Lexicon(tuple(row.set for row in rows))
    of = {row.set.id: row for row in rows}
    counts: Counter[tuple[str, str]] = Counter()
    contexts: dict[tuple[str, str], str] = {}
    total = 0
    for text in texts:
        total += sum(word.is_word for word in words(text))
        for span, senses in lexicon.occurrences(text):
            left = {(sense.set.id, fold(sense.form)) for sense in senses if sense.set.meant(sense.group)}
            for key in sorted((name, form) for name, form in left if " " in form):
                counts[key] += 1
                contexts.setdefault(key, " ".join(text[max(0, span.start - 40) : span.end + 40].split()))
    hits = [
        Hit(of[name], form, count, 1e6 * count / max(1, total), contexts[name, form])
        for (name, form), count in counts.items()
        if 1e6 * count / max(1, total) > above
    ]
    return sorted(hits, key=lambda hit: (-hit.count, hit.expression, hit.row.set.id))


def offers(records: Iterable[Mapping[str, object]]) -> tuple[Counter[str], Counter[str]]:
    """How often each set offered something in past runs (records of `repaired.jsonl`), and how often it was applied."""
    offered: Counter[str] = Counter()
    applied: Counter[str] = Counter()
    for record in records:
        edits = record.get("edits")
        for edit in edits if isinstance(edits, Sequence) else ():
            evidence = edit.get("evidence") if isinstance(edit, Mapping) else None
            if isinstance(evidence, Mapping) and isinstance(name := evidence.get("sense_set"), str):
                offered[name] += 1
                applied[name] += edit["verdict"] == "APPLY"
    return offered, applied


def matching(rows: Iterable[Row], text: str = "", *, domain: str = "", pos: Collection[Pos] = ()) -> list[Row]:
    """The rows whose pivot or expressions contain `text`, of a domain and of parts of speech where these are given."""
    wanted = fold(text)
    return [
        row
        for row in rows
        if (not domain or row.set.domain == domain)
        and (not pos or row.set.pos in pos)
        and (wanted in fold(row.set.pivot) or any(wanted in fold(plain(e)) for g in row.set.senses for e in g))
    ]
