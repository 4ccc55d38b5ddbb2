"""A server or a client of the keeper for the inspector. The law: facts in the order of their weight."""

from __future__ import annotations

from collections.abc import Iterator

from algorithms.keeper.view import KeeperClientView, KeeperView
from algorithms.keeper.zxid import ZERO
from tui.keeper_words import session_words, short_path, zxid_words

MOST_ROWS = 40

Facts = tuple[tuple[str, str], ...]


def keeper_facts(view: KeeperView) -> Facts:
    """What it is to the ensemble, and how far its log is."""
    return tuple(_keeper_facts(view))


def _keeper_facts(view: KeeperView) -> Iterator[tuple[str, str]]:
    yield "logged", zxid_words(view.last_logged)
    yield "committed", zxid_words(view.last_committed)
    yield "phase", view.phase
    yield (
        "in epoch",
        f"{view.current_epoch}"
        + (f", has accepted {view.accepted_epoch}" if view.accepted_epoch != view.current_epoch else ""),
    )
    yield "leader", view.leader or "unknown"
    if view.role == "looking":
        yield "votes for", view.vote or "nobody"
    if view.in_sync:
        yield "in sync", " ".join(view.in_sync)
    yield "snapshot", zxid_words(view.snapshot_zxid) if view.snapshot_zxid != ZERO else "none"
    yield "log from", zxid_words(view.first_logged) if view.first_logged != ZERO else "empty"
    yield "clients", str(len(view.connections))
    yield "watches", str(len(view.watches))
    if view.observers:
        yield "observers", " ".join(view.observers)


def keeper_rows(view: KeeperView) -> Facts:
    """Its proposals, its clients' sessions, and its watches, a line each."""
    proposals = [
        (f"proposal {zxid_words(each.zxid)}", f"{each.what}, acks {' '.join(each.acks)}") for each in view.proposals
    ]
    sessions = [
        (f"session {session_words(each.session_id)}", f"{each.client}, timeout {each.timeout / 1e6:g} s")
        for each in view.connections
    ]
    watches = [(f"watch of {each.client}", f"{short_path(each.path)} {each.kind}") for each in view.watches]
    return tuple([*proposals, *sessions, *watches][:MOST_ROWS])


def keeper_client_facts(view: KeeperClientView) -> Facts:
    """Its session, and how its requests ended."""
    where = f" to {view.server}" if view.server else ""
    return (
        ("session", f"{session_words(view.session_id)} {view.state.replace('_', '-')}{where}"),
        ("done", str(view.done)),
        ("failed", str(view.failed)),
        ("unknown", str(view.unknown)),
        ("timeout", f"{view.timeout / 1e6:g} s"),
        ("has seen", zxid_words(view.last_zxid)),
        ("waiting", str(view.outstanding)),
        ("told", str(view.notifications)),
    )


def keeper_client_rows(view: KeeperClientView) -> Facts:
    """Its recipes and watches, a line each."""
    recipes = [
        (
            each.recipe,
            f"{short_path(each.path)} {each.state}"
            + (f", behind {short_path(each.waits_for)}" if each.waits_for else "")
            + (f", token {each.token:#x}" if each.token else ""),
        )
        for each in view.recipes
    ]
    return tuple([*recipes, *(("watch", each) for each in view.watches)][:MOST_ROWS])
