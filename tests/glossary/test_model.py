from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repair.errors import ResourceError
from repair.glossary.model import Entry, EntryKind, dump_entries, load_entries, parse_entry
from repair.resources import GLOSSARY

RECORD = {"id": "p-1", "canonical": "Steve Witkoff", "kind": "person"}
WORDS = st.text("abÉ ’م", min_size=1, max_size=6).map(str.strip).filter(bool)
ENTRIES = st.builds(
    Entry, WORDS, WORDS, st.sampled_from(EntryKind), WORDS | st.just(""), *[st.lists(WORDS, max_size=2).map(tuple)] * 3,
    note=WORDS | st.just(""), provenance=WORDS | st.just(""),
)  # fmt: skip


def test_right_forms_are_the_name_the_surname_and_the_aliases_once() -> None:
    entry = parse_entry(
        RECORD | {"surname": "Witkoff", "aliases": ["Witkoff", "Steven Witkoff"], "corruptions": ["Witkeov"]}
    )
    assert entry.right_forms == ("Steve Witkoff", "Witkoff", "Steven Witkoff")


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ([], "not a JSON object"),
        (RECORD | {"alias": []}, "unknown field alias"),
        ({"canonical": "X", "kind": "person"}, "id is missing"),
        (RECORD | {"canonical": ""}, "canonical is missing"),
        (RECORD | {"kind": "robot"}, "kind 'robot'"),
        (RECORD | {"kind": 3}, "kind must be a text"),
        (RECORD | {"note": ["x"]}, "note must be a text"),
        (RECORD | {"roles": "envoy"}, "roles must be a list"),
        (RECORD | {"roles": [1]}, "roles must be a list"),
        (RECORD | {"corruptions": [" "]}, "corruptions must be a list"),
    ],
)
def test_broken_entries_are_refused_with_file_line_and_reason(tmp_path: Path, record: Any, reason: str) -> None:
    path = tmp_path / "own.jsonl"
    path.write_text(f"{json.dumps(RECORD | {'id': 'p-0'})}\n\n{json.dumps(record)}\n", "utf-8")
    with pytest.raises(ResourceError) as caught:
        load_entries([path])
    assert str(caught.value).startswith(f"{path}:3: ")
    assert reason in str(caught.value)


def test_no_json_a_second_id_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "own.jsonl"
    path.write_text("{", "utf-8")
    with pytest.raises(ResourceError, match=":1: "):
        load_entries([path])
    path.write_text(f"{json.dumps(RECORD)}\n{json.dumps(RECORD)}\n", "utf-8")
    with pytest.raises(ResourceError, match=":2: id p-1 is used twice"):
        load_entries([path])
    with pytest.raises(ResourceError, match="no such glossary"):
        load_entries([tmp_path / "missing.jsonl"])


def test_a_later_file_replaces_an_entry(tmp_path: Path) -> None:
    for name, canonical in (("a", "Old Name"), ("b", "New Name")):
        (tmp_path / name).write_text(json.dumps(RECORD | {"canonical": canonical}), "utf-8")
    (entry,) = load_entries([tmp_path / "a", tmp_path / "b"])
    assert entry.canonical == "New Name"


@given(st.lists(ENTRIES, max_size=4, unique_by=lambda e: e.id))
def test_entries_survive_the_round_trip(entries: list[Entry]) -> None:
    read = [parse_entry(json.loads(line)) for line in dump_entries(entries).splitlines()]
    assert read == sorted(entries, key=lambda e: e.id)


def test_a_dump_is_sorted_and_leaves_empty_fields_out() -> None:
    entries = [Entry("b", "B", EntryKind.PLACE), Entry("a", "Ä", EntryKind.TERM, aliases=("Ae",))]
    assert dump_entries(entries) == (
        '{"id": "a", "canonical": "Ä", "kind": "term", "aliases": ["Ae"]}\n{"id": "b", "canonical": "B", "kind": "place"}\n'
    )


def test_the_shipped_glossary_loads_and_no_corruption_is_somebody_elses_right_form() -> None:
    entries = load_entries(sorted(GLOSSARY.glob("*.jsonl")))
    assert len(entries) > 5000
    right = {form for entry in entries for form in entry.right_forms}
    assert [(e.id, form) for e in entries for form in e.corruptions if form in right] == []
