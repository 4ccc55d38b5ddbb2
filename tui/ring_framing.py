"""A ring store's part of a frame. The law: pure; it shows the newest ring that anybody who is up believes in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from algorithms.machine import Record
from algorithms.placement.ring import HashRing
from algorithms.ring.settings import RingSettings
from algorithms.ring.table import Ring, first_ring, placement
from algorithms.ring.versions import size_of
from algorithms.ring.view import RingView
from nodes.disk import Image
from nodes.node import Node
from nodes.world import World
from tui.frame import NodeFace, ServiceFace
from tui.glyphs import Role
from tui.ring_frame import Circle, Landing, LoadRow, Move, RingFace, RingFrame, Standing, marks_for
from tui.ring_keys import HINT_CELL, TOP, Cells, key_face
from tui.ring_log import KEY_CELL, RingLog

MOST_KEYS = 24
"""Keys to choose from."""

LANDED = 3
"""Flashes that a key is shown which has just been written."""

ROLES = {
    Standing.MEMBER: Role.MEMBER,
    Standing.JOINING: Role.JOINING,
    Standing.LEAVING: Role.LEAVING,
    Standing.OUTSIDE: Role.OUTSIDE,
}
"""What a node's standing is on the map."""

Views = Mapping[str, Record | None]


@dataclass(frozen=True, slots=True)
class Store:
    """One ring store of a world: its service, its settings, and the servers that could be in it."""

    service: str
    settings: RingSettings
    servers: tuple[str, ...]
    first: tuple[str, ...]
    """The nodes that it began with."""


def ring_frame(
    world: World, store: Store, views: Views, log: RingLog, selected: str, key: str, flash: int
) -> RingFrame:
    """Everything that the ring pane shows. `key` is the chosen one; empty: the newest that was written."""
    rings = {name: view.ring for name, view in views.items() if isinstance(view, RingView)}
    ring = newest(rings, selected) or first_ring(store.first, store.settings)
    table = placement(ring.members, store.settings)
    coming = placement(ring.coming, store.settings) if ring.coming else None
    loads = _loads(world, store, views, ring)
    chosen = key or next(reversed(log.keys), "")
    nodes = {name: world.node(name) for name in store.servers}
    return RingFrame(
        epoch=ring.epoch,
        quorum=(store.settings.n, store.settings.r, store.settings.w),
        circle=circle_of(table),
        coming=circle_of(coming) if coming else None,
        loads=loads,
        moves=tuple(row.ring.move for row in loads if row.ring.move),
        landings=_landings(world.now, log, table, flash * LANDED),
        keys=_keys(log, views),
        hottest=_hottest(views),
        key=key_face(chosen, nodes, store.service, store.settings, table, coming) if chosen else None,
        believers=_believers(rings),
        disputed=len({ring.epoch for ring in rings.values()}) < len(set(rings.values())),
    )


def newest(rings: Mapping[str, Ring], selected: str) -> Ring | None:
    """The ring of the newest epoch; if there are several of it, the selected node's, else the first node's."""
    epoch = max((ring.epoch for ring in rings.values()), default=0)
    of_it = {name: ring for name, ring in rings.items() if ring.epoch == epoch}
    return of_it.get(selected) or next(iter(of_it.values()), None)


