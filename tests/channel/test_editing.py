from __future__ import annotations

from pathlib import Path

import pytest

from repair.channel import editing
from repair.channel.editing import Pair, Provenance, Row
from repair.channel.lexicon import COLUMNS, SenseSet, load_lexicon, parse_set
from repair.errors import ConfigError, ResourceError
from repair.inflection import Pos
from repair.resources import pivot_folder

ROWS = [
    "s-1\tقمة\tnoun\ttop ; peak | summit\t>\toften\tdiplomacy\t",
    "s-2\tموعد نهائي\tnoun\tfinal date | deadline\t>\toften\tpolitics\t",
    "s-3\tذروة\tnoun\tpeak | summit\t>\trarely\tpolitics\t",
    "s-4\tحدث\tnoun\taccident | event\t\toften\tgeneral\t",
    "s-5\tوجه\tadj\tface-to-face= | head*-on\t>\toften\tgeneral\t",
]


def sense_set(row: str) -> SenseSet:
    return parse_set(row.split("\t"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.tsv").write_text("\t".join(COLUMNS) + "\n# remark\n\n" + "\n".join(ROWS) + "\n", "utf-8")
    return tmp_path


def prepare(folder: Path, text: str, topic: str = "own") -> editing.Addition:
    rows, _ = editing.read_rows(folder)
    return editing.prepare(text, "rows.tsv", topic=topic, pivot="ara", rows=rows, target=folder / f"{topic}.tsv")


def test_rows_know_their_place_and_all_faults_are_told(folder: Path) -> None:
    (folder / "b.tsv").write_text("s-1\tv\tnoun\ta | b\t>\toften\td\t\nx\tv\tnoun\ta\t>\toften\td\t\n\nx\n", "utf-8")
    rows, faults = editing.read_rows(folder)
    assert [row.line for row in rows] == [4, 5, 6, 7, 8]
    assert [fault.split(": ")[0] for fault in faults] == [f"{folder / 'b.tsv'}:{n}" for n in (1, 2, 4)]
    assert f"first in {folder / 'a.tsv'}:4" in faults[0]


def test_a_folder_without_a_lexicon_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ResourceError, match="--folder"):
        editing.read_rows(tmp_path)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (ROWS[0], {("top", "summit"), ("peak", "summit")}),
        (ROWS[3], {("accident", "event"), ("event", "accident")}),
        (ROWS[4], {("face to face", "head on")}),
        ("x\tv\tadv\ta | b | c\t>\toften\td\t", {("a", "b"), ("a", "c")}),
    ],
)
def test_pairs(row: str, expected: set[tuple[str, str]]) -> None:
    assert {pair[:2] for pair in editing.pairs(sense_set(row))} == expected


def test_a_noun_and_a_verb_are_different_pairs_but_what_never_inflects_is_one() -> None:
    rows = [f"x\tv\t{pos}\tattack | raid\t>\toften\td\t" for pos in ("noun", "verb", "adv", "fixed")]
    assert len({pair for row in rows for pair in editing.pairs(sense_set(row))}) == 3


@pytest.mark.parametrize("row", [*ROWS, "x\tv\tfixed\ta= ; b | c\t\trarely\td\ta note"])
def test_cells_are_read_back(row: str) -> None:
    assert parse_set(editing.cells_of(sense_set(row))) == sense_set(row)


def test_every_shipped_set_is_written_as_it_was_read() -> None:
    rows, faults = editing.read_rows(pivot_folder("ara"))
    assert faults == [] and rows
    assert all(parse_set(editing.cells_of(row.set)) == row.set for row in rows)


def test_duplicates_and_both_ways(folder: Path) -> None:
    places = editing.places_of_pairs(editing.read_rows(folder)[0])
    [(pair, rows)] = editing.duplicates(places)
    assert pair == Pair("peak", "summit", Pos.NOUN) and [row.set.id for row in rows] == ["s-1", "s-3"]
    [(pair, rows)] = editing.both_ways(places)
    assert pair == Pair("accident", "event", Pos.NOUN) and [row.set.id for row in rows] == ["s-4"]


def test_both_ways_over_two_sets_needs_often_in_both() -> None:
    def found(rate: str) -> int:
        rows = ["a\tv\tnoun\ttop | summit\t>\toften\td\t", f"b\tv\tnoun\tsummit | top\t>\t{rate}\td\t"]
        places = editing.places_of_pairs(Row(sense_set(row), Path("a.tsv"), 1) for row in rows)
        return len(editing.both_ways(places))

    assert [found(rate) for rate in ("often", "rarely")] == [1, 0]


