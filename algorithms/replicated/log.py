"""What a consensus does for a replicated state machine: the small interface that Raft and Multi-Paxos both meet.

The law: every server applies the same records in the same order, each at an index of its own (1-based), and a record
that was applied anywhere is applied at that index everywhere, for ever. How that is agreed upon is nobody else's
business: a store, a client, a controller, a check for linearizability meet either through this.
"""

from __future__ import annotations

from typing import Protocol

from algorithms import kv
from algorithms.machine import Machine
from algorithms.replicated.state_machine import StateMachine


class ReplicatedState(Protocol):
    """What onlookers may read of a server at any time, cheaply."""

    name: str
    last_applied: int
    """The index of the last record applied; 0 at first."""
    commit_index: int
    """Everything up to here is decided and known to be."""
    leader: str | None
    """Whom this server believes to lead."""
    state_machine: StateMachine

    @property
    def store(self) -> kv.Store:
        """What the applied commands have made of the store."""


class ReplicatedLog(Machine, Protocol):
    """A server. It takes `ClientRequest`, `ChangeConfiguration` and `TransferLeadership` as messages and answers each
    with a `ClientResponse`; and it is asked for `Carried` records by a machine that carries it, with `Ok(index)` if it
    leads and `Failed` if it does not."""

    @property
    def state(self) -> ReplicatedState:
        """See `ReplicatedState`."""
