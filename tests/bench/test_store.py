from __future__ import annotations

from pathlib import Path

import pytest

from repair.bench import store as bench
from repair.cli.main import main


def test_a_kill_loses_and_doubles_nothing(tmp_path: Path) -> None:
    found = bench.run(str(tmp_path / "glossary.db"), writers=2, judgements=40)
    assert 20 <= found.acknowledged_first < 40
    assert (found.acknowledged, found.stored, found.lost, found.doubled) == (40, 40, 0, 0)


def test_what_is_lost_or_doubled_fails(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    found = bench.Outcome(40, 20, 1, 40, 39, 1, 0, 3, 1.0)
    monkeypatch.setattr(bench, "run", lambda where, writers, judgements: found)
    assert main(["bench", "store"]) == 1
    assert "1 lost, 0 doubled" in capsys.readouterr().out
