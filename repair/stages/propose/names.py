"""The glossary's way back: which entry a strange name is, judged by the channel and by what stands around it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from repair.channel.script import plain
from repair.edits import diff
from repair.glossary.known import PREFIX, KnownNames
from repair.glossary.match import Match, Matcher, zipf
from repair.glossary.model import Entry, EntryKind, Status
from repair.stages.detect.names import bare_name, cover, name_runs, slice_of
from repair.text import Word, fold, match_case, words
from repair.types import Document, Edit, Evidence, Finding, Origin, Proposal, Segment, Span

_GENERIC = frozenset([
    "former", "president", "minister", "prime", "leader", "the", "and", "for", "from", "chief", "head", "with", "since",
    "2016", "city", "country",
])  # fmt: skip
_LISTED = 10  # an entry that editors keep is worth as much as one that so many clean articles use
_COMMONEST = 5.0  # Zipf frequency from which a capitalised word says nothing about the names of a document
TITLES = frozenset([
    "president", "prime", "minister", "mr", "mrs", "ms", "miss", "dr", "lord", "lady", "sir", "dame", "senator", "sen",
    "rep", "general", "gen", "colonel", "captain", "king", "queen", "prince", "princess", "secretary", "chancellor",
    "judge", "justice", "professor", "prof", "sheikh", "ayatollah", "pope", "bishop", "rabbi", "imam", "chief", "coach",
    "governor", "mayor", "ambassador", "envoy", "radio", "newspaper", "city", "town", "port",
])  # fmt: skip


@dataclass(frozen=True)
class NameProposer:
    """Proposes the nearest entry for every open word, alone and together with its neighbours.

    Evidence carries the cost per letter, the margin, how many clean articles use the name, how much of the document's
    other names looks mangled, and in `support` what speaks for the match: `recorded` (a known corruption), `listed` (an
    editor keeps the entry; the others are only counted in news), `full name` (the other words of the name stand there
    already), `in document` (the entry is named rightly elsewhere, or a match as probable as `sure` stands there),
    `role` (its role or note is in the sentence), `topic` (elsewhere in the document); or against it: `real name` (news
    uses it), `rare name` (a list has it), `common word`, `surname alone`, `part of a longer name`, `not approved` (no
    editor has approved the entry).
    """

    matcher: Matcher
    known: KnownNames
    probability: Callable[[Proposal], float]
    sure: float = 0.9

    def __call__(self, document: Document, findings: Sequence[Finding]) -> Iterator[Proposal]:
        """Yield at most one proposal per finding."""
        named = [f for f in findings if f.rule.startswith("name.")]
        if not named:
            return
        segments = {f.segment.span: f.segment for f in named}
        runs = {span: list(name_runs(segment)) for span, segment in segments.items()}
        present = self._present(document)
        topics = {fold(w.text) for w in words(document.text)}
        # sure matches first: once one is recognised, its surname alone counts as in the document
        first = [(finding, self._best(finding, runs[finding.segment.span], present, topics)) for finding in named]
        likely = {p.edit.before for _, p in first if p and _likely(p.evidence)}
        names = {w.text for run in runs.values() for r in run for w in r if zipf(w.text.lower()) < _COMMONEST}
        healthy = len(names & self.known.counts.keys())
        judged = [(finding, p and _with_share(p, likely, healthy)) for finding, p in first]
        named_at = {p.edit.span: p.evidence.entry for _, p in judged if p and self.probability(p) >= self.sure}
        done: set[Span] = set()
        for finding, early in judged:
            elsewhere = {entry for span, entry in named_at.items() if not (early and early.edit.span.overlaps(span))}
            again = self._best(finding, runs[finding.segment.span], present | elsewhere, topics)
            proposal = _with_share(again, likely, healthy) if again else early
            if proposal and not any(proposal.edit.span.overlaps(span) for span in done):
                done.add(proposal.edit.span)
                yield proposal

    def _present(self, document: Document) -> set[str | None]:
        """Entries that the document names rightly somewhere, by a form of at least five letters."""
        present: set[str | None] = set()
        whole = Segment(document.id, Span(0, len(document.text)), document.text)
        for run in name_runs(whole):
            for i in range(len(run)):
                for size in range(1, min(4, len(run) - i) + 1):
                    surface = slice_of(whole, run[i : i + size])
                    found = self.matcher.right(surface) if len(surface) >= 5 else ()
                    if len({entry.canonical for entry in found}) == 1:
                        present.update(entry.id for entry in found)
        return present

    def _best(
        self, finding: Finding, runs: Sequence[Sequence[Word]], present: set[str | None], topics: set[str]
    ) -> Proposal | None:
        segment = finding.segment
        start = segment.span.start
        surface = segment.text[finding.span.start - start : finding.span.end - start]
        if finding.rule == "name.style":
            return self._restyled(finding, surface, present)
        if finding.rule == "name.corruption":
            entry = self.matcher.corruption_of(surface)
            return _as_kept(finding, surface, entry, ("recorded",)) if entry else None
        run = next((r for r in runs if any(w.span == finding.span for w in r)), None)
        if run is None:
            return None
        at = next(i for i, w in enumerate(run) if w.span == finding.span)
        options = []
        for size in (4, 3, 2, 1):
            for start in range(max(0, at - size + 1), min(at, len(run) - size) + 1):
                window = run[start : start + size]
                surface = slice_of(segment, window)
                match = self.matcher.nearest(surface)
                if (
                    match
                    and fold(match.form) != fold(surface)
                    and (size == 1 or match.exact_words or match.per_letter < 0.6)
                ):
                    options.append((size if match.exact_words else size / 2, -match.per_letter, match, window, surface))
        if not options:
            return None
        options.sort(key=lambda o: (o[0], o[1], o[2].entry.id), reverse=True)
        _, _, match, window, surface = options[0]
        edit = _edit(segment, window, surface, match)
        if edit is None or not edit.span.overlaps(finding.span):
            return None
        evidence = Evidence(
            entry=match.entry.id, cost=match.per_letter, margin=match.margin, articles=self._articles(match),
            support=self._support(segment, run, window, match, edit, present, topics),
        )  # fmt: skip
        return Proposal(finding, edit, Origin.NAMES if _is_counted(match.entry) else Origin.GLOSSARY, evidence)

    def _restyled(self, finding: Finding, surface: str, present: set[str | None]) -> Proposal | None:
        entry = self.matcher.restyled(surface)
        if entry is None or _is_quoted(finding):
            return None
        signs = ("house style", "in document") if entry.id in present else ("house style",)
        return _as_kept(finding, surface, entry, signs)

    def _articles(self, match: Match) -> int:
        counts = [self.known.count(word) for word in re.split(r"[ -]", match.form)]
        return max(self.known.count(match.form), min(counts), 0 if _is_counted(match.entry) else _LISTED)

    def _support(
        self,
        segment: Segment,
        run: Sequence[Word],
        window: Sequence[Word],
        match: Match,
        edit: Edit,
        present: set[str | None],
        topics: set[str],
    ) -> tuple[str, ...]:
        signs = [] if _is_counted(match.entry) else ["listed"]
        signs += _standing(match.entry)
        if match.exact_words and len(window) > 1:
            signs.append("full name")
        if match.entry.id in present:
            signs.append("in document")
        roles = _role_words(match.entry)
        if roles & {fold(w.text) for w in words(segment.text)}:
            signs.append("role")
        elif roles & topics:
            signs.append("topic")
        if match.entry.kind is EntryKind.PERSON and len(window) == 1 and " " in match.entry.canonical:
            signs.append("surname alone")
        if len(window) == 1 and any(_is_stranger(w, segment) for w in run if w not in window):
            signs.append("part of a longer name")
        changed = bare_name(edit.before)
        parts = re.split(r"[\s-]", changed)
        if any(self.known.count(part) for part in parts):
            signs.append("real name")
        elif any(part in self.known for part in parts):
            signs.append("rare name")
        if changed.islower() or _common(changed):
            signs.append("common word")
        return tuple(signs)


def _as_kept(finding: Finding, surface: str, entry: Entry, signs: tuple[str, ...]) -> Proposal:
    """The canonical form in place of one that the entry itself names."""
    edit = Edit(finding.span, surface, match_case(surface, entry.canonical))
    signs = (*signs, *_standing(entry))
    return Proposal(finding, edit, Origin.GLOSSARY, Evidence(entry=entry.id, cost=0.0, margin=9.0, support=signs))


def _standing(entry: Entry) -> tuple[str, ...]:
    """The sign of an entry that no editor has approved yet, or that was demoted: it may be shown, not applied."""
    return () if entry.status is Status.APPROVED else ("not approved",)


def _is_quoted(finding: Finding) -> bool:
    """Whether a quotation mark is open where the finding stands: words of others, titles of works."""
    before = finding.segment.text[: finding.span.start - finding.segment.span.start]
    return before.count("“") > before.count("”") or before.count('"') % 2 == 1


def _is_stranger(word: Word, segment: Segment) -> bool:
    """Whether a neighbour in the run is a name of its own: no title, and no common word that opens the sentence."""
    opener = word.span.start - segment.span.start <= 1 and zipf(word.text.lower()) >= 4.5
    return word.text[:1].isupper() and fold(word.text) not in TITLES and not opener


def _is_counted(entry: Entry) -> bool:
    return entry.id.startswith(PREFIX)


def _with_share(proposal: Proposal, likely: Collection[str], healthy: int) -> Proposal:
    """The proposal with the share of mangled names among the document's others; a short document says little."""
    others = len(likely) - (proposal.edit.before in likely)
    share = round((others + 0.3) / (others + healthy + 3), 3)
    return replace(proposal, evidence=replace(proposal.evidence, mangled=share))


