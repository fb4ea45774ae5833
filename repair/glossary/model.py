"""Glossary entries and the JSONL text form they live in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from repair.errors import ResourceError


class EntryKind(StrEnum):
    """What an entry names."""

    PERSON = "person"
    PLACE = "place"
    ORGANISATION = "organisation"
    MEDIA = "media"
    WORK = "work"
    EVENT = "event"
    TERM = "term"


@dataclass(frozen=True, slots=True)
class Entry:
    """A name that is known to be right.

    surname: the part that stands alone in later mentions (persons). aliases: other right forms. corruptions: observed
    wrong forms that can mean nothing else. house: right forms of old that house style replaces. roles: words found
    beside the name. provenance: where the entry comes from.
    """

    id: str
    canonical: str
    kind: EntryKind
    surname: str = ""
    aliases: tuple[str, ...] = ()
    corruptions: tuple[str, ...] = ()
    house: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    note: str = ""
    provenance: str = ""

    @property
    def right_forms(self) -> tuple[str, ...]:
        """Every spelling that must be left alone."""
        return tuple(dict.fromkeys(form for form in (self.canonical, self.surname, *self.aliases) if form))


_LISTS = ("aliases", "corruptions", "house", "roles")
_TEXTS = ("id", "canonical", "kind", "surname", "note", "provenance")


def parse_entry(record: object) -> Entry:
    """One JSON record as an entry. Raises ValueError with the reason.

    >>> parse_entry({"id": "p-1", "canonical": "Steve Witkoff", "kind": "person", "surname": "Witkoff"}).right_forms
    ('Steve Witkoff', 'Witkoff')
    """
    if not isinstance(record, dict):
        raise ValueError("not a JSON object")
    if unknown := record.keys() - {*_LISTS, *_TEXTS}:
        raise ValueError(f"unknown field {', '.join(sorted(unknown))}")
    for name in ("id", "canonical", "kind"):
        if not record.get(name):
            raise ValueError(f"{name} is missing")
    for name in _TEXTS:
        if not isinstance(record.get(name, ""), str):
            raise ValueError(f"{name} must be a text")
    for name in _LISTS:
        value = record.get(name, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            raise ValueError(f"{name} must be a list of texts")
    if record["kind"] not in set(EntryKind):
        raise ValueError(f"kind {record['kind']!r} is none of {', '.join(EntryKind)}")
    texts = {name: record.get(name, "").strip() for name in _TEXTS if name != "kind"}
    lists: dict[str, Any] = {name: tuple(record.get(name, ())) for name in _LISTS}
    return Entry(kind=EntryKind(record["kind"]), **texts, **lists)


def load_entries(paths: Iterable[Path]) -> tuple[Entry, ...]:
    """Read glossary files; a later file's entry replaces an earlier one of the same id.

    Raises ResourceError naming file, line and reason.
    """
    entries: dict[str, Entry] = {}
    for path in paths:
        if not path.is_file():
            raise ResourceError(f"{path}: no such glossary file")
        seen: set[str] = set()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if not line.strip():
                continue
            try:
                entry = parse_entry(json.loads(line))
            except ValueError as error:
                raise ResourceError(f"{path}:{number}: {error}") from None
            if entry.id in seen:
                raise ResourceError(f"{path}:{number}: id {entry.id} is used twice")
            seen.add(entry.id)
            entries[entry.id] = entry
    return tuple(entries.values())


def dump_entries(entries: Sequence[Entry]) -> str:
    """Entries as sorted JSONL without empty fields, so that the file lives well in version control."""
    lines = []
    for entry in sorted(entries, key=lambda e: e.id):
        record: dict[str, str | list[str]] = {"id": entry.id, "canonical": entry.canonical, "kind": str(entry.kind)}
        for name in ("surname", *_LISTS, "note", "provenance"):
            if value := getattr(entry, name):
                record[name] = list(value) if isinstance(value, tuple) else value
        lines.append(json.dumps(record, ensure_ascii=False) + "\n")
    return "".join(lines)
