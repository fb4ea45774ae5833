"""The store: reads entries and judgements, and is the only one that writes them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Self

from sqlalchemy import Connection, Engine, RowMapping, Select, and_, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from repair.errors import InputError
from repair.glossary.diff import without
from repair.glossary.model import Entry, EntryKind, Status, entry_record, parse_entry
from repair.glossary.store import tables
from repair.glossary.store.database import open_engine, writing
from repair.glossary.store.judgement import Change, ConflictError, Judgement, Kept, Record, RefusedError, records
from repair.glossary.store.rows import entry_of, entry_row, form_rows
from repair.text import fold

_entries, _forms, _judgements = tables.entries, tables.forms, tables.judgements
_MANY = 500  # ids that are named in one query
LEAST_DECISIONS = 5  # before a poor record says anything
LEAST_PRECISION = 0.9  # below which an entry is for review only


def open_store(where: str) -> Store:
    """Open a SQLite file or a database URL; tables are made where there are none. Raises ResourceError.

    >>> from repair.glossary.model import Entry, EntryKind
    >>> store = open_store("sqlite://")  # in memory
    >>> kyiv = Entry("g-1", "Kyiv", EntryKind.PLACE, house=("Kiev",))
    >>> judgement = store.record(Change(kyiv, 0, Status.APPROVED), who="anna")
    >>> store.get("g-1").entry == kyiv, store.get("g-1").version
    (True, 1)
    """
    return Store(open_engine(where))


class Store:
    """A glossary in a database. Several processes may use the same one."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writing = writing(engine)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of all connections."""
        self._engine.dispose()

    # --- reading

    def get(self, entry_id: str) -> Kept:
        """The entry of an id. Raises InputError where there is none."""
        with self._engine.begin() as connection:
            kept = _kept(connection, entry_id)
        if kept is None:
            raise InputError(f"no entry has the id {entry_id!r}; `repair glossary list TEXT` finds entries by name")
        return kept

    def all(self) -> list[Kept]:
        """Every entry, by id."""
        return self.find()

    def find(
        self,
        text: str = "",
        *,
        kind: EntryKind | None = None,
        status: Status | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Kept]:
        """The entries with `text` in a form (capitals and hyphens aside) or in the id, by id."""
        query = select(_entries).order_by(_entries.c.id).limit(limit).offset(offset)
        if text:
            named = select(_forms.c.entry_id).where(_forms.c.folded.contains(fold(text), autoescape=True))
            query = query.where(or_(_entries.c.id.in_(named), _entries.c.id.contains(text, autoescape=True)))
        if kind:
            query = query.where(_entries.c.kind == str(kind))
        if status:
            query = query.where(_entries.c.status == str(status))
        with self._engine.begin() as connection:
            return _whole(connection, query)

    def with_form(self, form: str) -> list[Kept]:
        """The entries that list a form in any role, also among the rejected ones; capitals and hyphens aside."""
        named = select(_forms.c.entry_id).where(_forms.c.folded == fold(form))
        with self._engine.begin() as connection:
            return _whole(connection, select(_entries).where(_entries.c.id.in_(named)).order_by(_entries.c.id))

    def history(self, entry_id: str | None = None, *, limit: int | None = None) -> list[Judgement]:
        """The judgements, newest first, on one entry or on all."""
        query = _judged().order_by(_judgements.c.id.desc()).limit(limit)
        if entry_id is not None:
            query = query.where(_judgements.c.entry_id == entry_id)
        with self._engine.begin() as connection:
            return [_judgement(row) for row in connection.execute(query).mappings()]

    def records(self) -> Mapping[str, Record]:
        """Past decisions on what was taken for an entry's name, by entry."""
        return records(self.history())

    def counts(self) -> dict[str, dict[str, int]]:
        """Entries by kind and by status, forms by role, judgements by verdict and by person."""
        columns = {
            "kind": _entries.c.kind, "status": _entries.c.status, "form": _forms.c.role,
            "verdict": _judgements.c.verdict, "person": _judgements.c.who,
        }  # fmt: skip
        with self._engine.begin() as connection:
            return {
                name: {
                    str(value): int(count)
                    for value, count in connection.execute(
                        select(column, func.count()).group_by(column).order_by(column)
                    )
                }
                for name, column in columns.items()
            }

    # --- writing

    def record(self, change: Change, *, who: str) -> Judgement:
        """Make one change. Raises as `record_all` does."""
        [judgement] = self.record_all([change], who=who)
        return judgement

    def record_all(self, changes: Sequence[Change], *, who: str) -> list[Judgement]:
        """Make all changes or none, and return their judgements; one whose key is known is not made again.

        Raises ConflictError where an entry is not what it was when it was read, RefusedError for a rejected form that
        would come back, and InputError for an entry that is not sound.
        """
        at = datetime.now(UTC).isoformat(timespec="seconds")
        sound = [(change, _sound(change.entry)) for change in changes]
        for last in (False, True):
            try:
                with self._writing.begin() as connection:
                    keys = [_write(connection, change, entry, who, at) for change, entry in sound]
                    return _by_key(connection, keys)
            except IntegrityError:  # somebody inserted the same entry or key at once; now that it is there, look again
                if last:
                    raise
        raise AssertionError("not reached")

    def undo(self, judgement_id: int, *, who: str, why: str = "") -> Judgement:
        """Take a judgement back by a new one; what others changed since stays. Raises RefusedError where it cannot."""
        judged = {judgement.id: judgement for judgement in self.history()}
        if judgement_id not in judged:
            raise InputError(f"no judgement has the number {judgement_id}; `repair glossary history` shows them")
        judgement = judged[judgement_id]
        undoers = {j.undoes: j.id for j in sorted(judged.values(), key=lambda j: j.id) if j.undoes}
        if (undoer := undoers.get(judgement_id)) and not _is_undone(undoer, undoers):
            raise RefusedError(f"judgement {judgement_id} was taken back by {undoer}; undo that one instead")
        kept = self.get(judgement.entry_id)
        try:
            entry = _taken_back(kept.entry, judgement)
        except ValueError as error:
            raise RefusedError(f"judgement {judgement_id} cannot be taken back: {error}") from error
        change = Change(entry, kept.version, entry.status, why, judgement.surface, undoes=judgement_id)
        return self.record(change, who=who)

    def demote(self, *, who: str) -> list[Judgement]:
        """Put approved entries with a poor record back to `proposed`, so that they are for review only."""
        changes = []
        for entry_id, record in self.records().items():
            kept = self.get(entry_id)
            decided = record.right + record.wrong
            poor = decided >= LEAST_DECISIONS and record.precision < LEAST_PRECISION
            if poor and kept.entry.status is Status.APPROVED:
                why = f"{record.right} of {decided} past decisions were right"
                changes.append(Change(_with_status(kept.entry, Status.PROPOSED), kept.version, Status.PROPOSED, why))
        return self.record_all(changes, who=who) if changes else []


