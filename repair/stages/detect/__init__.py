"""Detectors: each reads a document with its sentences and their scores, and yields findings."""
