"""`repair bench store`: many writers, one of them or all of them killed in the middle; what is lost, what is double.

Every writer adds forms to entries that all of them write to. A judgement counts as acknowledged once its writer has
said so on its pipe, which it does after the store has returned. In the middle all writers are killed at once, then
they are started again with what nobody has acknowledged, under the same keys.
"""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess

from repair.glossary.model import Entry, EntryKind, Status
from repair.glossary.store.judgement import Change, ConflictError
from repair.glossary.store.store import open_store

_ENTRIES = 32  # fewer than writers times two, so that they get into each other's way
_WRITER = "bench"
_SPAWN = get_context("spawn")  # a writer that is forked would share its parent's connections


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the judgements. acknowledged_first: before the kill; unheard: in the store, but the kill was
    faster than the acknowledgement; conflicts: writes that were tried again."""

    planned: int
    acknowledged_first: int
    unheard: int
    acknowledged: int
    stored: int
    lost: int
    doubled: int
    conflicts: int
    seconds: float


def run(where: str, *, writers: int = 16, judgements: int = 2000) -> Outcome:
    """Write `judgements` into the empty store `where`, with all writers killed once half of them are acknowledged.

    Raises RuntimeError where a writer fails.
    """
    planned = [(f"k-{n}", f"bench-{n % _ENTRIES}", f"Form {n}") for n in range(judgements)]
    with open_store(where) as store:
        first = [Entry(f"bench-{n}", f"Name {n}", EntryKind.TERM) for n in range(_ENTRIES)]
        store.record_all([Change(entry, 0, Status.APPROVED) for entry in first], who="nobody")
    began = time.perf_counter()
    heard, conflicts = _round(where, planned, writers, until=judgements // 2)
    early = len(heard)
    with open_store(where) as store:
        unheard = len({j.key for j in store.history() if j.who == _WRITER} - heard.keys())
    rest = [task for task in planned if task[0] not in heard]
    again, more = _round(where, rest, writers, until=None)
    heard += again
    seconds = time.perf_counter() - began
    with open_store(where) as store:
        stored = Counter(j.key for j in store.history() if j.who == _WRITER)
        forms = Counter(form for kept in store.all() for form in kept.entry.corruptions)
        versions = sum(kept.version for kept in store.all()) - _ENTRIES
    lost = {key for key in heard if not stored[key]} | {key for key, _, form in planned if not forms[form]}
    doubled = sum(n - 1 for n in stored.values()) + sum(n - 1 for n in forms.values())
    doubled += max(0, versions - len(stored))  # a version without a judgement of its own
    return Outcome(
        judgements, early, unheard, len(heard), stored.total(), len(lost), doubled, conflicts + more, seconds
    )


def _round(
    where: str, tasks: Sequence[tuple[str, str, str]], writers: int, *, until: int | None
) -> tuple[Counter[str], int]:
    """Start the writers; the keys that they acknowledge, and their conflicts, up to the end or to the kill."""
    running: dict[Connection, SpawnProcess] = {}
    for n in range(writers):
        ours, theirs = _SPAWN.Pipe(duplex=False)
        process = _SPAWN.Process(target=_write, args=(where, tasks[n::writers], theirs), daemon=True)
        process.start()
        theirs.close()
        running[ours] = process
    processes = list(running.values())
    heard: Counter[str] = Counter()
    conflicts = 0
    killed = False
    while running:
        for pipe in wait(list(running)):
            assert isinstance(pipe, Connection)
            try:
                key, tries = pipe.recv()
                heard[key] += 1
                conflicts += tries
            except EOFError:
                running.pop(pipe).join()
                pipe.close()
        if until is not None and not killed and heard.total() >= until:
            killed = True
            for process in processes:
                if process.pid is not None and process.is_alive():
                    os.kill(process.pid, signal.SIGKILL)
    if failed := [p.exitcode for p in processes if p.exitcode not in (0, -signal.SIGKILL)]:
        raise RuntimeError(f"a writer ended with {failed[0]}; its message stands above")
    return heard, conflicts


def _write(where: str, tasks: Sequence[tuple[str, str, str]], pipe: Connection) -> None:
    """Add every form to its entry; on a conflict look again, as an editor would."""
    with open_store(where) as store:
        for key, entry_id, form in tasks:
            tries = 0
            while True:
                kept = store.get(entry_id)
                known = kept.entry.corruptions
                entry = kept.entry if form in known else replace(kept.entry, corruptions=(*known, form))
                try:
                    store.record(Change(entry, kept.version, Status.APPROVED, surface=form, key=key), who=_WRITER)
                    break
                except ConflictError:
                    tries += 1
            pipe.send((key, tries))
