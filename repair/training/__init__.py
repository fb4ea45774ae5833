"""Recipes that make every shipped weight again; needs the extra `train`."""
