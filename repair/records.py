"""Documents and records as they come in: plain text, JSON lines, CSV, TSV and Parquet, packed or not.

The readers in this file *yield* an InputError for a fault of one record, so that reading can go on behind it, and
*raise* one where the file as a whole is of no use.
"""

from __future__ import annotations

import csv
import gzip
import json
import os
import re
import shutil
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from io import BufferedIOBase, BufferedReader
from itertools import chain
from math import inf
from pathlib import Path
from typing import BinaryIO, TypeVar

from repair.errors import InputError
from repair.types import Document

MAX_LINE = 1_000_000  # characters of one line of a text
MAX_RECORD = 10_000_000  # bytes of one line of JSON or CSV

SetAside = Callable[[InputError], None]
_T = TypeVar("_T")
_Stream = BufferedIOBase | BinaryIO
_Record = tuple[str, object, object]  # place, id and text, nothing checked yet
_FORMATS = {".txt": "text", ".md": "text", ".json": "json", ".jsonl": "json", ".ndjson": "json"}
_FORMATS |= {".csv": "csv", ".tsv": "csv", ".parquet": "parquet"}
_KNOWN = f"known endings are {' '.join(_FORMATS)}, with or without .gz or .zst behind"
_FORBIDDEN = re.compile("[\0\ud800-\udfff]")
_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class _Source:
    """A file to read, or standard input where `path` is None; `ending` is the one before the packing's."""

    path: Path | None
    name: str
    stem: str
    ending: str = ""
    packing: str = ""


@dataclass(frozen=True, slots=True)
class _Shape:
    """The fields to take and the sizes to refuse."""

    fields: tuple[str, str]  # id and text
    max_line: int
    max_record: int


def read_documents(
    inputs: Sequence[str],
    *,
    text_field: str = "text",
    id_field: str = "id",
    max_line: int = MAX_LINE,
    max_record: int = MAX_RECORD,
    set_aside: SetAside | None = None,
) -> Iterator[Document]:
    r"""Read documents from files, folders and `-` (standard input) as a stream.

    A folder stands for the files right in it, by name, that have a known ending and are not hidden. Newlines become
    \n and a leading byte order mark goes; nothing else of a text is changed.

    Raises InputError for a fault of a document, or hands it to `set_aside` and goes on with the next document; where a
    file breaks off (a truncated archive, an open quote) that one fault stands for the rest of the file. A file of no
    use at all raises in any case: before anything is read if it is missing or of unknown ending, or else (unreadable,
    no such column) when its turn comes.

    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "a.csv").write_bytes(b"id,text\r\n1,The top of NATO\r\n")
    ...     [(document.id, document.text) for document in read_documents([folder])]
    [('1', 'The top of NATO')]
    """
    sources = [source for given in inputs for source in _sources(given)]
    return _sift(_documents(sources, _Shape((id_field, text_field), max_line, max_record)), set_aside)


def read_json_lines(
    source: str, *, max_record: int = MAX_RECORD, set_aside: SetAside | None = None
) -> Iterator[tuple[int, dict[str, object]]]:
    """Read JSON objects, one a line, from a file or `-`, each with the number of its line; blank lines are skipped.

    Raises InputError, or hands it to `set_aside`, as `read_documents` does.

    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "a.jsonl").write_text('{"tokens": ["the", "top"]}')
    ...     list(read_json_lines(f"{folder}/a.jsonl"))
    [(1, {'tokens': ['the', 'top']})]
    """
    opened = _source(source)

    def objects() -> Iterator[tuple[int, dict[str, object]] | InputError]:
        with _open(opened) as stream:
            yield from _objects(opened.name, _chunks(stream, max_record), max_record)

    return _sift(_guarded(opened.name, objects()), set_aside)


def _source(given: str) -> _Source:
    if given == "-":
        return _Source(None, "stdin", "stdin")
    path = Path(given)
    packing = path.suffix.lower() if path.suffix.lower() in (".gz", ".zst") else ""
    inner = path.with_suffix("") if packing else path
    name = os.fsencode(path).decode("utf-8", "backslashreplace")  # a path need not be UTF-8, a message has to be
    return _Source(path, name, inner.stem, inner.suffix.lower(), packing)


