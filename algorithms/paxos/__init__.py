"""Paxos: the single decree (`synod/`) first, then the log made of many of them (Lamport 1998, 2001)."""

from algorithms.paxos.machine import PaxosMachine
from algorithms.paxos.messages import Configuration
from algorithms.paxos.settings import PaxosSettings

__all__ = ["Configuration", "PaxosMachine", "PaxosSettings"]
