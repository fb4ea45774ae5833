from __future__ import annotations

import math
import random
from functools import cache
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repair.channel.lexicon import Lexicon, SenseSet, load_lexicon
from repair.channel.noise import senses
from repair.channel.pivot import choose, explain
from repair.channel.script import load_script, plain
from repair.inflection import Pos
from repair.resources import pivot_folder

NEW = ("rus", "zho")
NEWS = {
    "rus": "The suspended sentence was announced on Wednesday. The attorney general and the foreign secretary said that the "
    "missile struck a checkpoint. The spokesman spoke of a ceasefire, and the death toll rose after the airstrike.",
    "zho": "The gunman opened fire on protesters. The militants ignored the ceasefire, and the state of emergency was lifted. "
    "Police fired tear gas, and the initial public offering of the airline raised a billion.",
}


@cache
def shipped(pivot: str) -> Lexicon:
    return load_lexicon([pivot_folder(pivot)])


def lexicon(*pairs: tuple[str, str]) -> Lexicon:
    return Lexicon(tuple(SenseSet(a, a, Pos.NOUN, ((a,), (b,)), True, 0.3, "news") for a, b in pairs))


SMALL = lexicon(("cadre", "footage"), ("winged missile", "cruise missile"))
OTHER = lexicon(("thigh", "share"), ("armed element", "militant"))


# --- the data --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pivot", NEW)
def test_the_lexicon_loads_and_is_large_enough(pivot: str) -> None:
    sets = shipped(pivot).sets
    assert len(sets) >= 500
    assert all(s.one_way and len(s.senses) == 2 and s.domain == "news" for s in sets)
    assert [s.id for s in sets] == [f"{pivot}-{i:04d}" for i in range(1, len(sets) + 1)]


@pytest.mark.parametrize("pivot", NEW)
def test_no_expression_stands_for_itself(pivot: str) -> None:
    def key(expression: str) -> str:
        return expression.replace("*", "").rstrip("=")

    for s in shipped(pivot).sets:
        assert not {key(e) for e in s.senses[0]} & {key(e) for e in s.senses[1]}, s.id
        assert all(len({*map(key, group)}) == len(group) for group in s.senses), s.id


def test_the_pivot_words_are_in_their_script() -> None:
    assert all("А" <= s.pivot[0] <= "я" or s.pivot[0] == "ё" for s in shipped("rus").sets)
    assert all("\u4e00" <= c <= "\u9fff" for s in shipped("zho").sets for c in s.pivot)


@pytest.mark.parametrize("pivot", NEW)
def test_the_script_comes_back_in_plain_letters(pivot: str) -> None:
    outputs = load_script(pivot_folder(pivot) / "script.tab").back.values()
    assert [out for out in chain.from_iterable(outputs) if out != plain(out)] == []


@pytest.mark.parametrize(
    ("pivot", "observed", "near", "far"),
    [
        ("rus", "Olland", "Hollande", "Holmes"), ("rus", "Gollande", "Hollande", "Golding"),
        ("rus", "Vashington", "Washington", "Vasilevsky"), ("rus", "Khitrou", "Heathrow", "Khitrovo"),
        ("rus", "Dzhonson", "Johnson", "Donaldson"), ("rus", "Meksiko", "Mexico", "Moscow"),
        ("rus", "Tetcher", "Thatcher", "Fletcher"), ("rus", "Khiuston", "Houston", "Kingston"),
        ("rus", "Makkeyn", "McCain", "Macron"), ("rus", "Uells", "Wells", "Wallace"),
        ("zho", "Baideng", "Biden", "Baidu"), ("zho", "Telangpu", "Trump", "Telangana"),
        ("zho", "Aobama", "Obama", "Alabama"), ("zho", "Mekeer", "Merkel", "Meeker"),
        ("zho", "Yuehan", "Johan", "Yohannes"), ("zho", "Bulinken", "Blinken", "Berlin"),
        ("zho", "Makelong", "Macron", "Mackellen"), ("zho", "Huashengdun", "Washington", "Huddersfield"),
        ("zho", "Aositing", "Austin", "Ostend"), ("zho", "Xilali", "Hillary", "Shirley"),
    ],
)  # fmt: skip
def test_true_names_are_nearer_than_false_ones(pivot: str, observed: str, near: str, far: str) -> None:
    script = load_script(pivot_folder(pivot) / "script.tab")
    assert script.cost(observed, near) < script.cost(observed, far)