def _sound(entry: Entry) -> Entry:
    """The entry as its text form would give it back."""
    try:
        return parse_entry(entry_record(entry))
    except ValueError as error:
        raise InputError(f"{entry.id or 'entry'}: {error}") from error


def _write(connection: Connection, change: Change, entry: Entry, who: str, at: str) -> str:
    if connection.execute(select(_judgements.c.id).where(_judgements.c.key == change.key)).first():
        return change.key
    version = change.version + 1
    if change.version:
        _renew(connection, change, entry)
    elif connection.execute(select(_entries.c.id).where(_entries.c.id == entry.id)).first():
        raise _conflict(connection, change)
    else:
        connection.execute(insert(_entries).values(entry_row(entry, version)))
    connection.execute(insert(_forms), form_rows(entry))
    row = {
        "key": change.key, "entry_id": entry.id, "version": version, "verdict": str(change.verdict),
        "surface": change.surface, "who": who, "at": at, "why": change.why, "undoes": change.undoes,
        "state": entry_record(entry),
    }  # fmt: skip
    connection.execute(insert(_judgements).values(row))
    return change.key


def _renew(connection: Connection, change: Change, entry: Entry) -> None:
    """Write the row of an entry that nobody has changed since, and take its old forms away."""
    there = and_(_entries.c.id == entry.id, _entries.c.version == change.version)
    if connection.execute(update(_entries).where(there).values(entry_row(entry, change.version + 1))).rowcount != 1:
        raise _conflict(connection, change)
    old = (_forms.c.entry_id == entry.id, _forms.c.role == "rejected")
    rejected = connection.execute(select(_forms.c.text).where(*old)).scalars()
    if change.undoes is None and (back := sorted({*rejected} - {*entry.rejected})):
        raise RefusedError(
            f"{back[0]!r} was rejected for {entry.id} for good; `repair glossary history {entry.id}` says by whom,"
            " and `repair glossary undo` takes that judgement back"
        )
    connection.execute(delete(_forms).where(_forms.c.entry_id == entry.id))


