"""The part of a frame about a single-decree synod. The law: pure; who has accepted what, the acceptors say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from algorithms.machine import Record
from algorithms.paxos.ballot import NO_BALLOT, Ballot
from algorithms.paxos.synod.client_view import SynodClientView
from algorithms.paxos.view import SynodView
from nodes.node import Node
from tui.card_face import CardFace
from tui.frame import NodeFace, ServiceFace
from tui.glyphs import Role
from tui.paxos_frame import NOBODY, LogClientFace
from tui.paxos_framing import bar_of
from tui.synod_frame import Choice, SynodFrame, SynodRow

ROLES = {"prepare": Role.PREPARING, "accept": Role.PROPOSING, "waiting": Role.BACKING_OFF}

Views = Mapping[str, Record | None]


def synod_frame(
    servers: tuple[str, ...], clients: tuple[str, ...], views: Views, ladder: Iterable[Ballot] = (), begun: int = 0
) -> SynodFrame:
    """Everything that its pane shows. `ladder` has the ballots that were begun."""
    rows = tuple(_row(name, views.get(name)) for name in servers)
    known = next((row.view for row in rows if row.view is not None), None)
    return SynodFrame(
        acceptors=known.acceptors if known else (),
        quorums=known.quorums if known else NOBODY,
        rows=rows,
        choices=_choices(rows),
        ladder=tuple(ladder),
        begun=begun,
        clients=tuple(_client(name, views.get(name)) for name in clients),
    )


def _row(name: str, view: Record | None) -> SynodRow:
    if not isinstance(view, SynodView):
        return SynodRow(name, Role.DOWN)
    idle = Role.DECIDED if view.chosen is not None else Role.ACCEPTOR
    return SynodRow(name, ROLES.get(view.phase, idle), view)


def _choices(rows: tuple[SynodRow, ...]) -> tuple[Choice, ...]:
    found: dict[tuple[Ballot, str], list[str]] = {}
    for row in rows:
        view = row.view
        if view is not None and view.accepted != NO_BALLOT and view.accepted_value is not None:
            found.setdefault((view.accepted, view.accepted_value), []).append(row.node)
    choices = (Choice(ballot, value, tuple(votes)) for (ballot, value), votes in found.items())
    return tuple(sorted(choices, key=lambda each: each.ballot, reverse=True))


def _client(name: str, view: Record | None) -> LogClientFace:
    if not isinstance(view, SynodClientView):
        return LogClientFace(name, up=False)
    asked = view.waiting[0].server if view.waiting else ""
    return LogClientFace(name, True, asked, len(view.waiting), view.done, view.failed, view.unknown)


# ---------------------------------------------------------------- on the map and at the top


def synod_face(now: int, node: Node, service: str, row: SynodRow) -> NodeFace:
    """A server's card."""
    view = row.view
    if view is None or not node.up:
        return NodeFace(node.name, Role.DOWN, card=CardFace("", "down", "no process", squares=False))
    return NodeFace(
        name=node.name, role=row.role, frozen=node.paused, term=view.promised.round, waiting=len(node.inbox),
        timer=bar_of(now, node, service), card=_card(node, view),
    )  # fmt: skip


def _card(node: Node, view: SynodView) -> CardFace:
    title = str(view.ballot if view.phase != "idle" else view.promised)
    if node.paused:
        words = f"{len(node.inbox)} waiting" if node.inbox else "stands still"
        return CardFace(title, "frozen", words, squares=False)
    if view.chosen is not None:
        return CardFace(title, f"{view.chosen}", f"chosen: {view.chosen}", squares=False)
    if view.phase == "prepare":
        got = f"{len(view.promises)}/{view.quorums.phase_1}"
        return CardFace(title, got, f"promises {got}", squares=False)
    if view.phase == "accept":
        got = f"{len(view.accepts)}/{view.quorums.phase_2}"
        return CardFace(title, got, f"accepts {got}", squares=False)
    value = view.accepted_value
    return CardFace(title, value or "", f"has {value}" if value else "", squares=False)


def synod_in_words(name: str, synod: SynodFrame) -> ServiceFace:
    """For the line at the top."""
    chosen, duel = synod.chosen, synod.duel
    if len(chosen) > 1:
        return ServiceFace(name, "synod", f"{len(chosen)} values chosen", False)
    if chosen:
        return ServiceFace(name, "synod", f"chosen: {chosen[0]}")
    if len(duel) > 1:
        return ServiceFace(name, "synod", f"{len(duel)} duel", False)
    return ServiceFace(name, "synod", f"{duel[0].name} proposes" if duel else "nothing chosen")
