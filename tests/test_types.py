from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repair.types import (
    Decision,
    Document,
    Edit,
    Evidence,
    Finding,
    Kind,
    Origin,
    Proposal,
    Reading,
    Repair,
    Segment,
    Span,
    Verdict,
)

SPANS = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda pair: Span(min(pair), max(pair)))


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (3, 2), (-2, -1)])
def test_bad_spans_are_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="bad span"):
        Span(start, end)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((0, 3), (3, 5), False),
        ((0, 4), (3, 5), True),
        ((0, 9), (3, 5), True),
        ((3, 3), (3, 3), True),
        ((3, 3), (3, 5), False),
        ((5, 5), (3, 5), False),
        ((4, 4), (3, 5), True),
        ((2, 2), (3, 3), False),
    ],
)
def test_overlap(one: tuple[int, int], other: tuple[int, int], expected: bool) -> None:
    assert Span(*one).overlaps(Span(*other)) is expected


@given(SPANS, SPANS)
def test_overlap_is_symmetric_and_covering_spans_overlap(one: Span, other: Span) -> None:
    assert one.overlaps(other) == other.overlaps(one)
    if len(other) and one.covers(other):
        assert one.overlaps(other)


@given(SPANS, st.text(min_size=30, max_size=40))
def test_a_span_names_its_slice(span: Span, text: str) -> None:
    assert len(span.of(text)) == len(span)


def test_spans_sort_by_start_then_end() -> None:
    assert sorted([Span(2, 4), Span(1, 9), Span(2, 2)]) == [Span(1, 9), Span(2, 2), Span(2, 4)]


def test_values_are_frozen() -> None:
    document = Document("d", "text")
    with pytest.raises(FrozenInstanceError):
        document.text = "other"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("span", "expected"), [((0, 3), 1.0), ((2, 6), 7.5), ((4, 5), 7.5), ((3, 4), 0.0), ((9, 12), 0.0)]
)
def test_surprisal_is_the_highest_among_the_tokens_touched(span: tuple[int, int], expected: float) -> None:
    reading = Reading((Span(0, 3), Span(4, 8)), (-1.0, -7.5), (0.5, 0.5))
    assert reading.surprisal(Span(*span)) == expected


def test_only_applied_decisions_count_as_applied() -> None:
    segment = Segment("d", Span(0, 3), "top")
    finding = Finding(segment, Span(0, 3), Kind.PHRASE, 0.5, "lexicon.sense")
    proposal = Proposal(finding, Edit(Span(0, 3), "top", "summit"), Origin.LEXICON)
    decisions = tuple(Decision(proposal, verdict, 0.5, "") for verdict in Verdict)
    repair = Repair(Document("d", "top"), "summit", (finding,), decisions, {})
    assert [d.verdict for d in repair.applied] == [Verdict.APPLY]
    assert proposal.kind is Kind.PHRASE
    assert proposal.evidence == Evidence()
