"""Which pivot language a garbled document went through, judged by what came back: the Poisson odds of each lexicon.

Let *f* be how often a form that the machine writes occurs per word of clean English, *q* its share of the lexicon (one
by the number of such forms), *n* the words of the document and *r* the confusions per word. A form that is there once
or more counts once, and speaks for the pivot by

    log (1 - exp(-n (f + r q))) - log (1 - exp(-n f))

which for a rare form is its rarity, -log *f*, plus a constant. A form that is missing speaks against it by *n r q*. The
sum is the score: the log-odds, in nats, of the pivot against clean English. A bigger lexicon finds more, but its *q* is
smaller.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from wordfreq import word_frequency

from repair.channel.lexicon import Lexicon
from repair.inflection import forms
from repair.text import fold, words
from repair.types import PivotChoice

SURE = 0.99  # probability among the pivots from which the best one is believed
_WEAKEST = 0.5  # of what a garbled text would lose where no form is found: how much the forms found must make up for
_RATE = 0.03  # confusions per word of a garbled document
_SEVERAL = 1e-7  # how often an expression of several words occurs per word of clean English
_LEAST = 1e-8  # the same for a word that the frequency list lacks: below its smallest


@dataclass(frozen=True, slots=True)
class Explanation:
    """How well a pivot explains a text: `score` in nats against clean English, `probability` among the pivots asked."""

    pivot: str
    score: float
    probability: float


def explain(text: str, lexicons: Mapping[str, Lexicon]) -> list[Explanation]:
    """How well each pivot explains what is odd in `text`, best first; where no score is above 0, none does.

    >>> from repair.channel.lexicon import SenseSet
    >>> from repair.inflection import Pos
    >>> lexicons = {
    ...     "ara": Lexicon((SenseSet("a", "قمة", Pos.NOUN, (("peak",), ("summit",)), True, 0.3, "news"),)),
    ...     "rus": Lexicon((SenseSet("r", "кадры", Pos.NOUN, (("cadre",), ("footage",)), True, 0.3, "news"),)),
    ... }
    >>> [e.pivot for e in explain("The cadres show the burning house.", lexicons)]
    ['rus', 'ara']
    """
    scores = {pivot: _score(text, lexicon) for pivot, lexicon in lexicons.items()}
    best = max(scores.values(), default=0.0)
    total = sum(math.exp(score - best) for score in scores.values())
    explanations = [Explanation(p, score, math.exp(score - best) / total) for p, score in scores.items()]
    return sorted(explanations, key=lambda e: (-e.score, e.pivot))


def choose(text: str, lexicons: Mapping[str, Lexicon], default: str) -> PivotChoice:
    """The pivot that explains a text much better than the others do, or the default where there is none.

    A text in which hardly a form is found gets the default as well: it is clean, or went through something else.

    >>> choose("Nothing is odd here.", {"ara": Lexicon(()), "rus": Lexicon(())}, "ara")
    PivotChoice(pivot='ara', probability=0.5, score=0.0, sure=False)
    """
    explained = explain(text, lexicons)
    best = explained[0]
    sure = best.probability >= SURE and best.score > -_length(text) * _RATE * _WEAKEST
    taken = best if sure else next(e for e in explained if e.pivot == default)
    return PivotChoice(taken.pivot, round(taken.probability, 4), round(taken.score, 2), sure)


def _score(text: str, lexicon: Lexicon) -> float:
    length = _length(text)
    clean = _came_back(lexicon)
    if not length or not clean:
        return 0.0
    confused = length * _RATE / len(clean)
    score = -length * _RATE
    for form in _found(text, lexicon):
        usual = length * clean[form]
        score += math.log(math.expm1(-usual - confused) / math.expm1(-usual)) + confused
    return score


def _length(text: str) -> int:
    return sum(word.is_word for word in words(text))


def _found(text: str, lexicon: Lexicon) -> list[str]:
    """The distinct forms in `text` for which something else may have been meant, in alphabetical order."""
    found: set[str] = set()
    for _, senses in lexicon.occurrences(text):
        found.update(fold(sense.form) for sense in senses if sense.set.meant(sense.group))
    return sorted(found)


@lru_cache(maxsize=16)
def _came_back(lexicon: Lexicon) -> Mapping[str, float]:
    """Every form that the machine is said to write for another, with its frequency in clean English."""
    frequencies: dict[str, float] = {}
    for sense_set in lexicon.sets:
        for group, expressions in enumerate(sense_set.senses):
            if sense_set.meant(group):
                for expression in expressions:
                    for form in forms(expression, sense_set.pos).values():
                        frequencies.setdefault(fold(form), _frequency(fold(form)))
    return frequencies


def _frequency(form: str) -> float:
    return _SEVERAL if " " in form else max(_LEAST, float(word_frequency(form, "en")))
