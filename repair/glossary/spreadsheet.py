"""Entries as a CSV table: a row each, lists in one cell, nothing that a spreadsheet would take for a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator

from repair.glossary.model import FIELDS, Entry

_LISTS = frozenset(name for name in FIELDS if isinstance(Entry.__dataclass_fields__[name].default, tuple))
_FORMULA = re.compile(r"'*[=+\-@]")


def write(entries: Iterable[Entry]) -> bytes:
    """The table, with all columns."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(FIELDS)
    for entry in entries:
        values = (getattr(entry, name) for name in FIELDS)
        writer.writerow(_guarded(_joined(v) if isinstance(v, tuple) else str(v)) for v in values)
    return out.getvalue().encode()


def read(data: bytes) -> Iterator[tuple[int, object]]:
    """Line and record of every row; semicolons between columns are understood, missing columns are empty.

    Raises ValueError where the header is not one of ours.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 ({error.reason}); save the table as CSV UTF-8") from error
    head = text.partition("\n")[0]
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=";" if ";" in head and "," not in head else ",", strict=True
    )
    try:
        header = next(reader, [])
    except csv.Error as error:
        raise ValueError(f"no table: the first row names no column ({error})") from error
    if unknown := sorted({*header} - {*FIELDS}):
        raise ValueError(f"unknown column {unknown[0]!r}; the columns are {', '.join(FIELDS)}")
    if len(set(header)) < len(header) or "id" not in header or "canonical" not in header:
        raise ValueError("the first row has to name every column once, id and canonical among them")
    return _rows(reader, header)


def _rows(reader: Iterator[list[str]], header: list[str]) -> Iterator[tuple[int, object]]:
    line = 2
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, f"no row of a table: {error}"
            return
        if any(cells):
            yield line, _record(header, cells)
        line = reader.line_num + 1  # type: ignore[attr-defined]


def _record(header: list[str], cells: list[str]) -> object:
    if len(cells) != len(header):
        return f"{len(cells)} cells, but {len(header)} columns"
    values = {name: _bare(cell) for name, cell in zip(header, cells, strict=True)}
    return {name: _split(value) if name in _LISTS else value for name, value in values.items()}


def _joined(items: Iterable[str]) -> str:
    r"""Items with bars between; a bar in an item has a backslash before it.

    >>> _joined(["EPA-EFE", "A|B"]), _split(_joined(["EPA-EFE", "A|B"]))
    ('EPA-EFE | A\\|B', ['EPA-EFE', 'A|B'])
    """
    return " | ".join(re.sub(r"([\\|])", r"\\\1", item) for item in items)


def _split(cell: str) -> list[str]:
    items = re.findall(r"(?:[^\\|]|\\.|\\$)+", cell)
    return [re.sub(r"\\(.)", r"\1", item).strip() for item in items if item.strip()]


def _guarded(cell: str) -> str:
    """The cell with an apostrophe before what a spreadsheet would calculate."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _bare(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
