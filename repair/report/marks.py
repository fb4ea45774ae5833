"""A document as its readers see it: what became of each place, and the text before and after in matching rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from repair.types import Decision, Kind, Repair, Span, Verdict

LINE_END = "↵"  # shows the end of a line that went, where nothing else did


@dataclass(frozen=True, slots=True)
class Entry:
    """A decision with the label that links its place in the text to its reason: `3` if applied, `R2` if for review."""

    label: str
    decision: Decision

    @property
    def kind(self) -> Kind:
        """The kind of the damage."""
        return self.decision.proposal.kind

    @property
    def hue(self) -> str:
        """What its label is coloured by: the kind of a change, or that it waits for review."""
        return "review" if self.decision.verdict is Verdict.REVIEW else str(self.kind)

    @property
    def span(self) -> Span:
        """The place in the document."""
        return self.decision.proposal.edit.span

    @property
    def before(self) -> str:
        """What stands in the text."""
        return self.decision.proposal.edit.before

    @property
    def after(self) -> str:
        """What was proposed for it."""
        return self.decision.proposal.edit.after


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a line, before and after. `entry` is None where nothing happens; `labelled` once for each entry."""

    before: str
    after: str
    entry: Entry | None = None
    labelled: bool = False

    @property
    def applied(self) -> bool:
        """Whether a change was made here."""
        return self.entry is not None and self.entry.decision.verdict is Verdict.APPLY

    @property
    def visible(self) -> bool:
        """Whether there is ink in it."""
        return bool(self.before.strip() or self.after.strip())


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the document, before and after. `gap`: blank lines stand above it."""

    pieces: tuple[Piece, ...]
    gap: bool

    @property
    def changed(self) -> bool:
        """Whether a change was made in it."""
        return any(piece.applied for piece in self.pieces)

    @property
    def removed(self) -> bool:
        """Whether nothing of the line is left."""
        return self.changed and not any(piece.after.strip() for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Places:
    """The decisions on a document: applied and for review in order of place, dropped with the likeliest first."""

    applied: tuple[Entry, ...]
    review: tuple[Entry, ...]
    dropped: tuple[Entry, ...]


def places(repair: Repair) -> Places:
    """Sort and label the decisions on a document."""
    ordered = sorted(repair.decisions, key=lambda d: (d.proposal.edit.span, -d.probability))
    applied = [d for d in ordered if d.verdict is Verdict.APPLY]
    review = [d for d in ordered if d.verdict is Verdict.REVIEW]
    dropped = sorted((d for d in ordered if d.verdict is Verdict.DROP), key=lambda d: -d.probability)
    return Places(
        tuple(Entry(str(number), d) for number, d in enumerate(applied, 1)),
        tuple(Entry(f"R{number}", d) for number, d in enumerate(review, 1)),
        tuple(Entry("", d) for d in dropped),
    )


def rows(text: str, entries: Sequence[Entry]) -> list[Row]:
    """Cut a text into its lines and mark the entries in them; blank lines become gaps.

    A deletion over several lines is marked in each of them; what replaces several lines stands in the first. Where
    entries overlap, the first stays: put applied ones first.
    """
    lines: list[list[Piece]] = [[]]
    for piece in _pieces(text, entries):
        before, after = piece.before.split("\n"), piece.after.split("\n")
        if len(after) != len(before):
            after = [piece.after] + [""] * (len(before) - 1)
        for number, (old, new) in enumerate(zip(before, after, strict=True)):
            if number:
                lines.append([])
            lines[-1].append(Piece(old, new, piece.entry))
    homes = _homes(chain.from_iterable(lines))
    cut: list[Row] = []
    gap = False
    for line in lines:
        pieces = tuple(_at_home(p) if id(p) in homes else p for p in line if p.before or p.after or id(p) in homes)
        if any(p.visible or p.labelled for p in pieces):
            cut.append(Row(pieces, gap and bool(cut)))
            gap = False
        else:
            gap = True
    return cut


def _pieces(text: str, entries: Sequence[Entry]) -> Iterator[Piece]:
    """The whole text as plain stretches and marked ones, in order."""
    chosen: list[Entry] = []
    for entry in entries:
        if not any(entry.span.overlaps(other.span) for other in chosen):
            chosen.append(entry)
    position = 0
    for entry in sorted(chosen, key=lambda e: e.span):
        plain = text[position : entry.span.start]
        yield Piece(plain, plain)
        applied = entry.decision.verdict is Verdict.APPLY
        yield Piece(entry.before, entry.after if applied else entry.before, entry)
        position = entry.span.end
    yield Piece(text[position:], text[position:])


def _homes(pieces: Iterable[Piece]) -> set[int]:
    """The identities of the pieces that carry the labels: for each entry its first with ink, or else its first."""
    homes: dict[str, Piece] = {}
    for piece in pieces:
        if piece.entry:
            home = homes.setdefault(piece.entry.label, piece)
            if piece.visible and not home.visible:
                homes[piece.entry.label] = piece
    return set(map(id, homes.values()))


def _at_home(piece: Piece) -> Piece:
    """The piece with its label, and with a sign where only a line end went."""
    joined = piece.entry is not None and not piece.visible and "\n" in piece.entry.before
    return replace(piece, labelled=True, before=LINE_END if joined else piece.before)


def context(text: str, entry: Entry, width: int = 90) -> tuple[str, str]:
    """What stands left and right of an entry in its line, cut between words."""
    left = text[: entry.span.start].rpartition("\n")[2]
    right = text[entry.span.end :].partition("\n")[0]
    if len(left) > width:
        left = "… " + left[-width:].partition(" ")[2]
    if len(right) > width:
        right = right[:width].rpartition(" ")[0] + " …"
    return left, right
