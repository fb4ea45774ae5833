"""`repair lexicon`: look at the sense sets, add to them, check them, and mine candidates for new ones."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from repair.channel.editing import Provenance
from repair.cli.run import say
from repair.errors import ConfigError, InputError, ResourceError
from repair.inflection import Pos

if TYPE_CHECKING:
    from repair.channel.editing import Row
    from repair.training.mining import Mined

app = typer.Typer(help="Look at the sense sets, add to them, check them, mine new ones.", no_args_is_help=True)

Pivot = Annotated[str, typer.Option("--pivot", help="Pivot language whose sets are meant, or `generic`.")]
Folder = Annotated[Path | None, typer.Option("--folder", help="Folder of *.tsv files instead of the pivot's own.")]


@app.callback()
def _root() -> None:
    """Look at the sense sets, add to them, check them, mine new ones."""


@app.command("list", epilog="Example: repair lexicon list --domain diplomacy summit")
def list_sets(
    text: Annotated[str, typer.Argument(help="What the pivot word or an expression has to contain.")] = "",
    domain: Annotated[str, typer.Option("--domain", help="Only sets of this domain.")] = "",
    pos: Annotated[Pos | None, typer.Option("--pos", help="Only sets of this part of speech.")] = None,
    pivot: Pivot = "ara",
    folder: Folder = None,
) -> None:
    """Print the sets whose pivot word or expressions contain TEXT, as TSV in the lexicon's own format."""
    from repair.channel.editing import cells_of, matching
    from repair.channel.lexicon import COLUMNS

    found = matching(_rows(pivot, folder), text, domain=domain, pos=(pos,) if pos else ())
    _table(COLUMNS, (cells_of(row.set) for row in found))
    say(f"{len(found)} sets")


@app.command(epilog="Example: repair lexicon show summit")
def show(
    what: Annotated[str, typer.Argument(metavar="ID_OR_EXPRESSION", help="Id of a set, or an English expression.")],
    pivot: Pivot = "ara",
    folder: Folder = None,
) -> int:
    """Print the sets that know an expression, in any of its forms: what it may stand for, what may stand for it."""
    from repair.channel.editing import groups_that_know, plain, rate_name

    rows = _rows(pivot, folder)
    of_id = [row for row in rows if row.set.id == what]
    table: list[list[str]] = []
    for row in of_id or rows:
        senses = [" ; ".join(plain(e) for e in group) for group in row.set.senses]
        for group in range(len(senses)) if of_id else groups_that_know(row.set, what):
            about = [row.set.pivot, row.set.pos, rate_name(row.set), row.set.id, row.place]
            meant = [senses[other] for other in row.set.meant(group)]
            came_back = [senses[other] for other in range(len(senses)) if group in row.set.meant(other)]
            table += [[senses[group], "may have come back for", other, *about] for other in meant]
            table += [[senses[group], "may come back as", other, *about] for other in came_back]
    if not table:
        say(f"no set has the id or the expression {what!r}; `repair lexicon list {what}` looks inside expressions")
        return 1
    _table(("expression", "relation", "other", "pivot", "pos", "rate", "id", "place"), table)
    return 0


@app.command(epilog="Example: repair lexicon add rows.tsv --to diplomacy --provenance mined")
def add(
    rows: Annotated[str, typer.Argument(help="TSV in the lexicon's format, ids may be empty; - for standard input.")],
    to: Annotated[str, typer.Option("--to", help="Topic: the name of the file (without .tsv), and part of fresh ids.")],
    provenance: Annotated[Provenance, typer.Option("--provenance", help="Where the rows come from.")] = (
        Provenance.WRITTEN
    ),
    pivot: Pivot = "ara",
    folder: Folder = None,
) -> int:
    """Add sets to a topic's file; rows with a pair that is known are refused, and a broken line stops everything."""
    from repair.channel import editing

    try:
        text = sys.stdin.buffer.read().decode() if rows == "-" else Path(rows).read_text("utf-8")
    except OSError as error:
        raise InputError(f"{rows}: {error.strerror}; check the path and its permissions") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{rows}: not UTF-8 ({error.reason}); save it as UTF-8") from error
    source = "stdin" if rows == "-" else rows
    target = _folder(pivot, folder) / f"{to}.tsv"
    try:
        addition = editing.prepare(
            text, source, topic=to, pivot=pivot, rows=_rows(pivot, folder, empty=True), target=target
        )
    except ResourceError as error:
        say(f"repair: {error}")
        return 1
    if addition.added:
        editing.add(addition, target, provenance)
    for row in addition.added:
        print(row.set.id, row.place, sep="\t")
    for reason in addition.refused:
        say(f"refused: {reason}")
    say(f"{len(addition.added)} sets added to {target}, {len(addition.refused)} refused")
    return 1 if addition.refused else 0