def _likely(evidence: Evidence) -> bool:
    """Whether a match is good enough to count as a sign that the document's names were mangled."""
    near = (evidence.cost or 0.0) <= 0.5 and (evidence.margin or 0.0) >= 0.2
    strange = not {"real name", "rare name", "common word", "part of a longer name"} & set(evidence.support)
    return strange and (near or "full name" in evidence.support)


def _common(word: str) -> bool:
    return zipf(word.lower()) >= 2.0


def _role_words(entry: Entry) -> set[str]:
    text = " ".join((*entry.roles, entry.note))
    return {w for w in fold(text).split() if len(w) > 3} - _GENERIC


def _edit(segment: Segment, window: Sequence[Word], surface: str, match: Match) -> Edit | None:
    """The part of the window that changes, as one edit in document offsets."""
    span = cover(window)
    after = match.form.upper() if surface.isupper() else match.form
    ours, theirs = surface.split(" "), after.split(" ")
    if len(ours) == len(theirs):  # words that differ in accents alone stay as they are
        after = " ".join(a if plain(a) == plain(b) else b for a, b in zip(ours, theirs, strict=True))
    changes = [e for e in diff(surface, after, span.start) if plain(e.before) != plain(e.after)]
    if not changes:
        return None
    start, end = changes[0].span.start, changes[-1].span.end
    tail = span.end - end
    return Edit(
        Span(start, end),
        surface[start - span.start : end - span.start],
        after[start - span.start : len(after) - tail],
    )
