from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repair.errors import ResourceError
from repair.glossary.model import FORMS, Entry, EntryKind, Status, dump_entries, load_entries, parse_entry
from repair.resources import GLOSSARY

RECORD = {"id": "p-1", "canonical": "Steve Witkoff", "kind": "person"}
WORDS = st.text("abÉ ’م|\\\";='<&_-", min_size=1, max_size=6).map(str.strip).filter(bool)


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """Any sound entry, as its text form gives it."""
    forms = draw(st.lists(WORDS, min_size=1, max_size=9, unique=True))
    lists: dict[str, list[str]] = {name: [] for name in (*FORMS, "exact", "inside")}
    for form in forms[1:]:
        lists[draw(st.sampled_from(FORMS))].append(form)
    lists["exact"] = draw(st.lists(st.sampled_from([f for f in forms if f not in lists["rejected"]]), max_size=3))
    lists["inside"] = lists["corruptions"][:1]
    dates = sorted(draw(st.lists(st.sampled_from(["", "2025", "2025-03", "2026-01-31"]), min_size=2, max_size=2)))
    texts = {name: draw(WORDS | st.just("")) for name in ("surname", "note", "provenance")}
    if {texts["surname"]} & {form for name in FORMS for form in lists[name]}:
        texts["surname"] = ""
    own = {"id": draw(WORDS), "canonical": forms[0], "kind": draw(st.sampled_from(EntryKind))}
    own |= {"status": draw(st.sampled_from(Status)), "roles": draw(st.lists(WORDS, max_size=2))}
    return parse_entry(own | lists | texts | {"valid_from": dates[0], "valid_to": dates[1]})


ENTRIES = entries()


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
        (RECORD | {"status": "fine"}, "status 'fine' is none of proposed"),
        (RECORD | {"note": "a\x00"}, "U+0000"),
        (RECORD | {"valid_from": "May 2025"}, "valid_from 'May 2025' is no date"),
        (RECORD | {"valid_from": "2025-03", "valid_to": "2024"}, "before"),
        (RECORD | {"aliases": ["A"], "rejected": ["A"]}, "'A' is rejected for p-1"),
        (RECORD | {"aliases": ["A"], "forbidden": ["A"]}, "right and a wrong form"),
        (RECORD | {"exact": ["A"]}, "exact names 'A'"),
        (RECORD | {"aliases": ["A"], "inside": ["A"]}, "inside names 'A'"),
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


def test_only_id_and_canonical_are_needed_and_only_entries_in_use_are_loaded(tmp_path: Path) -> None:
    records = [{"id": status, "canonical": "X", "status": status} for status in Status]
    (tmp_path / "a.jsonl").write_text("\n".join(json.dumps(r) for r in [*records, {"id": "b", "canonical": "\u2028B"}]))
    assert [(e.id, e.kind) for e in load_entries([tmp_path / "a.jsonl"])] == [
        ("proposed", "term"), ("approved", "term"), ("b", "term"),
    ]  # fmt: skip


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
