from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repair.stages.segment import segment
from repair.types import Document

PIECES = st.sampled_from(
    [
        "Mr. Smith", "He left.", "She stayed!", "“Go.”", "EPA/Shutterstock", "Reuters", "Meanwhile, ", "\n", "\n\n", " ", "\t",
        "\u00a0", "U.S. ", "3.5% ", "Why? ", "…", "’", "إرسال", "Share", "a", "😀 ", "No. 10 ", "5 p.m. ", "\u2028", "\r", "",
    ]
)  # fmt: skip


def texts(text: str) -> list[str]:
    return [s.text for s in segment(Document("d", text))]


@settings(deadline=None)
@given(st.lists(PIECES, max_size=14).map("".join) | st.text(max_size=60))
def test_segments_are_slices_in_order_and_leave_only_blanks_out(text: str) -> None:
    segments = segment(Document("d", text))
    assert all(s.span.of(text) == s.text for s in segments)
    assert all(s.text and s.text == s.text.strip() and s.doc_id == "d" for s in segments)
    assert all(left.span.end <= right.span.start for left, right in pairwise(segments))
    assert "".join("".join(s.text.split()) for s in segments) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\n ", []),
        ("He left. She stayed.", ["He left.", "She stayed."]),
        ("A heading\nHe left.", ["A heading", "He left."]),
        # glued sentences
        ("He left.She stayed.", ["He left.", "She stayed."]),
        ("He left!Then he came back.", ["He left!", "Then he came back."]),
        ("“Go.”She left.", ["“Go.”", "She left."]),
        ("He wrote to example.com.au and left.", ["He wrote to example.com.au and left."]),
        # abbreviations and numbers
        (
            "Mr. Smith met Dr. Jones at 5 p.m. on Monday. He left.",
            ["Mr. Smith met Dr. Jones at 5 p.m. on Monday.", "He left."],
        ),
        ("It rose 3.5% in the U.S. last year. Then it fell.", ["It rose 3.5% in the U.S. last year.", "Then it fell."]),
        ("Sen. Ted Cruz left. No. 10 denied it.", ["Sen. Ted Cruz left.", "No. 10 denied it."]),
        ("J. K. Rowling left. George W. Bush Jr. stayed.", ["J. K. Rowling left.", "George W. Bush Jr. stayed."]),
        # quotes
        ("He asked: “Why?” Nobody knew.", ["He asked: “Why?”", "Nobody knew."]),
        # residue stands alone
        ("Anna Lee/ReutersMeanwhile, talks went on.", ["Anna Lee/Reuters", "Meanwhile, talks went on."]),
        ("It went on. PA MediaSince then, little changed.", ["It went on.", "PA Media", "Since then, little changed."]),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


@pytest.mark.parametrize("text", ["He lives in the U.S. She does not.", "It ended at 10 a.m. He left at noon."])
@pytest.mark.xfail(strict=True, reason="an abbreviation never ends a sentence")
def test_abbreviations_at_a_sentence_end(text: str) -> None:
    assert len(texts(text)) == 2
