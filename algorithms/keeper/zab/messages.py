"""What Zab's servers say to each other, and what they keep on disk.

The law: names are the paper's and ZooKeeper's (Junqueira, Reed, Serafini 2011, section 4; Medeiros 2012). Votes are
plain messages, which may be lost. Everything else goes between a leader and one learner inside a channel, so it is FIFO
and comes once.
"""

from __future__ import annotations

from typing import Literal

from algorithms.channels.segment import Segment
from algorithms.keeper.zxid import ZERO, Zxid
from algorithms.machine import Record

Role = Literal["looking", "following", "leading", "observing"]

# ---------------------------------------------------------------- what is on disk


class Epochs(Record, frozen=True):
    """`accepted` (f.p in the paper): of the last NEWEPOCH that was acknowledged; no leader of an older epoch is ever
    followed again. `current` (f.a): of the last NEWLEADER; the log is that leader's, up to some point."""

    accepted: int = 0
    current: int = 0


class Transaction(Record, frozen=True):
    """One place of the log: what was broadcast, and under which zxid."""

    zxid: Zxid
    txn: Record


class Snapshot(Record, frozen=True):
    """The application after `zxid`, which has the number `index` in the journal.

    Records of the journal before number `log_first` belong to a history that was given up.
    """

    zxid: Zxid
    index: int
    log_first: int
    contents: Record


# ---------------------------------------------------------------- fast leader election


class Vote(Record, frozen=True):
    """`leader` shall lead; its `current_epoch` and its last zxid are why."""

    leader: str
    current_epoch: int
    zxid: Zxid


class Notification(Record, frozen=True):
    """What the sender votes for in `round`, its logical clock. Who does not look any more says whom it has elected.

    An observer asks with no vote. `heard` are those whom the sender has heard lately: only they take its vote.
    """

    round: int
    role: Role
    vote: Vote | None
    heard: tuple[str, ...] = ()


# ---------------------------------------------------------------- phase 1: discovery


class FollowerInfo(Record, frozen=True):
    """CEPOCH (FOLLOWERINFO, or OBSERVERINFO with `observes`): the first word of a learner."""

    accepted_epoch: int
    observes: bool = False


class LeaderInfo(Record, frozen=True):
    """NEWEPOCH (LEADERINFO): newer than all epochs that a quorum had accepted."""

    epoch: int


class AckEpoch(Record, frozen=True):
    """ACKEPOCH: the learner follows nobody older any more, and this is how far its history goes.

    `counts` is not set if it had accepted this epoch before: its promise may have been somebody else's. `whole` asks
    for a snapshot, because it cannot go back to where the leader wanted it.
    """

    current_epoch: int
    zxid: Zxid
    counts: bool = True
    whole: bool = False


# ---------------------------------------------------------------- phase 2: synchronisation


class Diff(Record, frozen=True):
    """DIFF: what follows the learner's last transaction in the leader's history; may come in several pieces."""

    transactions: tuple[Transaction, ...]


class Trunc(Record, frozen=True):
    """TRUNC: what the learner has behind `zxid` has never been committed and must go."""

    zxid: Zxid


class Snap(Record, frozen=True):
    """SNAP: the application after `zxid`, instead of all that the learner has."""

    zxid: Zxid
    contents: Record


class NewLeader(Record, frozen=True):
    """NEWLEADER: all that came before is the history with which `epoch` begins."""

    epoch: int


class AckNewLeader(Record, frozen=True):
    """The learner has that history and that epoch on its disk."""

    epoch: int


class UpToDate(Record, frozen=True):
    """UPTODATE: a quorum has the history; everything up to `zxid` is committed, and clients may be served."""

    zxid: Zxid


# ---------------------------------------------------------------- phase 3: broadcast


class Propose(Record, frozen=True):
    """PROPOSAL: write it to the log."""

    transaction: Transaction


class Ack(Record, frozen=True):
    """ACK: everything up to `zxid` is on disk."""

    zxid: Zxid


class Commit(Record, frozen=True):
    """COMMIT: a quorum has it on disk, and everything before it."""

    zxid: Zxid


class Inform(Record, frozen=True):
    """INFORM, to an observer: a proposal that is committed already."""

    transaction: Transaction


class Ping(Record, frozen=True):
    """The leader lives. `zxid` is the last one that it has committed."""

    zxid: Zxid = ZERO


class Pong(Record, frozen=True):
    """The learner lives. `zxid` is the last one that it has delivered."""

    zxid: Zxid = ZERO


class Forwarded(Record, frozen=True):
    """From the application of one server to that of the other."""

    message: Record


# ---------------------------------------------------------------- around them


class PeerSegment(Record, frozen=True):
    """A channel between a leader and a learner."""

    segment: Segment


class Durable(Record, frozen=True):
    """A leader's word to itself, sent behind a write: its own disk has `what`, in the reign `reign` of this life."""

    reign: int
    what: Literal["accepted epoch", "current epoch", "log"]
    zxid: Zxid


Message = Notification | PeerSegment | Durable
