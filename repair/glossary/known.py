"""Names that clean news uses, counted: what must be left alone, and what an unlisted mangled name may have been."""

from __future__ import annotations

import lzma
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from repair.errors import ResourceError
from repair.glossary.model import Entry, EntryKind

PREFIX = "seen:"  # of the ids of entries that are only counted, not kept by an editor
_LEAST = 5  # articles that must use a name before it is offered as a repair


@dataclass(frozen=True, eq=False)
class KnownNames:
    """Names of one to three words with the number of clean articles that use them; 0 for those out of name lists.

    >>> known = KnownNames({"Southwark": 7, "Konstantin Petrov": 6, "Abecassis": 0})
    >>> "Abecassis" in known, "Petrov" in known, [entry.canonical for entry in known.entries()]
    (True, False, ['Konstantin Petrov', 'Southwark'])
    """

    counts: Mapping[str, int]

    def __contains__(self, word: str) -> bool:
        return word in self.counts

    def count(self, name: str) -> int:
        """Clean articles that use a name."""
        return self.counts.get(name, 0)

    @cached_property
    def _entries(self) -> tuple[Entry, ...]:
        return tuple(
            Entry(PREFIX + name, name, EntryKind.PERSON if " " in name else EntryKind.TERM, provenance="counted")
            for name, count in sorted(self.counts.items())
            if count >= _LEAST
        )

    def entries(self) -> tuple[Entry, ...]:
        """The names that enough articles use, as entries to match against."""
        return self._entries


@lru_cache(maxsize=2)
def known_names(path: Path) -> KnownNames:
    """Read `name<TAB>articles` lines. Raises ResourceError naming file and line."""
    return KnownNames(dict(_rows(path)))


def _rows(path: Path) -> Iterator[tuple[str, int]]:
    try:
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                name, _, count = line.rstrip("\n").partition("\t")
                if not name or not count.isdecimal():
                    raise ResourceError(f"{path}:{number}: expected name<TAB>articles, got {line.rstrip()!r}")
                yield name, int(count)
    except (OSError, lzma.LZMAError, UnicodeDecodeError) as error:
        raise ResourceError(f"{path}: cannot read the known names: {error}") from None
