"""The pipeline with a toy language model: what is applied, what is kept, and that nothing ever wobbles."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from repair.channel.lexicon import Lexicon, parse_set
from repair.config import GateConfig
from repair.edits import apply_edits, invert
from repair.glossary.known import KnownNames
from repair.glossary.match import Matcher
from repair.pipeline import Stages, find, repair_document, run
from repair.stages.detect.names import NameDetector
from repair.stages.detect.senses import SenseDetector
from repair.stages.detect.surface import detect_residue, detect_slips
from repair.stages.detect.surprise import SurpriseDetector
from repair.stages.gate import Gate
from repair.stages.propose.names import NameProposer
from repair.stages.propose.rewrites import RewriteProposer
from repair.stages.propose.senses import SenseProposer
from repair.stages.propose.surface import propose_cures, propose_deletions
from repair.stages.search import Search
from repair.stages.segment import segment
from repair.types import Document, Edit, Origin, Repair, Verdict
from tests.conftest import ToyFluency

ROWS = [
    "s-1\tقمة\tnoun\ttop | summit ; peak\t>\toften\tdiplomacy\t",
    "s-2\tموعد نهائي\tnoun\tfinal date | deadline\t>\toften\tpolitics\t",
    "s-3\tحدث\tnoun\taccident | event\t\toften\tgeneral\t",
]
LEXICON = Lexicon(tuple(parse_set(row.split("\t")) for row in ROWS))
PENALTIES = {
    "top": 12.0,
    "tops": 12.0,
    "peak": 6.0,
    "final": 6.0,
    "dates": 6.0,
    "accident": 4.0,
    "in": 0.4,
    "seen": 9.0,
}
STRICT = GateConfig(apply_phrase=0.8, apply_name=0.75)
WEIGHTS = {
    "document": {"damage": 0.2},
    "lexicon": {"intercept": -4.0, "gain": 5.0},
    "seq2seq": {"intercept": -4.0, "gain": 5.0},
    "names": {"intercept": 2.2, "cost": -4.0, "role": 2.0, "in document": 2.0},
}

TEXT = """Getty ImagesThe top failed. The so -called envoy Witkeov left.

He missed two final dates. An accident was planned.He has seen it.
Share
Save
The the end. Later Witkeov met Dimitri Biscuit.
Leave a comment"""

FIXED = """The summit failed. The so-called envoy Witkoff left.

