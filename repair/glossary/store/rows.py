"""Entries as rows of the tables, and back again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import RowMapping

from repair.glossary.model import FORMS, Entry, EntryKind, Status
from repair.text import fold

_SINGLE = ("canonical", "surname")
_TEXTS = ("note", "provenance", "valid_from", "valid_to")


def entry_row(entry: Entry, version: int) -> dict[str, object]:
    """The row of `entries`."""
    texts = {name: getattr(entry, name) for name in ("id", *_TEXTS)}
    lists = {"roles": list(entry.roles)}
    return {"kind": str(entry.kind), "status": str(entry.status), "version": version, **texts, **lists}


def form_rows(entry: Entry) -> list[dict[str, object]]:
    """The rows of `forms`, one for every form in its role."""
    listed = [(role, 0, getattr(entry, role)) for role in _SINGLE if getattr(entry, role)]
    listed += [(role, position, form) for role in FORMS for position, form in enumerate(getattr(entry, role))]
    return [
        {
            "entry_id": entry.id, "role": role, "position": position, "text": form, "folded": fold(form),
            "exact": form in entry.exact, "inside": form in entry.inside and role == "corruptions",
        }
        for role, position, form in listed
    ]  # fmt: skip


def entry_of(row: RowMapping, forms: Iterable[RowMapping]) -> Entry:
    """The entry of a row of `entries` and its rows of `forms`, which are in order of position."""
    kept = list(forms)
    singles = dict.fromkeys(_SINGLE, "") | {f["role"]: f["text"] for f in kept if f["role"] in _SINGLE}
    lists: dict[str, Any] = {role: tuple(f["text"] for f in kept if f["role"] == role) for role in FORMS}
    lists |= {flag: tuple(sorted({f["text"] for f in kept if f[flag]})) for flag in ("exact", "inside")}
    return Entry(
        id=row["id"], kind=EntryKind(row["kind"]), status=Status(row["status"]), roles=tuple(row["roles"]),
        **singles, **lists, **{name: row[name] for name in _TEXTS},
    )  # fmt: skip
