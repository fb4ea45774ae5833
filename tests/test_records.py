"""Reading and writing: what comes in comes back as it was, and every fault names its place and the remedy."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote

import pyarrow as pa
import pytest
import zstandard
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from repair.errors import InputError, RepairError
from repair.records import read_documents, read_json_lines
from repair.types import Document
from repair.writing import MAX_NAME, JsonLinesWriter, atomic_write, file_name

GOOD = '{"id": "1", "text": "one"}'
TWO = b'{"id": 1, "text": "one"}\n{"id": 2, "text": "two"}\n'


def zst(data: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(data)


def table(**columns: list[object] | pa.Array) -> bytes:
    sink = io.BytesIO()
    parquet.write_table(pa.table(columns), sink)
    return sink.getvalue()


def csv_bytes(rows: list[list[str]], **options: str) -> bytes:
    sink = io.StringIO(newline="")
    csv.writer(sink, **options).writerows(rows)
    return sink.getvalue().encode()


def put(folder: Path, name: str, data: bytes) -> str:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return str(path)


def pairs(*inputs: str, **options: object) -> list[tuple[str, str]]:
    return [(document.id, document.text) for document in read_documents(inputs, **options)]


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def feed(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


# What is read


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("a.txt", b"The top of NATO.\n", [("a", "The top of NATO.\n")]),
        ("a.b.md", b"# Top", [("a.b", "# Top")]),
        ("passage", b"x", [("passage", "x")]),
        ("a.TXT.GZ", gzip.compress(b"x"), [("a", "x")]),
        ("passage.zst", zst(b"x"), [("passage", "x")]),
        ("a.txt", b"\xef\xbb\xbfone\r\ntwo\rthree\n\r", [("a", "one\ntwo\nthree\n\n")]),
        (
            "a.txt",
            " \u00a0\u200b\u2028e\u0301\u00e9\x0b\x1f\ufb01 ".encode(),
            [("a", " \u00a0\u200b\u2028e\u0301\u00e9\x0b\x1f\ufb01 ")],
        ),
        ("a.jsonl", TWO, [("1", "one"), ("2", "two")]),
        ("a.json", b"\xef\xbb\xbf" + TWO.replace(b"\n", b"\r\n\r\n"), [("1", "one"), ("2", "two")]),
        ("a.ndjson", b'{"text": "one\\r\\ntwo \\ud83d\\ude00", "id": "x", "n": null}', [("x", "one\ntwo 😀")]),
        ("a.jsonl", '{"id": "a\u2028b", "text": "\u2028x\u0085"}'.encode(), [("a\u2028b", "\u2028x\u0085")]),
        ("a.jsonl.gz", gzip.compress(TWO[:25]) + gzip.compress(TWO[25:]), [("1", "one"), ("2", "two")]),
        ("a.jsonl.zst", zst(TWO[:30]) + zst(TWO[30:]), [("1", "one"), ("2", "two")]),
        ("a.csv", b"\xef\xbb\xbfid,n,text\r\n1,,one\r\n\r\n2,,two\r\n", [("1", "one"), ("2", "two")]),
        ("a.csv", b"id,text\r1,one\r2,two\r", [("1", "one"), ("2", "two")]),
        ("a.csv", b'text,id\n"one, ""two""\r\nthree\rfour",1\n', [("1", 'one, "two"\nthree\nfour')]),
        ("a.csv", b"id,text\n1," + b"x" * 200_000, [("1", "x" * 200_000)]),
        ("a.tsv.gz", gzip.compress(b'id\ttext\n1\the said "one", then two\n'), [("1", 'he said "one", then two')]),
        ("a.parquet", table(id=[1, 2], text=["one", "two"], n=[0, 0]), [("1", "one"), ("2", "two")]),
        ("a.parquet", table(text=["one"], id=["x"]), [("x", "one")]),
        ("a.parquet", table(id=["x"], text=pa.array(["one"], pa.large_string()).dictionary_encode()), [("x", "one")]),
        ("a.parquet.gz", gzip.compress(table(id=["x"], text=["one"])), [("x", "one")]),
        ("a.parquet.zst", zst(table(id=["x"], text=["one"])), [("x", "one")]),
    ],
)
def test_formats(tmp_path: Path, name: str, data: bytes, expected: list[tuple[str, str]]) -> None:
    assert pairs(put(tmp_path, name, data)) == expected


def test_many_rows_come_in_order(tmp_path: Path) -> None:
    path = put(tmp_path, "a.parquet", table(id=list(range(2500)), text=[f"text {i}" for i in range(2500)]))
    assert pairs(path) == [(str(i), f"text {i}") for i in range(2500)]


def test_other_fields(tmp_path: Path) -> None:
    path = put(tmp_path, "a.jsonl", b'{"url": "u", "body": "one", "text": 3}')
    assert pairs(path, text_field="body", id_field="url") == [("u", "one")]


def test_folder(tmp_path: Path) -> None:
    for name in ["b.txt", "a.md.gz", ".hidden.txt", ".x.part", "notes.pdf", "Makefile", "c.jsonl", "sub/d.txt"]:
        data = gzip.compress(b"one") if name.endswith("gz") else GOOD.encode()
        put(tmp_path, name, data)
    assert [document.id for document in read_documents([str(tmp_path)])] == ["a", "b", "1"]


def test_source_names_file_and_line(tmp_path: Path) -> None:
    names = {
        "a.txt": b"x",
        "b.jsonl": b"\n" + TWO[24:],
        "c.csv": b'id,text\n"3","a\nb"\n4,c\n',
        "d.parquet": table(id=[5], text=["x"]),
    }
    inputs = [put(tmp_path, name, data) for name, data in names.items()]
    places = [str(document.source).removeprefix(f"{tmp_path}/") for document in read_documents(inputs)]
    assert places == ["a.txt", "b.jsonl:3", "c.csv:2", "c.csv:4", "d.parquet:row 1"]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"plain {text}\r\n", [("stdin", "plain {text}\n")]),
        (b"\n\n plain", [("stdin", "\n\n plain")]),
        (TWO, [("1", "one"), ("2", "two")]),
        (b"\xef\xbb\xbf \r\n\n \t" + TWO, [("1", "one"), ("2", "two")]),
    ],
)
def test_standard_input(monkeypatch: pytest.MonkeyPatch, data: bytes, expected: list[tuple[str, str]]) -> None:
    feed(monkeypatch, data)
    assert pairs("-") == expected


def test_standard_input_keeps_line_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    feed(monkeypatch, b"\n\n" + TWO + b"{")
    with pytest.raises(InputError, match=r"^stdin:5: broken JSON"):
        pairs("-")


def test_reading_streams(tmp_path: Path) -> None:
    documents = read_documents([put(tmp_path, "a.jsonl", TWO + b"{broken")])
    assert [next(documents).id, next(documents).id] == ["1", "2"]


# What is refused

FAULTS: list[tuple[str, bytes, str]] = [
    # file, bytes, message after the folder
    ("a.txt", b"one\r\ntwo\n \xff", r"a.txt:3: not UTF-8 at byte 10; convert"),
    ("a.txt", b"\xef\xbb\xbf\xe9t\xe9", r"a.txt:1: not UTF-8 at byte 3; convert"),
    ("a.txt", "one".encode("utf-16"), r"a.txt:1: not UTF-8 at byte 0; convert"),
    ("a.txt", b"one\n\xed\xa0\x80", r"a.txt:2: not UTF-8 at byte 4; convert"),
    ("a.txt", b"one\rtw\0o", r"a.txt:2: NUL character; take it out"),
    ("a.txt", b"one\n" + b"x" * 1_000_001, r"a.txt:2: 1000001 characters, over the limit of 1000000; break"),
    ("a.txt", b"", r"a.txt: no text, or nothing but blanks; leave"),
    ("a.txt", b" \r\n\t\xc2\xa0", r"a.txt: no text, or nothing but blanks; leave"),
    ("a.txt.gz", b"", r"a.txt.gz: no text, or nothing but blanks; leave"),
    (
        "a.txt.gz",
        gzip.compress(os.urandom(9000).hex().encode())[:-5000],
        r"a.txt.gz: breaks off after 0 records: .*ended.*; fetch",
    ),
    ("a.txt.gz", b"plain", r"a.txt.gz: breaks off after 0 records: Not a gzipped file .*; fetch"),
    (
        "a.txt.gz",
        gzip.compress(b"one")[:-8] + b"12345678",
        r"a.txt.gz: breaks off after 0 records: CRC check failed .*; fetch",
    ),
    (
        "a.txt.zst",
        zst(os.urandom(9000).hex().encode())[:-1],
        r"a.txt.zst: breaks off after 0 records: Truncated .*; fetch",
    ),
    ("a.txt.zst", b"plain", r"a.txt.zst: breaks off after 0 records: .*; fetch"),
    ("a.jsonl", b"", r"a.jsonl: empty; leave"),
    ("a.jsonl", b"\n \r\n", r"a.jsonl: empty; leave"),
    ("a.jsonl", b"{}", r"a.jsonl:1: no field 'id'.*; name another"),
    ("a.jsonl", b'{"id": 1, "body": "x"}', r"a.jsonl:1: no field 'text', or two, among 'id', 'body'; name another"),
    ("a.jsonl", b'{"id": 1, "text": null}', r"a.jsonl:1: field 'text' is null, not a string; mend"),
    ("a.jsonl", b'{"id": 1, "text": ["x"]}', r"a.jsonl:1: field 'text' is list, not a string; mend"),
    ("a.jsonl", b'{"id": true, "text": "x"}', r"a.jsonl:1: field 'id' is bool, not a string; mend"),
    ("a.jsonl", b'{"id": 1.5, "text": "x"}', r"a.jsonl:1: field 'id' is float, not a string; mend"),
    ("a.jsonl", b'{"id": "", "text": "x"}', r"a.jsonl:1: the id '' is empty .*; give another"),
    ("a.jsonl", b'{"id": "x", "text": " \\n"}', r"a.jsonl:1: no text, or nothing but blanks; leave"),
    ("a.jsonl", b'\n{"id": "x", "text": "\\ud800"}', r"a.jsonl:2: lone surrogate U\+D800; take"),
    ("a.jsonl", b'{"id": "\\udfff", "text": "x"}', r"a.jsonl:1: lone surrogate U\+DFFF; take"),
    ("a.jsonl", b'{"id": "x", "text": "a\\u0000"}', r"a.jsonl:1: NUL character; take"),
    ("a.jsonl", b'{"id": "x", "text": "a\0"}', r"a.jsonl:1: broken JSON \(Invalid control character.*\); write"),
    ("a.jsonl", b'\n{"id": "x", "text": "a\xff"}', r"a.jsonl:2: not UTF-8 at byte 23; convert"),
    ("a.jsonl", b'{"id": "x", "te', r"a.jsonl:1: broken JSON \(Unterminated string.*\); write one object a line"),
    ("a.jsonl", b'{"id": 1' + b"1" * 5000 + b"}", r"a.jsonl:1: broken JSON \(.*digits.*\); write"),
    ("a.jsonl", b"[" * 200_000, r"a.jsonl:1: broken JSON \(.*recursion.*\); write"),
    (
        "a.jsonl",
        b'{"id":' + b"[" * 800 + b'"\\u00e9"' + b"]" * 800 + b"}",
        r"a.jsonl:1: (no field 'text'|broken JSON \(.*recursion)",
    ),
    ("a.jsonl", b'["x"]', r"a.jsonl:1: not a JSON object; write one object a line"),
    ("a.jsonl", b"x" * 10_000_001, r"a.jsonl:1: line over 10000000 bytes; write"),
    (
        "a.jsonl",
        b'{"id": 1, "text": "a\\n' + b"x" * 1_000_001 + b'"}',
        r"a.jsonl:1: line 2 of the text: 1000001 characters, over .*; break",
    ),
    ("a.csv", b"", r"a.csv: empty; leave"),
    ("a.csv", b"id,text\n", r"a.csv: empty; leave"),
    ("a.csv", b"id,text\n1\n", r"a.csv:2: 1 fields under a header of 2; quote"),
    ("a.csv", b"id,text\n1,a,b\n", r"a.csv:2: 3 fields under a header of 2; quote"),
    ("a.csv", b'id,text\n1,"a\n\xff\xfe"\n', r"a.csv:3: not UTF-8 at byte 13; convert"),
    ("a.csv", b'id,text\n1,"a\nb\0"\n', r"a.csv:2: line 2 of the text: NUL character; take"),
    ("a.csv", b'id,text\n1,"a\nb', r"a.csv:2: unexpected end of data; nothing was read from here on; mend"),
    ("a.csv", b'id,text\n1,"a" b\n', r"a.csv:2: .*expected after.*; nothing was read from here on; mend"),
    ("a.csv", b"id,text\n1," + b"x" * 10_000_001, r"a.csv:2: line over 10000000 bytes; nothing was read"),
    ("a.csv", b"id,text\n,a\n", r"a.csv:2: the id '' is empty .*; give another"),
    ("a.csv", b"id,text\na\0,a\n", r"a.csv:2: the id 'a\\x00' is empty or has NULs .*; give another"),
    ("a.csv", b"id,text\n1, \n", r"a.csv:2: no text, or nothing but blanks; leave"),
    ("a.parquet", b"PAR1", r"a.parquet: breaks off after 0 records: .*; fetch"),
    ("a.parquet", b"", r"a.parquet: breaks off after 0 records: .*; fetch"),
    ("a.parquet", table(id=pa.array([], pa.string()), text=pa.array([], pa.string())), r"a.parquet: empty; leave"),
    ("a.parquet", table(id=["x"], text=[b"one"]), r"a.parquet:row 1: field 'text' is bytes, not a string; mend"),
    ("a.parquet", table(id=["x"], text=[None]), r"a.parquet:row 1: field 'text' is null, not a string; mend"),
    ("a.parquet", table(id=[1.5], text=["x"]), r"a.parquet:row 1: field 'id' is float, not a string; mend"),
    ("a.parquet", table(id=["x"], text=["a\nb\0"]), r"a.parquet:row 1: line 2 of the text: NUL character; take"),
    (
        "a.parquet",
        table(id=["x"], text=pa.array([b"ab\xff"]).view(pa.string())),
        r"a.parquet:row 1: not UTF-8 at byte 2 of its field; write",
    ),
]


@pytest.mark.parametrize(("name", "data", "message"), FAULTS, ids=[f"{i}-{fault[0]}" for i, fault in enumerate(FAULTS)])
def test_faults_of_documents(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    """Each fault is raised, or set aside once while the next file is read."""
    path, other = put(tmp_path, name, data), put(tmp_path, "z.txt", b"next")
    pattern = f"^{re.escape(str(tmp_path))}/{message}"
    with pytest.raises(InputError, match=pattern):
        list(read_documents([path]))
    aside: list[InputError] = []
    assert pairs(path, other, set_aside=aside.append) == [("z", "next")]
    assert len(aside) == 1
    assert re.match(pattern, str(aside[0]))


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.pdf", b"x", r"a.pdf: unknown ending; known endings are \.txt .*\.parquet, with or without"),
        ("a.pdf.gz", b"x", r"a.pdf.gz: unknown ending"),
        ("a.csv", b"id,body\n1,a\n", r"a.csv:1: no field 'text', or two, among 'id', 'body'; name another"),
        ("a.csv", b"id,text,text\n1,a,b\n", r"a.csv:1: no field 'text', or two, among 'id', 'text', 'text'; name"),
        ("a.csv", b"id,text,\xff\n1,a,b\n", r"a.csv:1: not UTF-8 at byte 8; convert"),
        ("a.parquet", table(id=["x"], body=["x"]), r"a.parquet: no field 'text', or two, among 'id', 'body'; name"),
        ("sub/.hidden.txt", b"x", r"sub: no file of a known ending in this folder; known endings"),
    ],
)
def test_faults_of_files_are_always_raised(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    path = Path(put(tmp_path, name, data))
    given_path = path.parent if name.startswith("sub") else path
    with pytest.raises(InputError, match=f"^{re.escape(str(tmp_path))}/{message}"):
        list(read_documents([str(given_path)], set_aside=lambda fault: None))


def test_missing_files_are_noticed_before_anything_is_read(tmp_path: Path) -> None:
    good = put(tmp_path, "a.txt", b"x")
    with pytest.raises(InputError, match=r"/b.txt: No such file or directory; check the path"):
        read_documents([good, str(tmp_path / "b.txt")], set_aside=lambda fault: None)


def test_missing_json_lines(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"/b.jsonl: No such file or directory; check the path"):
        list(read_json_lines(str(tmp_path / "b.jsonl"), set_aside=lambda fault: None))


def test_duplicate_ids_over_all_inputs(tmp_path: Path) -> None:
    first, second = put(tmp_path, "1.txt", b"x"), put(tmp_path, "b.jsonl", TWO + GOOD.encode())
    aside: list[InputError] = []
    assert pairs(first, second, first, set_aside=aside.append) == [("1", "x"), ("2", "two")]
    assert [str(fault).replace(f"{tmp_path}/", "") for fault in aside] == [
        "b.jsonl:1: the id '1' is taken by 1.txt; make ids unique",
        "b.jsonl:3: the id '1' is taken by 1.txt; make ids unique",
        "1.txt: the id '1' is taken by 1.txt; make ids unique",
    ]


@pytest.mark.parametrize(
    ("name", "lines", "good", "bad"),
    [
        (
            "a.jsonl",
            [b'{"id": 1, "text": "x"}', b"{", b'{"id": 2}', b"\xff", b"y" * 90, b"", b'{"id": 3, "text": "z"}'],
            ["1", "3"],
            [2, 3, 4, 5],
        ),
        ("a.csv", [b"id,text", b"1,x", b'2,"', b'\xff"', b"3", b"4,", b"5,z"], ["1", "5"], [4, 5, 6]),
    ],
)
def test_reading_goes_on_behind_a_fault(
    tmp_path: Path, name: str, lines: list[bytes], good: list[str], bad: list[int]
) -> None:
    aside: list[InputError] = []
    path = put(tmp_path, name, b"\n".join(lines))
    assert [each[0] for each in pairs(path, max_record=60, set_aside=aside.append)] == good
    assert [int(str(fault).split(":")[1]) for fault in aside] == bad


@pytest.mark.parametrize(("ending", "pack"), [(".gz", gzip.compress), (".zst", zst)])
def test_truncated_archives_give_what_they_hold(tmp_path: Path, ending: str, pack: Callable[[bytes], bytes]) -> None:
    records = [{"id": i, "text": os.urandom(3000).hex()} for i in range(200)]
    data = pack("".join(json.dumps(record) + "\n" for record in records).encode())
    aside: list[InputError] = []
    found = pairs(put(tmp_path, f"a.jsonl{ending}", data[: len(data) // 2]), set_aside=aside.append)
    assert 0 < len(found) < 200
    assert found == [(str(record["id"]), record["text"]) for record in records[: len(found)]]
    assert [f"breaks off after {len(found)} records" in str(fault) for fault in aside] == [True]


@pytest.mark.parametrize(("length", "fits"), [(20, True), (21, False)])
@pytest.mark.parametrize("end", [b"", b"\n"])
def test_limits_are_exact(tmp_path: Path, length: int, fits: bool, end: bytes) -> None:
    line = b'{"id": "' + b"x" * (length - 20) + b'", "a": 1}'
    assert len(line) == length - 2
    path = put(tmp_path, "a.jsonl", line + end)
    assert (list(read_json_lines(path, max_record=18, set_aside=lambda fault: None)) != []) == fits
    path = put(tmp_path, "a.txt", b"x" * length + end)
    assert (pairs(path, max_line=20, set_aside=lambda fault: None) != []) == fits


def test_a_path_that_is_not_utf8(tmp_path: Path) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/\xff.txt")
    Path(path).write_text("x")
    with pytest.raises(
        InputError, match=r"\\xff.txt: the id '\\udcff' is empty or has NULs or lone surrogates"
    ) as fault:
        pairs(path)
    str(fault.value).encode()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(tmp_path: Path) -> None:
    path = put(tmp_path, "a.txt", b"x")
    Path(path).chmod(0)
    with pytest.raises(InputError, match=r"a.txt: Permission denied; check"):
        pairs(path)


# Records of another kind


def test_json_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = b'{"tokens": ["a", {"b": 1}]}\n\n{"tokens": ["\\\\ud800 \\u00e9"]}\n'
    expected = [(1, {"tokens": ["a", {"b": 1}]}), (3, {"tokens": ["\\ud800 é"]})]
    assert list(read_json_lines(put(tmp_path, "a.jsonl", data))) == expected
    assert list(read_json_lines(put(tmp_path, "a.jsonl.zst", zst(data)))) == expected
    feed(monkeypatch, data)
    assert list(read_json_lines("-")) == expected


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b'{"tokens": ["a", ["\\ud800"]]}', r":2: lone surrogate U\+D800; take"),
        (b'{"a": {"b\\u0000": 1}}', r":2: NUL character; take"),
        (b"[1]", r":2: not a JSON object; write"),
        (b"{", r":2: broken JSON \(.*\); write"),
        (b'{"a": "\xff"}', r":2: not UTF-8 at byte 10; convert"),
    ],
)
def test_faults_of_json_lines(tmp_path: Path, line: bytes, message: str) -> None:
    path = put(tmp_path, "a.jsonl", b"{}\n" + line + b"\n{}")
    with pytest.raises(InputError, match=message):
        list(read_json_lines(path))
    aside: list[InputError] = []
    assert [number for number, _ in read_json_lines(path, set_aside=aside.append)] == [1, 3]
    assert [bool(re.search(message, str(fault))) for fault in aside] == [True]


# Names


@pytest.mark.parametrize(
    ("doc_id", "name"),
    [
        ("a-b_c.D9", "a-b_c.D9"),
        ("..", "%2E%2E"),
        ("../../etc/passwd", "%2E%2E%2F..%2Fetc%2Fpasswd"),
        ("/a\\b", "%2Fa%5Cb"),
        ("a%2Fb~\0\n", "a%252Fb%7E%00%0A"),
        ("قمة", "%D9%82%D9%85%D8%A9"),
    ],
)
def test_file_names(doc_id: str, name: str) -> None:
    assert file_name(doc_id) == name


def test_an_empty_id_has_no_file_name() -> None:
    with pytest.raises(InputError, match="empty id names no file; give"):
        file_name("")


def test_long_names_are_cut_and_stay_apart() -> None:
    names = {file_name("x" * length + end) for length in range(190, 260) for end in "ab/"}
    assert len(names) == 70 * 3
    assert max(map(len, names)) == MAX_NAME


IDS = st.text(min_size=1) | st.text("./%~-a", min_size=1, max_size=5) | st.text("قx", min_size=30)


@given(st.lists(IDS, unique=True, min_size=2, max_size=6))
@settings(max_examples=60, deadline=None)
def test_file_names_are_safe_and_apart(ids: list[str]) -> None:
    names = [file_name(doc_id) for doc_id in ids]
    assert len(set(names)) == len(ids)
    for doc_id, name in zip(ids, names, strict=True):
        assert re.fullmatch(r"[A-Za-z0-9_%-][A-Za-z0-9._%~-]*", name)
        assert len(name) <= MAX_NAME
        assert "~" in name or unquote(name, errors="surrogatepass") == doc_id


# Round trips

WRITERS: dict[str, Callable[[Path, str], object]] = {
    "a.txt": lambda path, text: atomic_write(path, text),
    "a.txt.gz": lambda path, text: atomic_write(path, gzip.compress(text.encode(), 1)),
    "a.txt.zst": lambda path, text: atomic_write(path, zst(text.encode())),
    "a.csv": lambda path, text: atomic_write(path, csv_bytes([["id", "text"], ["a", text]])),
    "a.tsv.zst": lambda path, text: atomic_write(path, zst(csv_bytes([["id", "text"], ["a", text]], delimiter="\t"))),
    "a.parquet": lambda path, text: atomic_write(path, table(id=["a"], text=[text])),
}
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0")) | st.text("\r\n\ufeff\"', \tx\u2028\x85\x1c")


@contextmanager
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def write_lines(path: Path, text: str) -> None:
    with JsonLinesWriter(path) as writer:
        writer.write({"id": "a", "text": text})


WRITERS |= dict.fromkeys(["a.jsonl", "a.jsonl.gz", "a.json.zst"], write_lines)


@pytest.mark.parametrize("name", WRITERS)
@given(text=TEXTS)
@example(text='\ufeff\r\n\ufeff\rone\n\r\n"two",\t')
@settings(max_examples=25, deadline=None)
def test_texts_come_back(name: str, text: str) -> None:
    with folder() as here:
        WRITERS[name](here / name, text)
        aside: list[InputError] = []
        found = list(read_documents([str(here / name)], set_aside=aside.append))
    expected = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    assert [document.text for document in found] == ([expected] if expected.strip() else [])
    assert len(aside) == 1 - len(found)


SCALARS = st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = SCALARS | TEXTS | st.lists(TEXTS, max_size=3) | st.dictionaries(TEXTS, SCALARS | TEXTS, max_size=2)


@given(
    st.lists(st.dictionaries(TEXTS, VALUES, max_size=3), min_size=1, max_size=3), st.sampled_from(["", ".gz", ".zst"])
)
@settings(max_examples=40, deadline=None)
def test_records_come_back(records: list[dict[str, object]], ending: str) -> None:
    with folder() as here:
        path = here / f"a.jsonl{ending}"
        with JsonLinesWriter(path) as writer:
            for record in records:
                writer.write(record)
        assert [record for _, record in read_json_lines(str(path))] == records


@given(st.binary(max_size=200), st.sampled_from(["a.txt", "a.jsonl", "a.csv", "a.parquet", "a.jsonl.gz", "a.csv.zst"]))
@settings(max_examples=100, deadline=None)
def test_no_bytes_bring_another_error(data: bytes, name: str) -> None:
    with folder() as here:
        path = put(here, name, data)
        aside: list[InputError] = []
        try:
            found = list(read_documents([path], set_aside=aside.append))
        except InputError as fault:
            aside.append(fault)
            found = []
        assert found or aside
        assert all(str(fault).startswith(path) and ";" in str(fault) for fault in aside)
        assert all(isinstance(document, Document) for document in found)


# Writing


def test_atomic_write_makes_folders_and_replaces(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "er" / "a.txt"
    atomic_write(path, "old")
    atomic_write(path, "new\r\n")
    assert path.read_bytes() == b"new\r\n"
    assert names_in(path.parent) == ["a.txt"]


def test_atomic_write_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    atomic_write(path, "old")
    with pytest.raises(RepairError, match=r"a.txt: lone surrogate U\+D800 at character 1; no file can hold it, take"):
        atomic_write(path, "x\ud800")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RepairError, match=r"a.txt: cannot be written: No space left on device; check the path"):
        atomic_write(path, "new")
    assert path.read_text() == "old"
    assert names_in(tmp_path) == ["a.txt"]


def test_atomic_write_names_what_is_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    with pytest.raises(RepairError, match=r"a/b.txt: cannot be written: .*; check"):
        atomic_write(tmp_path / "a" / "b.txt", "x")
    with (
        pytest.raises(RepairError, match=r"a/b.jsonl: cannot be written: .*; check"),
        JsonLinesWriter(tmp_path / "a" / "b.jsonl"),
    ):
        pass


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.jsonl.zst"])
def test_writer_is_atomic_and_repeatable(tmp_path: Path, name: str) -> None:
    path = tmp_path / "out" / name
    with JsonLinesWriter(path) as writer:
        writer.write({"b": "é\u2028", "a": 1})
        assert not path.exists()
    first = path.read_bytes()
    with JsonLinesWriter(str(path)) as writer:
        writer.write({"b": "é\u2028", "a": 1})
    assert path.read_bytes() == first
    assert list(read_json_lines(str(path))) == [(1, {"b": "é\u2028", "a": 1})]
    assert name != "a.jsonl" or first == '{"b": "é\u2028", "a": 1}\n'.encode()
    with pytest.raises(KeyError), JsonLinesWriter(path) as writer:
        writer.write({"a": 2})
        raise KeyError
    assert path.read_bytes() == first
    assert names_in(path.parent) == [name]


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ({"a": ["\udc80"]}, r"lone surrogate U\+DC80 at character 8; no file"),
        ({"a": float("nan")}, r"a record that is no JSON: .*; write plain values"),
        ({"a": object()}, r"a record that is no JSON: .*; write plain values"),
    ],
)
def test_writer_refuses(tmp_path: Path, record: dict[str, object], message: str) -> None:
    path = tmp_path / "a.jsonl"
    with pytest.raises(RepairError, match=message), JsonLinesWriter(path) as writer:
        writer.write(record)
    assert names_in(tmp_path) == []


def test_writer_is_closed_behind_its_block(tmp_path: Path) -> None:
    with JsonLinesWriter(tmp_path / "a.jsonl") as writer:
        pass
    with pytest.raises(RepairError, match=r"a.jsonl: not open; write inside"):
        writer.write({})


def test_an_error_of_the_caller_stays_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="mine"), JsonLinesWriter(tmp_path / "a.jsonl"):
        raise OSError("mine")


def test_writer_to_standard_output(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    print("first")
    with JsonLinesWriter("-") as writer:
        writer.write({"a": "é"})
    assert capfdbinary.readouterr().out == 'first\n{"a": "é"}\n'.encode()
