"""Snapshots: taking them, handing them out in parts, installing them (Paxos Made Live, section 5.5).

The law: a snapshot holds only what is chosen, so whoever has it needs nothing of the slots before. A learner asks for
each part of it, so the server that has it remembers nothing of the learner.
"""

from __future__ import annotations

import msgspec

from algorithms.machine import Save, Trim
from algorithms.paxos.messages import CatchUp, InstallSnapshot, Snapshot
from algorithms.paxos.state import Incoming, State

LIVE = "Paxos Made Live 5.5"


def encode(snapshot: Snapshot) -> str:
    """The bytes of a snapshot, one character each."""
    return msgspec.json.encode(snapshot).decode("latin-1")


def decode(data: str) -> Snapshot:
    """What `encode` was given."""
    return msgspec.json.decode(data.encode("latin-1"), type=Snapshot)


# ---------------------------------------------------------------- taking one


def take_if_due(state: State) -> None:
    """Take a snapshot when enough slots were applied since the last one.

    Nothing waits for the disk here: the log is cut behind the snapshot's own write, and writes are kept in order.
    """
    due = state.settings.snapshot_after
    if due and state.last_applied - state.snapshot_index >= due:
        _take(state)


def _take(state: State) -> None:
    slot = state.last_applied
    standing = state.configurations.from_slot(slot + 1)
    state.snapshot = Snapshot(slot, standing, state.state_machine.contents())
    state.effects.append(Save("snapshot", state.snapshot, sync=False))
    cut = slot - state.settings.keep_slots
    if cut > state.acceptor.base_slot:
        _forget(state, cut)
    state.note(f"takes a snapshot up to slot {slot}; its log begins at {state.acceptor.base_slot + 1} now", LIVE)


def _forget(state: State, slot: int) -> None:
    """Compact the slots up to `slot` away, which a snapshot has that is on its way to the disk."""
    state.configurations.become(state.configurations.from_slot(slot + 1))
    state.effects.append(Trim("log", state.acceptor.forget(slot), sync=False))


# ---------------------------------------------------------------- handing it out


def send_part(state: State, learner: str, question: CatchUp) -> None:
    """What this learner lacks is no longer in the log. The one that it has a part of is good for as long as our log
    still goes on behind it."""
    served = state.served
    if served is None or served[0] != question.snapshot_slot or served[0] < state.acceptor.base_slot:
        served = _newest(state, learner, question)
    slot, data = served
    offset = question.offset if question.snapshot_slot == slot else 0
    part = data[offset : offset + state.settings.snapshot_chunk]
    state.send_at_once(learner, InstallSnapshot(slot, offset, part, offset + len(part) == len(data)))


def _newest(state: State, learner: str, question: CatchUp) -> tuple[int, str]:
    snapshot, first = state.snapshot, state.acceptor.base_slot + 1
    assert snapshot is not None, "a log that does not begin at 1 has a snapshot before it"
    slot = snapshot.last_included_slot
    state.note(f"{learner} needs slot {question.first_slot}, the log begins at {first}: snapshot up to {slot}", LIVE)
    if state.served is None or state.served[0] != slot:
        state.served = (slot, encode(snapshot))
    return state.served


# ---------------------------------------------------------------- receiving one


def receive_part(state: State, source: str, message: InstallSnapshot) -> bool:
    """Put it behind the parts that are here; True if it is the next one."""
    slot = message.last_included_slot
    if slot <= state.commit_index:
        state.incoming = None
        return False
    incoming = _incoming_for(state, source, message)
    if incoming is None or message.offset != incoming.length:
        return False
    incoming.chunks.append(message.data)
    incoming.length += len(message.data)
    if message.done:
        install(state, decode("".join(incoming.chunks)))
    return True


def _incoming_for(state: State, source: str, message: InstallSnapshot) -> Incoming | None:
    """What has come in so far of this snapshot. Another server's is another one, even up to the same slot."""
    incoming, slot = state.incoming, message.last_included_slot
    if incoming is not None and incoming.source == source and incoming.last_included_slot >= slot:
        return incoming if incoming.last_included_slot == slot else None
    if message.offset:
        return None
    incoming = state.incoming = Incoming(source, slot)
    state.note(f"begins to receive {source}'s snapshot up to slot {slot}", LIVE)
    return incoming


def install(state: State, snapshot: Snapshot) -> None:
    """Become what the snapshot holds. What is accepted behind it stays. On disk the snapshot comes first: were we to
    crash behind it, the next boot would forget the slots before."""
    slot = snapshot.last_included_slot
    state.incoming, state.snapshot = None, snapshot
    state.effects.append(Save("snapshot", snapshot))
    restore(state, snapshot)
    state.effects.append(Trim("log", state.acceptor.forget(slot), sync=False))
    state.note(f"installs the snapshot up to slot {slot}", LIVE)


def restore(state: State, snapshot: Snapshot) -> None:
    """The learner's part: all up to there is chosen and applied."""
    state.configurations.become(snapshot.configurations)
    state.state_machine.restore(snapshot.contents)
    state.commit_index = state.last_applied = snapshot.last_included_slot
