"""Words with offsets, casing, and the normalisations that keep every offset where it was."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from repair.types import Span

if TYPE_CHECKING:
    import inflect

_WORD = re.compile(r"[^\W_]+(?:['’.&][^\W_]+)*['’]?|[^\w\s]|_")
_FOLD = {"’": "'", "‘": "'", "‐": " ", "‑": " ", "-": " ", "\u00a0": " ", "\n": " ", "\t": " "}


@dataclass(frozen=True, slots=True)
class Word:
    """A word or punctuation mark and where it stands."""

    text: str
    span: Span

    @property
    def is_word(self) -> bool:
        """Whether this is a word, not a punctuation mark."""
        return self.text[0].isalnum()


def words(text: str, offset: int = 0) -> list[Word]:
    """Words and punctuation marks of `text`; hyphens separate words, apostrophes and dots inside do not.

    >>> [word.text for word in words("Trump’s top-level talks.")]
    ['Trump’s', 'top', '-', 'level', 'talks', '.']
    """
    return [Word(m[0], Span(offset + m.start(), offset + m.end())) for m in _WORD.finditer(text)]


def fold(text: str) -> str:
    """Lower case, straight apostrophes, hyphens as blanks; every character stays at its offset.

    >>> fold("Face-to-face, İzmir’s")
    "face to face, İzmir's"
    """
    return "".join(_FOLD.get(c, low if len(low := c.lower()) == 1 else c) for c in text)


def match_case(pattern: str, word: str) -> str:
    """Give `word` the capitals of `pattern`: all, first letter of each word, first letter, or its own.

    >>> match_case("Final dates", "deadlines"), match_case("TOP", "summit"), match_case("top", "NATO summit")
    ('Deadlines', 'SUMMIT', 'NATO summit')
    """
    letters = [c for c in pattern if c.isalpha()]
    if len(letters) > 1 and all(c.isupper() for c in letters):
        return word.upper()
    parts = [part for part in re.split(r"[\s-]+", pattern) if part and part[0].isalpha()]
    if len(parts) > 1 and all(part[0].isupper() for part in parts):
        return re.sub(r"(?:^|(?<=[\s-]))[a-z](?=\w{3})|^[a-z]", lambda m: m[0].upper(), word)
    if letters and pattern.lstrip("\"'“‘(")[:1].isupper():
        return word[:1].upper() + word[1:]
    return word


@cache
def _engine() -> inflect.engine:
    import inflect  # takes more than a second, which commands that need no article are spared

    return inflect.engine()


def article_for(phrase: str) -> str:
    """The indefinite article that goes before `phrase`.

    >>> article_for("hour"), article_for("European deal"), article_for("envoy")
    ('an', 'a', 'an')
    """
    first = re.sub(r"^[^\w]+", "", phrase).split(" ")[0]
    if first[:1].isdigit():
        return "an" if re.match(r"8|1[18](?!\d)", first) else "a"
    return str(_engine().a(first)).split(" ")[0] if first else "a"
