"""The channel forwards: clean English to the English that a round trip makes of it, seeded, for training and measuring.

Each operator is a function of a sentence and a random generator; `Noise` composes them with their rates. Rates of this
first version are judged by eye on round-tripped articles, not yet estimated from counts.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from repair.channel.lexicon import Lexicon
from repair.channel.script import Script
from repair.edits import apply_edits
from repair.inflection import forms
from repair.text import match_case
from repair.types import Edit

_PREPOSITIONS: Mapping[str, tuple[str, ...]] = {
    # English preposition -> what its Arabic translation comes back as, likeliest first (repeated = likelier)
    "in": ("at", "on", "of", "during"),
    "on": ("in", "about", "at", "over"),
    "at": ("in", "in", "on", "when"),
    "of": ("from", "for", "in"),
    "for": ("to", "of", "on", "about"),
    "to": ("for", "towards", "at"),
    "about": ("on", "around", "from"),
    "by": ("from", "with", "before"),
    "with": ("to", "against", "in"),
    "from": ("of", "by", "than"),
    "over": ("on", "about", "through"),
    "against": ("on", "anti", "with"),
    "after": ("following", "beyond"),
    "among": ("between",),
    "between": ("among", "of"),
    "into": ("to", "in", "inside"),
    "during": ("in", "through"),
    "under": ("below", "beneath"),
    "since": ("from", "for"),
    "despite": ("although", "in spite"),
}
_VERBS: Mapping[str, tuple[str, ...]] = {
    "has been": ("was", "is"), "have been": ("were", "are"), "had been": ("was", "has been"), "had": ("has", "have"),
    "is": ("are", "was", "it is"), "are": ("is", "were"), "was": ("were", "has been", "is"), "were": ("was", "are"),
    "has": ("have", "had"), "have": ("has", "had"), "would": ("will",), "will": ("would", "shall"), "could": ("can",),
    "can": ("could",), "may": ("might", "could"), "who": ("which", "that", "who he"),
    "which": ("that", "which it", "who"), "whose": ("which its", "who his"), "that": ("which", "that it"),
    "it": ("he", "she", "they"), "its": ("his", "their", "her"),
    "they": ("it", "he"), "their": ("its", "his"), "while": ("whereas", "as"), "but": ("however", "but rather"),
    "also": ("as well",), "only": ("just only",), "not": ("did not", "no"), "more": ("more than", "most"),
}  # fmt: skip
_BARE = re.compile(
    r"\b(?:in|of|by|to|on|as|for|and|with) (?=[a-z]{5,}(?:s|ion|ment|ity|ness|ance|ism|ship)\b)"
    r"(?!this\b|these\b|those\b)"
)
_PAST = re.compile(r"\b(he|she|they|it|who|ministers?|officials?|government|president|police) (\w{3,}ed)\b")


_CONTRACTED = "(?:It|He|She|That|There|Here|Let|What|Who|Where|When|How|Why|This|One)"


def articles(text: str, rng: random.Random, rate: float) -> str:
    """Drop articles, swap them, and put *the* where the pivot language has its article."""

    def swap(match: re.Match[str]) -> str:
        if rng.random() >= rate:
            return match[0]
        word = match[1].lower()
        other = rng.choices(["", "the ", "a "], [0.6, 0.4 * (word != "the"), 0.25 * (word == "the")])[0]
        return other if match.start() else match[0]

    text = re.sub(r"\b([Tt]he|[Aa]n?) (?=\w)", swap, text)

    def insert(match: re.Match[str]) -> str:
        return f"{match[0]}the " if rng.random() < rate * 0.5 else match[0]

    return _BARE.sub(insert, text)


def _from_table(table: Mapping[str, tuple[str, ...]]) -> Callable[[str, random.Random, float], str]:
    pattern = re.compile(r"\b(" + "|".join(sorted(table, key=len, reverse=True)) + r")\b", re.IGNORECASE)

    def swap(text: str, rng: random.Random, rate: float) -> str:
        def one(match: re.Match[str]) -> str:
            if rng.random() >= rate:
                return match[0]
            options = table[match[0].lower()]
            weights = [1 / (1 + rank) for rank in range(len(options))]
            return match_case(match[0], rng.choices(options, weights)[0])

        return pattern.sub(one, text)

    return swap


prepositions = _from_table(_PREPOSITIONS)
function_words = _from_table(_VERBS)


def possessives(text: str, rng: random.Random, rate: float) -> str:
    """Turn *Britain’s economy* into *the economy of Britain*, and compounds into *of* chains."""

    def chain(match: re.Match[str]) -> str:
        return f"the {match[2]} of {match[1]}" if rng.random() < rate else match[0]

    return re.sub(
        rf"\b(?!{_CONTRACTED}['’])([A-Z]\w+(?: [A-Z]\w+)?)['’]s (\w{{4,}})\b(?! \w+(?:ed|ing)\b)", chain, text
    )


def hyphens(text: str, rng: random.Random, rate: float) -> str:
    """Put the stray blank before hyphens that machine output so often has (*so -called*)."""
    return re.sub(r"(?<=\w)-(?=\w)", lambda m: " -" if rng.random() < rate else "-", text)


def word_order(text: str, rng: random.Random, rate: float) -> str:
    """Move the verb of saying first, adverbs to the end of their pair, numbers behind their noun."""
    if rng.random() < rate:
        text = re.sub(r"(\w+) (recently|also|often|still|already|now) (\w+ed)\b", r"\1 \3 \2", text, count=1)
    if rng.random() < rate:
        text = re.sub(r"\b(\w+ly) (\w+ed)\b", r"\2 \1", text, count=1)
    return text


def tenses(text: str, rng: random.Random, rate: float) -> str:
    """Give a simple past another tense, and gerunds the infinitive."""

    def past(match: re.Match[str]) -> str:
        if rng.random() >= rate:
            return match[0]
        return f"{match[1]} {rng.choice(['has', 'had', 'was'])} {match[2]}"

    text = _PAST.sub(past, text)
    return re.sub(r"\bto (\w{3,}e)\b", lambda m: f"to {m[1][:-1]}ing" if rng.random() < rate / 4 else m[0], text)


def doubled_subject(text: str, rng: random.Random, rate: float) -> str:
    """Repeat the subject as a pronoun, as the pivot's topic sentences do."""
    if rng.random() >= rate:
        return text
    return re.sub(r"^([A-Z]\w+(?: [A-Z]\w+)?) (is|was|has|had|will|said)\b", r"\1 he \2", text, count=1)


