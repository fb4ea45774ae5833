"""The lexicon's way back: for each odd place, what may have been meant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from repair.channel.lexicon import Lexicon
from repair.types import Document, Edit, Evidence, Finding, Origin, Proposal, Span


@dataclass(frozen=True)
class SenseProposer:
    """Proposes every expression that shares a pivot word with the one found; the ranking is somebody else's."""

    lexicon: Lexicon

    def __call__(self, _document: Document, findings: Sequence[Finding]) -> Iterator[Proposal]:
        """Yield proposals for the findings of the sense detector."""
        by_segment: dict[Span, list[Finding]] = defaultdict(list)
        for finding in findings:
            if finding.rule == "lexicon.sense":
                by_segment[finding.segment.span].append(finding)
        for found in by_segment.values():
            segment = found[0].segment
            offset = segment.span.start
            places = {finding.span: finding for finding in found}
            for candidate in self.lexicon.candidates(segment.text):
                place = Span(candidate.span.start + offset, candidate.span.end + offset)
                if odd := places.get(place):
                    span = Span(candidate.edit.span.start + offset, candidate.edit.span.end + offset)
                    evidence = Evidence(
                        sense_set=candidate.set.id,
                        sense=candidate.sense,
                        rivals=candidate.rivals,
                        prior=candidate.prior,
                        surprisal=float(odd.note.split(" ")[0]),
                        support=(candidate.set.pivot,),
                    )
                    yield Proposal(
                        odd, Edit(span, candidate.edit.before, candidate.edit.after), Origin.LEXICON, evidence
                    )
