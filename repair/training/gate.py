"""Fit the gate: proposals on garbled and on clean news, labelled by whether they restore what stood there.

Garbled sentences come from the channel (`channel.noise`); clean ones teach how often a tempting proposal is wrong where
nothing is. The model is a logistic regression per origin, stored as plain numbers.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from sklearn.linear_model import LogisticRegression

from repair.channel.noise import Noise
from repair.edits import diff
from repair.pipeline import Stages, find
from repair.stages.gate import features, logistic
from repair.stages.search import same_sense
from repair.training.data import clean_sentences
from repair.types import Document, Origin, Proposal


@dataclass(frozen=True, slots=True)
class Example:
    """A judged proposal: its features and whether it was right. `garbled`: whether its sentence had been garbled."""

    origin: str
    features: dict[str, float]
    right: bool
    garbled: bool


def collect(
    articles: Iterator[str],
    stages: Stages,
    noise: Noise,
    *,
    limit: int,
    per_article: int,
    seed: int,
    say: Callable[[str], None],
) -> list[Example]:
    """Judged proposals from `limit` articles, two in three of them garbled; `per_article` sentences each."""
    examples: list[Example] = []
    for number, article in enumerate(islice(articles, limit)):
        clean = list(islice(clean_sentences(article), per_article))
        garbled = number % 3 != 0
        seen = [noise(s, seed + number) if garbled else s for s in clean]
        examples += _examples(clean, seen, stages, garbled=garbled)
        if (number + 1) % 10 == 0:
            say(f"{number + 1} articles, {len(examples)} proposals, {sum(e.right for e in examples)} right")
    return examples


def _examples(clean: Sequence[str], seen: Sequence[str], stages: Stages, *, garbled: bool) -> Iterator[Example]:
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
            scored = stages.search.score(segment, found[: stages.search.max_candidates], [], context)
            exact = [p for p in scored if restores(pair[1], pair[0], p, segment.span.start)]
            for proposal in scored:
                right = any(same_sense(proposal, e) for e in exact)  # a synonym of what stood there is right, too
                yield Example(str(proposal.origin), features(proposal), right, garbled)
        context = segment.text


def _starts(lines: Sequence[str]) -> Iterator[int]:
    start = 0
    for line in lines:
        yield start
        start += len(line) + 1


def restores(seen: str, clean: str, proposal: Proposal, offset: int) -> bool:
    """Whether the edit is among those that lead from the garbled sentence to the clean one, as far as it reaches."""
    edit = proposal.edit
    mended = seen[: edit.span.start - offset] + edit.after + seen[edit.span.end - offset :]
    left = {(e.before, e.after) for e in diff(mended, clean)}
    before = diff(seen, clean)
    return len(left) < len(before) and _distance(left) < _distance({(e.before, e.after) for e in before})


def _distance(edits: set[tuple[str, str]]) -> int:
    return sum(len(before) + len(after) for before, after in edits)


def fit(examples: Sequence[Example], *, strength: float = 1.0) -> dict[str, dict[str, float]]:
    """Weights per origin; features that never vary get none."""
    models: dict[str, dict[str, float]] = {}
    for origin in sorted({e.origin for e in examples}):
        rows = [e for e in examples if e.origin == origin]
        names = [n for n in rows[0].features if n != "intercept"]
        x = np.array([[e.features[n] for n in names] for e in rows])
        y = np.array([e.right for e in rows])
        model = LogisticRegression(C=strength, max_iter=2000).fit(x, y)
        weights = {"intercept": float(model.intercept_[0])}
        weights |= {n: float(w) for n, w in zip(names, model.coef_[0], strict=True)}
        models[origin] = {n: round(w, 4) for n, w in weights.items()}
    return models


def reliability(
    examples: Sequence[Example], models: dict[str, dict[str, float]], origin: str
) -> list[tuple[float, int, float]]:
    """(lower bound of the probability, proposals above it, share of them right) at usual thresholds."""
    rows = [(logistic(e.features, models[origin]), e.right) for e in examples if e.origin == origin]
    table = []
    for bound in (0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99):
        above = [right for p, right in rows if p >= bound]
        table.append((bound, len(above), sum(above) / len(above) if above else float("nan")))
    return table


def dump_models(models: dict[str, dict[str, float]], about: dict[str, object]) -> str:
    """The weights file's text."""
    return json.dumps({"about": about, "models": models}, indent=1, sort_keys=True) + "\n"
