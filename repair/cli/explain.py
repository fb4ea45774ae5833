"""`repair explain`: why this was changed, why that was not."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from repair.errors import InputError


def explain(
    run: Annotated[Path, typer.Argument(help="Output folder of `repair run`, or its repaired.jsonl.")],
    doc: Annotated[str | None, typer.Option("--doc", help="Id of the document; not needed where there is one.")] = None,
    at: Annotated[
        int | None, typer.Option("--at", min=0, help="Only this place: an offset into the text as it was read.")
    ] = None,
) -> None:
    """Tell what was thought of a document, place by place: changes, doubts, and what was left alone."""
    from repair.records import read_json_lines
    from repair.report.explain import explain as explained
    from repair.report.record import repair_from_record

    file = run / "repaired.jsonl" if run.is_dir() else run
    records = {str(record.get("id")): record for _, record in read_json_lines(str(file))}
    if doc is None and len(records) == 1:
        doc = next(iter(records))
    if doc is None or doc not in records:
        known = ", ".join(list(records)[:5]) + (" …" if len(records) > 5 else "")
        asked = f"no document {doc!r}" if doc is not None else f"{len(records)} documents"
        raise InputError(f"{file}: {asked}; name one with --doc: {known}")
    repair = repair_from_record(records[doc])
    if at is not None and at > len(repair.document.text):
        raise InputError(f"{file}: document {doc} has {len(repair.document.text)} characters, none at {at}")
    print(explained(repair, at))
