from __future__ import annotations

from collections.abc import Callable

import pytest

from repair.report.marks import LINE_END, Row, context, places, rows
from repair.types import Kind, Origin, Repair, Verdict

MakeRepair = Callable[..., Repair]
PHRASE = (Kind.PHRASE, Origin.LEXICON)
RESIDUE = (Kind.RESIDUE, Origin.RESIDUE)


def cut(repair: Repair) -> list[Row]:
    placed = places(repair)
    return rows(repair.document.text, [*placed.applied, *placed.review])


def side(row: Row, name: str) -> str:
    return "".join(getattr(piece, name) for piece in row.pieces)


def labels(row: Row) -> list[str]:
    return [piece.entry.label for piece in row.pieces if piece.entry and piece.labelled]


def test_rows_hold_both_texts_line_by_line(repair: Repair) -> None:
    cells = [(side(row, "before"), side(row, "after"), row.gap, row.removed, labels(row)) for row in cut(repair)]
    assert cells == [
        ("𝕋he top of NATO 😀", "𝕋he summit of NATO 😀", False, False, ["1"]),
        ("BBCListen to Steve Read this article", "", True, True, ["2"]),
        (
            "Reuters/PoolThe huge definitions were “announced” by Whitchov in sermons.",
            "The huge definitions were “announced” by Witkoff in sermons.",
            False,
            False,
            ["3", "R1", "4", "R2"],
        ),
        ("BBC It is the home", "", False, True, ["5"]),
        ("of Sounds", "", False, True, []),
        ("إرسال التعليق", "", True, True, []),
    ]


def test_places_are_in_order_and_dropped_ones_by_probability(repair: Repair) -> None:
    placed = places(repair)
    assert [(e.label, e.before) for e in placed.review] == [("R1", "definitions"), ("R2", "in sermons")]
    assert [(e.label, e.after) for e in placed.dropped] == [("", "peak")]
    assert [e.hue for e in (*placed.applied, *placed.review)] == [
        "phrase", "residue", "residue", "name", "residue", "review", "review",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "cells"),
    [
        ("\n", " ", [("one" + LINE_END, "one "), ("two three", "two three")]),
        ("one\ntwo", "1\n2", [("one", "1"), ("two three", "2 three")]),
        ("one\ntwo", "both", [("one", "both"), ("two three", " three")]),
        ("two", "2\n\n2", [("one", "one"), ("two three", "2\n\n2 three")]),
        ("one\ntwo three", "", [("one", ""), ("two three", "")]),
    ],
)
def test_edits_over_line_ends(make_repair: MakeRepair, before: str, after: str, cells: list[tuple[str, str]]) -> None:
    repair = make_repair("one\ntwo three", (before, after, *RESIDUE, Verdict.APPLY, 0.9))
    found = cut(repair)
    assert [(side(row, "before"), side(row, "after")) for row in found] == cells
    assert [label for row in found for label in labels(row)] == ["1"]


def test_an_insertion_has_a_label_on_both_sides(make_repair: MakeRepair) -> None:
    (row,) = cut(make_repair("end of summit", ("", "the ", Kind.GRAMMAR, Origin.SEQ2SEQ, Verdict.APPLY, 0.9)))
    assert (side(row, "before"), side(row, "after"), labels(row)) == ("end of summit", "the end of summit", ["1"])


def test_a_place_for_review_gives_way_to_a_change(make_repair: MakeRepair) -> None:
    repair = make_repair(
        "the final dates",
        ("final", "last", *PHRASE, Verdict.REVIEW, 0.5),
        ("final dates", "deadlines", *PHRASE, Verdict.APPLY, 0.9),
    )
    (row,) = cut(repair)
    assert (side(row, "after"), labels(row)) == ("the deadlines", ["1"])


@pytest.mark.parametrize("text", ["", "\n\n", " \n "])
def test_a_text_without_ink_has_no_rows(make_repair: MakeRepair, text: str) -> None:
    assert cut(make_repair(text)) == []


def test_context_stays_in_the_line_and_between_words(make_repair: MakeRepair) -> None:
    text = f"not this\n{'left ' * 30}top{' right' * 30}\nnor this"
    (entry,) = places(make_repair(text, ("top", "summit", *PHRASE, Verdict.REVIEW, 0.5))).review
    assert context(text, entry, width=12) == ("… left left ", " right …")
    assert context("a top b", places(make_repair("a top b", ("top", "x", *PHRASE, Verdict.REVIEW, 0.5))).review[0]) == (
        "a ",
        " b",
    )
