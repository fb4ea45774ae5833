"""The command line with a toy language model: what is left to test is everything around the model."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from repair.channel.lexicon import Lexicon, load_lexicon
from repair.channel.script import load_script
from repair.config import Config
from repair.glossary.match import Matcher
from repair.glossary.model import Entry
from repair.resources import pivot_folder
from tests.conftest import ToyFluency

WORDS = """the summit in geneva failed went on president trump sent his envoy steve witkoff to moscow meanwhile nothing is
wrong here end one two fine presidents met at a"""
KNOWN = frozenset(WORDS.split())


@cache
def _lexicon(folders: tuple[Path, ...]) -> Lexicon:
    """Loaded once for all tests, as it takes seconds to work out every inflected form."""
    return load_lexicon(folders)


@cache
def _matcher(entries: tuple[Entry, ...], counted: tuple[Entry, ...]) -> Matcher:
    return Matcher(entries, load_script(pivot_folder("ara") / "script.tab"), counted)


class Reader(ToyFluency):
    """Finds every word odd but those of the tests' texts as they should be."""

    def surprisal(self, word: str) -> float:
        """What the word costs, in nats."""
        bare = word.strip("“”\"'’.,;:!?()").lower()
        return 14.0 if bare == "top" else 0.5 if bare in KNOWN or not bare.isalpha() else 12.0


@pytest.fixture
def toy_model(monkeypatch: pytest.MonkeyPatch) -> ToyFluency:
    """Every command that would load the language model gets the toy."""
    fluency = Reader({})

    def load(config: Config) -> ToyFluency:
        return fluency

    monkeypatch.setattr("repair.build.load_fluency", load)
    monkeypatch.setattr("repair.build.load_lexicon", lambda folders: _lexicon(tuple(folders)))
    monkeypatch.setattr(
        "repair.build.Matcher", lambda entries, script, counted: _matcher(tuple(entries), tuple(counted))
    )
    return fluency


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    """Gives the command something to read on standard input."""

    def give(data: bytes) -> None:
        stream = io.TextIOWrapper(io.BufferedReader(io.BytesIO(data)), encoding="utf-8")  # type: ignore[arg-type]
        monkeypatch.setattr(sys, "stdin", stream)

    return give


@pytest.fixture
def detector_weights(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A token detector that looks at surprisal alone."""
    file = tmp_path / "detector.json"
    file.write_text(
        json.dumps({"weights": {"intercept": -4.0, "surprisal": 4.0}, "slope": 1.0, "offset": 0.0}), "utf-8"
    )
    monkeypatch.setattr("repair.stages.detect.tokens.DETECTOR", file)