def _sources(given: str) -> list[_Source]:
    source = _source(given)
    if source.path is None:
        return [source]
    try:
        source.path.stat()
        inside = sorted(source.path.iterdir()) if source.path.is_dir() else None
    except OSError as error:
        raise InputError(f"{source.name}: {error.strerror}; check the path and its permissions") from error
    if inside is None and (not source.ending or source.ending in _FORMATS):
        return [source]
    files = [_source(str(path)) for path in inside or () if path.is_file() and not path.name.startswith(".")]
    if found := [file for file in files if file.ending in _FORMATS]:
        return found
    what = "unknown ending" if inside is None else "no file of a known ending in this folder"
    raise InputError(f"{source.name}: {what}; {_KNOWN}")


@contextmanager
def _open(source: _Source) -> Iterator[_Stream]:
    """The bytes of a source, unpacked."""
    if source.path is None:
        yield sys.stdin.buffer
        return
    try:
        file = source.path.open("rb")
    except OSError as error:
        raise InputError(f"{source.name}: {error.strerror}; check the path and its permissions") from error
    with file:
        if source.packing == ".gz":
            with gzip.GzipFile(fileobj=file) as unpacked:
                yield unpacked
        elif source.packing == ".zst":
            import pyarrow  # here, as it takes a third of a second

            # Not zstandard's own stream reader: that one takes a truncated file for a complete one.
            with BufferedReader(pyarrow.CompressedInputStream(file, "zstd")) as stream:
                yield stream
        else:
            yield file


def _sift(items: Iterable[_T | InputError], set_aside: SetAside | None) -> Iterator[_T]:
    for item in items:
        if not isinstance(item, InputError):
            yield item
        elif set_aside is None:
            raise item
        else:
            set_aside(item)


def _guarded(name: str, items: Iterable[_T | InputError]) -> Iterator[_T | InputError]:
    """Make a fault of a file that breaks off, and of one with nothing in it."""
    count = 0
    try:
        for item in items:
            count += 1
            yield item
    except (OSError, EOFError, zlib.error) as error:
        yield InputError(f"{name}: breaks off after {count} records: {error}; fetch or make the file again")
    else:
        if not count:
            yield InputError(f"{name}: empty; leave the file out")


def _documents(sources: Iterable[_Source], shape: _Shape) -> Iterator[Document | InputError]:
    places: dict[str, str] = {}
    for source in sources:
        for record in _guarded(source.name, _records(source, shape)):
            if isinstance(record, InputError):
                yield record
                continue
            place = record[0]
            try:
                document = _document(record, shape, plain=place == source.name)
                if first := places.get(document.id):
                    raise InputError(f"{place}: the id {document.id!r} is taken by {first}; make ids unique")
            except InputError as error:
                yield error
            else:
                places[document.id] = place
                yield document


def _document(record: _Record, shape: _Shape, *, plain: bool) -> Document:
    """Check a record and normalise its text; a `plain` one has the lines of its file."""
    place, *values = record
    if type(values[0]) is int:
        values[0] = str(values[0])
    for field, value in zip(shape.fields, values, strict=True):
        if not isinstance(value, str):
            kind = "null" if value is None else type(value).__name__
            raise InputError(f"{place}: field {field!r} is {kind}, not a string; mend it or name another field")
    doc_id, text = map(str, values)
    if not doc_id or _FORBIDDEN.search(doc_id):
        raise InputError(f"{place}: the id {doc_id!r} is empty or has NULs or lone surrogates; give another one")
    text = text.removeprefix(_BOM).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise InputError(f"{place}: no text, or nothing but blanks; leave the document out")
    for number, line in enumerate(text.split("\n"), 1):
        if what := _fault(line, shape.max_line):
            raise InputError(f"{place}:{number}: {what}" if plain else f"{place}: line {number} of the text: {what}")
    return Document(doc_id, text, place)


