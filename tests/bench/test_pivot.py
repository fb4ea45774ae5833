from __future__ import annotations

from repair.bench.pivot import RATES, Found, found_pivots
from repair.channel.lexicon import Lexicon, parse_set


def lexicon(*pairs: tuple[str, str]) -> Lexicon:
    rows = (["x-" + a, a, "noun", f"{a} | {b}", ">", "often", "news", ""] for a, b in pairs)
    return Lexicon(tuple(map(parse_set, rows)))


LEXICONS = {
    "ara": lexicon(("winged thigh", "summit"), ("quaggy share", "deadline")),
    "rus": lexicon(("mauve cadre", "footage"), ("winged rocket", "missile")),
}
ARTICLES = [
    f"The summit saw a deadline while footage of the missile went round the {town}." for town in ("town", "city")
] * 4


def test_articles_are_given_to_the_pivot_that_garbled_them() -> None:
    clean, *garbled = found_pivots(ARTICLES, LEXICONS, "ara", share=0.5, seed=3)
    assert clean == Found(None, 0.0, True, 8, 0, 0) and clean.doubtful == 8
    assert [(f.garbled, f.rate, f.known) for f in garbled] == [
        (pivot, rate, known)
        for pivot in LEXICONS
        for rate, known in ((*((r, True) for r in RATES), (RATES[-1], False)))
    ]
    assert all(f.right + f.wrong + f.doubtful == 8 and not f.wrong for f in garbled)
    assert garbled[0].right > 0 and garbled[3].right > 0
    assert all(known.right >= unknown.right for known, unknown in ((garbled[1], garbled[2]), (garbled[4], garbled[5])))


def test_the_same_seed_counts_the_same() -> None:
    once, again = (list(found_pivots(ARTICLES, LEXICONS, "ara", share=0.5, seed=3)) for _ in range(2))
    assert once == again
