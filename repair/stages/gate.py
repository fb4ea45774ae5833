"""The gate: evidence to a calibrated probability that an edit is right, and from there to a verdict with its reason."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from repair.config import GateConfig
from repair.errors import ResourceError
from repair.types import Decision, Evidence, Kind, Origin, Proposal, Verdict

Weights = Mapping[str, float]


def features(proposal: Proposal) -> dict[str, float]:
    """What a judged origin (lexicon, seq2seq) is judged by; all finite, on scales of about one."""
    evidence, before, after = proposal.evidence, proposal.edit.before, proposal.edit.after
    gain = max(-20.0, min(25.0, evidence.gain or 0.0))
    words = before.count(" ") + 1
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
        "growth": max(-3.0, min(3.0, float(after.count(" ") - before.count(" ")))),
    }


def logistic(values: Weights, weights: Weights) -> float:
    """Probability of a logistic model; features without a weight count nothing."""
    z = sum(value * weights.get(name, 0.0) for name, value in values.items())
    return 1 / (1 + math.exp(-z))


def name_probability(evidence: Evidence, length: int) -> float:
    """How sure a name match is. Rules, in the order in which an editor would ask.

    cost is per letter of the true name; `length` is that of the form in the text. A surface that is somebody's real
    name, or a dictionary word, needs the full name *and* a role; a surname alone needs the document to name its owner.
    """
    signs, cost, margin = evidence.support, evidence.cost or 0.0, evidence.margin or 0.0
    mangled = "mangled document" in signs
    if "recorded" in signs:
        return 0.97
    doubtful = "real name" in signs or "common word" in signs
    if "full name" in signs:
        if doubtful:
            return (
                0.93
                if "role" in signs and cost <= (0.7 if mangled else 0.5) and margin >= 0.2
                else 0.5
                if cost <= 0.6
                else 0.2
            )
        sure = 0.96 if cost <= 0.8 and margin >= 0.2 else 0.93 if "role" in signs or "in document" in signs else 0.6
        return sure if length >= 4 else min(sure, 0.6)
    if doubtful or length < 4:
        return 0.4 if "in document" in signs and cost <= 0.4 else 0.1
    if "part of a longer name" in signs:
        return 0.4 if cost <= 0.4 and margin >= 0.2 else 0.1
    if "in document" in signs:
        return 0.95 if cost <= 0.85 and length >= 5 else 0.6
    if "role" in signs and length >= 5:
        return 0.93 if cost <= (0.7 if mangled else 0.45) and margin >= 0.15 else 0.6 if cost <= 0.7 else 0.2
    most, least = (0.6, 0.1) if mangled else (0.42, 0.25)
    if "surname alone" in signs:
        most, least = (0.3, 0.25) if mangled else (0.12, 0.4)
    if cost <= most and margin >= least and length >= (5 if mangled else 7):
        return 0.92
    return 0.45 if cost <= 0.6 else 0.2


@dataclass(frozen=True)
class Gate:
    """Judges proposals. `weights` are the logistic models of the judged origins, by origin."""

    weights: Mapping[str, Weights]
    config: GateConfig

    def probability(self, proposal: Proposal) -> float:
        """Probability that the edit is right, rounded to four places."""
        match proposal.origin:
            case Origin.RESIDUE:
                p = proposal.finding.score
            case Origin.GLOSSARY | Origin.NAMES:
                p = name_probability(proposal.evidence, len(proposal.edit.before))
            case Origin.LEXICON | Origin.GRAMMAR | Origin.SEQ2SEQ:
                p = logistic(features(proposal), self.weights[proposal.origin])
        return round(p, 4)

    def threshold(self, kind: Kind) -> float:
        """The probability from which edits of a kind are applied."""
        return float(getattr(self.config, f"apply_{kind}"))

    def decide(self, proposal: Proposal, *, chosen: bool, best: bool) -> Decision:
        """The verdict. `chosen`: the search took it; `best`: nothing better was proposed for the same place."""
        p = self.probability(proposal)
        if chosen:
            verdict = Verdict.APPLY
        elif best and p >= self.config.review:
            verdict = Verdict.REVIEW
        else:
            verdict = Verdict.DROP
        return Decision(proposal, verdict, p, reason(proposal, verdict, best=best))


def reason(proposal: Proposal, verdict: Verdict, *, best: bool) -> str:
    """Why, in words that an editor understands."""
    edit, evidence = proposal.edit, proposal.evidence
    match proposal.origin:
        case Origin.RESIDUE if proposal.finding.rule.startswith("residue."):
            why = f"page furniture ({proposal.finding.rule.removeprefix('residue.')}) glued to the text"
        case Origin.RESIDUE:
            why = f"slip of the machine ({proposal.finding.rule.removeprefix('pattern.')})"
        case Origin.GLOSSARY | Origin.NAMES:
            signs = ", ".join(evidence.support) or "by spelling alone"
            why = f"{edit.before} ≈ {edit.after}: {signs}; entry {evidence.entry}"
            why += f", channel cost {evidence.cost:.2f} a letter" if evidence.cost else ""
        case Origin.LEXICON:
            pivot = evidence.support[0] if evidence.support else "?"
            why = f"“{edit.before}” and “{edit.after}” share {pivot} ({evidence.sense_set})"
            why += f"; the sentence gains {evidence.gain or 0.0:+.1f} nats"
        case Origin.GRAMMAR:
            why = f"another form of the word fits better: the sentence gains {evidence.gain or 0.0:+.1f} nats"
        case Origin.SEQ2SEQ:
            why = f"rewriter’s reading; the sentence gains {evidence.gain or 0.0:+.1f} nats"
    if verdict is Verdict.REVIEW:
        why += "; not sure enough to apply"
    elif verdict is Verdict.DROP:
        why += "; too doubtful" if best else "; something better stands for this place"
    return why


def load_weights(path: Path) -> Mapping[str, Weights]:
    """Read the logistic models from JSON. Raises ResourceError."""
    try:
        models = json.loads(path.read_text("utf-8"))["models"]
        return {str(origin): {str(k): float(v) for k, v in weights.items()} for origin, weights in models.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ResourceError(f"{path}: cannot read the gate's weights: {error}") from None
