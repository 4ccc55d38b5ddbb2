"""The acceptor in phase 2, and the leader's other words (Paxos Made Simple, section 2.2; section 3).

The law: an acceptor accepts what is not below its promise, and says so when it is on disk.
"""

from __future__ import annotations

from algorithms.machine import Send
from algorithms.paxos.ballot import Ballot
from algorithms.paxos.learning import ask, learn_accepted
from algorithms.paxos.messages import Accept, Accepted, Heartbeat, HeartbeatReply, Proposal, Refused
from algorithms.paxos.roles import become_follower, promise_ballot
from algorithms.paxos.state import State
from algorithms.paxos.words import describe

PHASE_2B = "Paxos Made Simple 2.2"


def accept(state: State, source: str, message: Accept) -> None:
    """Phase 2b, for some slots at once. What is known to be chosen needs no writing."""
    ballot, first = message.ballot, message.first_slot
    if (ballot != state.acceptor.promised or state.leader != source) and not _follow(state, source, ballot):
        return
    state.heard_at = state.now
    state.effects.append(state.election_timer)
    state.write(_news(state, message))
    if message.commit_index > state.commit_index:
        learn_accepted(state, ballot, message.commit_index)
    state.effects.append(Send(source, Accepted(ballot, first, first + len(message.values) - 1)))


def heartbeat(state: State, source: str, message: Heartbeat) -> None:
    """The leader is there; if it was ahead of us at its last heartbeat already, something was lost on the way."""
    ballot, commit_index = message.ballot, message.commit_index
    if (ballot != state.acceptor.promised or state.leader != source) and not _follow(state, source, ballot):
        return
    state.heard_at = state.now
    state.effects.append(state.election_timer)
    if commit_index > state.commit_index:
        learn_accepted(state, ballot, commit_index)
        if state.commit_index < state.told_commit:
            ask(state, source)
        state.told_commit = commit_index
    state.effects.append(Send(source, HeartbeatReply(ballot, state.commit_index, message.round)))


def _follow(state: State, source: str, ballot: Ballot) -> bool:
    """Whether `source` may lead in `ballot`; if it may, we follow it, and promise the ballot as well."""
    promised = state.promised
    if ballot < promised:
        state.note(f"refuses {source}'s ballot {ballot}: it has promised {promised}", PHASE_2B)
        state.send(source, Refused(ballot, promised))
        return False
    if ballot == state.ballot:
        state.note(f"{source} proposes in our own ballot {ballot}: somebody has lost its disk", PHASE_2B)
        return False
    become_follower(state, f"{source} leads in ballot {ballot}", PHASE_2B)
    if ballot > promised:
        promise_ballot(state, ballot)
    state.leader, state.told_commit, state.relieved = source, 0, False
    state.note(f"follows {source} in ballot {ballot}", PHASE_2B)
    return True


def _news(state: State, message: Accept) -> tuple[Proposal, ...]:
    """What of it is not accepted in this ballot yet."""
    accepted, ballot, commit_index = state.acceptor.accepted, message.ballot, state.commit_index
    news: list[Proposal] = []
    for slot, value in enumerate(message.values, message.first_slot):
        ours = accepted.get(slot)
        if slot <= commit_index:
            if ours is not None and ours.value != value:
                state.note(f"{describe(ours.value)} is chosen in slot {slot}, not {describe(value)}!", PHASE_2B)
        elif ours is None or ours.ballot != ballot:
            news.append(Proposal(slot, ballot, value))
    return tuple(news)
