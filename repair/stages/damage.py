"""How much of a document is garbled, judged by the document itself.

A proposal that tempts in one sentence of a sound article is a trap; the same proposal in a text whose every other
sentence is odd is probably right. The gate's probabilities hold for documents as damaged as those that it was fitted
on. Here the share of damaged sentences in *this* document is estimated, and the probabilities are moved to it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

_PSEUDO = 5.0  # sentences of average damage that every document is taken to have besides its own
_ROUNDS = 100
_LOWEST, _HIGHEST = 0.005, 0.95
_MOST_DOWN, _MOST_UP = -3.0, 1.5  # nats of log-odds; upwards the document may help, but not decide


def logit(p: float) -> float:
    """Log-odds of a probability, in nats; finite also for 0 and 1."""
    p = min(1 - 1e-6, max(1e-6, p))
    return math.log(p / (1 - p))


def moved(p: float, nats: float) -> float:
    """A probability whose log-odds are moved.

    >>> round(moved(0.5, 1.0), 2)
    0.73
    """
    return 1 / (1 + math.exp(-(logit(p) + nats)))


def damage(best: Sequence[float], usual: float) -> float:
    """The share of sentences that hold an error which can be mended.

    best: for every sentence the probability of its best proposal, as the gate gives it without knowing the document.
    usual: the share in the documents that the gate was fitted on. The estimate is the fixed point of the prior under
    which the probabilities were made (EM for new priors, Saerens, Latinne and Decaestecker 2002), with a few
    sentences of usual damage added so that short documents stay near the middle.

    >>> damage([0.02, 0.05, 0.01] * 10, 0.2) < 0.05 < 0.5 < damage([0.9, 0.02, 0.8] * 10, 0.2)
    True
    """
    share = usual
    for _ in range(_ROUNDS):
        nats = logit(share) - logit(usual)
        share = (sum(moved(p, nats) for p in best) + _PSEUDO * usual) / (len(best) + _PSEUDO)
    return min(_HIGHEST, max(_LOWEST, share))


def shift(share: float, usual: float) -> float:
    """By how many nats the log-odds of a proposal move in a document with this share of damaged sentences."""
    return min(_MOST_UP, max(_MOST_DOWN, logit(share) - logit(usual)))
