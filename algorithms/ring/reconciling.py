"""Two nodes compare what they hold and exchange what differs (Dynamo 4.7).

The law: who is asked keeps nothing in mind; all it needs is in the message. When an exchange is done, everything that
the peer held when it was asked is on our disk, and everything we offered is on the peer's; what we send after that may
say so. Only tombstones whose time is over are left where they are.
"""

from __future__ import annotations

from collections import deque
from itertools import islice
from typing import TYPE_CHECKING, Protocol

from algorithms.ring.belongings import tree_for
from algorithms.ring.merkle import FEW, LEAVES, ROOT, Tree, children
from algorithms.ring.messages import Compare, Differ, FetchKeys, KeysFetched
from algorithms.ring.storage import weight
from algorithms.ring.table import Span
from algorithms.ring.tombstones import is_over
from algorithms.ring.versions import Versions

if TYPE_CHECKING:
    from algorithms.ring.state import State

MOST_KEYS = 500
"""Keys that one message asks for."""
SECOND = 1_000_000


class Purpose(Protocol):
    """Why two nodes compare a range, and what becomes of it."""

    @property
    def pull(self) -> bool:
        """Only take what we lack."""

    @property
    def rate(self) -> int:
        """Bytes of values a second that may come; 0 is no limit."""

    def took(self, state: State, keys: int, size: int) -> None:
        """So many keys, with so many bytes of values, were news to us."""

    def done(self, state: State, exchange: Exchange) -> None:
        """See the law."""

    def failed(self, state: State, exchange: Exchange, reason: str) -> None:
        """The peer did not answer, or the ring changed; some keys may have come."""


class Exchange:
    """One comparison that we began."""

    __slots__ = ("number", "offered", "peer", "purpose", "span", "step", "tree", "waiting", "wanted")

    def __init__(self, number: int, peer: str, span: Span | None, purpose: Purpose, tree: Tree) -> None:
        self.number, self.peer, self.span, self.purpose, self.tree = number, peer, span, purpose, tree
        self.wanted: deque[str] = deque()
        """Keys that the peer has otherwise than we."""
        self.offered: deque[str] = deque()
        """Keys that we have otherwise than the peer."""
        self.step = 0
        """The number of the last question."""
        self.waiting = False
        """Whether that question is still open."""

    def ask(self) -> int:
        """The step of a new question."""
        self.step += 1
        self.waiting = True
        return self.step

    def take(self, source: str, step: int) -> bool:
        """Whether this answers the open question, which is closed by that."""
        fits = self.waiting and source == self.peer and step == self.step
        if fits:
            self.waiting = False
        return fits


def begin(state: State, peer: str, span: Span | None, purpose: Purpose) -> int:
    """Compare the keys in `span`, or those that we share with `peer`, and exchange what differs."""
    state.exchange_count += 1
    exchange = Exchange(state.exchange_count, peer, span, purpose, tree_for(state, peer, span))
    state.exchanges[exchange.number] = exchange
    _compare(state, exchange, (ROOT,))
    return exchange.number


def drop_all(state: State) -> None:
    """The ring has changed: what was being compared may not be what matters now."""
    exchanges, state.exchanges = state.exchanges, {}
    for exchange in exchanges.values():
        _cancel(state, exchange)
        exchange.purpose.failed(state, exchange, "the ring changed")


def timed_out(state: State, number: int) -> None:
    """The peer does not answer."""
    exchange = state.exchanges.pop(number, None)
    if exchange is not None:
        exchange.purpose.failed(state, exchange, f"{exchange.peer} does not answer")


def _await(state: State, exchange: Exchange) -> None:
    state.set_timer(f"exchange {exchange.number}", state.settings.exchange_timeout)


def _cancel(state: State, exchange: Exchange) -> None:
    state.cancel_timer(f"exchange {exchange.number}")
    state.cancel_timer(f"paced {exchange.number}")


def _compare(state: State, exchange: Exchange, paths: tuple[int, ...]) -> None:
    digests = tuple(exchange.tree.digest(path) for path in paths)
    state.send(exchange.peer, Compare(state.ring.epoch, exchange.number, exchange.ask(), exchange.span, paths, digests))
    _await(state, exchange)


# ---------------------------------------------------------------- who is asked


