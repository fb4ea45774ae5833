from __future__ import annotations

import pytest

from repair.inflection import Pos, forms


@pytest.mark.parametrize(
    ("expression", "pos", "tag", "expected"),
    [
        ("top", Pos.NOUN, "NNS", "tops"),
        ("child", Pos.NOUN, "NNS", "children"),
        ("analysis", Pos.NOUN, "NNS", "analyses"),
        ("final date", Pos.NOUN, "NNS", "final dates"),
        ("withdrawal of confidence", Pos.NOUN, "NNS", "withdrawals of confidence"),
        ("head-on collision", Pos.NOUN, "NNS", "head-on collisions"),
        ("Popular Crowd", Pos.NOUN, "NNS", "Popular Crowds"),
        ("rail* strike", Pos.NOUN, "NNS", "rails strike"),
        ("go back", Pos.VERB, "VBD", "went back"),
        ("be in power", Pos.VERB, "VBZ", "is in power"),
        ("be in power", Pos.VERB, "VBD", "was in power"),
        ("have a word", Pos.VERB, "VBZ", "has a word"),
        ("bring down", Pos.VERB, "VBD", "brought down"),
        ("pick fights with", Pos.VERB, "VBG", "picking fights with"),
        ("tie up", Pos.VERB, "VBG", "tying up"),
        ("stop", Pos.VERB, "VBN", "stopped"),
        ("kick-start", Pos.VERB, "VBD", "kick-started"),
        ("not see*", Pos.VERB, "VBZ", "not sees"),
        ("big", Pos.ADJ, "JJS", "biggest"),
        ("good", Pos.ADJ, "JJR", "better"),
        ("bad", Pos.ADJ, "JJS", "worst"),
        ("simple", Pos.ADJ, "JJR", "simpler"),
        ("heavy", Pos.ADJ, "JJR", "heavier"),
        ("dangerous", Pos.ADJ, "JJR", "more dangerous"),
        ("likely", Pos.ADJ, "JJS", "most likely"),
    ],
)
def test_the_head_inflects(expression: str, pos: Pos, tag: str, expected: str) -> None:
    assert forms(expression, pos)[tag] == expected


@pytest.mark.parametrize(
    ("expression", "pos", "expected"),
    [
        ("criminals=", Pos.NOUN, {"NN": "criminals"}),
        ("in light of", Pos.FIXED, {"X": "in light of"}),
        ("quickly", Pos.ADV, {"RB": "quickly"}),
        ("out of date", Pos.ADJ, {"JJ": "out of date"}),
    ],
)
def test_what_never_inflects(expression: str, pos: Pos, expected: dict[str, str]) -> None:
    assert forms(expression, pos) == expected


@pytest.mark.parametrize("pos", list(Pos))
def test_the_base_form_is_the_expression(pos: Pos) -> None:
    assert next(iter(forms("call", pos).values())) == "call"


@pytest.mark.parametrize(
    ("expression", "pos", "tag", "expected"),
    [
        ("mother-in-law", Pos.NOUN, "NNS", "mothers-in-law"),
        ("well-known", Pos.ADJ, "JJR", "better-known"),
    ],
)
@pytest.mark.xfail(strict=True, reason="the head is the last part of a hyphenated word")
def test_heads_inside_hyphenated_words(expression: str, pos: Pos, tag: str, expected: str) -> None:
    assert forms(expression, pos)[tag] == expected
