from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from repair.report.explain import explain
from repair.report.record import repair_record
from repair.types import Kind, Origin, Repair, Verdict
from tests.report.conftest import MakeRepair

TEXT = "The huge definitions hurt. The top failed."
LEXICON, PHRASE = Origin.LEXICON, Kind.PHRASE


@pytest.fixture
def told(make_repair: MakeRepair) -> Repair:
    return make_repair(
        TEXT,
        ("definitions", "tariffs", PHRASE, LEXICON, Verdict.APPLY, 0.91),
        ("huge definitions", "huge duties", PHRASE, LEXICON, Verdict.DROP, 0.4),
        ("top", "summit", PHRASE, LEXICON, Verdict.REVIEW, 0.55),
        doc_id="a",
    )


def test_every_place_is_told_with_all_that_was_thought_of(told: Repair) -> None:
    first, second = explain(told).split("\n\n")
    assert first == (
        "4  The [huge definitions] hurt. The top failed.\n"
        "  changed\n"
        "  APPLY   p 0.91  'definitions' → 'tariffs': because\n"
        "  DROP    p 0.40  'huge definitions' → 'huge duties': because"
    )
    assert second.startswith("31  ") and "left for review" in second


@pytest.mark.parametrize(("at", "expected"), [(9, "tariffs"), (32, "summit"), (41, "nothing was proposed here")])
def test_one_place(told: Repair, at: int, expected: str) -> None:
    lines = explain(told, at)
    assert expected in lines
    assert ("suspicious: 'top' as phrase, score 0.75" in lines) == (at == 32)


def test_a_document_without_proposals(make_repair: MakeRepair) -> None:
    assert explain(make_repair(TEXT)) == "nothing was proposed for this document"
    assert "nothing here was found suspicious" in explain(make_repair(TEXT), 5)


def test_on_the_command_line(told: Repair, make_repair: MakeRepair, tmp_path: Path) -> None:
    records = [repair_record(told), repair_record(make_repair(TEXT, doc_id="b"))]
    (tmp_path / "repaired.jsonl").write_text("".join(json.dumps(r) + "\n" for r in records), "utf-8")

    def run(*args: str) -> tuple[int, str, str]:
        command = [sys.executable, "-m", "repair.cli.main", "explain", str(tmp_path), *args]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, done.stderr

    assert run("--doc", "a", "--at", "33")[1].startswith("31  The huge definitions hurt. The [top] failed.")
    assert run("--doc", "b") == (0, "nothing was proposed for this document\n", "")
    code, out, err = run()
    assert (code, out) == (2, "") and "2 documents; name one with --doc: a, b" in err
    code, out, err = run("--doc", "a", "--at", "99")
    assert code == 2 and "42 characters, none at 99" in err
