"""Fit the token detector on post-edited machine translation (MLQE-PE word tags)."""

from __future__ import annotations

import json
import lzma
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from repair.errors import ResourceError
from repair.stages.detect.tokens import join_tokens, token_features
from repair.types import Fluency


@dataclass(frozen=True, slots=True)
class Tagged:
    """A machine-translated sentence with word tags (1 = wrong) and its HTER."""

    language: str
    tokens: tuple[str, ...]
    bad: tuple[int, ...]
    hter: float


def load_tagged(path: Path, *, per_language: int, seed: int) -> list[Tagged]:
    """Up to `per_language` sentences of each source language, chosen by `seed`. Raises ResourceError without it."""
    if not path.is_file():
        raise ResourceError(f"{path}: no tagged sentences there; name the data folder with --data")
    by_language: dict[str, list[Tagged]] = {}
    with lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            r = json.loads(line)
            by_language.setdefault(r["src_lang"], []).append(
                Tagged(r["src_lang"], tuple(r["tokens"]), tuple(r["bad"]), r["hter"])
            )
    rng = random.Random(seed)
    return [row for rows in by_language.values() for row in rng.sample(rows, min(per_language, len(rows)))]


def fit_detector(rows: Sequence[Tagged], fluency: Fluency, *, say: Callable[[str], None]) -> str:
    """Weights as JSON text: a logistic model per token, and a line from mean probability to HTER."""
    table: list[dict[str, float]] = []
    labels: list[int] = []
    spans: list[tuple[int, int, float]] = []  # rows of a sentence in the table, and its HTER
    for number, row in enumerate(rows, 1):
        text, places = join_tokens(row.tokens)
        features = token_features(row.tokens, fluency.open("", text).reading, places)
        spans.append((len(table), len(table) + len(features), row.hter))
        table += features
        labels += row.bad
        if number % 200 == 0:
            say(f"{number} of {len(rows)} sentences read")
    names = [n for n in table[0] if n != "intercept"]
    x, y = np.array([[f[n] for n in names] for f in table]), np.array(labels)
    model = LogisticRegression(max_iter=3000).fit(x, y)
    p = model.predict_proba(x)[:, 1]
    means = np.array([p[a:b].mean() for a, b, _ in spans])
    slope, offset = np.polyfit(means, np.array([h for _, _, h in spans]), 1)
    weights = {"intercept": float(model.intercept_[0])} | {
        n: float(w) for n, w in zip(names, model.coef_[0], strict=True)
    }
    stored = {
        "about": {"sentences": len(rows), "data": "MLQE-PE train"},
        "weights": {n: round(w, 4) for n, w in weights.items()},
        "slope": round(float(slope), 4),
        "offset": round(float(offset), 4),
    }
    return json.dumps(stored, indent=1, sort_keys=True) + "\n"