@app.command(epilog="Example: repair lexicon check --clean DATA/news/clean_dev.jsonl --run out/")
def check(
    clean: Annotated[
        Path | None, typer.Option("--clean", help="Clean news (JSONL with `text`): what do sets find there?")
    ] = None,
    run: Annotated[
        list[Path] | None, typer.Option("--run", help="Output folder of a past `repair run`; repeatable.")
    ] = None,
    top: Annotated[int, typer.Option("--top", min=1, help="How many of the sets applied most are shown.")] = 50,
    pivot: Pivot = "ara",
    folder: Folder = None,
) -> int:
    """Look for broken lines (exit code 1), and for double, two-way, over-eager and idle sets (warnings), as TSV."""
    from repair.channel import editing
    from repair.training.mining import read_records

    rows, faults = editing.read_rows(_folder(pivot, folder))
    table = [("broken", "", "", fault) for fault in faults]
    places = editing.places_of_pairs(rows)
    for kind, found in (("duplicate", editing.duplicates(places)), ("both-ways", editing.both_ways(places))):
        for pair, where in found:
            what = f"{pair.came_back} | {pair.meant} ({pair.pos})"
            table.append((kind, what, str(len(where)), ", ".join(row.place for row in where)))
    if clean:
        for hit in editing.clean_hits(rows, (str(record.get("text", "")) for record in read_records(clean))):
            rate = f"{hit.count} ({hit.per_million:.1f} per million)"
            table.append(("clean", hit.expression, rate, f"{hit.row.place}: {hit.context}"))
    if run:
        table += _past(run, rows, top)
    _table(("finding", "what", "count", "where"), table)
    kinds = Counter(row[0] for row in table)
    say(f"{len(rows)} sets: " + (", ".join(f"{count} {kind}" for kind, count in kinds.items()) or "nothing found"))
    return 1 if faults else 0


def _past(runs: Iterable[Path], rows: Iterable[Row], top: int) -> list[tuple[str, str, str, str]]:
    from repair.channel import editing
    from repair.training.mining import read_records

    files = [run / "repaired.jsonl" if run.is_dir() else run for run in runs]
    offered, applied = editing.offers(record for file in files for record in read_records(file))
    place = {row.set.id: row.place for row in rows}
    often = [("applied", name, f"{n} of {offered[name]}", place.get(name, "gone")) for name, n in applied.most_common()]
    lost = [("never-won", n, f"0 of {count}", place.get(n, "gone")) for n, count in offered.most_common()]
    return [row for row in often if applied[row[1]]][:top] + [row for row in lost if not applied[row[1]]]


@app.command(epilog="Example: repair lexicon stats")
def stats(pivot: Pivot = "ara", folder: Folder = None) -> None:
    """Print sets, expressions, forms, pairs and one-way share by file, and how long lexicon and index take to load."""
    from repair.channel.editing import pairs, provenance
    from repair.channel.lexicon import load_lexicon
    from repair.inflection import forms

    where = _folder(pivot, folder)
    began = time.perf_counter()
    lexicon = load_lexicon([where])
    loaded = time.perf_counter()
    list(lexicon.occurrences("the index is made when something is looked up"))
    indexed = time.perf_counter()

    def line(name: str, rows: list[Row]) -> list[str]:
        expressions = [(e, row.set.pos) for row in rows for group in row.set.senses for e in group]
        counts = [
            len(rows),
            len({e for e, _ in expressions}),
            len({form for e, pos in expressions for form in forms(e, pos).values()}),
            len({pair for row in rows for pair in pairs(row.set)}),
            sum(provenance(row.set) is Provenance.MINED for row in rows),
        ]
        share = sum(row.set.one_way for row in rows) / max(1, len(rows))
        return [name, *map(str, counts), f"{share:.3f}"]

    rows = _rows(pivot, folder)
    files = dict.fromkeys(row.path for row in rows)
    lines = [line(path.name, [row for row in rows if row.path == path]) for path in files]
    _table(("file", "sets", "expressions", "forms", "pairs", "mined", "one_way"), [*lines, line("all", rows)])
    print(f"\nlexicon loaded in {loaded - began:.2f} s, index made in {indexed - loaded:.2f} s")


