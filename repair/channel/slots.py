"""Slots: a `*` that stands alone in an expression is one to three words of the text, which are carried over."""

from __future__ import annotations

import re
from functools import lru_cache

from repair.text import fold
from repair.types import Span

SLOT = "*"
_WORD = r"[^\s.,;:!?…\"“”()\[\]–—]+"
_REACH = 80  # characters that three words and their blanks may take


def has_slot(expression: str) -> bool:
    """Whether an expression has a slot; raises ValueError for one at its ends, where it says nothing, or for two.

    >>> has_slot("put * under the lens"), has_slot("family* of the victimised")
    (True, False)
    """
    if SLOT not in expression:
        return False
    parts = expression.rstrip("=").split(" ")
    if SLOT in (parts[0], parts[-1]) or parts.count(SLOT) > 1:
        raise ValueError(f"one slot at most, between words: {expression!r}")
    return SLOT in parts


def anchor(form: str) -> str:
    """The longer side of a form with a slot, folded: where it stands, the whole is looked for.

    >>> anchor("puts * under the lens")
    'under the lens'
    """
    return max(_sides(form), key=len)


def find_slotted(form: str, folded: str, near: Span) -> tuple[Span, Span] | None:
    """Where a form covers its anchor at `near` of a folded text, and where its slot stands there; None for nowhere.

    >>> find_slotted("puts * under the lens", "he puts the deal under the lens", Span(17, 31))
    (Span(start=3, end=31), Span(start=8, end=16))
    """
    reach = len(form) + _REACH
    for match in _pattern(form).finditer(folded, max(0, near.start - reach), near.end + reach):
        span = Span(*match.span())
        if span.covers(near):
            return span, Span(*match.span(1))
    return None


def _sides(form: str) -> list[str]:
    return fold(form).split(f" {SLOT} ")


@lru_cache(maxsize=4096)
def _pattern(form: str) -> re.Pattern[str]:
    left, right = map(re.escape, _sides(form))
    return re.compile(rf"(?<!\w){left} ({_WORD}(?: {_WORD}){{0,2}}?) {right}(?!\w)")
