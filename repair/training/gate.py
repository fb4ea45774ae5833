"""Fit the gate: proposals on garbled and on clean news, labelled by whether they restore what stood there.

Garbled sentences come from the channel (`channel.noise`); clean ones teach how often a tempting proposal is wrong where
nothing is. The model is a logistic regression per origin, stored as plain numbers.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from repair.channel.noise import Noise
from repair.edits import diff
from repair.pipeline import Stages, find
from repair.stages.damage import damage, moved, shift
from repair.stages.features import features
from repair.stages.gate import logistic
from repair.stages.search import same_sense
from repair.training.data import clean_sentences
from repair.types import Document, Edit, Origin, Proposal
from repair.writing import atomic_write


@dataclass(frozen=True, slots=True)
class Example:
    """A judged proposal: its features and whether it was right.

    garbled: whether its document had been garbled. misplaced: whether what stood there was right already. what: the
    change, for those who look for sets that harm. place: number of the document, and where its sentence starts.
    """

    origin: str
    features: dict[str, float]
    right: bool
    garbled: bool
    misplaced: bool = True
    what: str = ""
    place: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Bench:
    """What proposals are judged with; every worker process makes its own."""

    stages: Stages
    noise: Noise


_STRENGTHS = (0.3, 0.6, 1.0, 1.6)  # of the noise: documents differ in how much they suffer
_bench: Bench | None = None


def _start(make: Callable[[], Bench]) -> None:
    global _bench
    _bench = make()


def _judge(task: tuple[int, str, int, int]) -> list[Example]:
    assert _bench is not None
    number, article, per_article, seed = task
    clean = list(islice(clean_sentences(article), per_article))
    garbled = number % 3 != 0
    rates = _bench.noise.rates.scaled(_STRENGTHS[number % len(_STRENGTHS)])
    noise = replace(_bench.noise, rates=rates)
    seen = [noise(s, seed + number) if garbled else s for s in clean]
    return list(_examples(clean, seen, _bench.stages, number, garbled=garbled))


def collect(
    articles: Iterator[str],
    make: Callable[[], Bench],
    *,
    limit: int,
    per_article: int,
    seed: int,
    workers: int,
    say: Callable[[str], None],
) -> list[Example]:
    """Judged proposals from `limit` articles, two in three of them garbled; `per_article` sentences each.

    The result is the same whatever the number of `workers` (processes).
    """
    examples: list[Example] = []
    tasks = [(number, article, per_article, seed) for number, article in enumerate(islice(articles, limit))]
    with ProcessPoolExecutor(workers, get_context("spawn"), initializer=_start, initargs=(make,)) as pool:
        for number, found in enumerate(pool.map(_judge, tasks), 1):
            examples += found
            if number % 10 == 0:
                say(f"{number} articles, {len(examples)} proposals, {sum(e.right for e in examples)} right")
    return examples


def _examples(
    clean: Sequence[str], seen: Sequence[str], stages: Stages, number: int, *, garbled: bool
) -> Iterator[Example]:
    document = Document("train", "\n".join(seen))
    segments, findings = find(document, stages)
    proposals = [p for propose in stages.propose for p in propose(document, findings)]
    lines = dict(zip(_starts(seen), zip(clean, seen, strict=True), strict=True))
    by_segment: dict[int, list[Proposal]] = defaultdict(list)
    for proposal in proposals:
        if proposal.origin in (Origin.LEXICON, Origin.GRAMMAR, Origin.SEQ2SEQ):
            by_segment[proposal.finding.segment.span.start].append(proposal)
    context = ""
    for segment in segments:
        pair = lines.get(segment.span.start)
        found = by_segment[segment.span.start]
        if found and pair and pair[1] == segment.text:
            shortlist, _ = stages.search.shortlisted(segment, found, [], context)
            scored = stages.search.score(segment, shortlist, [], context)
            exact = [p for p in scored if restores(pair[1], pair[0], p, segment.span.start)]
            for proposal in scored:
                right = any(same_sense(proposal, e) for e in exact)  # a synonym of what stood there is right, too
                what = f"{proposal.evidence.sense_set or ''}: {proposal.edit.before} → {proposal.edit.after}"
                misplaced = not _touches(proposal, diff(*pair[::-1], segment.span.start))
                place = number, segment.span.start
                yield Example(str(proposal.origin), features(proposal), right, garbled, misplaced, what, place)
        context = segment.text


def _starts(lines: Sequence[str]) -> Iterator[int]:
    start = 0
    for line in lines:
        yield start
        start += len(line) + 1


def _touches(proposal: Proposal, changes: Sequence[Edit]) -> bool:
    """Whether a proposal is about a place where the garbled sentence differs from the clean one."""
    return any(change.span.overlaps(proposal.edit.span) for change in changes)


def restores(seen: str, clean: str, proposal: Proposal, offset: int) -> bool:
    """Whether the edit is among those that lead from the garbled sentence to the clean one, as far as it reaches."""
    edit = proposal.edit
    mended = seen[: edit.span.start - offset] + edit.after + seen[edit.span.end - offset :]
    left = {(e.before, e.after) for e in diff(mended, clean)}
    before = diff(seen, clean)
    return len(left) < len(before) and _distance(left) < _distance({(e.before, e.after) for e in before})


def _distance(edits: set[tuple[str, str]]) -> int:
    return sum(len(before) + len(after) for before, after in edits)


def fit(
    examples: Sequence[Example], *, strength: float = 1.0, clean_weight: float = 1.0, near_weight: float = 1.0
) -> dict[str, dict[str, float]]:
    """Weights per origin.

    clean_weight: how often an example out of a clean document counts; most documents are sound. near_weight: how much a
    wrong answer to a place that is wrong counts; often it is another way to say what stood there, and never harm.
    """
    models: dict[str, dict[str, float]] = {}
    for origin in sorted({e.origin for e in examples}):
        rows = [e for e in examples if e.origin == origin]
        names = [n for n in rows[0].features if n != "intercept"]
        x = np.array([[e.features[n] for n in names] for e in rows])
        y = np.array([e.right for e in rows])
        weight = np.array([_weight(e, clean_weight, near_weight) for e in rows])
        model = LogisticRegression(C=strength, max_iter=2000).fit(x, y, weight)
        weights = {"intercept": float(model.intercept_[0])}
        weights |= {n: float(w) for n, w in zip(names, model.coef_[0], strict=True)}
        models[origin] = {n: round(w, 4) for n, w in weights.items()}
    return models


def _weight(example: Example, clean_weight: float, near_weight: float) -> float:
    if not example.garbled:
        return clean_weight
    return 1.0 if example.right or example.misplaced else near_weight


def best_of_sentences(examples: Sequence[Example], models: Mapping[str, Mapping[str, float]]) -> dict[int, list[float]]:
    """For every document the probability of the best proposal of each sentence, as the document's damage needs them."""
    best: dict[tuple[int, int], float] = defaultdict(float)
    for example in examples:
        best[example.place] = max(best[example.place], logistic(example.features, models[example.origin]))
    documents: dict[int, list[float]] = defaultdict(list)
    for (document, _), p in best.items():
        documents[document].append(p)
    return documents


