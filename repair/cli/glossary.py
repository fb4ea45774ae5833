"""`repair glossary`: the entries that editors keep; who changed what, and how to take it back."""

from __future__ import annotations

import json
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from repair.cli import glossary_files, glossary_runs
from repair.cli.glossary_options import By, Db, Json, Version, Why, find, line, opened, person, table, written
from repair.cli.run import say
from repair.errors import InputError
from repair.glossary.model import EntryKind, Status

if TYPE_CHECKING:
    from repair.glossary.model import Entry

app = typer.Typer(help="Keep the glossary of names: look, edit, approve, mine runs, try changes.", no_args_is_help=True)
_LISTS = ("aliases", "corruptions", "house", "forbidden", "exact", "inside", "roles")


class FormRole(StrEnum):
    """What a form is to its entry."""

    ALIAS = "alias"
    CORRUPTION = "corruption"
    HOUSE = "house"
    FORBIDDEN = "forbidden"


_FIELD = {FormRole.ALIAS: "aliases", FormRole.CORRUPTION: "corruptions", FormRole.HOUSE: "house",
          FormRole.FORBIDDEN: "forbidden"}  # fmt: skip

Id = Annotated[str, typer.Argument(metavar="ENTRY", help="Id of an entry, or a name that only one entry has.")]
Kind = Annotated[EntryKind | None, typer.Option("--kind", help="What it names.")]
Surname = Annotated[str | None, typer.Option("--surname", help="The part that stands alone in later mentions.")]
Note = Annotated[str | None, typer.Option("--note", help="For readers.")]
From = Annotated[str | None, typer.Option("--from", help="Valid from: 2025, 2025-01 or 2025-01-20.")]
To = Annotated[str | None, typer.Option("--to", help="Valid to.")]
Aliases = Annotated[list[str] | None, typer.Option("--alias", help="Another right form; repeatable.")]
Corruptions = Annotated[
    list[str] | None, typer.Option("--corruption", help="A wrong form that can mean nothing else; repeatable.")
]
House = Annotated[list[str] | None, typer.Option("--house", help="A form that house style replaces; repeatable.")]
Forbidden = Annotated[list[str] | None, typer.Option("--forbidden", help="A form not to be written; repeatable.")]
Exact = Annotated[list[str] | None, typer.Option("--exact", help="A form whose capitals matter; repeatable.")]
Inside = Annotated[
    list[str] | None, typer.Option("--inside", help="A corruption that counts within longer words; repeatable.")
]
Roles = Annotated[list[str] | None, typer.Option("--role", help="Words beside the name (envoy); repeatable.")]


@app.callback()
def _root() -> None:
    """Keep the glossary of names: look, edit, approve, mine runs, try changes."""


@app.command("list", epilog="Example: repair glossary list --kind person witk")
def list_entries(
    text: Annotated[str, typer.Argument(help="What a form or the id has to contain.")] = "",
    kind: Annotated[EntryKind | None, typer.Option("--kind", help="Only entries of this kind.")] = None,
    status: Annotated[Status | None, typer.Option("--status", help="Only entries of this status.")] = None,
    as_json: Json = False,
    db: Db = None,
) -> None:
    """Print entries as TSV, or as records of the text form."""
    from repair.glossary.model import entry_record

    with opened(db) as store:
        found = store.find(text, kind=kind, status=status)
    if as_json:
        for kept in found:
            print(json.dumps(entry_record(kept.entry), ensure_ascii=False))
    else:
        table(("id", "kind", "status", "canonical", "forms", "note"), map(line, found))
    say(f"{len(found)} entries")
    if not found and not text:
        say("the glossary is empty; `repair glossary import --default --yes` takes the one that comes with the package")


@app.command(epilog="Example: repair glossary show Witkoff")
def show(entry: Id, as_json: Json = False, db: Db = None) -> None:
    """Print an entry: its fields, its version and its history."""
    from repair.glossary.model import entry_record

    with opened(db) as store:
        kept = find(store, entry)
        history = store.history(kept.entry.id)
    record = {**entry_record(kept.entry), "status": str(kept.entry.status), "version": kept.version}
    if as_json:
        print(json.dumps(record, ensure_ascii=False))
        return
    for name, value in record.items():
        print(f"{name}: {', '.join(value) if isinstance(value, list) else value}")
    print()
    for judgement in history:
        print(judgement)


