"""What a message of the keeper is to a person.

The law: a segment of a channel looks like what it carries. One that carries nothing, and pings, are quiet: they are
small on the map, and nobody waits for them.
"""

from __future__ import annotations

from algorithms.channels.segment import Segment
from algorithms.keeper import forwarding
from algorithms.keeper import messages as keeper
from algorithms.keeper.errors import Error
from algorithms.keeper.zab import messages as zab
from algorithms.machine import Record
from tui.glyphs import Kind

KINDS: dict[type[Record], Kind] = {
    zab.Notification: Kind.NOTIFICATION,
    zab.FollowerInfo: Kind.EPOCH, zab.LeaderInfo: Kind.EPOCH, zab.AckEpoch: Kind.EPOCH,
    zab.Diff: Kind.SYNC, zab.Trunc: Kind.SYNC, zab.Snap: Kind.SYNC, zab.NewLeader: Kind.SYNC,
    zab.AckNewLeader: Kind.SYNC, zab.UpToDate: Kind.SYNC,
    zab.Propose: Kind.TRANSACTION_PROPOSAL, zab.Ack: Kind.ACK, zab.Commit: Kind.COMMIT, zab.Inform: Kind.COMMIT,
    zab.Ping: Kind.BEAT, zab.Pong: Kind.BEAT, zab.Durable: Kind.OTHER, zab.Forwarded: Kind.CLIENT,
    forwarding.ForwardedRequest: Kind.CLIENT, forwarding.Touched: Kind.BEAT, forwarding.Synced: Kind.ANSWER,
    forwarding.OpenSession: Kind.SESSION, forwarding.Revalidate: Kind.SESSION, forwarding.Revalidated: Kind.SESSION,
    forwarding.CloseSessionRequest: Kind.SESSION, forwarding.MovedAway: Kind.OTHER,
    keeper.ConnectRequest: Kind.SESSION, keeper.ConnectResponse: Kind.SESSION, keeper.Gone: Kind.SESSION,
    keeper.SetWatches: Kind.SESSION, keeper.Ping: Kind.BEAT, keeper.Pong: Kind.BEAT,
    keeper.ClientRequest: Kind.CLIENT, keeper.Reply: Kind.ANSWER, keeper.WatchEvent: Kind.WATCH_EVENT,
    keeper.WriteResource: Kind.STORE, keeper.ReadResource: Kind.FETCH, keeper.ResourceResponse: Kind.STORED,
}  # fmt: skip

LEGEND = (Kind.TRANSACTION_PROPOSAL, Kind.ACK, Kind.COMMIT, Kind.CLIENT, Kind.ANSWER, Kind.WATCH_EVENT, Kind.BEAT,
          Kind.SESSION, Kind.NOTIFICATION, Kind.EPOCH, Kind.SYNC, Kind.REFUSAL, Kind.SEGMENT, Kind.STORE, Kind.STORED,
          Kind.FETCH, Kind.OTHER)  # fmt: skip
"""The kinds that it has, the most telling first."""

QUIET = (zab.Ping, zab.Pong, keeper.Ping, keeper.Pong, zab.Durable, forwarding.Touched)


def unwrapped(message: Record) -> Record | None:
    """What goes from server to server, or to a client, without what carries it; None for a channel's own word."""
    inner: Record | None = message
    while isinstance(inner, zab.PeerSegment | Segment | zab.Forwarded):
        match inner:
            case zab.PeerSegment(segment):
                inner = segment
            case zab.Forwarded(forwarded):
                inner = forwarded
            case _:
                inner = inner.carried
    return inner


def keeper_kind(message: Record) -> Kind | None:
    """None for what is not the keeper's."""
    inner = unwrapped(message)
    if inner is None:
        return Kind.SEGMENT
    if type(inner) is keeper.Reply and inner.error is not Error.OK:
        return Kind.REFUSAL
    if (type(inner) is keeper.ResourceResponse and inner.rejected) or type(inner) is keeper.Gone:
        return Kind.REFUSAL
    return KINDS.get(type(inner))


def is_quiet_keeper(message: Record) -> bool:
    """Whether it only keeps something alive, or acknowledges what has come."""
    if type(message) is not Segment and type(message) is not zab.PeerSegment and type(message) not in QUIET:
        return False
    inner = unwrapped(message)
    return inner is None or type(inner) in QUIET
