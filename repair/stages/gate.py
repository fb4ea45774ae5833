"""The gate: evidence to a calibrated probability that an edit is right, and from there to a verdict with its reason."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from repair.config import GateConfig
from repair.errors import ResourceError
from repair.stages.damage import logit, moved, shift
from repair.stages.features import features, name_features, variant_features
from repair.types import Decision, Evidence, Kind, Origin, Proposal, Verdict

Weights = Mapping[str, float]
_ONE_SENSE = 0.5  # of the log-odds elsewhere: a word keeps its sense throughout a text (Gale, Church, Yarowsky 1992)
_SHORT_OF_SURE = 0.0001  # probabilities have four places
_RECORDED = 0.97  # a wrong form that an editor has recorded can mean nothing else


def logistic(values: Weights, weights: Weights) -> float:
    """Probability of a logistic model; features without a weight count nothing."""
    z = sum(value * weights.get(name, 0.0) for name, value in values.items())
    return 1 / (1 + math.exp(-z))


def _kept_probability(evidence: Evidence) -> float | None:
    """How sure a form is that the entry itself names as wrong, or as out of style; None for matches by spelling.

    A text that spells the name in house style elsewhere, or whose other names are mangled, came from a house that has
    this style; in other texts the old form may be meant.
    """
    if "recorded" in evidence.support:
        return _RECORDED
    if "house style" in evidence.support:
        return 0.95 if "in document" in evidence.support or (evidence.mangled or 0.0) >= 0.05 else 0.4
    return None


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
                p = _kept_probability(proposal.evidence) or self._of_name(proposal, name_features(proposal))
                if "not approved" in proposal.evidence.support:  # such an entry is for review at most
                    p = min(p, self.threshold(proposal.kind) - _SHORT_OF_SURE)
            case Origin.VARIANTS:
                p = self._of_name(proposal, variant_features(proposal))
            case Origin.LEXICON | Origin.GRAMMAR | Origin.SEQ2SEQ:
                agreed = _ONE_SENSE * max(0.0, logit(proposal.evidence.agreed or 0.0))
                p = logistic(features(proposal), self.weights[proposal.origin])
                p = moved(p, self._of_document(proposal) + agreed)
        return round(p, 4)

    def _of_name(self, proposal: Proposal, values: Weights) -> float:
        """Names know by themselves how sound the others are; a garbled text around them can only speak for a match."""
        model = self.weights[Origin.VARIANTS if proposal.origin is Origin.VARIANTS else Origin.NAMES]
        return moved(logistic(values, model), max(0.0, self._of_document(proposal)))

    @property
    def usual_damage(self) -> float:
        """Share of damaged sentences in the documents that the weights were fitted on."""
        return self.weights["document"]["damage"]

    def _of_document(self, proposal: Proposal) -> float:
        """What the rest of the document says for or against a proposal, in nats; 0 before it has been read."""
        share = proposal.evidence.damage
        return 0.0 if share is None else shift(share, self.usual_damage)

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
        case Origin.VARIANTS:
            why = f"{edit.before} ≈ {edit.after}, as the text spells it elsewhere: {', '.join(evidence.support)}"
            why += f"; channel cost {evidence.cost or 0.0:.2f} a letter"
        case Origin.LEXICON:
            pivot = evidence.support[0] if evidence.support else "?"
            why = f"“{edit.before}” and “{edit.after}” share {pivot} ({evidence.sense_set})"
            why += f"; the sentence gains {evidence.gain or 0.0:+.1f} nats"
            why += f"; {evidence.damage:.0%} of the text looks garbled" if evidence.damage is not None else ""
            why += "; the same elsewhere in the text" if (evidence.agreed or 0.0) > 0.5 else ""
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
