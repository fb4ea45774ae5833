"""What the gate looks at: a proposal's evidence as numbers, all finite and on scales of about one."""

from __future__ import annotations

import math

from repair.glossary.match import zipf
from repair.types import Proposal

_SIGNS = (
    "full name", "in document", "role", "topic", "surname alone", "part of a longer name", "real name", "rare name",
    "common word", "listed",
)  # fmt: skip


def features(proposal: Proposal) -> dict[str, float]:
    """What a judged origin (lexicon, seq2seq) is judged by; all finite, on scales of about one."""
    evidence, before, after = proposal.evidence, proposal.edit.before, proposal.edit.after
    gain = max(-20.0, min(25.0, evidence.gain or 0.0))
    words = before.count(" ") + 1
    common = zipf(before.lower()) if words == 1 else 0.0
    return {
        "intercept": 1.0,
        "gain": gain / 5,
        "strong gain": max(0.0, gain - 8.0) / 5,
        "prior": (evidence.prior or 0.0) + 2.0,
        "surprisal": min(18.0, evidence.surprisal or 0.0) / 6,
        "margin": max(-8.0, min(8.0, evidence.margin or 0.0)) / 4,
        "nothing left": float(not after.strip()),
        "insertion": float(not before),
        "several words": float(words > 1),
        "many words": float(words > 2),
        "rivals": math.log1p(evidence.rivals or 0) / 2,
        "common": max(0.0, common - 3.0) / 2,
        "gain x several words": float(words > 1) * gain / 5,
        "gain x surprisal": gain / 5 * min(18.0, evidence.surprisal or 0.0) / 6,
        "growth": max(-3.0, min(3.0, float(after.count(" ") - before.count(" ")))),
    }


def name_features(proposal: Proposal) -> dict[str, float]:
    """What a name match is judged by.

    cost and margin count nats per letter of the true name. A surface that is somebody's real name or a dictionary word
    weighs more the farther it is from the match, so these signs come multiplied with the cost, too.
    """
    evidence, surface = proposal.evidence, proposal.edit.before
    cost, signs = min(1.1, evidence.cost or 0.0), {*evidence.support}
    values = {sign: float(sign in signs) for sign in _SIGNS}
    share = min(0.9, max(0.003, evidence.mangled or 0.0))
    mangled, articles = math.log(share / (1 - share)) / 2, math.log1p(evidence.articles or 0) / 3
    alone = float(not signs & {"full name", "in document", "role"})
    return {
        "intercept": 1.0,
        **values,
        "cost": cost,
        "margin": min(1.0, evidence.margin or 0.0),
        "no rival": float((evidence.margin or 0.0) > 1.1),
        "length": min(12, len(surface)) / 4,
        "short": float(len(surface) < 5),
        "articles": articles,
        "listed x articles": values["listed"] * articles,
        "mangled": mangled,
        "mangled x cost": mangled * cost,
        "much mangled": float(share >= 0.2),
        "listed in document": values["listed"] * values["in document"],
        "part x mangled": values["part of a longer name"] * mangled,
        "alone x mangled": alone * mangled,
        "alone": alone,
        "topic x mangled": values["topic"] * mangled,
        "alone x cost": alone * cost,
        "full name x cost": values["full name"] * cost,
        "real name x cost": values["real name"] * cost,
        "rare name x cost": values["rare name"] * cost,
        "common word x cost": values["common word"] * cost,
        "short x cost": float(len(surface) < 6) * cost,
    }


_VARIANT_SIGNS = ("spelt so in full", "same companion", "known", "real name", "rare name", "common word")


def variant_features(proposal: Proposal) -> dict[str, float]:
    """What a proposal to spell a name as elsewhere in the document is judged by; `articles`: how often it is there."""
    evidence, surface = proposal.evidence, proposal.edit.before
    cost, signs = min(1.1, evidence.cost or 0.0), {*evidence.support}
    share = min(0.9, max(0.003, evidence.mangled or 0.0))
    values = {sign: float(sign in signs) for sign in _VARIANT_SIGNS}
    return {
        "intercept": 1.0,
        **values,
        "cost": cost,
        "repeated": math.log1p((evidence.articles or 1) - 1),
        "length": min(12, len(surface)) / 4,
        "mangled": math.log(share / (1 - share)) / 2,
        "real name x cost": values["real name"] * cost,
        "rare name x cost": values["rare name"] * cost,
    }
