"""Past inputs under a changed glossary: which repairs of names are gained, lost or changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from repair.types import Document, Kind, Repair

Made = Mapping[tuple[int, int], tuple[str, str, str]]  # by place: before, after, entry


@dataclass(frozen=True, slots=True)
class Difference:
    """A place that comes out otherwise. what: gained, lost or changed. was, now: the replacement, empty for none."""

    what: str
    document: str
    start: int
    before: str
    was: str
    now: str
    entry: str


@dataclass(frozen=True)
class Replay:
    """What a replay found. same: repairs that stay. by_entry: per entry how many were gained, lost and changed."""

    differences: tuple[Difference, ...]
    documents: int
    same: int

    @property
    def by_entry(self) -> dict[str, Counter[str]]:
        """Counts of what happened, by entry."""
        counts: dict[str, Counter[str]] = {}
        for d in self.differences:
            counts.setdefault(d.entry, Counter())[d.what] += 1
        return dict(sorted(counts.items()))


def replay(records: Iterable[Mapping[str, Any]], again: Callable[[Document], Repair]) -> Replay:
    """Compare the name repairs of a run's records with those that `again` makes of the same texts."""
    differences: list[Difference] = []
    documents = same = 0
    for record in records:
        documents += 1
        document = Document(str(record["id"]), str(record["text"]))
        was = _past(record)
        now = {place: made for place, made in _present(again(document)).items() if not _elsewise(record, place)}
        found = list(_compare(document.id, was, now))
        differences += found
        same += sum(place in now and was[place][1] == now[place][1] for place in was)
    return Replay(tuple(differences), documents, same)


def _compare(document: str, was: Made, now: Made) -> Iterator[Difference]:
    for place in sorted({*was, *now}):
        old, new = was.get(place), now.get(place)
        before, entry = (new or old or ("", "", ""))[0], (new or old or ("", "", ""))[2]
        if old and new and old[1] != new[1]:
            yield Difference("changed", document, place[0], before, old[1], new[1], entry)
        elif old and not new:
            yield Difference("lost", document, place[0], before, old[1], "", entry)
        elif new and not old:
            yield Difference("gained", document, place[0], before, "", new[1], entry)


def _past(record: Mapping[str, Any]) -> Made:
    return {
        (e["start"], e["end"]): (e["before"], e["after"], str(e["evidence"].get("entry", "")))
        for e in record["edits"]
        if e["kind"] == Kind.NAME and e["verdict"] == "APPLY" and e["evidence"].get("entry")
    }


def _elsewise(record: Mapping[str, Any], place: tuple[int, int]) -> bool:
    """Whether the run put something of another kind there: a photo credit that went as a whole, a phrase."""
    applied = (e for e in record["edits"] if e["kind"] != Kind.NAME and e["verdict"] == "APPLY")
    return any(e["start"] < place[1] and place[0] < e["end"] for e in applied)


def _present(repair: Repair) -> Made:
    made = {}
    for decision in repair.applied:
        proposal = decision.proposal
        if proposal.kind is Kind.NAME and proposal.evidence.entry:
            edit = proposal.edit
            made[edit.span.start, edit.span.end] = edit.before, edit.after, proposal.evidence.entry
    return made
