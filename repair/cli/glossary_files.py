"""`repair glossary import` and `export`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from repair.cli.glossary_options import By, Db, Why, opened, person, read
from repair.cli.run import say
from repair.errors import ConfigError
from repair.glossary.model import Status
from repair.glossary.reading import Format, format_of

_SHOWN = 200  # lines of a plan that are printed
FormatOption = Annotated[
    Format | None, typer.Option("--format", help="Format, where the ending (.jsonl, .csv, .tbx) does not say it.")
]


def import_entries(
    files: Annotated[
        list[str] | None, typer.Argument(metavar="FILES", help="Files to read; - for standard input.")
    ] = None,
    default: Annotated[bool, typer.Option("--default", help="Read the glossary that comes with the package.")] = False,
    form: FormatOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Write; without it, only show what would change.")] = False,
    why: Why = "",
    by: By = None,
    db: Db = None,
) -> int:
    """Show what files would change, and with --yes take them in; entries that they do not name stay.

    A file is taken whole or not at all. Bad rows are set aside with line and reason, and the exit code is 3.
    """
    from repair.glossary.plan import plan_import
    from repair.glossary.reading import read_entries
    from repair.glossary.store.judgement import Change
    from repair.resources import GLOSSARY

    sources = [*(files or []), *(map(str, sorted(GLOSSARY.glob("*.jsonl"))) if default else [])]
    if not sources:
        raise ConfigError("nothing to import: name files, or say --default")
    set_aside = 0
    with opened(db) as store:
        for source in sources:
            found = read_entries(
                read(source), source, form or (Format.JSONL if source == "-" else format_of(Path(source)))
            )
            there = {kept.entry.id: kept for kept in store.all()}
            plan = plan_import(found.entries, {name: kept.entry for name, kept in there.items()})
            lines = [f"+ {entry.id} {entry.canonical}" for entry in plan.new]
            lines += [f"~ {entry.id} {difference}" for entry, changes in plan.changed for difference in changes]
            for shown in lines[:_SHOWN]:
                print(shown)
            if len(lines) > _SHOWN:
                say(f"… and {len(lines) - _SHOWN} more lines")
            for fault in (*found.faults, *(f"{source}: {reason}" for reason in plan.refused)):
                say(f"set aside: {fault}")
            set_aside += len(found.faults) + len(plan.refused)
            say(f"{source}: {len(plan.new)} new, {len(plan.changed)} changed, {plan.same} the same")
            if yes:
                reason = why or f"import of {Path(source).name if source != '-' else 'standard input'}"
                entries = [*plan.new, *(entry for entry, _ in plan.changed)]
                changes = [Change(e, there[e.id].version if e.id in there else 0, e.status, reason) for e in entries]
                store.record_all(changes, who=person(by))
    if not yes:
        say("nothing was written; say --yes to write")
    return 3 if set_aside else 0


def export(
    file: Annotated[str, typer.Argument(help="File to write (.jsonl, .csv, .tbx); - for standard output.")],
    form: FormatOption = None,
    status: Annotated[
        list[Status] | None, typer.Option("--status", help="Only entries of this status; repeatable.")
    ] = None,
    db: Db = None,
) -> None:
    """Write the glossary as a file, sorted by id; the JSONL form works as `repair run --glossary FILE`."""
    from repair.glossary.reading import write_entries
    from repair.writing import atomic_write

    chosen = form or (Format.JSONL if file == "-" else format_of(Path(file)))
    with opened(db) as store:
        entries = [kept.entry for kept in store.all() if not status or kept.entry.status in status]
    data = write_entries(entries, chosen)
    if file == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
    else:
        atomic_write(Path(file), data)
    say(f"{len(entries)} entries to {'standard output' if file == '-' else file}")
