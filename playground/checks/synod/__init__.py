"""The judges of Paxos for one value. The law: what was chosen is computed from outside, believing no server's word."""

from playground.checks.synod.judge import SynodJudge
from playground.checks.synod.rules import NAMES, SynodRules

__all__ = ["NAMES", "SynodJudge", "SynodRules"]
