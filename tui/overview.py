"""From a world to the overview: what every server is in every service. The law: pure; it takes what panes have anyway.

Since when somebody is what he is, is known from the frame before; without one, nothing is news.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from algorithms.broker.view import BrokerClientView
from algorithms.keeper.view import KeeperClientView
from algorithms.machine import Record
from algorithms.paxos.synod.client_view import SynodClientView
from algorithms.raft.view import RaftView
from algorithms.replicated.client_view import LogClientView
from algorithms.ring.client_view import RingClientView
from nodes.world import World
from tui.aim import Aim
from tui.broker_frame import BrokerFace, BrokerFrame
from tui.broker_framing import role_of as broker_role
from tui.frame import Frame, Happening
from tui.glyphs import Role
from tui.keeper_frame import KeeperFrame, KeeperRow
from tui.keeper_words import zxid_words
from tui.overview_frame import OLD, Asking, ClientLine, News, OverviewFrame, ServerLine, Square
from tui.paxos_frame import PaxosFrame, PaxosRow
from tui.raft_faces import ROLES
from tui.ring_frame import RingFace, RingFrame
from tui.ring_framing import ROLES as RING_ROLES
from tui.ring_words import counted
from tui.synod_frame import SynodFrame, SynodRow

NEWS = 8
"""Flashes that a new role is marked: about three seconds for a person."""

SEARCHED = 400
"""Lines of the event log that are looked through for each service's last news."""

Squares = Mapping[str, Square]


def overview_frame(
    world: World,
    aim: Aim,
    frame: Frame,
    views: Mapping[str, Mapping[str, Record | None]],
    made: Mapping[str, object],
    lines: Iterable[Happening],
    before: Frame | None,
) -> OverviewFrame:
    """Everything that the overview shows; `made` has the services' panes by name, `lines` are the newest first."""
    columns = [_column(views[each.name], made.get(each.name)) for each in aim.services]
    old = before.overview if before is not None and before.now <= frame.now else None
    new = OverviewFrame(
        servers=tuple(_server(world, aim, frame, name, columns) for name in world.names if name not in aim.clients),
        clients=tuple(
            ClientLine(name, world.node(name).up, tuple(_asking(views[each.name].get(name)) for each in aim.services))
            for name in aim.clients
            if name in world.names
        ),
        news=_news(tuple(each.name for each in aim.services), lines),
    )
    return _aged(new, old, frame.now, frame.flash * NEWS) if old is not None else new


def _server(world: World, aim: Aim, frame: Frame, name: str, columns: list[Squares]) -> ServerLine:
    node = world.node(name)
    face = next((each for each in frame.nodes if each.name == name), None)
    down = Square(Role.DOWN, trouble=True)
    squares = tuple(column.get(name, Square(Role.OTHER)) if node.up else down for column in columns)
    return ServerLine(name, node.up, node.paused, face is not None and face.isolated, squares)


def _aged(new: OverviewFrame, old: OverviewFrame, now: int, period: int) -> OverviewFrame:
    """With the time that each square has been what it is."""
    known = {line.node: line.squares for line in old.servers}
    servers = []
    for line in new.servers:
        were = known.get(line.node, ())
        if len(were) != len(line.squares):
            servers.append(line)
            continue
        aged = tuple(_age(square, was, now, period) for square, was in zip(line.squares, were, strict=True))
        servers.append(replace(line, squares=aged))
    return replace(new, servers=tuple(servers))


def _age(square: Square, was: Square, now: int, period: int) -> Square:
    since = was.since if was.role is square.role else now
    age = min(OLD, (now - since) / period) if since else OLD
    return square if since == square.since and age == square.age else replace(square, since=since, age=age)


def _news(services: tuple[str, ...], lines: Iterable[Happening]) -> tuple[News, ...]:
    found: dict[str, News] = {}
    for count, line in enumerate(lines):
        if count >= SEARCHED or len(found) == len(services):
            break
        if line.loud and line.service in services and line.service not in found:
            found[line.service] = News(line.at, line.node, line.text)
    return tuple(found.get(name, News()) for name in services)


# ---------------------------------------------------------------- one service on each server


def _column(views: Mapping[str, Record | None], made: object) -> Squares:
    match made:
        case RingFrame():
            return {row.node: _ring(row.ring) for row in made.loads}
        case BrokerFrame():
            return {row.node: _broker(row.up, row.broker) for row in made.brokers}
        case PaxosFrame():
            return {row.node: _paxos(row) for row in made.rows}
        case SynodFrame():
            return {row.node: _synod(row) for row in made.rows}
        case KeeperFrame():
            return {row.node: _keeper(row) for row in made.rows}
        case _:
            return {name: _raft(view) for name, view in views.items() if isinstance(view, RaftView)}


def _raft(view: RaftView) -> Square:
    role = Role.LEARNER if view.name in view.configuration.learners else ROLES[view.role]
    return Square(role, (f"T{view.current_term}", f"i{view.commit_index}"))


def _ring(face: RingFace) -> Square:
    if face.move is not None:
        return Square(RING_ROLES[face.standing], (f"{face.keys} keys", f"+{face.move.ranges_done}/{face.move.ranges}"))
    hints = (counted(face.hints, "hint"),) if face.hints else ()
    return Square(RING_ROLES[face.standing], (f"{face.keys} keys", *hints))


def _broker(up: bool, face: BrokerFace) -> Square:
    led, synced = f"leads {face.led}", f"{face.hosted - face.behind}/{face.hosted} in sync"
    numbers = (synced, led) if face.behind else (led, synced)
    return Square(broker_role(up, face), numbers, trouble=face.fenced or face.behind > 0)


def _paxos(row: PaxosRow) -> Square:
    if row.view is None:
        return Square(Role.DOWN, trouble=True)
    ballot = row.view.ballot if row.view.role in ("leader", "preparing") else row.view.promised
    return Square(row.role, (str(ballot), f"s{row.view.commit_index}"))


def _synod(row: SynodRow) -> Square:
    if row.view is None:
        return Square(Role.DOWN, trouble=True)
    ballot = row.view.ballot if row.view.phase != "idle" else row.view.promised
    value = row.view.chosen or row.view.accepted_value
    return Square(row.role, (str(ballot), value) if value else (str(ballot),))


def _keeper(row: KeeperRow) -> Square:
    return Square(row.role, (zxid_words(row.committed),), trouble=row.role is Role.READ_ONLY)


# ---------------------------------------------------------------- clients


def _asking(view: Record | None) -> Asking | None:
    match view:
        case LogClientView() | RingClientView():
            return Asking(view.done, len(view.outstanding), view.failed + view.unknown)
        case SynodClientView():
            return Asking(view.done, len(view.waiting), view.failed + view.unknown)
        case BrokerClientView():
            return Asking(view.done, view.in_flight, view.failed + view.unknown)
        case KeeperClientView():
            state = "" if view.state in ("connected", "closed") else view.state
            return Asking(view.done, view.outstanding, view.failed + view.unknown, state)
        case _:
            return None
