from __future__ import annotations

import lzma
from pathlib import Path

import pytest

from repair.errors import ResourceError
from repair.glossary.known import known_names
from repair.resources import KNOWN_NAMES


def test_known_names_are_read(tmp_path: Path) -> None:
    path = tmp_path / "known.tsv.xz"
    path.write_bytes(lzma.compress("Petkov\t12\nKarin Fjäll\t5\nAbecassis\t0\n".encode()))
    known = known_names(path)
    assert "Abecassis" in known and "Fjäll" not in known
    assert known.count("Petkov") == 12 and known.count("nobody") == 0
    assert [(entry.id, entry.kind) for entry in known.entries()] == [
        ("seen:Karin Fjäll", "person"),
        ("seen:Petkov", "term"),
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (lzma.compress(b"Petkov\n"), ":1: expected name<TAB>articles"),
        (lzma.compress(b"Petkov\t3\nRossi\tmany\n"), ":2: expected name<TAB>articles"),
        (b"no archive", "cannot read the known names"),
    ],
)
def test_a_broken_list_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "known.tsv.xz"
    path.write_bytes(content)
    with pytest.raises(ResourceError, match=words):
        known_names(path)


def test_the_shipped_names_hold_no_garbled_one() -> None:
    known = known_names(KNOWN_NAMES)
    assert known.count("Merkel") > 100 and known.count("Angela Merkel") > 50
    assert not [name for name in ("Witkeov", "Whitchov", "Isvista") if name in known]
    assert known.count("Declaration") == 0  # a word, written with a capital in titles
