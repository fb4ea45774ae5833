"""Documents to sentences, with offsets into the document."""

from __future__ import annotations

import re
from itertools import pairwise

from sentencex import segment as split_sentences

from repair.channel.residue import find_residue
from repair.types import Document, Segment, Span

_ABBREVIATED = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|Gen|Col|Lt|Sgt|Sen|Rep|Gov|Rev|No|vs|Jr|Sr|[A-Z])\.|\b(?:U\.S|U\.K|a\.m|p\.m)\.)$"
)
_GLUED = re.compile(r"(?<=[a-z”\"’)][.!?])(?=[“\"A-Z][a-z]+[ ,’'])|(?<=[a-z][.!?][”\"])(?=[A-Z][a-z]+ )")


def segment(document: Document) -> tuple[Segment, ...]:
    """Split a document into sentences. Residue is a segment of its own, so that a glued credit ends where it ends.

    Every segment's text equals its slice of the document; segments do not overlap and leave only white space out.

    >>> [s.text for s in segment(Document("d", "Anna Lee/ReutersMeanwhile, talks went on. He left."))]
    ['Anna Lee/Reuters', 'Meanwhile, talks went on.', 'He left.']
    """
    text, segments = document.text, []
    for piece in _pieces(text):
        for span in _sentences(text, piece):
            trimmed = _trim(text, span)
            if len(trimmed):
                segments.append(Segment(document.id, trimmed, trimmed.of(text)))
    return tuple(segments)


def _pieces(text: str) -> list[Span]:
    """Lines, cut where residue starts and ends."""
    cuts = {0, len(text)}
    cuts.update(m.end() for m in re.finditer(r"\n+", text))
    for residue in find_residue(text):
        cuts.update((residue.span.start, residue.span.end))
    return [Span(a, b) for a, b in pairwise(sorted(cuts))]


def _sentences(text: str, piece: Span) -> list[Span]:
    """Sentences of one line: sentencex finds the ends, glued sentences are cut, abbreviations joined again."""
    line = piece.of(text)
    ends, position = [], 0
    for sentence in split_sentences("en", line):
        position = line.find(sentence, position) + len(sentence) if sentence in line[position:] else position
        ends.append(position)
    ends += [m.start() for m in _GLUED.finditer(line)]
    marks = sorted(
        {0, len(line), *(e for e in ends if 0 < e < len(line) and not _ABBREVIATED.search(line[:e].rstrip()))}
    )
    return [Span(piece.start + a, piece.start + b) for a, b in pairwise(marks)]


def _trim(text: str, span: Span) -> Span:
    start, end = span.start, span.end
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)
