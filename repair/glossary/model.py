"""Glossary entries and the JSONL text form they live in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from repair.errors import ResourceError

_Choice = TypeVar("_Choice", bound=StrEnum)


class EntryKind(StrEnum):
    """What an entry names."""

    PERSON = "person"
    PLACE = "place"
    ORGANISATION = "organisation"
    MEDIA = "media"
    WORK = "work"
    EVENT = "event"
    TERM = "term"


class Status(StrEnum):
    """What editors think of an entry: proposed ones never change a text, rejected and retired ones are not used."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Entry:
    """A name that is known to be right.

    surname: the part that stands alone in later mentions (persons). aliases: other right forms. corruptions: observed
    wrong forms that can mean nothing else. house: right forms of old that house style replaces. forbidden: forms that
    are not to be written, mended like those of house style. rejected: forms that somebody took for this name and that
    are something else. exact: forms whose capitals matter. inside: corruptions that are found within longer words, too.
    roles: words found beside the name. provenance: where the entry comes from. valid_from, valid_to: dates (2025,
    2025-01 or 2025-01-20), for readers.
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
    forbidden: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    valid_from: str = ""
    valid_to: str = ""
    status: Status = Status.APPROVED

    @property
    def right_forms(self) -> tuple[str, ...]:
        """Every spelling that must be left alone."""
        return tuple(dict.fromkeys(form for form in (self.canonical, self.surname, *self.aliases) if form))

    @property
    def wrong_forms(self) -> tuple[str, ...]:
        """Every spelling that is to be replaced."""
        return tuple(dict.fromkeys((*self.corruptions, *self.house, *self.forbidden)))


FORMS = ("aliases", "corruptions", "house", "forbidden", "rejected")
_LISTS = (*FORMS, "exact", "inside", "roles")
_TEXTS = ("id", "canonical", "kind", "surname", "note", "provenance", "valid_from", "valid_to", "status")
FIELDS = ("id", "canonical", "kind", "surname", *_LISTS, "note", "provenance", "valid_from", "valid_to", "status")
# what XML, PostgreSQL or a line of text cannot hold
_UNWRITABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


def parse_entry(record: object) -> Entry:
    """One JSON record as an entry; blanks around texts and doubles in lists go. Raises ValueError with the reason.

    >>> parse_entry({"id": "p-1", "canonical": "Steve Witkoff", "kind": "person", "surname": "Witkoff"}).right_forms
    ('Steve Witkoff', 'Witkoff')
    """
    if not isinstance(record, dict):
        raise ValueError("not a JSON object")
    if unknown := record.keys() - {*_LISTS, *_TEXTS}:
        raise ValueError(f"unknown field {', '.join(sorted(unknown))}")
    for name in _TEXTS:
        if not isinstance(record.get(name, ""), str):
            raise ValueError(f"{name} must be a text")
    for name in ("id", "canonical"):
        if not record.get(name, "").strip():
            raise ValueError(f"{name} is missing")
    for name in _LISTS:
        value = record.get(name, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            raise ValueError(f"{name} must be a list of texts")
    texts = {name: record.get(name, "").strip() for name in _TEXTS}
    lists: dict[str, Any] = {n: tuple(dict.fromkeys(item.strip() for item in record.get(n, ()))) for n in _LISTS}
    for name in ("exact", "inside"):  # these say something about forms listed elsewhere; their order says nothing
        lists[name] = tuple(sorted(lists[name]))
    kind = _choice(EntryKind, "kind", texts.pop("kind") or EntryKind.TERM)
    status = _choice(Status, "status", texts.pop("status") or Status.APPROVED)
    entry = Entry(kind=kind, status=status, **texts, **lists)
    if fault := fault_of(entry):
        raise ValueError(fault)
    return entry


def _choice(choices: type[_Choice], name: str, value: str) -> _Choice:
    if value not in set(choices):
        raise ValueError(f"{name} {value!r} is none of {', '.join(choices)}")
    return choices(value)


def fault_of(entry: Entry) -> str | None:
    """What is wrong with an entry, or None.

    >>> fault_of(Entry("p-1", "Steve Witkoff", EntryKind.PERSON, aliases=("Whitaker",), rejected=("Whitaker",)))
    "'Whitaker' is rejected for p-1, and among its aliases"
    """
    for name in _TEXTS + _LISTS:
        value = getattr(entry, name)
        for text in value if isinstance(value, tuple) else (value,):
            if found := _UNWRITABLE.search(text):
                return f"{name} holds the character U+{ord(found[0]):04X}; take it out"
    for name in ("valid_from", "valid_to"):
        if (value := getattr(entry, name)) and not _DATE.fullmatch(value):
            return f"{name} {value!r} is no date; write 2025, 2025-01 or 2025-01-20"
    if entry.valid_from and entry.valid_to and entry.valid_to < entry.valid_from[: len(entry.valid_to)]:
        return f"valid_to {entry.valid_to} is before valid_from {entry.valid_from}"
    for name in ("aliases", "corruptions", "house", "forbidden"):
        if both := sorted(set(getattr(entry, name)) & set(entry.rejected)):
            return f"{both[0]!r} is rejected for {entry.id}, and among its {name}"
    if strange := sorted({*entry.exact} - {*entry.right_forms, *entry.wrong_forms}):
        return f"exact names {strange[0]!r}, which is no form of {entry.id}"
    if strange := sorted({*entry.inside} - {*entry.corruptions}):
        return f"inside names {strange[0]!r}, which is no corruption of {entry.id}"
    if both := sorted({*entry.right_forms} & {*entry.wrong_forms, *entry.rejected}):
        return f"{both[0]!r} is a right and a wrong form of {entry.id} at once"
    return None


def load_entries(paths: Iterable[Path]) -> tuple[Entry, ...]:
    """Read glossary files; a later file's entry replaces an earlier one of the same id.

    Rejected and retired entries are left out. Raises ResourceError naming file, line and reason.
    """
    entries: dict[str, Entry] = {}
    for path in paths:
        if not path.is_file():
            raise ResourceError(f"{path}: no such glossary file")
        seen: set[str] = set()
        for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
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
    return tuple(entry for entry in entries.values() if in_use(entry))


def in_use(entry: Entry) -> bool:
    """Whether runs look at an entry."""
    return entry.status in (Status.APPROVED, Status.PROPOSED)


def entry_record(entry: Entry) -> dict[str, str | list[str]]:
    """An entry as the record that `parse_entry` reads, without empty fields.

    >>> entry_record(Entry("g-1", "Kyiv", EntryKind.PLACE, house=("Kiev",)))
    {'id': 'g-1', 'canonical': 'Kyiv', 'kind': 'place', 'house': ['Kiev']}
    """
    record: dict[str, str | list[str]] = {"id": entry.id, "canonical": entry.canonical, "kind": str(entry.kind)}
    for name in FIELDS[3:]:
        value = getattr(entry, name)
        if value and value is not Status.APPROVED:
            record[name] = list(value) if isinstance(value, tuple) else str(value)
    return record


def dump_entries(entries: Sequence[Entry]) -> str:
    """Entries as sorted JSONL without empty fields, so that the file lives well in version control."""
    ordered = sorted(entries, key=lambda e: e.id)
    return "".join(json.dumps(entry_record(entry), ensure_ascii=False) + "\n" for entry in ordered)
