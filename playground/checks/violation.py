"""What an invariant says when it is broken, and the invariants' names."""

from __future__ import annotations

from enum import Enum

from algorithms.machine import Record


class Rule(Enum):
    """A property that Raft has at all times, and where it is promised."""

    ELECTION_SAFETY = "Election Safety"
    LEADER_APPEND_ONLY = "Leader Append-Only"
    LOG_MATCHING = "Log Matching"
    LEADER_COMPLETENESS = "Leader Completeness"
    STATE_MACHINE_SAFETY = "State Machine Safety"
    COMMIT_INDEX_MONOTONE = "Commit Index Monotone"
    COMMITTED_IS_DURABLE = "Committed Is Durable"


SOURCES = {
    Rule.ELECTION_SAFETY: "Raft 5.2, Figure 3: at most one leader can be elected in a given term",
    Rule.LEADER_APPEND_ONLY: "Raft 5.3, Figure 3: a leader never overwrites or deletes entries in its log",
    Rule.LOG_MATCHING: "Raft 5.3, Figure 3: two logs that have an entry of one index and term agree up to it",
    Rule.LEADER_COMPLETENESS: "Raft 5.4, Figure 3: a committed entry is in the logs of all leaders of later terms",
    Rule.STATE_MACHINE_SAFETY: "Raft 5.4.3, Figure 3: no two servers apply different entries at one index",
    Rule.COMMIT_INDEX_MONOTONE: "Raft Figure 2: commitIndex increases monotonically",
    Rule.COMMITTED_IS_DURABLE: "Raft 5.3, Figure 2; dissertation 10.2.1: committed means durable on a majority",
}
"""Each rule in the paper's words, more or less, with its section."""


class Violation(Record, frozen=True):
    """`rule` was broken by the `turn`th turn of the world, at true time `at`; `nodes` are those that disagree."""

    at: int
    turn: int
    rule: Rule
    nodes: tuple[str, ...]
    sentence: str

    def __str__(self) -> str:
        where = f"{self.at / 1e6:.6f}s, turn {self.turn}, {', '.join(self.nodes)}"
        return f"{self.rule.value} ({where}): {self.sentence} [{SOURCES[self.rule]}]"
