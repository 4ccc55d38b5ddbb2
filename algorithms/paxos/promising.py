"""The acceptor in phase 1: it promises, and tells what it has accepted (Paxos Made Simple, section 2.2; section 3).

The law: a promise is on disk before it is told, and it never goes back.
"""

from __future__ import annotations

from algorithms.paxos.ballot import NO_BALLOT
from algorithms.paxos.messages import Prepare, PrePrepare, PrePromise, Promise, Refused
from algorithms.paxos.roles import become_follower, promise_ballot
from algorithms.paxos.state import State

PRE_PREPARE = "dissertation 9.6"
PHASE_1B = "Paxos Made Simple 2.2"
LEASE = "Paxos Made Live 5.2"


def pre_prepare(state: State, source: str, message: PrePrepare) -> None:
    """Say whether we miss a leader, too."""
    granted = True
    if _hears_leader(state):
        granted = False
        state.note(f"advises {source} to make no new ballot: it hears {state.leader or 'a leader'}", PRE_PREPARE)
    elif _expects_leader(state, source):
        granted = False
        state.note(f"advises {source} to make no new ballot: it has just promised {state.promised}", PRE_PREPARE)
    state.send(source, PrePromise(message.attempt, granted, state.promised, state.commit_index))


def prepare(state: State, source: str, message: Prepare) -> None:
    """Phase 1b: if the ballot is higher than all before, promise; the same one again is answered again."""
    ballot, promised = message.ballot, state.promised
    if ballot < promised:
        state.note(f"refuses to prepare {ballot}: it has promised {promised}", PHASE_1B)
        state.send(source, Refused(ballot, promised))
        return
    if ballot > promised:
        if state.settings.leader_stickiness and _hears_leader(state) and not _is_handed_over(state, message):
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


def _is_handed_over(state: State, message: Prepare) -> bool:
    """The leader that we hear wishes it so itself; another one's old wish counts for nothing."""
    return state.promised != NO_BALLOT and message.handover == state.promised


def _expects_leader(state: State, source: str) -> bool:
    """Somebody else is in phase 1, and shall have the time for it."""
    lately = 0 <= state.now - state.promised_at < state.settings.election_timeout_shortest
    return lately and state.promised.proposer != source


def _promise(state: State, message: Prepare) -> Promise:
    """All that is accepted from there on, or the first part of it."""
    acceptor, first = state.acceptor, message.first_slot
    accepted = tuple(acceptor.proposals(first, acceptor.last_slot))
    part = accepted[: state.settings.max_batch]
    next_slot = part[-1].slot + 1 if len(part) < len(accepted) else 0
    return Promise(message.ballot, first, part, next_slot, state.commit_index)
