from __future__ import annotations

from pathlib import Path

import pytest

from repair.channel.lexicon import Lexicon, load_lexicon, parse_set
from repair.edits import apply_edits
from repair.errors import ResourceError
from repair.inflection import Pos
from repair.resources import GENERIC, pivot_folder, pivots

ROWS = [
    "s-1\tقمة\tnoun\ttop ; peak | summit\t>\toften\tdiplomacy\t",
    "s-2\tموعد نهائي\tnoun\tfinal date ; final appointment | deadline\t>\toften\tpolitics\t",
    "s-3\tتاريخ\tnoun\tdate | history\t\tsometimes\tgeneral\t",
    "s-4\tحدث\tnoun\taccident | event\t\trarely\tgeneral\t",
    "s-5\tرفع\tverb\traise | lift ; go up\t>\toften\tlaw\t",
    "s-6\tالحشد الشعبي\tnoun\tPopular Crowd | Popular Mobilisation\t>\toften\twar\t",
    "s-7\tوجها لوجه\tadj\tface to face | head-on\t>\toften\tgeneral\t",
    "s-8\tقضبان\tnoun\tbars= | rails=\t>\toften\ttransport\t",
    "s-9\tجيد\tadj\tfine | good\t\toften\tgeneral\t",
]


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon(tuple(parse_set(row.split("\t")) for row in ROWS))


def rewritings(lexicon: Lexicon, text: str) -> set[str]:
    return {apply_edits(text, [c.edit]) for c in lexicon.candidates(text)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the top began", {"the summit began"}),
        ("two tops", {"two summits"}),
        ("Top talks", {"Summit talks"}),
        ("THE TOP", {"THE SUMMIT"}),
        # longest match: no history in the final date
        ("announcing final dates", {"announcing deadlines"}),
        ("the date", {"the history"}),
        # word boundaries
        ("stopped atop a laptop", set()),
        ("topical", set()),
        ("top-level talks", {"summit-level talks"}),
        # the possessive stays
        ("the top’s end", {"the summit’s end"}),
        ("the top's end", {"the summit's end"}),
        ("the o'top", set()),
        ("a top'n tail", set()),
        # inflection is carried over, irregular verbs included
        ("it raised sanctions", {"it lifted sanctions", "it went up sanctions", "it gone up sanctions"}),
        ("it raises sanctions", {"it lifts sanctions", "it goes up sanctions"}),
        # hyphens and blanks are alike
        ("a face-to-face crash", {"a head-on crash"}),
        ("a face to face crash", {"a head-on crash"}),
        # the article is mended
        ("an accident", {"an event"}),
        ("a date", {"a history"}),
        ("an appointment", set()),
        ("A final appointment came", {"A deadline came"}),
        # direction: what was meant is never taken for what was written
        ("the summit", set()),
        ("events", {"accidents"}),
        # names need their capitals
        ("the popular crowd cheered", set()),
        ("the Popular Crowd fought", {"the Popular Mobilisation fought"}),
        # fixed forms do not inflect
        ("off the bars", {"off the rails"}),
        ("off the bar", set()),
        ("", set()),
    ],
)  # fmt: skip
def test_candidates(lexicon: Lexicon, text: str, expected: set[str]) -> None:
    assert rewritings(lexicon, text) == expected


@pytest.mark.parametrize(
    ("row", "text", "expected"),
    [
        (
            "x\tv\tnoun\tdelegate | envoy\t>\toften\td\t",
            "A delegate and a delegate",
            {"An envoy and a delegate", "A delegate and an envoy"},
        ),
        ("x\tv\tnoun\tappointment | date\t>\toften\td\t", "an appointment", {"a date"}),
        ("x\tv\tnoun\tappointment | date\t>\toften\td\t", "An\u00a0appointment", {"A\u00a0date"}),
        ("x\tv\tnoun\tdate | hour\t>\toften\td\t", "Vitamin a date", {"Vitamin an hour"}),
        ("x\tv\tnoun\tdate | hour\t>\toften\td\t", "the data date", {"the data hour"}),
    ],
)
def test_the_article_follows_the_noun(row: str, text: str, expected: set[str]) -> None:
    assert rewritings(Lexicon((parse_set(row.split("\t")),)), text) == expected