@app.command(epilog='Example: repair glossary add "Steve Witkoff" --kind person --surname Witkoff --role envoy')
def add(
    canonical: Annotated[str, typer.Argument(help="The full name as it is to be written.")],
    kind: Kind = EntryKind.TERM,
    entry_id: Annotated[str, typer.Option("--id", help="Id (default: made of kind and name).")] = "",
    surname: Surname = None,
    alias: Aliases = None,
    corruption: Corruptions = None,
    house: House = None,
    forbidden: Forbidden = None,
    exact: Exact = None,
    inside: Inside = None,
    role: Roles = None,
    note: Note = None,
    valid_from: From = None,
    valid_to: To = None,
    approved: Annotated[bool, typer.Option("--approve", help="Approve it at once; else it is only proposed.")] = False,
    why: Why = "",
    by: By = None,
    db: Db = None,
) -> None:
    """Propose a new entry; `repair glossary check ENTRY` then tries it, and `approve` puts it to use."""
    from repair.glossary.model import Entry
    from repair.glossary.naming import fresh_id
    from repair.glossary.store.judgement import Change

    status = Status.APPROVED if approved else Status.PROPOSED
    lists = (alias, corruption, house, forbidden, exact, inside, role)
    with opened(db) as store:
        there = {kept.entry.id for kept in store.all()}
        name = entry_id or fresh_id(canonical, kind or EntryKind.TERM, there.__contains__)
        entry = Entry(
            name, canonical, kind or EntryKind.TERM, surname or "", note=note or "", valid_from=valid_from or "",
            valid_to=valid_to or "", status=status, provenance="editor",
            **{field: tuple(given or ()) for field, given in zip(_LISTS, lists, strict=True)},
        )  # fmt: skip
        for kept in store.with_form(canonical):
            if kept.entry.status is Status.REJECTED:
                raise InputError(f"{canonical!r} was rejected as {kept.entry.id}; undo that judgement instead")
            say(f"note: {canonical!r} is a form of {kept.entry.id} ({kept.entry.canonical}), too")
        written(store.record(Change(entry, 0, status, why), who=person(by)))


@app.command(epilog="Example: repair glossary edit Witkoff --alias 'Steven Witkoff' --drop Witcoff")
def edit(
    entry: Id,
    canonical: Annotated[str | None, typer.Option("--canonical", help="The full name as it is to be written.")] = None,
    kind: Kind = None,
    surname: Surname = None,
    alias: Aliases = None,
    corruption: Corruptions = None,
    house: House = None,
    forbidden: Forbidden = None,
    exact: Exact = None,
    inside: Inside = None,
    role: Roles = None,
    drop: Annotated[list[str] | None, typer.Option("--drop", help="A form or role to take out; repeatable.")] = None,
    note: Note = None,
    valid_from: From = None,
    valid_to: To = None,
    status: Annotated[Status | None, typer.Option("--status", help="Another status, such as retired.")] = None,
    version: Version = None,
    why: Why = "",
    by: By = None,
    db: Db = None,
) -> None:
    """Change fields of an entry; forms and roles are added to those that it has."""
    from repair.glossary.store.judgement import Change

    texts = {
        "canonical": canonical, "kind": kind, "surname": surname, "note": note, "valid_from": valid_from,
        "valid_to": valid_to, "status": status,
    }  # fmt: skip
    lists = dict(zip(_LISTS, (alias, corruption, house, forbidden, exact, inside, role), strict=True))
    gone = set(drop or ())
    with opened(db) as store:
        kept = find(store, entry)
        changed = replace(kept.entry, **{k: v for k, v in texts.items() if v is not None})  # type: ignore[arg-type]
        for name, more in lists.items():
            old = tuple(form for form in getattr(changed, name) if form not in gone)
            changed = replace(changed, **{name: (*old, *(form for form in more or () if form not in old))})  # type: ignore[arg-type]
        if changed == kept.entry:
            say(f"{kept.entry.id} is like that already")
            return
        written(store.record(Change(changed, version or kept.version, changed.status, why), who=person(by)))


@app.command(epilog="Example: repair glossary approve Witkoff Whitchov --as corruption")
def approve(
    entry: Id,
    surface: Annotated[str, typer.Argument(help="A form to approve for the entry; none for the entry itself.")] = "",
    role: Annotated[FormRole, typer.Option("--as", help="What the form is.")] = FormRole.CORRUPTION,
    version: Version = None,
    why: Why = "",
    by: By = None,
    db: Db = None,
) -> None:
    """Approve an entry, or a form of it."""
    from repair.glossary.store.judgement import Change

    with opened(db) as store:
        kept = find(store, entry)
        changed = (
            with_form(kept.entry, _FIELD[role], surface) if surface else replace(kept.entry, status=Status.APPROVED)
        )
        change = Change(changed, version or kept.version, Status.APPROVED, why, surface)
        written(store.record(change, who=person(by)))


def with_form(entry: Entry, field: str, form: str) -> Entry:
    """The entry with a form in a list, once."""
    forms = getattr(entry, field)
    return replace(entry, **{field: (*forms, form)}) if form not in forms else entry  # type: ignore[arg-type]


