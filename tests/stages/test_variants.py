"""Names that nobody lists: one spelling throughout the document, the one it uses best."""

from __future__ import annotations

import pytest

from repair.channel.script import DEFAULT, load_script
from repair.edits import apply_edits
from repair.glossary.known import KnownNames
from repair.glossary.match import Matcher
from repair.stages.detect.names import NameDetector
from repair.stages.propose.names import NameProposer
from repair.stages.propose.variants import VariantProposer
from repair.stages.segment import segment
from repair.types import Document, Origin, Proposal

KNOWN = KnownNames({"Harry": 50, "Marten": 9, "Martin": 90})


def variants(text: str, matcher: Matcher) -> list[Proposal]:
    document = Document("d", text)
    names = NameProposer(matcher, KNOWN, lambda _: 0.5)
    propose = VariantProposer(names, KNOWN, load_script(DEFAULT), lambda p: 0.0 if p.evidence.cost else 1.0)
    findings = list(NameDetector(matcher, KNOWN)(document, segment(document), ()))
    return [p for p in propose(document, findings) if p.origin is Origin.VARIANTS]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Desmond Harkley was fined. Since then Harkli has paid.", "Desmond Harkley was fined. Since then Harkley has paid."),
        ("They fined Harkley twice. Harkley paid, then Harkli left.", "They fined Harkley twice. Harkley paid, then Harkley left."),
        # spelt once each: nobody knows which is right
        ("They fined Harkley twice. Then Harkli left.", None),
        # two people, named in full each
        ("We met Desmond Harkley and Lena Harkli.", None),
        ("We met Desmond Harkley and his Harvest choir.", None),
        ("", None),
    ],
)  # fmt: skip
def test_the_better_spelling_is_proposed(text: str, expected: str | None, matcher: Matcher) -> None:
    found = variants(text, matcher)
    assert (apply_edits(text, [p.edit for p in found]) if found else None) == expected


def test_what_speaks_for_and_against_stands_in_the_evidence(matcher: Matcher) -> None:
    (proposal,) = variants("Lotta Martin was fined. Martin paid. Then Marten left.", matcher)
    assert proposal.edit.after == "Martin"
    assert proposal.evidence.support == ("spelt so in full", "known", "real name", "common word")
    assert proposal.evidence.articles == 2 and proposal.evidence.entry == "own:Martin"


def test_a_title_is_no_part_of_the_name(matcher: Matcher) -> None:
    assert variants("They saw Mr Harkley there, and Dr Harkli.", matcher) == []
