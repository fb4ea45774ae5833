"""`repair bench lexicon`: how much of the passages the sense sets reach, and what they tempt to in clean text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from repair.bench.offers import Offer, Place, offers, places
from repair.channel.lexicon import Lexicon
from repair.errors import ConfigError
from repair.pipeline import Stages, find
from repair.references import Annotation, Passage
from repair.stages.propose.senses import SenseProposer
from repair.stages.search import rewrite
from repair.types import Document, Fluency, Proposal, Span

GAINS = (2.0, 4.0, 6.0, 8.0, 10.0)
PROBABILITIES = (0.5, 0.7, 0.9)


def lexicon_of(stages: Stages) -> Lexicon:
    """The lexicon that stages propose from. Raises ConfigError where they do without."""
    for propose in stages.propose:
        if isinstance(propose, SenseProposer):
            return propose.lexicon
    raise ConfigError("there is no lexicon to measure; add 'lexicon' to the proposers of the configuration")


# --- coverage of the passages -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Coverage:
    """Annotated phrase repairs, those whose right repair is offered, those of them where it ranks first; these add."""

    annotated: int = 0
    covered: int = 0
    first: int = 0
    missed: tuple[Annotation, ...] = ()

    def __add__(self, other: Coverage) -> Coverage:
        return Coverage(
            self.annotated + other.annotated, self.covered + other.covered, self.first + other.first,
            self.missed + other.missed,
        )  # fmt: skip


def counted(found: Sequence[Place], gains: Sequence[Sequence[float]]) -> Coverage:
    """Places with the gains of their offers (of the covered ones; the others need none) as counts."""
    first = sum(ranked_first(place.right, g) for place, g in zip(found, gains, strict=True) if place.covered)
    missed = tuple(place.annotation for place in found if not place.covered)
    return Coverage(len(found), len(found) - len(missed), first, missed)


def ranked_first(right: Sequence[bool], gains: Sequence[float]) -> bool:
    """Whether a right offer gains as much as any.

    >>> ranked_first([False, True], [2.5, 4.0]), ranked_first([False, True], [4.5, 4.0])
    (True, False)
    """
    best = max(gains, default=0.0)
    return any(gain == best for ok, gain in zip(right, gains, strict=True) if ok)


def coverage(passage: Passage, stages: Stages, lexicon: Lexicon) -> Coverage:
    """Count one passage; what is offered for a covered place is ranked by the language model, each offer alone."""
    found = places(passage, offers(stages.segment(passage.document), lexicon))
    return counted(found, [_gains(place.offers, stages.fluency) if place.covered else [] for place in found])


def _gains(offered: Sequence[Offer], fluency: Fluency) -> list[float]:
    gains: list[float] = []
    for (segment, context), group in groupby(offered, key=lambda o: (o.segment, o.context)):
        opened = fluency.open(context, rewrite(segment, []))
        gains += opened.gains([rewrite(segment, [o.edit]) for o in group])
    return gains


# --- what clean text is offered --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tempted:
    """What is offered to text that is right. places: of each odd place, gain and probability of every candidate."""

    words: int = 0
    candidates: int = 0
    places: tuple[tuple[tuple[float, float], ...], ...] = ()

    def __add__(self, other: Tempted) -> Tempted:
        return Tempted(self.words + other.words, self.candidates + other.candidates, self.places + other.places)

    def above(self, gain: float, probability: float) -> int:
        """Places with a candidate that is above both.

        >>> Tempted(100, 3, (((9.0, 0.4), (1.0, 0.1)), ((3.0, 0.8),))).above(2.0, 0.5)
        1
        """
        return sum(any(g > gain and p > probability for g, p in place) for place in self.places)

    def per_1000(self, count: int) -> float:
        """A count per 1,000 words."""
        return 1000 * count / max(1, self.words)


def tempted(document: Document, stages: Stages, lexicon: Lexicon) -> Tempted:
    """Score every candidate of every odd place of a clean document, none left out for the sake of speed."""
    segments, findings = find(document, stages)
    by_segment: dict[Span, list[Proposal]] = defaultdict(list)
    for proposal in (p for propose in stages.propose for p in propose(document, findings)):
        by_segment[proposal.finding.segment.span].append(proposal)
    seen: dict[Span, list[tuple[float, float]]] = {f.span: [] for f in findings}
    context = ""
    for segment in segments:
        if found := by_segment[segment.span]:
            for p in stages.search.score(segment, found, [], context):
                seen[p.finding.span].append((p.evidence.gain or 0.0, stages.gate.probability(p)))
        context = segment.text
    candidates = sum(1 for _ in offers(segments, lexicon))
    return Tempted(len(document.text.split()), candidates, tuple(map(tuple, seen.values())))
