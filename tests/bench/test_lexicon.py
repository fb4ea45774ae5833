"""`repair bench lexicon`: its counts by hand, and the command with a toy model and a lexicon of a few sets."""

from __future__ import annotations

import json
import lzma
from collections.abc import Callable
from pathlib import Path

import pytest

from repair.bench import lexicon as bench
from repair.bench.lexicon import Coverage, Tempted
from repair.bench.offers import offers, places
from repair.build import build_stages
from repair.cli.main import main
from repair.config import Config
from repair.errors import ConfigError
from repair.pipeline import Stages
from repair.references import Passage, load_passages
from repair.stages.segment import segment
from repair.types import Document
from tests.bench.conftest import LEXICON, PHRASE, passage
from tests.conftest import ToyFluency

DEV = "The top failed. They set the final dates. The strike of war began. An accident was held."
Output = pytest.CaptureFixture[str]


# --- coverage --------------------------------------------------------------------------------------------------------


def test_counts_of_coverage_add_up() -> None:
    text = "The top set definitions."
    whole = passage(text, ("top", "summit", PHRASE), ("set", "lifted", PHRASE), ("definitions", "duties", PHRASE))
    found = places(whole, offers(segment(whole.document), LEXICON))
    count = bench.counted(found, [[5.0], [], [4.0, 1.0]])
    assert count == Coverage(3, 2, 1, (whole.annotations[1],))
    assert count + count == Coverage(6, 4, 2, (whole.annotations[1],) * 2)
    assert bench.counted([], []) == Coverage()


def test_the_model_ranks_each_offer_alone_after_the_sentence_before(stages: Stages) -> None:
    text = "Talks failed. The top set definitions."
    whole = passage(text, ("top", "summit", PHRASE), ("definitions", "duties", PHRASE))
    assert bench.coverage(whole, stages, LEXICON) == Coverage(2, 2, 1)  # tariffs read better than duties
    assert isinstance(stages.fluency, ToyFluency)
    assert stages.fluency.asked == [("Talks failed.", "The top set definitions.")] * 2


# --- clean text ------------------------------------------------------------------------------------------------------


def test_places_above_thresholds() -> None:
    seen = Tempted(500, 4, (((9.0, 0.4), (3.0, 0.95)), ((3.0, 0.6),), ()))
    assert [seen.above(gain, -1.0) for gain in bench.GAINS] == [2, 1, 1, 1, 0]
    assert [seen.above(-99.0, p) for p in bench.PROBABILITIES] == [2, 1, 1]
    assert seen.above(4.0, 0.5) == 0  # the gain of one candidate and the probability of another do not add up
    assert seen.per_1000(3) == 6.0 and Tempted().per_1000(0) == 0.0
    assert (seen + seen).above(2.0, 0.5) == 4 and (seen + seen).words == 1000


def test_clean_text_is_looked_at_where_it_reads_oddly(stages: Stages) -> None:
    seen = bench.tempted(Document("d", "An event. The top of the hill. It set definitions."), stages, LEXICON)
    assert (seen.words, seen.candidates, len(seen.places)) == (10, 4, 2)  # `event` reads well
    assert [[gain for gain, _ in place] for place in seen.places] == [[13.5], [11.5, 9.0]]
    assert all(0.0 < p < 1.0 for place in seen.places for _, p in place)


def test_without_a_lexicon_there_is_nothing_to_measure(stages: Stages) -> None:
    assert bench.lexicon_of(stages) is LEXICON
    with pytest.raises(ConfigError, match="add 'lexicon'"):
        bench.lexicon_of(build_stages(Config(proposers=("residue",))))


# --- the command -----------------------------------------------------------------------------------------------------


def write_passage(path: Path, whole: Passage) -> None:
    path.parent.mkdir(parents=True)
    repairs = [
        {"start": a.span.start, "end": a.span.end, "before": a.before, "good": a.good, "kind": a.kind, "pivot": "قمة"}
        for a in whole.annotations
    ]
    record = {"id": "x.1", "passage": path.stem, "topic": "politics", "lead": "", "text": whole.text}
    path.write_text(json.dumps({**record, "reference": whole.reference, "repairs": repairs}) + "\n", "utf-8")
    load_passages(path)


@pytest.fixture
def command(tmp_path: Path, stages: Stages, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    dev = passage(DEV, ("top", "summit", PHRASE), ("final dates", "deadlines", PHRASE), ("strike", "outbreak", PHRASE))
    write_passage(tmp_path / "dev" / "dev-1.jsonl", dev)
    write_passage(tmp_path / "test" / "secret-1.jsonl", passage("The blow met.", ("blow", "coup", PHRASE)))
    (tmp_path / "news").mkdir()
    clean = [{"id": "c-1", "text": "The top of the hill is far."}, {"id": "c-2", "text": "Nothing."}]
    (tmp_path / "news" / "clean_dev.jsonl").write_text("".join(json.dumps(c) + "\n" for c in clean), "utf-8")
    with lzma.open(tmp_path / "news" / "train.jsonl.xz", "wt", encoding="utf-8") as file:
        file.write(json.dumps({"text": "The summit of all leaders missed a deadline on tariffs. " * 10}) + "\n")
    monkeypatch.setattr("repair.channel.lexicon.load_lexicon", lambda folders: LEXICON)
    monkeypatch.setattr("repair.bench.cost.load_seconds", lambda folders: (0.5, 1.5))

    def call(*args: str) -> int:
        return main(["bench", "lexicon", "--references", str(tmp_path), *args])

    return call


def test_all_parts(command: Callable[..., int], tmp_path: Path, capsys: Output) -> None:
    assert command("--data", str(tmp_path), "--articles", "1", "--share", "0.6") == 0
    out = capsys.readouterr().out
    assert out.startswith("# Lexicon — ") and "signature: mt-repair" in out and "5 sets" in out
    assert "| all | 3 | 2 (67%) | 2 (100%) |\n| dev-1 | 3 | 2 (67%) | 2 (100%) |" in out
    assert "- dev-1: 'strike' → 'outbreak' (قمة)" in out
    assert "| secret-1 | 1 | 0 (0%) | 0 |" in out
    assert "blow" not in out and "coup" not in out  # of test there are counts alone
    assert "- 7 words, 142.9 candidates per 1,000 words" in out and "| any | 142.86 | " in out
    assert "## 3 sets held out" in out and "| the rest | 2 | " in out and "| all sets | 5 | " in out
    assert "| nothing | 0 | 1 | 0 | 0 | 1 |\n| ara | 1 | 1 | " in out and "| zho, 60% unknown | 0.3 | 1 | " in out
    assert "lexicon loaded in 0.50 s, index made in 1.50 s" in out and "- 4 sentences in " in out


def test_parts_and_data(command: Callable[..., int], capsys: Output) -> None:
    assert command() == 0
    captured = capsys.readouterr()
    assert "## coverage of dev" in captured.out and "## cost" in captured.out and "held out" not in captured.out
    assert "left out" in captured.err and "--data" in captured.err
    assert command("--part", "cost") == 0
    assert "coverage" not in capsys.readouterr().out
    assert command("--part", "clean") == 2
    assert "--part clean needs news; name the data folder with --data" in capsys.readouterr().err
    assert command("--part", "heldout", "--data", "nowhere") == 2
    assert "no training news there" in capsys.readouterr().err
