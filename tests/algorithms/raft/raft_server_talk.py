"""How tests talk to one Raft server: set it up, say one thing to it, look at what it wishes for.

A log is written by its terms: `(1, 1, 2)` are three entries, of which two are of term 1.
"""

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
from algorithms.raft.machine import RaftMachine
from algorithms.raft.messages import (
    AppendEntries,
    AppendEntriesResponse,
    Configuration,
    Entry,
    HardState,
    LogSaved,
    RequestVoteResponse,
    Snapshot,
)
from algorithms.raft.settings import RaftSettings
from algorithms.replicated.messages import ClientCommand, ClientRequest

THREE = ("n1", "n2", "n3")
FIVE = ("n1", "n2", "n3", "n4", "n5")


def entry(index: int, term: int) -> Entry:
    """The entry that stands at `index` in a log that has `term` there."""
    return Entry(term, ClientCommand(f"t{term}", index, 1, kv.Put("x", f"{index}:{term}")))


def entries(first: int, *terms: int) -> tuple[Entry, ...]:
    return tuple(entry(index, term) for index, term in enumerate(terms, first))


def saved(
    log: tuple[int, ...] = (),
    term: int | None = None,
    voted_for: str | None = None,
    snapshot: Snapshot | None = None,
    first: int = 1,
) -> Saved:
    """What a server finds on its disk; its term is the last entry's if nothing else is said."""
    term = term if term is not None else max(log, default=0)
    cells = [Cell("hard_state", HardState(term, voted_for))] + ([Cell("snapshot", snapshot)] if snapshot else [])
    return Saved(tuple(cells), (Journal("log", first, entries(first, *log)),))


def server(
    log: tuple[int, ...] = (),
    term: int | None = None,
    voted_for: str | None = None,
    voters: tuple[str, ...] = THREE,
    name: str = "n1",
    snapshot: Snapshot | None = None,
    first: int = 1,
    **settings: object,
) -> RaftMachine:
    """A server that has just booted, without PreVote if nothing else is said."""
    settings = {"pre_vote": False, **settings}
    machine = RaftMachine(name, Configuration(voters), RaftSettings(**settings))  # type: ignore[arg-type]
    machine.handle(Started(saved(log, term, voted_for, snapshot, first)), 0)
    return machine


def candidate(log: tuple[int, ...] = (), **about: object) -> RaftMachine:
    """A server whose timer ran out, and whose vote for itself is on disk."""
    machine = server(log, **about)  # type: ignore[arg-type]
    machine.handle(TimerFired("election"), 0)
    hear(machine, "n1", RequestVoteResponse(machine.state.current_term, True))
    return machine


def leader(log: tuple[int, ...] = (), **about: object) -> RaftMachine:
    """A server that has just won the term behind its last entry's."""
    machine = candidate(log, **about)
    for name in machine.state.configuration.voters[1:]:
        if machine.state.role != "leader":
            hear(machine, name, RequestVoteResponse(machine.state.current_term, True))
    assert machine.state.role == "leader"
    return machine


def settled_leader(log: tuple[int, ...] = (), **about: object) -> RaftMachine:
    """A leader whose whole log, no-op and all, is on everybody's disk and committed."""
    machine = leader(log, **about)
    settle(machine)
    return machine


def settle(machine: RaftMachine) -> None:
    """Everybody has everything."""
    save_own_log(machine)
    for name in [name for name, _ in machine.state.leading.peers]:  # type: ignore[union-attr]
        acknowledge(machine, name)


def hear(machine: RaftMachine, source: str, message: Record, now: int = 0) -> list[Effect]:
    return machine.handle(Received(source, message), now)


def fire(machine: RaftMachine, timer: str, now: int = 0) -> list[Effect]:
    return machine.handle(TimerFired(timer), now)


def acknowledge(machine: RaftMachine, name: str, index: int | None = None, now: int = 0) -> list[Effect]:
    """`name` says that its log agrees up to `index`, or to the end."""
    state = machine.state
    match_index = state.log.last_index if index is None else index
    number = state.leading.round if state.leading else 0
    return hear(machine, name, AppendEntriesResponse(state.current_term, True, match_index, number), now)


def save_own_log(machine: RaftMachine) -> list[Effect]:
    """The leader's own disk has everything."""
    state = machine.state
    return hear(machine, state.name, LogSaved(state.current_term, state.log.last_index))


def append_entries(
    term: int, prev: tuple[int, int] = (0, 0), new: tuple[int, ...] = (), commit: int = 0, leader_id: str = "n2"
) -> AppendEntries:
    """`prev` is (index, term); `new` are the terms of the entries behind it."""
    return AppendEntries(term, leader_id, *prev, entries(prev[0] + 1, *new), commit, 1)


def put(value: str, sequence: int = 1, first_unanswered: int = 1, client_id: str = "c1.1") -> ClientRequest:
    return ClientRequest(ClientCommand(client_id, sequence, first_unanswered, kv.Put("x", value)))


def get(sequence: int = 1) -> ClientRequest:
    return ClientRequest(ClientCommand("c1.1", sequence, 1, kv.Get("x")))


# ---------------------------------------------------------------- what came of it


def sends(effects: list[Effect], *kinds: type) -> list[tuple[str, Record]]:
    """Whom it tells what, of these kinds of messages."""
    found = [(effect.target, effect.message) for effect in effects if isinstance(effect, Send)]
    return [(target, message) for target, message in found if not kinds or isinstance(message, kinds)]


def told(effects: list[Effect], target: str) -> Record:
    """The one thing it tells `target`."""
    messages = [message for name, message in sends(effects) if name == target]
    assert len(messages) == 1, f"{target} is told {messages}"
    return messages[0]


def writes(effects: list[Effect]) -> list[Effect]:
    return [effect for effect in effects if isinstance(effect, Save | Append)]


def terms(machine: RaftMachine) -> tuple[int, ...]:
    """Its log, by terms."""
    return tuple(each.term for each in machine.state.log.entries)


def notes(effects: list[Effect]) -> str:
    return "\n".join(f"{effect.text} [{effect.source}]" for effect in effects if isinstance(effect, Note))


def is_behind(effects: list[Effect], later: type, earlier: type) -> bool:
    """Every `later` effect stands behind an `earlier` one, and is not sent at once."""
    kinds = [type(effect) for effect in effects]
    waits = all(not effect.at_once for effect in effects if isinstance(effect, Send))
    return earlier in kinds and later in kinds and kinds.index(earlier) < kinds.index(later) and waits
