"""Runs of capitalised words, and which of them no glossary entry accounts for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from repair.glossary.known import KnownNames
from repair.glossary.match import Matcher, zipf
from repair.text import Word, words
from repair.types import Document, Finding, Kind, Reading, Segment, Span

_PARTICLES = frozenset(
    ["al", "bin", "ibn", "abu", "von", "van", "der", "den", "de", "del", "da", "dos", "la", "le", "el", "ter", "ben"]
)
_COMMON = 3.0  # Zipf frequency from which a lower-cased sentence opener is taken for a common word
_LONGEST = 4


@dataclass(frozen=True)
class NameDetector:
    """Yields the capitalised words that are part of no right form, or stand in a recorded corruption."""

    matcher: Matcher
    known: KnownNames

    def __call__(
        self, document: Document, segments: Sequence[Segment], _readings: Sequence[Reading]
    ) -> Iterator[Finding]:
        """Yield a finding per word or corruption; the score tells how little is known about it."""
        for segment in segments:
            for run in name_runs(segment):
                yield from self._open_words(segment, run)
            for start, form in self.matcher.within(segment.text):
                span = Span(segment.span.start + start, segment.span.start + start + len(form))
                yield Finding(segment, span, Kind.NAME, 0.97, "name.corruption", span.of(document.text))

    def _open_words(self, segment: Segment, run: Sequence[Word]) -> Iterator[Finding]:
        i = 0
        while i < len(run):
            for size in range(min(_LONGEST, len(run) - i), 0, -1):
                surface = slice_of(segment, run[i : i + size])
                if self.matcher.restyled(surface):
                    yield Finding(segment, cover(run[i : i + size]), Kind.NAME, 0.5, "name.style", surface)
                    break
                if self.matcher.right(surface):
                    break
                if self.matcher.corruption_of(surface):
                    yield Finding(segment, cover(run[i : i + size]), Kind.NAME, 0.97, "name.corruption", surface)
                    break
            else:
                size = 1
                word = run[i]
                if word.text[0].isupper() and len(word.text) > 2 and not word.text.isupper():
                    unknown = self.is_unknown(word.text)
                    yield Finding(
                        segment,
                        word.span,
                        Kind.NAME,
                        0.6 if unknown else 0.1,
                        "name.unknown" if unknown else "name.open",
                        word.text,
                    )
            i += size

    def is_unknown(self, word: str) -> bool:
        """Whether a word is neither a dictionary word nor anybody's known name."""
        bare = bare_name(word)
        return bare not in self.known and zipf(bare.lower()) < 1.5


def bare_name(word: str) -> str:
    """A name without its possessive."""
    return word.removesuffix("’s").removesuffix("'s").rstrip("’'")


def name_runs(segment: Segment) -> Iterator[list[Word]]:
    """Maximal runs of capitalised words (particles between them allowed), in document offsets, possessives cut off."""
    run: list[Word] = []
    spots = words(segment.text, segment.span.start)
    for position, word in enumerate(spots):
        gap = segment.text[run[-1].span.end - segment.span.start : word.span.start - segment.span.start] if run else ""
        capital = word.is_word and word.text[0].isupper()
        opener = position == 0 and zipf(word.text.lower()) >= _COMMON and not _next_is_capital(spots, position)
        joined = run and gap in (" ", "-", "") and not run[-1].text.endswith((".", "’s", "'s"))
        particle = word.text.lower() in _PARTICLES and _next_is_capital(spots, position, past=_PARTICLES)
        if run and word.text == "-" and gap == "" and _next_is_capital(spots, position):
            continue
        if run and not (joined and (capital or particle)):
            yield _trimmed(run)
            run = []
        if (capital and not opener) or (run and particle):
            run.append(word)
    if run:
        yield _trimmed(run)


def _next_is_capital(spots: Sequence[Word], position: int, past: frozenset[str] = frozenset()) -> bool:
    near = spots[position + 1 : position + 3 + bool(past)]
    following = next((w for w in near if w.is_word and w.text not in past), None)
    return following is not None and following.text[0].isupper()


def _trimmed(run: list[Word]) -> list[Word]:
    trimmed = []
    for word in run:
        bare = bare_name(word.text)
        trimmed.append(Word(bare, Span(word.span.start, word.span.start + len(bare))))
    return [w for w in trimmed if w.text]


def cover(run: Sequence[Word]) -> Span:
    """The span from the first to the last word."""
    return Span(run[0].span.start, run[-1].span.end)


def slice_of(segment: Segment, run: Sequence[Word]) -> str:
    """The text of a run as it stands."""
    return segment.text[run[0].span.start - segment.span.start : run[-1].span.end - segment.span.start]
