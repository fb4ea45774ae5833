"""Cases are data: `tests/cases/patterns.json`. Negatives are texts that must be left alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repair.channel.patterns import find_slips
from repair.edits import apply_edits
from repair.types import Edit

CASES = json.loads((Path(__file__).parents[1] / "cases" / "patterns.json").read_text("utf-8"))


def fixed(text: str) -> str:
    return apply_edits(text, [Edit(s.span, s.span.of(text), s.after) for s in find_slips(text)])


@pytest.mark.parametrize("case", CASES["positive"], ids=lambda c: c["text"])
def test_positive(case: dict[str, Any]) -> None:
    assert fixed(case["text"]) == case["fixed"]


@pytest.mark.parametrize("text", CASES["negative"])
def test_negative(text: str) -> None:
    assert fixed(text) == text


@pytest.mark.parametrize("text", [t for t in CASES["negative"] if t and "\n" not in t])
def test_negative_in_running_text(text: str) -> None:
    text = f"The vote was close. {text} Nobody was surprised.\n{text} So it ended."
    assert fixed(text) == text


@pytest.mark.parametrize("case", CASES["known-failing"], ids=lambda c: c["text"])
@pytest.mark.xfail(strict=True)
def test_known_failing(case: dict[str, Any]) -> None:
    assert fixed(case["text"]) == case["fixed"]


@pytest.mark.parametrize("case", CASES["positive"], ids=lambda c: c["text"])
def test_a_second_pass_finds_nothing(case: dict[str, Any]) -> None:
    assert find_slips(fixed(case["text"])) == []


@given(
    st.lists(
        st.sampled_from(["the", "of", " ", " ", "“", "”", "-", ",", ".", "5", "%", "a", "so", "\n"]), max_size=15
    ).map("".join)
)
def test_slips_are_ordered_do_not_overlap_and_change_something(text: str) -> None:
    slips = find_slips(text)
    assert all(s.span.of(text) != s.after for s in slips)
    fixed(text)  # raises where two overlap
