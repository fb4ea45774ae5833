"""The store keeps every judgement, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DatabaseError

from repair.errors import InputError, ResourceError
from repair.glossary.model import Entry, EntryKind, Status, fault_of
from repair.glossary.store.judgement import Change, ConflictError, Kept, Record, RefusedError
from repair.glossary.store.store import Store, open_store
from repair.glossary.store.tables import metadata
from tests.glossary.test_model import ENTRIES

WITKOFF = Entry("p-witkoff", "Steve Witkoff", EntryKind.PERSON, "Witkoff", roles=("envoy",), exact=("Witkoff",))


def add(store: Store, entry: Entry = WITKOFF) -> Kept:
    store.record(Change(entry, 0, Status.APPROVED), who="anna")
    return store.get(entry.id)


def accept(store: Store, surface: str, **more: object) -> int:
    kept = store.get(WITKOFF.id)
    entry = replace(kept.entry, corruptions=(*kept.entry.corruptions, surface))
    change = Change(entry, kept.version, Status.APPROVED, surface=surface, **more)  # type: ignore[arg-type]
    return store.record(change, who="ben").id


def reject(store: Store, surface: str) -> int:
    kept = store.get(WITKOFF.id)
    entry = replace(kept.entry, rejected=(*kept.entry.rejected, surface))
    return store.record(Change(entry, kept.version, Status.REJECTED, surface=surface), who="ben").id


def test_the_migrations_make_the_tables_that_the_code_expects(store: Store) -> None:
    with store._engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_what_is_written_is_read(store: Store) -> None:
    assert add(store) == Kept(WITKOFF, 1)
    assert store.find("WITKOFF") == store.find("steve") == store.find("p-wit") == store.all() == [Kept(WITKOFF, 1)]
    assert store.with_form("witkoff") == store.find(kind=EntryKind.PERSON, status=Status.APPROVED) != []
    assert store.find("%") == store.find("zebra") == store.with_form("wit") == store.find(kind=EntryKind.PLACE) == []
    assert store.counts()["form"] == {"canonical": 1, "surname": 1}
    with pytest.raises(InputError, match="no entry has the id"):
        store.get("p-nobody")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(st.lists(ENTRIES, max_size=4, unique_by=lambda e: e.id))
def test_every_entry_survives_the_store(store: Store, entries: list[Entry]) -> None:
    changes = []
    there = {kept.entry.id: kept for kept in store.all()}
    for entry in entries:
        old = there.get(entry.id, Kept(entry, 0))
        # what was rejected in an earlier example stays so, and can be no right form now
        sound = replace(entry, rejected=tuple(dict.fromkeys((*old.entry.rejected, *entry.rejected))))
        if fault_of(sound) is None:
            changes.append(Change(sound if old.version else entry, old.version, entry.status))
    store.record_all(changes, who="anna")
    assert [store.get(change.entry.id).entry for change in changes] == [change.entry for change in changes]


def test_a_conflict_carries_both_versions_and_loses_neither(store: Store) -> None:
    read = add(store)
    accept(store, "Whitchov")
    yours = Change(replace(read.entry, note="US envoy"), read.version, Status.APPROVED)
    with pytest.raises(ConflictError) as caught:
        store.record(yours, who="carl")
    assert caught.value.yours == yours and caught.value.theirs == store.get(WITKOFF.id)
    assert caught.value.theirs.entry.corruptions == ("Whitchov",) and caught.value.theirs.version == 2
    assert [(d.field, d.before, d.after) for d in caught.value.differences] == [
        ("corruptions", ("Whitchov",), ()),
        ("note", "", "US envoy"),
    ]
    with pytest.raises(ConflictError):
        add(store)
    with pytest.raises(InputError, match="add it first"):
        store.record(Change(replace(WITKOFF, id="p-2"), 3, Status.APPROVED), who="carl")


def test_several_changes_are_made_together_or_not_at_all(store: Store) -> None:
    add(store)
    other = Entry("g-1", "Kyiv", EntryKind.PLACE)
    with pytest.raises(ConflictError):
        store.record_all([Change(other, 0, Status.APPROVED), Change(WITKOFF, 0, Status.APPROVED)], who="anna")
    assert [kept.entry.id for kept in store.all()] == [WITKOFF.id] and len(store.history()) == 1


def test_a_judgement_of_one_key_is_made_once(store: Store) -> None:
    add(store)
    first = accept(store, "Whitchov", key="k-1")
    change = Change(WITKOFF, 1, Status.APPROVED, surface="Whitchov", key="k-1")
    assert store.record(change, who="ben").id == first
    assert store.get(WITKOFF.id).version == 2


def test_history_is_append_only_whoever_tries(store: Store) -> None:
    add(store)
    for statement in ("UPDATE judgements SET who = 'carl'", "DELETE FROM judgements"):
        with pytest.raises(DatabaseError, match="append-only"), store._engine.begin() as connection:
            connection.execute(text(statement))
    [judgement] = store.history()
    assert (judgement.who, judgement.verdict, judgement.before, judgement.after) == ("anna", "approved", None, WITKOFF)
    assert judgement.at.endswith("+00:00")


def test_undo_is_a_new_judgement_that_keeps_what_came_later(store: Store) -> None:
    add(store)
    first = accept(store, "Whitchov")
    accept(store, "Witkeov")
    undo = store.undo(first, who="carl", why="somebody is called that")
    assert store.get(WITKOFF.id).entry.corruptions == ("Witkeov",)
    assert (undo.undoes, undo.who, undo.surface) == (first, "carl", "Whitchov")
    with pytest.raises(RefusedError, match=f"taken back by {undo.id}"):
        store.undo(first, who="carl")
    store.undo(undo.id, who="anna")
    assert set(store.get(WITKOFF.id).entry.corruptions) == {"Whitchov", "Witkeov"}
    store.undo(first, who="carl")  # as its undoing was undone
    assert len(store.history()) == 6


def test_undo_refuses_to_overwrite_what_changed_again(store: Store) -> None:
    kept = add(store)
    second = store.record(Change(replace(kept.entry, note="a"), 1, Status.APPROVED), who="anna")
    store.record(Change(replace(kept.entry, note="b"), 2, Status.APPROVED), who="ben")
    with pytest.raises(RefusedError, match="note has changed again"):
        store.undo(second.id, who="anna")
    with pytest.raises(InputError, match="no judgement"):
        store.undo(99, who="anna")


def test_undoing_an_addition_rejects_the_entry(store: Store) -> None:
    add(store)
    store.undo(store.history()[0].id, who="ben")
    assert store.get(WITKOFF.id).entry.status is Status.REJECTED


def test_a_rejected_pair_never_comes_back_but_by_undo(store: Store) -> None:
    add(store)
    rejection = reject(store, "Whitaker")
    kept = store.get(WITKOFF.id)
    with pytest.raises(RefusedError, match="for good"):
        store.record(Change(replace(kept.entry, rejected=()), kept.version, Status.APPROVED), who="carl")
    with pytest.raises(InputError, match="rejected for p-witkoff"):
        accept(store, "Whitaker")
    store.undo(rejection, who="ben")
    accept(store, "Whitaker")


def test_entries_with_a_poor_record_are_demoted_once(store: Store) -> None:
    add(store)
    accept(store, "Whitchov")
    for surface in ("Whitaker", "Wittke", "Witkam"):
        reject(store, surface)
    undone = reject(store, "Witkov")
    store.undo(undone, who="anna")
    assert store.records() == {WITKOFF.id: Record(1, 3)} and store.demote(who="auto") == []
    reject(store, "Vitková")
    [demoted] = store.demote(who="auto")
    assert demoted.why == "1 of 5 past decisions were right" and store.demote(who="auto") == []
    kept = store.get(WITKOFF.id)
    assert kept.entry.status is Status.PROPOSED
    store.record(Change(replace(kept.entry, status=Status.APPROVED), kept.version, Status.APPROVED), who="anna")
    assert store.records() == {} and store.demote(who="auto") == []  # approved anew in knowledge of all that


def test_writers_at_once_lose_nothing(database: str) -> None:
    def write(number: int) -> None:
        with open_store(database) as own:
            while True:
                kept = own.get(WITKOFF.id)
                entry = replace(kept.entry, corruptions=(*kept.entry.corruptions, f"W{number}"))
                try:
                    own.record(Change(entry, kept.version, Status.APPROVED, surface=f"W{number}"), who=str(number))
                    return
                except ConflictError:
                    continue

    with open_store(database) as store:
        add(store)
        with ThreadPoolExecutor(6) as pool:
            list(pool.map(write, range(24)))
        kept = store.get(WITKOFF.id)
    assert kept.version == 25 and set(kept.entry.corruptions) == {f"W{n}" for n in range(24)}


def test_many_may_open_an_empty_database_at_once(database: str) -> None:
    with ThreadPoolExecutor(6) as pool:
        for store in pool.map(lambda _: open_store(database), range(6)):
            assert store.all() == []
            store.close()


def test_a_database_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("no database at all, but long enough to be read as one" * 20, "utf-8")
    for where in (str(tmp_path / "x.db"), str(tmp_path), "postgresql://nobody@127.0.0.1:1/x", "nosuch://x"):
        with pytest.raises(ResourceError, match="--db"):
            open_store(where)


def test_a_database_of_a_later_version_is_refused(tmp_path: Path) -> None:
    where = tmp_path / "x.db"
    open_store(str(where)).close()
    engine = create_engine(f"sqlite:///{where}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(ResourceError, match="later version"):
        open_store(str(where))
