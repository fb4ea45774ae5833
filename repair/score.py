"""Repairs against references: counts that add, rates that derive, and the field's text metrics with their signatures.

- made: annotated repairs whose place reads, after all applied edits, as one of the accepted answers (case and hyphens
  aside)
- good / wrong / harm: applied edits that made a repair, that changed an annotated place into something else, and that
  changed what the reference keeps
- TER, chrF, BLEU per sentence and corpus: sacrebleu; paired bootstrap over sentences against leaving the text alone
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, product

from sacrebleu.metrics.base import Metric
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF
from sacrebleu.metrics.ter import TER

from repair.edits import apply_within
from repair.references import Annotation, Passage
from repair.types import Edit, Repair, Span

_WORDS = re.compile(r"\S+")
_MOST_READINGS = 20_000  # combinations of answers that are tried in a region
_READINGS = 4096  # ways to read the places under one edit that are looked at


@dataclass(frozen=True, slots=True)
class Counts:
    """What was there to do and what was done, by kind; counts of one kind of run add up."""

    annotated: Counter[str] = field(default_factory=Counter)
    made: Counter[str] = field(default_factory=Counter)
    good: int = 0
    wrong: int = 0
    harm: int = 0
    harmed_words: int = 0
    words: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.annotated + other.annotated, self.made + other.made, self.good + other.good, self.wrong + other.wrong,
            self.harm + other.harm, self.harmed_words + other.harmed_words, self.words + other.words,
        )  # fmt: skip

    @property
    def applied(self) -> int:
        """Applied edits."""
        return self.good + self.wrong + self.harm

    @property
    def precision(self) -> float | None:
        """Good edits among the applied; None where nothing was applied."""
        return self.good / self.applied if self.applied else None

    def recall(self, kind: str | None = None) -> float | None:
        """Repairs made among the annotated, of one kind or of all; None where none is annotated."""
        total = self.annotated[kind] if kind else self.annotated.total()
        return (self.made[kind] if kind else self.made.total()) / total if total else None

    @property
    def f05(self) -> float:
        """F with precision counting twice as much as recall (van Rijsbergen 1979), over all kinds."""
        p, r = self.precision or 0.0, self.recall() or 0.0
        return 1.25 * p * r / (0.25 * p + r) if p + r else 0.0

    @property
    def harm_per_1000(self) -> float:
        """Words of the reference's keeping that were changed, per 1,000 words of text."""
        return 1000 * self.harmed_words / self.words if self.words else 0.0


@dataclass(frozen=True, slots=True)
class TextScore:
    """A corpus score of the repaired and of the untouched text. p: one-sided, that the repaired is not better."""

    metric: str
    signature: str
    untouched: float
    repaired: float
    p: float


def fold_answer(text: str) -> str:
    """What is compared: case, hyphens, curly quotes and doubled blanks aside.

    >>> fold_answer("The Semi-final") == fold_answer("the semifinal")
    True
    """
    text = text.casefold().translate(str.maketrans("’‘“”", "''\"\"", "-–"))
    return " ".join(text.split())


def is_made(annotation: Annotation, text: str, edits: Sequence[Edit], annotations: Sequence[Annotation] = ()) -> bool:
    """Whether one annotation, among its neighbours, is made by the edits."""
    return annotation in made_annotations(text, annotations or [annotation], edits)


def made_annotations(text: str, annotations: Sequence[Annotation], edits: Sequence[Edit]) -> list[Annotation]:
    """The annotations whose place reads, with all `edits` applied, as one of their answers.

    Edits and annotations that touch are compared as one region: an edit may make several repairs at once, and a repair
    may take several edits. Within a region an annotation counts as made only with an answer of its own; its neighbours
    there may read as before or as any of their answers.
    """
    made = []
    for region, places, inside in _regions(annotations, edits):
        got = fold_answer(apply_within(text, region, inside))
        for chosen in islice(product(*((a.before, *a.good) for a in places)), _MOST_READINGS):
            swaps = [Edit(a.span, a.before, answer) for a, answer in zip(places, chosen, strict=True)]
            if fold_answer(apply_within(text, region, swaps)) == got:
                made += [a for a, answer in zip(places, chosen, strict=True) if answer != a.before]
                break
    return made


def _regions(
    annotations: Sequence[Annotation], edits: Sequence[Edit]
) -> Iterator[tuple[Span, list[Annotation], list[Edit]]]:
    """Groups of touching edits and annotations that hold at least one of each, with the span that they cover."""
    items: list[tuple[Span, Annotation | Edit]] = [(a.span, a) for a in annotations]
    items += [(e.span, e) for e in edits]
    items.sort(key=lambda item: (item[0], isinstance(item[1], Edit)))
    groups: list[list[Annotation | Edit]] = []
    reach, last_empty = -1, False
    for span, item in items:
        if groups and (span.start < reach or (span.start == reach and (len(span) == 0 or last_empty))):
            groups[-1].append(item)
        else:
            groups.append([item])
        last_empty = len(span) == 0
        reach = max(reach, span.end)
    for group in groups:
        places, inside = [x for x in group if isinstance(x, Annotation)], [x for x in group if isinstance(x, Edit)]
        if places and inside:
            yield Span(min(x.span.start for x in group), max(x.span.end for x in group)), places, inside


