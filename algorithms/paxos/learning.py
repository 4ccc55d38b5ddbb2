"""The learner: what is chosen is applied, slot by slot (Paxos Made Simple, section 3).

The law: a slot is applied when it and all before it are known to be chosen, and then the log here holds the chosen
value, accepted or learned. Only the leader that proposed a command answers it.
"""

from __future__ import annotations

from algorithms.paxos.ballot import Ballot
from algorithms.paxos.messages import CatchUp, Configuration, Proposal, Value
from algorithms.paxos.snapshots import take_if_due
from algorithms.paxos.state import State
from algorithms.paxos.words import describe
from algorithms.replicated.messages import Carried, ClientCommand

ALPHA = "Paxos Made Simple 3"


def learn_accepted(state: State, ballot: Ballot, commit_index: int) -> None:
    """The leader of `ballot` knows that all up to `commit_index` is chosen. Where we have accepted its own proposal,
    that is the chosen one: a leader never proposes anything else where something is chosen (P2c)."""
    accepted, slot = state.acceptor.accepted, state.commit_index
    while slot < commit_index:
        proposal = accepted.get(slot + 1)
        if proposal is None or proposal.ballot != ballot:
            break
        slot += 1
    if slot > state.commit_index:
        state.note(f"commit index -> {slot}, by the word of {state.leader}", ALPHA)
        advance(state, slot)


def learn(state: State, chosen: tuple[Proposal, ...]) -> bool:
    """Learn what another server knows to be chosen; True if any of it is news. It goes to disk like what is accepted,
    so that whoever has learned something can also teach it when the configuration has changed."""
    slot = state.commit_index
    news: list[Proposal] = []
    for proposal in chosen:
        if proposal.slot > slot + 1:
            break
        if proposal.slot == slot + 1:
            slot += 1
            ours = state.acceptor.accepted.get(slot)
            if ours is None or ours.value != proposal.value:
                news.append(proposal)
    if slot == state.commit_index:
        return False
    state.write(tuple(news))
    state.note(f"commit index -> {slot}: learns what it has missed", ALPHA)
    advance(state, slot)
    return True


def ask(state: State, source: str) -> None:
    """Ask for what is chosen behind our commit index, or for the rest of the snapshot that is on its way."""
    incoming, first = state.incoming, state.commit_index + 1
    if incoming is not None and incoming.source == source:
        state.send_at_once(source, CatchUp(first, incoming.last_included_slot, incoming.length))
    else:
        state.send_at_once(source, CatchUp(first))


def advance(state: State, commit_index: int) -> None:
    """All up to there is chosen and stands in our log: apply it."""
    accepted, before = state.acceptor.accepted, state.commit_index
    for slot in range(before + 1, commit_index + 1):
        state.commit_index = slot
        _apply(state, slot, accepted[slot].value)
        state.last_applied = slot
    newest = state.configurations.newest
    if before < newest.slot - 1 <= state.commit_index:
        _in_force(state, newest.slot, newest.configuration)
    take_if_due(state)


def _apply(state: State, slot: int, value: Value) -> None:
    if isinstance(value, ClientCommand):
        leading = state.leading
        applied = state.state_machine.apply(value, slot)
        caller = leading.waiting.pop(slot, None) if leading is not None else None
        if caller is not None and applied.status != "over":
            state.reply(caller, applied.status, applied.value)
    elif isinstance(value, Carried):
        state.state_machine.carry(value.record, slot)
    elif isinstance(value, Configuration):
        first = slot + state.settings.alpha
        state.configurations.add(first, value)
        state.note(f"{describe(value)} is chosen in slot {slot}: it counts from slot {first} on", ALPHA)


def _in_force(state: State, first: int, configuration: Configuration) -> None:
    """All before its first slot is chosen. That we know it goes to disk: those who chose it may leave now, and nobody
    could find it out again without them (Lamport, Malkhi, Zhou 2010)."""
    state.note(f"{describe(configuration)}: from slot {first} on, and all before it is chosen", ALPHA)
    state.save_acceptor()
