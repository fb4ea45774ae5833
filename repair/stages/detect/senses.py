"""Places where a wrong sense of a pivot word may stand: a lexicon form that reads oddly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from repair.channel.lexicon import Lexicon
from repair.types import Document, Finding, Kind, Reading, Segment, Span

_SATURATION = 12.0  # nats of surprisal at which a place counts as surely odd


@dataclass(frozen=True)
class SenseDetector:
    """Finds lexicon forms whose own or following tokens surprise the language model by `min_surprisal` nats.

    Expressions of several words are rarer than their parts: they are looked at from half that surprisal on.
    """

    lexicon: Lexicon
    min_surprisal: float

    def __call__(
        self, _document: Document, segments: Sequence[Segment], readings: Sequence[Reading]
    ) -> Iterator[Finding]:
        """Yield a finding per place."""
        for segment, reading in zip(segments, readings, strict=True):
            for span in sorted({c.span for c in self.lexicon.candidates(segment.text)}):
                surprisal = reading.surprisal(around(span))
                words = span.of(segment.text).count(" ") + 1
                if surprisal >= self.min_surprisal * (1.0 if words == 1 else 0.5):
                    place = Span(segment.span.start + span.start, segment.span.start + span.end)
                    score = min(1.0, surprisal / _SATURATION)
                    yield Finding(segment, place, Kind.PHRASE, score, "lexicon.sense", f"{surprisal:.1f} nats")


def around(span: Span) -> Span:
    """A span and the word or two behind it, where a wrong word makes itself felt."""
    return Span(span.start, span.end + 12)
