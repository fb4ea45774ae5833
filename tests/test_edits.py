from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repair.edits import apply_edits, diff, invert
from repair.errors import EditError
from repair.types import Edit, Span

TEXTS = st.text(st.sampled_from("ab ,.’'-_\nÉ😀مQ"), max_size=60) | st.text(max_size=40)


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, list[Edit]]:
    """A text with edits that do not overlap; deletions, insertions and neighbours included."""
    text = draw(TEXTS)
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=10)))
    spans: list[Span] = []
    for start, end in pairwise(cuts):
        span = Span(start, end)
        if draw(st.booleans()) and not any(span.overlaps(other) for other in spans):
            spans.append(span)
    return text, [Edit(span, span.of(text), draw(st.sampled_from(["", "x", "top ", "😀é"]))) for span in spans]


@given(TEXTS)
def test_no_edits_is_identity(text: str) -> None:
    assert apply_edits(text, []) == text
    assert diff(text, text) == []


@given(edited(), st.randoms(use_true_random=False))
def test_order_does_not_matter(case: tuple[str, list[Edit]], rng: random.Random) -> None:
    text, edits = case
    shuffled = list(edits)
    rng.shuffle(shuffled)
    assert apply_edits(text, shuffled) == apply_edits(text, edits)
    assert invert(shuffled) == invert(edits)


@given(edited())
def test_apply_then_invert_is_identity(case: tuple[str, list[Edit]]) -> None:
    text, edits = case
    assert apply_edits(apply_edits(text, edits), invert(edits)) == text


@given(TEXTS, TEXTS)
def test_a_diff_applied_gives_the_other_text(before: str, after: str) -> None:
    edits = diff(before, after)
    assert apply_edits(before, edits) == after
    assert all(edit.before != edit.after for edit in edits)


@given(TEXTS, TEXTS, TEXTS)
def test_the_offset_moves_every_span(head: str, before: str, after: str) -> None:
    assert apply_edits(head + before, diff(before, after, len(head))) == head + after


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("a top of leaders", "a summit of leaders", [(2, "top", "summit")]),
        ("the final dates passed", "the deadlines passed", [(4, "final dates", "deadlines")]),
        ("two old men", "two very old men", [(3, "", " very")]),
        ("It’s so -called", "It’s so-called", [(7, " ", "")]),
        ("top, top", "summit, peak", [(0, "top", "summit"), (5, "top", "peak")]),
        ("Trump’s plan", "Trump plan", [(0, "Trump’s", "Trump")]),
    ],
)
def test_diffs_are_minimal_at_word_level(before: str, after: str, expected: list[tuple[int, str, str]]) -> None:
    assert [(e.span.start, e.before, e.after) for e in diff(before, after)] == expected


def test_overlapping_edits_are_refused() -> None:
    edits = [Edit(Span(0, 5), "final", "last"), Edit(Span(4, 7), "l d", "x")]
    with pytest.raises(EditError, match="overlap"):
        apply_edits("final dates", edits)


def test_two_insertions_at_one_place_are_refused() -> None:
    with pytest.raises(EditError, match="overlap"):
        apply_edits("ab", [Edit(Span(1, 1), "", "x"), Edit(Span(1, 1), "", "y")])


@pytest.mark.parametrize(
    "edit", [Edit(Span(0, 3), "pot", "summit"), Edit(Span(2, 9), "p", "b"), Edit(Span(0, 0), "t", "b")]
)
def test_stale_edits_are_refused(edit: Edit) -> None:
    with pytest.raises(EditError, match="stale"):
        apply_edits("top", [edit])


def test_neighbouring_deletions_come_back_as_one_insertion() -> None:
    edits = [Edit(Span(1, 2), "b", ""), Edit(Span(2, 3), "c", "")]
    assert invert(edits) == [Edit(Span(1, 1), "", "bc")]
