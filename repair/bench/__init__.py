"""Benchmarks that print the project's figures; run by `repair bench`."""
