from __future__ import annotations

from pathlib import Path

from repair.bench import cost as bench
from repair.bench.cost import Meter
from repair.channel.lexicon import COLUMNS
from repair.pipeline import Stages
from repair.types import Document
from tests.bench.conftest import LEXICON, PENALTIES, ROWS
from tests.conftest import ToyFluency


def test_the_meter_counts_and_changes_nothing() -> None:
    meter = Meter(ToyFluency(PENALTIES))
    opened = meter.open("", "The top.")
    assert opened.reading == ToyFluency(PENALTIES).open("", "The top.").reading
    assert opened.gains(["The summit.", "The peak."]) == [13.5, 13.5] and opened.gains(["The peak."], 1) == [13.5]
    assert meter.counts == {"close": 2, "glance": 1}


def test_cost_of_documents(stages: Stages) -> None:
    c = bench.cost(
        [Document("a", "The top failed. Nobody came."), Document("b", "It set definitions.")], stages, LEXICON
    )
    assert (c.sentences, c.candidates, c.glanced, c.close) == (3, 3, 0, 3) and c.seconds > 0


def test_loading_is_timed_in_a_fresh_process(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("\t".join(COLUMNS) + "\n" + "\n".join(ROWS) + "\n", "utf-8")
    load, index = bench.load_seconds((tmp_path,), times=1)
    assert 0 < load < 10 and 0 < index < 10
