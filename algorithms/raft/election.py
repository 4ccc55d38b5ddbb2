"""Leader election, the candidate's side: timers, PreVote, RequestVote (Figure 2; paper 5.2; dissertation 9.6).

The law: term and vote are on disk before anybody is asked. A candidate's vote for itself is no exception to the rule
for votes: it counts when the disk has it, so it comes as a message to oneself.
"""

from __future__ import annotations

from algorithms.raft.leadership import become_leader
from algorithms.raft.majorities import has_majority, members
from algorithms.raft.membership import may_campaign
from algorithms.raft.messages import RequestVote, RequestVoteResponse, TimeoutNow
from algorithms.raft.roles import see_newer_term
from algorithms.raft.state import NEVER, State

PRE_VOTE = "dissertation 9.6"


def election_timer_ran_out(state: State) -> None:
    """Followers and candidates: no word from a leader for an election timeout, so one must be elected."""
    if state.role == "leader":
        return
    state.heard_at = NEVER
    if not may_campaign(state):
        state.note("hears of no leader, but is no voter: waits", "dissertation 4.2.1")
    elif state.settings.pre_vote:
        ask_for_pre_votes(state)
    else:
        campaign(state)


def ask_for_pre_votes(state: State) -> None:
    """Would they vote for us in the next term? Nothing changes by asking."""
    state.role, state.leader, state.votes = "pre_candidate", None, {state.name: True}
    state.effects.append(state.election_timer)
    state.note(f"its timer ran out: asks who would vote for it in term {state.current_term + 1}", PRE_VOTE)
    if has_majority(state.configuration, state.votes):
        campaign(state)
    else:
        _request_votes(state, state.current_term + 1, pre_vote=True)


def campaign(state: State, leadership_transfer: bool = False) -> None:
    """Candidates: increment current_term, vote for self, reset the timer, send RequestVote to all others."""
    state.role, state.leader, state.votes = "candidate", None, {}
    state.current_term += 1
    state.voted_for = state.name
    state.save_hard_state()
    state.effects.append(state.election_timer)
    state.note(f"candidate of term {state.current_term}, votes for itself", "Raft 5.2")
    state.send(state.name, RequestVoteResponse(state.current_term, True))
    _request_votes(state, state.current_term, leadership_transfer=leadership_transfer)


def _request_votes(state: State, term: int, pre_vote: bool = False, leadership_transfer: bool = False) -> None:
    log = state.log
    request = RequestVote(term, state.name, log.last_index, log.last_term, pre_vote, leadership_transfer)
    configuration = state.configuration
    for name in members(configuration):
        if name != state.name and name not in configuration.learners:
            state.send(name, request)


def request_vote_response(state: State, source: str, message: RequestVoteResponse) -> None:
    """Candidates: count, and lead with a majority. A granted pre-vote names a term that has not begun."""
    if message.term > state.current_term and not (message.pre_vote and message.vote_granted):
        see_newer_term(state, message.term, source)
    elif _is_awaited(state, message):
        state.votes[source] = message.vote_granted or state.votes.get(source, False)
        if not message.vote_granted or not has_majority(state.configuration, state.votes):
            return
        if message.pre_vote:
            campaign(state)
        else:
            become_leader(state)


def _is_awaited(state: State, message: RequestVoteResponse) -> bool:
    """Whether it answers the campaign under way. A refused pre-vote may come from a voter in an older term."""
    if not message.pre_vote:
        return state.role == "candidate" and message.term == state.current_term
    return state.role == "pre_candidate" and (message.term == state.current_term + 1 or not message.vote_granted)


def timeout_now(state: State, source: str, message: TimeoutNow) -> None:
    """The leader hands over: campaign at once, without PreVote (dissertation 3.10)."""
    if message.term > state.current_term:
        see_newer_term(state, message.term, source)
    if message.term == state.current_term and state.role != "leader" and may_campaign(state):
        state.note(f"is to take over from {source}: does not wait for its timer", "dissertation 3.10")
        campaign(state, leadership_transfer=True)
