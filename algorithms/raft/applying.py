"""All servers: whatever is committed is applied, in log order (Figure 2; paper 5.3).

The law: entries are applied one behind another and each of them once; only the leader that appended one answers it.
"""

from __future__ import annotations

from algorithms.raft.snapshots import take_if_due
from algorithms.raft.state import State
from algorithms.replicated.messages import Carried, ClientCommand


def apply_committed(state: State) -> None:
    """Bring the state machine up to `commit_index`."""
    log, leading = state.log, state.leading
    for index in range(state.last_applied + 1, state.commit_index + 1):
        payload = log.entry(index).payload
        if isinstance(payload, ClientCommand):
            applied = state.state_machine.apply(payload, index)
            caller = leading.waiting.pop(index, None) if leading is not None else None
            if caller is not None and applied.status != "over":
                state.reply(caller, applied.status, applied.value)
        elif isinstance(payload, Carried):
            state.state_machine.carry(payload.record, index)
        state.last_applied = index
    take_if_due(state)