def test_occurrences_do_not_overlap_and_keep_their_slice(lexicon: Lexicon) -> None:
    text = "Final dates, dates and Tops: a face-to-face top’s event"
    found = [span.of(text) for span, _ in lexicon.occurrences(text)]
    assert found == ["Final dates", "dates", "Tops", "face-to-face", "top", "event"]


def test_a_form_without_its_capitals_hides_no_shorter_form() -> None:
    rows = ["a\tv\tnoun\tPopular Crowd | Mobilisation\t>\toften\td\t", "b\tv\tadj\tpopular | grassroots\t>\toften\td\t"]
    lexicon = Lexicon(tuple(parse_set(row.split("\t")) for row in rows))
    assert rewritings(lexicon, "the popular crowd") == {"the grassroots crowd"}


def test_priors_prefer_the_rate_then_the_first_expression(lexicon: Lexicon) -> None:
    priors = {c.edit.after: c.prior for c in lexicon.candidates("to raise an event")}
    assert priors["lift"] > priors["go up"] > priors["accident"]


def test_an_empty_lexicon_finds_nothing() -> None:
    assert Lexicon(()).candidates("top of the tops") == []


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("x\tv\tnoun\ttop | summit\t>\toften\tgeneral", "7 columns, expected 8"),
        ("\tv\tnoun\ttop | summit\t>\toften\tgeneral\t", "id and pivot"),
        ("x\t\tnoun\ttop | summit\t>\toften\tgeneral\t", "id and pivot"),
        ("x\tv\tnuon\ttop | summit\t>\toften\tgeneral\t", "pos 'nuon'"),
        ("x\tv\tnoun\ttop ; summit\t>\toften\tgeneral\t", "at least two senses"),
        ("x\tv\tnoun\ttop | \t>\toften\tgeneral\t", "cannot read the expression ''"),
        ("x\tv\tnoun\ttop ; | summit\t>\toften\tgeneral\t", "cannot read the expression ''"),
        ("x\tv\tnoun\ttop (hill) | summit\t>\toften\tgeneral\t", "cannot read the expression"),
        ("x\tv\tnoun\ttop | summit\t<\toften\tgeneral\t", "direction '<'"),
        ("x\tv\tnoun\ttop | summit\t>\talways\tgeneral\t", "rate 'always'"),
    ],
)
def test_broken_lines_are_refused_with_file_line_and_reason(tmp_path: Path, row: str, reason: str) -> None:
    path = tmp_path / "own.tsv"
    path.write_text("id\tpivot\tpos\tsenses\tdirection\trate\tdomain\tnote\n# remark\n\n" + row + "\n", "utf-8")
    with pytest.raises(ResourceError) as caught:
        load_lexicon([tmp_path])
    assert str(caught.value).startswith(f"{path}:4: ")
    assert reason in str(caught.value)


def test_duplicate_ids_are_refused_also_across_files(tmp_path: Path) -> None:
    for name in ("a.tsv", "b.tsv"):
        (tmp_path / name).write_text(ROWS[0] + "\n", "utf-8")
    with pytest.raises(ResourceError, match=r"b\.tsv: id s-1 is used twice"):
        load_lexicon([tmp_path])


def test_a_folder_without_a_lexicon_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ResourceError, match="no lexicon"):
        load_lexicon([tmp_path])


def test_the_shipped_lexicon_loads() -> None:
    lexicon = load_lexicon([pivot_folder("ara")])
    assert len(lexicon.sets) > 3000
    assert {s.pos for s in lexicon.sets} <= set(Pos)


def test_the_generic_sets_are_mined_and_go_with_every_pivot() -> None:
    generic = load_lexicon([GENERIC]).sets
    assert len(generic) >= 150
    assert all(s.one_way and s.note.startswith("mined; ") and s.id.startswith("gen-") for s in generic)
    for pivot in pivots():
        assert len(load_lexicon([pivot_folder(pivot), GENERIC]).sets) > len(generic)


def test_generic_sets_find_what_no_pivot_names() -> None:
    text = "The recognition drone struck an energy object; the new law project was held up."
    afters = {c.edit.after for c in load_lexicon([GENERIC]).candidates(text)}
    assert {"reconnaissance drone", "energy facility", "draft law", "bill"} <= afters
