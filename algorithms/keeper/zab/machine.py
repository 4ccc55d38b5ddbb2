"""A Zab server: what its carrier calls, and which rule each event goes to.

The law: it is deterministic and touches nothing but `state`; whoever carries it begins each turn with `begin_turn`, and
its wishes go where that says. Durable are the cells `zab epochs`, `zab snapshot` and `zab life`, and the journal
`zab log`.

The timers are `zab notification` and `zab finalize` (election), `zab limit` (discovery, synchronisation), a leader's
`zab ping`, a learner's `zab silence`, and the channels' two.
"""

from __future__ import annotations

from algorithms.channels.channels import Arrived, Happened
from algorithms.keeper.settings import KeeperSettings
from algorithms.keeper.zab import election
from algorithms.keeper.zab.application import Application
from algorithms.keeper.zab.broadcast import ack, commit, ping, propose
from algorithms.keeper.zab.discovery import ack_epoch, begin_leading, count_promises, follower_info
from algorithms.keeper.zab.following import begin_following, learn
from algorithms.keeper.zab.history import read
from algorithms.keeper.zab.looking import look
from algorithms.keeper.zab.messages import (
    Ack,
    AckEpoch,
    AckNewLeader,
    Durable,
    FollowerInfo,
    Forwarded,
    Notification,
    PeerSegment,
    Pong,
)
from algorithms.keeper.zab.reigns import Leading, Learner
from algorithms.keeper.zab.state import LIFE, State
from algorithms.keeper.zab.synchronisation import ack_new_leader, count_acknowledgements
from algorithms.keeper.zxid import Zxid
from algorithms.lives import MILLISECOND, Life
from algorithms.machine import Effect, Record, Save, Saved


