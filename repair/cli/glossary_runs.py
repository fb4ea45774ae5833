"""`repair glossary suggest`, `check`, `stats` and `replay`: the glossary and what runs made of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from repair.cli.glossary_options import By, Db, Json, beside, find, opened, person, table
from repair.cli.prepare import ConfigOption
from repair.cli.run import say
from repair.errors import InputError

if TYPE_CHECKING:
    from repair.glossary.check import DryRun
    from repair.glossary.model import Entry
    from repair.glossary.suggest import Guess

Pivot = Annotated[str, typer.Option("--pivot", help="Pivot language that the texts went through.")]
_SHOWN = 20  # spellings of each sort that a dry run prints
_PAST_PROBABILITY = 0.0  # of a guess that no run has judged


def suggest(
    out: Annotated[Path, typer.Argument(help="Output folder of a `repair run`.")],
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Only so many.")] = None,
    least: Annotated[int, typer.Option("--min-count", min=1, help="Leave out what is rarer.")] = 1,
    pivot: Pivot = "ara",
    as_json: Json = False,
    db: Db = None,
) -> None:
    """Print the names that a run did not know: how often, who they may be, where they stand; TSV, or JSON lines.

    Names that the glossary lists, or that an editor has rejected, are not among them.
    """
    from repair.channel.script import load_script
    from repair.glossary.match import Matcher
    from repair.glossary.model import in_use
    from repair.glossary.suggest import unknown_names
    from repair.resources import pivot_folder

    with opened(db) as store:
        entries = beside(store)
    matcher = Matcher(filter(in_use, entries.values()), load_script(pivot_folder(pivot) / "script.tab"))

    def nearest(surface: str) -> tuple[Entry, float] | None:
        match = matcher.nearest(surface)
        return (match.entry, _PAST_PROBABILITY) if match else None

    found = unknown_names(_records(out), entries.values(), nearest)
    chosen = list(islice((u for u in found if u.count >= least), limit))
    if as_json:
        for unknown in chosen:
            print(json.dumps(asdict(unknown), ensure_ascii=False))
    else:
        rows = (
            [
                u.surface, str(u.count), str(u.documents),
                "; ".join(map(_guess, u.guesses)),
                " ‖ ".join(f"{document}: {context}" for document, context in u.contexts),
            ]
            for u in chosen
        )  # fmt: skip
        table(("name", "count", "documents", "may_be", "contexts"), rows)
    say(f"{len(found)} unknown names, {sum(u.count for u in found)} places")


def _guess(guess: Guess) -> str:
    sure = f", {guess.probability:.2f}" if guess.probability else ""
    return f"{guess.canonical} ({guess.entry}{sure})"


def check(
    entry: Annotated[
        str, typer.Argument(metavar="ENTRY", help="Id or name of an entry to try; all are looked over if left out.")
    ] = "",
    run: Annotated[
        Path | None, typer.Option("--run", help="Output folder of a `repair run`, whose unknown names are tried.")
    ] = None,
    pivot: Pivot = "ara",
    db: Db = None,
) -> int:
    """Look for collisions, and for common words, real names and other entries that an entry absorbs (exit code 1).

    With ENTRY also a dry run: the spellings that would be taken for it, before it is approved.
    """
    from repair.channel.script import load_script
    from repair.glossary.check import dry_run, faults
    from repair.glossary.known import known_names
    from repair.glossary.suggest import unknown_names
    from repair.resources import KNOWN_NAMES, pivot_folder

    with opened(db) as store:
        entries = beside(store)
        kept = find(store, entry) if entry else None
        own = {k.entry.id for k in store.all()}
    known = known_names(KNOWN_NAMES)
    about = {kept.entry.id} if kept else own or entries.keys()
    found = [
        fault for fault in faults(entries.values(), known) if fault.entry in about or fault.about.split()[0] in about
    ]
    table(("fault", "entry", "form", "about"), ([f.kind, f.entry, f.form, f.about] for f in found))
    if kept:
        seen = [u.surface for u in unknown_names(_records(run), ())] if run else []
        script = load_script(pivot_folder(pivot) / "script.tab")
        _print_dry_run(dry_run(kept.entry, entries.values(), script, known, seen))
    say(f"{len(found)} faults")
    return 1 if found else 0


def _print_dry_run(tried: DryRun) -> None:
    rows = [["would be taken for it", form, ""] for form in tried.absorbed[:_SHOWN]]
    rows += [["would be taken for another", form, other] for form, other in tried.elsewhere[:_SHOWN]]
    rows += [["near a common word", word, f"{cost:.2f} nats a letter"] for word, cost in tried.words[:_SHOWN]]
    rows += [["near a real name", name, f"{cost:.2f} nats a letter"] for name, cost in tried.names[:_SHOWN]]
    rows += [["in the run", name, f"{cost:.2f} nats a letter"] for name, cost in tried.seen[:_SHOWN]]
    print()
    table(("dry_run", "form", "about"), rows)


def stats(db: Db = None) -> None:
    """Print what the glossary holds, who decided how often, and how often each entry's past decisions were right."""
    with opened(db) as store:
        rows = [[name, value, str(n)] for name, counts in store.counts().items() for value, n in counts.items()]
        records = store.records()
    table(("what", "value", "count"), rows)
    print()
    table(
        ("entry", "right", "wrong", "precision"),
        ([name, str(r.right), str(r.wrong), f"{r.precision:.2f}"] for name, r in records.items()),
    )


