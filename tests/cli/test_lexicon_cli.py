"""`repair lexicon` as an editor uses it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from repair.channel.lexicon import COLUMNS, load_lexicon
from repair.cli.main import main

HEADER = "\t".join(COLUMNS) + "\n"
ROWS = """s-1	قمة	noun	top ; peak | summit	>	often	diplomacy	
s-2	موعد نهائي	noun	final date | deadline	>	often	politics	
s-3	ذروة	noun	peak | summit	>	rarely	politics	
"""
Output = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sets").mkdir()
    (tmp_path / "sets" / "a.tsv").write_text(HEADER + ROWS, "utf-8")
    return tmp_path / "sets"


def table(text: str) -> list[list[str]]:
    return [line.split("\t") for line in text.splitlines()]


def call(folder: Path, *args: str) -> int:
    return main(["lexicon", *args, "--folder", str(folder)])


def test_list(folder: Path, capsys: Output) -> None:
    assert call(folder, "list", "summit") == 0
    captured = capsys.readouterr()
    assert captured.out.startswith(HEADER) and [row[0] for row in table(captured.out)[1:]] == ["s-1", "s-3"]
    assert "2 sets" in captured.err
    assert call(folder, "list", "--domain", "politics", "--pos", "noun", "موعد") == 0
    assert [row[0] for row in table(capsys.readouterr().out)[1:]] == ["s-2"]


def test_what_is_listed_can_be_added_elsewhere(folder: Path, tmp_path: Path, capsys: Output) -> None:
    assert call(folder, "list") == 0
    (tmp_path / "rows.tsv").write_text(capsys.readouterr().out, "utf-8")
    (tmp_path / "other").mkdir()
    assert call(tmp_path / "other", "add", str(tmp_path / "rows.tsv"), "--to", "own") == 1  # s-3 doubles s-1
    assert [s.id for s in load_lexicon([tmp_path / "other"]).sets] == ["s-1", "s-2"]


def test_show(folder: Path, capsys: Output) -> None:
    assert call(folder, "show", "Summits") == 0
    rows = table(capsys.readouterr().out)[1:]
    assert [row[1:3] for row in rows] == [["may come back as", "top ; peak"], ["may come back as", "peak"]]
    assert rows[0][-2:] == ["s-1", f"{folder / 'a.tsv'}:2"]
    assert call(folder, "show", "s-2") == 0
    rows = table(capsys.readouterr().out)[1:]
    assert [row[:3] for row in rows] == [
        ["final date", "may have come back for", "deadline"],
        ["deadline", "may come back as", "final date"],
    ]
    assert call(folder, "show", "zebra") == 1
    captured = capsys.readouterr()
    assert captured.out == "" and "zebra" in captured.err


def test_add_from_a_file_and_from_stdin(folder: Path, tmp_path: Path, capsys: Output, stdin: Callable[[bytes], None]):  # type: ignore[no-untyped-def]
    rows = tmp_path / "rows.tsv"
    rows.write_text("\tقلم\tnoun\tpen | quill\t>\toften\td\t\n", "utf-8")
    assert call(folder, "add", str(rows), "--to", "own") == 0
    assert capsys.readouterr().out == f"ara-own-0001\t{folder / 'own.tsv'}:2\n"
    stdin("\tحبر\tnoun\tink | dye\t>\toften\td\t\n".encode())
    assert call(folder, "add", "-", "--to", "own", "--provenance", "mined") == 0
    assert capsys.readouterr().out == f"ara-own-0002\t{folder / 'own.tsv'}:3\n"
    assert {s.id: s.note for s in load_lexicon([folder]).sets}["ara-own-0002"] == "mined"
    assert call(folder, "add", str(rows), "--to", "own") == 1
    captured = capsys.readouterr()
    assert captured.out == "" and f"stands in {folder / 'own.tsv'}:2" in captured.err


def test_a_broken_row_adds_nothing(folder: Path, tmp_path: Path, capsys: Output) -> None:
    rows = tmp_path / "rows.tsv"
    rows.write_text("\tقلم\tnoun\tpen | quill\t>\toften\td\t\n\tقلم\tnuon\ta | b\t>\toften\td\t\n", "utf-8")
    assert call(folder, "add", str(rows), "--to", "own") == 1
    assert f"{rows}:2: pos 'nuon'" in capsys.readouterr().err
    assert not (folder / "own.tsv").exists()
    assert call(folder, "add", str(tmp_path / "none.tsv"), "--to", "own") == 2
    assert call(folder, "add", str(rows), "--to", "../own") == 2


def test_check(folder: Path, tmp_path: Path, capsys: Output) -> None:
    assert call(folder, "check") == 0
    assert [row[:3] for row in table(capsys.readouterr().out)[1:]] == [["duplicate", "peak | summit (noun)", "2"]]
    clean = tmp_path / "clean.jsonl"
    clean.write_text(json.dumps({"id": "a", "text": "The final date of the top came."}) + "\n", "utf-8")
    edits = [{"verdict": v, "evidence": {"sense_set": n}} for n, v in (("s-1", "APPLY"), ("s-2", "DROP"))]
    (tmp_path / "repaired.jsonl").write_text(json.dumps({"id": "a", "edits": edits}) + "\n", "utf-8")
    assert call(folder, "check", "--clean", str(clean), "--run", str(tmp_path)) == 0
    captured = capsys.readouterr()
    rows = {row[0]: row[1:] for row in table(captured.out)[1:]}
    assert rows["clean"][0] == "final date" and rows["clean"][1].startswith("1 (")
    assert rows["applied"][:2] == ["s-1", "1 of 1"] and rows["never-won"][:2] == ["s-2", "0 of 1"]
    assert "3 sets: 1 duplicate, 1 clean, 1 applied, 1 never-won" in captured.err


def test_check_fails_on_every_broken_line(folder: Path, capsys: Output) -> None:
    (folder / "b.tsv").write_text("x\tbroken\ns-1\tv\tnoun\tc | d\t>\toften\td\t\n", "utf-8")
    assert call(folder, "check") == 1
    out = capsys.readouterr().out
    assert [row[0] for row in table(out)[1:]] == ["broken", "broken", "duplicate"]
    assert f"{folder / 'b.tsv'}:1: 2 columns" in out and f"{folder / 'b.tsv'}:2: id s-1" in out
    assert call(folder, "list") == 2


def test_stats(folder: Path, capsys: Output) -> None:
    assert call(folder, "stats") == 0
    out = capsys.readouterr().out
    rows = {row[0]: row[1:] for row in table(out)}
    assert rows["a.tsv"] == rows["all"] == ["3", "5", "10", "3", "0", "1.000"]
    assert "lexicon loaded in" in out and "index made in" in out


def test_mine_new_pairs(folder: Path, tmp_path: Path, capsys: Output) -> None:
    def record(bad: str, good: str) -> str:
        return json.dumps({"bad": f"the old {bad} came with rain", "good": f"the old {good} came with rain"}) + "\n"

    given = tmp_path / "pairs.jsonl"
    given.write_text(record("top", "summit") * 3 + record("definition", "tariff") * 2 + record("cat", "rat"), "utf-8")
    assert call(folder, "mine", "--pairs", str(given)) == 0
    rows = table(capsys.readouterr().out)
    assert rows[0] == ["came_back", "meant", "count", "score", "contexts"]
    assert [row[:3] for row in rows[1:]] == [["top", "summit", "3"], ["definition", "tariff", "2"]]
    assert call(folder, "mine", "--pairs", str(given), "--new", "--min-count", "1", "--limit", "1") == 0
    assert [row[:3] for row in table(capsys.readouterr().out)[1:]] == [["definition", "tariff", "2"]]


def test_mine_wants_one_source(folder: Path, tmp_path: Path, capsys: Output) -> None:
    assert call(folder, "mine") == 2
    assert call(folder, "mine", "--pairs", str(tmp_path), "--dictionary", str(tmp_path)) == 2
    assert "exactly one" in capsys.readouterr().err
    assert call(folder, "mine", "--dictionary", str(tmp_path / "none")) == 2


def test_in_a_process_of_its_own(folder: Path) -> None:
    command = [sys.executable, "-m", "repair.cli.main", "lexicon", "list", "--folder", str(folder), "deadline"]
    done = subprocess.run(command, capture_output=True, check=True, text=True, encoding="utf-8")
    assert table(done.stdout)[1][0] == "s-2" and done.stderr == "1 sets\n"


def test_generic_sets_are_listed_like_those_of_a_pivot(capsys: Output) -> None:
    assert main(["lexicon", "list", "--pivot", "generic", "reconnaissance"]) == 0
    rows = table(capsys.readouterr().out)[1:]
    assert rows and all(row[0].startswith("gen-") for row in rows)
    assert main(["lexicon", "list", "--pivot", "auto"]) == 2
