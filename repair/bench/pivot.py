"""How often `pivot = "auto"` finds the pivot of clean news that were garbled with one pivot's sense sets."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from repair.bench.heldout import hold_out
from repair.channel.lexicon import Lexicon
from repair.channel.noise import senses
from repair.channel.pivot import choose

RATES = (1.0, 0.3)  # of the sets' own rates: how much is garbled


@dataclass(frozen=True, slots=True)
class Found:
    """How many of the `articles` garbled with a pivot were surely given to it, surely to another, or left in doubt.

    `garbled` names the pivot, None for clean text; `known` tells whether all the sets that garbled are asked as well.
    """

    garbled: str | None
    rate: float
    known: bool
    articles: int
    right: int
    wrong: int

    @property
    def doubtful(self) -> int:
        """Those that got the default pivot, as nothing told theirs."""
        return self.articles - self.right - self.wrong


def found_pivots(
    articles: Sequence[str], lexicons: Mapping[str, Lexicon], default: str, *, share: float, seed: int
) -> Iterator[Found]:
    """Counts for clean articles, then for those garbled by each pivot at each of RATES.

    They are garbled with all sets of the pivot; a last count has a `share` of these that the choice does not know.
    """
    yield _count(None, 0.0, articles, lexicons, default, known=True)
    for pivot, lexicon in lexicons.items():
        for rate in RATES:
            seen = [senses(text, random.Random(seed + i), rate, lexicon) for i, text in enumerate(articles)]
            yield _count(pivot, rate, seen, lexicons, default, known=True)
        _, rest = hold_out(lexicon, share, seed)
        yield _count(pivot, rate, seen, {**lexicons, pivot: rest}, default, known=False)


def _count(
    pivot: str | None, rate: float, texts: Sequence[str], lexicons: Mapping[str, Lexicon], default: str, *, known: bool
) -> Found:
    sure = [choice.pivot for text in texts if (choice := choose(text, lexicons, default)).sure]
    right = sure.count(pivot) if pivot else 0
    return Found(pivot, rate, known, len(texts), right, len(sure) - right)
