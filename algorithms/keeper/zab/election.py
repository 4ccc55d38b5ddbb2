"""Fast leader election: everybody tells everybody for whom it votes, until a quorum says the same.

The law: a vote goes only to a better vote; votes of different rounds are not counted together; and nothing of Zab's
safety depends on who is elected (Medeiros 2012, section 3.4; FastLeaderElection.lookForLeader).

ZooKeeper sends votes over TCP, so nobody hears one who does not hear it. Our packets are alone: a vote tells whom its
sender hears, and who is not among them answers and does not take it. Else a deaf server would be elected for ever.
"""

from __future__ import annotations

from algorithms.keeper.zab.messages import Notification, Vote
from algorithms.keeper.zab.state import State
from algorithms.keeper.zab.votes import is_better, is_quorum

SOURCE = "Medeiros 2012, 3.4"


def begin(state: State) -> None:
    """A new round, with a vote for ourselves. An observer only asks."""
    own = _own(state) if state.votes else None
    state.electing.begin(own, state.settings.notification_timeout_shortest)
    if own is not None:
        state.electing.received[state.name] = own
    _tell_all(state)
    _consider_end(state)


def repeat(state: State) -> None:
    """Nothing has come of it: tell it again, and wait for longer."""
    electing, longest = state.electing, state.settings.notification_timeout_longest
    electing.backoff = min(2 * electing.backoff, longest)
    _tell_all(state)


def _own(state: State) -> Vote:
    return Vote(state.name, state.current_epoch, state.last_logged)


def _tell_all(state: State) -> None:
    message = _ours(state)
    for name in state.voters:
        if name != state.name:
            state.send(name, message)
    state.set_timer("notification", state.electing.backoff)


def _ours(state: State) -> Notification:
    electing = state.electing
    heard = tuple(name for name in state.voters if _hears(state, name)) if state.role == "looking" else ()
    return Notification(electing.round, state.role, electing.vote, heard)


def _hears(state: State, name: str) -> bool:
    """Whether a vote of `name` has come lately. (A clock that was set says no, until the next one comes.)"""
    heard_at = state.electing.heard.get(name)
    return heard_at is not None and 0 <= state.now - heard_at <= 2 * state.settings.notification_timeout_longest


# ---------------------------------------------------------------- what comes in


def notification(state: State, source: str, message: Notification) -> str | None:
    """Take somebody's vote; returns whom we have elected, if the election has ended with it."""
    if state.role != "looking":
        if message.role == "looking" and state.role != "observing":
            state.send(source, _ours(state))
        return None
    if source not in state.voters or message.vote is None or message.vote.leader not in state.voters:
        return None
    if message.role != "looking":
        return _settled_vote_received(state, source, message, message.vote)
    if state.votes:
        _vote_received(state, source, message, message.vote)
    return None


def _vote_received(state: State, source: str, message: Notification, vote: Vote) -> None:
    """Of one that looks too: adopt it if its round is newer or its vote better, and count it.

    It is answered if it is of a round that is over, or if it is new to us that we hear its sender.
    """
    electing, is_over = state.electing, message.round < state.electing.round
    if is_over or not _hears(state, source):
        electing.heard[source] = state.now
        state.send(source, _ours(state))
    electing.heard[source] = state.now
    if is_over or state.name not in message.heard:
        return
    if message.round > electing.round:
        _join_round(state, message.round, vote)
    elif electing.vote is None or is_better(vote, electing.vote, state.voters):
        _vote_for(state, vote)
    electing.received[source] = vote
    electing.settled.pop(source, None)
    _consider_end(state)


def _join_round(state: State, number: int, vote: Vote) -> None:
    """Ours is over: vote anew, for ourselves or for what has come."""
    electing, own = state.electing, _own(state)
    electing.round = number
    electing.received.clear()
    _vote_for(state, vote if is_better(vote, own, state.voters) else own)


def _vote_for(state: State, vote: Vote) -> None:
    electing = state.electing
    electing.vote, electing.finalizing = vote, False
    electing.received[state.name] = vote
    electing.backoff = state.settings.notification_timeout_shortest
    state.note(f"votes for {vote.leader} in round {electing.round}: {vote.zxid} of epoch {vote.current_epoch}", SOURCE)
    _tell_all(state)


def _settled_vote_received(state: State, source: str, message: Notification, vote: Vote) -> str | None:
    """Of one that has elected: if a quorum has, and the leader itself says so, we join them."""
    electing, leader = state.electing, vote.leader
    electing.settled[source] = message
    electing.received.pop(source, None)
    together = _for(state, leader, message.round)
    anyway = [name for name, each in electing.settled.items() if _elects(each, leader)]
    if not (is_quorum(together, state.voters) or is_quorum(anyway, state.voters)):
        return None
    if not _says_so(state, leader, message.round):
        return None
    electing.round, electing.vote = message.round, vote
    return leader


def _for(state: State, leader: str, number: int) -> list[str]:
    """Who votes for `leader` in round `number`, or has elected it there."""
    electing = state.electing
    found = [name for name, each in electing.settled.items() if each.round == number and _elects(each, leader)]
    if number == electing.round:
        found += [name for name, each in electing.received.items() if each.leader == leader]
    return found


def _says_so(state: State, leader: str, number: int) -> bool:
    """Whether the elected leader knows of it; a round of ours that is over does not make us one (checkLeader)."""
    if leader == state.name:
        return state.electing.round == number
    said = state.electing.settled.get(leader)
    return said is not None and said.role == "leading"


def _elects(message: Notification, leader: str) -> bool:
    return message.vote is not None and message.vote.leader == leader


# ---------------------------------------------------------------- the end


def _agreed(state: State) -> bool:
    """Whether a quorum votes as we do."""
    electing = state.electing
    return electing.vote is not None and is_quorum(_for(state, electing.vote.leader, electing.round), state.voters)


def _consider_end(state: State) -> None:
    """Once a quorum agrees, wait a little for a better vote that may be under way (finalizeWait)."""
    electing, agreed = state.electing, _agreed(state)
    if agreed and not electing.finalizing:
        state.set_timer("finalize", state.settings.finalize_wait)
    electing.finalizing = agreed


def finalize(state: State) -> str | None:
    """The wait is over; returns whom we have elected."""
    electing = state.electing
    electing.finalizing = False
    return electing.vote.leader if electing.vote is not None and _agreed(state) else None
