"""What the lexicon offers for sentences, and what of it makes an annotated repair: plain functions of values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product

from repair.channel.lexicon import Lexicon
from repair.edits import apply_within
from repair.references import Annotation, Passage
from repair.score import fold_answer, touches
from repair.types import Edit, Kind, Segment, Span

_ARTICLE = re.compile(r"^(?:the|an?) ")
_MOST_READINGS = 20_000  # combinations of answers that are tried in a hull


@dataclass(frozen=True, slots=True)
class Offer:
    """A replacement that the lexicon offers, in offsets of the document, with its sentence and the one before it."""

    edit: Edit
    segment: Segment
    context: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """An annotated phrase repair and the offers that touch it; `right` tells which of these make it."""

    annotation: Annotation
    offers: tuple[Offer, ...]
    right: tuple[bool, ...]

    @property
    def covered(self) -> bool:
        """Whether the right repair is among the offers."""
        return any(self.right)


def offers(segments: Sequence[Segment], lexicon: Lexicon) -> Iterator[Offer]:
    """Everything that the lexicon offers for sentences, in order of sentence, whether or not they read oddly."""
    context = ""
    for segment in segments:
        start = segment.span.start
        for candidate in lexicon.candidates(segment.text):
            edit = candidate.edit
            span = Span(start + edit.span.start, start + edit.span.end)
            yield Offer(Edit(span, edit.before, edit.after), segment, context)
        context = segment.text


def places(passage: Passage, offered: Iterable[Offer]) -> list[Place]:
    """The annotated phrase repairs of a passage with what is offered for them."""
    known, found = list(offered), []
    for annotation in passage.annotations:
        if annotation.kind is Kind.PHRASE:
            near = tuple(o for o in known if touches(o.edit.span, annotation.span))
            found.append(Place(annotation, near, tuple(makes(o.edit, annotation, passage) for o in near)))
    return found


def makes(edit: Edit, annotation: Annotation, passage: Passage) -> bool:
    """Whether one edit gives an accepted answer over the hull of both, a leading article aside.

    Other annotations under the edit may come out as they stood or as any of their answers: the edit may mend several.
    """
    others = [a for a in passage.annotations if a is not annotation and touches(edit.span, a.span)]
    spans = [edit.span, annotation.span, *(a.span for a in others)]
    hull = Span(min(s.start for s in spans), max(s.end for s in spans))
    before, got = fold_answer(hull.of(passage.text)), fold_answer(apply_within(passage.text, hull, [edit]))
    changed = _bare(before) != _bare(got)  # what changes an article alone has to be right to the letter
    for answer, *rest in islice(product(annotation.good, *((a.before, *a.good) for a in others)), _MOST_READINGS):
        swaps = [Edit(a.span, a.before, r) for a, r in zip([annotation, *others], [answer, *rest], strict=True)]
        wanted = fold_answer(apply_within(passage.text, hull, swaps))
        if got == wanted or (changed and _bare(got) == _bare(wanted)):
            return True
    return False


def _bare(answer: str) -> str:
    return _ARTICLE.sub("", answer)
