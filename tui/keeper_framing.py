"""A keeper's part of a frame. The law: pure; the tree is that of the server that is looked at, else the newest one.

How long a session still has is what its leader counts, by the leader's own clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from algorithms.keeper.machine import KeeperMachine
from algorithms.keeper.picture import view_of
from algorithms.keeper.view import KeeperClientView, KeeperView, RecipeView, SessionView, Stat, ZnodeView
from algorithms.keeper.zxid import ZERO
from algorithms.machine import Machine, Record
from nodes.node import Node
from nodes.world import World
from tui.card_face import CardFace
from tui.frame import Bar, NodeFace, ServiceFace
from tui.glyphs import Role
from tui.keeper_frame import KeeperClientFace, KeeperFrame, KeeperRow, QueueFace, SessionFace, ZnodeFace
from tui.keeper_words import DIGITS, is_sequential, zxid_words
from tui.paxos_framing import bar_of

MOST_ZNODES = 100
"""Lines of a tree; more are only counted."""

HAS = ("held", "leading", "inside", "member")
"""States of a recipe that has got what it wanted."""

WORDS = {"held": "holds it", "leading": "leads", "inside": "is inside", "member": "is a member"}

Views = Mapping[str, Record | None]


@dataclass(frozen=True, slots=True)
class Keeper:
    """One keeper service of a world, and what of it is looked at."""

    service: str
    servers: tuple[str, ...]
    clients: tuple[str, ...]
    selected: str = ""
    path: str = ""
    """The chosen znode."""
    looked_at: bool = True
    """Somebody sees the tree; else it is left out, for it is dear."""


Whole = Callable[[str], Record | None]
"""A server's view with its tree."""


def keeper_views(world: World, service: str, names: tuple[str, ...]) -> dict[str, Record | None]:
    """Views of servers without their trees, and of clients."""
    return {name: _light(world.machine(name, service)) for name in names}


def _light(machine: Machine | None) -> Record | None:
    if isinstance(machine, KeeperMachine):
        return view_of(machine.state, tree=False)
    return machine.view() if machine is not None else None


def keeper_frame(
    world: World, keeper: Keeper, views: Views, before: KeeperFrame | None = None, whole: Whole | None = None
) -> KeeperFrame:
    """Everything that the keeper's pane shows. `whole` gives views with trees where `views` are without; the tree of
    `before` is kept as long as nothing in it can have changed."""
    up = {name: view for name in keeper.servers if isinstance(view := views.get(name), KeeperView)}
    clients = [view for name in keeper.clients if isinstance(view := views.get(name), KeeperClientView)]
    leader = _leader(up)
    shown = up.get(keeper.selected) or leader or max(up.values(), key=lambda view: view.last_committed, default=None)
    newest = max((view.last_committed for view in up.values()), default=ZERO)
    known = leader or shown
    made = KeeperFrame(
        leader=leader.name if leader else "",
        epoch=max((view.current_epoch for view in up.values()), default=0),
        quorum=len(known.voters) // 2 + 1 if known else 0,
        voters=known.voters if known else (),
        rows=tuple(_row(name, up.get(name), leader) for name in keeper.servers),
        proposals=leader.proposals if leader else (),
        tree_of=shown.name if shown else "",
        behind=shown is not None and shown.last_committed < newest,
        tree_zxid=shown.last_committed if shown else ZERO,
        sessions=_sessions(world, known, tuple(up.values()), clients) if known else (),
        queues=tuple(_queues(clients)),
        clients=tuple(_client(name, views.get(name)) for name in keeper.clients),
        chosen=keeper.path,
    )
    return _with_tree(made, keeper, shown, tuple(up.values()), clients, before, whole) if shown else made


def _with_tree(
    made: KeeperFrame,
    keeper: Keeper,
    shown: KeeperView,
    up: tuple[KeeperView, ...],
    clients: list[KeeperClientView],
    before: KeeperFrame | None,
    whole: Whole | None,
) -> KeeperFrame:
    if not keeper.looked_at:
        return made
    watches = tuple(view.watches for view in up)
    source = (
        keeper.service,
        shown.name,
        shown.last_committed,
        keeper.path,
        watches,
        tuple(each.recipes for each in clients),
    )
    if before is not None and before.source == source:
        return replace(made, znodes=before.znodes, count=before.count, stat=before.stat, source=source)
    full = whole(shown.name) if whole is not None else shown
    if not isinstance(full, KeeperView):
        return made
    stat = _stat(full, keeper.path) if keeper.path else ()
    znodes = _znodes(full, up, clients, keeper.path)
    return replace(made, znodes=znodes, count=len(full.znodes), stat=stat, source=source)


def _leader(up: Mapping[str, KeeperView]) -> KeeperView | None:
    """Of all that lead an established epoch, the one of the newest."""
    found = [view for view in up.values() if view.role == "leading" and view.phase == "broadcast"]
    return max(found, key=lambda view: view.current_epoch, default=None)


