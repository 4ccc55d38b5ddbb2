"""A machine that carries Zab, with the simplest application: a list of what was delivered."""

from __future__ import annotations

from zab_laws import Laws

from algorithms.keeper.settings import KeeperSettings
from algorithms.keeper.zab.machine import Zab
from algorithms.keeper.zab.messages import Epochs
from algorithms.keeper.zxid import Zxid
from algorithms.machine import (
    Answer,
    Asked,
    Effect,
    Event,
    Failed,
    Ok,
    Received,
    Record,
    Save,
    Started,
    TimerFired,
)


class Write(Record, frozen=True):
    """A transaction, and the request for it."""

    number: int


class Pair(Record, frozen=True):
    """One delivery."""

    zxid: Zxid
    txn: Record


class Everything(Record, frozen=True):
    """A snapshot of the list."""

    delivered: tuple[Pair, ...]


class Lists:
    """The application. It tells the laws what happens, if there are any."""

    def __init__(self, name: str, laws: Laws | None = None) -> None:
        self.name = name
        self.laws = laws
        self.delivered: list[tuple[Zxid, Record]] = []
        self.told: list[str] = []
        self.zab: Zab

    def deliver(self, zxid: Zxid, txn: Record) -> None:
        if self.laws:
            self.laws.was_delivered(self.name, tuple(self.delivered), zxid, txn)
        self.delivered.append((zxid, txn))

    def snapshot(self) -> Record:
        return Everything(tuple(Pair(zxid, txn) for zxid, txn in self.delivered))

    def restore(self, zxid: Zxid, contents: Record | None) -> None:
        assert contents is None or isinstance(contents, Everything)
        self.delivered = [(each.zxid, each.txn) for each in contents.delivered] if contents else []
        self.told.append("restore")
        if self.laws:
            self.laws.has_restored(self.name, zxid, tuple(self.delivered))

    def established(self) -> None:
        self.told.append("established")
        if self.laws:
            self.laws.has_established(self.name, self.zab.state.current_epoch, tuple(self.delivered))

    def following(self, leader: str) -> None:
        self.told.append(f"following {leader}")

    def lost(self) -> None:
        self.told.append("lost")

    def heard(self, source: str, message: Record) -> None:
        """A request that was passed on to us."""
        if self.zab.leads:
            self.write(message)

    def write(self, txn: Record) -> None:
        zxid = self.zab.broadcast(txn)
        if self.laws:
            self.laws.was_broadcast(self.name, zxid, txn)


class Carrier:
    """Zab and its application as one machine. What it is asked for goes to the leader."""

    def __init__(
        self, name: str, ensemble: tuple[str, ...], settings: KeeperSettings, laws: Laws | None = None
    ) -> None:
        self.application = Lists(name, laws)
        self.zab = self.application.zab = Zab(name, ensemble, settings, self.application)

    def handle(self, event: Event, now: int) -> list[Effect]:
        effects: list[Effect] = []
        self.zab.begin_turn(now, effects)
        match event:
            case Started(saved):
                self.zab.start(saved)
                if self.application.laws:
                    state = self.zab.state
                    self.application.laws.has_booted(state.name, Epochs(state.accepted_epoch, state.current_epoch))
            case Received(source, message):
                assert self.zab.receive(source, message), f"{message} is not Zab's"
            case TimerFired(name):
                assert self.zab.owns(name), f"{name} is not Zab's"
                self.zab.ring(name)
            case Asked(number, command):
                sent = self.zab.send_to_leader(command)
                effects.append(Answer(number, Ok() if sent else Failed("no leader")))
        self._tell_laws(effects)
        return effects

    def _tell_laws(self, effects: list[Effect]) -> None:
        laws = self.application.laws
        for effect in effects:
            if laws and isinstance(effect, Save) and isinstance(effect.value, Epochs):
                laws.has_saved(self.application.name, effect.value)

    def view(self) -> Record:
        return Everything(())
