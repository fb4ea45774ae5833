from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repair.channel.orthography import readings
from repair.glossary.match import Matcher


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Szymon Marciniak", "shymon martsiniak"), ("Frémaux", "frémo"), ("Leicester", "leister"), ("Vučić", "vuchich"),
        ("Schwarz", "shvarts"), ("Castilla", "castiya"), ("Giorgia", "jorja"), ("Xi", "shi"), ("Erdoğan", "erdoan"),
        ("Chirac", "shirac"), ("Çelik", "chelik"), ("Szijjártó", "siyyártó"),
    ],
)  # fmt: skip
def test_a_name_is_said_as_its_language_says_it(written: str, said: str) -> None:
    assert said in readings(written)


@given(st.text(max_size=30))
def test_what_is_written_comes_first_and_nothing_twice(name: str) -> None:
    found = readings(name)
    assert found[0] == name and len(set(found)) == len(found) <= 13


def test_the_glossary_is_found_through_the_sound(matcher: Matcher) -> None:
    assert (found := matcher.nearest("Witkov")) and found.form == "Witkoff"
