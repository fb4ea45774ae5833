"""The rewriter's way back: its rewrites of doubtful sentences, taken apart into minimal edits inside findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from repair.edits import diff
from repair.text import words
from repair.types import Document, Edit, Evidence, Finding, Kind, Origin, Proposal, Rewriter, Segment, Span

_LONGEST = 4  # words that one edit of a rewriter may replace, or put in their place


@dataclass(frozen=True)
class RewriteProposer:
    """Proposes what the rewriter changes at the places that surprised the language model, and nothing elsewhere.

    Names, numbers and anything with a capital letter are not the rewriter's to change.
    """

    rewriter: Rewriter

    def __call__(self, _document: Document, findings: Sequence[Finding]) -> Iterator[Proposal]:
        """Yield proposals for the findings of the surprise detector."""
        spots = [f for f in findings if f.rule == "fluency.surprisal"]
        segments = sorted({f.segment.span: f.segment for f in spots}.items())
        rewrites = self.rewriter([segment.text for _, segment in segments]) if segments else []
        for (_, segment), options in zip(segments, rewrites, strict=True):
            here = [f for f in spots if f.segment.span == segment.span]
            seen: set[Edit] = set()
            for rank, option in enumerate(options):
                for edit in diff(segment.text, option, segment.span.start):
                    finding = next((f for f in here if _touches(edit.span, f.span)), None)
                    if finding and edit not in seen and _allowed(edit):
                        seen.add(edit)
                        surprisal = finding.score * 16
                        yield Proposal(
                            _grammar(finding, segment),
                            edit,
                            Origin.SEQ2SEQ,
                            Evidence(prior=-float(rank), surprisal=surprisal),
                        )


def _grammar(finding: Finding, segment: Segment) -> Finding:
    return Finding(segment, finding.span, Kind.GRAMMAR, finding.score, finding.rule, finding.note)


def _touches(edit: Span, finding: Span) -> bool:
    return edit.overlaps(finding) or edit.start == finding.end or edit.end == finding.start


def _allowed(edit: Edit) -> bool:
    both = words(edit.before) + words(edit.after)
    short = max(len(words(edit.before)), len(words(edit.after))) <= _LONGEST
    return (
        short and bool(both) and all(w.is_word and w.text.islower() and not any(map(str.isdigit, w.text)) for w in both)
    )
