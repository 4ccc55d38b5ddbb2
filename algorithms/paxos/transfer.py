"""Handing leadership over: the next ballot is made at the leader's own wish (after dissertation 3.10).

The law: the old leader takes no new requests meanwhile, so that its successor finds nothing undecided; and if nothing
comes of it within an election timeout, it leads on.
"""

from __future__ import annotations

from algorithms.machine import SetTimer
from algorithms.paxos.leading import Caller, Leading, Transfer
from algorithms.paxos.members import is_changing
from algorithms.paxos.messages import TakeOver
from algorithms.paxos.rounds import begin_round
from algorithms.paxos.state import State
from algorithms.replicated.messages import TransferLeadership

SOURCE = "dissertation 3.10"


def transfer_leadership(state: State, leading: Leading, source: str, wish: TransferLeadership) -> None:
    """An administrator's wish. It is granted when the target leads, and then the target says so."""
    caller, target = Caller(source, wish.client_id, wish.sequence), wish.target
    transfer = leading.transfer
    if transfer is not None and transfer.target == target:
        transfer.caller = caller
    elif target == state.name:
        state.reply(caller, "ok")
    elif reason := _why_not(state, leading, target):
        state.reply(caller, "refused", reason=reason)
    else:
        _begin(state, leading, Transfer(caller, target))


def _why_not(state: State, leading: Leading, target: str) -> str:
    if leading.transfer is not None:
        return f"leadership is just being transferred to {leading.transfer.target}"
    if leading.change is not None or is_changing(state, leading):
        return "the configuration is just being changed"
    acceptors = state.configuration_for(state.commit_index + 1).acceptors
    return "" if target in acceptors else f"{target} is no acceptor"


def _begin(state: State, leading: Leading, transfer: Transfer) -> None:
    leading.transfer = transfer
    patience = state.settings.election_timeout_longest
    state.effects.append(SetTimer("transfer", patience, patience))
    state.note(f"takes no new requests until {transfer.target} leads, or an election timeout has passed", SOURCE)
    begin_round(state, leading)
    target_advanced(state, leading)


def target_advanced(state: State, leading: Leading) -> None:
    """When nothing is undecided and the target knows all, tell it to prepare; again with each heartbeat, as it may not
    have heard. From then on its Prepare may come at any time, so a lease is worth nothing any more."""
    transfer = leading.transfer
    if transfer is None or leading.next_slot - 1 > state.commit_index:
        return
    if leading.progress[transfer.target].commit_index < state.commit_index:
        return
    if not transfer.told:
        state.note(f"{transfer.target} knows all that is chosen: it shall prepare a ballot now", SOURCE)
    transfer.told = leading.lease_given_up = True
    state.send(transfer.target, TakeOver(state.ballot))


def abort(state: State, leading: Leading) -> None:
    """The timer `transfer` ran out. Only if the target was never told is it sure that it will not yet prepare."""
    transfer = leading.transfer
    if transfer is None:
        return
    leading.transfer = None
    state.note(f"{transfer.target} has not taken over within an election timeout: leads on", SOURCE)
    if not transfer.told:
        state.reply(transfer.caller, "refused", reason=f"{transfer.target} did not catch up in an election timeout")
