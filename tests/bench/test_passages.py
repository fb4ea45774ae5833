from __future__ import annotations

import json
from pathlib import Path

import pytest

from repair.bench import passages as bench
from repair.errors import InputError
from repair.pipeline import Stages, repair_document
from repair.types import Document


def test_what_is_done_to_clean_text_is_counted_and_told(tmp_path: Path, stages: Stages) -> None:
    articles = ["The top failed. The top failed again. Another top is due. Who needs a top?", "Nobody came.", "More."]
    clean = tmp_path / "clean.jsonl"
    clean.write_text("".join(json.dumps({"id": f"a{i}", "text": t}) + "\n" for i, t in enumerate(articles)), "utf-8")
    said: list[str] = []
    (run,) = bench.clean_runs([], clean, stages, 2, said.append)
    assert (run.words, len(said)) == (17, 2) and run.edits == len(run.examples) > 0
    assert run.examples[0].startswith("a0: lexicon 'top' → 'summit' (p ")
    assert run.per_1000 == pytest.approx(1000 * run.edits / 17)
    with pytest.raises(InputError, match="--data"):
        list(bench.clean_runs([], tmp_path / "none.jsonl", stages, 2, said.append))


def test_a_repaired_text_needs_no_second_pass(stages: Stages) -> None:
    repair = repair_document(Document("d", "The top failed. The top failed again. Another top is due."), stages)
    assert repair.applied and bench.replays({"d": repair})
    assert bench.second_pass({"d": repair}, stages) == 0
