"""The nouns of the pipeline: frozen values, no behaviour beyond their own invariants.

Every span counts Unicode code points, half-open, into `Document.text`, which is fixed at ingest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class Kind(StrEnum):
    """What sort of damage a finding or an edit is about."""

    PHRASE = "phrase"
    NAME = "name"
    GRAMMAR = "grammar"
    RESIDUE = "residue"


class Origin(StrEnum):
    """Who proposed an edit."""

    GLOSSARY = "glossary"
    LEXICON = "lexicon"
    GRAMMAR = "grammar"
    SEQ2SEQ = "seq2seq"
    NAMES = "names"
    VARIANTS = "variants"
    RESIDUE = "residue"


class Verdict(StrEnum):
    """What becomes of a proposal: written into the text, shown to a person, or kept in the ledger only."""

    APPLY = "APPLY"
    REVIEW = "REVIEW"
    DROP = "DROP"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Code points `start` (included) to `end` (excluded); `start == end` is an insertion point.

    >>> Span(3, 7).overlaps(Span(6, 9)), Span(3, 7).overlaps(Span(7, 9))
    (True, False)
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"bad span {self.start}:{self.end}")

    def __len__(self) -> int:
        return self.end - self.start

    def overlaps(self, other: Span) -> bool:
        """Whether both cover a common code point, or are the same insertion point."""
        return self == other or (self.start < other.end and other.start < self.end)

    def covers(self, other: Span) -> bool:
        """Whether `other` lies within this span."""
        return self.start <= other.start and other.end <= self.end

    def of(self, text: str) -> str:
        """The slice of `text` that this span names."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Document:
    """A text as ingested; `source` says where it came from (path, line)."""

    id: str
    text: str
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """A sentence, heading or line of a document; `text` equals `span.of(document.text)`."""

    doc_id: str
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A span believed wrong. `score` is in [0, 1]; `rule` is a dotted name such as `residue.credit`."""

    segment: Segment
    span: Span
    kind: Kind
    score: float
    rule: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """A replacement. `before` repeats what stands at `span`, so that a stale edit is noticed."""

    span: Span
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a proposal might be right. Absent signals are None.

    entry: glossary entry id. sense_set: lexicon set id; sense: what was meant, the same for synonyms; rivals: how many
    other senses the lexicon offers for the place.
    gain: language model log-likelihood of the sentence after minus before, in nats. prior: log-probability that the
    channel turned `after` into `before`, in nats. cost: channel cost of a name match (0 = same spelling). margin:
    distance to the next best candidate, in the unit of the origin (nats or cost). surprisal: of the span as it stands,
    nats per token. articles: how many clean articles use the proposed name. mangled: share of the document's other
    names that look mangled. damage: share of the document's sentences that look garbled. agreed: probability of the
    same replacement at another place of the document. support: other signs, in words.
    """

    entry: str | None = None
    sense_set: str | None = None
    sense: str | None = None
    rivals: int | None = None
    gain: float | None = None
    prior: float | None = None
    cost: float | None = None
    margin: float | None = None
    surprisal: float | None = None
    articles: int | None = None
    mangled: float | None = None
    damage: float | None = None
    agreed: float | None = None
    support: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """A replacement for a finding, with who proposed it and on what evidence."""

    finding: Finding
    edit: Edit
    origin: Origin
    evidence: Evidence = field(default_factory=Evidence)

    @property
    def kind(self) -> Kind:
        """The kind of the damage that this would mend."""
        return self.finding.kind


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict on a proposal, the calibrated probability that the edit is right, and the reason in words."""

    proposal: Proposal
    verdict: Verdict
    probability: float
    reason: str


@dataclass(frozen=True, slots=True)
class PivotChoice:
    """The pivot that a document was repaired for, where that was to be found out.

    probability: of this pivot among those asked. score: its log-odds against clean English, in nats. sure: whether
    these decided; otherwise it is the default pivot.
    """

    pivot: str
    probability: float
    score: float
    sure: bool


@dataclass(frozen=True, slots=True)
class Repair:
    """The outcome for one document: the repaired text, everything found and everything considered.

    `pivot` is None where the configuration names the pivot.
    """

    document: Document
    text: str
    findings: tuple[Finding, ...]
    decisions: tuple[Decision, ...]
    signature: Mapping[str, str]
    pivot: PivotChoice | None = None

    @property
    def applied(self) -> tuple[Decision, ...]:
        """The decisions that changed the text, in document order."""
        return tuple(d for d in self.decisions if d.verdict is Verdict.APPLY)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a language model thinks of a sentence as it stands.

    spans: of the tokens, in code points of the sentence, leading blank excluded. logprobs: of the tokens, in nats.
    entropies: of the model's distribution before each token, in nats.
    """

    spans: tuple[Span, ...]
    logprobs: tuple[float, ...]
    entropies: tuple[float, ...]

    def surprisal(self, span: Span) -> float:
        """The highest surprisal (nats) among the tokens that touch `span`; 0 where none does."""
        touching = (-p for s, p in zip(self.spans, self.logprobs, strict=True) if s.overlaps(span))
        return max(touching, default=0.0)


class OpenSentence(Protocol):
    """A sentence that a language model has read, ready to score candidates that replace it."""

    reading: Reading

    def gains(self, candidates: Sequence[str], horizon: int | None = None) -> list[float]:
        """Log-likelihood of each candidate minus that of the sentence, in nats.

        `horizon`: how many tokens behind the change are looked at; None for as many as the model was set to.
        """
        ...


class Fluency(Protocol):
    """A language model that judges sentences. Deterministic, whatever else it is asked."""

    def open(self, context: str, sentence: str) -> OpenSentence:
        """Read a sentence after its context (the previous sentence, or nothing)."""
        ...


class Rewriter(Protocol):
    """Rewrites sentences: for each input the n best rewrites, best first. Deterministic, same length out as in."""

    def __call__(self, sentences: Sequence[str]) -> list[list[str]]:
        """Return the rewrites of every sentence."""
        ...
