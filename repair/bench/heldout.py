"""How far the sense sets carry: errors planted with sets that are then taken out of the lexicon."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from repair.bench.offers import offers, places
from repair.channel.lexicon import Lexicon
from repair.channel.noise import Noise, Rates
from repair.channel.script import Script
from repair.edits import diff
from repair.pipeline import Stages, repair_document
from repair.references import Annotation, Passage
from repair.score import made_annotations
from repair.stages.detect.senses import SenseDetector
from repair.stages.propose.senses import SenseProposer
from repair.training.data import clean_sentences
from repair.types import Kind, Span

SENSES_ONLY = replace(Rates().scaled(0.0), untouched=0.0, senses=1.0)  # denser ones run together


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


def with_lexicon(stages: Stages, lexicon: Lexicon, min_surprisal: float) -> Stages:
    """The same stages, detecting and proposing with another lexicon and nothing else."""
    return replace(stages, detect=(SenseDetector(lexicon, min_surprisal),), propose=(SenseProposer(lexicon),))
