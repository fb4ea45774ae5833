"""Choosing edits: sure ones first, then the language model ranks the rest, best first, re-scored after each.

Sentences are visited in order, each with the repaired sentence before it as context, so that what is mended early helps
to judge what comes later.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from repair.edits import apply_edits
from repair.types import Document, Edit, Fluency, Kind, Origin, Proposal, Segment, Span

_JUDGED = (Origin.LEXICON, Origin.GRAMMAR, Origin.SEQ2SEQ)
_GLANCE = 1  # tokens behind a change that the first look takes in
_HOPELESS = 0.05  # candidates less probable than this at first sight are not scored again


@dataclass(frozen=True)
class Choice:
    """A proposal with its final evidence, and whether the search took it."""

    proposal: Proposal
    chosen: bool


@dataclass(frozen=True)
class Search:
    """Greedy joint search over the proposals of a document."""

    fluency: Fluency
    probability: Callable[[Proposal], float]
    threshold: Callable[[Kind], float]
    max_candidates: int = 40
    shortlist: int = 10
    rounds: int = 8

    def __call__(self, document: Document, segments: Sequence[Segment], proposals: Sequence[Proposal]) -> list[Choice]:
        """Return every proposal once, in order of place, with the gains that it had when it was last looked at."""
        by_segment: dict[Span, list[Proposal]] = defaultdict(list)
        for proposal in proposals:
            by_segment[proposal.finding.segment.span].append(proposal)
        choices: list[Choice] = []
        context, spilled = "", list[Edit]()  # edits that reach beyond their sentence
        for segment in segments:
            found = by_segment[segment.span]
            taken, scored = self._sentence(segment, found, context, spilled)
            choices += [Choice(p, True) for p in taken]
            choices += [Choice(p, False) for p in scored]
            spilled += [p.edit for p in taken if not segment.span.covers(p.edit.span)]
            whole = any(edit.span.covers(segment.span) for edit in (*spilled, *(p.edit for p in taken)))
            context = context if whole else rewrite(segment, [p.edit for p in taken])
        return sorted(
            choices, key=lambda c: (c.proposal.edit.span, not c.chosen, c.proposal.origin, c.proposal.edit.after)
        )

    def _sentence(
        self, segment: Segment, found: Sequence[Proposal], context: str, spilled: Sequence[Edit]
    ) -> tuple[list[Proposal], list[Proposal]]:
        taken: list[Proposal] = []
        left = [p for p in found if any(_clash(p.edit, edit) for edit in spilled)]
        found = [p for p in found if p not in left]
        sure = [p for p in found if p.origin not in _JUDGED]
        # what goes as a whole goes first: a name that is mended inside a photo credit must not keep the credit
        for proposal in sorted(sure, key=lambda p: (bool(p.edit.after), -self.probability(p), p.edit.span)):
            free = not any(_clash(proposal.edit, t.edit) for t in taken)
            fits = self.probability(proposal) >= self.threshold(proposal.kind)
            (taken if free and fits else left).append(proposal)
        pending = [p for p in found if p.origin in _JUDGED and not any(_clash(p.edit, t.edit) for t in taken)]
        left += [p for p in found if p.origin in _JUDGED and p not in pending]
        pending, dropped = self.shortlisted(segment, pending, taken, context)
        left += dropped
        for _ in range(self.rounds):
            if not pending:
                break
            pending = self.score(segment, pending, taken, context)
            best = max(pending, key=lambda p: (self.probability(p), -p.edit.span.start, p.edit.after))
            if self.probability(best) < self.threshold(best.kind):
                break
            best = max((p for p in pending if same_sense(p, best)), key=lambda p: (_preference(p), p.edit.after))
            taken.append(best)
            again: list[Proposal] = []
            for proposal in pending:
                if proposal is not best:
                    hopeless = self.probability(proposal) < _HOPELESS or _clash(proposal.edit, best.edit)
                    (left if hopeless else again).append(proposal)
            pending = again
        return taken, left + pending

    def shortlisted(
        self, segment: Segment, proposals: Sequence[Proposal], taken: Sequence[Proposal], context: str
    ) -> tuple[list[Proposal], list[Proposal]]:
        """The proposals that deserve a full look, and the others.

        The channel's likeliest `max_candidates` are scored over a short horizon; the `shortlist` best of these remain.
        """
        ranked = sorted(
            proposals,
            key=lambda p: (-(p.evidence.prior or 0.0) - (p.evidence.surprisal or 0.0) / 4, p.edit.span, p.edit.after),
        )
        seen, unseen = ranked[: self.max_candidates], ranked[self.max_candidates :]
        if len(seen) <= self.shortlist:
            return seen, unseen
        now = [p.edit for p in taken]
        opened = self.fluency.open(context, rewrite(segment, now))
        gains = opened.gains([rewrite(segment, [*now, p.edit]) for p in seen], _GLANCE)
        glanced = [replace(p, evidence=replace(p.evidence, gain=round(g, 3))) for p, g in zip(seen, gains, strict=True)]
        glanced.sort(key=lambda p: (-(p.evidence.gain or 0.0), p.edit.span, p.edit.after))
        return glanced[: self.shortlist], [*glanced[self.shortlist :], *unseen]

    def score(
        self, segment: Segment, pending: Sequence[Proposal], taken: Sequence[Proposal], context: str
    ) -> list[Proposal]:
        """The proposals with their gains over the sentence as it stands now, and margins over their rivals."""
        now = [p.edit for p in taken]
        opened = self.fluency.open(context, rewrite(segment, now))
        gains = [round(g, 3) for g in opened.gains([rewrite(segment, [*now, p.edit]) for p in pending])]
        scored = []
        for proposal, gain in zip(pending, gains, strict=True):
            rivals = [
                g
                for p, g in zip(pending, gains, strict=True)
                if _clash(p.edit, proposal.edit) and not same_sense(p, proposal) and p.edit.after != proposal.edit.after
            ]
            margin = round(gain - max([0.0, *rivals]), 3)
            scored.append(replace(proposal, evidence=replace(proposal.evidence, gain=gain, margin=margin)))
        return scored


def same_sense(one: Proposal, other: Proposal) -> bool:
    """Whether two proposals put synonyms, or the same, in the same place."""
    if one.edit == other.edit:
        return True
    meant = one.evidence.sense
    return meant is not None and meant == other.evidence.sense and _clash(one.edit, other.edit)


def _preference(proposal: Proposal) -> float:
    """Among synonyms: the gain, and 1.5 nats for every place up in the set's list (0.25 nats of prior each)."""
    return (proposal.evidence.gain or 0.0) + 6 * (proposal.evidence.prior or 0.0)


def _clash(one: Edit, other: Edit) -> bool:
    return one.span.overlaps(other.span)


def rewrite(segment: Segment, edits: Sequence[Edit]) -> str:
    """The segment's text with edits given in document offsets; what reaches beyond the segment is cut off."""
    local = []
    for edit in edits:
        start, end = max(edit.span.start, segment.span.start), min(edit.span.end, segment.span.end)
        if start <= end:
            before = edit.before[start - edit.span.start : end - edit.span.start]
            local.append(Edit(Span(start - segment.span.start, end - segment.span.start), before, edit.after))
    return apply_edits(segment.text, local).strip()
