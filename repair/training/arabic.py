"""Arabic words as mining compares them: without article, endings, vowels and differences of spelling."""

from __future__ import annotations

import re

_MARKS = re.compile(r"[\u0640\u064b-\u0652\u0670]")  # lengthening stroke, vowel signs, doubling
_WORD = re.compile(r"[\u0621-\u064a]+")
_ALEF = str.maketrans("أإآٱىؤئ", "ااااايي")


def arabic_words(text: str) -> list[str]:
    """The Arabic words of a text, without vowel signs.

    >>> arabic_words("NATO: قِمّة اليوم")
    ['قمة', 'اليوم']
    """
    return _WORD.findall(without_vowels(text))


def without_vowels(text: str) -> str:
    """A text without vowel signs and lengthening strokes."""
    return _MARKS.sub("", text)


def stem(word: str) -> str:
    """An Arabic word without *and*, the article, and differences of spelling.

    >>> stem("والقمة"), stem("أزمة")
    ('قمة', 'ازمة')
    """
    return re.sub(r"^(?:[وفبك]?ال|لل)(?=..)", "", word.translate(_ALEF))


def skeleton(headword: str) -> str:
    """The consonants of Arabic words: no article, feminine and plural endings, long vowels, vowel signs.

    >>> skeleton("التعريفات") == skeleton("تعريفة") == skeleton("تعريف")
    True
    """
    parts = []
    for word in arabic_words(headword):
        bare = stem(word)
        bare = re.sub(r"(?<=..)(?:ات|ون|ين|ة|ه|ية)$", "", bare)
        parts.append(bare[:1] + re.sub("[اوي]", "", bare[1:]))
    return " ".join(parts)
