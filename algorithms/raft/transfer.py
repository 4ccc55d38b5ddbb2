"""Handing leadership over (dissertation 3.10).

The law: the old leader takes no new requests meanwhile, so that its successor can get ahead; and if nothing comes of
it within an election timeout, it leads on.
"""

from __future__ import annotations

from algorithms.machine import SetTimer
from algorithms.raft.leading import Caller, Leading, Transfer
from algorithms.raft.messages import TimeoutNow
from algorithms.raft.replication import replicate
from algorithms.raft.state import State
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
    if leading.change is not None or state.configuration.old_voters:
        return "the configuration is just being changed"
    return "" if target in state.configuration.voters else f"{target} is no voter"


def _begin(state: State, leading: Leading, transfer: Transfer) -> None:
    leading.transfer = transfer
    patience = state.settings.election_timeout_longest
    state.effects.append(SetTimer("transfer", patience, patience))
    state.note(f"takes no new requests until {transfer.target} leads, or an election timeout has passed", SOURCE)
    progress = leading.progress[transfer.target]
    replicate(state, leading, transfer.target, progress)
    target_advanced(state, leading)


def target_advanced(state: State, leading: Leading) -> None:
    """When the target has our whole log, tell it not to wait for its timer; again with each heartbeat, as it may
    not have heard. From then on its campaign may come at any time, so a lease is worth nothing any more."""
    transfer = leading.transfer
    if transfer is None or leading.progress[transfer.target].match_index < state.log.last_index:
        return
    if not transfer.told:
        state.note(f"{transfer.target} has the whole log: it shall campaign now", SOURCE)
    transfer.told = leading.lease_given_up = True
    state.send(transfer.target, TimeoutNow(state.current_term))


def abort(state: State, leading: Leading) -> None:
    """The timer `transfer` ran out. Only if the target was never told is it sure that it will not yet campaign."""
    transfer = leading.transfer
    if transfer is None:
        return
    leading.transfer = None
    state.note(f"{transfer.target} has not taken over within an election timeout: leads on", SOURCE)
    if not transfer.told:
        state.reply(transfer.caller, "refused", reason=f"{transfer.target} did not catch up in an election timeout")
