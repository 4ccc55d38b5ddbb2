"""The proposer in phase 1, once for all slots (Paxos Made Simple, section 3).

The law: a ballot is our own acceptor's promise, on disk, before anybody hears of it, so no life of ours ever makes the
same one again. Our own promise counts like any other's: when it is durable.
"""

from __future__ import annotations

from algorithms.machine import SetTimer
from algorithms.paxos.ballot import NO_BALLOT, Ballot
from algorithms.paxos.leading import Preparation
from algorithms.paxos.learning import ask, learn
from algorithms.paxos.messages import Configuration, Prepare, Promise, Refused
from algorithms.paxos.roles import become_follower, promise_ballot, see
from algorithms.paxos.state import State

PHASE_1A = "Paxos Made Simple 2.2, 3"
REFUSED = "Paxos Made Simple 2.2"


def make_ballot(state: State, handover: Ballot = NO_BALLOT) -> None:
    """Phase 1a: a ballot above all that we have heard of, and a Prepare for all slots that we do not know chosen."""
    become_follower(state, "makes a higher ballot", PHASE_1A)
    ballot, first = Ballot(state.highest_round + 1, state.name), state.commit_index + 1
    state.role, state.leader, state.ballot = "preparing", None, ballot
    promise_ballot(state, ballot)
    preparation = state.preparation = Preparation(ballot, handover)
    for proposal in state.acceptor.proposals(first, state.acceptor.last_slot):
        preparation.adopt(proposal)
    state.effects.append(state.election_timer)
    state.note(f"prepares ballot {ballot} for all slots from {first} on", PHASE_1A)
    preparation.asked[state.name] = first
    state.send(state.name, Promise(ballot, first, (), 0, state.commit_index))
    ask_the_others(state, preparation)
    _set_timer(state)


def standing(state: State, preparation: Preparation) -> tuple[Configuration, ...]:
    """The configurations that count behind our commit index, or may yet turn out to: somebody has accepted them."""
    commit_index = state.commit_index
    found = [slot for slot in sorted(preparation.adopted) if slot > commit_index]
    values = [preparation.adopted[slot].value for slot in found]
    known = state.configurations.since(commit_index + 1)
    return (*known, *(value for value in values if isinstance(value, Configuration)))


def ask_the_others(state: State, preparation: Preparation) -> None:
    """Send Prepare to everybody who counts and was not asked yet."""
    for configuration in standing(state, preparation):
        for name in configuration.acceptors:
            if name not in preparation.asked:
                ask_one(state, preparation, name, state.commit_index + 1)


def ask_one(state: State, preparation: Preparation, name: str, first_slot: int) -> None:
    """Send Prepare to `name`."""
    preparation.asked[name] = first_slot
    state.send(name, Prepare(preparation.ballot, first_slot, preparation.handover))


def prepare_again(state: State) -> None:
    """The timer `prepare` ran out: ask those again whose answer is missing."""
    preparation = state.preparation
    if preparation is None or state.role != "preparing":
        return
    for name, first_slot in list(preparation.asked.items()):
        if first_slot and name != state.name:
            ask_one(state, preparation, name, first_slot)
    if preparation.known > state.commit_index:
        ask(state, preparation.who_knows)
    _set_timer(state)


def _set_timer(state: State) -> None:
    interval = state.settings.heartbeat_interval
    state.effects.append(SetTimer("prepare", interval, interval))


def take_promise(state: State, source: str, message: Promise) -> bool:
    """An answer to Prepare; True if with it the whole answer of `source` is here. Of what is accepted in a slot, the
    one of the highest ballot is adopted (P2c).

    Who promises a leader is a newcomer. It can have nothing that matters: in the slots that it will count for nobody
    has ever proposed anything, for no leader gets further than alpha ahead of what it knows."""
    preparation = state.preparation
    if preparation is None or message.ballot != preparation.ballot:
        return False
    if preparation.asked.get(source) != message.first_slot:
        return False
    if state.leading is None:
        for proposal in message.accepted:
            preparation.adopt(proposal)
        _learn_from(state, preparation, source, message)
    if message.next_slot:
        ask_one(state, preparation, source, message.next_slot)
        return False
    preparation.asked[source] = 0
    preparation.promised[source] = None
    return True


def _learn_from(state: State, preparation: Preparation, source: str, message: Promise) -> None:
    """Who promises tells also what it knows to be chosen. If that begins in its snapshot, we have to ask for it."""
    commit_index = message.commit_index
    if commit_index <= state.commit_index:
        return
    learn(state, tuple([each for each in message.accepted if each.slot <= commit_index]))
    if commit_index > state.commit_index:
        preparation.known, preparation.who_knows = max(preparation.known, commit_index), source
        if not message.next_slot:
            ask(state, source)


def is_prepared(state: State, preparation: Preparation) -> bool:
    """Whether a quorum of phase 1 has promised, of every configuration that counts or may yet turn out to; and we know
    what they know."""
    if state.commit_index < preparation.known:
        return False
    return all(has_promised(state, preparation, each) for each in standing(state, preparation))


def has_promised(state: State, preparation: Preparation, configuration: Configuration) -> bool:
    """Whether a quorum of phase 1 among these acceptors has."""
    count = sum(name in preparation.promised for name in configuration.acceptors)
    return count >= state.quorums_among(configuration).phase_1


def refused(state: State, source: str, message: Refused) -> None:
    """A higher ballot is about: another proposer makes or has made itself the leader."""
    see(state, message.promised)
    if state.preparation is not None and message.ballot == state.ballot and message.promised > state.ballot:
        become_follower(state, f"{source} has promised {message.promised}", REFUSED)
