"""A server of the keeper: the one door, and which rule each event goes to.

The law: `handle` is deterministic and touches nothing but `state`. Zab carries the transactions (cells and journal
`zab ...`), the tree is made of what it delivers, and clients talk through channels of their own. Durable besides are
`life` and the `resource ...` cells.

Checks may read, at any time and cheaply: `state.tree` (`last_zxid`, `digest`, `sessions`, `ephemerals`),
`state.zab.state`, `state.by_session`, `state.watches`, `state.resources.held`.

The timers are Zab's, the channels' two, and `keeper touch`, `keeper expire`, `keeper clean`.
"""

from __future__ import annotations

from algorithms.channels.channels import LIVES
from algorithms.channels.segment import Segment
from algorithms.keeper import delivering, obeying, reigning, serving
from algorithms.keeper.forwarding import MovedAway, Revalidated, Synced, Touched
from algorithms.keeper.messages import ReadResource, WriteResource
from algorithms.keeper.picture import view_of
from algorithms.keeper.settings import KeeperSettings
from algorithms.keeper.state import State
from algorithms.keeper.tree.data_tree import Contents
from algorithms.keeper.txns import Txn
from algorithms.keeper.view import KeeperView
from algorithms.keeper.zxid import Zxid
from algorithms.lives import Life, next_life
from algorithms.machine import Answer, Asked, Effect, Event, Failed, Received, Record, Save, Saved, Started, TimerFired


class Server:
    """What Zab delivers to: see `Application`."""

    state: State

    def deliver(self, zxid: Zxid, txn: Record) -> None:
        """See `Application`."""
        assert isinstance(txn, Txn), f"the keeper's log holds {txn}"
        delivering.deliver(self.state, zxid, txn)

    def snapshot(self) -> Record:
        """See `Application`."""
        return self.state.tree.contents()

    def restore(self, zxid: Zxid, contents: Record | None) -> None:
        """See `Application`."""
        assert contents is None or isinstance(contents, Contents), f"the keeper's snapshot holds {contents}"
        self._dismiss_read_only()
        self.state.tree.restore(contents)

    def established(self) -> None:
        """See `Application`."""
        self._dismiss_read_only()
        reigning.begin(self.state)

    def following(self, leader: str) -> None:
        """See `Application`."""
        self._dismiss_read_only()

    def lost(self) -> None:
        """See `Application`."""
        state = self.state
        state.reign, state.looking_since = None, state.now
        state.touched.clear()
        for connection in tuple(state.connections.values()):
            state.dismiss(connection, "quorum")
        assert state.in_flight == 0, f"{state.name} has {state.in_flight} requests of nobody under way"

    def heard(self, source: str, message: Record) -> None:
        """See `Application`."""
        state = self.state
        if isinstance(message, Revalidated | MovedAway | Synced):
            obeying.from_leader(state, message)
        elif state.reign is not None:
            reigning.heard(state, state.reign, source, message)

    def _dismiss_read_only(self) -> None:
        """There is a quorum again, and they can have whole sessions."""
        for connection in tuple(self.state.connections.values()):
            if connection.read_only:
                self.state.dismiss(connection, "quorum is back")


class KeeperMachine:
    """One server of `ensemble`."""

    def __init__(self, name: str, ensemble: tuple[str, ...], settings: KeeperSettings) -> None:
        server = Server()
        self.state = server.state = State(name, ensemble, settings, server)

    def handle(self, event: Event, now: int) -> list[Effect]:
        """One turn. The first event of a life is `Started`; `now` is local time in microseconds."""
        effects: list[Effect] = []
        state = self.state
        state.now, state.effects = now, effects
        state.zab.begin_turn(now, effects)
        state.channels.begin_turn(now, effects)
        match event:
            case Received(source, message):
                self._receive(source, message)
            case TimerFired(name):
                self._ring(name)
            case Started(saved):
                self._start(saved)
            case Asked(request_id):
                effects.append(Answer(request_id, Failed("a keeper takes requests as messages")))
        if state.late:
            serving.take_late(state)
        return effects

    def _start(self, saved: Saved) -> None:
        state = self.state
        life = next_life(saved, state.now)
        state.effects.append(Save("life", Life(life)))
        state.channels.start(life)
        state.attempts, state.looking_since = life * LIVES, state.now
        state.resources.restore(saved)
        state.zab.start(saved)

    def _receive(self, source: str, message: Record) -> None:
        state = self.state
        if isinstance(message, Segment):
            for each in state.channels.receive(source, message):
                serving.happened(state, each)
        elif isinstance(message, WriteResource):
            state.effects += state.resources.write(source, message)
        elif isinstance(message, ReadResource):
            state.effects += state.resources.read(source, message)
        else:
            known = state.zab.receive(source, message)
            assert known, f"{source} sent a keeper {message}"

    def _ring(self, timer: str) -> None:
        state = self.state
        if state.zab.owns(timer):
            state.zab.ring(timer)
        elif state.channels.owns(timer):
            for each in state.channels.ring(timer):
                serving.happened(state, each)
        elif timer == "keeper touch":
            self._tell_touched()
        elif timer == "keeper expire":
            reigning.look_at_sessions(state)
        else:
            assert timer == "keeper clean", f"a keeper has no timer {timer}"
            reigning.clean(state)

    def _tell_touched(self) -> None:
        """Which sessions were heard here."""
        touched = tuple(self.state.touched)
        self.state.touched.clear()
        if touched:
            self.state.zab.send_to_leader(Touched(touched))

    def view(self) -> KeeperView:
        """See `KeeperView`."""
        return view_of(self.state)
