"""Edits as values: apply them, invert them, and find the minimal ones between two texts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from repair.errors import EditError
from repair.types import Edit, Span

_TOKEN = re.compile(r"\s+|\w+(?:['’]\w+)*|[^\w\s]")


def apply_edits(text: str, edits: Sequence[Edit]) -> str:
    """Apply non-overlapping edits, all in offsets of `text`, in any order.

    Raises EditError where two edits overlap or where an edit was made for another text.

    >>> apply_edits("the final dates", [Edit(Span(4, 15), "final dates", "deadlines")])
    'the deadlines'
    """
    ordered = sorted(edits, key=lambda edit: edit.span)
    for left, right in pairwise(ordered):
        if left.span.overlaps(right.span):
            raise EditError(f"edits overlap: {left} and {right}")
    parts, position = [], 0
    for edit in ordered:
        if edit.span.end > len(text) or edit.span.of(text) != edit.before:
            raise EditError(f"stale edit {edit}: the text there reads {edit.span.of(text)!r}")
        parts += [text[position : edit.span.start], edit.after]
        position = edit.span.end
    return "".join(parts) + text[position:]


def apply_within(text: str, place: Span, edits: Sequence[Edit]) -> str:
    """What `place` of a text reads with edits that lie inside it, in offsets of the whole text. Raises EditError.

    >>> apply_within("the final dates", Span(4, 15), [Edit(Span(10, 15), "dates", "day")])
    'final day'
    """
    local = [Edit(Span(e.span.start - place.start, e.span.end - place.start), e.before, e.after) for e in edits]
    return apply_edits(place.of(text), local)


def invert(edits: Sequence[Edit]) -> list[Edit]:
    """The edits that undo `edits`, in offsets of the text that `apply_edits` returned.

    >>> invert([Edit(Span(0, 3), "top", "summit")])
    [Edit(span=Span(start=0, end=6), before='summit', after='top')]
    """
    undo: list[Edit] = []
    shift = 0
    for edit in sorted(edits, key=lambda edit: edit.span):
        start = edit.span.start + shift
        span, before = Span(start, start + len(edit.after)), edit.before
        if not edit.after and undo and undo[-1].span == span:  # neighbours deleted: one insertion brings both back
            before = undo.pop().after + before
        undo.append(Edit(span, edit.after, before))
        shift += len(edit.after) - len(edit.before)
    return undo


def diff(before: str, after: str, offset: int = 0) -> list[Edit]:
    """Minimal word-level edits that turn `before` into `after`; `offset` is added to every span.

    >>> diff("a top of leaders", "a summit of leaders")
    [Edit(span=Span(start=2, end=5), before='top', after='summit')]
    """
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    starts = [0]
    for token in old:
        starts.append(starts[-1] + len(token))
    edits = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag != "equal":
            span = Span(offset + starts[i1], offset + starts[i2])
            edits.append(Edit(span, "".join(old[i1:i2]), "".join(new[j1:j2])))
    return _join_across_blanks(before, edits, offset)


def _join_across_blanks(text: str, edits: Sequence[Edit], offset: int) -> list[Edit]:
    """Join neighbours with nothing but white space between: "final dates" is one edit, not two."""
    joined: list[Edit] = []
    for edit in edits:
        gap = text[joined[-1].span.end - offset : edit.span.start - offset] if joined else "x"
        if joined and not gap.strip():
            last = joined.pop()
            edit = Edit(
                Span(last.span.start, edit.span.end), last.before + gap + edit.before, last.after + gap + edit.after
            )
        joined.append(edit)
    return joined
