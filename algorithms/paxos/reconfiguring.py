"""An administrator's wish to change who accepts (Paxos Made Simple, section 3, end).

The law: one change at a time, and none to quorums that would not meet.
"""

from __future__ import annotations

from algorithms.paxos.leading import Caller, Leading
from algorithms.paxos.members import is_changing
from algorithms.paxos.messages import Configuration
from algorithms.paxos.newcomers import begin_change
from algorithms.paxos.quorums import why_broken
from algorithms.paxos.state import State
from algorithms.replicated.messages import ChangeConfiguration

ALPHA = "Paxos Made Simple 3"


def change_configuration(state: State, leading: Leading, source: str, wish: ChangeConfiguration) -> None:
    """An administrator's wish. A retry of the one under way only says where the answer shall go."""
    caller = Caller(source, wish.client_id, wish.sequence)
    acceptors = tuple(sorted(dict.fromkeys(wish.voters)))
    change = leading.change
    if change is not None and change.caller[1:] == caller[1:] and change.acceptors == acceptors:
        change.caller = caller
    elif reason := _why_not(state, leading, acceptors):
        state.note(f"refuses to make {' '.join(acceptors)} the acceptors: {reason}", ALPHA)
        state.reply(caller, "refused", reason=reason)
    elif state.configurations.newest.configuration.acceptors == acceptors:
        state.reply(caller, "ok")
    else:
        begin_change(state, leading, caller, acceptors)


def _why_not(state: State, leading: Leading, acceptors: tuple[str, ...]) -> str:
    """What forbids a change now; empty if nothing does."""
    if not acceptors:
        return "somebody must accept"
    if leading.change is not None or is_changing(state, leading):
        return "another change is under way"
    if state.commit_index < leading.settled:
        return f"slot {leading.settled}, from an earlier ballot, is not decided yet"
    if state.settings.allow_broken_quorums:
        return ""
    return why_broken(len(acceptors), state.quorums_among(Configuration(acceptors)))
