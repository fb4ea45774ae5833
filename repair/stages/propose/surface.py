"""The cures that come with the pattern: residue is deleted, slips are mended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from repair.channel.patterns import find_slips
from repair.types import Document, Edit, Finding, Origin, Proposal, Span


def propose_deletions(document: Document, findings: Sequence[Finding]) -> Iterator[Proposal]:
    """Delete residue; where it fills its lines, one line break goes with it."""
    text = document.text
    for finding in findings:
        if finding.rule.startswith("residue."):
            span = finding.span
            fills = (span.start == 0 or text[span.start - 1] == "\n") and text[span.end : span.end + 1] in ("", "\n")
            if fills and span.end < len(text):
                span = Span(span.start, span.end + 1)
            elif fills and span.start:
                span = Span(span.start - 1, span.end)
            elif not fills and text[span.end : span.end + 1] == " ":
                span = Span(span.start, span.end + 1)
            yield Proposal(finding, Edit(span, span.of(text), ""), Origin.RESIDUE)


def propose_cures(document: Document, findings: Sequence[Finding]) -> Iterator[Proposal]:
    """Mend slips as their pattern says."""
    wanted = {finding.span: finding for finding in findings if finding.rule.startswith("pattern.")}
    for slip in find_slips(document.text) if wanted else ():
        if finding := wanted.get(slip.span):
            yield Proposal(finding, Edit(slip.span, slip.span.of(document.text), slip.after), Origin.RESIDUE)
