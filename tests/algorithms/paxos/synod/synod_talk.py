"""How tests talk to one server of the synod: boot it, say one thing to it, look at what it wishes for."""

from __future__ import annotations

from typing import Any

from algorithms.machine import Cell, Effect, Note, Received, Record, Saved, Send, Started, TimerFired
from algorithms.paxos.ballot import NO_BALLOT, Ballot
from algorithms.paxos.synod.acceptor import AcceptorState
from algorithms.paxos.synod.machine import SynodMachine
from algorithms.paxos.synod.messages import Promise, ProposeRequest
from algorithms.paxos.synod.settings import SynodSettings

THREE = ("n1", "n2", "n3")
FIVE = ("n1", "n2", "n3", "n4", "n5")


def ballot(text: str) -> Ballot:
    """`2.n1`; `-` is none."""
    if text == "-":
        return NO_BALLOT
    number, _, proposer = text.partition(".")
    return Ballot(int(number), proposer)


def server(
    name: str = "n1", acceptors: tuple[str, ...] = THREE, saved: Saved | None = None, **settings: Any
) -> SynodMachine:
    """A server that has just booted."""
    machine = SynodMachine(name, acceptors, SynodSettings(**settings))
    machine.handle(Started(saved or Saved()), 0)
    return machine


def remembering(promised: str, accepted: str = "-", value: str | None = None) -> Saved:
    """The disk of an acceptor that has done so."""
    return Saved((Cell("acceptor", AcceptorState(ballot(promised), ballot(accepted), value)),))


def hear(machine: SynodMachine, source: str, message: Record) -> list[Effect]:
    """What it wishes for when this message comes, without what it says about it."""
    return spoken(machine.handle(Received(source, message), 0))


def fire(machine: SynodMachine, timer: str) -> list[Effect]:
    return spoken(machine.handle(TimerFired(timer), 0))


def spoken(effects: list[Effect]) -> list[Effect]:
    return [each for each in effects if not isinstance(each, Note)]


def sent(effects: list[Effect]) -> list[tuple[str, Record]]:
    """Only what leaves, with its targets."""
    return [(each.target, each.message) for each in effects if isinstance(each, Send)]


def to_all(message: Record, acceptors: tuple[str, ...] = THREE) -> list[tuple[str, Record]]:
    return [(each, message) for each in acceptors]


def ask(machine: SynodMachine, value: str, client: str = "c1", sequence: int = 1) -> list[Effect]:
    """A client wants it to propose `value`."""
    return hear(machine, client, ProposeRequest(f"{client}.1", sequence, value))


def proposer(value: str = "red", **about: Any) -> SynodMachine:
    """A server that was asked for `value` and has sent 1.n1 to everybody."""
    machine = server(**about)
    ask(machine, value)
    return machine


def promise(number: str, accepted: str = "-", value: str | None = None) -> Promise:
    return Promise(ballot(number), ballot(accepted), value)
