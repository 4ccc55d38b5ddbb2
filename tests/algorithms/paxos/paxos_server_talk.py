"""How tests talk to one Multi-Paxos server: set it up, say one thing to it, look at what it wishes for."""

from __future__ import annotations

from algorithms import kv
from algorithms.machine import (
    Append,
    Cell,
    Effect,
    Journal,
    Note,
    Received,
    Record,
    Save,
    Saved,
    Send,
    Started,
    TimerFired,
)
from algorithms.paxos.ballot import NO_BALLOT, Ballot
from algorithms.paxos.machine import PaxosMachine
from algorithms.paxos.messages import (
    Accept,
    Accepted,
    AcceptorState,
    Configuration,
    HeartbeatReply,
    Promise,
    Proposal,
    Snapshot,
    Value,
)
from algorithms.paxos.settings import PaxosSettings
from algorithms.replicated.messages import ClientCommand, ClientRequest, ClientResponse

THREE = ("n1", "n2", "n3")
FIVE = ("n1", "n2", "n3", "n4", "n5")


def ballot(round_: int, proposer: str = "n2") -> Ballot:
    return Ballot(round_, proposer)


def value(text: str) -> ClientCommand:
    """A client's command that sets x to `text`."""
    return ClientCommand(f"c.{text}", 1, 1, kv.Put("x", text))


def proposal(slot: int, number: Ballot, text: str) -> Proposal:
    return Proposal(slot, number, value(text))


def accept(number: Ballot, first: int, *texts: str, commit: int = 0) -> Accept:
    return Accept(number, first, tuple(value(text) for text in texts), commit)


def saved(
    *log: Proposal, promised: Ballot = NO_BALLOT, commit: int = 0, snapshot: Snapshot | None = None, first: int = 1
) -> Saved:
    """What a server finds on its disk."""
    cells = (Cell("acceptor", AcceptorState(promised, commit)),)
    return Saved((*cells, Cell("snapshot", snapshot)) if snapshot is not None else cells, (Journal("log", first, log),))


def server(
    *log: Proposal,
    promised: Ballot = NO_BALLOT,
    commit: int = 0,
    acceptors: tuple[str, ...] = THREE,
    name: str = "n1",
    snapshot: Snapshot | None = None,
    **settings: object,
) -> PaxosMachine:
    """A server that has just booted, and asks nobody before it makes a ballot, if nothing else is said."""
    settings = {"pre_prepare": False, **settings}
    machine = PaxosMachine(name, Configuration(acceptors), PaxosSettings(**settings))  # type: ignore[arg-type]
    machine.handle(Started(saved(*log, promised=promised, commit=commit, snapshot=snapshot)), 0)
    return machine


def preparing(*log: Proposal, **about: object) -> PaxosMachine:
    """A server whose timer ran out, and whose own promise is on disk."""
    machine = server(*log, **about)  # type: ignore[arg-type]
    fire(machine, "election")
    promise(machine, machine.state.name)
    return machine


def promise(
    machine: PaxosMachine,
    name: str,
    *accepted: Proposal,
    commit: int = 0,
    next_slot: int = 0,
    now: int = 0,
) -> list[Effect]:
    """`name` promises what it was asked for."""
    preparation = machine.state.preparation
    assert preparation is not None
    first = preparation.asked[name]
    return hear(machine, name, Promise(preparation.ballot, first, accepted, next_slot, commit), now)


def leader(*log: Proposal, **about: object) -> PaxosMachine:
    """A server to which the others have promised, having accepted nothing."""
    machine = preparing(*log, **about)
    for name in machine.state.configuration_for(1).acceptors[1:]:
        if machine.state.role != "leader":
            promise(machine, name)
    assert machine.state.role == "leader"
    return machine


def hear(machine: PaxosMachine, source: str, message: Record, now: int = 0) -> list[Effect]:
    return machine.handle(Received(source, message), now)


def fire(machine: PaxosMachine, timer: str, now: int = 0) -> list[Effect]:
    return machine.handle(TimerFired(timer), now)


def accepts(machine: PaxosMachine, name: str, first: int, last: int | None = None, now: int = 0) -> list[Effect]:
    """`name` says that it has accepted these slots."""
    return hear(machine, name, Accepted(machine.state.ballot, first, last or first), now)


def choose(machine: PaxosMachine, *names: str) -> list[Effect]:
    """The leader and these have accepted all that was sent; what came of it."""
    leading = machine.state.leading
    assert leading is not None
    effects: list[Effect] = []
    for name in (machine.state.name, *(names or ("n2",))):
        effects += accepts(machine, name, 1, leading.sent)
    return effects


def answer_round(machine: PaxosMachine, name: str, commit: int | None = None, now: int = 0) -> list[Effect]:
    """`name` answers the latest heartbeat round; it knows as much as the leader if nothing else is said."""
    state = machine.state
    assert state.leading is not None
    known = state.commit_index if commit is None else commit
    return hear(machine, name, HeartbeatReply(state.ballot, known, state.leading.round), now)


def put(text: str, client_id: str = "c1.1", sequence: int = 1) -> ClientRequest:
    return ClientRequest(ClientCommand(client_id, sequence, 1, kv.Put("x", text)))


def get(sequence: int = 1) -> ClientRequest:
    return ClientRequest(ClientCommand("c9.1", sequence, 1, kv.Get("x")))


# ---------------------------------------------------------------- what came of it


def sends(effects: list[Effect], *kinds: type) -> list[tuple[str, Record]]:
    """Whom it tells what, of these kinds of messages."""
    found = [(effect.target, effect.message) for effect in effects if isinstance(effect, Send)]
    return [(target, message) for target, message in found if not kinds or isinstance(message, kinds)]


def told(effects: list[Effect], target: str, *kinds: type) -> Record:
    """The one thing it tells `target`."""
    messages = [message for name, message in sends(effects, *kinds) if name == target]
    assert len(messages) == 1, f"{target} is told {messages}"
    return messages[0]


def answers(effects: list[Effect]) -> list[ClientResponse]:
    return [message for _, message in sends(effects, ClientResponse) if isinstance(message, ClientResponse)]


def writes(effects: list[Effect]) -> list[Effect]:
    return [effect for effect in effects if isinstance(effect, Save | Append)]


def notes(effects: list[Effect]) -> str:
    return "\n".join(f"{effect.text} [{effect.source}]" for effect in effects if isinstance(effect, Note))


def is_behind(effects: list[Effect], later: type, earlier: type) -> bool:
    """Every message `later` stands behind an effect `earlier`, and is not sent at once."""
    places = [place for place, effect in enumerate(effects) if isinstance(effect, earlier)]
    sent = [(place, effect) for place, effect in enumerate(effects) if isinstance(effect, Send)]
    ours = [(place, effect.at_once) for place, effect in sent if isinstance(effect.message, later)]
    return bool(places and ours) and all(place > places[0] and not at_once for place, at_once in ours)


def log(machine: PaxosMachine) -> dict[int, Value]:
    """What it has accepted, by slot."""
    return {slot: each.value for slot, each in sorted(machine.state.accepted.items())}
