from __future__ import annotations

from collections import Counter

import pytest

from repair.edits import apply_edits
from repair.references import Annotation, Passage
from repair.score import Counts, count, fold_answer, is_made, over_edits, score, sentence_outputs, text_scores
from repair.types import Decision, Document, Edit, Finding, Kind, Origin, Proposal, Repair, Segment, Span, Verdict

TEXT = "EPA/AFPThe top set out on bars. Old Witkev left the home ."
#       0         1         2         3         4         5
#       0123456789012345678901234567890123456789012345678901234567
REFERENCE = "The summit went off the rails. Old Witkoff left home."
SECOND = 32


def place(before: str, *good: str, kind: Kind = Kind.PHRASE) -> Annotation:
    start = TEXT.index(before)
    return Annotation(Span(start, start + len(before)), before, good, kind, "")


ANNOTATIONS = (
    place("EPA/AFP", "", kind=Kind.RESIDUE),
    place("top", "summit", "meeting"),
    place("set out on", "went off the", "left the"),
    place("bars", "rails", "tracks"),
    place("Witkev", "Witkoff", kind=Kind.NAME),
    place("the home .", "home.", kind=Kind.GRAMMAR),
)
PASSAGE = Passage(
    "p", "politics", TEXT, REFERENCE, ANNOTATIONS,
    ((Span(0, 31), "The summit went off the rails."), (Span(SECOND, 58), "Old Witkoff left home.")),
)  # fmt: skip


def edit(before: str, after: str) -> Edit:
    start = TEXT.index(before)
    return Edit(Span(start, start + len(before)), before, after)


def repaired(*edits: Edit, verdict: Verdict = Verdict.APPLY) -> Repair:
    segment = Segment("p", Span(0, len(TEXT)), TEXT)
    decisions = tuple(
        Decision(Proposal(Finding(segment, e.span, Kind.PHRASE, 1.0, "rule"), e, Origin.LEXICON), verdict, 1.0, "")
        for e in edits
    )
    text = apply_edits(TEXT, edits) if verdict is Verdict.APPLY else TEXT
    return Repair(Document("p", TEXT), text, (), decisions, {"mt-repair": "0"})


def test_the_passage_is_sound() -> None:
    assert apply_edits(TEXT, [Edit(a.span, a.before, a.good[0]) for a in ANNOTATIONS]) == REFERENCE


@pytest.mark.parametrize(
    ("edits", "made", "good_wrong_harm"),
    [
        ([], 0, (0, 0, 0)),
        ([("top", "summit")], 1, (1, 0, 0)),
        ([("top", "Meeting")], 1, (1, 0, 0)),  # a second answer, in other capitals
        ([("top", "peak")], 0, (0, 1, 0)),
        ([("The top", "The summit")], 1, (1, 0, 0)),
        ([("The top", "A summit")], 0, (0, 0, 1)),  # the right answer, but it takes the article along
        ([("Old", "Ancient")], 0, (0, 0, 1)),
        ([("Old Witkev", "Ancient Witkoff")], 0, (0, 0, 1)),
        ([("top", "summit"), ("Old", "Ancient"), ("bars", "pubs")], 1, (1, 1, 1)),
        ([("set out on bars", "went off the rails")], 2, (1, 0, 0)),  # one edit, two annotations
        ([("set out on bars", "left the tracks")], 2, (1, 0, 0)),
        ([("set out on bars", "went off the bars")], 1, (1, 0, 0)),
        ([("set out on bars", "fell apart")], 0, (0, 1, 0)),
        ([("EPA/AFP", "")], 1, (1, 0, 0)),
        ([("EPA", "")], 0, (0, 1, 0)),
        ([("EPA/AFPThe", "")], 0, (0, 0, 1)),  # residue that takes a good word along
        ([("the ", ""), (" .", ".")], 1, (2, 0, 0)),  # two edits make one annotation
        ([("the ", "")], 0, (0, 1, 0)),
    ],
)  # fmt: skip
def test_made_good_wrong_and_harm(
    edits: list[tuple[str, str]], made: int, good_wrong_harm: tuple[int, int, int]
) -> None:
    counts = count(PASSAGE, repaired(*(edit(*e) for e in edits)))
    assert counts.made.total() == made
    assert (counts.good, counts.wrong, counts.harm) == good_wrong_harm
    assert counts.applied == len(edits)


def test_a_line_break_may_go_with_its_residue_and_so_may_its_neighbour() -> None:
    text = "Share\nSave\nText stays."
    both = [
        Annotation(Span(0, 5), "Share", ("",), Kind.RESIDUE, ""),
        Annotation(Span(6, 10), "Save", ("",), Kind.RESIDUE, ""),
    ]
    gone = Edit(Span(0, 11), "Share\nSave\n", "")
    assert is_made(both[0], text, [gone], both) and is_made(both[1], text, [gone], both)
    assert is_made(both[0], text, [Edit(Span(0, 6), "Share\n", "")], both)
    everything = Edit(Span(0, len(text)), text, "")
    assert not is_made(both[0], text, [everything], both)


