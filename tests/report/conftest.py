"""Hand-made repairs and scores: every verdict and kind, names outside the BMP, residue over whole lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from repair.edits import apply_edits
from repair.score import Counts, Report, TextScore
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

SIGNATURE = {"mt-repair": "0.1.0", "config": "f514dbf2bc75"}
TEXT = (
    "𝕋he top of NATO 😀\n\n"
    "BBCListen to Steve Read this article\n"
    "Reuters/PoolThe huge definitions were “announced” by Whitchov in sermons.\n"
    "BBC It is the home\nof Sounds\n\n\nإرسال التعليق"
)

Change = tuple[str, str, Kind, Origin, Verdict, float]
MakeRepair = Callable[..., Repair]


def _repair(text: str, *changes: Change, doc_id: str = "seed/1", reason: str = "because") -> Repair:
    """A repair whose changes are named by what they replace; each stands where that first occurs."""
    segment, decisions = Segment(doc_id, Span(0, len(text)), text), []
    for before, after, kind, origin, verdict, probability in changes:
        span = Span(text.index(before), text.index(before) + len(before))
        evidence = Evidence(entry="per-1", gain=4.5, support=("in document",)) if kind is Kind.NAME else Evidence()
        finding = Finding(segment, span, kind, 0.75, rule="test")
        proposal = Proposal(finding, Edit(span, before, after), origin, evidence)
        decisions.append(Decision(proposal, verdict, probability, reason))
    repaired = apply_edits(text, [d.proposal.edit for d in decisions if d.verdict is Verdict.APPLY])
    findings = tuple(d.proposal.finding for d in decisions)
    return Repair(Document(doc_id, text), repaired, findings, tuple(decisions), SIGNATURE)


@pytest.fixture
def make_repair() -> MakeRepair:
    return _repair


@pytest.fixture
def repair() -> Repair:
    return _repair(
        TEXT,
        ("top", "summit", Kind.PHRASE, Origin.LEXICON, Verdict.APPLY, 0.93),
        ("top", "peak", Kind.PHRASE, Origin.LEXICON, Verdict.DROP, 0.02),
        ("BBCListen to Steve Read this article\n", "", Kind.RESIDUE, Origin.RESIDUE, Verdict.APPLY, 0.99),
        ("Reuters/Pool", "", Kind.RESIDUE, Origin.RESIDUE, Verdict.APPLY, 0.98),
        ("definitions", "tariffs", Kind.PHRASE, Origin.SEQ2SEQ, Verdict.REVIEW, 0.59),
        ("Whitchov", "Witkoff", Kind.NAME, Origin.GLOSSARY, Verdict.APPLY, 0.96),
        ("in sermons", "in speeches", Kind.GRAMMAR, Origin.SEQ2SEQ, Verdict.REVIEW, 0.47),
        (
            "\nBBC It is the home\nof Sounds\n\n\nإرسال التعليق",
            "",
            Kind.RESIDUE,
            Origin.RESIDUE,
            Verdict.APPLY,
            0.96,
        ),
    )


@pytest.fixture
def report() -> Report:
    court = Counts(Counter(phrase=8, name=2, residue=2), Counter(phrase=6, name=2), 8, 1, 1, 2, 600)
    sport = Counts(Counter(phrase=2), Counter(phrase=1), 1, 0, 0, 0, 400)
    texts = (
        TextScore("TER", "case:lc|version:2.6.0", 32.1, 21.7, 0.001),
        TextScore("CHRF", "nc:6|version:2.6.0", 70.1, 78.2, 0.012),
        TextScore("BLEU", "tok:13a|version:2.6.0", 52.1, 61.2, 0.3),
    )
    return Report(court + sport, {"court-01": court, "sport-01": sport}, texts, SIGNATURE)
