"""Configuration: TOML to frozen values. Unknown keys are errors that name file and key."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from repair.errors import ConfigError

Proposer = Literal["residue", "patterns", "glossary", "lexicon", "grammar", "seq2seq"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FluencyConfig(_Part):
    """The causal language model that judges. `model`: `smollm2` (bundled), a folder or a hub id."""

    model: str = "smollm2"
    device: Literal["auto", "cpu", "cuda"] = "auto"
    horizon: int = Field(12, ge=1)
    context_tokens: int = Field(48, ge=0)


class LexiconConfig(_Part):
    """Sense sets. `folders` are added to those of the pivot, as are the `generic` ones, which hold for any pivot.

    `min_surprisal` (nats) prunes places that read well.
    """

    generic: bool = True
    folders: tuple[Path, ...] = ()
    min_surprisal: float = 6.0


class SearchConfig(_Part):
    """How hard to look. `min_surprisal` (nats): where other forms of a word are tried.

    Of a sentence's candidates the language model glances at `max_candidates` and looks closely at the `shortlist` best.
    """

    min_surprisal: float = 6.0
    max_candidates: int = Field(40, ge=1)
    shortlist: int = Field(10, ge=1)


class GlossaryConfig(_Part):
    """Names. `files` are added to the default glossary unless `default` is false."""

    default: bool = True
    files: tuple[Path, ...] = ()


class Seq2SeqConfig(_Part):
    """The rewriter: `first` (bundled) or a folder that AutoModelForSeq2SeqLM loads."""

    model: str = "first"
    beams: int = Field(4, ge=1)
    n_best: int = Field(4, ge=1)
    device: Literal["auto", "cpu", "cuda"] = "auto"


class GateConfig(_Part):
    """Probabilities from which an edit is applied, or shown for review, by kind of damage."""

    apply_phrase: float = Field(0.7, ge=0, le=1)
    apply_name: float = Field(0.7, ge=0, le=1)
    apply_grammar: float = Field(0.6, ge=0, le=1)
    apply_residue: float = Field(0.9, ge=0, le=1)
    review: float = Field(0.3, ge=0, le=1)


class Config(_Part):
    """All that a run depends on, apart from the data. With the pivot `auto` each document is judged by its own."""

    pivot: str = "ara"
    batch_size: int = Field(8, ge=1)
    threads: int = Field(0, ge=0)
    proposers: tuple[Proposer, ...] = ("residue", "patterns", "glossary", "lexicon")
    fluency: FluencyConfig = FluencyConfig()
    lexicon: LexiconConfig = LexiconConfig()
    search: SearchConfig = SearchConfig()
    glossary: GlossaryConfig = GlossaryConfig()
    seq2seq: Seq2SeqConfig = Seq2SeqConfig()
    gate: GateConfig = GateConfig()

    @property
    def hash(self) -> str:
        """Short hash of all that can change the output: batch size, threads and devices cannot."""
        kept = self.model_dump_json(
            exclude={"batch_size": True, "threads": True, "fluency": {"device"}, "seq2seq": {"device"}}
        )
        return hashlib.sha256(kept.encode()).hexdigest()[:12]


def load_config(path: Path | None) -> Config:
    """Read a configuration file; None gives the defaults. Raises ConfigError naming file, key and fault.

    >>> load_config(None).pivot
    'ara'
    """
    if path is None:
        return Config()
    try:
        return Config.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (FileNotFoundError, IsADirectoryError):
        raise ConfigError(f"{path}: no such configuration file") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not TOML: {error}") from None
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise ConfigError(f"{path}: {faults}") from None