def test_an_insertion_point_is_made_by_an_edit_that_touches_it() -> None:
    text = "left home"
    missing = Annotation(Span(5, 5), "", ("the ",), Kind.GRAMMAR, "")
    assert is_made(missing, text, [Edit(Span(5, 5), "", "the ")])
    assert is_made(missing, text, [Edit(Span(4, 5), " ", " the ")])
    assert not is_made(missing, text, [Edit(Span(5, 5), "", "a ")])
    assert not is_made(missing, text, [Edit(Span(0, 4), "left", "quit")])


@pytest.mark.parametrize("verdict", [Verdict.REVIEW, Verdict.DROP])
def test_only_what_was_applied_counts(verdict: Verdict) -> None:
    counts = count(PASSAGE, repaired(edit("top", "summit"), edit("Old", "Ancient"), verdict=verdict))
    assert counts.applied == 0 and counts.made.total() == 0 and counts.precision is None


def test_counts_add_and_rates_derive() -> None:
    one = count(PASSAGE, repaired(edit("top", "summit"), edit("Old Witkev left", "Young men went")))
    two = count(PASSAGE, repaired(edit("bars", "rails"), edit("Witkev", "Witkoff"), edit("set out on", "sat on")))
    both = one + two
    assert both == two + one
    assert sum([one, two], Counts()) == both
    assert both.annotated == Counter(phrase=6, name=2, residue=2, grammar=2)
    assert both.made == Counter(phrase=2, name=1)
    assert (both.good, both.wrong, both.harm, both.harmed_words, both.words) == (3, 1, 1, 2, 2 * one.words)
    assert both.precision == 3 / 5
    assert both.recall() == 3 / 12 and both.recall("name") == 1 / 2 and both.recall("event") is None
    assert both.f05 == pytest.approx(1.25 * 0.6 * 0.25 / (0.25 * 0.6 + 0.25))
    assert both.harm_per_1000 == pytest.approx(1000 * 2 / both.words)


def test_empty_counts_have_no_rates() -> None:
    empty = Counts()
    assert (empty.precision, empty.recall(), empty.f05, empty.harm_per_1000) == (None, None, 0.0, 0.0)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("The Semi-final", "the semifinal", True),
        ("Trump’s", "Trump's", True),
        ("a  b\n", "a b", True),
        ("“x”", '"x"', True),
        ("US -Russian", "US-Russian", False),
        ("summit", "summits", False),
        ("", " ", True),
    ],
)
def test_fold_answer(one: str, other: str, same: bool) -> None:
    assert (fold_answer(one) == fold_answer(other)) is same


# (untouched, repaired, reference), then TER, chrF and BLEU of both, worked out once with sacrebleu 2.x
SCORES = [
    (
        ("the top is over now", "the summit is over now", "the summit is over now"),
        (20.0, 0.0),
        (49.82, 100.0),
        (42.73, 100.0),
    ),
    (("a b c d", "a b c d", "a b c d"), (0.0, 0.0), (100.0, 100.0), (100.0, 100.0)),
    (("the cat sat", "the dog sat down", "the cat sat"), (0.0, 66.67), (100.0, 22.06), (100.0, 19.0)),
]


@pytest.mark.parametrize(("row", "ter", "chrf", "bleu"), SCORES)
def test_text_metrics(
    row: tuple[str, str, str], ter: tuple[float, float], chrf: tuple[float, float], bleu: tuple[float, float]
) -> None:
    scores = {s.metric: s for s in text_scores([row], samples=20)}
    for name, expected in (("TER", ter), ("CHRF", chrf), ("BLEU", bleu)):
        assert (scores[name].untouched, scores[name].repaired) == pytest.approx(expected, abs=0.01)
        assert "version:" in scores[name].signature


def test_the_bootstrap_is_seeded_and_one_sided() -> None:
    better = [("the top is over now", "the summit is over now", "the summit is over now")] * 4
    same = [("the top is over", "the top is over", "the summit is over")] * 4
    assert [s.p for s in text_scores(better, samples=99)] == [0.01] * 3
    assert [s.p for s in text_scores(same, samples=99)] == [1.0] * 3
    mixed = better[:1] + same[:3]
    assert text_scores(mixed, samples=50, seed=1) == text_scores(mixed, samples=50, seed=1)


def test_sentences_are_scored_in_their_own_offsets() -> None:
    rows = sentence_outputs(
        PASSAGE, repaired(edit("EPA/AFP", ""), edit("Witkev", "Witkoff"), edit("bars. Old", "rails. Young"))
    )
    assert rows == [
        ("EPA/AFPThe top set out on bars.", "The top set out on rails. Young", "The summit went off the rails."),
        ("Old Witkev left the home .", " Witkoff left the home .", "Old Witkoff left home."),
    ]


def test_over_edits() -> None:
    assert over_edits([repaired(edit("top", "summit")), repaired()]) == (1, 2 * len(TEXT.split()))


def test_a_report_carries_its_signature() -> None:
    report = score([PASSAGE], {"p": repaired(edit("top", "summit"))})
    assert report.signature == {"mt-repair": "0"}
    assert report.counts == report.by_passage["p"]
    assert {s.metric for s in report.texts} == {"TER", "CHRF", "BLEU"}


def test_a_passage_that_was_not_repaired_is_no_score() -> None:
    with pytest.raises(KeyError):
        score([PASSAGE], {})
