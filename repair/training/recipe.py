"""Training recipes: TOML to typed, frozen values; an unknown key is an error."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from repair.errors import ConfigError


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TokenizerPart(_Part):
    """Sentencepiece settings."""

    vocab_size: int = Field(ge=300)
    sentences: int = Field(ge=100)


class ModelPart(_Part):
    """Size of the T5."""

    d_model: int
    d_ff: int
    heads: int
    encoder_layers: int
    decoder_layers: int


class TrainingPart(_Part):
    """Optimisation settings; `minutes` bounds one run, which a later run resumes."""

    steps: int = Field(ge=1)
    batch_tokens: int = Field(ge=64)
    learning_rate: float
    warmup: int
    changed_weight: float = 1.0
    checkpoint_every: int = 500
    minutes: float = 600.0


class Seq2SeqRecipe(_Part):
    """All that determines a seq2seq model, but for the data."""

    seed: int
    pairs: int = Field(ge=100)
    max_tokens: int = 72
    tokenizer: TokenizerPart
    model: ModelPart
    training: TrainingPart

    @property
    def hash(self) -> str:
        """Short hash of the recipe, for resuming and for the model card."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:12]


def load_recipe(path: Path) -> Seq2SeqRecipe:
    """Read a recipe. Raises ConfigError naming file, key and fault."""
    try:
        return Seq2SeqRecipe.model_validate(tomllib.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such recipe") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        raise ConfigError(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
