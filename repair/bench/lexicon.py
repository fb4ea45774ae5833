"""`repair bench lexicon`: what the sense sets reach, what they tempt to, how far they carry and what they cost.

What is counted (`Offer` to `Tempted`) is plain functions of values; only `coverage`, `tempted`, `held_out` and `cost`
ask the language model.
"""

from __future__ import annotations

import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import groupby, islice, product
from multiprocessing import get_context
from pathlib import Path

from repair.channel.lexicon import Lexicon, load_lexicon
from repair.channel.noise import Noise, Rates
from repair.channel.script import Script
from repair.edits import apply_within, diff
from repair.errors import ConfigError
from repair.pipeline import Stages, find, repair_document
from repair.references import Annotation, Passage
from repair.score import fold_answer, made_annotations, touches
from repair.stages.detect.senses import SenseDetector
from repair.stages.propose.senses import SenseProposer
from repair.stages.search import rewrite
from repair.training.data import clean_sentences
from repair.types import Document, Edit, Fluency, Kind, OpenSentence, Proposal, Reading, Segment, Span

GAINS = (2.0, 4.0, 6.0, 8.0, 10.0)
PROBABILITIES = (0.5, 0.7, 0.9)
SENSES_ONLY = replace(Rates().scaled(0.0), untouched=0.0, senses=1.0)  # denser ones run together
_ARTICLE = re.compile(r"^(?:the|an?) ")
_MOST_READINGS = 20_000  # combinations of answers that are tried in a hull


# --- what is offered, and what of it is right ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Offer:
    """A replacement that the lexicon offers, in offsets of the document, with its sentence and the one before it."""

    edit: Edit
    segment: Segment
    context: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """An annotated phrase repair and the offers that touch it; `right` tells which of these make it."""

    annotation: Annotation
    offers: tuple[Offer, ...]
    right: tuple[bool, ...]

    @property
    def covered(self) -> bool:
        """Whether the right repair is among the offers."""
        return any(self.right)


def offers(segments: Sequence[Segment], lexicon: Lexicon) -> Iterator[Offer]:
    """Everything that the lexicon offers for sentences, in order of sentence, whether or not they read oddly."""
    context = ""
    for segment in segments:
        start = segment.span.start
        for candidate in lexicon.candidates(segment.text):
            edit = candidate.edit
            span = Span(start + edit.span.start, start + edit.span.end)
            yield Offer(Edit(span, edit.before, edit.after), segment, context)
        context = segment.text


def places(passage: Passage, offered: Iterable[Offer]) -> list[Place]:
    """The annotated phrase repairs of a passage with what is offered for them."""
    known, found = list(offered), []
    for annotation in passage.annotations:
        if annotation.kind is Kind.PHRASE:
            near = tuple(o for o in known if touches(o.edit.span, annotation.span))
            found.append(Place(annotation, near, tuple(makes(o.edit, annotation, passage) for o in near)))
    return found


def makes(edit: Edit, annotation: Annotation, passage: Passage) -> bool:
    """Whether one edit gives an accepted answer over the hull of both, a leading article aside.

    Other annotations under the edit may come out as they stood or as any of their answers: the edit may mend several.
    """
    others = [a for a in passage.annotations if a is not annotation and touches(edit.span, a.span)]
    spans = [edit.span, annotation.span, *(a.span for a in others)]
    hull = Span(min(s.start for s in spans), max(s.end for s in spans))
    before, got = fold_answer(hull.of(passage.text)), fold_answer(apply_within(passage.text, hull, [edit]))
    changed = _bare(before) != _bare(got)  # what changes an article alone has to be right to the letter
    for answer, *rest in islice(product(annotation.good, *((a.before, *a.good) for a in others)), _MOST_READINGS):
        swaps = [Edit(a.span, a.before, r) for a, r in zip([annotation, *others], [answer, *rest], strict=True)]
        wanted = fold_answer(apply_within(passage.text, hull, swaps))
        if got == wanted or (changed and _bare(got) == _bare(wanted)):
            return True
    return False


def _bare(answer: str) -> str:
    return _ARTICLE.sub("", answer)


# --- coverage of the passages ----------------------------------------------------------------------------------------


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


# --- sets taken out --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Planted sense errors, those whose right repair a lexicon offers, and those that a run with it repairs."""

    planted: int = 0
    covered: int = 0
    repaired: int = 0

    def __add__(self, other: HeldOut) -> HeldOut:
        planted, covered = self.planted + other.planted, self.covered + other.covered
        return HeldOut(planted, covered, self.repaired + other.repaired)


def hold_out(lexicon: Lexicon, share: float, seed: int) -> tuple[Lexicon, Lexicon]:
    """A random share of the sets, and the others; both in the order of the lexicon."""
    sets = lexicon.sets
    out = set(random.Random(seed).sample(range(len(sets)), round(share * len(sets))))
    return (
        Lexicon(tuple(s for i, s in enumerate(sets) if i in out)),
        Lexicon(tuple(s for i, s in enumerate(sets) if i not in out)),
    )


