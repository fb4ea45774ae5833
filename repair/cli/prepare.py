"""`repair prepare`: make the language model ready once, and check it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from repair.config import load_config

ConfigOption = Annotated[
    Path | None, typer.Option("-c", "--config", help="Configuration file (TOML); defaults otherwise.")
]


def prepare(config: ConfigOption = None) -> None:
    """Prepare the configured language model in the user's cache (done by itself on first use)."""
    from repair.models.prepare import fluency_folder

    settings = load_config(config)
    folder = fluency_folder(settings.fluency.model, say=lambda m: print(m, file=sys.stderr))
    print(folder)
