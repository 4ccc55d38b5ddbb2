"""Zab: the atomic broadcast under the keeper (Junqueira, Reed, Serafini 2011; Medeiros 2012)."""
