"""What the lexicon costs: seconds to load and to search, and how much the language model is asked."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from pathlib import Path

from repair.bench.offers import offers
from repair.channel.lexicon import Lexicon, load_lexicon
from repair.pipeline import Stages, repair_document
from repair.types import Document, Fluency, OpenSentence, Reading


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