def touches(edit: Span, place: Span) -> bool:
    """Whether an edit is about an annotated place: they overlap, or an insertion is due within or beside the edit."""
    return edit.overlaps(place) or _touches_empty(edit, place)


def _touches_empty(edit: Span, place: Span) -> bool:
    return len(place) == 0 and edit.start <= place.start <= edit.end


def count(passage: Passage, repair: Repair) -> Counts:
    """Count one document."""
    edits = [d.proposal.edit for d in repair.applied]
    made = made_annotations(passage.text, passage.annotations, edits)
    good = wrong = harm = harmed_words = 0
    for edit in edits:
        touched = [a for a in passage.annotations if touches(edit.span, a.span)]
        if any(a in made for a in touched):
            good += 1
        elif touched and not (lost := _lost(edit, touched)):
            wrong += 1
        else:
            harm += 1
            harmed_words += lost if touched else max(1, len(_WORDS.findall(edit.before)))
    return Counts(
        Counter(str(a.kind) for a in passage.annotations), Counter(str(a.kind) for a in made),
        good, wrong, harm, harmed_words, len(_WORDS.findall(passage.text)),
    )  # fmt: skip


def _lost(edit: Edit, touched: Sequence[Annotation]) -> int:
    """Words under an edit, but in no annotated place, that the edit does not keep."""
    outside, position = "", edit.span.start
    for place in sorted(a.span for a in touched):
        outside += edit.before[position - edit.span.start : max(0, place.start - edit.span.start)] + " "
        position = max(position, place.end)
    outside += edit.before[position - edit.span.start :]
    return (
        Counter(re.findall(r"\w+", fold_answer(outside))) - Counter(re.findall(r"\w+", fold_answer(edit.after)))
    ).total()


def sentence_outputs(passage: Passage, repair: Repair) -> list[tuple[str, str, str]]:
    """(untouched, repaired, reference) per sentence of a passage."""
    edits = [d.proposal.edit for d in repair.applied]
    rows = []
    for span, reference in passage.sentences:
        local = []
        for edit in edits:
            start, end = max(edit.span.start, span.start), min(edit.span.end, span.end)
            if start < end or (start == end and span.start <= edit.span.start <= edit.span.end <= span.end):
                before = edit.before[start - edit.span.start : end - edit.span.start]
                after = edit.after if edit.span.start >= span.start else ""
                local.append(Edit(Span(start, end), before, after))
        rows.append((span.of(passage.text), apply_within(passage.text, span, local), reference))
    return rows


def text_scores(rows: Sequence[tuple[str, str, str]], *, samples: int = 1000, seed: int = 12345) -> list[TextScore]:
    """TER, chrF and BLEU of repaired against untouched, with a paired bootstrap (Koehn 2004) over sentences."""
    references = [[r[2] for r in rows]]
    scores = []
    metrics: list[tuple[Metric, bool]] = [(TER(), True), (CHRF(), False), (BLEU(effective_order=True), False)]
    for metric, less in metrics:
        corpus = [metric.corpus_score([r[i] for r in rows], references).score for i in (0, 1)]
        stats = [metric._extract_corpus_statistics([r[i] for r in rows], references) for i in (0, 1)]
        p = _bootstrap(metric, stats, less=less, samples=samples, seed=seed)
        scores.append(TextScore(metric.__class__.__name__, str(metric.get_signature()), corpus[0], corpus[1], p))
    return scores


def _bootstrap(
    metric: Metric, stats: Sequence[Sequence[Sequence[float]]], *, less: bool, samples: int, seed: int
) -> float:
    """Share of resamples in which the repaired text is not better."""
    rng, size, worse = random.Random(seed), len(stats[0]), 0
    for _ in range(samples):
        chosen = [rng.randrange(size) for _ in range(size)]
        untouched, repaired = (
            metric._compute_score_from_stats(
                [sum(column) for column in zip(*(s[i] for i in chosen), strict=True)]
            ).score
            for s in stats
        )
        worse += repaired >= untouched if less else repaired <= untouched
    return (worse + 1) / (samples + 1)


def over_edits(repairs: Iterable[Repair]) -> tuple[int, int]:
    """(applied edits, words) on text that should be left alone."""
    edits = words = 0
    for repair in repairs:
        edits += len(repair.applied)
        words += len(_WORDS.findall(repair.document.text))
    return edits, words


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a report shows; never without its signature."""

    counts: Counts
    by_passage: Mapping[str, Counts]
    texts: tuple[TextScore, ...]
    signature: Mapping[str, str]


def score(passages: Sequence[Passage], repairs: Mapping[str, Repair]) -> Report:
    """Score repairs (by document id) against passages. Raises KeyError for a passage that was not repaired."""
    by_passage = {p.id: count(p, repairs[p.id]) for p in passages}
    rows = [row for p in passages for row in sentence_outputs(p, repairs[p.id])]
    total = sum(by_passage.values(), Counts())
    signature = next(iter(repairs.values())).signature
    return Report(total, by_passage, tuple(text_scores(rows)), signature)
