"""What patterns alone can see: residue and slips."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from repair.channel.patterns import find_slips
from repair.channel.residue import find_residue
from repair.types import Document, Finding, Kind, Reading, Segment, Span


def detect_residue(document: Document, segments: Sequence[Segment], _readings: Sequence[Reading]) -> Iterator[Finding]:
    """Page furniture, each piece within the segment that it is."""
    for residue in find_residue(document.text):
        yield Finding(_segment_at(segments, residue.span), residue.span, Kind.RESIDUE, residue.score, residue.rule)


def detect_slips(document: Document, segments: Sequence[Segment], _readings: Sequence[Reading]) -> Iterator[Finding]:
    """Stray blanks, doubled words and the like."""
    for slip in find_slips(document.text):
        segment = _segment_at(segments, slip.span)
        if segment.span.covers(slip.span):
            yield Finding(segment, slip.span, slip.kind, slip.score, slip.rule)


def _segment_at(segments: Sequence[Segment], span: Span) -> Segment:
    return next((s for s in segments if s.span.end > span.start), segments[-1])
