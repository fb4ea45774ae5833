from __future__ import annotations

import random
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repair.channel.script import DEFAULT, Script, load_script, plain, skeleton
from repair.errors import ResourceError

NAMES = st.text(string.ascii_letters, min_size=1, max_size=10)
SCRIPT = load_script(DEFAULT)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Kılıçdaroğlu", "kilicdaroglu"),
        ("EPA -EFE", "epaefe"),
        ("Łódź", "lodz"),
        ("Straße", "strasse"),
        ("O’Neill", "oneill"),
        ("Путин", ""),
        ("", ""),
    ],
)
def test_plain(name: str, expected: str) -> None:
    assert plain(name) == expected


@pytest.mark.parametrize(
    "names",
    [
        ("Witkoff", "Witkeov", "Whitchov", "Vitkof"), ("Izvestia", "Isvista", "Izvestiya"), ("Blokhin", "Blockine"),
        ("Peskov", "Biskov", "Baskof"), ("Volkswagen", "Folksfagen"), ("Ghani", "Kani"),
    ],
)  # fmt: skip
def test_what_the_script_merges_has_one_skeleton(names: tuple[str, ...]) -> None:
    assert len({skeleton(name) for name in names}) == 1


def test_different_names_have_different_skeletons() -> None:
    assert len({skeleton(name) for name in ("Merkel", "Putin", "Trump", "Macron", "Lavrov")}) == 5


@given(NAMES)
def test_a_name_costs_nothing_against_itself(name: str) -> None:
    assert SCRIPT.cost(name, name) == 0.0
    assert SCRIPT.cost(name.upper(), name.lower()) == 0.0
    assert SCRIPT.changes(name, name) == []


@given(NAMES, NAMES)
def test_costs_are_finite_and_changes_rebuild_what_was_seen(observed: str, name: str) -> None:
    cost = SCRIPT.cost(observed, name)
    assert 0.0 <= cost < 4.3 * (len(observed) + len(name))
    changes = SCRIPT.changes(observed, name)
    assert len(observed) - len(name) == sum(len(seen) - len(true) for seen, true in changes)


@pytest.mark.parametrize(
    ("observed", "near", "far"),
    [
        ("Witkeov", "Witkoff", "Whitaker"), ("Whitchov", "Witkoff", "Whitlam"), ("Isvista", "Izvestia", "Investia"),
        ("Blockine", "Blokhin", "Blackmun"), ("Biskov", "Peskov", "Maskov"), ("Boutin", "Putin", "Routin"),
    ],
)  # fmt: skip
def test_what_the_channel_does_is_cheaper_than_what_it_does_not(observed: str, near: str, far: str) -> None:
    assert SCRIPT.cost(observed, near) < SCRIPT.cost(observed, far)


@given(NAMES, st.integers(0, 99))
def test_corruption_is_seeded_and_keeps_the_capital(name: str, seed: int) -> None:
    garbled = SCRIPT.corrupt(name, random.Random(seed))
    assert garbled == SCRIPT.corrupt(name, random.Random(seed))
    assert garbled
    assert garbled[0].isupper() or not name[0].isupper()


def test_corruption_keeps_what_stands_between_the_words() -> None:
    assert SCRIPT.corrupt("Анна, 7-8 ’", random.Random(1)).endswith(", 7-8 ’")


def test_corruptions_are_cheap() -> None:
    rng = random.Random(7)
    for name in ("Witkoff", "Peskov", "Steinmeier", "Kurakhove", "Rutte"):
        assert SCRIPT.cost(SCRIPT.corrupt(name, rng), name) <= 1.6 * len(name)


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ("a\tا\n", ":1: expected"),
        ("# remark\na\tا\ta:x\n", ":2: expected"),
        ("a\tا\ta:1\n", "no row for b, c"),
    ],
)
def test_broken_tables_are_refused(tmp_path: Path, table: str, reason: str) -> None:
    path = tmp_path / "script.tab"
    path.write_text(table, "utf-8")
    with pytest.raises(ResourceError) as caught:
        load_script(path)
    assert reason in str(caught.value) and str(path) in str(caught.value)


def test_the_probabilities_of_a_unit_add_up() -> None:
    assert all(sum(outputs.values()) == pytest.approx(1.0) for outputs in SCRIPT.back.values())


def test_a_table_of_its_own() -> None:
    units = {c: {c: 1.0} for c in string.ascii_lowercase} | {"p": {"b": 0.75, "p": 0.25}}
    script = Script(units)
    assert script.corrupt("lamb", random.Random(0)) == "lamb"
    assert script.cost("boll", "poll") == 0.0  # the likeliest way back is as good as none
    assert script.changes("boll", "poll") == [("b", "p")]
