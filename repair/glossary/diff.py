"""What differs between two states of an entry, and how to take a change back out of a later state."""

from __future__ import annotations

from dataclasses import dataclass, replace

from repair.glossary.model import FIELDS, Entry

Value = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A field with its value before and after."""

    field: str
    before: Value
    after: Value

    def __str__(self) -> str:
        return f"{self.field}: {_shown(self.before)} → {_shown(self.after)}"


def differences(before: Entry, after: Entry) -> list[Difference]:
    """The fields that differ, in the order of the text form.

    >>> from repair.glossary.model import EntryKind
    >>> kiev = Entry("g-1", "Kiev", EntryKind.PLACE)
    >>> [str(d) for d in differences(kiev, replace(kiev, canonical="Kyiv", house=("Kiev",)))]
    ['canonical: Kiev → Kyiv', 'house: – → Kiev']
    """
    pairs = ((name, getattr(before, name), getattr(after, name)) for name in FIELDS)
    return [Difference(name, old, new) for name, old, new in pairs if old != new]


def without(now: Entry, before: Entry, after: Entry) -> Entry:
    """`now` without what led from `before` to `after`; later additions to lists stay.

    Raises ValueError naming the field that has changed again since.
    """
    changes: dict[str, Value] = {}
    for d in differences(before, after):
        current: Value = getattr(now, d.field)
        if current == d.after:
            changes[d.field] = d.before
        elif isinstance(current, tuple):
            kept = tuple(item for item in current if item in d.before or item not in d.after)
            changes[d.field] = (*kept, *(item for item in d.before if item not in d.after and item not in kept))
        else:
            raise ValueError(f"{d.field} has changed again since, to {current!r}; undo that first")
    return replace(now, **changes)  # type: ignore[arg-type]


def _shown(value: Value) -> str:
    return (", ".join(value) if isinstance(value, tuple) else value) or "–"
