"""The grammar channel's way back, at the places that surprise the language model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from repair.channel.grammar import alternatives
from repair.text import words
from repair.types import Document, Edit, Evidence, Finding, Origin, Proposal, Span


def propose_forms(_document: Document, findings: Sequence[Finding]) -> Iterator[Proposal]:
    """Yield other forms for the words of every surprising place; each edit once, for the most surprising place."""
    seen: set[Edit] = set()
    spots = [f for f in findings if f.rule == "fluency.surprisal"]
    for finding in sorted(spots, key=lambda f: (-f.score, f.span)):
        segment = finding.segment
        tokens = words(segment.text)
        for at, word in enumerate(tokens):
            place = Span(word.span.start + segment.span.start, word.span.end + segment.span.start)
            if finding.span.covers(place):
                for form in alternatives(tokens, at):
                    span = Span(form.edit.span.start + segment.span.start, form.edit.span.end + segment.span.start)
                    edit = Edit(span, form.edit.before, form.edit.after)
                    if edit not in seen:
                        seen.add(edit)
                        evidence = Evidence(prior=form.prior, surprisal=round(finding.score * 16, 1))
                        yield Proposal(finding, edit, Origin.GRAMMAR, evidence)
