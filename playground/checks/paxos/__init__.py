"""The judges of Multi-Paxos. The law: it judges what servers do and what disks hold."""

from playground.checks.paxos.judge import PaxosJudge
from playground.checks.paxos.rules import NAMES, PaxosRules

__all__ = ["NAMES", "PaxosJudge", "PaxosRules"]
