"""Who is alive: SWIM (Das, Gupta, Motivala, "SWIM: Scalable Weakly-consistent Infection-style Process Group Membership
Protocol", DSN 2002).

The law: this is suspicion, not membership. Who is a member stands in the ring's table; a node that is suspected or dead
here still owns its ranges, and others only stand in for it. Dead nodes are probed on, so that both sides of a partition
find each other again. Order and targets come from a stable hash, since a machine has no dice.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

from algorithms.ring.messages import Ack, Ping, PingRequest, RingIs, Status, WhichRing

if TYPE_CHECKING:
    from algorithms.ring.state import State

ALIVE, SUSPECTED, DEAD = "alive", "suspected", "dead"
WORSE = {ALIVE: 0, SUSPECTED: 1, DEAD: 2}
NEWS_IN_A_MESSAGE = 6
PAPER = "SWIM 3.1"
SUSPICION = "SWIM 4.2"


class Membership:
    """What one node believes of the others."""

    __slots__ = ("asked_for", "incarnation", "news", "order", "probes", "round", "sequence", "standing", "told")

    def __init__(self) -> None:
        self.incarnation = 0
        """Our own: only we may raise it, to contradict a suspicion (4.2)."""
        self.standing: dict[str, Status] = {}
        """The last word on each node that there was news of; all others are taken to be alive."""
        self.news: dict[str, Status] = {}
        self.told: dict[str, int] = {}
        """How often each piece of news has been passed on."""
        self.order: list[str] = []
        """Whom this round has yet to probe, the next one last (4.3, round-robin)."""
        self.round = 0
        self.sequence = 0
        self.probes: dict[int, str] = {}
        """Probes that are not answered, by sequence."""
        self.asked_for: dict[int, tuple[str, str, int]] = {}
        """Probes on behalf of another: by our sequence, whom of, who asked, and under which sequence of its own."""

    def is_alive(self, node: str) -> bool:
        """Nothing bad is known of it."""
        return self.status(node) == ALIVE

    def status(self, node: str) -> str:
        """`alive`, `suspected` or `dead`."""
        known = self.standing.get(node)
        return known.status if known else ALIVE


def start(state: State, life: int) -> None:
    """A new life: probes begin, and its incarnation is above the ones that the lives before it began with."""
    state.membership.incarnation = life
    _tell(state, Status(state.name, ALIVE, life))
    state.set_timer("probe", 0, state.settings.probe_interval)


# ---------------------------------------------------------------- probing: 3.1


def probe(state: State) -> None:
    """A protocol period begins: ping the next node of the round."""
    state.set_timer("probe", state.settings.probe_interval)
    target = _next_target(state)
    if target is None:
        return
    sequence = _sequence(state)
    state.membership.probes[sequence] = target
    state.send_at_once(target, _ping(state, sequence, target))
    state.set_timer(f"probe-silent {sequence}", state.settings.probe_timeout)


def probe_silent(state: State, sequence: int) -> None:
    """No direct answer: ask others to try (3.1)."""
    target = state.membership.probes.get(sequence)
    if target is None:
        return
    others = [name for name in _shuffled(state, sequence) if name != target and state.is_alive(name)]
    for helper in others[: state.settings.indirect_probes]:
        state.send_at_once(helper, PingRequest(sequence, target, _some_news(state, helper)))
    state.set_timer(f"probe-failed {sequence}", 2 * state.settings.probe_timeout)


def probe_failed(state: State, sequence: int) -> None:
    """Nobody could reach it: suspect it (4.2)."""
    target = state.membership.probes.pop(sequence, None)
    if target is not None and state.membership.status(target) == ALIVE:
        known = state.membership.standing.get(target)
        hear(state, Status(target, SUSPECTED, known.incarnation if known else 0))


def ping(state: State, source: str, message: Ping) -> None:
    """Answer; whoever pings is alive."""
    _listen(state, source, message.epoch, message.proposer, message.news)
    _seen_alive(state, source)
    state.send_at_once(source, _ack(state, message.sequence, state.name, source))


def ping_request(state: State, source: str, message: PingRequest) -> None:
    """Probe on behalf of another."""
    _hear_all(state, message.news)
    if message.target == state.name:
        state.send_at_once(source, _ack(state, message.sequence, state.name, source))
        return
    sequence = _sequence(state)
    state.membership.asked_for[sequence] = (message.target, source, message.sequence)
    state.send_at_once(message.target, _ping(state, sequence, message.target))
    state.set_timer(f"probe-asked {sequence}", 2 * state.settings.probe_timeout)


def forget_asked(state: State, sequence: int) -> None:
    """The one we pinged for another did not answer us either; the other finds out by itself."""
    state.membership.asked_for.pop(sequence, None)


def ack(state: State, source: str, message: Ack) -> None:
    """It is alive; pass that on if somebody else wanted to know."""
    _listen(state, source, message.epoch, message.proposer, message.news)
    _seen_alive(state, message.node)
    target, asker, theirs = state.membership.asked_for.get(message.sequence, ("", "", 0))
    if target == message.node:
        del state.membership.asked_for[message.sequence]
        state.cancel_timer(f"probe-asked {message.sequence}")
        state.send_at_once(asker, _ack(state, theirs, message.node, asker))
    elif state.membership.probes.get(message.sequence) == message.node:
        del state.membership.probes[message.sequence]
        state.cancel_timer(f"probe-silent {message.sequence}")
        state.cancel_timer(f"probe-failed {message.sequence}")


# ---------------------------------------------------------------- news: 4.1 and 4.2


def hear(state: State, status: Status) -> None:
    """Take one piece of news, if it is news: a higher incarnation, or worse of the same (4.2)."""
    if status.node == state.name:
        _contradict(state, status)
        return
    known = state.membership.standing.get(status.node)
    if known is not None and (status.incarnation, WORSE[status.status]) <= (known.incarnation, WORSE[known.status]):
        return
    _believe(state, status)


def suspicion_ran_out(state: State, node: str) -> None:
    """It did not contradict in time: it is dead to us, until it speaks again."""
    known = state.membership.standing.get(node)
    if known is not None and known.status == SUSPECTED:
        _believe(state, Status(node, DEAD, known.incarnation))


def _believe(state: State, status: Status) -> None:
    before = state.membership.status(status.node)
    state.membership.standing[status.node] = status
    _tell(state, status)
    if status.status == SUSPECTED:
        state.set_timer(f"suspicion {status.node}", state.settings.suspicion_time)
    elif before == SUSPECTED:
        state.cancel_timer(f"suspicion {status.node}")
    if status.status != before:
        state.note(_sentence(before, status), SUSPICION)


def _sentence(before: str, status: Status) -> str:
    match status.status:
        case "suspected":
            return f"suspects {status.node}: neither it nor those asked to try had an answer from it"
        case "dead":
            return f"counts {status.node} as dead: nobody has contradicted"
        case _:
            return f"{status.node} is alive again" if before == DEAD else f"{status.node} is alive after all"


def _contradict(state: State, status: Status) -> None:
    """Somebody thinks ill of us: only a higher incarnation of our own settles that, and it must be heard of."""
    members = state.membership
    if status.status != ALIVE:
        members.incarnation = max(members.incarnation, status.incarnation + 1)
        if members.news.get(state.name) != Status(state.name, ALIVE, members.incarnation):
            _tell(state, Status(state.name, ALIVE, members.incarnation))


def _seen_alive(state: State, node: str) -> None:
    """We have its own word, which is better than anybody's news; others learn of it from the node itself."""
    known = state.membership.standing.get(node)
    if known is not None and known.status != ALIVE:
        state.membership.standing[node] = Status(node, ALIVE, known.incarnation)
        state.membership.news.pop(node, None)
        state.cancel_timer(f"suspicion {node}")
        state.note(_sentence(known.status, state.membership.standing[node]), SUSPICION)


