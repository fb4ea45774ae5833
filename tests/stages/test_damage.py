from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repair.stages.damage import damage, logit, moved, shift

PROBABILITIES = st.lists(st.floats(0, 1), max_size=40)


@given(PROBABILITIES, st.floats(0.05, 0.6))
def test_a_share_is_a_share_and_the_order_of_sentences_is_nothing_to_it(best: list[float], usual: float) -> None:
    share = damage(best, usual)
    assert 0 < share < 1
    assert damage(best[::-1], usual) == pytest.approx(share)


@given(st.floats(0.05, 0.6))
def test_nothing_seen_is_usual_damage(usual: float) -> None:
    assert damage([], usual) == pytest.approx(usual)
    assert shift(damage([], usual), usual) == pytest.approx(0.0, abs=1e-9)


@given(PROBABILITIES, st.floats(0.1, 0.5))
def test_one_more_sound_sentence_never_raises_the_share(best: list[float], usual: float) -> None:
    share = damage(best, usual)
    worse, better = damage([*best, 0.99], usual), damage([*best, 0.0001], usual)
    assert better <= share + 1e-6 and worse >= share - 1e-6


def test_a_sound_document_speaks_against_and_a_garbled_one_for() -> None:
    sound, garbled = damage([0.05] * 30, 0.2), damage([0.9, 0.1, 0.8, 0.3] * 8, 0.2)
    assert sound < 0.1 < 0.4 < garbled
    assert -3 <= shift(sound, 0.2) < -1 < 1 < shift(garbled, 0.2) <= 1.5


def test_a_short_document_stays_near_the_usual() -> None:
    assert abs(shift(damage([0.05], 0.2), 0.2)) < 0.4
    assert abs(shift(damage([0.95], 0.2), 0.2)) < 1.2


@given(st.floats(0.001, 0.999), st.floats(-3, 3))
def test_moving_is_undone_by_moving_back(p: float, nats: float) -> None:
    assert moved(moved(p, nats), -nats) == pytest.approx(p, abs=1e-3)
    assert logit(moved(p, nats)) == pytest.approx(logit(p) + nats, abs=1e-3)
