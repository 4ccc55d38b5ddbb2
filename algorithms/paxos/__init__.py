"""Paxos: the single decree (`synod/`) first, then the log made of many of them (Lamport 1998, 2001)."""