def usual_damage(examples: Sequence[Example], models: Mapping[str, Mapping[str, float]]) -> float:
    """The share of damaged sentences in the documents that the models were fitted on, as the models see it."""
    best = [p for sentences in best_of_sentences(examples, models).values() for p in sentences]
    return round(float(np.mean(best)), 4)


def in_documents(
    examples: Sequence[Example], models: Mapping[str, Mapping[str, float]], usual: float
) -> list[tuple[float, Example]]:
    """The examples with the probability that the gate gives them in their documents."""
    best = best_of_sentences(examples, models)
    shifts = {document: shift(damage(ps, usual), usual) for document, ps in best.items()}
    return [(moved(logistic(e.features, models[e.origin]), shifts[e.place[0]]), e) for e in examples]


def alone(examples: Sequence[Example], models: Mapping[str, Mapping[str, float]]) -> list[tuple[float, Example]]:
    """The examples with their probability, whatever the document."""
    return [(logistic(e.features, models[e.origin]), e) for e in examples]


def reliability(judged: Sequence[tuple[float, Example]]) -> list[tuple[float, int, float, float]]:
    """(lower bound of the probability, proposals above it, share right, share that harms) at usual thresholds."""
    table = []
    for bound in (0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99):
        above = [e for p, e in judged if p >= bound]
        count = max(1, len(above))
        table.append((bound, len(above), sum(e.right for e in above) / count, sum(e.misplaced for e in above) / count))
    return table


def split(examples: Sequence[Example], held_back: float) -> tuple[list[Example], list[Example]]:
    """The first examples to fit on and the last to look at: neighbours come from the same article."""
    cut = round(len(examples) * (1 - held_back))
    return list(examples[:cut]), list(examples[cut:])


def update_models(path: Path, models: Mapping[str, Mapping[str, float]], about: Mapping[str, object]) -> None:
    """Write models of some origins into the weights file, with what they were made with; the others stay."""
    old = json.loads(path.read_text("utf-8")) if path.is_file() else {"about": {}, "models": {}}
    new = {"about": {**old["about"], **about}, "models": {**old["models"], **models}}
    atomic_write(path, json.dumps(new, indent=1, sort_keys=True) + "\n")
