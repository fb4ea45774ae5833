"""Fitting the gate: which examples count how much, and what becomes of the weights file."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

from repair.channel.script import DEFAULT, load_script
from repair.edits import apply_edits, invert
from repair.stages.gate import logistic
from repair.training.gate import Example, alone, fit, in_documents, reliability, split, update_models, usual_damage
from repair.training.names import Judge as NameJudge
from repair.training.names import _undoes, collect_names, count_names, dump_counts, garble_names
from repair.types import Document, Edit, Span
from tests.conftest import ENTRIES, KNOWN


def example(gain: float, right: bool, *, garbled: bool = True, misplaced: bool = False) -> Example:
    return Example("lexicon", {"intercept": 1.0, "gain": gain}, right, garbled, misplaced)


SAMPLE = [example(g, g > 0) for g in (-2.0, -1.0, -0.5, 0.5, 1.0, 2.0)] * 20


def test_a_higher_gain_is_learned_to_be_better() -> None:
    weights = fit(SAMPLE)["lexicon"]
    assert logistic({"intercept": 1.0, "gain": 2.0}, weights) > 0.9
    assert logistic({"intercept": 1.0, "gain": -2.0}, weights) < 0.1


def test_clean_documents_weigh_as_much_as_they_are_told_to() -> None:
    tempting = [example(2.0, False, garbled=False, misplaced=True)] * 20
    often, seldom = fit([*SAMPLE, *tempting], clean_weight=10)["lexicon"], fit([*SAMPLE, *tempting])["lexicon"]
    assert logistic({"intercept": 1.0, "gain": 2.0}, often) < logistic({"intercept": 1.0, "gain": 2.0}, seldom)


def test_another_answer_to_a_wrong_place_weighs_less_than_harm() -> None:
    near, harm = [example(2.0, False)] * 20, [example(2.0, False, misplaced=True)] * 20
    mild, strict = fit([*SAMPLE, *near], near_weight=0.2)["lexicon"], fit([*SAMPLE, *harm], near_weight=0.2)["lexicon"]
    assert logistic({"intercept": 1.0, "gain": 2.0}, mild) > logistic({"intercept": 1.0, "gain": 2.0}, strict)


def test_reliability_counts_what_came_true() -> None:
    always = {"lexicon": {"intercept": 5.0}}
    rows = reliability(alone([example(1.0, True), example(1.0, False, misplaced=True)], always))
    assert rows[-1] == (0.99, 2, 0.5, 0.5)
    assert reliability([])[0] == (0.3, 0, 0.0, 0.0)


def test_the_same_proposal_is_surer_in_a_garbled_document() -> None:
    models = {"lexicon": {"gain": 2.0}}
    sound = [replace(example(-1.5, False), place=(1, i)) for i in range(20)]
    garbled = [replace(example(1.0, True), place=(2, i)) for i in range(20)]
    tempting = [replace(example(0.5, False), place=(document, 99)) for document in (1, 2)]
    usual = usual_damage([*sound, *garbled, *tempting], models)
    assert 0.3 < usual < 0.7
    judged = {e.place: p for p, e in in_documents([*sound, *garbled, *tempting], models, usual)}
    assert judged[1, 99] < logistic(tempting[0].features, models["lexicon"]) < judged[2, 99]
    assert judged == {e.place: p for p, e in in_documents([*tempting, *garbled, *sound], models, usual)}


def test_the_last_examples_are_held_back() -> None:
    fitted, held = split(SAMPLE, 0.25)
    assert (len(fitted), len(held)) == (90, 30)
    assert fitted + held == SAMPLE


def test_other_models_stay_in_the_weights_file(tmp_path: Path) -> None:
    path = tmp_path / "gate.json"
    update_models(path, {"names": {"cost": -1.0}}, {"names": "by hand"})
    update_models(path, {"lexicon": {"gain": 1.0}}, {"lexicon": {"seed": 7}})
    written = json.loads(path.read_text("utf-8"))
    assert written["models"] == {"names": {"cost": -1.0}, "lexicon": {"gain": 1.0}}
    assert written["about"] == {"names": "by hand", "lexicon": {"seed": 7}}


def test_names_are_counted_by_article() -> None:
    news = ["They met Karin Fjellberg of the Board in Oslo.", "Then Karin Fjellberg left Oslo; Fjellberg won."] * 2
    counts = count_names([*news, "the board and the oslo"], ["Abecassis", "Abecassis Ltd", "Jo Abecassis"])
    assert counts["Karin Fjellberg"] == 4
    assert counts["Fjellberg"] == 4
    assert counts["Oslo"] == 0 and counts["Abecassis"] == 0  # written small as well; in lists alone
    assert dump_counts(counts) == dump_counts(dict(reversed(counts.items())))


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (Edit(Span(7, 14), "Witkeov", "Witkoff"), True),
        (Edit(Span(7, 14), "Witkeov", "Whitaker"), False),
        (Edit(Span(0, 6), "Envoy ", ""), False),
    ],
)
def test_what_undoes_the_noise(edit: Edit, expected: bool) -> None:
    clean = "Envoy  Witkoff left."
    noise = [Edit(Span(7, 14), "Witkoff", "Witkeov")]
    assert _undoes(apply_edits(clean, noise), edit, invert(noise)) is expected


def test_garbled_names_come_from_the_seed_alone() -> None:
    document = Document("d", "Then Steve Witkoff met Dmitry Peskov in the town of Kurakhove.")
    script = load_script(DEFAULT)
    one, two = (garble_names(document, script, 1.0, random.Random(4)) for _ in range(2))
    assert one == two and one
    assert all(e.span.of(document.text) == e.before for e in one)
    assert garble_names(document, script, 0.0, random.Random(4)) == []


def test_name_matches_are_judged() -> None:
    judge = NameJudge(ENTRIES, load_script(DEFAULT), KNOWN.counts)
    articles = ["The envoy Steve Witkoff met the spokesman Dmitry Peskov in Kurakhove, said Izvestia. " * 8] * 30
    examples = collect_names(articles, judge, seed=1, say=lambda _: None)
    assert examples and {e.origin for e in examples} == {"names", "variants"}
    assert any(e.right for e in examples)
    assert not any(e.right for e in examples if not e.garbled)
