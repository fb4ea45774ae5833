"""What Python users call: load once, repair many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from repair.build import build_stages
from repair.config import Config, load_config
from repair.pipeline import Stages, find, repair_document
from repair.types import Document, Finding, Repair


class Repairer:
    """A loaded pipeline. Make one with `repair.load()`."""

    def __init__(self, stages: Stages) -> None:
        self.stages = stages

    def repair(self, text: str, *, id: str = "text") -> Repair:
        """Repair one text; `Repair.text` is the repaired text, `Repair.decisions` the ledger."""
        return repair_document(Document(id, text), self.stages)

    def run(self, documents: Iterable[Document]) -> Iterator[Repair]:
        """Repair documents one after the other, lazily."""
        for document in documents:
            yield repair_document(document, self.stages)

    def detect(self, text: str, *, id: str = "text") -> tuple[Finding, ...]:
        """Findings only."""
        return find(Document(id, text), self.stages)[1]


def load(config: Config | Path | str | None = None) -> Repairer:
    """Load the pipeline: models, lexicon, glossary.

    `config` is a `Config`, the path of a TOML file, or None for the defaults.
    Raises ConfigError or ResourceError with the remedy.
    """
    if not isinstance(config, Config):
        config = load_config(Path(config) if config is not None else None)
    return Repairer(build_stages(config))