def senses(text: str, rng: random.Random, rate: float, lexicon: Lexicon) -> str:
    """Replace expressions that some sense set knows as *meant* by what the machine would have written."""
    edits, reach = [], 0
    for span, options in lexicon.occurrences(text):
        if span.start < reach:
            continue
        meant = [s for s in options if s.group or not s.set.one_way]
        if not meant or rng.random() >= rate * (sense := rng.choice(meant)).set.rate:
            continue
        wrong = [0] if sense.set.one_way else sense.set.meant(sense.group)
        group = sense.set.senses[rng.choice(wrong)]
        chosen = forms(rng.choices(group, [1 / (1 + i) for i in range(len(group))])[0], sense.set.pos)
        after = match_case(span.of(text), sense.fill(chosen.get(sense.tag) or next(iter(chosen.values()))))
        edits.append(Edit(span, span.of(text), after))
        reach = span.end
    return apply_edits(text, edits)


def names(text: str, rng: random.Random, rate: float, script: Script) -> str:
    """Take capitalised words inside the sentence through the pivot script and back."""

    def one(match: re.Match[str]) -> str:
        return script.corrupt(match[0], rng) if rng.random() < rate else match[0]

    return re.sub(r"(?<=[a-z,] )[A-Z][a-z]{3,}(?:[ ][A-Z][a-z]{3,})?\b", one, text)


@dataclass(frozen=True, slots=True)
class Rates:
    """Probability per place at which each operator acts; `untouched` is the share of sentences left clean."""

    untouched: float = 0.25
    articles: float = 0.12
    prepositions: float = 0.08
    function_words: float = 0.06
    possessives: float = 0.35
    hyphens: float = 0.25
    word_order: float = 0.25
    tenses: float = 0.12
    doubled_subject: float = 0.06
    senses: float = 1.0
    names: float = 0.0

    def scaled(self, factor: float) -> Rates:
        """The same mix at another strength (`untouched` stays)."""
        values = {name: getattr(self, name) * factor for name in self.__slots__ if name != "untouched"}
        return Rates(untouched=self.untouched, **values)


@dataclass(frozen=True)
class Noise:
    """A seeded channel: the same sentence, seed and rates give the same garbled sentence."""

    lexicon: Lexicon
    script: Script
    rates: Rates = Rates()

    def __call__(self, text: str, seed: int) -> str:
        """Garble one sentence."""
        rng = random.Random(f"{seed}:{text}")
        rates = self.rates
        if rng.random() < rates.untouched:
            return text
        rates = rates.scaled(rng.choice((0.5, 1.0, 1.0, 1.6)))  # sentences differ in how much they suffer
        text = senses(text, rng, rates.senses, self.lexicon)
        text = names(text, rng, rates.names, self.script)
        for operator, rate in (
            (possessives, rates.possessives),
            (word_order, rates.word_order),
            (tenses, rates.tenses),
            (function_words, rates.function_words),
            (prepositions, rates.prepositions),
            (articles, rates.articles),
            (doubled_subject, rates.doubled_subject),
            (hyphens, rates.hyphens),
        ):
            text = operator(text, rng, rate)
        return text
