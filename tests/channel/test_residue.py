"""Cases are data: `tests/cases/residue.json`. Negatives are sentences that must be left alone."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repair.channel.residue import find_residue

CASES = json.loads((Path(__file__).parents[1] / "cases" / "residue.json").read_text("utf-8"))


def found(text: str) -> list[str]:
    return [residue.span.of(text) for residue in find_residue(text)]


@pytest.mark.parametrize("case", CASES["positive"], ids=lambda c: c["text"])
def test_positive(case: dict[str, Any]) -> None:
    assert found(case["text"]) == case["found"]


@pytest.mark.parametrize("text", CASES["negative"])
def test_negative(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("text", [t for t in CASES["negative"] if t.strip() and "\n" not in t])
def test_negative_in_running_text(text: str) -> None:
    assert found(f"The vote was close. {text} Nobody was surprised.\n{text} So it ended.") == []


@pytest.mark.parametrize("case", CASES["positive"], ids=lambda c: c["text"])
def test_what_is_left_holds_no_residue(case: dict[str, Any]) -> None:
    text = case["text"]
    for residue in reversed(find_residue(text)):
        text = text[: residue.span.start] + text[residue.span.end :]
    assert found(text.strip()) == []


def test_whole_lines_are_known_as_such() -> None:
    lines = {r.span.start: r.line for r in find_residue("Share\nAnna Lee/ReutersMeanwhile, talks went on.")}
    assert lines == {0: True, 6: False}


def test_a_foreign_text_is_no_residue() -> None:
    assert found("Это русский текст.\nВторая строка.\nOne English line.") == []


@pytest.mark.parametrize("glue", ["", " "])
def test_promotion_glued_to_a_sentence_takes_nothing_along(glue: str) -> None:
    story = "The vote is on.\nTurnout was low.\nIt ends at noon.\n"
    text = f"{story}Officials expect a result by Monday.{glue}Subscribe to our newsletter by clicking the link below."
    [found] = [r for r in find_residue(text) if r.rule == "residue.promotion"]
    assert found.span.of(text) == "Subscribe to our newsletter by clicking the link below."


def test_promotion_at_the_end_only() -> None:
    lines = ["The vote is on.", "It ends at noon.", "Turnout is low.", "Rain is likely."]
    subtle = "There is a new home on our website and the app, with the best analysis in your inbox."
    assert found("\n".join([*lines, subtle])) == [subtle]
    assert found("\n".join([subtle, *lines, *lines])) == []
    assert found(subtle) == []


PIECES = st.sampled_from(
    [
        "Anna Lee/Reuters",
        "Share",
        "Save",
        "The vote is on.",
        "Getty Images",
        "\n",
        " ",
        "إرسال",
        "“",
        "https://x.org",
        "McDonald ",
        "/",
        "Meanwhile, ",
    ]
)


@given(st.lists(PIECES, max_size=12).map("".join))
def test_residue_is_ordered_and_does_not_overlap(text: str) -> None:
    items = find_residue(text)
    assert all(left.span.end <= right.span.start for left, right in pairwise(items))
    assert all(len(item.span) > 0 and item.span.end <= len(text) and 0 < item.score < 1 for item in items)
