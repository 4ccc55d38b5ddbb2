"""The acceptor in phase 1: it promises, and tells what it has accepted (Paxos Made Simple, section 2.2; section 3).

The law: a promise is on disk before it is told, and it never goes back.
"""

from __future__ import annotations

from algorithms.paxos.messages import Prepare, PrePrepare, PrePromise, Promise, Refused
from algorithms.paxos.roles import become_follower, promise_ballot
from algorithms.paxos.state import State

PRE_PREPARE = "dissertation 9.6"
PHASE_1B = "Paxos Made Simple 2.2"
LEASE = "Paxos Made Live 5.2"


def pre_prepare(state: State, source: str, message: PrePrepare) -> None:
    """Say whether we miss a leader, too."""
    granted = not _hears_leader(state)
    if not granted:
        state.note(f"advises {source} to make no new ballot: it hears {state.leader or 'a leader'}", PRE_PREPARE)
    state.send(source, PrePromise(message.attempt, granted, state.promised, state.commit_index))


def prepare(state: State, source: str, message: Prepare) -> None:
    """Phase 1b: if the ballot is higher than all before, promise; the same one again is answered again."""
    ballot, promised = message.ballot, state.promised
    if ballot < promised:
        state.note(f"refuses to prepare {ballot}: it has promised {promised}", PHASE_1B)
        state.send(source, Refused(ballot, promised))
        return
    if ballot > promised:
        if state.settings.leader_stickiness and _hears_leader(state) and not message.handover:
            state.note(f"does not hear {source} prepare {ballot}: it has just heard {state.leader}", LEASE)
            return
        become_follower(state, f"{source} prepares {ballot}", PHASE_1B)
        state.leader = None
        promise_ballot(state, ballot)
        state.note(f"promises {ballot}: it will accept nothing below, in any slot", PHASE_1B)
        state.effects.append(state.election_timer)
    state.send(source, _promise(state, message))


def _hears_leader(state: State) -> bool:
    return state.role == "leader" or state.heard_lately()


def _promise(state: State, message: Prepare) -> Promise:
    """All that is accepted from there on, or the first part of it."""
    acceptor, first = state.acceptor, message.first_slot
    accepted = tuple(acceptor.proposals(first, acceptor.last_slot))
    part = accepted[: state.settings.max_batch]
    next_slot = part[-1].slot + 1 if len(part) < len(accepted) else 0
    return Promise(message.ballot, first, part, next_slot, state.commit_index)
