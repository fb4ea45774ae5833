"""The pipeline, one screen: segment, read, detect, propose, search, gate, apply."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from repair.edits import apply_edits
from repair.stages.gate import Gate
from repair.stages.search import Search
from repair.types import (
    Decision,
    Document,
    Finding,
    Fluency,
    PivotChoice,
    Proposal,
    Reading,
    Repair,
    Segment,
    Verdict,
)  # fmt: skip

Segmenter = Callable[[Document], Sequence[Segment]]
Detector = Callable[[Document, Sequence[Segment], Sequence[Reading]], Iterable[Finding]]
Proposer = Callable[[Document, Sequence[Finding]], Iterable[Proposal]]


@dataclass(frozen=True)
class Stages:
    """Everything a run needs; made by `build.build_stages`."""

    segment: Segmenter
    fluency: Fluency
    detect: tuple[Detector, ...]
    propose: tuple[Proposer, ...]
    search: Search
    gate: Gate
    signature: Mapping[str, str]
    reads: bool = True  # whether some detector looks at the language model's readings
    pivot: PivotChoice | None = None  # what these were chosen for, where documents differ
    choose: Callable[[Document], Stages] | None = None  # says which stages a document gets instead of these

    def of(self, document: Document) -> Stages:
        """The stages for a document: these, unless others are chosen for it."""
        return self.choose(document) if self.choose else self


_UNREAD = Reading((), (), ())


def find(document: Document, stages: Stages) -> tuple[Sequence[Segment], tuple[Finding, ...]]:
    """The sentences of a document and all findings in it, in order of place."""
    stages = stages.of(document)
    segments = stages.segment(document)
    if not segments:
        return segments, ()
    readings, context = [], ""
    for segment in segments:
        readings.append(stages.fluency.open(context, segment.text).reading if stages.reads else _UNREAD)
        context = segment.text
    findings = (finding for detect in stages.detect for finding in detect(document, segments, readings))
    return segments, tuple(sorted(findings, key=lambda f: (f.span, f.rule)))


def repair_document(document: Document, stages: Stages) -> Repair:
    """Repair one document."""
    stages = stages.of(document)
    segments, findings = find(document, stages)
    proposals = [proposal for propose in stages.propose for proposal in propose(document, findings)]
    decisions: list[Decision] = []
    best_left: list[Proposal] = []
    choices = stages.search(segments, proposals)
    applied = [c.proposal for c in choices if c.chosen]
    for choice in sorted(choices, key=lambda c: -stages.gate.probability(c.proposal)):
        rivals = best_left if choice.chosen else [*applied, *best_left]
        best = choice.chosen or not any(choice.proposal.edit.span.overlaps(r.edit.span) for r in rivals)
        if best and not choice.chosen:
            best_left.append(choice.proposal)
        decisions.append(stages.gate.decide(choice.proposal, chosen=choice.chosen, best=best))
    decisions.sort(key=lambda d: (d.proposal.edit.span, d.verdict, d.proposal.origin, d.proposal.edit.after))
    text = apply_edits(document.text, [d.proposal.edit for d in decisions if d.verdict is Verdict.APPLY])
    return Repair(document, text, findings, tuple(decisions), stages.signature, stages.pivot)


def run(documents: Iterable[Document], stages: Stages) -> Iterator[Repair]:
    """Repair documents one after the other, lazily."""
    for document in documents:
        yield repair_document(document, stages)
