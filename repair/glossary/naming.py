"""Ids for new entries."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from repair.glossary.model import EntryKind


def fresh_id(canonical: str, kind: EntryKind, is_taken: Callable[[str], bool]) -> str:
    """A readable id that nothing has yet.

    >>> fresh_id("Steve Witkoff", EntryKind.PERSON, {"person-steve-witkoff"}.__contains__)
    'person-steve-witkoff-2'
    """
    ascii_form = unicodedata.normalize("NFKD", canonical).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_form).strip("-") or "name"
    name, number = f"{kind}-{slug}", 2
    while is_taken(name):
        name, number = f"{kind}-{slug}-{number}", number + 1
    return name