class Zab:
    """One server of `ensemble` (of which those in `settings.observers` never vote)."""

    def __init__(
        self, name: str, ensemble: tuple[str, ...], settings: KeeperSettings, application: Application
    ) -> None:
        self.state = State(name, ensemble, settings, application)

    def begin_turn(self, now: int, effects: list[Effect]) -> None:
        """Where this turn's wishes go, and what time it is (local, us)."""
        self.state.now, self.state.effects = now, effects
        self.state.channels.begin_turn(now, effects)

    # ------------------------------------------------------------ what the application asks for

    @property
    def leads(self) -> bool:
        """Whether this server leads an established epoch: it may broadcast."""
        return self.state.leading is not None and self.state.phase == "broadcast"

    @property
    def serves(self) -> bool:
        """Whether it leads, or is synchronised with a leader."""
        return self.state.phase == "broadcast"

    def broadcast(self, txn: Record) -> Zxid:
        """Propose `txn`; it will be delivered under this zxid, or never."""
        leading = self.state.leading
        assert leading is not None, f"{self.state.name} broadcasts without leading"
        assert self.leads, f"{self.state.name} broadcasts in {self.state.phase}"
        return propose(self.state, leading, txn)

    def send_to_leader(self, message: Record) -> bool:
        """To the leader's application, in order with all else that goes there; False if there is none to send to."""
        state = self.state
        if self.leads:
            state.application.heard(state.name, message)
        elif state.following is not None and self.serves:
            state.tell_leader(state.following, Forwarded(message), at_once=True)
        return self.serves

    def send_to_follower(self, name: str, message: Record) -> bool:
        """From the leader to a synchronised learner's application, in order with proposals and commits; False if that
        is none."""
        leading = self.state.leading
        learner = leading.learners.get(name) if leading is not None and self.leads else None
        if learner is None or learner.acked is None:
            return False
        self.state.channels.send(name, learner.connection, Forwarded(message), at_once=True)
        return True

    # ------------------------------------------------------------ events

    def start(self, saved: Saved) -> None:
        """Boot with what the last life left behind."""
        state = self.state
        last = saved.cell(LIFE)
        life = max((last.number if isinstance(last, Life) else 0) + 1, state.now // MILLISECOND)
        state.effects.append(Save(LIFE, Life(life)))
        state.channels.start(life)
        read(state, saved)
        look(state, "it boots", "")

    def owns(self, timer: str) -> bool:
        """Whether a timer of the carrier is Zab's."""
        return timer.startswith("zab ")

    def ring(self, timer: str) -> None:
        """One of them ran out. It may have done so just before what it was for had ended."""
        state, settings = self.state, self.state.settings
        match timer:
            case "zab ping" if state.leading is not None:
                ping(state, state.leading)
            case "zab notification" if state.role == "looking":
                election.repeat(state)
            case "zab finalize" if state.role == "looking":
                self._elected(election.finalize(state))
            case "zab silence" if state.following is not None:
                look(state, "it is silent", "Medeiros 2012, 4.2")
            case "zab limit" if state.phase in ("discovery", "synchronisation"):
                look(state, f"{settings.init_limit} ticks were not enough for {state.phase}", "Medeiros 2012, 4.2")
            case "zab ping" | "zab notification" | "zab finalize" | "zab silence" | "zab limit":
                pass
            case _:
                self._happened(state.channels.ring(timer))

    def receive(self, source: str, message: Record) -> bool:
        """Take a message of another server's Zab, or of our own; False if it is none of Zab's."""
        state = self.state
        match message:
            case PeerSegment(segment):
                self._happened(state.channels.receive(source, segment))
            case Notification():
                self._elected(election.notification(state, source, message))
            case Durable():
                self._durable(message)
            case _:
                return False
        return True

    def _elected(self, leader: str | None) -> None:
        if leader == self.state.name:
            begin_leading(self.state)
        elif leader is not None:
            begin_following(self.state, leader)

    def _durable(self, message: Durable) -> None:
        """Our own disk has something, of this reign or of one that is over."""
        state, leading = self.state, self.state.leading
        if leading is None or leading.number != message.reign:
            return
        if message.what == "accepted epoch":
            leading.accepted = True
            count_promises(state, leading)
            return
        leading.acked = message.zxid
        if message.what == "current epoch":
            count_acknowledgements(state, leading)
        else:
            commit(state, leading)

    # ------------------------------------------------------------ channels

    def _happened(self, happened: list[Happened]) -> None:
        for each in happened:
            if isinstance(each, Arrived):
                self._arrived(each.peer, each.connection, each.payload)
            else:
                self._broken(each.peer, each.connection, each.why)

    def _arrived(self, peer: str, connection: int, payload: Record) -> None:
        """Of a leader, of a learner, or of somebody who wants to become one."""
        state, leading, following = self.state, self.state.leading, self.state.following
        learner = leading.learners.get(peer) if leading is not None else None
        if following is not None and (peer, connection) == (following.leader, following.connection):
            learn(state, following, payload)
        elif leading is not None and learner is not None and learner.connection == connection:
            learner.heard_at = leading.half_tick
            self._from_learner(leading, peer, learner, payload)
        elif leading is not None and isinstance(payload, FollowerInfo):
            follower_info(state, leading, peer, connection, payload)
        elif state.role == "looking" and state.votes and isinstance(payload, FollowerInfo):
            state.knocking[peer] = (connection, payload)
        else:
            state.channels.close(peer, connection)

    def _from_learner(self, leading: Leading, name: str, learner: Learner, message: Record) -> None:
        state = self.state
        match message:
            case Ack():
                ack(state, leading, name, learner, message)
            case Pong():
                pass
            case Forwarded(inner):
                state.application.heard(name, inner)
            case AckEpoch():
                ack_epoch(state, leading, name, learner, message)
            case AckNewLeader():
                ack_new_leader(state, leading, name, learner, message)
            case _:
                raise AssertionError(f"{name} sent its leader {message}")

    def _broken(self, peer: str, connection: int, why: str) -> None:
        state, leading, following = self.state, self.state.leading, self.state.following
        if following is not None and (peer, connection) == (following.leader, following.connection):
            look(state, why, "Medeiros 2012, 4.2")
        elif leading is not None and peer in leading.learners and leading.learners[peer].connection == connection:
            del leading.learners[peer]
        elif state.knocking.get(peer, (0, None))[0] == connection:
            del state.knocking[peer]
