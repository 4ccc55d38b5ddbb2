"""From a world to a frame. The law: pure; looking changes nothing, and the same moment gives the same frame.

A quick frame takes only what moves (nodes, links, packets) anew, and the panes from the frame before.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from nodes.world import World
from tui.aim import Aim
from tui.details import details_of
from tui.events import EventLog
from tui.flights import flights
from tui.frame import Course, Frame, LinkFace, NodeFace
from tui.link_words import badge_of
from tui.overview import overview_frame
from tui.pace import typical
from tui.service_frames import (
    KEPT,
    Taking,
    Views,
    all_views,
    face_of_view,
    in_words,
    server_faces,
    service_frames,
    views_of,
    with_services,
)

__all__ = ["Aim", "take"]

FLASH_SECONDS = 0.35
"""A flash lasts so long for a person at the asked speed, and at least a third of a message's way."""

HEAT_STEPS = 4


def take(world: World, log: EventLog, aim: Aim, before: Frame | None = None, quick: bool = False) -> Frame:
    """The frame of this moment; a `quick` one has the panes of `before`."""
    flash = flash_time(world, aim)
    packets, under_way = flights(world, log, aim.service, flash)
    frame = Frame(
        now=world.now, title=aim.title, seed=str(world.seed), service=aim.service, paused=aim.paused, pace=aim.pace,
        real_speed=aim.real_speed, messages=world.messages, flash=flash, links=_links(world, aim.clients),
        packets=packets, under_way=under_way, selected=aim.selected, selected_link=aim.selected_link,
        verdict=aim.verdict, tabs=aim.tabs,
    )  # fmt: skip
    if quick and before is not None:
        kept = {name: getattr(before, name) for name in PANES}
        frame = replace(frame, **kept)
        views = views_of(world, aim.service, aim.clients if aim.looks_at(*KEPT) else world.names)
        return replace(frame, nodes=_faces(world, log, aim, views, frame))
    return _with_panes(frame, Taking(world, log, aim, all_views(world, aim)), before)


PANES = (
    "services", "logs", "quorum", "ring", "broker", "paxos", "synod", "keeper", "overview", "happenings", "details",
    "course",
)  # fmt: skip
"""What a quick frame has from the one before."""


def _with_panes(frame: Frame, taking: Taking, before: Frame | None) -> Frame:
    world, log, aim, views = taking.world, taking.log, taking.aim, taking.views
    made = service_frames(taking, frame.flash, before)
    frame = with_services(frame, taking, made)
    seen = views.get(aim.service, {})
    frame = replace(frame, nodes=_faces(world, log, aim, seen, frame))
    chosen = next((face for face in frame.nodes if face.name == aim.selected), None)
    several = len(aim.services) > 1
    return replace(
        frame,
        services=tuple(in_words(each, views[each.name], made.get(each.name)) for each in aim.services),
        overview=overview_frame(world, aim, frame, views, made, reversed(log.lines), before) if several else None,
        happenings=log.happenings(aim.filter),
        details=details_of(world, aim.service, chosen, seen.get(chosen.name)) if chosen else None,
        course=Course(
            log.width,
            tuple(log.buckets),
            log.marks_of(aim.service),
            log.reigns_of(aim.service),
            max(world.now, aim.end),
        ),
    )


def flash_time(world: World, aim: Aim) -> int:
    """How long something stays on the map that has just happened, in virtual time."""
    return max(int(typical(world.network.usual) / 3), int(aim.speed * FLASH_SECONDS * 1e6) if aim.speed < 1e3 else 0, 1)


# ---------------------------------------------------------------- nodes


def _faces(world: World, log: EventLog, aim: Aim, views: Views, frame: Frame) -> tuple[NodeFace, ...]:
    made = server_faces(world, aim, frame)
    period = flash_time(world, aim)
    return tuple(
        replace(
            made.get(name) or face_of_view(world, aim, world.node(name), views.get(name)),
            client=name in aim.clients,
            heat=_heat(world.now, log.heard.get(name), period) if world.node(name).up else 0.0,
            isolated=name not in aim.clients and world.node(name).up and _isolated(world, name, aim.clients),
        )
        for name in world.names
    )


def _heat(now: int, heard: int | None, period: int) -> float:
    if heard is None or now - heard >= period:
        return 0.0
    return 1 - (now - heard) * HEAT_STEPS // period / HEAT_STEPS


def _isolated(world: World, name: str, clients: tuple[str, ...]) -> bool:
    """Nothing passes between it and any other server, in either direction."""
    blocked = world.network.blocked
    others = [other for other in world.names if other != name and other not in clients]
    return bool(others) and all(blocked(name, other) and blocked(other, name) for other in others)


# ---------------------------------------------------------------- links


def _links(world: World, clients: tuple[str, ...]) -> tuple[LinkFace, ...]:
    names = world.names
    faces = (_link(world, a, b) for place, a in enumerate(names) for b in names[place + 1 :])
    return tuple(face for face in faces if not face.usual or not (face.a in clients or face.b in clients))


def _link(world: World, a: str, b: str) -> LinkFace:
    there, back = world.network.link(a, b), world.network.link(b, a)
    if there.plain and back.plain and there.latency is there.usual and back.latency is back.usual:
        return _usual(a, b)
    return LinkFace(a, b, there.blocked, back.blocked, badge_of(there, back))


@lru_cache(maxsize=1024)
def _usual(a: str, b: str) -> LinkFace:
    return LinkFace(a, b)
