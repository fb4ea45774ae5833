"""How likely each token of a tokenised sentence is wrong: a logistic model over what the language model says of it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from repair.errors import ResourceError
from repair.glossary.match import zipf
from repair.resources import DETECTOR
from repair.types import Fluency, Reading, Span

_NO_BLANK_BEFORE = re.compile(r"^(?:[.,;:!?%)\]}’”]|n't|'(?:s|re|ve|ll|d|m|t)?$)", re.IGNORECASE)
_NO_BLANK_AFTER = frozenset("([{“‘$£€")


def join_tokens(tokens: Sequence[str]) -> tuple[str, list[Span]]:
    """The running text of tokens, and where each stands in it.

    >>> join_tokens(["He", "did", "n't", "go", "."])[0]
    "He didn't go."
    """
    text, spans = "", []
    for token in tokens:
        if text and not _NO_BLANK_BEFORE.match(token) and text[-1] not in _NO_BLANK_AFTER:
            text += " "
        spans.append(Span(len(text), len(text) + len(token)))
        text += token
    return text, spans


def token_features(tokens: Sequence[str], reading: Reading, spans: Sequence[Span]) -> list[dict[str, float]]:
    """Features per token; surprisals and entropies in nats, frequencies on the Zipf scale."""
    surprisal = [reading.surprisal(span) for span in spans]
    entropy = [_entropy(reading, span) for span in spans]
    mean = sum(surprisal) / max(1, len(surprisal))
    rows = []
    for i, token in enumerate(tokens):
        own, nxt = surprisal[i], surprisal[i + 1] if i + 1 < len(tokens) else 0.0
        before = surprisal[i - 1] if i else 0.0
        frequency = zipf(token.lower()) if token[0].isalnum() else 6.0
        unigram = (8.5 - frequency) * math.log(10)
        rows.append({
            "intercept": 1.0,
            "surprisal": own / 5,
            "root surprisal": math.sqrt(max(0.0, own)),
            "next": min(nxt, 15.0) / 5,
            "after next": (surprisal[i + 2] if i + 2 < len(tokens) else 0.0) / 5,
            "previous": min(before, 15.0) / 5,
            "against frequency": (own - unigram) / 5,
            "against entropy": (own - entropy[i]) / 5,
            "entropy": entropy[i] / 3,
            "sentence": mean / 3,
            "frequency": frequency / 3,
            "punctuation": float(not token[0].isalnum()),
            "capital": float(token[0].isupper()),
            "digit": float(token[0].isdigit()),
            "short": float(len(token) <= 3),
            "first": float(i == 0),
            "length": min(len(tokens), 50) / 20,
        })  # fmt: skip
    return rows


def _entropy(reading: Reading, span: Span) -> float:
    for place, value in zip(reading.spans, reading.entropies, strict=True):
        if place.overlaps(span):
            return value
    return 0.0


@dataclass(frozen=True)
class TokenDetector:
    """Callable on the tokens of a sentence; gives a probability of being wrong per token, rounded to four places."""

    fluency: Fluency
    weights: Mapping[str, float]
    slope: float
    offset: float

    def __call__(self, tokens: Sequence[str]) -> list[float]:
        """Probabilities, one a token."""
        text, spans = join_tokens(tokens)
        reading = self.fluency.open("", text).reading
        bad = []
        for row in token_features(tokens, reading, spans):
            z = sum(value * self.weights.get(name, 0.0) for name, value in row.items())
            bad.append(round(1 / (1 + math.exp(-z)), 4))
        return bad

    def sentence_score(self, bad: Sequence[float]) -> float:
        """Predicted share of words that a post-editor changes (HTER), from the token probabilities."""
        mean = sum(bad) / max(1, len(bad))
        return round(min(1.0, max(0.0, self.offset + self.slope * mean)), 4)


def load_token_detector(fluency: Fluency) -> TokenDetector:
    """The shipped detector. Raises ResourceError where its weights cannot be read."""
    try:
        stored = json.loads(DETECTOR.read_text("utf-8"))
        weights = {str(k): float(v) for k, v in stored["weights"].items()}
        return TokenDetector(fluency, weights, float(stored["slope"]), float(stored["offset"]))
    except (OSError, ValueError, KeyError) as error:
        raise ResourceError(f"{DETECTOR}: cannot read the detector's weights: {error}") from None
