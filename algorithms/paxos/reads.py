"""Reads that do not pass through the log, and yet are linearizable (Paxos Made Live, section 5.2; dissertation 6.4).

The law: before a read is answered, all is chosen that phase 1 had found; and a quorum has confirmed, after the read
came, that it has promised no higher ballot; or, with a lease, cannot have promised any yet.
"""

from __future__ import annotations

from algorithms import kv
from algorithms.paxos.leading import Caller, Leading, Read
from algorithms.paxos.rounds import begin_round, confirmed_round
from algorithms.paxos.state import State

ROUND = "dissertation 6.4"
LEASE = "Paxos Made Live 5.2"


def read_locally(state: State, caller: Caller, key: str) -> None:
    """Ask nobody. What is answered may be long past."""
    state.note(f"answers a read of {key} from its own store, asking nobody", LEASE)
    state.reply(caller, "ok", state.store.apply(kv.Get(key)))


def take_read(state: State, leading: Leading, caller: Caller, key: str) -> None:
    """A read for the leader. Until all is chosen that phase 1 has found, an older leader may have chosen some of it,
    and have answered for it."""
    if state.commit_index < leading.settled:
        leading.reads.held.append(Read(caller, key))
        state.note(f"keeps a read of {key} until slot {leading.settled} is chosen", ROUND)
    elif has_lease(state, leading):
        state.note(f"answers a read of {key} under its lease", LEASE)
        _answer(state, Read(caller, key))
    else:
        _wait_for_round(state, leading, Read(caller, key))


def _wait_for_round(state: State, leading: Leading, read: Read) -> None:
    """Only a round that begins from now on proves anything for this read. Those that come meanwhile share the next."""
    waiting = leading.reads.waiting
    waiting.append(read._replace(round=leading.round + 1))
    if len(waiting) == 1:
        state.note(f"asks a quorum whether it still leads, for a read at slot {state.commit_index}", ROUND)
        begin_round(state, leading)
        confirm(state, leading)


def release_held(state: State, leading: Leading) -> None:
    """All that phase 1 has found is chosen: reads may begin."""
    if leading.reads.held and state.commit_index >= leading.settled:
        held, leading.reads.held = leading.reads.held, []
        for read in held:
            _wait_for_round(state, leading, read)


def confirm(state: State, leading: Leading) -> None:
    """A server has answered a heartbeat round: answer the reads for which a quorum has done so by now."""
    reads = leading.reads
    if state.commit_index < leading.settled:
        return
    confirmed = confirmed_round(state, leading)
    while reads.rounds_begun and reads.rounds_begun[0][0] <= confirmed:
        reads.lease_began = reads.rounds_begun.popleft()[1]
    answered = False
    while reads.waiting and reads.waiting[0].round <= confirmed:
        answered = True
        _answer(state, reads.waiting.popleft())
    if answered and reads.waiting and reads.waiting[0].round > leading.round:
        begin_round(state, leading)


def forget_lease(leading: Leading) -> None:
    """Another quorum counts from now on, and has promised nothing yet."""
    leading.reads.lease_began = None
    leading.reads.rounds_begun.clear()


def has_lease(state: State, leading: Leading) -> bool:
    """Acceptors that have answered the latest confirmed round promise nobody anything for the shortest election timeout
    from its beginning, by their clocks, which may run faster than ours by `lease_drift_bound`. That is
    `leader_stickiness`: without it a lease is worth nothing. (Nor is one by a clock that was set back.)"""
    began, settings = leading.reads.lease_began, state.settings
    if settings.reads != "lease" or began is None or leading.lease_given_up:
        return False
    return 0 <= state.now - began < settings.election_timeout_shortest - settings.lease_drift_bound


def _answer(state: State, read: Read) -> None:
    state.reply(read.caller, "ok", state.store.apply(kv.Get(read.key)))
