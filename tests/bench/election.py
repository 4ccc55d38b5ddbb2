"""One trial of Figure 16: four servers whose leader has just fallen silent.

The law: the machines are the product's; only here a latency may depend on the kind of message, which the world's
links do not know.
"""

from __future__ import annotations

from heapq import heappop

from clusters import SERVERS
from drivers import BareDriver

from algorithms.machine import Cell, Journal, Record, Saved, Started
from algorithms.raft.machine import RaftMachine
from algorithms.raft.messages import (
    AppendEntries,
    AppendEntriesResponse,
    Configuration,
    Entry,
    HardState,
    RequestVoteResponse,
)
from algorithms.raft.settings import RaftSettings
from algorithms.replicated.messages import NoOp

LIMIT = 10_000_000
"""Nobody waits longer than ten seconds (microseconds)."""

LEADER, *FOLLOWERS = SERVERS
REPLIES = (RequestVoteResponse, AppendEntriesResponse)


class Model(Record, frozen=True):
    """How long messages take, in microseconds."""

    name: str
    request: int
    reply: int


class Election(BareDriver):
    """The leader n1 says "I am here" to all at time 0, and then never speaks again.

    The logs of n2..n5 have 1, 2, 3 and 4 entries, so that only n4 and n5 can find three votes of five.
    """

    def __init__(self, seed: int, model: Model, shortest: int, longest: int) -> None:
        super().__init__(seed, self.way, sync=0)
        self.model = model
        self.elected: int | None = None
        self.settings = RaftSettings(
            election_timeout_shortest=shortest,
            election_timeout_longest=longest,
            heartbeat_interval=shortest // 2,
            pre_vote=False,
            check_quorum=False,
            leader_stickiness=False,
        )

    def way(self, message: Record) -> int:
        """How long `message` takes; the first AppendEntries that anybody sends is a new leader's."""
        if isinstance(message, AppendEntries) and self.elected is None:
            self.elected = self.now
        return self.model.reply if isinstance(message, REPLIES) else self.model.request

    def elected_at(self) -> int:
        """When a new leader sends its first message; `LIMIT` if none does until then."""
        for length, name in enumerate(FOLLOWERS, 1):
            self.machines[name] = RaftMachine(name, Configuration(SERVERS), self.settings)
            self.durable_at[name] = 0
            self.turn(name, Started(_saved(length)))
            alive = AppendEntries(1, LEADER, 0, 0, (), 0, 1)
            self.after(self.model.request, self.arrive, name, LEADER, alive)
        while self.elected is None and self.heap[0][0] <= LIMIT:
            self.now, _, action, arguments = heappop(self.heap)
            action(*arguments)
        return LIMIT if self.elected is None else self.elected


def _saved(length: int) -> Saved:
    log = Journal("log", 1, (Entry(1, NoOp()),) * length)
    return Saved((Cell("hard_state", HardState(1, LEADER)),), (log,))
