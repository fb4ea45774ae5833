"""Why this was changed and why that was not: the ledger of one document in plain lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from repair.types import Decision, Repair, Span, Verdict

_AROUND = 40  # characters shown on either side of a place
_TOLD = {Verdict.APPLY: "changed", Verdict.REVIEW: "left for review", Verdict.DROP: "left alone"}


def explain(repair: Repair, at: int | None = None) -> str:
    """The places of a document, one after the other, or only what was thought of at the offset `at` of its text.

    A place is a stretch of the text that proposals share. Each is shown in its surroundings, with what was decided and
    every proposal behind it, the best first.
    """
    places = list(_places(repair.decisions))
    if at is None:
        return "\n\n".join(_told(repair, place) for place in places) or "nothing was proposed for this document"
    here = [place for place in places if _hull(place).start <= at <= _hull(place).end]
    found = [f for f in repair.findings if f.span.start <= at <= f.span.end]
    lines = [_told(repair, place) for place in here]
    if not here:
        word = _surroundings(repair.document.text, Span(at, at))
        lines = [f"{at}  {word}", "  left alone: nothing was proposed here"]
    lines += [
        f"  found suspicious: {f.span.of(repair.document.text)!r} as {f.kind}, score {f.score:.2f}" for f in found
    ]
    return "\n".join(lines if found or here else [*lines, "  and nothing here was found suspicious"])


def _places(decisions: Sequence[Decision]) -> Iterator[list[Decision]]:
    """Decisions whose spans overlap, in order of the text."""
    place: list[Decision] = []
    for decision in sorted(decisions, key=lambda d: d.proposal.edit.span):
        if place and not decision.proposal.edit.span.overlaps(_hull(place)):
            yield place
            place = []
        place.append(decision)
    if place:
        yield place


def _hull(place: Sequence[Decision]) -> Span:
    spans = [d.proposal.edit.span for d in place]
    return Span(min(s.start for s in spans), max(s.end for s in spans))


def _told(repair: Repair, place: Sequence[Decision]) -> str:
    span = _hull(place)
    verdict = min((d.verdict for d in place), key=list(Verdict).index)
    lines = [f"{span.start}  {_surroundings(repair.document.text, span)}", f"  {_TOLD[verdict]}"]
    for d in sorted(place, key=lambda d: (list(Verdict).index(d.verdict), -d.probability, d.proposal.edit.after)):
        edit = d.proposal.edit
        lines.append(f"  {d.verdict:<6}  p {d.probability:.2f}  {edit.before!r} → {edit.after!r}: {d.reason}")
    return "\n".join(lines)


def _surroundings(text: str, span: Span) -> str:
    before = text[max(0, span.start - _AROUND) : span.start]
    after = text[span.end : span.end + _AROUND]
    return " ".join(f"{before}[{span.of(text)}]{after}".split())
