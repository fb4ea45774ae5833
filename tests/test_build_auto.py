"""`pivot = "auto"`: every document is repaired for the pivot that explains it, and says so."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from repair.build import build_stages, lexicon_folders
from repair.channel.lexicon import Lexicon, parse_set
from repair.cli.main import main
from repair.config import Config, LexiconConfig
from repair.errors import ResourceError
from repair.jobs import run_job
from repair.pipeline import Stages, find, repair_document
from repair.report.record import repair_from_record, repair_record
from repair.resources import GENERIC, pivot_folder
from repair.types import Document, PivotChoice
from tests.conftest import ToyFluency

PAIRS = {
    "ara": (("winged top", "summit"), ("quaggy date", "deadline")),
    "rus": (("mauve cadre", "footage"), ("quaggy date", "due day")),
    "zho": (("thorny gate", "scandal"),),
    "generic": (("hearth of woe", "hotspot"),),
}
ARABIC = Document("a", "The winged top missed a quaggy date. The hearth of woe grew.")
RUSSIAN = Document("r", "The mauve cadre missed a quaggy date.")
CLEAN = Document("c", "Nothing is odd here.")
CONFIG = Config(pivot="auto", proposers=("lexicon",), lexicon=LexiconConfig(min_surprisal=0.1))


def toys(folders: Sequence[Path]) -> Lexicon:
    rows = [(folder.name, a, b) for folder in folders for a, b in PAIRS[folder.name]]
    cells = (["-".join((p, a)), p, "noun", f"{a} | {b}", ">", "often", "news", ""] for p, a, b in rows)
    return Lexicon(tuple(map(parse_set, cells)))


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The lexicons that were loaded, by the names of their folders."""
    names: list[str] = []

    def load(folders: Sequence[Path]) -> Lexicon:
        names.append("+".join(folder.name for folder in folders))
        return toys(folders)

    monkeypatch.setattr("repair.build.load_lexicon", load)
    monkeypatch.setattr("repair.build.Matcher", lambda *args: None)
    odd = dict.fromkeys(["winged", "top", "quaggy", "date", "mauve", "cadre", "hearth", "woe"], 9.0)
    monkeypatch.setattr("repair.build.load_fluency", lambda config: ToyFluency(odd))
    return names


@pytest.fixture
def stages(loaded: list[str]) -> Stages:
    return build_stages(CONFIG)


def test_every_document_is_repaired_for_its_own_pivot(stages: Stages) -> None:
    arabic, russian, clean = (repair_document(d, stages) for d in (ARABIC, RUSSIAN, CLEAN))
    assert arabic.text == "The summit missed a deadline. The hotspot grew."
    assert russian.text == "The footage missed a due day."
    assert arabic.pivot and arabic.pivot.pivot == "ara" and arabic.pivot.sure and arabic.pivot.probability >= 0.9
    assert russian.pivot and russian.pivot.pivot == "rus" and russian.pivot.sure
    assert clean.pivot and clean.pivot.pivot == "ara" and not clean.pivot.sure
    assert [r.signature["pivot"] for r in (arabic, russian, clean)] == ["ara", "rus", "ara"]
    assert arabic.signature["lexicon"] != russian.signature["lexicon"]
    assert arabic.signature["config"] == russian.signature["config"] == CONFIG.hash
    assert find(RUSSIAN, stages)[1] == russian.findings


def test_the_order_of_documents_changes_nothing(loaded: list[str]) -> None:
    orders = ((ARABIC, RUSSIAN, CLEAN), (CLEAN, RUSSIAN, ARABIC))
    runs = [{d.id: repair_document(d, s) for d in order} for order in orders for s in [build_stages(CONFIG)]]
    assert runs[0] == runs[1]


def test_lexicons_wait_for_a_document(loaded: list[str], stages: Stages) -> None:
    assert loaded == ["ara+generic"]
    repair_document(CLEAN, stages)
    assert loaded == ["ara+generic", "ara", "rus", "zho"]
    repair_document(RUSSIAN, stages)
    repair_document(RUSSIAN, stages)
    assert loaded == ["ara+generic", "ara", "rus", "zho", "rus+generic"]


def test_a_named_pivot_is_not_chosen(loaded: list[str]) -> None:
    repair = repair_document(ARABIC, build_stages(CONFIG.model_copy(update={"pivot": "rus"})))
    assert repair.pivot is None and "pivot" not in repair.signature and "pivot" not in repair_record(repair)
    assert repair.text == "The winged top missed a due day. The hotspot grew." and loaded == ["rus+generic"]


def test_generic_sets_can_be_left_out() -> None:
    with_them, without = Config(), Config(lexicon=LexiconConfig(generic=False))
    assert lexicon_folders(with_them) == [pivot_folder("ara"), GENERIC]
    assert lexicon_folders(without) == [pivot_folder("ara")]
    assert with_them.hash != without.hash


@pytest.mark.parametrize("pivot", ["tlh", "generic", "../ara", ""])
def test_a_pivot_without_data_is_refused(pivot: str) -> None:
    with pytest.raises(ResourceError, match="there is: ara, rus, zho"):
        build_stages(Config(pivot=pivot), fluency=ToyFluency({}))


def test_the_record_keeps_the_choice(stages: Stages) -> None:
    repair = repair_document(RUSSIAN, stages)
    record = json.loads(json.dumps(repair_record(repair)))
    assert record["pivot"]["pivot"] == "rus" and record["pivot"]["sure"] is True
    assert set(record["pivot"]) == set(PivotChoice.__dataclass_fields__)
    assert repair_from_record(record).pivot == repair.pivot


def test_manifest_and_report_tell(stages: Stages, tmp_path: Path) -> None:
    run_job(lambda _: [ARABIC, RUSSIAN, CLEAN], stages, tmp_path, title="t")
    manifest = json.loads((tmp_path / "manifest.json").read_text("utf-8"))
    assert manifest["pivots"] == {"ara": 2, "rus": 1} and manifest["signature"]["pivot"] == "auto"
    page = (tmp_path / "report.html").read_text("utf-8")
    assert "pivot rus, " in page and "pivot ara by default" in page


def test_as_a_user_calls_it(loaded: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "own.toml").write_text(
        'pivot = "auto"\nproposers = ["lexicon"]\n[lexicon]\nmin_surprisal = 0.1\n', "utf-8"
    )
    (tmp_path / "r.txt").write_text(RUSSIAN.text, "utf-8")
    args = [str(tmp_path / "r.txt"), "-o", str(tmp_path / "out"), "-c", str(tmp_path / "own.toml")]
    assert main(["run", *args]) == 0
    assert "pivots: rus 1" in capsys.readouterr().err
