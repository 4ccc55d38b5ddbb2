"""Coming to lead, and staying in office (Paxos Made Simple, section 3; dissertation 6.2).

The law: first come the values that phase 1 has found, each in its slot, and no-ops in the holes between them; only
behind them anything new.
"""

from __future__ import annotations

from algorithms.machine import CancelTimer, SetTimer
from algorithms.paxos.leading import Leading, Preparation
from algorithms.paxos.members import speak_to_members
from algorithms.paxos.newcomers import look_around
from algorithms.paxos.proposing import assign, repeat_overdue, send_open
from algorithms.paxos.reads import confirm
from algorithms.paxos.roles import become_follower
from algorithms.paxos.rounds import begin_round
from algorithms.paxos.state import CANCEL_ELECTION, State
from algorithms.paxos.transfer import target_advanced
from algorithms.paxos.words import span
from algorithms.replicated.messages import NoOp

STABLE = "Paxos Made Simple 3"
CHECK_QUORUM = "dissertation 6.2"


def lead(state: State, preparation: Preparation) -> None:
    """Phase 1 is over: from now on every value needs phase 2 only."""
    promised = len(preparation.promised)
    state.note(f"leads in ballot {state.ballot}: {promised} have promised it, for all slots", STABLE)
    state.role, state.leader = "leader", state.name
    leading = state.leading = Leading(state.commit_index + 1)
    state.effects += [CANCEL_ELECTION, CancelTimer("prepare"), state.heartbeat_timer]
    if state.settings.check_quorum:
        _watch_quorum(state)
    finish_predecessors(state, leading, preparation)
    speak_to_members(state, leading)
    begin_round(state, leading)
    send_open(state, leading)


def finish_predecessors(state: State, leading: Leading, preparation: Preparation) -> None:
    """Give every slot up to the last one in which anything was accepted what it has to have. A hole gets a no-op, so
    that what stands behind it can be applied (Paxos Made Simple, section 3)."""
    adopted = preparation.adopted
    last = max((slot for slot in adopted if slot >= leading.next_slot), default=leading.next_slot - 1)
    holes = [slot for slot in range(leading.next_slot, last + 1) if slot not in adopted]
    if last >= leading.next_slot:
        state.note(f"proposes again what it has found in {span(leading.next_slot, last)}", STABLE)
    if holes:
        state.note(f"nobody has told of {', '.join(map(str, holes))}: no-ops fill the holes", STABLE)
    for slot in range(leading.next_slot, last + 1):
        assign(leading, adopted[slot].value if slot in adopted else NoOp())
    leading.settled = max(leading.settled, last)
    preparation.adopted = {}


def heartbeat_is_due(state: State) -> None:
    """So that nobody's election timer runs out; and what was lost on the way is sent again."""
    leading = state.leading
    if leading is None:
        return
    state.effects.append(state.heartbeat_timer)
    repeat_overdue(state, leading)
    begin_round(state, leading)
    if leading.reads.waiting or leading.reads.rounds_begun:
        confirm(state, leading)
    if leading.transfer is not None:
        target_advanced(state, leading)
    if leading.change is not None:
        look_around(state, leading)


def check_quorum(state: State) -> None:
    """A leader that has heard no quorum of phase 2 for an election timeout leads nobody."""
    leading = state.leading
    if leading is None:
        return
    slot = state.commit_index + 1
    heard = {name for name, progress in leading.peers if progress.active} | {state.name}
    count = sum(name in heard for name in state.configuration_for(slot).acceptors)
    needed = state.quorums_for(slot).phase_2
    if count >= needed:
        for _, progress in leading.peers:
            progress.active = False
        _watch_quorum(state)
    else:
        why = f"it has heard {count} for an election timeout, and a quorum of phase 2 is {needed}"
        become_follower(state, why, CHECK_QUORUM)


def _watch_quorum(state: State) -> None:
    patience = state.settings.election_timeout_longest
    state.effects.append(SetTimer("check_quorum", patience, patience))
