"""What the commands of `repair glossary` share: options, the store, how entries are shown."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from repair.cli.run import say
from repair.errors import InputError

if TYPE_CHECKING:
    from repair.glossary.model import Entry
    from repair.glossary.store.judgement import Judgement, Kept
    from repair.glossary.store.store import Store

Db = Annotated[
    str | None,
    typer.Option(
        "--db", help="SQLite file or PostgreSQL URL of the glossary (default: $MT_REPAIR_GLOSSARY, or yours)."
    ),
]
By = Annotated[str | None, typer.Option("--by", help="Who decides (default: the name you are logged in with).")]
Why = Annotated[str, typer.Option("--why", help="The reason, for the history.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, a record a line.")]
Version = Annotated[
    int | None, typer.Option("--version", min=1, help="Version you looked at; a conflict if there is a later one.")
]


@contextmanager
def opened(db: str | None) -> Iterator[Store]:
    """The store; a conflict between editors or a judgement that is refused is told, and ends with exit code 1."""
    from repair.glossary.store.judgement import ConflictError, RefusedError
    from repair.glossary.store.store import open_store
    from repair.resources import glossary_database

    with open_store(db or glossary_database()) as store:
        try:
            yield store
        except ConflictError as conflict:
            say(f"repair: {conflict.theirs.entry.id} was changed by somebody else; nothing was written")
            say(f"  theirs (version {conflict.theirs.version}) against yours (from version {conflict.yours.version}):")
            for difference in conflict.differences:
                say(f"  {difference.field}: {difference.before!r} against {difference.after!r}")
            raise typer.Exit(1) from conflict
        except RefusedError as refused:
            say(f"repair: {refused}")
            raise typer.Exit(1) from refused


def person(by: str | None) -> str:
    """Who decides."""
    return by or getpass.getuser()


def find(store: Store, what: str) -> Kept:
    """The entry of an id or of a name that only one has. Raises InputError naming those that there are."""
    found = [kept for kept in store.with_form(what) if what not in kept.entry.rejected]
    if len(found) == 1:
        return found[0]
    try:
        return store.get(what)
    except InputError:
        if not found:
            raise
        names = ", ".join(f"{kept.entry.id} ({kept.entry.canonical})" for kept in found)
        raise InputError(f"{what!r} is a form of several entries: {names}; give the id") from None


def written(judgement: Judgement) -> None:
    """Tell what was written."""
    say(str(judgement))
    print(judgement.entry_id)


def line(kept: Kept) -> list[str]:
    """An entry as a row of `list`."""
    entry = kept.entry
    more = "; ".join((*entry.aliases, *(f"not {form}" for form in entry.wrong_forms)))
    return [entry.id, str(entry.kind), str(entry.status), entry.canonical, more, entry.note]


def table(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """Rows as TSV on standard output."""
    print(*columns, sep="\t")
    for row in rows:
        print(*(" ".join(cell.split()) for cell in row), sep="\t")


def read(file: str) -> bytes:
    """The bytes of a file, or of standard input for `-`. Raises InputError."""
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise InputError(f"{file}: {error.strerror}; check the path and its permissions") from error


def beside(store: Store) -> dict[str, Entry]:
    """The glossary as a run would see it: the one that comes with the package, and over it the store's."""
    from repair.glossary.model import load_entries
    from repair.resources import GLOSSARY

    shipped = {entry.id: entry for entry in load_entries(sorted(GLOSSARY.glob("*.jsonl")))}
    return shipped | {kept.entry.id: kept.entry for kept in store.all()}
