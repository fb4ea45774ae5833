"""What somebody decided about an entry, and what is to be decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from uuid import uuid4

from repair.errors import RepairError
from repair.glossary.diff import Difference, differences
from repair.glossary.model import Entry, Status


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry as the store has it; `version` counts the judgements on it."""

    entry: Entry
    version: int


@dataclass(frozen=True, slots=True)
class Change:
    """An entry as somebody wants it, and the judgement that this makes.

    version: of the entry as it was read; 0 for a new one. surface: the form that the judgement is about, empty for the
    entry as a whole. key: two changes of one key are one, so that a writer that was cut off may try again. undoes: the
    id of the judgement that is taken back.
    """

    entry: Entry
    version: int
    verdict: Status
    why: str = ""
    surface: str = ""
    key: str = field(default_factory=lambda: uuid4().hex)
    undoes: int | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """A change that was made: by whom, when (UTC), why, and the entry before and after it."""

    id: int
    key: str
    entry_id: str
    version: int
    verdict: Status
    surface: str
    who: str
    at: str
    why: str
    undoes: int | None
    before: Entry | None
    after: Entry

    def __str__(self) -> str:
        about = f" {self.surface!r}" if self.surface else ""
        what = [str(d) for d in differences(self.before, self.after)] if self.before else ["new"]
        undone = f"; takes {self.undoes} back" if self.undoes else ""
        why = f"; {self.why}" if self.why else ""
        return f"{self.id} {self.at} {self.who}: {self.entry_id}{about} {self.verdict}{undone}{why} ({'; '.join(what)})"


class ConflictError(RepairError):
    """Somebody else changed the entry since it was read. `yours` was not written, `theirs` is in the store."""

    def __init__(self, yours: Change, theirs: Kept) -> None:
        self.yours, self.theirs = yours, theirs
        differ = "; ".join(f"{d.field}: theirs {d.before!r}, yours {d.after!r}" for d in self.differences)
        super().__init__(
            f"{theirs.entry.id}: version {theirs.version} is there, yours was made from version {yours.version}"
            f" ({differ or 'both say the same'}); look at both and try again"
        )

    @property
    def differences(self) -> list[Difference]:
        """Where the two differ: `before` is theirs, `after` yours."""
        return differences(self.theirs.entry, self.yours.entry)


class RefusedError(RepairError):
    """A judgement that the rules of the glossary forbid."""


def standing(judgements: Iterable[Judgement]) -> Iterator[Judgement]:
    """The judgements that no later one took back, newest first; those that take back are left out."""
    undone: set[int] = set()
    for judgement in sorted(judgements, key=lambda j: -j.id):
        if judgement.id not in undone:
            if judgement.undoes is None:
                yield judgement
            else:
                undone.add(judgement.undoes)


@dataclass(frozen=True, slots=True)
class Record:
    """How often editors accepted and refused what was taken for an entry's name, since the entry was last approved."""

    right: int
    wrong: int

    @property
    def precision(self) -> float:
        """The share that was accepted."""
        return self.right / (self.right + self.wrong)


def records(judgements: Iterable[Judgement]) -> Mapping[str, Record]:
    """Past decisions by entry id; entries without any are left out.

    Approving an entry anew wipes its slate: what was decided before counts no more.
    """
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    wiped: set[str] = set()
    for judgement in standing(judgements):
        if judgement.entry_id in wiped:
            continue
        if not judgement.surface:
            was = judgement.before.status if judgement.before else None
            if judgement.verdict is Status.APPROVED is not was:
                wiped.add(judgement.entry_id)
        elif judgement.verdict is Status.APPROVED:
            right[judgement.entry_id] += 1
        elif judgement.verdict is Status.REJECTED:
            wrong[judgement.entry_id] += 1
    return {name: Record(right[name], wrong[name]) for name in sorted(right.keys() | wrong.keys())}
