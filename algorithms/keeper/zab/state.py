"""What one server knows, with the few verbs by which it acts on the world.

The law: `accepted_epoch`, `current_epoch`, the log and the snapshot are on disk too; all else begins anew at each boot.
`effects` holds the wishes of the carrier's turn.
"""

from __future__ import annotations

from typing import Literal

from algorithms.channels.channels import Channels
from algorithms.channels.segment import ChannelSettings, Segment
from algorithms.keeper.settings import KeeperSettings
from algorithms.keeper.zab.application import Application
from algorithms.keeper.zab.electing import Electing
from algorithms.keeper.zab.log import Log
from algorithms.keeper.zab.messages import Durable, Epochs, FollowerInfo, PeerSegment, Role, Snapshot, Transaction, Vote
from algorithms.keeper.zab.reigns import Following, Leading, Proposal
from algorithms.keeper.zxid import ZERO, Zxid
from algorithms.machine import Append, CancelTimer, Effect, Note, Record, Save, Send, SetTimer

Phase = Literal["election", "discovery", "synchronisation", "broadcast"]

LABEL = "zab channel"
EPOCHS, SNAPSHOT, LOG, LIFE = "zab epochs", "zab snapshot", "zab log", "zab life"


class PeerChannels(Channels):
    """Channels between a leader and its learners."""

    def wrap(self, segment: Segment) -> Record:
        """As one of Zab's messages."""
        return PeerSegment(segment)


class State:
    """One server. Readable by onlookers at any time; nobody else writes to it."""

    def __init__(
        self, name: str, ensemble: tuple[str, ...], settings: KeeperSettings, application: Application
    ) -> None:
        self.name = name
        self.settings = settings
        self.application = application
        self.observers = settings.observers
        self.voters = tuple(each for each in ensemble if each not in settings.observers)
        assert self.voters, "somebody must vote"
        # On disk.
        self.accepted_epoch = 0
        self.current_epoch = 0
        self.log = Log()
        self.snapshot: Snapshot | None = None
        self.log_first = 1
        """The first number in the journal of the history that we have now."""
        # Only in memory.
        self.phase: Phase = "election"
        self.role: Role = "looking"
        self.leader: str | None = None
        self.last_committed = ZERO
        """The last that was delivered to the application."""
        self.electing = Electing()
        self.leading: Leading | None = None
        self.following: Following | None = None
        self.reigns = 0
        self.needs_whole = False
        """Our history cannot be brought in line with the leader's; only a snapshot helps."""
        self.knocking: dict[str, tuple[int, FollowerInfo]] = {}
        """Who has come to follow us while we were still looking, with its connection."""
        tick = settings.tick_time
        patience = ChannelSettings(longest_retry=tick, give_up=settings.init_limit * tick)
        self.channels = PeerChannels(name, patience, LABEL)
        # The turn under way.
        self.now = 0
        self.effects: list[Effect] = []

    # ------------------------------------------------------------ looking at it

    @property
    def vote(self) -> Vote | None:
        """Whom it votes for, or has elected; an observer has no vote."""
        return self.electing.vote

    @property
    def votes(self) -> bool:
        """Whether it is a voter, and no observer."""
        return self.name in self.voters

    @property
    def last_logged(self) -> Zxid:
        """The end of the log, synced or not."""
        return self.log.last_zxid

    @property
    def first_logged(self) -> Zxid:
        """The oldest transaction still in the log; `ZERO` if it holds none."""
        return self.log.first_zxid

    @property
    def snapshot_zxid(self) -> Zxid:
        """The last transaction that is in the snapshot; `ZERO` if there is none."""
        return self.snapshot.zxid if self.snapshot else ZERO

    @property
    def in_sync(self) -> tuple[str, ...]:
        """On the leader: the voters and observers that are synchronised, itself included."""
        leading = self.leading
        if leading is None or leading.acked is None:
            return ()
        synced = {name for name, each in leading.learners.items() if each.acked is not None} | {self.name}
        return tuple(name for name in (*self.voters, *self.observers) if name in synced)

    @property
    def proposals(self) -> dict[Zxid, Proposal]:
        """On the leader: what is in the log and not committed, in order."""
        leading = self.leading
        if leading is None or leading.acked is None:
            return {}
        acked = leading.voters_acked(self.name, self.voters)
        return {
            each.zxid: Proposal(each.txn, tuple(name for name, zxid in acked.items() if zxid >= each.zxid))
            for each in self.log.between(self.last_committed, self.last_logged)
        }

    # ------------------------------------------------------------ acting

    def note(self, text: str, source: str) -> None:
        """Explain a decision."""
        self.effects.append(Note(text, source))

    def send(self, target: str, message: Record) -> None:
        """A plain message that no write has to come before."""
        self.effects.append(Send(target, message, True))

    def set_timer(self, name: str, duration: int) -> None:
        """One of Zab's timers, in us."""
        self.effects.append(SetTimer(f"zab {name}", duration, duration))

    def cancel_timers(self, *names: str) -> None:
        """Forget them."""
        self.effects.extend([CancelTimer(f"zab {name}") for name in names])

    def save_epochs(self) -> None:
        """Both in one piece; what is sent behind it waits for it."""
        self.effects.append(Save(EPOCHS, Epochs(self.accepted_epoch, self.current_epoch)))

    def append(self, transactions: tuple[Transaction, ...]) -> None:
        """To the log, in memory and on disk."""
        index = self.log.next_index
        self.log.append(transactions)
        self.effects.append(Append(LOG, index, transactions))

    def tell_self(self, message: Durable) -> None:
        """Behind everything saved so far."""
        self.effects.append(Send(self.name, message))

    def tell_leader(self, following: Following, message: Record, at_once: bool = False) -> None:
        """On the channel to the leader."""
        self.channels.send(following.leader, following.connection, message, at_once)