def _believers(rings: Mapping[str, Ring]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Nobody, if all believe in the same ring."""
    found: dict[Ring, list[str]] = {}
    for name, ring in rings.items():
        found.setdefault(ring, []).append(name)
    if len(found) < 2:
        return ()
    newest_first = sorted(found, key=lambda ring: -ring.epoch)
    return tuple((f"epoch {ring.epoch}, {' '.join(ring.names)}", tuple(found[ring])) for ring in newest_first)


# ---------------------------------------------------------------- the circle


@lru_cache(maxsize=16)
def circle_of(table: HashRing) -> Circle:
    """One value for each table, so that painters know it again."""
    owners = tuple(table.owner_of_range(number) for number in range(len(table.bounds)))
    return Circle(tuple(bound / TOP for bound in table.bounds), owners)


@lru_cache(maxsize=16)
def shares_of(table: HashRing) -> Mapping[str, float]:
    """How much of the ring each node owns."""
    shares: dict[str, float] = {}
    for width, owner in circle_of(table).arcs(0.0, 1.0):
        shares[owner] = shares.get(owner, 0.0) + width
    return shares


# ---------------------------------------------------------------- loads


def standing_of(name: str, ring: Ring) -> Standing:
    """What the node is in this ring."""
    goal = tuple(member.name for member in ring.goal)
    if name in ring.names:
        return Standing.MEMBER if name in goal else Standing.LEAVING
    return Standing.JOINING if name in goal else Standing.OUTSIDE


def _loads(world: World, store: Store, views: Views, ring: Ring) -> tuple[LoadRow, ...]:
    faces = ring_faces(world, store, views, ring)
    return tuple(LoadRow(name, world.node(name).up, face) for name, face in faces.items())


def ring_faces(world: World, store: Store, views: Views, ring: Ring) -> dict[str, RingFace]:
    """Each server's, by name."""
    marks = marks_for(store.servers)
    shares = shares_of(placement(ring.members, store.settings))
    counts = {name: _count(world.node(name), store.service, views.get(name)) for name in store.servers}
    most = max((keys for keys, _, _ in counts.values()), default=0) or 1
    faces = {}
    for hue, name in enumerate(store.servers):
        view = views.get(name)
        up = view if isinstance(view, RingView) else None
        keys, size, hints = counts[name]
        faces[name] = RingFace(
            mark=marks[name],
            hue=hue,
            standing=standing_of(name, ring),
            epoch=up.ring.epoch if up else 0,
            keys=keys,
            bytes=size,
            load=keys / most,
            share=shares.get(name, 0.0),
            requests=up.requests_per_second if up else 0,
            waiting=len(world.node(name).inbox),
            hints=hints,
            strays=up.strays if up else 0,
            move=_move(up) if up else None,
        )
    return faces


def _count(node: Node, service: str, view: Record | None) -> tuple[int, int, int]:
    """Keys, bytes and hints: as the machine says, or as the disk of a node that is down has them."""
    if isinstance(view, RingView):
        return view.keys, view.bytes, sum(each.count for each in view.hints)
    return _on_disk(node, node.disk.durable, node.disk.written, service)


@lru_cache(maxsize=64)
def _on_disk(node: Node, _image: Image, _written: int, service: str) -> tuple[int, int, int]:
    """Keys, bytes and hints; counted anew only when something was written or wiped."""
    disk = Cells(node, service)
    keys = [disk.versions(name.removeprefix(KEY_CELL)) for name in disk.names() if name.startswith(KEY_CELL)]
    size = sum(size_of(sibling.value) for versions in keys for sibling in versions.siblings)
    return len(keys), size, sum(name.startswith(HINT_CELL) for name in disk.names())


def _move(view: RingView) -> Move | None:
    moving = view.moving
    return Move(view.name, moving.units, moving.units_done, moving.keys, moving.bytes) if moving else None


# ---------------------------------------------------------------- keys


def _landings(now: int, log: RingLog, table: HashRing, period: int) -> tuple[Landing, ...]:
    """Keys that were written so recently, the oldest first, each with the number of disks that it is on."""
    nodes: dict[str, dict[str, None]] = {}
    last: dict[str, int] = {}
    for written in reversed(log.writes):
        if now - written.at >= period:
            break
        nodes.setdefault(written.key, {})[written.node] = None
        last.setdefault(written.key, written.at)
    return tuple(
        Landing(key, table.position(key) / TOP, (now - last[key]) / period, len(nodes[key])) for key in reversed(nodes)
    )


def _keys(log: RingLog, views: Views) -> tuple[str, ...]:
    """The newest written, then the hottest."""
    hot = (each.key for view in views.values() if isinstance(view, RingView) for each in view.hottest)
    return tuple(dict.fromkeys((*reversed(log.keys), *hot)))[:MOST_KEYS]


def _hottest(views: Views) -> tuple[tuple[str, int], ...]:
    """What all replicas together were asked for."""
    counts: dict[str, int] = {}
    for view in views.values():
        for each in view.hottest if isinstance(view, RingView) else ():
            counts[each.key] = counts.get(each.key, 0) + each.requests
    return tuple(sorted(counts.items(), key=lambda each: (-each[1], each[0]))[:5])


# ---------------------------------------------------------------- on the map and at the top


def ring_face(name: str, face: RingFace, node: Node) -> NodeFace:
    """A server's card. What is the same in all services (heat, isolation) is the caller's."""
    role = ROLES[face.standing] if node.up else Role.DOWN
    return NodeFace(name=name, role=role, frozen=node.paused, waiting=len(node.inbox), ring=face)


def ring_in_words(name: str, ring: RingFrame) -> ServiceFace:
    """For the line at the top."""
    if ring.moves:
        done, whole = sum(move.ranges_done for move in ring.moves), sum(move.ranges for move in ring.moves)
        return ServiceFace(name, "ring", f"moves {done}/{whole}")
    if ring.coming is not None:
        return ServiceFace(name, "ring", f"epoch {ring.epoch} moves")
    return ServiceFace(name, "ring", f"epoch {ring.epoch}" + (" disputed" if ring.disputed else ""), not ring.disputed)
