from __future__ import annotations

from repair.bench import heldout as bench
from repair.bench.heldout import HeldOut
from repair.bench.lexicon import lexicon_of
from repair.channel.lexicon import Lexicon
from repair.channel.script import DEFAULT, load_script
from repair.pipeline import Stages
from tests.bench.conftest import LEXICON


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
    assert lexicon_of(knows) is rest
    assert bench.held_out(whole, knows, rest) == HeldOut(2, 1, 1)
    assert bench.held_out(whole, stages, LEXICON) == HeldOut(2, 2, 2)
    assert bench.held_out(bench.planted("n", clean, clean), stages, LEXICON) == HeldOut()
    assert HeldOut(2, 1, 1) + HeldOut(3, 2, 1) == HeldOut(5, 3, 2)
