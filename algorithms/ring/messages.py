"""What ring servers and their clients say to each other.

The law: whoever asks another server for something about keys names the epoch it believes in, and who knows a newer one
answers with `RingIs` and does nothing else. What an answer answers stands in it (`operation`, `exchange`, `sequence`).
"""

from __future__ import annotations

from algorithms.machine import Record
from algorithms.ring.commands import AddNode, Quorum, RemoveNode, SetWeight
from algorithms.ring.table import Ring, Span
from algorithms.ring.versions import Chunk, VectorClock, Version, Versions


def payload_of(*held: Versions) -> int:
    """The bytes of a file's pieces that these stand for and do not contain: on a link they take their time, too."""
    values = (version.value for versions in held for version in versions.siblings)
    return sum(value.size for value in values if isinstance(value, Chunk))


# ---------------------------------------------------------------- client and coordinator (Dynamo 4.3, 4.4)


class ReadRequest(Record, frozen=True):
    """Read `key`."""

    client_id: str
    sequence: int
    key: str
    quorum: Quorum


class WriteRequest(Record, frozen=True):
    """Write `key`, replacing every dot that is in `context`. Each try says the same, so that it is one write."""

    client_id: str
    sequence: int
    key: str
    version: Version
    context: VectorClock
    quorum: Quorum

    @property
    def payload(self) -> int:
        """See `payload_of`."""
        return self.version.value.size if isinstance(self.version.value, Chunk) else 0


class ChangeRequest(Record, frozen=True):
    """Let the members be changed."""

    client_id: str
    sequence: int
    change: AddNode | RemoveNode | SetWeight


class RingResponse(Record, frozen=True):
    """The end of a request, as its coordinator knows it.

    `ok`: done; for a read `versions` is what was found, for a write its `clock` is the context with its dot.
    `refused`: surely not done. `uncertain`: perhaps done at some replicas. `members`: whom to ask from now on.
    """

    client_id: str
    sequence: int
    status: str
    versions: Versions
    reason: str
    members: tuple[str, ...]

    @property
    def payload(self) -> int:
        """See `payload_of`."""
        return payload_of(self.versions)


# ---------------------------------------------------------------- coordinator and replica (Dynamo 4.5, 4.6)


class Store(Record, frozen=True):
    """Join `versions` into `key`. With `hint_for` it is kept for that node and delivered when it is back."""

    epoch: int
    operation: int
    key: str
    versions: Versions
    hint_for: str = ""

    @property
    def payload(self) -> int:
        """See `payload_of`."""
        return payload_of(self.versions)


class Stored(Record, frozen=True):
    """It is on disk."""

    operation: int
    key: str


class Fetch(Record, frozen=True):
    """Tell what you hold of `key`, hints included."""

    epoch: int
    operation: int
    key: str


class Fetched(Record, frozen=True):
    """All that the node holds of the key; nothing at all is `Versions()`."""

    operation: int
    key: str
    versions: Versions

    @property
    def payload(self) -> int:
        """See `payload_of`."""
        return payload_of(self.versions)


# ---------------------------------------------------------------- two nodes compare a range (Dynamo 4.7)
# Each question of an exchange has a step of its own, so that a second copy of an older answer is not taken for its own.


class Compare(Record, frozen=True):
    """Here are nodes of my Merkle tree (those at `paths`, digests beside them); how do yours differ?

    The tree is over the keys in `span`, or, without one, over those that the ring says we both own.
    """

    epoch: int
    exchange: int
    step: int
    span: Span | None
    paths: tuple[int, ...]
    digests: tuple[int, ...]


class Differ(Record, frozen=True):
    """What differs of the tree nodes asked for, as it is on this side: of some their children (`paths`, `digests`), of
    those in `leaves` each key with the digest of its versions. Nothing in it: the trees are equal."""

    exchange: int
    step: int
    opened: tuple[int, ...]
    """Whose children are in `paths`; a child that is not there is empty."""
    paths: tuple[int, ...]
    digests: tuple[int, ...]
    leaves: tuple[int, ...]
    keys: tuple[str, ...]
    key_digests: tuple[int, ...]


class FetchKeys(Record, frozen=True):
    """Send me these keys' versions, and take mine; the answer is `KeysFetched` once mine are on disk."""

    epoch: int
    exchange: int
    step: int
    wanted: tuple[str, ...]
    keys: tuple[str, ...]
    versions: tuple[Versions, ...]

    @property
    def payload(self) -> int:
        """See `payload_of`."""
        return payload_of(*self.versions)


class KeysFetched(Record, frozen=True):
    """The versions that were wanted, as many of them (from the first on) as one message takes."""

    exchange: int
    step: int
    keys: tuple[str, ...]
    versions: tuple[Versions, ...]

    @property
    def payload(self) -> int:
        """See `payload_of`."""
        return payload_of(*self.versions)


# ---------------------------------------------------------------- the ring's epochs (single-decree Paxos an epoch)


class RingIs(Record, frozen=True):
    """This is the newest ring I know."""

    ring: Ring


class WhichRing(Record, frozen=True):
    """You named an epoch I do not know yet; tell me of it. `epoch` is the newest I know."""

    epoch: int


class Ballot(Record, frozen=True):
    """The number of a proposal: rounds first, then names, so that no two attempts share one (2.2)."""

    round: int
    proposer: str


class Prepare(Record, frozen=True):
    """May I propose the ring of this epoch, under this ballot? (Phase 1a)"""

    epoch: int
    ballot: Ballot


class Promise(Record, frozen=True):
    """If granted, nothing below this ballot will be accepted any more; `accepted` is what was accepted before, under
    `accepted_ballot`. If not, `promised` is what stands against it. (Phase 1b)"""

    epoch: int
    ballot: Ballot
    granted: bool
    promised: Ballot
    accepted_ballot: Ballot | None
    accepted: Ring | None


class Accept(Record, frozen=True):
    """Let the ring of `ring.epoch` be this one. (Phase 2a)"""

    ballot: Ballot
    ring: Ring


class Accepted(Record, frozen=True):
    """Whether it was accepted. (Phase 2b)"""

    epoch: int
    ballot: Ballot
    granted: bool
    promised: Ballot


class RangesHeld(Record, frozen=True):
    """The sender holds, on disk, all that it will own in the ring that is coming in this epoch."""

    epoch: int


# ---------------------------------------------------------------- who is alive (SWIM 3, 4)


class Status(Record, frozen=True):
    """News of a node: `alive`, `suspected` or `dead`, in its life of this incarnation (SWIM 4.2)."""

    node: str
    status: str
    incarnation: int


class Ping(Record, frozen=True):
    """Are you alive? The news travels along (SWIM 4.1), and which ring I know (its epoch and proposer)."""

    sequence: int
    epoch: int
    proposer: str
    news: tuple[Status, ...]


class PingRequest(Record, frozen=True):
    """Please ping `target` for me (SWIM 3.1)."""

    sequence: int
    target: str
    news: tuple[Status, ...]


class Ack(Record, frozen=True):
    """`node` is alive."""

    sequence: int
    node: str
    epoch: int
    proposer: str
    news: tuple[Status, ...]
