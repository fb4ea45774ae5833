from __future__ import annotations

import pytest

from repair.bench import offers as bench
from repair.references import Annotation, Passage
from repair.stages.segment import segment
from repair.types import Document, Kind, Span
from tests.bench.conftest import GRAMMAR, LEXICON, PHRASE, edit, passage


@pytest.mark.parametrize(
    ("text", "before", "after", "good", "change", "expected"),
    [
        ("a top of leaders", "top", "summit", "summit", ("top", "summit"), True),
        ("a top of leaders", "top", "summit", "summit", ("top", "peak"), False),
        # the edit is longer than the annotation, or the annotation than the edit
        ("a top of leaders", "top", "summit", "summit", ("a top", "a summit"), True),
        ("a top of leaders", "top of leaders", "leaders’ summit", "leaders’ summit", ("top", "summit"), False),
        ("a top of leaders", "top of leaders", "summit of leaders", "summit of leaders", ("top", "summit"), True),
        # articles: one too many, one too few, a mended one; but an article is no repair of a phrase
        ("the final dates passed", "the final dates", "deadlines", "deadlines", ("final dates", "deadlines"), True),
        ("set final dates", "final dates", "the deadlines", "the deadlines", ("final dates", "deadlines"), True),
        ("an accident", "accident", "summit", "summit", ("an accident", "a summit"), True),
        ("the final dates", "the final dates", "final dates", "final dates", ("the", "some"), False),
        ("the final dates", "the final dates", "final dates", "final dates", ("the", "a"), False),
        ("the final dates", "the final dates", "final dates", "final dates", ("the ", ""), True),
        # case, hyphens
        ("a top", "top", "Mini-Summit", "Mini-Summit", ("top", "minisummit"), True),
    ],
)
def test_what_makes_a_repair(
    text: str, before: str, after: str, good: str, change: tuple[str, str], expected: bool
) -> None:
    whole = passage(text, (before, (after, good), PHRASE))
    assert bench.makes(edit(text, *change), whole.annotations[0], whole) is expected


def test_an_edit_may_mend_the_neighbour_as_well_or_leave_it() -> None:
    text = "the top from presidents met"
    whole = passage(text, ("top", "summit", PHRASE), ("from", "of", GRAMMAR), ("presidents", "leaders", PHRASE))
    top, _, presidents = whole.annotations
    for after in ("summit of leaders", "summit from leaders", "summit of presidents"):
        assert bench.makes(edit(text, "top from presidents", after), top, whole)
    assert not bench.makes(edit(text, "top from presidents", "summit of presidents"), presidents, whole)
    assert not bench.makes(edit(text, "top from presidents", "summit by leaders"), top, whole)


def test_an_insertion_can_be_covered() -> None:
    place = Annotation(Span(4, 4), "", ("G7 ",), PHRASE, "")
    whole = Passage("p", "politics", "the top met", "the G7 top met", (place,), ())
    assert bench.makes(edit(whole.text, "top", "G7 top"), place, whole)
    assert not bench.makes(edit(whole.text, "top", "summit"), place, whole)


def test_offers_stand_in_the_document() -> None:
    document = Document("d", "Nobody came. The top failed.")
    [offer] = bench.offers(segment(document), LEXICON)
    assert offer.edit == edit(document.text, "top", "summit")
    assert (offer.segment.text, offer.context) == ("The top failed.", "Nobody came.")


def test_places_are_the_phrase_repairs_with_what_touches_them() -> None:
    text = "The top set definitions in Ginif."
    whole = passage(text, ("top", "summit", PHRASE), ("definitions", "duties", PHRASE), ("Ginif", "Geneva", Kind.NAME))
    top, definitions = bench.places(whole, bench.offers(segment(whole.document), LEXICON))
    assert [o.edit.after for o in definitions.offers] == ["tariffs", "duties"]
    assert definitions.right == (False, True) and top.covered and definitions.covered
    assert not any(place.covered for place in bench.places(whole, []))
