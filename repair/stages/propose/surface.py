"""The cures that come with the pattern: residue is deleted, slips are mended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from repair.channel.patterns import find_slips
from repair.types import Document, Edit, Finding, Origin, Proposal, Span


def propose_deletions(document: Document, findings: Sequence[Finding]) -> Iterator[Proposal]:
    """Delete residue; where it fills its lines, one line break goes with it, else the blank behind it."""
    found = [finding for finding in findings if finding.rule.startswith("residue.")]
    claimed = [finding.span for finding in found]
    for finding in found:
        span = _with_blank(document.text, finding.span, claimed)
        claimed.append(span)
        yield Proposal(finding, Edit(span, span.of(document.text), ""), Origin.RESIDUE)


def _with_blank(text: str, span: Span, claimed: Sequence[Span]) -> Span:
    """The span with a line break or blank beside it that no other deletion takes."""
    after = Span(span.end, min(span.end + 1, len(text)))
    before = Span(max(0, span.start - 1), span.start)
    fills = before.of(text) in ("", "\n") and after.of(text) in ("", "\n")
    for blank in (before, after) if fills else (after,):
        if blank.of(text) == ("\n" if fills else " ") and not any(blank.overlaps(other) for other in claimed):
            return Span(min(span.start, blank.start), max(span.end, blank.end))
    return span


def propose_cures(document: Document, findings: Sequence[Finding]) -> Iterator[Proposal]:
    """Mend slips as their pattern says."""
    wanted = {finding.span: finding for finding in findings if finding.rule.startswith("pattern.")}
    for slip in find_slips(document.text) if wanted else ():
        if finding := wanted.get(slip.span):
            yield Proposal(finding, Edit(slip.span, slip.span.of(document.text), slip.after), Origin.RESIDUE)