@app.command(epilog="Example: repair glossary reject Witkoff Whitaker   ·   repair glossary reject - Shutterstock")
def reject(
    entry: Annotated[
        str, typer.Argument(metavar="ENTRY", help="Id or name of an entry; - for a form that is no entry's.")
    ],
    surface: Annotated[str, typer.Argument(help="A form that is something else; none for the entry itself.")] = "",
    version: Version = None,
    why: Why = "",
    by: By = None,
    db: Db = None,
) -> None:
    """Reject an entry; or a form for an entry, or for every one, for good: it is never suggested again."""
    from repair.glossary.model import Entry
    from repair.glossary.naming import fresh_id
    from repair.glossary.store.judgement import Change

    with opened(db) as store:
        if entry == "-":
            if not surface:
                raise InputError("say which form is no name: repair glossary reject - FORM")
            name = fresh_id(surface, EntryKind.TERM, {kept.entry.id for kept in store.all()}.__contains__)
            refused = Entry(name, surface, EntryKind.TERM, status=Status.REJECTED, provenance="editor")
            written(store.record(Change(refused, 0, Status.REJECTED, why), who=person(by)))
            return
        kept = find(store, entry)
        if surface:
            others = {f: tuple(x for x in getattr(kept.entry, f) if x != surface) for f in _LISTS if f != "roles"}
            changed = with_form(replace(kept.entry, **others), "rejected", surface)  # type: ignore[arg-type]
        else:
            changed = replace(kept.entry, status=Status.REJECTED)
        change = Change(changed, version or kept.version, Status.REJECTED, why, surface)
        written(store.record(change, who=person(by)))


@app.command(epilog="Example: repair glossary merge per-0001 person-donald-trump --why double")
def merge(
    keep: Annotated[str, typer.Argument(metavar="KEEP", help="Id or name of the entry that stays.")],
    other: Annotated[str, typer.Argument(metavar="OTHER", help="Id or name of the entry that goes into it.")],
    why: Why = "",
    by: By = None,
    db: Db = None,
) -> None:
    """Put an entry's forms and roles into another one, and retire it."""
    from repair.glossary.merging import merged
    from repair.glossary.store.judgement import Change

    with opened(db) as store:
        kept, gone = find(store, keep), find(store, other)
        if kept.entry.id == gone.entry.id:
            raise InputError(f"{keep} and {other} are the same entry, {kept.entry.id}")
        reason = why or f"{gone.entry.id} goes into {kept.entry.id}"
        retired = replace(gone.entry, status=Status.RETIRED)
        changes = [
            Change(merged(kept.entry, gone.entry), kept.version, kept.entry.status, reason),
            Change(retired, gone.version, Status.RETIRED, reason),
        ]
        for judgement in store.record_all(changes, who=person(by)):
            written(judgement)


@app.command(epilog="Example: repair glossary history Witkoff --limit 10")
def history(
    entry: Annotated[
        str, typer.Argument(metavar="ENTRY", help="Id or name of an entry; all entries if left out.")
    ] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, help="So many of the newest.")] = 50,
    as_json: Json = False,
    db: Db = None,
) -> None:
    """Print who decided what, when and why, the newest first."""
    from repair.glossary.model import entry_record

    with opened(db) as store:
        judgements = store.history(find(store, entry).entry.id if entry else None, limit=limit)
    for j in judgements:
        if as_json:
            plain = {name: getattr(j, name) for name in ("id", "at", "who", "entry_id", "verdict", "surface", "why")}
            before = entry_record(j.before) if j.before else None
            record = {**plain, "undoes": j.undoes, "before": before, "after": entry_record(j.after)}
            print(json.dumps(record, ensure_ascii=False))
        else:
            print(j)


@app.command(epilog="Example: repair glossary undo 17 --why 'there is a Mr Whitchov'")
def undo(
    judgement: Annotated[int, typer.Argument(help="Number of the judgement, as `history` shows it.")],
    why: Why = "",
    by: By = None,
    db: Db = None,
) -> None:
    """Take a judgement back by a new one; what was changed since stays."""
    with opened(db) as store:
        written(store.undo(judgement, who=person(by), why=why))


app.command("import", epilog="Example: repair glossary import names.csv --yes")(glossary_files.import_entries)
app.command("export", epilog="Example: repair glossary export names.jsonl")(glossary_files.export)
app.command("suggest", epilog="Example: repair glossary suggest out/ --limit 20")(glossary_runs.suggest)
app.command("check", epilog="Example: repair glossary check Witkoff --run out/")(glossary_runs.check)
app.command("stats", epilog="Example: repair glossary stats")(glossary_runs.stats)
app.command("replay", epilog="Example: repair glossary replay out/")(glossary_runs.replay)
