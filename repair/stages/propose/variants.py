"""One spelling for a name that nobody lists: the one in which the document itself names it in full, or again and again.

*Desmond Harkley … Since then Harkli has been free … Mr Harkley*: the pivot script has no vowels to hold on to, so the
machine spells a name as it guesses, each time anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from repair.channel.script import Script
from repair.glossary.known import KnownNames
from repair.glossary.match import Matcher, zipf
from repair.glossary.model import Entry, EntryKind
from repair.stages.detect.names import bare_name, name_runs
from repair.stages.propose.names import TITLES, NameProposer
from repair.text import Word, fold
from repair.types import Document, Edit, Evidence, Finding, Origin, Proposal, Segment, Span

_LIKELY = 0.3  # names that the glossary mends as probably as this are left to it
_COMMON = 3.0  # Zipf frequency from which a capitalised word that news does not use as a name is a dictionary word
_OPENER = 5.0  # Zipf frequency from which a capitalised neighbour is no part of the name (*Then Harkley left*)
_SHORTEST = 4


@dataclass
class _Spelling:
    """How a document uses a capitalised word."""

    count: int = 0
    in_full: bool = False  # beside another part of the name
    companions: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class VariantProposer:
    """Hands on what `names` proposes, and proposes the document's own better spelling for what is left."""

    names: NameProposer
    known: KnownNames
    script: Script
    probability: Callable[[Proposal], float]

    def __call__(self, document: Document, findings: Sequence[Finding]) -> Iterator[Proposal]:
        """Yield the proposals of `names`, then at most one variant per finding."""
        proposals = list(self.names(document, findings))
        yield from proposals
        taken = [p.edit.span for p in proposals if self.probability(p) >= _LIKELY]
        free = [f for f in findings if f.rule in ("name.unknown", "name.open") and not _meets(f.span, taken)]
        spellings = self._spellings(document, taken)
        better = Matcher(
            [_entry(name) for name, use in spellings.items() if self._may_be_right(name, use)], self.script
        )
        mangled = max((p.evidence.mangled or 0.0 for p in proposals), default=0.0)
        for finding in free if better.entries else ():
            if proposal := self._variant(finding, spellings, better, mangled):
                yield proposal

    def _spellings(self, document: Document, taken: Sequence[Span]) -> dict[str, _Spelling]:
        """The names in a document by word, and how it uses them."""
        spellings: dict[str, _Spelling] = {}
        whole = Segment(document.id, Span(0, len(document.text)), document.text)
        for run in name_runs(whole):
            for word in run:
                name = bare_name(word.text)
                if self._is_name(name) and not _meets(word.span, taken):
                    use = spellings.setdefault(name, _Spelling())
                    beside = {fold(w.text) for w in run if w is not word and _may_stand_beside(w)}
                    use.count += 1
                    use.in_full = use.in_full or bool(beside)
                    use.companions |= beside
        return spellings

    def _is_name(self, word: str) -> bool:
        capital = word[:1].isupper() and not word.isupper() and len(word) >= _SHORTEST
        return capital and (zipf(word.lower()) < _COMMON or self.known.count(word) > 0)

    def _may_be_right(self, name: str, use: _Spelling) -> bool:
        return (use.in_full or use.count > 1) and not self.names.matcher.right(name)

    def _variant(
        self, finding: Finding, spellings: dict[str, _Spelling], better: Matcher, mangled: float
    ) -> Proposal | None:
        start = finding.segment.span.start
        surface = bare_name(finding.segment.text[finding.span.start - start : finding.span.end - start])
        ours = spellings.get(surface)
        match = better.nearest(surface) if ours else None
        if ours is None or match is None or fold(match.form) == fold(surface):
            return None
        theirs = spellings[match.form]
        if (theirs.in_full, theirs.count) <= (ours.in_full, ours.count):
            return None
        edit = Edit(Span(finding.span.start, finding.span.start + len(surface)), surface, match.form)
        evidence = Evidence(
            entry=match.entry.id, cost=match.per_letter, margin=match.margin, articles=theirs.count, mangled=mangled,
            support=self._support(surface, match.form, ours, theirs),
        )  # fmt: skip
        return Proposal(finding, edit, Origin.VARIANTS, evidence)

    def _support(self, surface: str, name: str, ours: _Spelling, theirs: _Spelling) -> tuple[str, ...]:
        signs = ["spelt so in full"] if theirs.in_full else ["repeated"]
        if ours.companions & theirs.companions:
            signs.append("same companion")
        if name in self.known:
            signs.append("known")
        if self.known.count(surface):
            signs.append("real name")
        elif surface in self.known:
            signs.append("rare name")
        if zipf(surface.lower()) >= 2.0:
            signs.append("common word")
        return tuple(signs)


def _entry(name: str) -> Entry:
    return Entry(f"own:{name}", name, EntryKind.TERM, provenance="document")


def _may_stand_beside(word: Word) -> bool:
    return word.text[:1].isupper() and fold(word.text) not in TITLES and zipf(word.text.lower()) < _OPENER


def _meets(span: Span, others: Sequence[Span]) -> bool:
    return any(span.overlaps(other) for other in others)
