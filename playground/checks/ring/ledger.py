"""Every write and read as clients saw them: what was asked, what was acknowledged, and what each write replaced.

The law: clients are believed, servers are not. A client names its write (its dot) and what it replaces (its context)
when it asks first; the write counts as acknowledged when its client has the answer, and a read begins when its client
asks first.
"""

from __future__ import annotations

from algorithms.ring.commands import Quorum
from algorithms.ring.messages import ReadRequest, RingResponse, WriteRequest
from algorithms.ring.settings import RingSettings
from algorithms.ring.versions import Dot
from playground.checks.ring.dots import knows, plus


class Written:
    """One write, however often it was tried. `clock` has its own dot and those that it replaces."""

    __slots__ = (
        "acked_at", "client", "clock", "coordinator", "dot", "dropped", "forgotten", "key", "n", "r", "read",
        "replaced", "stale", "version", "w",
    )  # fmt: skip

    def __init__(self, client: str, request: WriteRequest, quorum: Quorum) -> None:
        self.client, self.key, self.version, self.dot = client, request.key, request.version, request.version.dot
        self.clock = plus(request.context, self.dot)
        self.n, self.r, self.w = quorum.n, quorum.r, quorum.w
        self.coordinator = ""
        """Who acknowledged it."""
        self.acked_at: int | None = None
        """When its client had the answer (us), if it had one."""
        self.replaced = False
        """An acknowledged write has replaced it."""
        self.dropped = ""
        """How it was dropped for a version that did not know of it, in words, if it was."""
        self.forgotten = False
        """It is a delete whose tombstone a home has collected."""
        self.read = False
        """Somebody who began to read behind the acknowledgement saw it, or what replaced it."""
        self.stale = False
        """Somebody who began to read behind the acknowledgement did not."""

    @property
    def meets_reads(self) -> bool:
        """R + W > N for the quorum it was made with (Dynamo 4.5)."""
        return self.r + self.w > self.n

    def as_strong_as(self, other: Written) -> bool:
        """Whoever must see the other must see this one too."""
        return self.w >= other.w and self.n <= other.n


Frontier = tuple[Written, ...]


class Asking:
    """A client's request that has not ended. `frontier` is what a read must see: as of its beginning."""

    __slots__ = ("at", "client", "frontier", "key", "n", "r", "request")

    def __init__(
        self, client: str, at: int, request: ReadRequest | WriteRequest, quorum: Quorum, seen: Frontier
    ) -> None:
        self.client, self.at, self.request, self.key = client, at, request, request.key
        self.n, self.r = quorum.n, quorum.r
        self.frontier = seen


class Ledger:
    """All keys' writes."""

    def __init__(self, settings: RingSettings) -> None:
        self.settings = settings
        self.writes: dict[str, dict[Dot, Written]] = {}
        """By key and dot, as they were made."""
        self.frontier: dict[str, Frontier] = {}
        """By key: the acknowledged writes that no acknowledged write (made with as strong a quorum) has replaced."""
        self._asking: dict[tuple[str, int], Asking] = {}
        self._known: dict[tuple[str, int], None] = {}
        """Every request there ever was, so that a late copy of one that has ended does not begin it again."""

    def quorum(self, wish: Quorum) -> Quorum:
        """The numbers that this request comes to."""
        usual = self.settings
        return Quorum(wish.n or usual.n, wish.r or usual.r, wish.w or usual.w)

    def asked(self, client: str, at: int, request: ReadRequest | WriteRequest) -> bool:
        """A client sends a request; whether for the first time."""
        name = request.client_id, request.sequence
        if name in self._known:
            return False
        quorum = self.quorum(request.quorum)
        if isinstance(request, WriteRequest):
            self.writes.setdefault(request.key, {})[request.version.dot] = Written(client, request, quorum)
        seen = self.frontier.get(request.key, ())
        self._known[name] = None
        self._asking[name] = Asking(client, at, request, quorum, seen)
        return True

    def ended(self, response: RingResponse) -> Asking | None:
        """The request that ends well with this answer; None if it has ended before, or does not end well."""
        if response.status != "ok":
            return None
        return self._asking.pop((response.client_id, response.sequence), None)

    def acknowledged(self, request: WriteRequest, source: str, at: int) -> Written:
        """The client knows from now on that its write is done."""
        written = self.writes[request.key][request.version.dot]
        written.coordinator, written.acked_at = source, at
        self._advance(written)
        return written

    def _advance(self, new: Written) -> None:
        """Put an acknowledged write into the frontier, and take out what it replaced."""
        kept, covered = [], False
        for each in self.frontier.get(new.key, ()):
            if knows(new.clock, each.dot) and each is not new:
                each.replaced = True
                if new.as_strong_as(each):
                    continue
            elif knows(each.clock, new.dot):
                new.replaced = True
                covered = covered or each.as_strong_as(new)
            kept.append(each)
        self.frontier[new.key] = tuple(kept) if covered else (*kept, new)
