"""The stages of the pipeline: plain functions, or frozen dataclasses with `__call__`."""