def role_of(view: KeeperView) -> Role:
    """A leader or follower in recovery looks otherwise than one that serves."""
    match view.role:
        case "leading":
            return Role.LEADING if view.phase == "broadcast" else Role.PROSPECTIVE
        case "following":
            return Role.FOLLOWING if view.phase == "broadcast" else Role.SYNCHRONISING
        case "observing":
            return Role.OBSERVING if view.phase == "broadcast" else Role.SYNCHRONISING
        case "read_only":
            return Role.READ_ONLY
        case _:
            return Role.LOOKING


def _row(name: str, view: KeeperView | None, leader: KeeperView | None) -> KeeperRow:
    if view is None:
        return KeeperRow(name, Role.DOWN)
    return KeeperRow(
        name, role_of(view), view.phase, view.current_epoch, view.accepted_epoch, view.last_logged,
        view.last_committed, in_sync=leader is not None and name in leader.in_sync,
        votes=name not in view.observers, vote=view.vote, clients=len(view.connections), watches=len(view.watches),
    )  # fmt: skip


# ---------------------------------------------------------------- the tree


def _znodes(
    shown: KeeperView, up: tuple[KeeperView, ...], clients: list[KeeperClientView], chosen: str
) -> tuple[ZnodeFace, ...]:
    """In the order of a walk through the tree: those around the chosen one, if they are many."""
    watches: dict[str, int] = {}
    for view in up:
        for watch in view.watches:
            watches[watch.path] = watches.get(watch.path, 0) + 1
    owners = {session.session_id: session.client for session in shown.sessions}
    words = _recipe_words(clients)
    walk = sorted(shown.znodes, key=_by_path)
    place = next((at for at, each in enumerate(walk) if each.path == chosen), 0) if chosen else 0
    first = max(0, min(place - MOST_ZNODES // 2, len(walk) - MOST_ZNODES))
    window = walk[first : first + MOST_ZNODES]
    lasts = _lasts(tuple(each.path for each in walk), tuple(each.path for each in window))
    return tuple(
        _znode(each, last, owners, watches, words.get(each.path, ("", False)))
        for each, last in zip(window, lasts, strict=True)
    )


def _by_path(znode: ZnodeView) -> str:
    return _place(znode.path)


@lru_cache(maxsize=8192)
def _place(path: str) -> str:
    """So that children stand right below their parent whatever characters names have, sequential ones by number."""
    return "\0".join(f"{part[-DIGITS:]}{part}" if is_sequential(part) else part for part in path.split("/"))


def _lasts(walk: tuple[str, ...], paths: tuple[str, ...]) -> list[tuple[bool, ...]]:
    """For each path whether it, and each of its ancestors below the root, is the last child of its parent in `walk`."""
    last_child: dict[str, str] = {}
    for path in walk:
        if path != "/":
            last_child[path.rpartition("/")[0]] = path
    found = []
    for path in paths:
        parts = path.split("/")[1:] if path != "/" else []
        prefixes = ["/" + "/".join(parts[: count + 1]) for count in range(len(parts))]
        found.append(tuple(last_child[prefix.rpartition("/")[0]] == prefix for prefix in prefixes))
    return found


def _znode(
    znode: ZnodeView, lasts: tuple[bool, ...], owners: Mapping[int, str], watches: Mapping[str, int],
    recipe: tuple[str, bool],
) -> ZnodeFace:  # fmt: skip
    session = znode.stat.ephemeral_owner
    return ZnodeFace(
        path=znode.path, kind=znode.kind, lasts=lasts, data=znode.data, version=znode.stat.version,
        sequential=is_sequential(znode.path), owner=owners.get(session, "") if session else "", session=session,
        watches=watches.get(znode.path, 0), word=recipe[0], held=recipe[1],
    )  # fmt: skip


def _stat(shown: KeeperView, path: str) -> tuple[str, ...]:
    """Of the chosen znode, in words."""
    found = next((each for each in shown.znodes if each.path == path), None)
    return tuple(_stat_words(found, found.stat)) if found is not None else ()


def _stat_words(znode: ZnodeView, stat: Stat) -> Iterator[str]:
    yield f"version {stat.version}"
    yield f"czxid {zxid_words(stat.czxid)}"
    yield f"mzxid {zxid_words(stat.mzxid)}"
    yield f"{stat.num_children} children"
    yield f"cversion {stat.cversion}"
    yield f"pzxid {zxid_words(stat.pzxid)}"
    yield f"{stat.data_length} bytes"
    yield " ".join(f"{each.scheme}:{each.id}:{each.perms}" for each in znode.acl)


# ---------------------------------------------------------------- recipes


def _recipe_words(clients: list[KeeperClientView]) -> dict[str, tuple[str, bool]]:
    """What each znode is to a recipe, and whether it has what it wanted."""
    owners = {recipe.znode: client.name for client in clients for recipe in client.recipes if recipe.znode}
    return {
        recipe.znode: (_recipe(client, recipe, owners), recipe.state in HAS)
        for client in clients
        for recipe in client.recipes
        if recipe.znode
    }


def _recipe(client: KeeperClientView, recipe: RecipeView, owners: Mapping[str, str]) -> str:
    if recipe.state in WORDS:
        return f"{client.name} {WORDS[recipe.state]}"
    return f"{client.name} waits for {owners.get(recipe.waits_for, 'its turn')}"


def _queues(clients: list[KeeperClientView]) -> Iterator[QueueFace]:
    """A line for each path that recipes are at."""
    found: dict[tuple[str, str], list[tuple[str, str, RecipeView]]] = {}
    for client in clients:
        for recipe in client.recipes:
            key = (recipe.path, recipe.recipe)
            found.setdefault(key, []).append((recipe.znode[-10:], client.name, recipe))
    for (path, recipe_name), entries in sorted(found.items(), key=lambda each: each[0]):
        entries.sort(key=lambda each: each[:2])
        yield QueueFace(
            path,
            recipe_name,
            tuple(name for _, name, recipe in entries if recipe.state in HAS),
            tuple(name for _, name, recipe in entries if recipe.state not in HAS),
            max((recipe.token for _, _, recipe in entries if recipe.state in HAS), default=0),
            herd=any(recipe.waits_for == path for _, _, recipe in entries),
        )


# ---------------------------------------------------------------- sessions and clients


def _sessions(
    world: World, known: KeeperView, up: tuple[KeeperView, ...], clients: list[KeeperClientView]
) -> tuple[SessionFace, ...]:
    """Those that live, then those of which a client knows that they have expired."""
    connected = {each.session_id: each.server for view in up for each in view.connections}
    clock = world.node(known.name).clock.read(world.now)
    living = tuple(_session(each, connected.get(each.session_id, ""), clock) for each in known.sessions)
    ids = {each.session_id for each in living}
    gone = tuple(
        SessionFace(client.session_id, client.name, "", client.timeout, expired=True)
        for client in clients
        if client.state == "expired" and client.session_id and client.session_id not in ids
    )
    return (*living, *gone)


def _session(session: SessionView, server: str, clock: int) -> SessionFace:
    left = max(0, session.expires_at - clock) if session.expires_at else -1
    return SessionFace(session.session_id, session.client, server, session.timeout, left, session.ephemerals)


def _client(name: str, view: Record | None) -> KeeperClientFace:
    if not isinstance(view, KeeperClientView):
        return KeeperClientFace(name, up=False)
    return KeeperClientFace(
        name, True, view.state, view.session_id, view.server, view.outstanding, len(view.watches), view.notifications,
        view.done, view.failed, view.unknown,
    )  # fmt: skip


# ---------------------------------------------------------------- on the map and at the top


def keeper_face(now: int, node: Node, service: str, row: KeeperRow, proposals: int) -> NodeFace:
    """A server's card. `proposals` are those under way, of its leader."""
    if not row.up or not node.up:
        return NodeFace(node.name, Role.DOWN, card=CardFace("", "down", "no process"))
    return NodeFace(
        name=node.name, role=row.role, frozen=node.paused, term=row.epoch, last_index=row.logged.counter,
        commit_index=row.committed.counter if row.committed.epoch == row.logged.epoch else 0, waiting=len(node.inbox),
        timer=_bar(now, node, service), card=_card(node, row, proposals),
    )  # fmt: skip


def _bar(now: int, node: Node, service: str) -> Bar | None:
    return bar_of(now, node, service, "zab silence", "zab limit", "zab finalize", "zab notification", "zab ping")


def _card(node: Node, row: KeeperRow, proposals: int) -> CardFace:
    title = zxid_words(row.logged)
    if node.paused:
        return CardFace(title, "frozen", f"{len(node.inbox)} waiting" if node.inbox else "stands still")
    if row.role is Role.LOOKING:
        return CardFace(title, f"→{row.vote}" if row.vote else "", f"votes for {row.vote}" if row.vote else "")
    if row.role is Role.READ_ONLY:
        return CardFace(title, "r/o", "no quorum", loud=True)
    if row.phase != "broadcast":
        return CardFace(title, row.phase[:4], row.phase)
    if row.role is Role.LEADING:
        words = f"{proposals} proposed" if proposals else "all committed"
        return CardFace(title, f"p{proposals}" if proposals else "", words)
    return CardFace(title)


def keeper_client_face(node: Node, view: KeeperClientView) -> NodeFace:
    """A client's card."""
    return NodeFace(
        name=node.name, role=Role.CLIENT, frozen=node.paused, waiting=view.outstanding, done=view.done,
        unsure=view.failed + view.unknown,
    )  # fmt: skip


def keeper_in_words(name: str, keeper: KeeperFrame) -> ServiceFace:
    """For the line at the top."""
    if keeper.leader:
        return ServiceFace(name, "keeper", f"{keeper.leader} leads")
    recovering = next((row for row in keeper.rows if row.role is Role.PROSPECTIVE), None)
    if recovering is not None:
        return ServiceFace(name, "keeper", f"{recovering.node} recovers", False)
    return ServiceFace(name, "keeper", "no leader", False)
