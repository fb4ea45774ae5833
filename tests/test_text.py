from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repair.text import article_for, fold, match_case, words
from repair.types import Span


@given(st.text(max_size=80), st.integers(0, 9))
def test_words_equal_their_slices_and_leave_only_blanks_out(text: str, offset: int) -> None:
    found = words(text, offset)
    covered = "".join(word.text for word in found)
    assert covered == "".join(text.split())
    for word in found:
        assert Span(word.span.start - offset, word.span.end - offset).of(text) == word.text
    assert all(left.span.end <= right.span.start for left, right in pairwise(found))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Trump’s top-level talks.", ["Trump’s", "top", "-", "level", "talks", "."]),
        ("$5.5m, 3%", ["$", "5.5m", ",", "3", "%"]),
        ("AT&T’s dogs’ U.S. snake_case", ["AT&T’s", "dogs’", "U.S", ".", "snake", "_", "case"]),
        ("“Yes”—no", ["“", "Yes", "”", "—", "no"]),
        ("", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert [word.text for word in words(text)] == expected


@pytest.mark.xfail(strict=True, reason="a closing single quote looks like a plural's apostrophe")
def test_single_quotes_are_no_part_of_the_word() -> None:
    assert [word.text for word in words("‘top’")] == ["‘", "top", "’"]


def test_only_words_are_words() -> None:
    assert [word.is_word for word in words("Ten – 10 .")] == [True, False, True, False]


@given(st.text(max_size=80))
def test_fold_keeps_every_offset_and_is_stable(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Face-to-Face", "face to face"),
        ("İzmir’s", "İzmir's"),
        ("A\u00a0B\nC", "a b c"),
        ("Kılıç", "kılıç"),
        ("1990–91", "1990–91"),
    ],
)
def test_fold(text: str, expected: str) -> None:
    assert fold(text) == expected


@pytest.mark.parametrize(
    ("pattern", "word", "expected"),
    [
        ("top", "summit", "summit"),
        ("Top", "summit", "Summit"),
        ("TOP", "summit", "SUMMIT"),
        ("top", "NATO summit", "NATO summit"),
        ("A", "deadline", "Deadline"),
        ("Final dates", "deadlines", "Deadlines"),
        ("Final Dates", "last days of war", "Last Days of war"),
        ("Popular Crowd", "mobilisation of the people", "Mobilisation of the People"),
        ("“Top", "summit", "Summit"),
        ("50", "fifty", "fifty"),
        ("", "summit", "summit"),
        ("Top", "", ""),
    ],
)
def test_match_case(pattern: str, word: str, expected: str) -> None:
    assert match_case(pattern, word) == expected


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("envoy", "an"), ("hour", "an"), ("European deal", "a"), ("one-off", "a"), ("unit", "a"), ("unusual step", "an"),
        ("honest", "an"), ("MP", "an"), ("NATO", "a"), ("FBI", "an"), ("US", "a"), ("“envoy”", "an"), ("8-year deal", "an"),
        ("80", "an"), ("11th", "an"), ("18 000", "an"), ("11,000-strong", "an"), ("118", "a"), ("1,100", "a"), ("7", "a"), ("", "a"),
    ],
)  # fmt: skip
def test_article_for(phrase: str, expected: str) -> None:
    assert article_for(phrase) == expected
