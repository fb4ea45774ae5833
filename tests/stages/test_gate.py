from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repair.config import GateConfig
from repair.errors import ResourceError
from repair.resources import GATE
from repair.stages.features import features, name_features
from repair.stages.gate import Gate, load_weights, logistic
from repair.types import Edit, Evidence, Finding, Kind, Origin, Proposal, Segment, Span, Verdict

WEIGHTS = {
    "document": {"damage": 0.2},
    "lexicon": {"intercept": -2.0, "gain": 4.0},
    "seq2seq": {"intercept": -3.0, "gain": 2.0},
    "names": {"intercept": 2.0, "cost": -3.0},
}
GATE_UNDER_TEST = Gate(WEIGHTS, GateConfig(apply_name=0.95, review=0.3))


def proposal(
    origin: Origin,
    before: str = "top",
    after: str = "summit",
    *,
    score: float = 0.97,
    rule: str = "r",
    **evidence: object,
) -> Proposal:
    span = Span(0, len(before))
    kind = {Origin.GLOSSARY: Kind.NAME, Origin.RESIDUE: Kind.RESIDUE}.get(origin, Kind.PHRASE)
    finding = Finding(Segment("d", span, before), span, kind, score, rule)
    return Proposal(finding, Edit(span, before, after), origin, Evidence(**evidence))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        (proposal(Origin.RESIDUE, score=0.93), 0.93),
        (proposal(Origin.LEXICON, gain=2.5), 0.5),
        (proposal(Origin.LEXICON, gain=5.0), round(1 / (1 + math.exp(-2)), 4)),
        (proposal(Origin.LEXICON), round(1 / (1 + math.exp(2)), 4)),
        (proposal(Origin.SEQ2SEQ, gain=7.5), 0.5),
        (proposal(Origin.GLOSSARY, "Witkeov", "Witkoff", support=("recorded",)), 0.97),
    ],
)
def test_probability(given_: Proposal, expected: float) -> None:
    assert GATE_UNDER_TEST.probability(given_) == expected


@given(
    st.floats(-1e9, 1e9) | st.none(),
    st.floats(-1e9, 1e9) | st.none(),
    st.floats(0, 1e9) | st.none(),
    st.text(max_size=20),
)
def test_features_are_bounded(gain: float | None, margin: float | None, surprisal: float | None, after: str) -> None:
    values = features(proposal(Origin.LEXICON, after=after, gain=gain, margin=margin, surprisal=surprisal, prior=-1.2))
    assert all(math.isfinite(value) and abs(value) <= 15 for value in values.values())
    assert values["intercept"] == 1.0


def test_a_higher_gain_is_never_less_likely() -> None:
    probabilities = [GATE_UNDER_TEST.probability(proposal(Origin.LEXICON, gain=g / 2)) for g in range(-30, 30)]
    assert probabilities == sorted(probabilities)


def test_features_without_a_weight_count_nothing() -> None:
    assert logistic({"new": 9.0}, {}) == 0.5


SHIPPED = Gate(load_weights(GATE), GateConfig())


def named(*support: str, cost: float, margin: float = 9.0, articles: int = 50, mangled: float = 0.0) -> float:
    """What the shipped gate makes of a name of eight letters."""
    evidence = {"support": support, "cost": cost, "margin": margin, "articles": articles, "mangled": mangled}
    return SHIPPED.probability(proposal(Origin.GLOSSARY, "Whitchov", "Witkoffs", **evidence))


@pytest.mark.parametrize("support", [("listed",), ("listed", "full name"), ("listed", "in document", "surname alone")])
def test_what_speaks_for_a_name_raises_its_probability(support: tuple[str, ...]) -> None:
    assert named(*support, cost=0.3) > named(*support, cost=0.8)
    assert named(*support, cost=0.3, margin=0.8) > named(*support, cost=0.3, margin=0.1)
    assert named(*support, cost=0.3, mangled=0.4) > named(*support, cost=0.3)
    assert named(*support, cost=0.3) > named(*support, "real name", cost=0.3)
    assert named(*support, cost=0.3) > named(*support, "common word", cost=0.3)


