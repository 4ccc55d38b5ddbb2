"""Judges: what must hold in every run, and whether a history of clients is linearizable."""
