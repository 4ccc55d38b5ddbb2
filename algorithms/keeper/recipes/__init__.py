"""Recipes: what clients make of znodes and watches, as programs over the session."""
