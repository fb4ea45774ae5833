"""Proposers: each turns findings of a document into proposals, with their evidence."""
