"""A ring server: the one door, and which rule each event goes to.

The law: `handle` is deterministic and touches nothing but `state`. Everything durable comes with `Started`. A request
about keys that names an older epoch is answered with the newer ring and goes no further; so no replica of a new epoch
ever acknowledges a write of an old one.

Checks may read, at any time: `state.ring`, `.storage`, `.hints`, `.membership`, `.moving`, `.settings`.
"""

from __future__ import annotations

from typing import assert_never

from algorithms.machine import Answer, Asked, Effect, Event, Failed, Received, Record, Started, TimerFired
from algorithms.ring import (
    agreement,
    anti_entropy,
    changing,
    coordinating,
    hints,
    moving,
    reconciling,
    replica,
    strays,
    swim,
    tombstones,
)
from algorithms.ring.booting import boot
from algorithms.ring.messages import (
    Accept,
    Accepted,
    Ack,
    ChangeRequest,
    Compare,
    Differ,
    Fetch,
    Fetched,
    FetchKeys,
    KeysFetched,
    Ping,
    PingRequest,
    Prepare,
    Promise,
    RangesHeld,
    ReadRequest,
    RingIs,
    Store,
    Stored,
    WhichRing,
    WriteRequest,
)
from algorithms.ring.picture import view_of
from algorithms.ring.settings import RingSettings
from algorithms.ring.state import State
from algorithms.ring.table import first_ring
from algorithms.ring.view import RingView


class RingMachine:
    """One server. `nodes` are those the cluster begins with; another one waits to be told of a ring that it is in."""

    def __init__(self, name: str, nodes: tuple[str, ...], settings: RingSettings) -> None:
        self.state = State(name, first_ring(nodes, settings), settings)

    def handle(self, event: Event, now: int) -> list[Effect]:
        """One turn. The first event of a life is `Started`; `now` is local time in microseconds."""
        state = self.state
        state.now = now
        effects: list[Effect] = []
        state.effects = effects
        match event:
            case Received():
                receive(state, event.source, event.message)
            case TimerFired():
                ring_timer(state, event.name)
            case Started():
                boot(state, event.saved)
            case Asked():
                effects.append(Answer(event.request_id, Failed("a ring server takes requests as messages")))
            case _:
                assert_never(event)
        return effects

    def view(self) -> RingView:
        """What it holds, believes and does."""
        return view_of(self.state)


# ---------------------------------------------------------------- messages


def receive(state: State, source: str, message: Record) -> None:
    """Which rule takes which message; the epoch is looked at first."""
    match message:
        case Store() | Fetch() | Compare() | FetchKeys():
            if _is_of_our_epoch(state, source, message):
                about_keys(state, source, message)
        case Stored():
            coordinating.stored(state, source, message)
        case Fetched():
            coordinating.fetched(state, source, message)
        case Differ():
            reconciling.differ(state, source, message)
        case KeysFetched(exchange=strays.NUMBER):
            strays.confirmed(state, source, message)
        case KeysFetched():
            reconciling.keys_fetched(state, source, message)
        case Ping():
            swim.ping(state, source, message)
        case Ack():
            swim.ack(state, source, message)
        case PingRequest():
            swim.ping_request(state, source, message)
        case _:
            receive_another(state, source, message)


def receive_another(state: State, source: str, message: Record) -> None:
    """Clients' requests, and what concerns the ring itself."""
    match message:
        case ReadRequest():
            coordinating.read_request(state, source, message)
        case WriteRequest():
            coordinating.write_request(state, source, message)
        case ChangeRequest():
            changing.change_request(state, source, message)
        case RingIs():
            changing.ring_is(state, message)
        case WhichRing():
            state.send(source, RingIs(state.ring))
        case Prepare():
            agreement.prepare(state, source, message)
        case Promise():
            agreement.promise(state, source, message)
        case Accept():
            agreement.accept(state, source, message)
        case Accepted():
            changing.accepted(state, source, message)
        case RangesHeld():
            changing.ranges_held(state, source, message)
        case _:
            raise AssertionError(f"{source} sent a ring server {message}")


def _is_of_our_epoch(state: State, source: str, message: Store | Fetch | Compare | FetchKeys) -> bool:
    """Who is behind is told of our ring; who is ahead is asked for its own. A coordinator that is ahead may go on all
    the same: what we acknowledge to it counts by its newer lists."""
    if message.epoch < state.ring.epoch:
        state.send(source, RingIs(state.ring))
        return False
    if message.epoch > state.ring.epoch:
        state.send(source, WhichRing(state.ring.epoch))
        return isinstance(message, Store | Fetch)
    return True


def about_keys(state: State, source: str, message: Store | Fetch | Compare | FetchKeys) -> None:
    """Between coordinator and replica, and between two that compare a range."""
    match message:
        case Store():
            replica.store(state, source, message)
        case Fetch():
            replica.fetch(state, source, message)
        case Compare():
            reconciling.compare(state, source, message)
        case FetchKeys():
            reconciling.fetch_keys(state, source, message)
        case _:
            assert_never(message)


# ---------------------------------------------------------------- timers


def ring_timer(state: State, timer: str) -> None:
    """Which rule takes which timer: the first word says it, the rest is whose."""
    what, _, whose = timer.partition(" ")
    match what:
        case "op":
            coordinating.timer_ran_out(state, whose)
        case "exchange":
            reconciling.timed_out(state, int(whose))
        case "paced":
            reconciling.go_on(state, int(whose))
        case "hints":
            hints.deliver(state)
        case "anti_entropy":
            anti_entropy.round(state)
        case "strays":
            strays.look(state)
        case "tombstones":
            tombstones.collect(state)
        case "moving":
            moving.go_on(state)
        case "settle":
            changing.settle(state)
        case "proposal":
            changing.proposal_ran_out(state)
        case _:
            membership_timer(state, what, whose)


def membership_timer(state: State, what: str, whose: str) -> None:
    """The timers of SWIM."""
    match what:
        case "probe":
            swim.probe(state)
        case "probe-silent":
            swim.probe_silent(state, int(whose))
        case "probe-failed":
            swim.probe_failed(state, int(whose))
        case "probe-asked":
            swim.forget_asked(state, int(whose))
        case "suspicion":
            swim.suspicion_ran_out(state, whose)
        case _:
            raise AssertionError(f"a ring server has no timer {what} {whose}")