def replay(
    out: Annotated[Path, typer.Argument(help="Output folder of a past `repair run`.")],
    config: ConfigOption = None,
    demote: Annotated[
        bool, typer.Option("--demote/--keep", help="Put entries with a poor record back to review, or leave them.")
    ] = True,
    as_json: Json = False,
    by: By = None,
    db: Db = None,
) -> None:
    """Run past inputs with the glossary as it is now (names only): which repairs are gained, lost or changed.

    An entry is demoted where at least five decisions on it since its approval were made, and under 0.9 of them right.
    """
    from tempfile import TemporaryDirectory

    from repair.build import build_stages
    from repair.config import GlossaryConfig, load_config
    from repair.glossary.model import dump_entries
    from repair.glossary.replay import replay as replayed
    from repair.pipeline import repair_document
    from repair.writing import atomic_write

    settings = load_config(config)
    with opened(db) as store, TemporaryDirectory() as folder:
        demoted = store.demote(who=person(by)) if demote else []
        entries = [kept.entry for kept in store.all()]
        records = store.records()
        file = Path(folder) / "glossary.jsonl"
        atomic_write(file, dump_entries(entries))
        glossary = GlossaryConfig(default=settings.glossary.default, files=(*settings.glossary.files, file))
        stages = build_stages(
            settings.model_copy(update={"proposers": ("glossary",), "glossary": glossary}), fluency=_Silent()
        )
        found = replayed(_records(out), lambda document: repair_document(document, stages))
    for judgement in demoted:
        say(f"demoted: {judgement}")
    if as_json:
        for d in found.differences:
            print(json.dumps(asdict(d), ensure_ascii=False))
    else:
        columns = ("what", "document", "start", "before", "was", "now", "entry")
        table(columns, ([d.what, d.document, str(d.start), d.before, d.was, d.now, d.entry] for d in found.differences))
        print()
        rows = []
        for name, counts in found.by_entry.items():
            past = f"{records[name].precision:.2f}" if name in records else ""
            rows.append([name, *(str(counts[what]) for what in ("gained", "lost", "changed")), past])
        table(("entry", "gained", "lost", "changed", "precision"), rows)
    say(f"{found.documents} documents, {len(found.differences)} repairs differ, {found.same} stay")


class _Silent:
    """Stands where the language model would: names are judged without it."""

    def open(self, context: str, sentence: str) -> Any:
        """Never asked, as no proposer of a replay needs a reading."""
        raise AssertionError("a replay of names asks no language model")


def _records(out: Path) -> Iterator[dict[str, Any]]:
    """The records of a run's ledger. Raises InputError."""
    from repair.records import read_json_lines

    file = out / "repaired.jsonl" if out.is_dir() else out
    if not file.is_file():
        raise InputError(f"{file}: no ledger there; name the output folder of a `repair run`")
    for line, record in read_json_lines(str(file)):
        if not isinstance(record.get("edits"), list) or not isinstance(record.get("text"), str) or "id" not in record:
            raise InputError(f"{file}:{line}: no record of a run (id, text, edits); name its output folder")
        yield record