def _conflict(connection: Connection, change: Change) -> ConflictError | InputError:
    theirs = _kept(connection, change.entry.id)
    if theirs is None:
        return InputError(f"no entry has the id {change.entry.id!r}; add it first")
    return ConflictError(change, theirs)


def _kept(connection: Connection, entry_id: str) -> Kept | None:
    found = _whole(connection, select(_entries).where(_entries.c.id == entry_id))
    return found[0] if found else None


def _whole(connection: Connection, query: Select[Any]) -> list[Kept]:
    """The entries of a query over `entries`, with their forms."""
    rows = connection.execute(query).mappings().all()
    by_entry: dict[str, list[RowMapping]] = defaultdict(list)
    for start in range(0, len(rows), _MANY):
        ids = [row["id"] for row in rows[start : start + _MANY]]
        of_these = select(_forms).where(_forms.c.entry_id.in_(ids)).order_by(_forms.c.position)
        for form in connection.execute(of_these).mappings():
            by_entry[form["entry_id"]].append(form)
    return [Kept(entry_of(row, by_entry[row["id"]]), row["version"]) for row in sorted(rows, key=lambda r: r["id"])]


def _judged() -> Select[Any]:
    """Judgements, each with the state that the one before it left."""
    earlier = _judgements.alias("earlier")
    same = and_(earlier.c.entry_id == _judgements.c.entry_id, earlier.c.version == _judgements.c.version - 1)
    return select(_judgements, earlier.c.state.label("before")).select_from(_judgements.outerjoin(earlier, same))


def _by_key(connection: Connection, keys: Iterable[str]) -> list[Judgement]:
    wanted = list(keys)
    found: dict[str, Judgement] = {}
    for start in range(0, len(wanted), _MANY):
        query = _judged().where(_judgements.c.key.in_(wanted[start : start + _MANY]))
        found |= {row["key"]: _judgement(row) for row in connection.execute(query).mappings()}
    return [found[key] for key in wanted]


def _judgement(row: RowMapping) -> Judgement:
    before = parse_entry(row["before"]) if row["before"] is not None else None
    plain = {name: row[name] for name in ("id", "key", "entry_id", "version", "surface", "who", "at", "why", "undoes")}
    return Judgement(verdict=Status(row["verdict"]), before=before, after=parse_entry(row["state"]), **plain)


def _is_undone(judgement_id: int, undoers: Mapping[int, int]) -> bool:
    undoer = undoers.get(judgement_id)
    return undoer is not None and not _is_undone(undoer, undoers)


def _taken_back(now: Entry, judgement: Judgement) -> Entry:
    if judgement.before is None:  # nothing is ever deleted
        return _with_status(now, Status.REJECTED)
    return without(now, judgement.before, judgement.after)


def _with_status(entry: Entry, status: Status) -> Entry:
    return parse_entry({**entry_record(entry), "status": str(status)})