He missed two deadlines. An accident was planned.He has watched it.
The end. Later Witkoff met Dmitry Peskov."""


def rewrite(sentences: Sequence[str]) -> list[list[str]]:
    return [[s.replace("seen", "watched"), s.replace("Biscuit", "Cake").replace("2", "3")] for s in sentences]


@pytest.fixture
def stages(matcher: Matcher, known: KnownNames) -> Stages:
    return make(matcher, known, STRICT)


def make(matcher: Matcher, known: KnownNames, config: GateConfig) -> Stages:
    fluency = ToyFluency(PENALTIES)
    gate = Gate(WEIGHTS, config)
    return Stages(
        segment,
        fluency,
        (
            detect_residue,
            detect_slips,
            NameDetector(matcher, known),
            SenseDetector(LEXICON, 3.0),
            SurpriseDetector(8.0),
        ),
        (
            propose_deletions,
            propose_cures,
            NameProposer(matcher, known, gate.probability),
            SenseProposer(LEXICON),
            RewriteProposer(rewrite),
        ),
        Search(fluency, gate.probability, gate.threshold, gate.usual_damage),
        gate,
        {"mt-repair": "test"},
    )


def edits(repair: Repair) -> list[Edit]:
    return [d.proposal.edit for d in repair.applied]


def test_the_whole_way(stages: Stages) -> None:
    repair = repair_document(Document("d", TEXT), stages)
    assert repair.text == FIXED
    assert {d.proposal.origin for d in repair.applied} == {
        Origin.RESIDUE,
        Origin.GLOSSARY,
        Origin.LEXICON,
        Origin.SEQ2SEQ,
    }
    assert repair.signature == {"mt-repair": "test"}


def test_the_same_text_gives_the_same_repair(stages: Stages, matcher: Matcher, known: KnownNames) -> None:
    document = Document("d", TEXT)
    first = repair_document(document, stages)
    assert repair_document(document, stages) == first
    assert repair_document(document, make(matcher, known, STRICT)) == first


def test_neighbours_in_a_run_change_nothing(stages: Stages) -> None:
    texts = [TEXT, "", "The top failed.", "Witkeov left. Steve Witkoff came.", "Nothing is wrong here."]
    documents = [Document(str(i), text) for i, text in enumerate(texts)]
    forwards = {r.document.id: r for r in run(documents, stages)}
    backwards = {r.document.id: r for r in run(reversed(documents), stages)}
    assert forwards == backwards
    assert forwards["0"] == repair_document(documents[0], stages)


def test_a_run_is_lazy(stages: Stages) -> None:
    def documents():  # type: ignore[no-untyped-def]
        yield Document("a", "The top failed.")
        raise AssertionError("asked for too much")

    assert next(run(documents(), stages)).text == "The summit failed."


def test_a_second_pass_applies_nothing(stages: Stages) -> None:
    once = repair_document(Document("d", TEXT), stages)
    again = repair_document(Document("d", once.text), stages)
    assert again.applied == ()
    assert again.text == once.text


def test_every_span_equals_its_slice(stages: Stages) -> None:
    repair = repair_document(Document("d", TEXT), stages)
    for finding in repair.findings:
        assert finding.segment.span.of(TEXT) == finding.segment.text
        assert finding.span.end <= len(TEXT) and 0 <= finding.score <= 1
    for decision in repair.decisions:
        assert decision.proposal.edit.span.of(TEXT) == decision.proposal.edit.before
        assert decision.proposal.edit.after != decision.proposal.edit.before
    assert apply_edits(TEXT, edits(repair)) == repair.text
    assert apply_edits(repair.text, invert(edits(repair))) == TEXT


def test_findings_and_decisions_stand_in_order_of_place(stages: Stages) -> None:
    repair = repair_document(Document("d", TEXT), stages)
    assert [f.span for f in repair.findings] == sorted(f.span for f in repair.findings)
    spans = [d.proposal.edit.span for d in repair.decisions]
    assert spans == sorted(spans)


def test_what_was_dropped_or_doubted_stays_in_the_ledger(matcher: Matcher, known: KnownNames) -> None:
    stages = make(matcher, known, GateConfig(apply_name=0.9))
    repair = repair_document(Document("d", "The top failed. An accident was planned. Later Witkeov left."), stages)
    ledger = {(d.proposal.edit.before, d.proposal.edit.after): d for d in repair.decisions}
    assert ledger["top", "summit"].verdict is Verdict.APPLY
    assert ledger["top", "peak"].verdict is Verdict.DROP
    assert "something better" in ledger["top", "peak"].reason
    assert ledger["Witkeov", "Witkoff"].verdict is Verdict.REVIEW
    assert "not sure enough" in ledger["Witkeov", "Witkoff"].reason
    assert ledger["accident", "event"].verdict in (Verdict.REVIEW, Verdict.DROP)
    assert repair.text == "The summit failed. An accident was planned. Later Witkeov left."


@pytest.mark.parametrize("threshold", [0.0, 0.3, 0.6, 0.9, 0.95, 0.99, 1.0])
def test_only_what_reaches_the_threshold_is_applied(matcher: Matcher, known: KnownNames, threshold: float) -> None:
    config = GateConfig(
        apply_phrase=threshold,
        apply_name=threshold,
        apply_grammar=threshold,
        apply_residue=threshold,
        review=threshold / 2,
    )
    repair = repair_document(Document("d", TEXT), make(matcher, known, config))
    assert all(d.probability >= threshold for d in repair.applied)
    assert all(d.probability >= threshold / 2 for d in repair.decisions if d.verdict is Verdict.REVIEW)
    if threshold == 1.0:
        assert repair.text == TEXT


def test_thresholds_are_by_kind(matcher: Matcher, known: KnownNames) -> None:
    config = GateConfig(apply_name=1.0, apply_residue=1.0, apply_grammar=1.0)
    repair = repair_document(Document("d", TEXT), make(matcher, known, config))
    assert {d.proposal.origin for d in repair.applied} == {Origin.LEXICON}


def test_clean_text_is_left_alone(stages: Stages) -> None:
    text = "The summit failed.\n\nSteve Witkoff told Reuters that the event, a well-known one, was over.\n"
    repair = repair_document(Document("d", text), stages)
    assert repair.text == text and repair.decisions == ()


@pytest.mark.parametrize("text", ["", "\n\n", " ", "😀", "مرحبا", "a", "\r\n", "”“”“", "- - -"])
def test_odd_texts_come_through(stages: Stages, text: str) -> None:
    assert repair_document(Document("d", text), stages).text == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The vote is on.\nShare\nSave", "The vote is on."),  # two residue lines at the end share a line break
        ("Share\nSave\nPrint", ""),
        ("The vote is on.\nSign up for our newsletter . It is the the top.\nIt ends.", "The vote is on.\nIt ends."),
        ("The vote is on.\nHave your say: was the top fair? Tell us all . \nIt ends.", "The vote is on.\nIt ends."),
    ],
)
def test_edits_of_several_sentences_never_meet(stages: Stages, text: str, expected: str) -> None:
    assert repair_document(Document("d", text), stages).text == expected


PIECES = st.sampled_from(
    [
        "Getty Images", "The top", "two final dates", " failed.", " ", "\n", "Share", "Save", "the the ", "so -called", " Witkeov", "Steve Witkoff",
        "Dimitri Biscuit", "“", " ”", " ,", "An accident", "Sign up for our newsletter", "He has seen it.", "إرسال", "Anna Lee/Reuters", "EPA", ".", "?",
        "Have your say: ", "3 %", "https://x.org",
    ]
)  # fmt: skip


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PIECES, max_size=14).map("".join))
def test_whatever_comes_the_laws_hold(stages: Stages, text: str) -> None:
    repair = repair_document(Document("d", text), stages)
    assert apply_edits(text, edits(repair)) == repair.text
    assert apply_edits(repair.text, invert(edits(repair))) == text
    assert all(d.proposal.edit.span.of(text) == d.proposal.edit.before for d in repair.decisions)
    assert repair_document(Document("d", text), stages) == repair


def test_each_sentence_is_read_once_with_the_one_before_as_context(stages: Stages) -> None:
    assert isinstance(stages.fluency, ToyFluency)
    find(Document("d", "One. The top failed. Three."), stages)
    assert stages.fluency.asked == [("", "One."), ("One.", "The top failed."), ("The top failed.", "Three.")]


def test_every_reason_is_plain_text(stages: Stages) -> None:
    repair = repair_document(Document("d", TEXT), stages)
    assert all(d.reason and "None" not in d.reason and "\n" not in json.dumps(d.reason) for d in repair.decisions)


def test_in_a_garbled_text_a_doubtful_name_is_believed(matcher: Matcher, known: KnownNames) -> None:
    stages = make(matcher, known, GateConfig())
    alone = repair_document(Document("d", "Later Witkeov left."), stages)
    garbled = repair_document(Document("d", "The top failed. Another top failed. Later Witkeov left."), stages)
    assert (alone.text, garbled.text) == (
        "Later Witkeov left.",
        "The summit failed. Another summit failed. Later Witkoff left.",
    )
    before, after = (next(d for d in r.decisions if d.proposal.edit.before == "Witkeov") for r in (alone, garbled))
    assert before.probability < 0.75 <= after.probability and (after.proposal.evidence.damage or 0.0) > 0.3
