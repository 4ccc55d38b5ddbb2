"""The part of a frame about a Multi-Paxos log. The law: pure; what is accepted is what each server says of itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from algorithms.machine import Record
from algorithms.paxos.ballot import NO_BALLOT
from algorithms.paxos.view import PaxosView, SlotView
from algorithms.replicated.client_view import LogClientView
from nodes.node import Node
from tui.card_face import CardFace
from tui.frame import Bar, NodeFace, ServiceFace
from tui.glyphs import Role
from tui.paxos_frame import NOBODY, Holding, LogClientFace, PaxosFrame, PaxosRow, SlotFace

ROLES = {
    "leader": Role.LEADER,
    "preparing": Role.PREPARING,
    "follower": Role.FOLLOWER,
    "outsider": Role.OUTSIDER,
}

MOST_SLOTS = 64

Views = Mapping[str, Record | None]


def paxos_frame(servers: tuple[str, ...], clients: tuple[str, ...], views: Views) -> PaxosFrame:
    """Everything that the pane of a log shows."""
    rows = tuple(_row(name, views.get(name)) for name in servers)
    up = [row.view for row in rows if row.view is not None]
    leader = max((view for view in up if view.role == "leader"), key=lambda view: view.ballot, default=None)
    knows = leader or max(up, key=lambda view: (view.commit_index, view.promised), default=None)
    return PaxosFrame(
        leader=leader.name if leader else "",
        ballot=leader.ballot if leader else max((view.promised for view in up), default=NO_BALLOT),
        quorums=knows.quorums if knows else NOBODY,
        acceptors=knows.acceptors if knows else (),
        rows=rows,
        slots=tuple(_slots(rows, leader)),
        clients=tuple(log_client(name, views.get(name)) for name in clients),
    )


def _row(name: str, view: Record | None) -> PaxosRow:
    if isinstance(view, PaxosView):
        return PaxosRow(name, ROLES.get(view.role, Role.OTHER), view)
    return PaxosRow(name, Role.DOWN)


def log_client(name: str, view: Record | None) -> LogClientFace:
    """A client of a replicated log."""
    if not isinstance(view, LogClientView):
        return LogClientFace(name, up=False)
    return LogClientFace(
        name, True, view.believed_leader or "", len(view.outstanding), view.done, view.failed, view.unknown
    )


# ---------------------------------------------------------------- slots


def _slots(rows: tuple[PaxosRow, ...], leader: PaxosView | None) -> Iterator[SlotFace]:
    """The last ones that anybody has."""
    tables = [{each.slot: each for each in row.view.slots} if row.view is not None else {} for row in rows]
    last = max((max(table, default=0) for table in tables), default=0)
    first = max(min((min(table) for table in tables if table), default=1), last - MOST_SLOTS + 1)
    for slot in range(first, last + 1):
        yield _slot(slot, rows, [table.get(slot) for table in tables], leader)


def _slot(slot: int, rows: tuple[PaxosRow, ...], found: list[SlotView | None], leader: PaxosView | None) -> SlotFace:
    best = max((each for each in found if each and each.value), key=_weight, default=None)
    ballot = max((each.ballot for each in found if each), default=NO_BALLOT)
    chosen = any(each.chosen for each in found if each) or any(
        row.view.commit_index >= slot for row in rows if row.view
    )
    return SlotFace(
        slot=slot,
        ballot=ballot,
        value=best.value if best else "",
        chosen=chosen,
        holdings=tuple(_holding(slot, row.view, each, ballot) for row, each in zip(rows, found, strict=True)),
        rounds=tuple(each.ballot.round if each else 0 for each in found),
        votes=tuple(
            row.node for row, each in zip(rows, found, strict=True) if each and each.ballot == ballot != NO_BALLOT
        ),
        heard=next((e.accepts for r, e in zip(rows, found, strict=True) if e and leader and r.view is leader), ()),
    )


def _weight(slot: SlotView) -> tuple[bool, tuple[int, str]]:
    """What is chosen counts before any ballot."""
    return slot.chosen, (slot.ballot.round, slot.ballot.proposer)


def _holding(slot: int, view: PaxosView | None, found: SlotView | None, ballot: Record) -> Holding:
    if view is None:
        return Holding.UNKNOWN
    if found is None or (found.ballot == NO_BALLOT and not found.chosen):
        return Holding.COMPACTED if slot <= view.snapshot_slot else Holding.HOLE
    if found.ballot == NO_BALLOT:
        return Holding.LEARNED
    return Holding.NEWEST if found.ballot == ballot else Holding.OLDER


# ---------------------------------------------------------------- on the map and at the top


def paxos_face(now: int, node: Node, service: str, row: PaxosRow) -> NodeFace:
    """A server's card. What is the same in all services (heat, isolation) is the caller's."""
    view = row.view
    if view is None or not node.up:
        return NodeFace(node.name, Role.DOWN, card=CardFace("", "down", "no process"))
    return NodeFace(
        name=node.name, role=row.role, frozen=node.paused, term=view.promised.round, last_index=view.last_slot,
        commit_index=view.commit_index, snapshot_index=view.snapshot_slot, waiting=len(node.inbox),
        timer=bar_of(now, node, service), card=_card(node, view),
    )  # fmt: skip


def _card(node: Node, view: PaxosView) -> CardFace:
    title = str(view.ballot if view.role in ("leader", "preparing") else view.promised)
    if node.paused:
        return CardFace(title, "frozen", f"{len(node.inbox)} waiting" if node.inbox else "stands still")
    if view.role == "preparing":
        got = f"{len(view.promises)}/{view.quorums.phase_1}"
        return CardFace(title, got, f"promises {got}")
    if view.role == "leader":
        behind = view.last_slot - view.commit_index
        return CardFace(title, f"s{view.last_slot}", f"{behind} not chosen" if behind > 0 else "all chosen")
    if view.role == "outsider":
        return CardFace(title, "no vote", "no acceptor")
    return CardFace(title)


def bar_of(now: int, node: Node, service: str, *names: str) -> Bar | None:
    """The timer with one of these names, or else whichever of this service runs out first."""
    timers = [(timer.due, name, timer) for (owner, name), timer in node.timers.items() if owner == service]
    if not timers:
        return None
    due, name, timer = min(timers, key=lambda each: (each[1] not in names, each[0]))
    return Bar(name, due - now, due - timer.set_at)


def paxos_in_words(name: str, paxos: PaxosFrame) -> ServiceFace:
    """For the line at the top."""
    if paxos.leader:
        return ServiceFace(name, "paxos", f"{paxos.leader} leads")
    preparing = paxos.preparing
    return ServiceFace(name, "paxos", f"{preparing[0].name} prepares" if preparing else "no leader", False)