def _tell(state: State, status: Status) -> None:
    state.membership.news[status.node] = status
    state.membership.told[status.node] = 0


def _some_news(state: State, target: str) -> tuple[Status, ...]:
    """What has been told the least, and whatever `target` should know that is said of it (4.1)."""
    members = state.membership
    if not members.news and target not in members.standing:
        return ()
    most = 3 * len(state.ring.members).bit_length()
    chosen = sorted(members.news, key=lambda node: (members.told[node], node))[:NEWS_IN_A_MESSAGE]
    found = [members.news[node] for node in chosen]
    for node in chosen:
        members.told[node] += 1
        if members.told[node] >= most:
            del members.news[node]
    own = members.standing.get(target)
    if own is not None and own.status != ALIVE and own not in found:
        found.append(own)
    return tuple(found)


def _hear_all(state: State, news: tuple[Status, ...]) -> None:
    for status in news:
        hear(state, status)


# ---------------------------------------------------------------- the ring travels along


def _listen(state: State, source: str, epoch: int, proposer: str, news: tuple[Status, ...]) -> None:
    """News, and who knows the newer ring tells the other."""
    _hear_all(state, news)
    theirs, ours = (epoch, proposer), (state.ring.epoch, state.ring.proposer)
    if theirs < ours:
        state.send(source, RingIs(state.ring))
    elif theirs > ours:
        state.send(source, WhichRing(state.ring.epoch))


def _ping(state: State, sequence: int, target: str) -> Ping:
    return Ping(sequence, state.ring.epoch, state.ring.proposer, _some_news(state, target))


def _ack(state: State, sequence: int, node: str, target: str) -> Ack:
    return Ack(sequence, node, state.ring.epoch, state.ring.proposer, _some_news(state, target))


# ---------------------------------------------------------------- whom to probe: 4.3


def _sequence(state: State) -> int:
    state.membership.sequence += 1
    return state.membership.sequence


def _next_target(state: State) -> str | None:
    """Each round has everybody once, in an order of its own, so that a failure is found within a bounded time."""
    members = state.membership
    while members.order:
        target = members.order.pop()
        if target in state.everyone:
            return target
    members.round += 1
    members.order = _shuffled(state, members.round)
    return members.order.pop() if members.order else None


def _shuffled(state: State, salt: int) -> list[str]:
    others = [name for name in state.everyone if name != state.name]
    return sorted(others, key=lambda name: blake2b(f"{state.name}:{salt}:{name}".encode(), digest_size=8).digest())
