"""Messages between nodes at one moment, those that are lost among them.

The law: a packet's place is its share of its own way in virtual time. One that is lost when it is sent is still shown
leaving, up to where it is lost (the middle of a cut link), for that is how a person understands it.
"""

from __future__ import annotations

from nodes.observation import Lost
from nodes.world import World
from tui.events import EventLog
from tui.frame import PacketFace
from tui.kinds import is_quiet, kind_of
from tui.pace import typical

MOST = 120
"""Packets on the map; more would only be a fog."""

AT_THE_DOOR = 0.96
"""Where a packet flashes that found nobody."""


def flights(world: World, log: EventLog, service: str, flash: int) -> tuple[tuple[PacketFace, ...], int]:
    """The packets of all services to draw, those of `service` uppermost, and how many are under way at all."""
    now = world.now
    under_way = [(due, packet) for due, packet in world.in_flight() if packet.source != packet.target]
    shown = sorted(under_way, key=lambda each: (each[1].service != service, is_quiet(each[1].message)))[:MOST]
    faces = [
        PacketFace(kind_of(packet.message), packet.source, packet.target, _share(now, packet.sent, due))
        for due, packet in reversed(shown)
    ]
    lost = [_lost(world, each, flash) for each in log.lost if each.source != each.target]
    return tuple(faces + [face for face in lost if face is not None][-MOST:]), len(under_way)


def _share(now: int, sent: int, due: int) -> float:
    return min(1.0, max(0.0, (now - sent) / (due - sent))) if due > sent else 1.0


def _lost(world: World, lost: Lost, flash: int) -> PacketFace | None:
    """A packet that is lost: still on its way to its end, or fading there."""
    way = max(1, int(typical(world.network.link(lost.source, lost.target).latency)))
    place = _end(lost, way)
    gone = lost.sent + int(way * place) if lost.at == lost.sent else lost.at
    if not lost.sent <= world.now < gone + flash:
        return None
    kind = kind_of(lost.message)
    if world.now < gone:
        return PacketFace(kind, lost.source, lost.target, (world.now - lost.sent) / way)
    return PacketFace(kind, lost.source, lost.target, place, (world.now - gone) / flash)


def _end(lost: Lost, way: int) -> float:
    """Where on its way it was lost."""
    if lost.at > lost.sent:
        found_nobody = "partition" not in lost.reason and "cut" not in lost.reason
        return AT_THE_DOOR if found_nobody else min(0.9, max(0.1, (lost.at - lost.sent) / way))
    if "queue" in lost.reason:
        return 0.1
    return 0.5 if "cut" in lost.reason or "partition" in lost.reason else 0.35 + lost.sent % 7 * 0.05
