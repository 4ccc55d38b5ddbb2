"""Leader election, the voter's side: RequestVote's receiver (Figure 2; paper 5.2, 5.4.1; dissertation 9.6, 4.2.3).

The law: one vote a term, on disk before it is told, and only for a log at least as new as one's own.
"""

from __future__ import annotations

from algorithms.raft.messages import RequestVote, RequestVoteResponse
from algorithms.raft.roles import see_newer_term
from algorithms.raft.state import State

PRE_VOTE = "dissertation 9.6"
STICKINESS = "dissertation 4.2.3"


def request_vote(state: State, source: str, message: RequestVote) -> None:
    """RequestVote, receiver. Who hears a leader takes no part in deposing it, not even by learning the term."""
    if message.pre_vote:
        _answer_pre_vote(state, source, message)
        return
    if message.term > state.current_term:
        if _is_loyal(state) and not message.leadership_transfer:
            leader = "itself" if state.role == "leader" else state.leader or "a leader"
            state.note(f"ignores {source}'s campaign for term {message.term}: it has just heard {leader}", STICKINESS)
            return
        see_newer_term(state, message.term, source)
    reason = _why_not(state, message)
    if not reason:
        _grant(state, message.candidate_id)
    else:
        state.note(f"refuses {source} its vote in term {message.term}: {reason[0]}", reason[1])
    state.send(source, RequestVoteResponse(state.current_term, not reason))


def _grant(state: State, candidate: str) -> None:
    if state.voted_for != candidate:
        state.voted_for = candidate
        state.save_hard_state()
        state.note(f"votes for {candidate} in term {state.current_term}", "Raft 5.2, 5.4")
    state.effects.append(state.election_timer)


def _is_loyal(state: State) -> bool:
    return state.settings.leader_stickiness and (state.role == "leader" or state.heard_lately())


def _why_not(state: State, message: RequestVote) -> tuple[str, str] | None:
    """Why this candidate does not get our vote, with the section; None if it does."""
    if message.term < state.current_term:
        return f"we are in term {state.current_term}", "Raft 5.1"
    if message.term == state.current_term and state.voted_for not in (None, message.candidate_id):
        return f"it has voted for {state.voted_for}", "Raft 5.2"
    return _why_not_its_log(state, message)


def _why_not_its_log(state: State, message: RequestVote) -> tuple[str, str] | None:
    log = state.log
    if log.is_up_to_date(message.last_log_index, message.last_log_term):
        return None
    if message.last_log_term != log.last_term:
        return f"its log ends in term {message.last_log_term}, ours in {log.last_term}", "Raft 5.4.1"
    return f"its log ends at index {message.last_log_index}, ours at {log.last_index}", "Raft 5.4.1"


def _answer_pre_vote(state: State, source: str, message: RequestVote) -> None:
    """Say what we would say. A yes repeats the term that was asked about, for ours is an older one."""
    if state.role == "leader" or state.heard_lately():
        reason: tuple[str, str] | None = f"{state.leader or 'a leader'} leads", PRE_VOTE
    else:
        reason = _why_not(state, message)
    if reason:
        state.note(f"would not vote for {source} in term {message.term}: {reason[0]}", reason[1])
    term = state.current_term if reason else message.term
    state.send(source, RequestVoteResponse(term, not reason, True))