def planted(name: str, clean: Sequence[str], seen: Sequence[str]) -> Passage:
    """Garbled sentences, a line each, as a passage: every run of words that differs is an annotated phrase repair."""
    annotations: list[Annotation] = []
    sentences: list[tuple[Span, str]] = []
    start = 0
    for right, wrong in zip(clean, seen, strict=True):
        annotations += [Annotation(e.span, e.before, (e.after,), Kind.PHRASE, "") for e in diff(wrong, right, start)]
        sentences.append((Span(start, start + len(wrong)), right))
        start += len(wrong) + 1
    return Passage(name, "news", "\n".join(seen), "\n".join(clean), tuple(annotations), tuple(sentences))


def garbled(articles: Iterable[str], out: Lexicon, script: Script, seed: int) -> Iterator[Passage]:
    """Clean sentences of news articles, garbled with the sets of `out` alone: no names, no grammar."""
    noise = Noise(out, script, SENSES_ONLY)
    for number, article in enumerate(articles):
        clean = list(clean_sentences(article))
        yield planted(f"news-{number}", clean, [noise(sentence, seed + number) for sentence in clean])


def held_out(passage: Passage, stages: Stages, lexicon: Lexicon) -> HeldOut:
    """Count one garbled article against a lexicon; `stages` must use it (see `with_lexicon`)."""
    found = places(passage, offers(stages.segment(passage.document), lexicon))
    edits = [d.proposal.edit for d in repair_document(passage.document, stages).applied] if found else []
    made = made_annotations(passage.text, passage.annotations, edits)
    return HeldOut(len(found), sum(place.covered for place in found), len(made))


def lexicon_of(stages: Stages) -> Lexicon:
    """The lexicon that stages propose from. Raises ConfigError where they do without."""
    for propose in stages.propose:
        if isinstance(propose, SenseProposer):
            return propose.lexicon
    raise ConfigError("there is no lexicon to measure; add 'lexicon' to the proposers of the configuration")


def with_lexicon(stages: Stages, lexicon: Lexicon, min_surprisal: float) -> Stages:
    """The same stages, detecting and proposing with another lexicon and nothing else."""
    return replace(stages, detect=(SenseDetector(lexicon, min_surprisal),), propose=(SenseProposer(lexicon),))


# --- cost ------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Sentence:
    opened: OpenSentence
    counts: Counter[str]
    reading: Reading

    def gains(self, candidates: Sequence[str], horizon: int | None = None) -> list[float]:
        self.counts["close" if horizon is None else "glance"] += len(candidates)
        return self.opened.gains(candidates, horizon)


@dataclass(frozen=True)
class Meter:
    """A language model that counts the rewrites it is asked to judge: at a `glance`, or `close`ly."""

    fluency: Fluency
    counts: Counter[str] = field(default_factory=Counter)

    def open(self, context: str, sentence: str) -> OpenSentence:
        """Read a sentence; what is asked of it later is counted."""
        opened = self.fluency.open(context, sentence)
        return _Sentence(opened, self.counts, opened.reading)


@dataclass(frozen=True, slots=True)
class Cost:
    """What detection and search came to: sentences, lexicon candidates, rewrites judged (see `Meter`), seconds."""

    sentences: int
    candidates: int
    glanced: int
    close: int
    seconds: float


def cost(documents: Sequence[Document], stages: Stages, lexicon: Lexicon) -> Cost:
    """Detect and search once over documents, with a clock and a count of what the language model is asked."""
    meter = Meter(stages.fluency)
    metered = replace(stages, fluency=meter, search=replace(stages.search, fluency=meter))
    began = time.perf_counter()
    for document in documents:
        repair_document(document, metered)
    seconds = time.perf_counter() - began
    segments = [stages.segment(document) for document in documents]
    candidates = sum(1 for found in segments for _ in offers(found, lexicon))
    return Cost(sum(map(len, segments)), candidates, meter.counts["glance"], meter.counts["close"], seconds)


def load_seconds(folders: Sequence[Path], times: int = 3) -> tuple[float, float]:
    """Seconds to load the lexicon and to make its index: the best of some fresh processes, which remember nothing."""
    runs = []
    for _ in range(times):
        with ProcessPoolExecutor(1, get_context("spawn")) as pool:
            runs.append(pool.submit(_load, tuple(folders)).result())
    return min(load for load, _ in runs), min(index for _, index in runs)


def _load(folders: Sequence[Path]) -> tuple[float, float]:
    began = time.perf_counter()
    lexicon = load_lexicon(folders)
    loaded = time.perf_counter()
    list(lexicon.occurrences("the index is made when something is looked up"))
    return loaded - began, time.perf_counter() - loaded
