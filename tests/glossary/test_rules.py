"""What editors say of single forms, and of whole entries, is what runs do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from repair.channel.script import DEFAULT, load_script
from repair.config import GateConfig
from repair.glossary.known import KnownNames
from repair.glossary.match import Matcher
from repair.glossary.model import Entry, EntryKind, Status
from repair.resources import GATE
from repair.stages.detect.names import NameDetector
from repair.stages.gate import Gate, load_weights
from repair.stages.propose.names import NameProposer
from repair.stages.segment import segment
from repair.types import Document, Kind, Proposal

SCRIPT = load_script(DEFAULT)
WITKOFF = Entry("p-1", "Steve Witkoff", EntryKind.PERSON, "Witkoff", roles=("envoy",))


def proposals(entry: Entry, text: str, gate: Gate) -> list[Proposal]:
    matcher, known, document = Matcher([entry], SCRIPT), KnownNames({}), Document("d", text)
    findings = list(NameDetector(matcher, known)(document, segment(document), ()))
    return list(NameProposer(matcher, known, gate.probability)(document, findings))


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate(load_weights(GATE), GateConfig())


def test_a_rejected_form_is_never_matched_again() -> None:
    assert Matcher([WITKOFF], SCRIPT).nearest("Whitchov") is not None
    assert Matcher([replace(WITKOFF, rejected=("Whitchov",))], SCRIPT).nearest("WHITCHOV") is None


def test_capitals_matter_where_an_editor_says_so() -> None:
    efe = Entry("o-1", "EFE", EntryKind.MEDIA, house=("Ef",), corruptions=("US",), exact=("EFE", "Ef", "US"))
    strict, loose = Matcher([efe], SCRIPT), Matcher([replace(efe, exact=())], SCRIPT)
    assert strict.right("EFE") == (efe,)
    assert strict.right("Efe") == () and loose.right("Efe") != ()
    assert strict.corruption_of("us") is None and loose.corruption_of("us") is not None
    assert strict.restyled("EF") is None and strict.restyled("Ef") == efe and loose.restyled("EF") is not None


@pytest.mark.parametrize(("inside", "after"), [((), None), (("Shutterstok",), "Shutterstock")])
def test_a_corruption_is_a_whole_word_unless_an_editor_says_otherwise(
    gate: Gate, inside: tuple[str, ...], after: str | None
) -> None:
    entry = Entry("o-1", "Shutterstock", EntryKind.ORGANISATION, corruptions=("Shutterstok",), inside=inside)
    text = "He paid EPA/ShutterstokMeanwhile in Geneva."
    made = [p for p in proposals(entry, text, gate) if "recorded" in p.evidence.support]
    assert [p.edit.after for p in made] == ([after] if after else [])
    assert all(p.edit.span.of(text) == "Shutterstok" for p in made)


@pytest.mark.parametrize("text", ["the Witkov-led team", "Witkov’s team", "EPA-Witkov", "AT&T/Witkov", "Witkov, Putin"])
def test_a_whole_word_may_have_hyphens_and_apostrophes_beside_it(gate: Gate, text: str) -> None:
    [proposal] = proposals(replace(WITKOFF, corruptions=("Witkov",)), text, gate)
    assert (proposal.edit.before, proposal.evidence.support[0]) == ("Witkov", "recorded")


@pytest.mark.parametrize("form", ["AT&T", "O’Brien", "EPA-EFE"])
def test_forms_with_hyphens_ampersands_and_apostrophes_are_words(gate: Gate, form: str) -> None:
    entry = Entry("o-1", "Right Name", EntryKind.ORGANISATION, corruptions=(form,))
    assert [p.edit.before for p in proposals(entry, f"He left {form} today.", gate)] == [form]
    part = form.replace("&", "").replace("’", "").replace("-", "")
    assert [p for p in proposals(entry, f"He left {part}x today.", gate) if "recorded" in p.evidence.support] == []


def test_a_forbidden_form_is_mended_like_house_style(gate: Gate) -> None:
    entry = Entry("g-1", "Kyiv", EntryKind.PLACE, forbidden=("Kief",))
    [proposal] = proposals(entry, "Kyiv fell. He left Kief.", gate)
    assert proposal.edit.after == "Kyiv" and gate.probability(proposal) >= gate.threshold(Kind.NAME)


@pytest.mark.parametrize("corruptions", [(), ("Whitchov",)])
def test_an_entry_that_nobody_approved_is_for_review_at_most(gate: Gate, corruptions: tuple[str, ...]) -> None:
    text = "The envoy Steve Whitchov met Steve Witkoff."
    sure = proposals(replace(WITKOFF, corruptions=corruptions), text, gate)
    unsure = proposals(replace(WITKOFF, corruptions=corruptions, status=Status.PROPOSED), text, gate)
    assert [gate.probability(p) >= gate.threshold(Kind.NAME) for p in (*sure, *unsure)] == [True, False]
    assert gate.config.review <= gate.probability(unsure[0])