def _fault(line: str, limit: float = inf) -> str:
    """What is wrong with a line of text, if anything."""
    if len(line) > limit:
        return f"{len(line)} characters, over the limit of {limit}; break the line up"
    if not (bad := _FORBIDDEN.search(line)):
        return ""
    name = "NUL character" if bad[0] == "\0" else f"lone surrogate U+{ord(bad[0]):04X}"
    return f"{name}; take it out or export the text again"


def _records(source: _Source, shape: _Shape) -> Iterator[_Record | InputError]:
    kind = _FORMATS.get(source.ending, "text")
    with _open(source) as stream:
        if kind == "parquet" and source.packing:
            with tempfile.TemporaryFile() as unpacked:  # Parquet is read from its end, which an archive cannot do
                shutil.copyfileobj(stream, unpacked)
                yield from _parquet(source.name, unpacked, shape.fields)
            return
        if kind == "parquet":
            yield from _parquet(source.name, stream, shape.fields)
            return
        chunks = _chunks(stream, shape.max_record)
        if source.path is None:
            kind, chunks = _sniffed(chunks)
        if kind == "json":
            yield from _json(source.name, chunks, shape)
        elif kind == "csv":
            yield from _csv(source.name, chunks, shape, "\t" if source.ending == ".tsv" else ",")
        else:
            try:
                yield source.name, source.stem, _decoded(b"".join(chunks), source.name)
            except InputError as error:
                yield error


def _sniffed(chunks: Iterator[bytes]) -> tuple[str, Iterator[bytes]]:
    """What standard input brings, JSON or text, and all of its chunks."""
    head: list[bytes] = []
    for chunk in chunks:
        head.append(chunk)
        if seen := chunk.removeprefix(_BOM.encode()).strip():
            return "json" if seen.startswith(b"{") else "text", chain(head, chunks)
    return "text", iter(head)


def _chunks(stream: _Stream, limit: int) -> Iterator[bytes]:
    """Lines with their ends; one longer than `limit` bytes comes in pieces, so that it cannot fill the memory."""
    return iter(partial(stream.readline, limit + 1), b"")


def _lines(chunks: Iterable[bytes], limit: int) -> Iterator[tuple[int, int, bytes | None]]:
    """The number of each line, its byte offset, and the line itself, or None for one over the limit."""
    number, offset, skipping = 0, 0, False
    for chunk in chunks:
        over = len(chunk) > limit and not chunk.endswith(b"\n")
        if not skipping:
            number += 1
            yield number, offset, None if over else chunk
        skipping = (skipping or over) and not chunk.endswith(b"\n")
        offset += len(chunk)


def _decoded(raw: bytes, name: str, line: int = 1, offset: int = 0) -> str:
    """Decode bytes that stand at `line` and `offset` of their file."""
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        line += len(re.findall(rb"\r\n?|\n", raw[: error.start]))
        raise InputError(
            f"{name}:{line}: not UTF-8 at byte {offset + error.start}; convert the file to UTF-8"
        ) from error


def _objects(name: str, chunks: Iterable[bytes], limit: int) -> Iterator[tuple[int, dict[str, object]] | InputError]:
    for number, offset, raw in _lines(chunks, limit):
        place = f"{name}:{number}"
        try:
            if raw is None:
                raise InputError(f"{place}: line over {limit} bytes; write one record a line, or split the record")
            line = _decoded(raw, name, number, offset).removeprefix(_BOM if number == 1 else "")
            if line.strip(" \t\r\n"):
                yield number, _object(line, place)
        except InputError as error:
            yield error


