"""What the tests share: a language model made of a word list, and a small glossary."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from repair.channel.script import DEFAULT, load_script
from repair.glossary.known import KnownNames
from repair.glossary.match import Matcher
from repair.glossary.model import Entry, EntryKind
from repair.types import Reading, Span

_TOKEN = re.compile(r"\S+")
_EDGES = "“”\"'’.,;:!?()"


@dataclass(frozen=True)
class ToyFluency:
    """Every word costs half a nat, a listed word what the list says.

    `asked` records the (context, sentence) pairs in order, so that a test can say what the model was shown.
    """

    penalties: Mapping[str, float]
    asked: list[tuple[str, str]] = field(default_factory=list, compare=False)

    def open(self, context: str, sentence: str) -> ToySentence:
        self.asked.append((context, sentence))
        return ToySentence(self, sentence)

    def surprisal(self, word: str) -> float:
        return self.penalties.get(word.strip(_EDGES).lower(), 0.5)


@dataclass(frozen=True)
class ToySentence:
    fluency: ToyFluency
    sentence: str

    @property
    def reading(self) -> Reading:
        found = list(_TOKEN.finditer(self.sentence))
        spans = tuple(Span(m.start(), m.end()) for m in found)
        return Reading(spans, tuple(-self.fluency.surprisal(m[0]) for m in found), tuple(1.0 for _ in found))

    def gains(self, candidates: Sequence[str], horizon: int | None = None) -> list[float]:
        return [self._total(candidate) - self._total(self.sentence) for candidate in candidates]

    def _total(self, sentence: str) -> float:
        return -sum(self.fluency.surprisal(word) for word in sentence.split())


ENTRIES = (
    Entry("p-witkoff", "Steve Witkoff", EntryKind.PERSON, "Witkoff", roles=("envoy",)),
    Entry(
        "p-peskov", "Dmitry Peskov", EntryKind.PERSON, "Peskov", corruptions=("Dimitri Biscuit",), roles=("spokesman",)
    ),
    Entry("p-kellogg", "Keith Kellogg", EntryKind.PERSON, "Kellogg", note="American general"),
    Entry("p-scholz", "Olaf Scholz", EntryKind.PERSON, "Scholz", roles=("chancellor",)),
    Entry("m-izvestia", "Izvestia", EntryKind.MEDIA, roles=("newspaper",)),
    Entry("g-kurakhove", "Kurakhove", EntryKind.PLACE),
    Entry("g-kyiv", "Kyiv", EntryKind.PLACE, house=("Kiev",)),
    Entry("o-efe", "EPA-EFE", EntryKind.ORGANISATION, aliases=("European Pressphoto Agency",)),
)
KNOWN = KnownNames(
    {
        "Whitaker": 40, "Petkov": 12, "Schultz": 90, "Oscar": 700, "Kellogg": 60, "Keith": 800, "Steve": 3000,
        "Olaf": 50, "Witkoff": 80, "Izvestia": 20, "Southwark": 30, "Abecassis": 0,
    }
)  # fmt: skip


@pytest.fixture
def toy() -> type[ToyFluency]:
    return ToyFluency


@pytest.fixture(scope="session")
def matcher() -> Matcher:
    return Matcher(ENTRIES, load_script(DEFAULT))


@pytest.fixture(scope="session")
def known() -> KnownNames:
    return KNOWN
