"""Name runs, open words, and the evidence of the glossary's proposals."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from repair.config import GateConfig
from repair.edits import apply_edits
from repair.glossary.known import KnownNames
from repair.glossary.match import Matcher
from repair.resources import GATE
from repair.stages.detect.names import NameDetector, name_runs
from repair.stages.gate import Gate, load_weights
from repair.stages.propose.names import NameProposer
from repair.stages.segment import segment
from repair.types import Document, Finding, Proposal

GATE_UNDER_TEST = Gate(load_weights(GATE), GateConfig())


@dataclass
class Names:
    detect: NameDetector
    propose: NameProposer

    def findings(self, text: str) -> list[Finding]:
        document = Document("d", text)
        return list(self.detect(document, segment(document), ()))

    def proposals(self, text: str) -> list[Proposal]:
        return list(self.propose(Document("d", text), self.findings(text)))

    def one(self, text: str) -> Proposal:
        (proposal,) = self.proposals(text)
        assert proposal.edit.span.of(text) == proposal.edit.before
        return proposal


@pytest.fixture(scope="module")
def names(matcher: Matcher, known: KnownNames) -> Names:
    return Names(NameDetector(matcher, known), NameProposer(matcher, known, GATE_UNDER_TEST.probability))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He met Steve Whitchov in Moscow.", [["Steve", "Whitchov"], ["Moscow"]]),
        ("The talks failed.", []),
        ("Talks with Angela Merkel’s aides", [["Angela", "Merkel"]]),
        ("He met Ursula von der Leyen.", [["Ursula", "von", "der", "Leyen"]]),
        ("von der mountains", []),
        ("Moskovsky Komsomolets, Izvestia", [["Moskovsky", "Komsomolets"], ["Izvestia"]]),
        ("Jean-Luc Picard’s EPA-EFE", [["Jean", "Luc", "Picard"], ["EPA", "EFE"]]),
        ("", []),
    ],
)
def test_name_runs(text: str, expected: list[list[str]]) -> None:
    segments = segment(Document("d", f"\n\n{text}"))
    runs = [run for s in segments for run in name_runs(s)]
    assert [[word.text for word in run] for run in runs] == expected
    assert all(word.span.of(f"\n\n{text}") == word.text for run in runs for word in run)


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("He met Steve Witkoff.", []),
        ("He met Steve Whitchov.", ["name.open", "name.unknown"]),
        ("He met Dimitri Biscuit.", ["name.corruption"]),
        ("He met DIMITRI BISCUIT.", ["name.corruption"]),
        ("He met Petkov.", ["name.open"]),
        ("They said NATO and the UN met Xi.", []),
        ("Nothing happened.", []),
    ],
)
def test_findings(names: Names, text: str, rules: list[str]) -> None:
    findings = names.findings(text)
    assert [f.rule for f in findings] == rules
    assert all(0 < f.score < 1 and f.segment.span.covers(f.span) for f in findings)


@pytest.mark.parametrize(
    ("text", "fixed", "support"),
    [
        ("He met Steve Whitchov.", "He met Steve Witkoff.", {"full name"}),
        ("The envoy Witkeov left.", "The envoy Witkoff left.", {"role", "surname alone"}),
        ("Then Witkeov’s plan failed.", "Then Witkoff’s plan failed.", {"surname alone"}),
        (
            "Steve Witkoff came; then Witkeov left.",
            "Steve Witkoff came; then Witkoff left.",
            {"in document", "surname alone"},
        ),
        ("The newspaper Isvista said so.", "The newspaper Izvestia said so.", {"role"}),
        ("He lives in Kurahova.", "He lives in Kurakhove.", set()),
        ("He met Dimitri Biscuit.", "He met Dmitry Peskov.", {"recorded"}),
        ("HE MET DIMITRI BISCUIT.", "HE MET DMITRY PESKOV.", {"recorded"}),
        ("The spokesman Petkov left.", "The spokesman Peskov left.", {"role", "surname alone", "real name"}),
        (
            "The chancellor Olaf Schultz left.",
            "The chancellor Olaf Scholz left.",
            {"full name", "role", "real name", "common word"},
        ),
        ("Keith Kellog left.", "Keith Kellogg left.", {"full name"}),  # what the channel does most often costs nothing
    ],
)
def test_evidence(names: Names, text: str, fixed: str, support: set[str]) -> None:
    proposal = names.one(text)
    assert apply_edits(text, [proposal.edit]) == fixed
    assert set(proposal.evidence.support) - {"listed"} == support
    assert proposal.evidence.entry


@pytest.mark.parametrize(
    "text", ["Mr Whitaker met Angela Merkel.", "Steve Witkoff met Olaf Scholz.", "The minister left.", "EPA-EFE", ""]
)
def test_real_names_and_right_names_are_left_alone(names: Names, text: str) -> None:
    assert names.proposals(text) == []


def test_a_sure_match_elsewhere_counts_as_in_the_document(names: Names) -> None:
    first, second = names.proposals("The envoy Steve Whitchov came. Later Witkeov left.")
    assert "in document" in second.evidence.support
    assert "in document" not in first.evidence.support  # no match is evidence for itself


def test_a_doubtful_full_name_is_no_evidence(names: Names) -> None:
    proposals = names.proposals("Olaf Schultz spoke. Later Scholts left.")
    assert [p.edit.before for p in proposals] == ["Schultz", "Scholts"]
    assert all("in document" not in p.evidence.support for p in proposals)


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("He met Dimitri Biscuit.", 0.95, 1.0),
        ("Keith Kellog left.", 0.95, 1.0),
        ("The envoy Steve Whitchov arrived.", 0.9, 1.0),
        ("He met Steve Whitchov.", 0.3, 1.0),  # far off in spelling, but the given name stands there
        ("Steve Witkoff came; then Witkeov left.", 0.65, 1.0),
        ("Later Witkeov left.", 0.3, 0.89),
        ("The spokesman Petkov left.", 0.0, 0.29),
        ("The chancellor Olaf Schultz left.", 0.0, 0.49),
    ],
)
def test_how_sure_the_gate_is(names: Names, text: str, least: float, most: float) -> None:
    proposal = names.one(text)
    assert least <= GATE_UNDER_TEST.probability(proposal) <= most


def test_proposals_do_not_overlap(names: Names) -> None:
    text = "Stiv Vitkof met Dimitri Biskov, Isvista and Olav Sholts in Kurahovo."
    spans = [p.edit.span for p in names.proposals(text)]
    assert spans and all(not a.overlaps(b) for i, a in enumerate(spans) for b in spans[i + 1 :])
