"""Figure 2's "State" box: what one server knows, with the few verbs by which it acts on the world.

The law: everything a rule reads or writes is here, under the paper's name. `current_term`, `voted_for`, `log` and
`snapshot` are on disk too; all else begins anew at each boot. `effects` holds the wishes of the turn under way.
"""

from __future__ import annotations

from typing import Literal

from algorithms import kv
from algorithms.machine import CancelTimer, Effect, Note, Record, Save, Send, SetTimer
from algorithms.raft.leading import Caller, Leading
from algorithms.raft.log import Log
from algorithms.raft.messages import Configuration, HardState, Snapshot
from algorithms.raft.settings import RaftSettings
from algorithms.replicated.messages import ClientResponse
from algorithms.replicated.state_machine import StateMachine

Role = Literal["follower", "pre_candidate", "candidate", "leader"]
Status = Literal["ok", "not_leader", "session_expired", "refused"]

NEVER = -(1 << 62)
"""A local time before all others."""

CANCEL_ELECTION = CancelTimer("election")
LEADERS_TIMERS = ("heartbeat", "check_quorum", "transfer", "catch_up")


class Incoming:
    """A snapshot that is coming in, chunk by chunk."""

    __slots__ = ("chunks", "length", "of")

    def __init__(self, term: int, last_included_index: int) -> None:
        self.of = (term, last_included_index)
        """Whose it is (a term has one leader) and how far it goes."""
        self.chunks: list[str] = []
        self.length = 0


class State:
    """One server."""

    __slots__ = (
        "commit_index",
        "current_term",
        "effects",
        "election_timer",
        "heard_at",
        "heartbeat_timer",
        "incoming",
        "last_applied",
        "leader",
        "leading",
        "log",
        "name",
        "now",
        "role",
        "settings",
        "snapshot",
        "state_machine",
        "voted_for",
        "votes",
    )

    def __init__(
        self, name: str, configuration: Configuration, settings: RaftSettings, state_machine: StateMachine | None = None
    ) -> None:
        assert configuration.voters, "somebody must vote"
        self.name = name
        self.settings = settings
        # Persistent state on all servers.
        self.current_term = 0
        self.voted_for: str | None = None
        self.log = Log(configuration)
        self.snapshot: Snapshot | None = None
        # Volatile state on all servers.
        self.role: Role = "follower"
        self.commit_index = 0
        self.last_applied = 0
        self.state_machine = state_machine or StateMachine(settings.max_sessions)
        self.leader: str | None = None
        self.heard_at = NEVER
        """When a leader was last heard of, unless the election timer has run out since (local time)."""
        self.incoming: Incoming | None = None
        # Volatile state on candidates and on leaders.
        self.votes: dict[str, bool] = {}
        self.leading: Leading | None = None
        # The turn under way. The timers' wishes never change, so they are made once.
        self.now = 0
        self.effects: list[Effect] = []
        self.election_timer = SetTimer(
            "election", settings.election_timeout_shortest, settings.election_timeout_longest
        )
        self.heartbeat_timer = SetTimer("heartbeat", settings.heartbeat_interval, settings.heartbeat_interval)

    @property
    def configuration(self) -> Configuration:
        """The newest in the log, committed or not."""
        return self.log.configuration

    @property
    def snapshot_index(self) -> int:
        """The last entry that is in the snapshot; 0 if there is none."""
        return self.snapshot.last_included_index if self.snapshot else 0

    @property
    def store(self) -> kv.Store:
        """What the committed commands have made of the store."""
        return self.state_machine.store

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

    def save_hard_state(self) -> None:
        """Put term and vote on disk, in one piece; what is sent behind it waits for it. Twice in a turn is once."""
        save = Save("hard_state", HardState(self.current_term, self.voted_for))
        for place, effect in enumerate(self.effects):
            if isinstance(effect, Save) and effect.cell == save.cell:
                self.effects[place] = save
                return
        self.effects.append(save)

    def reply(
        self, caller: Caller, status: Status, value: kv.Value = None, hint: str | None = None, reason: str = ""
    ) -> None:
        """Answer a client. What is committed is true whatever our own disk does, and so is a no."""
        response = ClientResponse(caller.sequence, status, value, hint, reason, caller.client_id)
        self.effects.append(Send(caller.source, response, True))

    def turn_away(self, caller: Caller) -> None:
        """We do not lead, and what was asked for was surely not done."""
        self.reply(caller, "not_leader", hint=self.leader if self.leader != self.name else None)
