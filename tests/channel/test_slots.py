"""Calques with a slot: found around what stands in it, mended around it, and never across a mark of punctuation."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repair.channel import noise
from repair.channel.editing import plain
from repair.channel.lexicon import Lexicon, load_lexicon, parse_set
from repair.channel.pivot import explain
from repair.channel.slots import SLOT, anchor, has_slot
from repair.edits import apply_edits
from repair.inflection import Pos, forms
from repair.resources import pivot_folder

ROWS = (
    "c-1\tوضع تحت المجهر\tverb\tput * under the lens ; place * under the lens | put * under scrutiny\t>\toften\tcalques\t",
    "c-2\tولى أهمية\tverb\tgive * to importance | attach importance to * now\t>\toften\tcalques\t",
    "c-3\tكل من\tfixed\teach of * and | both * and\t>\tsometimes\tcalques\t",
    "c-4\tقمة\tnoun\ttop | summit\t>\toften\tdiplomacy\t",
)
LEXICON = Lexicon(tuple(parse_set(row.split("\t")) for row in ROWS))


def rewritings(text: str) -> set[str]:
    return {apply_edits(text, [c.edit]) for c in LEXICON.candidates(text)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He put the deal under the lens.", {"He put the deal under scrutiny."}),
        ("It puts Kyiv’s new deal under the lens", {"It puts Kyiv’s new deal under scrutiny"}),
        ("placing it under the lens", {"putting it under scrutiny"}),
        ("Put so-called deals under the lens", {"Put so-called deals under scrutiny"}),
        ("each of France and Spain", {"both France and Spain"}),
        ("Each of France and Spain", {"Both France and Spain"}),
        # both sides change: what stands in the slot moves
        ("they give the deal to importance", {"they attach importance to the deal now"}),
        # other forms may stand in the slot
        ("put the top under the lens", {"put the top under scrutiny", "put the summit under the lens"}),
        # no word, too many words, punctuation between, part of a word
        ("put under the lens", set()),
        ("put the very long new deal under the lens", set()),
        ("he was put, it seems, under the lens", set()),
        ("input the deal under the lens", set()),
        ("put the deal under the lenses", set()),
        # what was meant is no error
        ("put the deal under scrutiny", set()),
    ],
)
def test_what_stands_in_the_slot_is_carried_over(text: str, expected: set[str]) -> None:
    assert rewritings(text) == expected


def test_an_edit_leaves_the_slot_alone_where_it_can() -> None:
    [candidate] = LEXICON.candidates("He put the deal under the lens.")
    assert (candidate.edit.before, candidate.edit.after) == ("the lens", "scrutiny")
    assert candidate.span.of("He put the deal under the lens.") == "put the deal under the lens"


@given(
    st.lists(
        st.sampled_from(["a", "it", "deal", "the", "Kyiv’s", "so-called", "1,000", "€", "NATO"]), min_size=1, max_size=3
    )
)
def test_any_few_words_may_stand_there(words: list[str]) -> None:
    slot = " ".join(words)
    fits = "1,000" not in slot and len(slot.replace("-", " ").split()) <= 3
    expected = {f"They put {slot} under scrutiny today"} if fits else set()
    assert rewritings(f"They put {slot} under the lens today") == expected


def test_noise_fills_the_slot() -> None:
    garbled = {noise.senses("They put the deal under scrutiny", random.Random(i), 9.0, LEXICON) for i in range(20)}
    assert garbled == {f"They {verb} the deal under the lens" for verb in ("put", "place", "placed")}


def test_a_slot_tells_the_pivot() -> None:
    [found] = explain("He put the deal under the lens.", {"ara": LEXICON})
    assert found.score > 0


def test_forms_and_reading_keep_the_slot() -> None:
    assert forms("put * under the lens", Pos.VERB)["VBG"] == "putting * under the lens"
    assert forms("give* up * to", Pos.VERB)["VBD"] == "gave up * to"
    assert plain("put* * under the head-on lens=") == "put * under the head on lens"
    assert anchor("each of * and") == "each of"


@pytest.mark.parametrize("senses", ["* under the lens | * under scrutiny", "put * | set *", "put * on * lens | b * c"])
def test_slots_at_the_ends_and_two_slots_are_refused(senses: str) -> None:
    with pytest.raises(ValueError, match=r"slot|read"):
        parse_set(["c", "x", "verb", senses, ">", "often", "d", ""])


def test_a_slot_is_in_every_expression_or_in_none() -> None:
    with pytest.raises(ValueError, match="in every expression of a set, or in none"):
        parse_set(["c", "x", "verb", "put * under the lens | scrutinise", ">", "often", "d", ""])


def test_the_shipped_calques() -> None:
    sets = [s for s in load_lexicon([pivot_folder("ara")]).sets if has_slot(s.senses[0][0])]
    assert len(sets) >= 30 and all(s.one_way for s in sets)
    assert all(SLOT in form for s in sets for g in s.senses for e in g for form in forms(e, s.pos).values())
