"""Hand-fixed references: annotated sentences, checked, and the documents they make up.

A passage file is JSONL, a record per sentence: `id`, `passage`, `topic`, `lead` (what stands between it and the
sentence before), `text`, `reference`, and `repairs`, each `{start, end, before, good: [...], kind, pivot}` in offsets
of `text`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from repair.errors import InputError
from repair.types import Document, Kind, Span


@dataclass(frozen=True, slots=True)
class Annotation:
    """A repair that a good editor makes; `good` are the accepted answers, the first is the reference's."""

    span: Span
    before: str
    good: tuple[str, ...]
    kind: Kind
    pivot: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A document with its reference. Spans count into `text`; `sentences` are (span, reference) pairs in order."""

    id: str
    topic: str
    text: str
    reference: str
    annotations: tuple[Annotation, ...]
    sentences: tuple[tuple[Span, str], ...]

    @property
    def document(self) -> Document:
        """The garbled document."""
        return Document(self.id, self.text)

    @property
    def clean(self) -> Document:
        """The reference as a document: what a second pass, or an over-eager tool, must leave alone."""
        return Document(self.id, self.reference)


def load_passages(path: Path) -> list[Passage]:
    """Read one passage file, or every `*.jsonl` of a folder, in order of name.

    Raises InputError naming file, line and fault where a record contradicts itself.
    """
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    if not files:
        raise InputError(f"{path}: no reference passages (*.jsonl) there")
    return [passage for file in files for passage in _read(file)]


def _read(file: Path) -> list[Passage]:
    if not file.is_file():
        raise InputError(f"{file}: no such reference file")
    grouped: dict[str, list[dict[str, object]]] = {}
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        if line.strip():
            try:
                record = json.loads(line)
                check_record(record)
            except (ValueError, TypeError) as error:
                raise InputError(f"{file}:{number}: {error}") from None
            grouped.setdefault(record["passage"], []).append(record)
    return [_passage(records) for records in grouped.values()]


def check_record(record: dict[str, object]) -> None:
    """Raise ValueError unless offsets fit the text, no repairs overlap, and the first answers give the reference."""
    _need(record, "passage", "topic", "text", "reference", "repairs")
    text, rebuilt, position = str(record["text"]), [], 0
    repairs = record["repairs"]
    if not isinstance(repairs, list):
        raise ValueError("repairs must be a list")
    for repair in repairs:
        _need(repair, "start", "end", "before", "good", "kind", "pivot")
        start, end, before, good = repair["start"], repair["end"], repair["before"], repair["good"]
        if not position <= start <= end <= len(text):
            raise ValueError(f"repair {before!r} at {start}:{end} overlaps the one before or leaves the text")
        if text[start:end] != before:
            raise ValueError(f"at {start}:{end} the text reads {text[start:end]!r}, not {before!r}")
        if repair["kind"] not in set(Kind):
            raise ValueError(f"kind {repair['kind']!r} is none of {', '.join(Kind)}")
        if not good or before in good:
            raise ValueError(f"repair {before!r} needs answers that differ from it")
        rebuilt += [text[position:start], good[0]]
        position = end
    if (result := "".join(rebuilt) + text[position:]) != record["reference"]:
        raise ValueError(f"the repairs give {result!r}, not the reference")


def _need(record: dict[str, object], *fields: str) -> None:
    if missing := [field for field in fields if field not in record]:
        raise ValueError(f"{', '.join(missing)} missing")


def _passage(records: Sequence[dict[str, object]]) -> Passage:
    text, reference = "", ""
    annotations, sentences = [], []
    for record in records:
        lead = str(record.get("lead", "\n"))
        text, reference = text + lead, reference + lead
        offset = len(text)
        for repair in record["repairs"]:  # type: ignore[attr-defined]
            span = Span(offset + repair["start"], offset + repair["end"])
            annotations.append(
                Annotation(span, repair["before"], tuple(repair["good"]), Kind(repair["kind"]), repair["pivot"])
            )
        text, reference = text + str(record["text"]), reference + str(record["reference"])
        sentences.append((Span(offset, len(text)), str(record["reference"])))
    first = records[0]
    return Passage(str(first["passage"]), str(first["topic"]), text, reference, tuple(annotations), tuple(sentences))
