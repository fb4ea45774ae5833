"""One small tree of errors. The command line catches `RepairError` at the top and turns it into an exit code."""

from __future__ import annotations


class RepairError(Exception):
    """Anything that mt-repair refuses, with a message that names the place and the remedy."""


class ConfigError(RepairError):
    """A configuration file that cannot be used."""


class InputError(RepairError):
    """A document, or a whole input file, that cannot be read."""


class ResourceError(RepairError):
    """A model, lexicon or glossary that is missing or broken."""


class EditError(RepairError):
    """Edits that cannot be applied: overlapping, or made for another text."""
