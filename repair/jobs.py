"""Batch runs: documents in; repaired texts, ledger, report and manifest out."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from repair.errors import InputError, RepairError
from repair.pipeline import Stages, repair_document
from repair.report.html import render
from repair.report.record import repair_record
from repair.types import Document, Repair, Verdict
from repair.writing import JsonLinesWriter, atomic_write, file_name

_SHOWN = 200  # documents that the HTML report shows in full


@dataclass
class Outcome:
    """What a run did."""

    documents: int = 0
    words: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    pivots: Counter[str] = field(default_factory=Counter)  # where each document was judged by its own
    set_aside: list[str] = field(default_factory=list)
    shown: list[Repair] = field(default_factory=list)


def run_job(
    documents: Callable[[Callable[[InputError], None]], Iterable[Document]],
    stages: Stages,
    out: Path,
    *,
    title: str,
    batch_size: int = 8,
    progress: Callable[[str], None] = lambda _: None,
    each: Callable[[dict[str, object]], None] = lambda _: None,
) -> Outcome:
    """Repair everything that `documents` yields and write the folder `out`.

    `documents` is called with a function that takes faults of single documents; these, and documents on which the
    pipeline itself fails, are set aside with their reason and never lost silently. `batch_size` documents are read
    ahead, repaired and then written together; it never changes the result. `progress` hears the id of every finished
    document, `each` its record. Raises RepairError for what stops the whole run.
    """
    outcome = Outcome()

    def set_aside(error: RepairError) -> None:
        outcome.set_aside.append(str(error))

    digest = hashlib.sha256()
    with JsonLinesWriter(out / "repaired.jsonl") as writer:
        stream = iter(documents(set_aside))
        while batch := list(islice(stream, batch_size)):
            for repair in _repaired(batch, stages, set_aside, progress):
                record = repair_record(repair)
                writer.write(record)
                atomic_write(out / "text" / f"{file_name(repair.document.id)}.txt", repair.text)
                digest.update(f"{repair.document.id}\0{repair.document.text}\0".encode())
                _count(outcome, repair)
                each(record)
    if outcome.set_aside:
        with JsonLinesWriter(out / "set_aside.jsonl") as writer:
            for reason in outcome.set_aside:
                writer.write({"reason": reason})
    else:
        (out / "set_aside.jsonl").unlink(missing_ok=True)
    atomic_write(out / "report.html", render(outcome.shown, None, title=title, set_aside=outcome.set_aside))
    manifest: dict[str, object] = {
        "documents": outcome.documents,
        "words": outcome.words,
        "edits": {verdict.value: outcome.verdicts[verdict] for verdict in Verdict},
        "set_aside": len(outcome.set_aside),
        "input": digest.hexdigest()[:16],
        "signature": dict(stages.signature),
    }
    if outcome.pivots:
        manifest["pivots"] = dict(sorted(outcome.pivots.items()))
    atomic_write(out / "manifest.json", json.dumps(manifest, indent=2) + "\n")
    return outcome


def _repaired(
    batch: Sequence[Document], stages: Stages, set_aside: Callable[[RepairError], None], progress: Callable[[str], None]
) -> list[Repair]:
    """The repaired documents of a batch; those that the pipeline fails on are set aside."""
    repairs = []
    for document in batch:
        try:
            repairs.append(repair_document(document, stages))
        except RepairError as error:
            set_aside(InputError(f"{document.source or document.id}: {error}"))
        progress(document.id)
    return repairs


def _count(outcome: Outcome, repair: Repair) -> None:
    outcome.documents += 1
    outcome.words += len(repair.document.text.split())
    outcome.verdicts.update(d.verdict for d in repair.decisions)
    outcome.pivots.update([repair.pivot.pivot] if repair.pivot else [])
    if len(outcome.shown) < _SHOWN:
        outcome.shown.append(repair)
