"""The validator, and the hygiene of the reference passages. Nothing here prints a passage of the test split."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from repair.errors import InputError
from repair.references import load_passages
from repair.types import Kind, Span

ROOT = Path(__file__).parents[1]
PASSAGES = ROOT / "eval" / "passages"
FILES = sorted(PASSAGES.rglob("*.jsonl"))


def record(**changes: Any) -> dict[str, Any]:
    repairs = [
        {"start": 4, "end": 7, "before": "top", "good": ["summit", "meeting"], "kind": "phrase", "pivot": "قمة"},
        {"start": 11, "end": 15, "before": "over", "good": ["finished"], "kind": "grammar", "pivot": ""},
    ]
    fields = {
        "id": "p.01",
        "passage": "p",
        "topic": "politics",
        "lead": "",
        "text": "The top is over.",
        "repairs": repairs,
    }
    return fields | {"reference": "The summit is finished."} | changes


def write(folder: Path, *records: object) -> Path:
    path = folder / "p.jsonl"
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records), "utf-8")
    return path


def repair(**changes: Any) -> dict[str, Any]:
    return record()["repairs"][0] | changes


def test_records_make_up_a_passage(tmp_path: Path) -> None:
    second = record(id="p.02", lead="\n\n", text="A top.", reference="A summit.", repairs=[repair(start=2, end=5)])
    (passage,) = load_passages(write(tmp_path, record(), second))
    assert passage.text == "The top is over.\n\nA top."
    assert passage.reference == "The summit is finished.\n\nA summit."
    assert [a.span.of(passage.text) for a in passage.annotations] == ["top", "over", "top"]
    assert [a.before for a in passage.annotations] == ["top", "over", "top"]
    assert passage.annotations[0].kind is Kind.PHRASE
    assert passage.annotations[0].good == ("summit", "meeting")
    assert passage.sentences == ((Span(0, 16), "The summit is finished."), (Span(18, 24), "A summit."))
    assert passage.document.text == passage.text
    assert passage.clean.text == passage.reference


def test_one_file_may_hold_several_passages_and_a_folder_several_files(tmp_path: Path) -> None:
    write(tmp_path, record(), record(passage="q"))
    (tmp_path / "a.jsonl").write_text(json.dumps(record(passage="r")) + "\n\n", "utf-8")
    assert [p.id for p in load_passages(tmp_path)] == ["r", "p", "q"]


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        (record(repairs=[repair(start=5)]), "not 'top'"),
        (record(repairs=[repair(end=99)]), "leaves the text"),
        (record(repairs=[repair(start=7, end=4)]), "leaves the text"),
        (record(repairs=[repair(), repair()]), "overlaps the one before"),
        (record(repairs=[repair(kind="style")]), "kind 'style'"),
        (record(repairs=[repair(good=[])]), "needs answers"),
        (record(repairs=[repair(good=["top"])]), "needs answers"),
        (record(reference="The summit is over."), "not the reference"),
        (record(repairs=[repair(good=["meeting", "summit"]), record()["repairs"][1]]), "not the reference"),
        (record(repairs={}), "must be a list"),
        ({k: v for k, v in record().items() if k != "passage"}, "passage"),
        ({k: v for k, v in record().items() if k != "topic"}, "topic"),
        (record(repairs=[{k: v for k, v in repair().items() if k != "pivot"}, record()["repairs"][1]]), "pivot"),
        (["not", "an", "object"], ""),
        (record(repairs=[repair(start="4")]), ""),
    ],
)
def test_faults_are_named_with_file_and_line(tmp_path: Path, broken: object, fault: str) -> None:
    path = write(tmp_path, record(passage="fine"), broken)
    with pytest.raises(InputError) as caught:
        load_passages(path)
    assert str(caught.value).startswith(f"{path}:2: ")
    assert fault in str(caught.value)


def test_broken_json_is_named(tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    path.write_text("{", "utf-8")
    with pytest.raises(InputError, match=r"p\.jsonl:1: "):
        load_passages(path)


@pytest.mark.parametrize("name", ["missing.jsonl", "."])
def test_where_nothing_is(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="no "):
        load_passages(tmp_path / name)


def test_there_are_passages() -> None:
    assert {file.parent.name for file in FILES} == {"dev", "test"}


@pytest.mark.parametrize("file", FILES, ids=lambda f: f"{f.parent.name}/{f.name}")
def test_every_shipped_passage_is_sound(file: Path) -> None:
    for passage in load_passages(file):
        stale = sum(a.span.of(passage.text) != a.before for a in passage.annotations)
        assert stale == 0
        assert len(passage.annotations) > 0


def test_passage_ids_are_unique() -> None:
    ids = [p.id for split in ("dev", "test") for p in load_passages(PASSAGES / split)]
    assert len(ids) == len(set(ids))


def normalised(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def sentences(split: str) -> Iterator[str]:
    """The sentences of a split, garbled and clean, of at least five words: shorter ones may meet by chance."""
    for passage in load_passages(PASSAGES / split):
        for span, reference in passage.sentences:
            yield from (s for s in (normalised(span.of(passage.text)), normalised(reference)) if s.count(" ") >= 4)


def leaks(split: str, texts: list[str]) -> int:
    """How many sentences of a split occur in texts; a number, so that a failure shows no sentence."""
    haystack = f" {' '.join(normalised(text) for text in texts)} "
    return sum(f" {sentence} " in haystack for sentence in sentences(split))


def test_the_leak_check_finds_what_is_there() -> None:
    assert leaks("dev", [p.text for p in load_passages(PASSAGES / "dev")]) > 50


@pytest.mark.parametrize(
    ("where", "pattern"),
    [
        ("eval/passages/dev", "*.jsonl"),
        ("seeds", "*.txt"),
        ("repair/channel/data/ara", "*.tsv"),
        ("tests/cases", "*.json"),
    ],
)
def test_no_test_sentence_occurs_elsewhere(where: str, pattern: str) -> None:
    files = sorted((ROOT / where).glob(pattern))
    texts = [file.read_text("utf-8") for file in files]
    if pattern == "*.jsonl":
        texts += [t for p in load_passages(ROOT / where) for t in (p.text, p.reference)]
    assert files
    found = leaks("test", texts)
    assert found == 0
