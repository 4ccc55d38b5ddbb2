"""What conditions can ask about a keeper. The law: looking changes nothing, and whoever is down has nothing to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from algorithms.keeper.state import State
from algorithms.keeper.tree.paths import why_not
from algorithms.keeper.view import KeeperClientView
from playground.errors import BadInput
from playground.kinds import keeper_standing as standing
from playground.kinds.keeper_ledger import KeeperLedger
from playground.kinds.keeper_wishes import placed_client

if TYPE_CHECKING:
    from playground.inquiry import Inquiry, Value


def answer(inquiry: Inquiry, function: str, words: list[str]) -> Value:
    """The answer now, of the first keeper that there is."""
    first = words[0]
    match function:
        case "znode" | "data" | "version" | "children":
            return _of_znode(inquiry, function, words)
        case "session" | "server-of":
            view = _client(inquiry, first)
            return (view.state if function == "session" else view.server or None) if view is not None else None
        case "lock-holder":
            return placed_client(inquiry.world, service_in(inquiry), "lock-holder", _path(first)) or None
        case "believers":
            return _believers(inquiry, _path(first))
        case "resource":
            return _resource(inquiry, first)
        case "expired" | "rejected" | "overwritten":
            return _of_ledger(inquiry, function, inquiry.service(first))
        case _:
            return _of_servers(inquiry, function, inquiry.subject(first))


def role(inquiry: Inquiry, node: str, service: str) -> str | None:
    """What the node is in this keeper, or in the first one; None if it is down or no server of it."""
    states = standing.servers(inquiry.world, service or service_in(inquiry))
    return standing.role_of(states[node]) if node in states else None


def service_in(inquiry: Inquiry) -> str:
    """The first keeper of which a server is up; empty if there is none."""
    return next(iter(standing.keeper_services(inquiry.world)), "")


def _path(word: str) -> str:
    """Raises BadInput if it is none."""
    if why_not(word):
        raise BadInput(why_not(word))
    return word


def _of_znode(inquiry: Inquiry, function: str, words: list[str]) -> Value:
    path, among = _path(words[0]), tuple(inquiry.node(each) for each in words[1:])
    service = service_in(inquiry)
    state = standing.furthest(inquiry.world, service, among) if service else None
    if state is None:
        return None
    znode = state.tree.get(path)
    if function == "znode":
        return znode is not None
    if znode is None:
        return None
    match function:
        case "data":
            return _plain(znode.data)
        case "version":
            return znode.version
        case _:
            return len(znode.children)


def _plain(data: str) -> Value:
    """A number, if it was written as one: `data(/a) == 1`."""
    return int(data) if data.lstrip("-").isdecimal() and str(int(data)) == data else data


def _client(inquiry: Inquiry, name: str) -> KeeperClientView | None:
    service = service_in(inquiry)
    return standing.clients(inquiry.world, service).get(inquiry.node(name)) if service else None


def _believers(inquiry: Inquiry, path: str) -> Value:
    from playground.inquiry import Nodes

    views = standing.clients(inquiry.world, service_in(inquiry)).items()
    return Nodes(
        tuple(
            name
            for name, view in views
            if any(each.path == path and each.state in ("held", "leading") for each in view.recipes)
        )
    )


def _resource(inquiry: Inquiry, name: str) -> Value:
    for state in standing.servers(inquiry.world, service_in(inquiry)).values():
        if name in state.resources.held:
            return _plain(state.resources.held[name].value)
    return None


def _of_ledger(inquiry: Inquiry, function: str, service: str) -> Value:
    session = inquiry.session
    ledger = session.ledgers.get(service) if session is not None else None
    return int(getattr(ledger, function)) if isinstance(ledger, KeeperLedger) else None


def _of_servers(inquiry: Inquiry, function: str, subject: str) -> Value:
    """Of one server, or of the service as a whole."""
    world = inquiry.world
    service = subject if subject in inquiry.services() else service_in(inquiry)
    if not service:
        return None
    if function == "notified":
        views = standing.clients(world, service)
        asked = [view for name, view in views.items() if subject in (service, name)]
        return sum(view.notifications for view in asked) if asked else None
    states = standing.servers(world, service)
    found = [state for name, state in states.items() if subject in (service, name)]
    if not found:
        return None
    if function == "watches":
        return sum(len(each.watches.listed()) for each in found)
    return max(_number(function, state) for state in found)


def _number(function: str, state: State) -> int:
    match function:
        case "zxid":
            return state.tree.last_zxid.number
        case "logged":
            return state.zab.state.last_logged.number
        case "reign":
            return state.zab.state.current_epoch
        case "sessions":
            return len(state.tree.sessions)
        case _:
            raise AssertionError(f"There is no number called {function}.")
