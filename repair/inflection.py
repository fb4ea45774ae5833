"""English inflection of the head of an expression, by Penn tags (NN NNS VB VBZ VBD VBN VBG JJ JJR JJS)."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from lemminflect import getInflection

_PREPOSITIONS = frozenset([
    "of", "to", "for", "in", "on", "at", "with", "from", "by", "about", "against", "over", "under", "between", "into",
    "through", "as", "without", "within", "upon", "towards", "toward", "than", "after", "before", "behind", "among",
    "across", "around", "near", "off", "out", "up", "down", "per", "versus",
])  # fmt: skip


class Pos(StrEnum):
    """Part of speech of an expression; FIXED and ADV never inflect."""

    NOUN = "noun"
    VERB = "verb"
    ADJ = "adj"
    ADV = "adv"
    FIXED = "fixed"


_TAGS = {
    Pos.NOUN: ("NN", "NNS"),
    Pos.VERB: ("VB", "VBZ", "VBD", "VBN", "VBG"),
    Pos.ADJ: ("JJ", "JJR", "JJS"),
    Pos.ADV: ("RB",),
    Pos.FIXED: ("X",),
}


def forms(expression: str, pos: Pos) -> dict[str, str]:
    """Inflected forms of an expression by tag. `*` behind a word marks the head, a final `=` forbids inflection.

    A `*` that stands alone is a slot and stays.

    >>> forms("final date", Pos.NOUN)
    {'NN': 'final date', 'NNS': 'final dates'}
    >>> forms("withdrawal of confidence", Pos.NOUN)["NNS"], forms("pick fights with", Pos.VERB)["VBG"]
    ('withdrawals of confidence', 'picking fights with')
    """
    base = _TAGS[pos][0]
    if expression.endswith("=") or pos in (Pos.ADV, Pos.FIXED):
        return {base: _unmarked(expression.rstrip("="))}
    head = _head(expression.split(" "), pos)
    parts = _unmarked(expression).split(" ")
    result = {}
    for tag in _TAGS[pos]:
        inflected = _inflect(parts[head], tag)
        if inflected is not None and not (tag in ("JJR", "JJS") and len(parts) > 1):
            result[tag] = " ".join([*parts[:head], inflected, *parts[head + 1 :]])
    return result


def _unmarked(expression: str) -> str:
    return re.sub(r"(?<=\S)\*", "", expression)


def _head(parts: list[str], pos: Pos) -> int:
    for i, part in enumerate(parts):
        if part.endswith("*") and part != "*":
            return i
    if pos is Pos.VERB:
        return 0
    if pos is Pos.NOUN:
        for i, part in enumerate(parts):
            if i and part in _PREPOSITIONS:
                return i - 1
    return len(parts) - 1


@lru_cache(maxsize=65536)
def _inflect(word: str, tag: str) -> str | None:
    if tag in ("NN", "VB", "JJ", "RB"):
        return word
    stem, hyphen, last = word.rpartition("-")
    if not last[:1].isalpha():  # an ending cut off (*pre-*), a number: nothing to inflect
        return word
    if tag in ("JJR", "JJS") and len(re.findall(r"[aeiouy]+", last.rstrip("ey"))) > 1:
        return f"{'more' if tag == 'JJR' else 'most'} {word}"
    lower_first = last[:1].lower() + last[1:]
    options = getInflection(lower_first, tag)
    if not options:
        return None
    inflected: str = options[0][:1].upper() + options[0][1:] if last[:1].isupper() else options[0]
    return f"{stem}{hyphen}{inflected}"
