"""A lexicon of a few sets, passages made by hand, and stages with a toy model."""

from __future__ import annotations

import pytest

from repair.build import build_stages
from repair.channel.lexicon import Lexicon, parse_set
from repair.config import Config
from repair.edits import apply_edits
from repair.pipeline import Stages
from repair.references import Annotation, Passage
from repair.types import Edit, Kind, Span
from tests.conftest import ToyFluency

ROWS = (
    "s-1\tقمة\tnoun\ttop ; peak | summit\t>\toften\tdiplomacy\t",
    "s-2\tموعد نهائي\tnoun\tfinal date | deadline\t>\toften\tpolitics\t",
    "s-3\tتعريفات\tnoun\tdefinitions= | tariffs= ; duties=\t>\toften\teconomy\t",
    "s-4\tحدث\tnoun\taccident | event\t\trarely\tgeneral\t",
    "s-5\tموعد\tnoun\tdate | deadline\t>\tsometimes\tpolitics\t",
)
LEXICON = Lexicon(tuple(parse_set(row.split("\t")) for row in ROWS))
PENALTIES = {"top": 14.0, "definitions": 12.0, "duties": 3.0, "date": 9.0}
PHRASE, GRAMMAR = Kind.PHRASE, Kind.GRAMMAR


def passage(text: str, *repairs: tuple[str, str | tuple[str, ...], Kind]) -> Passage:
    annotations, position = [], 0
    for before, good, kind in repairs:
        start = text.index(before, position)
        position = start + len(before)
        answers = (good,) if isinstance(good, str) else good
        annotations.append(Annotation(Span(start, position), before, answers, kind, ""))
    clean = apply_edits(text, [Edit(a.span, a.before, a.good[0]) for a in annotations])
    return Passage("p", "politics", text, clean, tuple(annotations), ((Span(0, len(text)), clean),))


def edit(text: str, before: str, after: str) -> Edit:
    start = text.index(before)
    return Edit(Span(start, start + len(before)), before, after)


@pytest.fixture
def stages(monkeypatch: pytest.MonkeyPatch) -> Stages:
    monkeypatch.setattr("repair.build.load_lexicon", lambda folders: LEXICON)
    monkeypatch.setattr("repair.build.load_fluency", lambda config: ToyFluency(PENALTIES))
    monkeypatch.setattr("repair.build.Matcher", lambda *args: None)
    return build_stages(Config(proposers=("lexicon",)))
