"""Glossary files in their three formats, whatever is wrong with some of their rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from repair.errors import InputError
from repair.glossary import spreadsheet, tbx
from repair.glossary.model import Entry, dump_entries, parse_entry

Rows = Iterator[tuple[int, object]]  # line and record, or line and a text that says what is wrong


class Format(StrEnum):
    """The text form, a table for spreadsheets, and the exchange format of terminology tools (ISO 30042)."""

    JSONL = "jsonl"
    CSV = "csv"
    TBX = "tbx"


@dataclass(frozen=True, slots=True)
class Reading:
    """The sound entries of a file, in its order, and what is wrong with the others: place and reason."""

    entries: tuple[Entry, ...]
    faults: tuple[str, ...]


def format_of(path: Path) -> Format:
    """The format that the ending of a path names. Raises InputError for another ending."""
    ending = path.suffix.lower().removeprefix(".").replace("xml", "tbx")
    if ending not in set(Format):
        raise InputError(f"{path}: the ending names no format; use .jsonl, .csv or .tbx, or say --format")
    return Format(ending)


def read_entries(data: bytes, source: str, form: Format) -> Reading:
    """The entries of a file. Raises InputError for one that cannot be read at all.

    >>> read_entries(b'{"id": "g-1", "canonical": "Kyiv"}\\n{"id": "g-1"}\\n', "a.jsonl", Format.JSONL).faults
    ('a.jsonl:2: canonical is missing',)
    """
    try:
        rows = _READERS[form](data)
        return _sound(rows, source)
    except ValueError as error:
        raise InputError(f"{source}: {error}") from error


def write_entries(entries: Iterable[Entry], form: Format) -> bytes:
    """Entries as a file, sorted by id."""
    ordered = sorted(entries, key=lambda entry: entry.id)
    match form:
        case Format.JSONL:
            return dump_entries(ordered).encode()
        case Format.CSV:
            return spreadsheet.write(ordered)
        case Format.TBX:
            return tbx.write(ordered)


def _sound(rows: Rows, source: str) -> Reading:
    entries: dict[str, Entry] = {}
    faults: list[str] = []
    lines: dict[str, int] = {}
    for line, record in rows:
        try:
            if isinstance(record, str):
                raise ValueError(record)
            entry = parse_entry(record)
            if entry.id in entries:
                raise ValueError(f"the id {entry.id} is used in line {lines[entry.id]} already")
        except ValueError as error:
            faults.append(f"{source}:{line}: {error}")
            continue
        entries[entry.id], lines[entry.id] = entry, line
    return Reading(tuple(entries.values()), tuple(faults))


def _json_lines(data: bytes) -> Rows:
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            yield number, json.loads(line.decode())
        except UnicodeDecodeError as error:
            yield number, f"not UTF-8 ({error.reason})"
        except (ValueError, RecursionError) as error:
            yield number, f"no JSON: {error}"


_READERS: Mapping[Format, Callable[[bytes], Rows]] = {
    Format.JSONL: _json_lines,
    Format.CSV: spreadsheet.read,
    Format.TBX: tbx.read,
}
