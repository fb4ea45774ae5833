"""Files as they go out: safe names, whole or not at all, records one a line."""

from __future__ import annotations

import gzip
import json
import os
import secrets
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import quote

import zstandard

from repair.errors import InputError, RepairError

_Bytes = IO[bytes] | gzip.GzipFile | zstandard.ZstdCompressionWriter
MAX_NAME = 200  # file systems allow 255 bytes; the rest is for endings


def file_name(doc_id: str) -> str:
    """A name for the files of a document, to which the caller adds an ending; no two ids share one.

    Everything outside [A-Za-z0-9._-] and every leading dot is percent-encoded, so that `urllib.parse.unquote` gives
    the id again; the rare name over MAX_NAME characters is cut and ends in `~` and a hash of the id.
    Raises InputError where the id is empty.

    >>> file_name("bbc/2024 03"), file_name("../x")
    ('bbc%2F2024%2003', '%2E%2E%2Fx')
    """
    if not doc_id:
        raise InputError("an empty id names no file; give every document an id")
    # quote() keeps the tilde, which here belongs to the cut names.
    quoted = quote(doc_id, safe="", errors="surrogatepass").replace("~", "%7E")
    bare = quoted.lstrip(".")
    name = "%2E" * (len(quoted) - len(bare)) + bare
    if len(name) <= MAX_NAME:
        return name
    digest = sha256(doc_id.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return f"{name[: MAX_NAME - 33]}~{digest}"


def atomic_write(path: Path, data: str | bytes) -> None:
    """Write a file whole or not at all; folders on the way are made. A string goes out as UTF-8, newlines as they are.

    Raises RepairError where the path cannot be written or the string has a lone surrogate; an older file stays then.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     atomic_write(Path(folder, "text", "1.txt"), "The NATO summit")
    ...     Path(folder, "text", "1.txt").read_text()
    'The NATO summit'
    """
    if isinstance(data, str):
        data = _encoded(data, path)
    with _reported(path), _partial(path) as file:
        file.write(data)


class JsonLinesWriter:
    """Writes records one a line, to a path (packed where it ends in .gz or .zst) or, with `-`, to standard output.

    The file appears under its name when the `with` block ends well, and not at all when it ends in an error. The same
    records always give the same bytes.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with JsonLinesWriter(f"{folder}/a.jsonl") as writer:
    ...         writer.write({"id": "1", "text": "The NATO summit — İzmir"})
    ...     Path(folder, "a.jsonl").read_text(encoding="utf-8")
    '{"id": "1", "text": "The NATO summit — İzmir"}\\n'
    """

    def __init__(self, path: str | Path) -> None:
        self._path = Path(path)
        self._stack = ExitStack()
        self._file: _Bytes | None = None

    def __enter__(self) -> Self:
        with _reported(self._path):
            self._file = self._stack.enter_context(_sink(self._path))
        return self

    def write(self, record: Mapping[str, object]) -> None:
        """Write one record. Raises RepairError for one that JSON cannot carry: a lone surrogate, NaN, an object."""
        if self._file is None:
            raise RepairError(f"{self._path}: not open; write inside the `with` block")
        try:
            line = json.dumps(record, ensure_ascii=False, allow_nan=False)
        except (TypeError, ValueError, RecursionError) as error:
            raise RepairError(f"{self._path}: a record that is no JSON: {error}; write plain values") from error
        with _reported(self._path):
            self._file.write(_encoded(line + "\n", self._path))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file = None
        with _reported(self._path):
            self._stack.__exit__(kind, error, trace)


def _encoded(text: str, path: Path) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        what = f"lone surrogate U+{ord(text[error.start]):04X} at character {error.start}"
        raise RepairError(f"{path}: {what}; no file can hold it, take it out") from error


@contextmanager
def _reported(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise RepairError(f"{path}: cannot be written: {error.strerror}; check the path and the disk") from error


@contextmanager
def _sink(path: Path) -> Iterator[_Bytes]:
    """Standard output for `-`, or else a partial file behind the packing that its ending asks for."""
    if str(path) == "-":
        sys.stdout.flush()
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    with _partial(path) as file:
        if path.suffix.lower() == ".gz":  # no name and no time inside, so that equal records give equal bytes
            with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as packed:
                yield packed
        elif path.suffix.lower() == ".zst":
            with zstandard.ZstdCompressor(write_checksum=True).stream_writer(file, closefd=False) as packed:
                yield packed
        else:
            yield file


@contextmanager
def _partial(path: Path) -> Iterator[IO[bytes]]:
    """A hidden file beside `path` that takes its name at the end, or goes again if there was an error."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Not tempfile, whose files nobody else may read. Readers of folders skip hidden files.
    partial = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with partial.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
