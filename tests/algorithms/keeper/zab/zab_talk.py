"""One Zab server and somebody who plays all the others: one event in, effects out.

What the server says inside of channels is unpacked; what it writes to its disk stands between, in the same order.
"""

from __future__ import annotations

from typing import NamedTuple

from zab_carrier import Carrier, Write

from algorithms.channels.channels import Arrived
from algorithms.keeper.settings import KeeperSettings
from algorithms.keeper.zab.messages import (
    AckEpoch,
    AckNewLeader,
    Durable,
    Epochs,
    FollowerInfo,
    LeaderInfo,
    NewLeader,
    Notification,
    PeerSegment,
    Transaction,
    UpToDate,
    Vote,
)
from algorithms.keeper.zab.state import PeerChannels, State
from algorithms.keeper.zxid import ZERO, Zxid
from algorithms.machine import (
    Append,
    Asked,
    Cell,
    Effect,
    Event,
    Journal,
    Note,
    Received,
    Record,
    Save,
    Saved,
    Send,
    Started,
    TimerFired,
    Trim,
)


class Said(NamedTuple):
    """One word to somebody; `early` if it does not wait for the disk."""

    to: str
    what: Record
    early: bool


Did = Said | Save | Append | Trim


class Talk:
    """Server `name` of `n1`..; it boots with what is given as saved."""

    def __init__(
        self, name: str = "n1", voters: int = 3, observers: int = 0, saved: Saved | None = None, **settings: object
    ) -> None:
        self.names = tuple(f"n{number}" for number in range(1, voters + observers + 1))
        chosen = KeeperSettings(**{"observers": self.names[voters:], **settings})  # type: ignore[arg-type]
        self.name = name
        self.now = 0
        self.carrier = Carrier(name, self.names, chosen)
        self.others = {each: PeerChannels(each, label="other") for each in self.names if each != name}
        for number, other in enumerate(self.others.values(), 1):
            other.start(number)
        self.effects: list[Effect] = []
        self.did: list[Did] = []
        """What the last turn did, in order."""
        self.turn(Started(saved or Saved()))

    @property
    def state(self) -> State:
        return self.carrier.zab.state

    @property
    def told(self) -> list[str]:
        """What the application was told."""
        return self.carrier.application.told

    @property
    def delivered(self) -> list[Zxid]:
        return [zxid for zxid, _ in self.carrier.application.delivered]

    @property
    def notes(self) -> str:
        return "\n".join(each.text for each in self.effects if isinstance(each, Note))

    # ------------------------------------------------------------ events

    def turn(self, event: Event) -> list[Did]:
        self.effects = self.carrier.handle(event, self.now)
        self.did = []
        for effect in self.effects:
            if isinstance(effect, Send):
                self._said(effect)
            elif isinstance(effect, Save | Append | Trim) and "zab life" not in (getattr(effect, "cell", ""),):
                self.did.append(effect)
        return self.did

    def _said(self, effect: Send) -> None:
        if not isinstance(effect.message, PeerSegment):
            self.did.append(Said(effect.target, effect.message, effect.at_once))
            return
        other = self.others[effect.target]
        other.begin_turn(self.now, [])
        for each in other.receive(self.name, effect.message.segment):
            if isinstance(each, Arrived):
                self.did.append(Said(effect.target, each.payload, effect.at_once))

    def hear(self, source: str, message: Record) -> list[Did]:
        """A plain message."""
        return self.turn(Received(source, message))

    def ring(self, timer: str) -> list[Did]:
        return self.turn(TimerFired(timer))

    def ask(self, number: int) -> list[Did]:
        """The application wants to write."""
        return self.turn(Asked(number, Write(number)))

    def say(self, source: str, *payloads: Record) -> list[Did]:
        """On the newest connection between the two."""
        did: list[Did] = []
        for payload in payloads:
            did += self._send(source, self.others[source].current(self.name), payload)
        self.did = did
        return did

    def knock(self, source: str, payload: Record) -> list[Did]:
        """On a new connection."""
        return self._send(source, self.others[source].connect(self.name), payload)

    def _send(self, source: str, connection: int, payload: Record) -> list[Did]:
        effects: list[Effect] = []
        self.others[source].begin_turn(self.now, effects)
        self.others[source].send(self.name, connection, payload)
        did: list[Did] = []
        for effect in effects:
            if isinstance(effect, Send):
                did += self.turn(Received(source, effect.message))
        return did

    def own_disk(self) -> list[Did]:
        """Everything that was written is durable, and we hear of it."""
        did: list[Did] = []
        for each in [each.what for each in self.did if isinstance(each, Said) and isinstance(each.what, Durable)]:
            did += self.turn(Received(self.name, each))
        self.did = did
        return did

    def said_to(self, name: str) -> list[Record]:
        """In the last turn."""
        return [each.what for each in self.did if isinstance(each, Said) and each.to == name]

    # ------------------------------------------------------------ ways to get somewhere

    def elect(self, leader: str, *voters: str) -> list[Did]:
        """These say, in our round, that they have elected `leader`."""
        for name in voters:
            role = "leading" if name == leader else "following"
            self.hear(name, Notification(self.state.electing.round, role, Vote(leader, 99, ZERO)))
        return self.did

    def lead(self, *followers: str) -> list[Did]:
        """Be elected."""
        for name in followers:
            self.hear(name, Notification(self.state.electing.round, "looking", self.state.vote, (self.name,)))
        return self.ring("zab finalize")

    def establish(self, *followers: str, accepted: int = 0, zxid: Zxid = ZERO) -> None:
        """Be elected, and take these through discovery and synchronisation."""
        self.lead(*followers)
        for name in followers:
            self.knock(name, FollowerInfo(accepted))
            self.own_disk()
        for name in followers:
            self.say(name, AckEpoch(accepted, zxid))
            self.own_disk()
        for name in followers:
            self.say(name, AckNewLeader(self.state.current_epoch))

    def follow(self, leader: str, other: str, epoch: int = 1) -> None:
        """Find `leader`, be synchronised with it by an empty DIFF, and serve."""
        self.elect(leader, leader, other)
        self.say(leader, LeaderInfo(epoch))
        self.say(leader, NewLeader(epoch), UpToDate(self.state.last_logged))


def record(epoch: int, counter: int) -> Transaction:
    return Transaction(Zxid(epoch, counter), Write(100 * epoch + counter))


def saved(*zxids: tuple[int, int], accepted: int | None = None, current: int | None = None) -> Saved:
    """A disk with these in its log. Without epochs, they are the last transaction's."""
    last = zxids[-1][0] if zxids else 0
    epochs = Epochs(last if accepted is None else accepted, last if current is None else current)
    records = tuple(record(*each) for each in zxids)
    return Saved((Cell("zab epochs", epochs),), (Journal("zab log", 1, records),))