def test_a_lone_lookalike_in_a_sound_document_is_left_alone() -> None:
    assert named("surname alone", "part of a longer name", cost=0.4, margin=0.3) < 0.3
    assert named("listed", "real name", cost=0.2, margin=0.3) < 0.3


def test_a_full_name_is_trusted() -> None:
    assert named("listed", "full name", cost=0.2, mangled=0.1) > 0.9


@pytest.mark.parametrize(
    ("support", "mangled", "expected"),
    [(("house style",), 0.0, 0.4), (("house style",), 0.1, 0.95), (("house style", "in document"), 0.0, 0.95)],
)
def test_house_style_needs_a_document_of_the_house(support: tuple[str, ...], mangled: float, expected: float) -> None:
    assert named(*support, cost=0.0, mangled=mangled) == expected


@given(st.floats(0, 1e9) | st.none(), st.floats(0, 1e9) | st.none(), st.integers(0, 10**9), st.floats(0, 1))
def test_name_features_are_bounded(cost: float | None, margin: float | None, articles: int, mangled: float) -> None:
    given_ = proposal(Origin.NAMES, "Whitchov", "Witkoff", cost=cost, margin=margin, articles=articles, mangled=mangled)
    assert all(math.isfinite(value) and abs(value) <= 8 for value in name_features(given_).values())


@pytest.mark.parametrize(
    ("chosen", "best", "gain", "verdict", "words"),
    [
        (True, True, 9.0, Verdict.APPLY, ""),
        (False, True, 2.5, Verdict.REVIEW, "not sure enough"),
        (False, True, 0.0, Verdict.DROP, "too doubtful"),
        (False, False, 9.0, Verdict.DROP, "something better"),
    ],
)
def test_verdicts(chosen: bool, best: bool, gain: float, verdict: Verdict, words: str) -> None:
    decision = GATE_UNDER_TEST.decide(proposal(Origin.LEXICON, gain=gain), chosen=chosen, best=best)
    assert decision.verdict is verdict
    assert words in decision.reason


@pytest.mark.parametrize(
    ("given_", "words"),
    [
        (proposal(Origin.RESIDUE, after="", rule="residue.credit"), "page furniture (credit)"),
        (proposal(Origin.RESIDUE, rule="pattern.hyphen"), "slip of the machine (hyphen)"),
        (proposal(Origin.GLOSSARY, "Witkeov", "Witkoff", entry="p-1", cost=0.4, support=("role",)), "Witkeov ≈ Witkoff: role; entry p-1, channel cost 0.40"),
        (proposal(Origin.GLOSSARY, "Witkeov", "Witkoff", entry="p-1"), "by spelling alone"),
        (proposal(Origin.LEXICON, gain=8.25, sense_set="s-1", support=("قمة",)), "share قمة (s-1); the sentence gains +8.2 nats"),
        (proposal(Origin.SEQ2SEQ, gain=-1.0), "gains -1.0 nats"),
    ],
)  # fmt: skip
def test_reasons(given_: Proposal, words: str) -> None:
    assert words in GATE_UNDER_TEST.decide(given_, chosen=True, best=True).reason


def test_slips_that_delete_are_no_furniture() -> None:
    slip = proposal(Origin.RESIDUE, " ", "", rule="pattern.blank")
    assert "slip of the machine (blank)" in GATE_UNDER_TEST.decide(slip, chosen=True, best=True).reason


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_has_its_threshold(kind: Kind) -> None:
    own = GateConfig(**{f"apply_{kind}": 0.42})  # type: ignore[arg-type]
    assert replace(GATE_UNDER_TEST, config=own).threshold(kind) == 0.42


def test_the_shipped_weights_load_and_cover_every_judged_origin() -> None:
    assert {"lexicon", "seq2seq"} <= load_weights(GATE).keys()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"models": {"lexicon": {"gain": "x"}}}', '{"models": []}'])
def test_broken_weights_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "gate.json"
    path.write_text(text, "utf-8")
    with pytest.raises(ResourceError, match=r"gate\.json"):
        load_weights(path)
    with pytest.raises(ResourceError):
        load_weights(tmp_path / "missing.json")
