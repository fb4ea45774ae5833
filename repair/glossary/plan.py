"""What an import would change, before it changes anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from repair.glossary.diff import Difference, differences
from repair.glossary.model import Entry, Status


@dataclass(frozen=True, slots=True)
class Plan:
    """Entries that are new, those that would change (with how), how many stay, and those that cannot be taken."""

    new: tuple[Entry, ...]
    changed: tuple[tuple[Entry, tuple[Difference, ...]], ...]
    same: int
    refused: tuple[str, ...]


def plan_import(incoming: Iterable[Entry], there: Mapping[str, Entry]) -> Plan:
    """Compare entries with those that are there by id.

    Rejections stay: a form that was rejected for an entry is not brought back by a file, nor a rejected entry.

    >>> from repair.glossary.model import EntryKind
    >>> kyiv = Entry("g-1", "Kyiv", EntryKind.PLACE)
    >>> plan = plan_import([replace(kyiv, house=("Kiev",))], {"g-1": kyiv})
    >>> [str(difference) for difference in plan.changed[0][1]]
    ['house: – → Kiev']
    """
    new: list[Entry] = []
    changed: list[tuple[Entry, tuple[Difference, ...]]] = []
    refused: list[str] = []
    same = 0
    for entry in incoming:
        old = there.get(entry.id)
        if old is None:
            new.append(entry)
            continue
        back = sorted({*old.rejected} & {*entry.right_forms, *entry.wrong_forms})
        if old.status is Status.REJECTED is not entry.status:
            refused.append(f"{entry.id}: the entry was rejected; undo that judgement first")
        elif back:
            refused.append(f"{entry.id}: {back[0]!r} was rejected for this entry; undo that judgement first")
        else:
            kept = (*old.rejected, *(form for form in entry.rejected if form not in old.rejected))
            whole = entry if {*kept} == {*entry.rejected} else replace(entry, rejected=kept)
            if found := differences(old, whole):
                changed.append((whole, tuple(found)))
            else:
                same += 1
    return Plan(tuple(new), tuple(changed), same, tuple(refused))