@app.command(epilog="Example: repair lexicon mine --pairs DATA/mt/wmt_pairs.train.jsonl.xz --new --limit 500")
def mine(
    pairs: Annotated[
        list[Path] | None,
        typer.Option(
            "--pairs", help="JSONL (also .xz) with `bad` and `good`, or `tokens` and `pe_tokens`; repeatable."
        ),
    ] = None,
    parallel: Annotated[
        Path | None,
        typer.Option("--parallel", help="JSONL (also .xz) with English `ref`/`en`, pivot `src`/`ar`, perhaps `mt`."),
    ] = None,
    dictionary: Annotated[
        Path | None,
        typer.Option("--dictionary", help="dictd dictionary: its path without .index and .dict.dz."),
    ] = None,
    min_count: Annotated[int, typer.Option("--min-count", min=1, help="Leave out what is rarer.")] = 2,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Print only so many.")] = None,
    known: Annotated[
        bool, typer.Option("--known/--new", help="Print all pairs, or only those that the lexicon has not.")
    ] = True,
    pivot: Pivot = "ara",
    folder: Folder = None,
) -> None:
    """Rank pairs that may deserve a set: came back, meant, count, score, contexts. A person has to judge them."""
    from repair.training.dictionary import mine_dictionary, read_dictd
    from repair.training.mining import mine_pairs, read_records
    from repair.training.parallel import mine_parallel

    if sum(source is not None for source in (pairs or None, parallel, dictionary)) != 1:
        raise ConfigError("name exactly one of --pairs, --parallel and --dictionary")
    if pairs:
        found = mine_pairs(record for path in pairs for record in read_records(path))
    elif parallel:
        found = mine_parallel(read_records(parallel), min_count=min_count)
    else:
        assert dictionary is not None
        found = mine_dictionary(read_dictd(dictionary))
    chosen: Iterable[Mined] = (m for m in found if m.count >= min_count)
    if not known:
        chosen = _new(chosen, _rows(pivot, folder))
    columns = ("came_back", "meant", "count", "score", "contexts")
    _table(
        columns,
        ([m.came_back, m.meant, str(m.count), str(m.score), " ‖ ".join(m.contexts)] for m in islice(chosen, limit)),
    )


def _new(found: Iterable[Mined], rows: Iterable[Row]) -> Iterable[Mined]:
    """What no set stands for, nor takes for one sense: such words are synonyms."""
    from repair.channel.editing import pairs, plain
    from repair.text import fold

    known: set[tuple[str, str]] = set()
    for row in rows:
        known |= {(fold(pair.came_back), fold(pair.meant)) for pair in pairs(row.set)}
        for group in row.set.senses[1 if row.set.one_way else 0 :]:
            same = [fold(plain(expression)) for expression in group]
            known |= {(one, other) for one in same for other in same}
    for m in found:
        there = (m.came_back, m.meant) in known or (not m.directed and (m.meant, m.came_back) in known)
        if not there:
            yield m


def _folder(pivot: str, folder: Path | None) -> Path:
    from repair.resources import GENERIC, pivot_folder

    return folder or (GENERIC if pivot == GENERIC.name else pivot_folder(pivot))


def _rows(pivot: str, folder: Path | None, *, empty: bool = False) -> list[Row]:
    """The sets with their places. Raises ResourceError for a broken line, and without any file unless `empty`."""
    from repair.channel.editing import read_rows

    where = _folder(pivot, folder)
    if empty and not any(where.glob("*.tsv")):
        return []
    rows, faults = read_rows(where)
    if faults:
        raise ResourceError(f"{faults[0]}; `repair lexicon check` lists all such lines")
    return rows


def _table(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    print("\t".join(columns))
    for row in rows:
        print("\t".join(" ".join(cell.split()) for cell in row))
