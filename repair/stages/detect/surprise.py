"""Places that surprise the language model: where the rewriter may look."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from repair.text import words
from repair.types import Document, Finding, Kind, Reading, Segment, Span


@dataclass(frozen=True)
class SurpriseDetector:
    """Lower-case words whose surprisal is at least `min_surprisal` nats, with one word on either side."""

    min_surprisal: float = 6.0

    def __call__(
        self, _document: Document, segments: Sequence[Segment], readings: Sequence[Reading]
    ) -> Iterator[Finding]:
        """Yield a finding per run of surprising words."""
        for segment, reading in zip(segments, readings, strict=True):
            spots = words(segment.text)
            for i, word in enumerate(spots):
                surprisal = reading.surprisal(word.span)
                if word.is_word and word.text[0].islower() and surprisal >= self.min_surprisal:
                    first, last = spots[max(0, i - 1)].span, spots[min(len(spots) - 1, i + 1)].span
                    place = Span(segment.span.start + first.start, segment.span.start + last.end)
                    yield Finding(
                        segment, place, Kind.GRAMMAR, min(1.0, surprisal / 16), "fluency.surprisal", word.text
                    )
