from __future__ import annotations

from typing import Any

from repair.glossary.replay import replay
from repair.types import (
    Decision,
    Document,
    Edit,
    Evidence,
    Finding,
    Kind,
    Origin,
    Proposal,
    Repair,
    Segment,
    Span,
    Verdict,
)

TEXT = "aaa bbb ccc ddd"


def past(place: int, after: str, verdict: str = "APPLY", kind: str = "name") -> dict[str, Any]:
    before = TEXT[place : place + 3]
    evidence = {"entry": "e-1"} if kind == "name" else {}
    return {"start": place, "end": place + 3, "before": before, "after": after, "kind": kind, "verdict": verdict,
            "evidence": evidence}  # fmt: skip


def now(document: Document, *made: tuple[int, str]) -> Repair:
    whole = Segment(document.id, Span(0, len(document.text)), document.text)
    decisions = []
    for place, after in made:
        span = Span(place, place + 3)
        proposal = Proposal(
            Finding(whole, span, Kind.NAME, 0.6, "name.unknown"), Edit(span, span.of(document.text), after),
            Origin.GLOSSARY, Evidence(entry="e-2"),
        )  # fmt: skip
        decisions.append(Decision(proposal, Verdict.APPLY, 0.9, ""))
    return Repair(document, document.text, (), tuple(decisions), {})


def test_gained_lost_changed_and_the_same() -> None:
    records = [
        {"id": "1", "text": TEXT, "edits": [past(0, "A"), past(4, "B"), past(8, "", kind="residue")]},
        {"id": "2", "text": TEXT, "edits": [past(0, "A"), past(4, "B", "REVIEW")]},
    ]
    made = {"1": [(0, "X"), (8, "C"), (12, "D")], "2": [(0, "A")]}
    found = replay(records, lambda document: now(document, *made[document.id]))
    assert [(d.what, d.document, d.before, d.was, d.now, d.entry) for d in found.differences] == [
        ("changed", "1", "aaa", "A", "X", "e-2"),
        ("lost", "1", "bbb", "B", "", "e-1"),
        ("gained", "1", "ddd", "", "D", "e-2"),
    ]
    assert (found.documents, found.same) == (2, 1)  # made by another entry now, to the same end
    assert found.by_entry == {"e-1": {"lost": 1}, "e-2": {"changed": 1, "gained": 1}}
