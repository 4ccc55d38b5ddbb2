"""Who shall propose: whoever misses the leader first (Paxos Made Simple, section 2.4: elect one, by time-outs).

The law: safety needs nothing of this. It keeps the peace: before a new ballot is made, a quorum says that it misses a
leader as well, so that a server that was away deposes nobody.
"""

from __future__ import annotations

from algorithms.paxos.learning import ask
from algorithms.paxos.messages import PrePrepare, PrePromise, TakeOver
from algorithms.paxos.preparing import make_ballot
from algorithms.paxos.roles import become_follower, see
from algorithms.paxos.state import NEVER, State

PRE_PREPARE = "dissertation 9.6"
RECONFIGURING = "Lamport, Malkhi, Zhou 2010"


def election_timer_ran_out(state: State) -> None:
    """No word from a leader for an election timeout, so there must be a new one."""
    if state.role == "leader":
        return
    state.heard_at = NEVER
    if not state.may_count():
        _ask_around(state)
    elif state.settings.pre_prepare:
        _probe(state)
    else:
        make_ballot(state)


def _probe(state: State) -> None:
    """Do others miss a leader? Nothing changes by asking."""
    become_follower(state, "too few have promised in time", "Paxos Made Simple 2.4")
    state.role, state.leader, state.granted = "probing", None, {state.name: None}
    state.note("its timer ran out: asks who misses a leader as well", PRE_PREPARE)
    _ask(state)
    if _has_quorums(state):
        make_ballot(state)


def _ask_around(state: State) -> None:
    """An outsider makes no ballots. But it may count by now, and those who have decided so may count no more and have
    no leader to tell it: so it asks, until a quorum of those who count knows no more than it does itself."""
    become_follower(state, "it is no acceptor", RECONFIGURING)
    state.leader, state.granted = None, {}
    if state.relieved:
        return
    state.note("hears of no leader, and is no acceptor: asks whether that is so still", RECONFIGURING)
    _ask(state)


def _ask(state: State) -> None:
    state.attempt += 1
    state.effects.append(state.election_timer)
    names = {name: None for each in state.configurations.since(state.commit_index + 1) for name in each.acceptors}
    for name in names:
        if name != state.name:
            state.send(name, PrePrepare(state.attempt))


def _has_quorums(state: State) -> bool:
    """Of every configuration that counts behind our commit index."""
    for configuration in state.configurations.since(state.commit_index + 1):
        count = sum(name in state.granted for name in configuration.acceptors)
        if count < state.quorums_among(configuration).phase_1:
            return False
    return True


def pre_promise(state: State, source: str, message: PrePromise) -> None:
    """Somebody misses a leader, or does not."""
    see(state, message.promised)
    if message.attempt != state.attempt:
        return
    if state.role == "probing" and message.granted:
        state.granted[source] = None
        if _has_quorums(state):
            make_ballot(state)
    elif state.leader is None and not state.may_count():
        _told(state, source, message.commit_index)


def _told(state: State, source: str, commit_index: int) -> None:
    """An outsider hears how far somebody knows."""
    if commit_index > state.commit_index:
        ask(state, source)
        return
    state.granted[source] = None
    state.relieved = _has_quorums(state)


def take_over(state: State, source: str, message: TakeOver) -> None:
    """The leader hands over: make the next ballot at once, and ask nobody."""
    see(state, message.ballot)
    if state.role != "leader" and message.ballot >= state.promised and state.may_count():
        state.note(f"is to take over from {source}: does not wait for its timer", "dissertation 3.10")
        make_ballot(state, handover=message.ballot)
