"""The grammar channel backwards: for a word that reads oddly, the forms that may have been meant.

Function words come from confusion sets (what Arabic prepositions, articles and particles come back as); content words
vary in number and tense. Nothing here judges: the language model does (Bryant & Briscoe 2018, "Language model based
grammatical error correction without annotated training data").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lemminflect import getAllInflections, getAllLemmas

from repair.text import Word, article_for, match_case
from repair.types import Edit, Span

_MEANT: Mapping[str, tuple[str, ...]] = {
    # seen -> what was meant, likeliest first; "" deletes the word
    "in": ("on", "at", "of", "for", "to", "with", "by", "into", ""),
    "on": ("in", "at", "of", "about", "over", "to", "for", "against", "with", "from", ""),
    "at": ("in", "on", "to", "by", "of", ""),
    "of": ("by", "from", "for", "in", "on", "to", "with", "than", ""),
    "for": ("of", "to", "on", "in", "about", "with", ""),
    "to": ("for", "of", "with", "on", "at", "in", "into", ""),
    "from": ("of", "by", "for", "than", "in", "with", ""),
    "by": ("with", "from", "in", "of", "through", ""),
    "with": ("to", "by", "of", "in", "at", "from", "after", ""),
    "about": ("on", "of", "over", "around", "from", "for", ""),
    "through": ("by", "in", "across", "during", "with"),
    "during": ("in", "over", "at"),
    "between": ("among", "of"),
    "since": ("for", "from"),
    "until": ("to", "up to", "even"),
    "after": ("by", "of", "following"),
    "against": ("for", "in exchange for", "on", "at"),
    "towards": ("to", "at", "about"),
    "inside": ("in", "within"),
    "than": ("from", "of"),
    "the": ("a", "an", ""),
    "a": ("the", "an", ""),
    "an": ("the", "a", ""),
    "is": ("are", "was", "has", "it is", ""),
    "are": ("is", "were", "have", ""),
    "was": ("were", "is", "has been", "had", ""),
    "were": ("was", "are", "have been"),
    "has": ("have", "had", "is", "was"),
    "have": ("has", "had", "are"),
    "had": ("has", "have", "was"),
    "will": ("would",),
    "would": ("will",),
    "can": ("could",),
    "may": ("might",),
    "did": ("do", "does", "has"),
    "do": ("does", "did"),
    "what": ("which", "that", "who", "something"),
    "which": ("that", "who", "what", "where"),
    "who": ("which", "whom", "that"),
    "that": ("which", "it", "who", "this", ""),
    "this": ("these", "that", "it"),
    "these": ("this", "those"),
    "those": ("these", "that"),
    "he": ("it", "she", "they", ""),
    "she": ("it", "he", "they", ""),
    "it": ("he", "she", "they", "", "that"),
    "they": ("it", "he", ""),
    "his": ("its", "her", "their", "the"),
    "her": ("its", "his", "their"),
    "its": ("their", "his", "her"),
    "their": ("its", "his", "her"),
    "him": ("it", "them", "her"),
    "them": ("it", "him", ""),
    "many": ("much", "several"),
    "much": ("many",),
    "not": ("no", ""),
    "more": ("most", ""),
    "also": ("", "too"),
    "then": ("than",),
    "as": ("like", "such as", ""),
    "like": ("as", "such as"),
    "however": ("but", "although"),
    "and": ("", "or"),
    "either": ("or",),
    "so": ("", "such"),
    "very": ("", "too", "much"),
    "where": ("with", "in which", "when"),
    "while": ("when", "and"),
    "yet": ("after", "still", "since"),
    "beyond": ("after",),
}  # fmt: skip
_VERB_TAGS = ("VB", "VBZ", "VBD", "VBN", "VBG")
_ARTICLES = ("the", "a", "an")


@dataclass(frozen=True, slots=True)
class Form:
    """A form that may have been meant; `prior` is its log-probability against the others, in nats."""

    edit: Edit
    prior: float


def alternatives(words: Sequence[Word], at: int) -> Iterator[Form]:
    """What may stand in place of word `at`, or be missing before it. Only lower-case words change.

    >>> from repair.text import words
    >>> [f.edit.after for f in alternatives(words("He depends of it"), 2)][:3]
    ['by', 'from', 'for']
    """
    word = words[at]
    low = word.text.lower()
    if not word.is_word or any(map(str.isdigit, low)) or (word.text != low and at > 0) or "'" in low or "’" in low:
        return
    if low in _MEANT:
        for rank, meant in enumerate(_MEANT[low]):
            if meant:
                yield Form(Edit(word.span, word.text, match_case(word.text, meant)), -1.5 - 0.15 * rank)
            elif (edit := _deletion(words, at)) is not None:
                yield Form(edit, -1.5 - 0.15 * rank)
    elif word.text == low and len(low) > 2:
        for form in _inflections(low):
            yield Form(Edit(word.span, word.text, form), -2.0)
        if at and words[at - 1].text.lower() not in _ARTICLES:
            start = Span(word.span.start, word.span.start)
            for article in ("the", article_for(low)):
                yield Form(Edit(start, "", f"{article} "), -2.0)


def _deletion(words: Sequence[Word], at: int) -> Edit | None:
    """Delete a word with the blank behind it; a sentence opener hands its capital on."""
    if at + 1 >= len(words) or not words[at + 1].is_word:
        return None
    word, after = words[at], words[at + 1]
    gap = " " * (after.span.start - word.span.end)
    if at == 0 and word.text[:1].isupper():
        before = word.text + gap + after.text
        return Edit(Span(word.span.start, after.span.end), before, after.text[:1].upper() + after.text[1:])
    return Edit(Span(word.span.start, after.span.start), word.text + gap, "") if len(gap) == 1 else None


@lru_cache(maxsize=16384)
def _inflections(word: str) -> tuple[str, ...]:
    """Other numbers of a noun and other forms of a verb."""
    found: list[str] = []
    lemmas = getAllLemmas(word)
    for lemma in lemmas.get("VERB", ())[:1]:
        forms = getAllInflections(lemma, "VERB")
        found += [forms[tag][0] for tag in _VERB_TAGS if tag in forms]
    for lemma in lemmas.get("NOUN", ())[:1]:
        forms = getAllInflections(lemma, "NOUN")
        found += [forms[tag][0] for tag in ("NN", "NNS") if tag in forms]
    return tuple(dict.fromkeys(form for form in found if form != word and form.isalpha()))