def compare(state: State, source: str, message: Compare) -> None:
    """Tell how our tree differs: small subtrees key by key, large ones by their children."""
    tree = tree_for(state, source, message.span)
    opened: list[int] = []
    leaves: list[int] = []
    for path, digest in zip(message.paths, message.digests, strict=True):
        if tree.digest(path) != digest:
            (leaves if path >= LEAVES or tree.count(path) <= FEW else opened).append(path)
    below = [child for path in opened for child in children(path) if tree.digest(child)]
    told = [pair for path in leaves for pair in tree.under(path)]
    state.send(
        source,
        Differ(
            message.exchange,
            message.step,
            tuple(opened),
            tuple(below),
            tuple(tree.digest(child) for child in below),
            tuple(leaves),
            tuple(key for key, _ in told),
            tuple(digest for _, digest in told),
        ),
    )


def fetch_keys(state: State, source: str, message: FetchKeys) -> None:
    """Take what is offered, and send what is wanted, as much as fits."""
    for key, versions in zip(message.keys, message.versions, strict=True):
        state.repaired += _take(state, key, versions)
    keys = _as_many_as_fit(state, message.wanted)
    state.send(source, KeysFetched(message.exchange, message.step, keys, tuple(state.storage.get(key) for key in keys)))


def _take(state: State, key: str, versions: Versions) -> bool:
    """Join it in; whether it was news. Who has forgotten a deleted key in its time is not reminded of it: nodes collect
    at different moments, and would remind each other for ever."""
    if key not in state.storage.keys and is_over(state, versions):
        return False
    return state.storage.join(state, key, versions)


def _as_many_as_fit(state: State, keys: tuple[str, ...] | deque[str]) -> tuple[str, ...]:
    """The first of them, until their values fill a message; at least one, if there is one."""
    chosen: list[str] = []
    size = 0
    for key in keys:
        size += weight(state.storage.get(key))
        if chosen and (size > state.settings.transfer_chunk or len(chosen) == MOST_KEYS):
            break
        chosen.append(key)
    return tuple(chosen)


# ---------------------------------------------------------------- who has asked


def differ(state: State, source: str, message: Differ) -> None:
    """Go down where the peer has told of children; note which keys are to be exchanged."""
    exchange = state.exchanges.get(message.exchange)
    if exchange is None or not exchange.take(source, message.step):
        return
    theirs = dict(zip(message.keys, message.key_digests, strict=True))
    ours = {key: digest for path in message.leaves for key, digest in exchange.tree.under(path)}
    exchange.wanted += [key for key, digest in theirs.items() if ours.get(key) != digest]
    if not exchange.purpose.pull:
        exchange.offered += [key for key, digest in ours.items() if theirs.get(key) != digest]
    digests = dict(zip(message.paths, message.digests, strict=True))
    every = (child for path in message.opened for child in children(path))
    deeper = tuple(child for child in every if exchange.tree.digest(child) != digests.get(child, 0))
    if deeper:
        _compare(state, exchange, deeper)
    else:
        go_on(state, exchange.number)


def go_on(state: State, number: int) -> None:
    """Ask for the next keys and send the next ones, or be done."""
    exchange = state.exchanges.get(number)
    if exchange is None:
        return
    if not exchange.wanted and not exchange.offered:
        _cancel(state, exchange)
        del state.exchanges[number]
        state.exchanges_done += 1
        exchange.purpose.done(state, exchange)
        return
    wanted = tuple(islice(exchange.wanted, MOST_KEYS))
    keys = _as_many_as_fit(state, exchange.offered)
    for _ in keys:
        exchange.offered.popleft()
    versions = tuple(state.storage.get(key) for key in keys)
    state.send(exchange.peer, FetchKeys(state.ring.epoch, number, exchange.ask(), wanted, keys, versions))
    _await(state, exchange)


def keys_fetched(state: State, source: str, message: KeysFetched) -> None:
    """Keep what has come; the rest is asked for when the rate allows it."""
    exchange = state.exchanges.get(message.exchange)
    if exchange is None or not exchange.take(source, message.step):
        return
    for _ in message.keys:
        exchange.wanted.popleft()
    size = _keep(state, exchange, message.keys, message.versions)
    if exchange.purpose.rate and size:
        state.cancel_timer(f"exchange {exchange.number}")
        state.set_timer(f"paced {exchange.number}", size * SECOND // exchange.purpose.rate)
    else:
        go_on(state, exchange.number)


def _keep(state: State, exchange: Exchange, keys: tuple[str, ...], held: tuple[Versions, ...]) -> int:
    """The bytes of the values that were news."""
    new = size = 0
    for key, versions in zip(keys, held, strict=True):
        if _take(state, key, versions):
            new += 1
            size += weight(versions)
    exchange.purpose.took(state, new, size)
    return size