def test_clean_hits_are_left_expressions_of_several_words(folder: Path) -> None:
    rows, _ = editing.read_rows(folder)
    text = "The top of final dates. A deadline, head-on and face-to-face; the final  word on the final date."
    hits = editing.clean_hits(rows, [text])
    assert {(hit.row.set.id, hit.expression, hit.count) for hit in hits} == {
        ("s-2", "final dates", 1), ("s-2", "final date", 1), ("s-5", "face to face", 1),
    }  # fmt: skip
    assert "final dates" in next(hit.context for hit in hits if hit.expression == "final dates")
    assert editing.clean_hits(rows, [text], above=1e6) == []
    assert editing.clean_hits(rows, []) == []


def test_offers_of_past_runs() -> None:
    def edit(name: str | None, verdict: str) -> dict[str, object]:
        return {"verdict": verdict, "evidence": {"sense_set": name} if name else {}}

    record = {"edits": [edit("s-1", "APPLY"), edit("s-1", "DROP"), edit("s-2", "REVIEW"), edit(None, "APPLY")]}
    offered, applied = editing.offers([record, record, {"id": "odd"}])
    assert dict(offered) == {"s-1": 4, "s-2": 2} and applied["s-1"] == 2 and not applied["s-2"]


def test_ids_run_on_and_the_rows_load(folder: Path) -> None:
    text = "\tv\tnoun\tpen | quill\t>\toften\td\tn\nara-own-0007\tv\tnoun\tink | dye\t>\toften\td\t\n"
    for origin, more in ((Provenance.WRITTEN, text), (Provenance.MINED, "\tv\tnoun\tred | rouge\t>\toften\td\tn")):
        addition = prepare(folder, more)
        assert addition.refused == ()
        editing.add(addition, folder / "own.tsv", origin)
    sets = {s.id: s for s in load_lexicon([folder]).sets if s.id.startswith("ara-own")}
    assert list(sets) == ["ara-own-0008", "ara-own-0007", "ara-own-0009"]
    assert [s.note for s in sets.values()] == ["n", "", "mined; n"]
    assert [editing.provenance(s) for s in sets.values()] == ["written", "written", "mined"]
    rows, _ = editing.read_rows(folder)
    assert addition.added[0].place == next(row.place for row in rows if row.set.id == "ara-own-0009")


def test_rows_behind_a_file_without_a_last_newline_keep_its_bytes(folder: Path) -> None:
    own = folder / "own.tsv"
    own.write_text("# remark\no-1\tv\tnoun\tpen | quill\t>\toften\td\t", "utf-8")
    editing.add(prepare(folder, "\tv\tnoun\tred | rouge\t>\toften\td\t"), own, Provenance.WRITTEN)
    assert own.read_text("utf-8").splitlines()[:2] == ["# remark", "o-1\tv\tnoun\tpen | quill\t>\toften\td\t"]
    assert len(load_lexicon([folder]).sets) == len(ROWS) + 2


def test_known_pairs_are_refused_with_their_place(folder: Path) -> None:
    text = "\n".join(
        [
            "\tv\tnoun\tpeak ; apex | summit\t>\toften\td\t",
            "\tv\tnoun\tpen | quill\t>\toften\td\t",
            "\tv\tnoun\tpen | quill\t\trarely\td\t",
        ]
    )
    addition = prepare(folder, text)
    assert [row.set.id for row in addition.added] == ["ara-own-0001"]
    assert addition.refused[0].startswith("rows.tsv:1: “peak” for “summit” stands in ")
    assert f"{folder / 'a.tsv'}:4" in addition.refused[0] and "1 of its 2 pairs are new" in addition.refused[0]
    assert "rows.tsv:2" in addition.refused[1]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("\tv\tnoun\tpen\t>\toften\td\t", "at least two senses"),
        ("\tv\tnoun\tpen | quill\t>\toften\td", "7 columns"),
        ("s-1\tv\tnoun\tpen | quill\t>\toften\td\t", "id s-1 is used"),
    ],
)
def test_a_broken_line_stops_everything(folder: Path, row: str, reason: str) -> None:
    with pytest.raises(ResourceError, match=reason):
        prepare(folder, "\tv\tnoun\tred | rouge\t>\toften\td\t\n" + row)


@pytest.mark.parametrize("topic", ["", "../own", "Own", "own.tsv"])
def test_a_topic_is_a_plain_word(folder: Path, topic: str) -> None:
    with pytest.raises(ConfigError, match="small letters"):
        prepare(folder, "", topic)


@pytest.mark.parametrize(("text", "domain", "count"), [("SUMMIT", "", 2), ("قمة", "", 1), ("", "politics", 2)])
def test_matching(folder: Path, text: str, domain: str, count: int) -> None:
    assert len(editing.matching(editing.read_rows(folder)[0], text, domain=domain)) == count
