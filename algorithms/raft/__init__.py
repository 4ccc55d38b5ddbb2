"""Raft, whole: Ongaro and Ousterhout 2014, and Ongaro's dissertation."""

from algorithms.raft.machine import RaftMachine
from algorithms.raft.messages import Configuration
from algorithms.raft.settings import RaftSettings

__all__ = ["Configuration", "RaftMachine", "RaftSettings"]