# --- explaining ------------------------------------------------------------------------------------------------------


def test_what_came_back_tells_the_pivot() -> None:
    best, other = explain("The cadres show a winged missile over the city.", {"rus": SMALL, "zho": OTHER})
    assert (best.pivot, other.pivot) == ("rus", "zho")
    assert best.score > 0 > other.score
    assert best.probability > 0.9


def test_what_was_meant_tells_nothing() -> None:
    assert all(e.score < 0 for e in explain("Footage shows a cruise missile.", {"rus": SMALL, "zho": OTHER}))


def test_a_form_counts_once() -> None:
    once = explain("A cadre fell here today in rain.", {"rus": SMALL})[0].score
    assert explain("A cadre cadre cadre cadre today in rain.", {"rus": SMALL})[0].score <= once


def test_a_rare_form_says_more_than_a_common_one() -> None:
    either = lexicon(("power", "force"), ("thigh", "share"))
    assert explain("The thigh grew.", {"x": either})[0].score > explain("The power grew.", {"x": either})[0].score


def test_a_bigger_lexicon_does_not_win_by_its_size() -> None:
    padded = Lexicon((*SMALL.sets, *lexicon(*((f"oddity {'x' * i}", "thing") for i in range(1, 200))).sets))
    small, big = explain("The cadres show a winged missile.", {"small": SMALL, "big": padded})
    assert (small.pivot, big.pivot) == ("small", "big")


def test_nothing_to_go_by() -> None:
    assert explain("The cadres.", {}) == []
    assert [(e.pivot, e.score, e.probability) for e in explain("", {"b": SMALL, "a": OTHER})] == [
        ("a", 0.0, 0.5),
        ("b", 0.0, 0.5),
    ]
    assert explain("Some cadres.", {"a": Lexicon(())})[0].probability == 1.0


@given(st.text(max_size=80) | st.lists(st.sampled_from(["cadre", "thighs", "winged missile", "said"])).map(" ".join))
def test_the_probabilities_add_up(text: str) -> None:
    explained = explain(text, {"rus": SMALL, "zho": OTHER, "none": Lexicon(())})
    assert sum(e.probability for e in explained) == pytest.approx(1.0)
    assert [e.score for e in explained] == sorted((e.score for e in explained), reverse=True)
    assert all(math.isfinite(e.score) for e in explained)


@pytest.mark.parametrize("pivot", NEW)
def test_a_text_garbled_by_one_lexicon_is_explained_by_it(pivot: str) -> None:
    garbled = senses(NEWS[pivot], random.Random(4), 10.0, shipped(pivot))
    assert garbled != NEWS[pivot]
    best, second = explain(garbled, {p: shipped(p) for p in NEW})
    assert best.pivot == pivot
    assert best.score > 0 > second.score or best.probability > 0.99


# --- choosing --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "pivot", "sure"),
    [
        ("The cadres show a winged missile over the city.", "rus", True),
        ("The thigh of the armed elements.", "zho", True),
        ("Footage shows a cruise missile.", "rus", False),  # clean
        ("The cadre has a thigh.", "rus", False),  # both explain it
        ("The winged missile. " + "It rained all day. " * 400, "rus", False),  # one odd form in a long text
        ("", "rus", False),
    ],
)
def test_a_pivot_is_chosen_where_it_is_sure(text: str, pivot: str, sure: bool) -> None:
    choice = choose(text, {"rus": SMALL, "zho": OTHER}, "rus")
    assert (choice.pivot, choice.sure) == (pivot, sure)


@given(st.text(max_size=80) | st.lists(st.sampled_from(["cadre", "thighs", "winged missile", "said"])).map(" ".join))
def test_what_is_not_sure_is_the_default(text: str) -> None:
    choice = choose(text, {"rus": SMALL, "zho": OTHER}, "zho")
    assert choice.sure or choice.pivot == "zho"
    assert 0 <= choice.probability <= 1 and choice == choose(text, {"zho": OTHER, "rus": SMALL}, "zho")
