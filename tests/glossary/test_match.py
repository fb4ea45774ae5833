from __future__ import annotations

import pytest

from repair.channel.script import DEFAULT, load_script
from repair.glossary.known import KnownNames
from repair.glossary.match import Matcher, zipf
from repair.glossary.model import Entry, EntryKind


@pytest.mark.parametrize(
    ("surface", "form"),
    [
        ("Witkeov", "Witkoff"), ("Whitchov", "Witkoff"), ("Witkev", "Witkoff"), ("Vitkof", "Witkoff"),
        ("Steve Whitchov", "Steve Witkoff"), ("Stiv Witkof", "Steve Witkoff"), ("Isvista", "Izvestia"), ("Isvestia", "Izvestia"),
        ("Biskov", "Peskov"), ("Dimitri Biskov", "Dmitry Peskov"), ("Kurakhovo", "Kurakhove"), ("Kurahov", "Kurakhove"),
        ("Kellog", "Kellogg"),
    ],
)  # fmt: skip
def test_a_mangled_name_finds_its_entry(matcher: Matcher, surface: str, form: str) -> None:
    match = matcher.nearest(surface)
    assert match is not None and match.form == form
    assert 0.0 <= match.per_letter <= 1.1 and match.margin > 0


@pytest.mark.parametrize(
    "surface", ["Merkel", "Trump", "Whitaker", "London", "Angela Merkel", "Xi", "I", "NATO", "", "Путин", "-"]
)
def test_another_name_finds_none(matcher: Matcher, surface: str) -> None:
    assert matcher.nearest(surface) is None


def test_words_that_stand_rightly_already_are_counted(matcher: Matcher) -> None:
    full = matcher.nearest("Steve Whitchov")
    alone = matcher.nearest("Whitchov")
    assert full and alone
    assert (full.exact_words, alone.exact_words) == (1, 0)
    assert full.cost == alone.cost


@pytest.mark.parametrize(
    "surface", ["Witkoff", "WITKOFF", "steve witkoff", "EPA EFE", "EPA-EFE", "European Pressphoto Agency"]
)
def test_right_forms_are_known_capitals_and_hyphens_aside(matcher: Matcher, surface: str) -> None:
    assert len(matcher.right(surface)) == 1


@pytest.mark.parametrize("surface", ["Witkof", "Steve", "Dimitri Biscuit", ""])
def test_what_is_no_right_form(matcher: Matcher, surface: str) -> None:
    assert matcher.right(surface) == ()


def test_recorded_corruptions_are_known(matcher: Matcher) -> None:
    entry = matcher.corruption_of("dimitri biscuit")
    assert entry is not None and entry.id == "p-peskov"
    assert matcher.corruption_of("Biscuit") is None


def test_the_margin_is_the_distance_to_the_next_entry() -> None:
    entries = [Entry("a", "Peskov", EntryKind.PERSON), Entry("b", "Baskov", EntryKind.PERSON)]
    near = Matcher(entries, load_script(DEFAULT)).nearest("Biskov")
    assert near is not None and near.margin < 0.5
    same = Matcher(
        [Entry("a", "Peskov", EntryKind.PERSON), Entry("b", "Peskov", EntryKind.PLACE)], load_script(DEFAULT)
    ).nearest("Biskov")
    assert (
        same is not None and same.margin == 9.0
    )  # two entries of one spelling are no rivals: the text comes out the same


def test_short_and_all_capital_forms_are_not_looked_up() -> None:
    entries = [Entry("a", "Xi", EntryKind.PERSON), Entry("b", "NATO", EntryKind.ORGANISATION)]
    matcher = Matcher(entries, load_script(DEFAULT))
    assert matcher.nearest("Zi") is None and matcher.nearest("Nato") is None


def test_lookups_are_the_same_whatever_was_asked_before() -> None:
    entries = [Entry("b", "Peskov", EntryKind.PERSON), Entry("a", "Baskov", EntryKind.PERSON)]
    script = load_script(DEFAULT)
    one, two = Matcher(entries, script), Matcher(reversed(entries), script)
    one.nearest("Biskof")
    assert one.nearest("Biskov") == two.nearest("Biskov")


def test_counted_names_give_way_to_kept_ones() -> None:
    kept = Entry("p-1", "Konstantin Petrov", EntryKind.PERSON, "Petrov")
    counted = KnownNames({"Petrov": 50, "Pavlov": 50}).entries()
    matcher = Matcher([kept], load_script(DEFAULT), counted)
    assert [entry.id for entry in matcher.entries] == ["p-1", "seen:Pavlov"]


def test_house_style() -> None:
    matcher = Matcher([Entry("g", "Kyiv", EntryKind.PLACE, house=("Kiev",))], load_script(DEFAULT))
    restyled = matcher.restyled("kiev")
    assert restyled is not None and restyled.canonical == "Kyiv"
    assert matcher.restyled("Kyiv") is None


def test_names_that_other_languages_read_differently_are_found() -> None:
    matcher = Matcher([Entry("p", "Chevalier", EntryKind.PERSON)], load_script(DEFAULT))
    match = matcher.nearest("Shevalier")
    assert match is not None and match.form == "Chevalier"


def test_zipf() -> None:
    assert zipf("the") > 7 > zipf("summit") > 3 > zipf("witkeov") == 0.0
