"""`repair run` and `repair detect`."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from repair.cli.prepare import ConfigOption
from repair.config import Config, GlossaryConfig, load_config
from repair.errors import ConfigError, InputError
from repair.types import Document

Inputs = Annotated[
    list[str],
    typer.Argument(help="Files (.txt .jsonl .csv .tsv .parquet, also .gz .zst), folders, or - for standard input."),
]
Glossaries = Annotated[
    list[Path] | None, typer.Option("--glossary", help="A glossary file (JSONL) to add; repeatable.")
]
Batch = Annotated[
    int | None, typer.Option("--batch-size", min=1, help="Documents read at a time; never changes the result.")
]
Threads = Annotated[
    int | None, typer.Option("--threads", min=1, help="CPU threads (default: all); never changes the result.")
]
TextField = Annotated[str, typer.Option("--text-field", help="Field or column of the text.")]
IdField = Annotated[str, typer.Option("--id-field", help="Field or column of the id.")]

_TOKENS, _TEXT = (re.compile(rb'"' + name + rb'"\s*:') for name in (b"tokens", b"text"))


def settings(config: Path | None, glossary: list[Path] | None, batch_size: int | None, threads: int | None) -> Config:
    """The configuration with what the command line changes."""
    loaded = load_config(config)
    changes: dict[str, object] = {}
    if glossary:
        changes["glossary"] = GlossaryConfig(default=loaded.glossary.default, files=(*loaded.glossary.files, *glossary))
    if batch_size:
        changes["batch_size"] = batch_size
    if threads:
        changes["threads"] = threads
    return loaded.model_copy(update=changes)


def say(message: str) -> None:
    """A message for the person at the terminal."""
    print(message, file=sys.stderr)


def progress_bar(what: str) -> Progress:
    """A progress display on standard error; silent where that is no terminal."""
    console = Console(stderr=True)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TextColumn("{task.completed} " + what),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=console, disable=not console.is_terminal, transient=True)


def run(
    inputs: Inputs,
    out: Annotated[
        Path, typer.Option("-o", "--out", help="Folder to write: repaired.jsonl, text/, report.html, manifest.json.")
    ],
    config: ConfigOption = None,
    glossary: Glossaries = None,
    batch_size: Batch = None,
    threads: Threads = None,
    text_field: TextField = "text",
    id_field: IdField = "id",
    as_json: Annotated[bool, typer.Option("--json", help="Also print every record to standard output.")] = False,
) -> int:
    """Repair documents: text, ledger of every change with its evidence, and a report to look at."""
    from repair.build import build_stages
    from repair.jobs import run_job
    from repair.records import read_documents

    if out.exists() and not out.is_dir():
        raise ConfigError(f"{out}: is a file; -o names the folder to write")
    chosen = settings(config, glossary, batch_size, threads)
    _check_inputs(inputs)
    stages = build_stages(chosen)

    def documents(set_aside: Callable[[InputError], None]) -> Iterable[Document]:
        return read_documents(inputs, text_field=text_field, id_field=id_field, set_aside=set_aside)

    def print_record(record: dict[str, object]) -> None:
        if as_json:
            print(json.dumps(record, ensure_ascii=False))

    with progress_bar("documents") as bar:
        task = bar.add_task("repairing", total=None)
        outcome = run_job(
            documents,
            stages,
            out,
            title=_title(inputs),
            batch_size=chosen.batch_size,
            progress=lambda _: bar.advance(task),
            each=print_record,
        )
    verdicts = outcome.verdicts
    what = f"{verdicts['APPLY']} edits applied, {verdicts['REVIEW']} left for review"
    say(f"{outcome.documents} documents, {outcome.words} words: {what}")
    if outcome.pivots:
        say("pivots: " + ", ".join(f"{pivot} {count}" for pivot, count in sorted(outcome.pivots.items())))
    for reason in outcome.set_aside[:20]:
        say(f"set aside: {reason}")
    if len(outcome.set_aside) > 20:
        say(f"… and {len(outcome.set_aside) - 20} more, all in {out / 'set_aside.jsonl'}")
    say(f"report: {out / 'report.html'}")
    return 3 if outcome.set_aside else 0


def _check_inputs(inputs: list[str]) -> None:
    for given in inputs:
        if given != "-" and not Path(given).exists():
            raise InputError(f"{given}: no such file or folder")


def _title(inputs: list[str]) -> str:
    return ", ".join("standard input" if i == "-" else Path(i).name or i for i in inputs[:3]) + (
        " …" if len(inputs) > 3 else ""
    )


def detect(
    inputs: Inputs,
    out: Annotated[str, typer.Option("-o", "--out", help="JSONL file to write; - for standard output.")],
    config: ConfigOption = None,
    threads: Threads = None,
    text_field: TextField = "text",
    id_field: IdField = "id",
) -> int:
    """Find what looks wrong, and change nothing.

    A record with `text` gives {"id", "findings": [{"start", "end", "kind", "score"}]}; a record with `tokens` gives
    {"id", "bad": [probability per token], "score"}.
    """
    from repair.api import Repairer
    from repair.build import build_stages
    from repair.records import read_documents
    from repair.stages.detect.tokens import load_token_detector
    from repair.writing import JsonLinesWriter

    _check_inputs(inputs)
    chosen = settings(config, None, None, threads)
    chosen = chosen.model_copy(update={"proposers": tuple(p for p in chosen.proposers if p != "seq2seq")})
    repairer = Repairer(build_stages(chosen))
    faults: list[str] = []
    places: dict[str, str] = {}

    def is_new(doc_id: str, place: str) -> bool:
        if first := places.get(doc_id):
            faults.append(f"{place}: the id {doc_id!r} is taken by {first}; make ids unique")
            return False
        places[doc_id] = place
        return True

    with JsonLinesWriter(out) as writer, progress_bar("records") as bar:
        task = bar.add_task("detecting", total=None)
        for given in inputs:
            if _has_tokens(given):
                detector = load_token_detector(repairer.stages.fluency)
                for place, record in _token_records(given, id_field, faults):
                    if is_new(str(record["id"]), place):
                        bad = detector(record["tokens"])  # type: ignore[arg-type]
                        writer.write({"id": record["id"], "bad": bad, "score": detector.sentence_score(bad)})
                        bar.advance(task)
                continue
            documents = read_documents(
                [given], text_field=text_field, id_field=id_field, set_aside=lambda e: faults.append(str(e))
            )
            for document in documents:
                if is_new(document.id, document.source or given):
                    findings = repairer.detect(document.text, id=document.id)
                    rows = [
                        {"start": f.span.start, "end": f.span.end, "kind": str(f.kind), "score": f.score}
                        for f in findings
                    ]
                    writer.write({"id": document.id, "findings": rows})
                    bar.advance(task)
    for reason in faults:
        say(f"set aside: {reason}")
    return 3 if faults else 0


def _has_tokens(given: str) -> bool:
    """Whether the first record of a JSONL file, or of standard input, has `tokens` and no `text`."""
    from repair.records import read_json_lines

    if given == "-":
        return _line_has_tokens(sys.stdin.buffer.peek(1))  # type: ignore[union-attr]
    if not any(part in (".jsonl", ".ndjson") for part in Path(given).suffixes):
        return False
    first = next(iter(read_json_lines(given, set_aside=lambda _: None)), None)
    return first is not None and "tokens" in first[1] and "text" not in first[1]


def _line_has_tokens(head: bytes) -> bool:
    """The same of the first bytes of a stream, which may break off within the first record."""
    line = head.removeprefix(b"\xef\xbb\xbf").lstrip().partition(b"\n")[0]
    return line.startswith(b"{") and _TOKENS.search(line) is not None and _TEXT.search(line) is None


def _token_records(given: str, id_field: str, faults: list[str]) -> Iterable[tuple[str, dict[str, object]]]:
    """The place of every usable record, and its `id` and `tokens`."""
    from repair.records import read_json_lines

    name = "stdin" if given == "-" else given
    for line, record in read_json_lines(given, set_aside=lambda e: faults.append(str(e))):
        tokens, own = record.get("tokens"), record.get(id_field)
        if not isinstance(tokens, list) or not all(isinstance(t, str) and t for t in tokens) or not tokens:
            faults.append(f"{name}:{line}: tokens must be a list of at least one non-empty text")
        elif type(own) not in (str, int) or own == "":
            faults.append(f"{name}:{line}: the field {id_field} is missing, or no text; every record needs one")
        else:
            yield f"{name}:{line}", {"id": own, "tokens": tokens}
