"""What one server knows, with the few verbs by which it acts on the world.

The law: everything a rule reads or writes is here. The acceptor's promise and proposals and the snapshot are on disk
too; all else begins anew at each boot. `effects` holds the wishes of the turn under way.
"""

from __future__ import annotations

from typing import Literal

from algorithms import kv
from algorithms.machine import Append, CancelTimer, Effect, Note, Record, Save, Send, SetTimer
from algorithms.paxos.acceptor import Acceptor
from algorithms.paxos.ballot import NO_BALLOT, Ballot
from algorithms.paxos.configurations import Configurations
from algorithms.paxos.leading import Caller, Leading, Preparation
from algorithms.paxos.messages import AcceptorState, Configuration, Proposal, Snapshot, Value
from algorithms.paxos.quorums import quorums_of
from algorithms.paxos.settings import PaxosSettings
from algorithms.paxos.view import Quorums
from algorithms.replicated.messages import ClientResponse
from algorithms.replicated.state_machine import StateMachine

Role = Literal["follower", "probing", "preparing", "leader"]
Status = Literal["ok", "not_leader", "session_expired", "refused"]

NEVER = -(1 << 62)
"""A local time before all others."""

CANCEL_ELECTION = CancelTimer("election")
PROPOSERS_TIMERS = ("prepare", "heartbeat", "check_quorum", "transfer", "catch_up")


class Incoming:
    """A snapshot that is coming in, part by part."""

    __slots__ = ("chunks", "last_included_slot", "length", "source")

    def __init__(self, source: str, last_included_slot: int) -> None:
        self.source = source
        self.last_included_slot = last_included_slot
        self.chunks: list[str] = []
        self.length = 0


class State:
    """One server: an acceptor, a proposer and a learner."""

    __slots__ = (
        "acceptor", "attempt", "ballot", "commit_index", "configurations", "effects", "election_timer", "granted",
        "heard_at", "heartbeat_timer", "highest_round", "incoming", "last_applied", "leader", "leading", "name",
        "now", "preparation", "promised_at", "relieved", "role", "served", "settings", "snapshot", "state_machine",
        "told_commit",
    )  # fmt: skip

    def __init__(
        self, name: str, configuration: Configuration, settings: PaxosSettings, state_machine: StateMachine | None
    ) -> None:
        self.name = name
        self.settings = settings
        self.acceptor = Acceptor()
        self.snapshot: Snapshot | None = None
        self.served: tuple[int, str] | None = None
        """The snapshot that a learner has last asked for: its last slot, and its bytes."""
        self.configurations = Configurations(configuration)
        self.commit_index = self.last_applied = 0
        self.state_machine = state_machine or StateMachine(settings.max_sessions)
        self.told_commit = 0
        """The commit index in the leader's last heartbeat: whoever is behind it has missed something."""
        self.incoming: Incoming | None = None
        # The proposer.
        self.role: Role = "follower"
        self.leader: str | None = None
        self.heard_at = NEVER
        """When a leader was last heard of, unless the election timer has run out since (local time)."""
        self.promised_at = NEVER
        """When a proposer's Prepare was last promised: it may be about to lead (local time)."""
        self.ballot = NO_BALLOT
        """The newest of our own."""
        self.highest_round = 0
        """Of all ballots ever heard of."""
        self.attempt = 0
        self.granted: dict[str, None] = {}
        """Who misses a leader as well, while we ask; as an outsider, who has said that it knows no more than we."""
        self.relieved = False
        """As an outsider: a quorum of those who count has said so since we last heard of a leader."""
        self.preparation: Preparation | None = None
        self.leading: Leading | None = None
        # The turn under way. The timers' wishes never change, so they are made once.
        self.now = 0
        self.effects: list[Effect] = []
        self.election_timer = SetTimer(
            "election", settings.election_timeout_shortest, settings.election_timeout_longest
        )
        self.heartbeat_timer = SetTimer("heartbeat", settings.heartbeat_interval, settings.heartbeat_interval)

    # ------------------------------------------------------------ looking at it

    @property
    def promised(self) -> Ballot:
        """Nothing below it is accepted any more."""
        return self.acceptor.promised

    @property
    def accepted(self) -> dict[int, Proposal]:
        """What is accepted, by slot; slots that are compacted away are not there."""
        return self.acceptor.accepted

    @property
    def snapshot_index(self) -> int:
        """The last slot that is in the snapshot; 0 if there is none."""
        return self.snapshot.last_included_slot if self.snapshot else 0

    @property
    def store(self) -> kv.Store:
        """What the chosen commands have made of the store."""
        return self.state_machine.store

    def chosen(self, slot: int) -> Value | None:
        """What is chosen in `slot`, if this server knows it and has it still."""
        leading = self.leading
        if slot > self.commit_index and (leading is None or slot not in leading.decided):
            return None
        proposal = self.acceptor.accepted.get(slot)
        return proposal.value if proposal is not None else None

    def configuration_for(self, slot: int) -> Configuration:
        """Who counts for `slot`, as far as this server knows."""
        return self.configurations.at(slot)

    def quorums_for(self, slot: int) -> Quorums:
        """How many of them."""
        return self.quorums_among(self.configurations.at(slot))

    def quorums_among(self, configuration: Configuration) -> Quorums:
        """How many of these acceptors make a quorum."""
        settings = self.settings
        return quorums_of(len(configuration.acceptors), settings.phase_1_quorum, settings.phase_2_quorum)

    def may_count(self) -> bool:
        """Whether we accept in a configuration that counts, or will."""
        name = self.name
        return any(name in each.acceptors for each in self.configurations.since(self.commit_index + 1))

    def heard_lately(self) -> bool:
        """Whether a leader was heard of within the shortest election timeout. (A clock that was set back says no.)"""
        return 0 <= self.now - self.heard_at < self.settings.election_timeout_shortest

    # ------------------------------------------------------------ acting

    def note(self, text: str, source: str) -> None:
        """Explain a decision."""
        self.effects.append(Note(text, source))

    def send(self, target: str, message: Record) -> None:
        """Send as soon as everything saved so far is durable."""
        self.effects.append(Send(target, message))

    def send_at_once(self, target: str, message: Record) -> None:
        """Send without waiting for our disk: only what stays true if that loses its last writes."""
        self.effects.append(Send(target, message, True))

    def save_acceptor(self) -> None:
        """Put the promise on disk, and how far the log behind it is chosen; what is sent behind it waits for it."""
        self.effects.append(Save("acceptor", AcceptorState(self.acceptor.promised, self.commit_index)))

    def write(self, proposals: tuple[Proposal, ...]) -> None:
        """Accept these, on disk too; what is sent behind them waits for it."""
        if proposals:
            self.effects.append(Append("log", self.acceptor.take(proposals), proposals))

    def reply(
        self, caller: Caller, status: Status, value: kv.Value = None, hint: str | None = None, reason: str = ""
    ) -> None:
        """Answer a client. What is chosen is true whatever our own disk does, and so is a no."""
        response = ClientResponse(caller.sequence, status, value, hint, reason, caller.client_id)
        self.effects.append(Send(caller.source, response, True))

    def turn_away(self, caller: Caller) -> None:
        """We do not lead, and what was asked for was surely not done."""
        self.reply(caller, "not_leader", hint=self.leader if self.leader != self.name else None)
