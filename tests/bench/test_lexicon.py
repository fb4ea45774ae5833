"""`repair bench lexicon`: its counts by hand, and the command with a toy model and a lexicon of a few sets."""

from __future__ import annotations

import json
import lzma
from collections.abc import Callable
from pathlib import Path

import pytest

from repair.bench import lexicon as bench
from repair.bench.lexicon import Coverage, HeldOut, Meter, Tempted
from repair.build import build_stages
from repair.channel.lexicon import COLUMNS, Lexicon, parse_set
from repair.channel.script import DEFAULT, load_script
from repair.cli.main import main
from repair.config import Config
from repair.edits import apply_edits
from repair.errors import ConfigError
from repair.pipeline import Stages
from repair.references import Annotation, Passage, load_passages
from repair.stages.segment import segment
from repair.types import Document, Edit, Kind, Span
from tests.conftest import ToyFluency

ROWS = (
    "s-1\tقمة\tnoun\ttop ; peak | summit\t>\toften\tdiplomacy\t",
    "s-2\tموعد نهائي\tnoun\tfinal date | deadline\t>\toften\tpolitics\t",
    "s-3\tتعريفات\tnoun\tdefinitions= | tariffs= ; duties=\t>\toften\teconomy\t",
    "s-4\tحدث\tnoun\taccident | event\t\trarely\tgeneral\t",
    "s-5\tموعد\tnoun\tdate | deadline\t>\tsometimes\tpolitics\t",
)
LEXICON = Lexicon(tuple(parse_set(row.split("\t")) for row in ROWS))
PENALTIES = {"top": 14.0, "definitions": 12.0, "duties": 3.0, "date": 9.0}
DEV = "The top failed. They set the final dates. The strike of war began. An accident was held."
Output = pytest.CaptureFixture[str]


def passage(text: str, *repairs: tuple[str, str | tuple[str, ...], Kind]) -> Passage:
    annotations, position = [], 0
    for before, good, kind in repairs:
        start = text.index(before, position)
        position = start + len(before)
        answers = (good,) if isinstance(good, str) else good
        annotations.append(Annotation(Span(start, position), before, answers, kind, ""))
    clean = apply_edits(text, [Edit(a.span, a.before, a.good[0]) for a in annotations])
    return Passage("p", "politics", text, clean, tuple(annotations), ((Span(0, len(text)), clean),))


def edit(text: str, before: str, after: str) -> Edit:
    start = text.index(before)
    return Edit(Span(start, start + len(before)), before, after)


@pytest.fixture
def stages(monkeypatch: pytest.MonkeyPatch) -> Stages:
    monkeypatch.setattr("repair.build.load_lexicon", lambda folders: LEXICON)
    monkeypatch.setattr("repair.build.load_fluency", lambda config: ToyFluency(PENALTIES))
    monkeypatch.setattr("repair.build.Matcher", lambda *args: None)
    return build_stages(Config(proposers=("lexicon",)))


# --- what makes a repair ---------------------------------------------------------------------------------------------

PHRASE, GRAMMAR = Kind.PHRASE, Kind.GRAMMAR


@pytest.mark.parametrize(
    ("text", "before", "after", "good", "change", "expected"),
    [
        ("a top of leaders", "top", "summit", "summit", ("top", "summit"), True),
        ("a top of leaders", "top", "summit", "summit", ("top", "peak"), False),
        # the edit is longer than the annotation, or the annotation than the edit
        ("a top of leaders", "top", "summit", "summit", ("a top", "a summit"), True),
        ("a top of leaders", "top of leaders", "leaders’ summit", "leaders’ summit", ("top", "summit"), False),
        ("a top of leaders", "top of leaders", "summit of leaders", "summit of leaders", ("top", "summit"), True),
        # articles: one too many, one too few, a mended one; but an article is no repair of a phrase
        ("the final dates passed", "the final dates", "deadlines", "deadlines", ("final dates", "deadlines"), True),
        ("set final dates", "final dates", "the deadlines", "the deadlines", ("final dates", "deadlines"), True),
        ("an accident", "accident", "summit", "summit", ("an accident", "a summit"), True),
        ("the final dates", "the final dates", "final dates", "final dates", ("the", "some"), False),
        ("the final dates", "the final dates", "final dates", "final dates", ("the", "a"), False),
        ("the final dates", "the final dates", "final dates", "final dates", ("the ", ""), True),
        # case, hyphens
        ("a top", "top", "Mini-Summit", "Mini-Summit", ("top", "minisummit"), True),
    ],
)
def test_what_makes_a_repair(
    text: str, before: str, after: str, good: str, change: tuple[str, str], expected: bool
) -> None:
    whole = passage(text, (before, (after, good), PHRASE))
    assert bench.makes(edit(text, *change), whole.annotations[0], whole) is expected


