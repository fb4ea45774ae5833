"""Choosing edits: sure ones first, then the language model ranks the rest, best first, re-scored after each.

The document is read twice. At first sight every sentence is judged as it stands; from that the document's own damage is
estimated, and where else the same replacement tempts. Then sentences are visited in order, each with the repaired
sentence before it as context, so that what is mended early helps to judge what comes later.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from repair.edits import apply_edits
from repair.stages.damage import damage
from repair.types import Edit, Fluency, Kind, Origin, Proposal, Segment, Span

_JUDGED = (Origin.LEXICON, Origin.GRAMMAR, Origin.SEQ2SEQ)
_NAMED = (Origin.GLOSSARY, Origin.NAMES, Origin.VARIANTS)
_GLANCE = 1  # tokens behind a change that the first look takes in
_HOPELESS = 0.05  # candidates less probable than this are not scored again
_IDLE = 0.3  # sentences whose best proposal is less probable than this at first sight are not looked at again
_CHANGED = 3.0  # nats that a synonym has to gain for every further word that it changes


@dataclass(frozen=True)
class Choice:
    """A proposal with its final evidence, and whether the search took it."""

    proposal: Proposal
    chosen: bool


@dataclass(frozen=True, slots=True)
class _Sight:
    """A sentence at first sight: edits that need no language model, proposals that it has judged, and the others."""

    segment: Segment
    context: str
    gone: bool  # an edit of another sentence takes it away
    stale: bool  # edits were added after the language model had looked
    sure: tuple[Proposal, ...]
    judged: tuple[Proposal, ...]
    left: tuple[Proposal, ...]


@dataclass(frozen=True)
class Search:
    """Greedy joint search over the proposals of a document.

    usual_damage: share of damaged sentences in the documents that `probability` was made for.
    """

    fluency: Fluency
    probability: Callable[[Proposal], float]
    threshold: Callable[[Kind], float]
    usual_damage: float
    max_candidates: int = 40
    shortlist: int = 10
    rounds: int = 8

    def __call__(self, segments: Sequence[Segment], proposals: Sequence[Proposal]) -> list[Choice]:
        """Return every proposal once, in order of place, with the gains that it had when it was last looked at."""
        choices: list[Choice] = []
        context = ""
        for sight in self._with_document(list(self._first_sights(segments, proposals))):
            taken, left = self._chosen(sight, context)
            choices += [Choice(p, True) for p in taken]
            choices += [Choice(p, False) for p in left]
            context = _read_on(sight.segment, context, sight.gone, taken)
        return sorted(
            choices, key=lambda c: (c.proposal.edit.span, not c.chosen, c.proposal.origin, c.proposal.edit.after)
        )

    def _first_sights(self, segments: Sequence[Segment], proposals: Sequence[Proposal]) -> Iterator[_Sight]:
        by_segment: dict[Span, list[Proposal]] = defaultdict(list)
        for proposal in proposals:
            by_segment[proposal.finding.segment.span].append(proposal)
        context, spilled = "", list[Edit]()  # edits that reach beyond their sentence
        for segment in segments:
            found, left = _apart(by_segment[segment.span], spilled)
            judgeable, plain = _parted(found, lambda p: p.origin in _JUDGED)
            sure, unsure = self._sure(plain)
            free, beside = _apart(judgeable, [p.edit for p in sure])
            seen, unseen = self.shortlisted(segment, free, sure, context)
            judged = self.score(segment, seen, sure, context) if seen else []
            gone = any(edit.span.covers(segment.span) for edit in spilled)
            yield _Sight(segment, context, gone, False, (*sure,), (*judged,), (*left, *unsure, *beside, *unseen))
            spilled += [p.edit for p in sure if not segment.span.covers(p.edit.span)]
            context = _read_on(segment, context, gone, sure)

    def _sure(self, found: Sequence[Proposal]) -> tuple[list[Proposal], list[Proposal]]:
        """Of the proposals that need no language model, those to make and the others."""
        taken: list[Proposal] = []
        left: list[Proposal] = []
        # what goes as a whole goes first: a name that is mended inside a photo credit must not keep the credit
        for proposal in sorted(found, key=lambda p: (bool(p.edit.after), -self.probability(p), p.edit.span)):
            free = not any(_clash(proposal.edit, t.edit) for t in taken)
            fits = self.probability(proposal) >= self.threshold(proposal.kind)
            (taken if free and fits else left).append(proposal)
        return taken, left

    def _with_document(self, sights: Sequence[_Sight]) -> Iterator[_Sight]:
        """The sentences with what the whole document says about their proposals.

        In a garbled text a name is believed mangled sooner, too: names may still join the sure edits.
        """
        best = [max(self.probability(p) for p in sight.judged) for sight in sights if sight.judged]
        share = round(damage(best, self.usual_damage), 4)
        elsewhere: dict[tuple[str | None, str | None], list[Proposal]] = defaultdict(list)
        for sight in sights:
            for proposal in sight.judged:
                elsewhere[proposal.evidence.sense_set, proposal.evidence.sense].append(proposal)
        made = [p.edit for sight in sights for p in sight.sure]  # one that began in another sentence may reach this one
        for sight in sights:
            informed = [replace(p, evidence=replace(p.evidence, damage=share)) for p in sight.left]
            named, others = _parted(informed, lambda p: p.origin in _NAMED)
            free, beside = _apart(named, made)
            late, left = self._sure(free)
            judged, shut = _apart(sight.judged, [p.edit for p in late])
            told = []
            for proposal in judged:
                same = elsewhere[proposal.evidence.sense_set, proposal.evidence.sense]
                again = [self.probability(p) for p in same if not _clash(p.edit, proposal.edit)]
                agreed = max(again) if again and proposal.evidence.sense else None
                told.append(replace(proposal, evidence=replace(proposal.evidence, damage=share, agreed=agreed)))
            rest = (*others, *beside, *left, *shut)
            yield replace(sight, stale=bool(late), sure=(*sight.sure, *late), judged=(*told,), left=rest)

    def _chosen(self, sight: _Sight, context: str) -> tuple[list[Proposal], list[Proposal]]:
        """The proposals to make in a sentence, and the others."""
        taken, left, pending = [*sight.sure], [*sight.left], [*sight.judged]
        stale = sight.stale or context != sight.context
        if max(map(self.probability, pending), default=0.0) < _IDLE:
            return taken, left + pending
        for _ in range(self.rounds):
            if not pending:
                break
            if stale:
                pending = self.score(sight.segment, pending, taken, context)
            best = max(pending, key=lambda p: (self.probability(p), -p.edit.span.start, p.edit.after))
            if self.probability(best) < self.threshold(best.kind):
                break
            best = max((p for p in pending if same_sense(p, best)), key=lambda p: (_preference(p), p.edit.after))
            taken.append(best)
            stale = True
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
    """Among synonyms: the gain, 1.5 nats for every place up in the set's list (0.25 nats of prior each), small changes.

    *gross local product* becomes *gross domestic product* rather than *GDP*.
    """
    kept = {*proposal.edit.after.lower().split()}
    changed = sum(word not in kept for word in proposal.edit.before.lower().split())
    return (proposal.evidence.gain or 0.0) + 6 * (proposal.evidence.prior or 0.0) - _CHANGED * changed


def _clash(one: Edit, other: Edit) -> bool:
    return one.span.overlaps(other.span)


def _apart(proposals: Sequence[Proposal], taken: Sequence[Edit]) -> tuple[list[Proposal], list[Proposal]]:
    """The proposals that leave `taken` alone, and those that clash with one of them."""
    return _parted(proposals, lambda p: not any(_clash(p.edit, edit) for edit in taken))


def _parted(proposals: Sequence[Proposal], wanted: Callable[[Proposal], bool]) -> tuple[list[Proposal], list[Proposal]]:
    """The proposals that are wanted, and the others."""
    return [p for p in proposals if wanted(p)], [p for p in proposals if not wanted(p)]


def _read_on(segment: Segment, context: str, gone: bool, taken: Sequence[Proposal]) -> str:
    """The context for the next sentence: this one as it now reads, or the one before it where nothing is left of it."""
    if gone or any(p.edit.span.covers(segment.span) for p in taken):
        return context
    return rewrite(segment, [p.edit for p in taken])


def rewrite(segment: Segment, edits: Sequence[Edit]) -> str:
    """The segment's text with edits given in document offsets; what reaches beyond the segment is cut off."""
    local = []
    for edit in edits:
        start, end = max(edit.span.start, segment.span.start), min(edit.span.end, segment.span.end)
        if start <= end:
            before = edit.before[start - edit.span.start : end - edit.span.start]
            local.append(Edit(Span(start - segment.span.start, end - segment.span.start), before, edit.after))
    return apply_edits(segment.text, local).strip()
