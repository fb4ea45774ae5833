"""`repair score`: a run against references."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from repair.errors import InputError


def score(
    run: Annotated[Path, typer.Argument(help="Output folder of `repair run`, or its repaired.jsonl.")],
    references: Annotated[
        Path, typer.Option("--references", help="Reference passages: a JSONL file or a folder of them.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
    html: Annotated[Path | None, typer.Option("--html", help="Also write a report page with the scores.")] = None,
) -> int:
    """Score a run: repairs made by kind, edit precision, harm, chrF, TER and BLEU against leaving the text alone."""
    from repair.records import read_json_lines
    from repair.references import load_passages
    from repair.report.html import render
    from repair.report.record import repair_from_record
    from repair.report.text import score_json, score_lines
    from repair.score import score as score_run
    from repair.writing import atomic_write

    file = run / "repaired.jsonl" if run.is_dir() else run
    repairs = {}
    for _, record in read_json_lines(str(file)):
        repair = repair_from_record(record)
        repairs[repair.document.id] = repair
    passages = [p for p in load_passages(references) if p.id in repairs]
    if not passages:
        raise InputError(f"{references}: no passage there has the id of a document in {file}")
    for passage in passages:
        if repairs[passage.id].document.text != passage.text:
            raise InputError(f"{file}: document {passage.id} is not the text that {references} annotates")
    report = score_run(passages, repairs)
    if html is not None:
        atomic_write(html, render([repairs[p.id] for p in passages], report, title=f"{run} against {references}"))
    print(json.dumps(score_json(report), ensure_ascii=False, indent=2) if as_json else score_lines(report))
    return 0
