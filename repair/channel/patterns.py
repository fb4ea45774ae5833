"""Slips of machine output that a pattern can name with its cure: stray blanks at hyphens and quotes, doubled words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from repair.text import article_for, match_case
from repair.types import Kind, Span

Cure = Callable[[re.Match[str]], str]


@dataclass(frozen=True, slots=True)
class Slip:
    """A place that a pattern caught, and what should stand there."""

    span: Span
    after: str
    rule: str
    kind: Kind
    score: float


_PREFIXES = "re|co|non|anti|pre|post|ex|mid|pro|self|so|semi|multi|cross|counter|long|short|well|high|low|half|all|vice|inter|ultra|far"


_PARTICIPLES = {
    "drew": "drawn", "went": "gone", "took": "taken", "gave": "given", "saw": "seen", "knew": "known", "grew": "grown",
    "threw": "thrown", "flew": "flown", "wrote": "written", "spoke": "spoken", "broke": "broken", "chose": "chosen",
    "froze": "frozen", "stole": "stolen", "drove": "driven", "rode": "ridden", "fell": "fallen", "ate": "eaten",
    "began": "begun", "sang": "sung", "sank": "sunk", "swam": "swum", "drank": "drunk", "forgot": "forgotten",
    "hid": "hidden", "tore": "torn", "wore": "worn", "swore": "sworn", "withdrew": "withdrawn", "undertook": "undertaken",
    "overcame": "overcome", "became": "become", "came": "come", "ran": "run", "shook": "shaken", "arose": "arisen",
    "mistook": "mistaken", "forgave": "forgiven", "foresaw": "foreseen",
}  # fmt: skip


def _nothing(_match: re.Match[str]) -> str:
    return ""


_PATTERNS: tuple[tuple[str, Kind, float, re.Pattern[str], Cure], ...] = (
    # so -called, US -Russian, 50 -day; a dash between blanks on both sides is left alone
    ("pattern.hyphen", Kind.RESIDUE, 0.97, re.compile(r"(?<![\w-])(?:[A-Za-z]\w*|\d[\d.,]*)(?P<gone> )-(?!(?:ing|ed|s|es|ly|er|est|isms?)\b)[A-Za-z]\w*\b"), _nothing),
    ("pattern.hyphen", Kind.RESIDUE, 0.85, re.compile(rf"\b(?:{_PREFIXES})-(?P<gone> )(?!and\b|or\b|to\b|und\b)[a-z]\w+\b"), _nothing),
    # the the, of of: doubled function words (not "that that", "had had", "is is", "told her her son", "moved on on Friday")
    (
        "pattern.doubled",
        Kind.GRAMMAR,
        0.95,
        re.compile(r"\b(the|a|an|of|to|and|for|with|from|by|at|was|were|are|be|been|his|their|its|this|but|or|as) \1\b(?!-)", re.IGNORECASE),
        lambda m: m[1],
    ),
    # blanks inside quotation marks and before punctuation
    ("pattern.quote", Kind.RESIDUE, 0.92, re.compile(r"(?<=[\w.,!?]) ”(?=[\s.,;:!?]|$)"), lambda m: "”"),
    ("pattern.quote", Kind.RESIDUE, 0.92, re.compile(r"(?:^|(?<=\s))“ (?=\w)"), lambda m: "“"),
    ("pattern.quote", Kind.RESIDUE, 0.9, re.compile(r"(?<=\w) ” (?=\w[^”“]*[“”])"), lambda m: " “"),
    ("pattern.quote", Kind.RESIDUE, 0.9, re.compile(r"(?<=[\w.,!?]) “(?=[.,;:!?]|$)"), lambda m: "”"),
    ("pattern.quote", Kind.RESIDUE, 0.9, re.compile(r"(?<=\w[.,!?]) “$"), lambda m: "”"),
    ("pattern.blank", Kind.RESIDUE, 0.95, re.compile(r"(?<=\w) (?=[,;:?!](?:\s|$))"), lambda m: ""),
    ("pattern.blank", Kind.RESIDUE, 0.95, re.compile(r"(?<=[a-z]) (?=\.(?:\s|$))"), lambda m: ""),
    ("pattern.percent", Kind.RESIDUE, 0.9, re.compile(r"(?<=\d) (?=%)"), lambda m: ""),
    # have drew, was took: the simple past of an irregular verb where only its participle can stand
    (
        "pattern.participle",
        Kind.GRAMMAR,
        0.95,
        re.compile(rf"(?<=\b)(have|has|had|having|been|being|I've|we've|they've)( (?:also|already|never|not|just|ever|now))? ({'|'.join(_PARTICIPLES)})\b"),
        lambda m: f"{m[1]}{m[2] or ''} {_PARTICIPLES[m[3]]}",
    ),
    # a evidence, an summit
    ("pattern.article", Kind.GRAMMAR, 0.95, re.compile(r"(?<![-\w])([Aa]n?) (?=((?!one|once|eu|establish|h)(?:[aeio]|(?<=an )[bcdfgjklmnpqrstvwz][aeiouy])[a-z]{2,})\b)"), lambda m: match_case(m[1], article_for(m[2])) + " "),
    # the article of a language that has only one
    ("pattern.article", Kind.GRAMMAR, 0.9, re.compile(r"\ba (?=(?:a|an|the)\b )"), lambda m: ""),
)  # fmt: skip


def _place(match: re.Match[str]) -> Span:
    """What a pattern replaces: its group `gone`, where it has one, so that the words around stay free for other edits."""
    return Span(*match.span("gone" if "gone" in match.re.groupindex else 0))


def find_slips(text: str) -> list[Slip]:
    """Every slip in `text`, in order, without overlaps.

    >>> [(slip.span.start, slip.after) for slip in find_slips("the so -called deal of of 2015")]
    [(6, ''), (20, 'of')]
    """
    found = [
        Slip(_place(m), cure(m), rule, kind, score)
        for rule, kind, score, pattern, cure in _PATTERNS
        for m in pattern.finditer(text)
        if m[0] != cure(m) and not (rule == "pattern.doubled" and m[0][:1].isupper() and m[0].split()[1][:1].isupper())
    ]
    kept: list[Slip] = []
    for slip in sorted(found, key=lambda s: (s.span.start, -s.span.end, s.after)):
        if not kept or not (kept[-1].span.overlaps(slip.span) or kept[-1].span.end > slip.span.start):
            kept.append(slip)
    return kept