def test_an_edit_may_mend_the_neighbour_as_well_or_leave_it() -> None:
    text = "the top from presidents met"
    whole = passage(text, ("top", "summit", PHRASE), ("from", "of", GRAMMAR), ("presidents", "leaders", PHRASE))
    top, _, presidents = whole.annotations
    for after in ("summit of leaders", "summit from leaders", "summit of presidents"):
        assert bench.makes(edit(text, "top from presidents", after), top, whole)
    assert not bench.makes(edit(text, "top from presidents", "summit of presidents"), presidents, whole)
    assert not bench.makes(edit(text, "top from presidents", "summit by leaders"), top, whole)


def test_an_insertion_can_be_covered() -> None:
    place = Annotation(Span(4, 4), "", ("G7 ",), PHRASE, "")
    whole = Passage("p", "politics", "the top met", "the G7 top met", (place,), ())
    assert bench.makes(edit(whole.text, "top", "G7 top"), place, whole)
    assert not bench.makes(edit(whole.text, "top", "summit"), place, whole)


# --- coverage --------------------------------------------------------------------------------------------------------


def test_offers_stand_in_the_document() -> None:
    document = Document("d", "Nobody came. The top failed.")
    [offer] = bench.offers(segment(document), LEXICON)
    assert offer.edit == edit(document.text, "top", "summit")
    assert (offer.segment.text, offer.context) == ("The top failed.", "Nobody came.")


def test_places_are_the_phrase_repairs_with_what_touches_them() -> None:
    text = "The top set definitions in Ginif."
    whole = passage(text, ("top", "summit", PHRASE), ("definitions", "duties", PHRASE), ("Ginif", "Geneva", Kind.NAME))
    top, definitions = bench.places(whole, bench.offers(segment(whole.document), LEXICON))
    assert [o.edit.after for o in definitions.offers] == ["tariffs", "duties"]
    assert definitions.right == (False, True) and top.covered and definitions.covered
    assert not any(place.covered for place in bench.places(whole, []))


def test_counts_of_coverage_add_up() -> None:
    text = "The top set definitions."
    whole = passage(text, ("top", "summit", PHRASE), ("set", "lifted", PHRASE), ("definitions", "duties", PHRASE))
    found = bench.places(whole, bench.offers(segment(whole.document), LEXICON))
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


# --- sets taken out --------------------------------------------------------------------------------------------------


def test_the_same_seed_takes_out_the_same_sets() -> None:
    out, rest = bench.hold_out(LEXICON, 0.4, 7)
    assert (len(out.sets), len(rest.sets)) == (2, 3) and {*out.sets} | {*rest.sets} == {*LEXICON.sets}
    assert bench.hold_out(LEXICON, 0.4, 7) == (out, rest)
    assert len({bench.hold_out(LEXICON, 0.4, seed)[0].sets for seed in range(20)}) > 1


def test_what_was_planted_is_annotated() -> None:
    whole = bench.planted("n", ["The summit met.", "Rain.", "A deadline."], ["The top met.", "Rain.", "A final date."])
    assert whole.text == "The top met.\nRain.\nA final date." and whole.reference.splitlines()[2] == "A deadline."
    assert [(a.span.of(whole.text), a.good) for a in whole.annotations] == [
        ("top", ("summit",)),
        ("final date", ("deadline",)),
    ]
    assert [span.of(whole.text) for span, _ in whole.sentences] == whole.text.splitlines()


def test_news_is_garbled_with_these_sets_alone() -> None:
    article = "The summit of leaders missed every deadline on tariffs. " * 20
    out = Lexicon(LEXICON.sets[:1])
    [whole] = bench.garbled([article], out, load_script(DEFAULT), 3)
    assert len(whole.sentences) == 20 and whole.annotations
    assert {a.good for a in whole.annotations} == {("summit",)} and {a.before for a in whole.annotations} <= {
        "top",
        "peak",
    }


def test_held_out_sets_are_repaired_by_what_else_knows_them(stages: Stages) -> None:
    clean = ["They missed the deadline of the summit."]
    whole = bench.planted("n", clean, ["They missed the date of the top."])
    rest = Lexicon(LEXICON.sets[1:])
    knows = bench.with_lexicon(stages, rest, 6.0)
    assert bench.lexicon_of(knows) is rest
    assert bench.held_out(whole, knows, rest) == HeldOut(2, 1, 1)
    assert bench.held_out(whole, stages, LEXICON) == HeldOut(2, 2, 2)
    assert bench.held_out(bench.planted("n", clean, clean), stages, LEXICON) == HeldOut()
    assert HeldOut(2, 1, 1) + HeldOut(3, 2, 1) == HeldOut(5, 3, 2)


def test_without_a_lexicon_there_is_nothing_to_measure(stages: Stages) -> None:
    assert bench.lexicon_of(stages) is LEXICON
    with pytest.raises(ConfigError, match="add 'lexicon'"):
        bench.lexicon_of(build_stages(Config(proposers=("residue",))))


# --- cost ------------------------------------------------------------------------------------------------------------


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
    monkeypatch.setattr("repair.bench.lexicon.load_seconds", lambda folders: (0.5, 1.5))

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
