"""How many make a quorum (Howard, Malkhi, Spiegelman 2016, "Flexible Paxos: Quorum intersection revisited").

The law: every quorum of phase 1 meets every quorum of phase 2, so the two sizes together are more than all acceptors.
That two quorums of one phase meet is not needed.
"""

from __future__ import annotations

from algorithms.paxos.view import Quorums


def quorums_of(acceptors: int, phase_1: int = 0, phase_2: int = 0) -> Quorums:
    """The sizes among so many acceptors; where 0 is set, it is a majority."""
    majority = acceptors // 2 + 1
    return Quorums(phase_1 or majority, phase_2 or majority)


def why_broken(acceptors: int, quorums: Quorums) -> str:
    """Why these sizes are unsafe, or can never be reached; empty if they are sound."""
    for phase, size in ((1, quorums.phase_1), (2, quorums.phase_2)):
        if not 1 <= size <= acceptors:
            return f"a quorum of {size} for phase {phase} cannot be had of {acceptors} acceptors"
    one, two = quorums.phase_1, quorums.phase_2
    if one + two > acceptors:
        return ""
    apart = f"{one} for phase 1 and {two} for phase 2 of {acceptors} acceptors need not meet"
    return f"quorums of {apart}: their sum must be at least {acceptors + 1}"