def _object(line: str, place: str) -> dict[str, object]:
    try:
        value = json.loads(line)
        # Only an escape brings in a NUL or a lone surrogate.
        what = next(filter(None, map(_fault, _strings(value))), "") if "\\u" in line else ""
    except (ValueError, RecursionError) as error:
        raise InputError(f"{place}: broken JSON ({error}); write one object a line, as jq -c does") from error
    if not isinstance(value, dict):
        raise InputError(f"{place}: not a JSON object; write one object a line, as jq -c '.[]' does")
    if what:
        raise InputError(f"{place}: {what}")
    return value


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from chain(value, *map(_strings, value.values()))
    elif isinstance(value, list):
        yield from chain.from_iterable(map(_strings, value))


def _missing(place: str, field: str, there: Iterable[str]) -> InputError:
    return InputError(f"{place}: no field {field!r}, or two, among {', '.join(map(repr, there))}; name another field")


def _json(name: str, chunks: Iterable[bytes], shape: _Shape) -> Iterator[_Record | InputError]:
    for item in _objects(name, chunks, shape.max_record):
        if isinstance(item, InputError):
            yield item
            continue
        number, record = item
        if missing := [field for field in shape.fields if field not in record]:
            yield _missing(f"{name}:{number}", missing[0], record)
        else:
            doc_id, text = map(record.get, shape.fields)
            yield f"{name}:{number}", doc_id, text


def _csv(name: str, chunks: Iterable[bytes], shape: _Shape, delimiter: str) -> Iterator[_Record | InputError]:
    undecoded: list[InputError] = []
    # The limit belongs to the whole process, so it is only ever raised.
    csv.field_size_limit(max(csv.field_size_limit(), shape.max_record))
    # Strict, as the lenient reader drops stray quotes and takes all that follows an open one for its text.
    rows = csv.reader(_csv_lines(name, chunks, shape.max_record, undecoded), delimiter=delimiter, strict=True)
    header: list[str] = []
    place = f"{name}:1"
    try:
        for row in rows:
            if undecoded and not header:
                raise undecoded.pop()
            if undecoded:
                yield undecoded.pop()
            elif row and not header:
                header = row
                for field in shape.fields:
                    if header.count(field) != 1:
                        raise _missing(place, field, header)
            elif row and len(row) != len(header):
                yield InputError(f"{place}: {len(row)} fields under a header of {len(header)}; quote the separators")
            elif row:
                doc_id, text = (row[header.index(field)] for field in shape.fields)
                yield place, doc_id, text
            place = f"{name}:{rows.line_num + 1}"
    except csv.Error as error:
        yield InputError(f"{place}: {error}; nothing was read from here on; mend the quotes of this record")


def _csv_lines(name: str, chunks: Iterable[bytes], limit: int, undecoded: list[InputError]) -> Iterator[str]:
    r"""Decoded lines that end in \n, \r\n or \r, as the csv module wants them."""
    number = 0
    for _, offset, chunk in _lines(chunks, limit):
        if chunk is None:
            raise csv.Error(f"line over {limit} bytes")
        for raw in chunk.splitlines(keepends=True):
            number += 1
            try:
                line = _decoded(raw, name, number, offset)
            except InputError as error:
                undecoded[:] = undecoded or [error]
                line = raw.decode(errors="replace")
            offset += len(raw)
            yield line.removeprefix(_BOM if number == 1 else "")


def _parquet(name: str, stream: _Stream, fields: tuple[str, str]) -> Iterator[_Record | InputError]:
    import pyarrow
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(stream)
        for field in fields:
            if file.schema_arrow.names.count(field) != 1:
                raise _missing(name, field, file.schema_arrow.names)
        number = 0
        for batch in file.iter_batches(batch_size=1000, columns=list(fields)):
            for pair in zip(*map(batch.column, fields), strict=True):
                number += 1
                try:
                    doc_id, text = (value.as_py() for value in pair)
                    yield f"{name}:row {number}", doc_id, text
                except UnicodeDecodeError as error:
                    what = f"not UTF-8 at byte {error.start} of its field; write it as UTF-8"
                    yield InputError(f"{name}:row {number}: {what}")
    except (pyarrow.ArrowException, UnicodeDecodeError) as error:  # the latter from the names of columns
        raise OSError(str(error)) from error
