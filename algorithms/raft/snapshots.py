"""Snapshots: taking them, sending them in chunks, installing them (paper 7, Figure 13).

The law: a snapshot holds only what is committed, so whoever has it never needs to take any of it back. Its bytes are
its JSON, and travel as latin-1 text.
"""

from __future__ import annotations

import msgspec

from algorithms.machine import Append, Save, Trim
from algorithms.raft.leading import Leading
from algorithms.raft.messages import InstallSnapshot, InstallSnapshotResponse, Snapshot
from algorithms.raft.progress import Progress, Transmission
from algorithms.raft.state import Incoming, State

FIGURE = "Raft 7, Figure 13"


def encode(snapshot: Snapshot) -> str:
    """The bytes of a snapshot, one character each."""
    return msgspec.json.encode(snapshot).decode("latin-1")


def decode(data: str) -> Snapshot:
    """What `encode` was given."""
    return msgspec.json.decode(data.encode("latin-1"), type=Snapshot)


# ---------------------------------------------------------------- taking one


def take_if_due(state: State) -> None:
    """Take a snapshot when enough entries were applied since the last one.

    Nothing waits for the disk here: the log is cut behind the snapshot's own write, and writes are kept in order.
    """
    due = state.settings.snapshot_after
    if due and state.last_applied - state.snapshot_index >= due and state.last_applied <= state.log.last_index:
        _take(state)


def _take(state: State) -> None:
    log, index = state.log, state.last_applied
    contents = state.state_machine.contents()
    state.snapshot = Snapshot(index, log.term_at(index), log.configuration_at(index), contents)
    state.effects.append(Save("snapshot", state.snapshot, sync=False))
    cut = max(log.base_index, index - state.settings.keep_entries)
    if cut > log.base_index:
        log.compact(cut)
        state.effects.append(Trim("log", cut + 1, sync=False))
    state.note(f"takes a snapshot up to index {index}; its log begins at {log.first_index} now", "Raft 7")


# ---------------------------------------------------------------- sending one


def begin_transmission(state: State, leading: Leading, name: str, progress: Progress) -> None:
    """What this follower lacks is no longer in the log, so it gets the snapshot."""
    snapshot = state.snapshot
    assert snapshot is not None, "a log that does not begin at 1 has a snapshot before it"
    progress.transmission = Transmission(snapshot, encode(snapshot))
    index, first = snapshot.last_included_index, state.log.first_index
    state.note(f"{name} needs entry {progress.next_index}, the log begins at {first}: snapshot up to {index}", FIGURE)
    send_chunk(state, leading, name, progress.transmission)


def send_chunk(state: State, leading: Leading, name: str, transmission: Transmission) -> None:
    """Send the first chunk that is not acknowledged."""
    snapshot, offset = transmission.snapshot, transmission.offset
    data = transmission.data[offset : offset + state.settings.snapshot_chunk]
    done = offset + len(data) == len(transmission.data)
    index, term = snapshot.last_included_index, snapshot.last_included_term
    chunk = InstallSnapshot(state.current_term, state.name, index, term, offset, data, done, leading.round)
    state.send_at_once(name, chunk)


def take_acknowledgement(
    state: State, leading: Leading, name: str, progress: Progress, message: InstallSnapshotResponse
) -> bool:
    """Go on behind what has arrived; True if the snapshot is installed there.

    A chunk is sent again only with a heartbeat, so that one lost or doubled reply does not set off two streams.
    """
    transmission = progress.transmission
    if transmission is None or message.last_included_index != transmission.snapshot.last_included_index:
        return False
    if message.installed:
        progress.transmission = None
        progress.accepted(message.last_included_index)
        state.note(f"{name} has installed the snapshot up to {message.last_included_index}", FIGURE)
        return True
    forward = message.next_offset > transmission.offset
    transmission.offset = message.next_offset
    if forward:
        send_chunk(state, leading, name, transmission)
    return False


# ---------------------------------------------------------------- receiving one


def receive_chunk(state: State, source: str, message: InstallSnapshot) -> None:
    """InstallSnapshot, receiver rules 2 to 8; that the sender leads is established."""
    index = message.last_included_index
    if index <= state.commit_index:
        state.incoming = None
        _acknowledge(state, source, message, 0, installed=True)
        return
    if state.incoming is not None and (message.term, index) < state.incoming.of:
        return  # A late chunk of one that the leader has given up for a newer one.
    incoming = _incoming_for(state, message)
    if message.offset == incoming.length:
        incoming.chunks.append(message.data)
        incoming.length += len(message.data)
        if message.done:
            _install(state, "".join(incoming.chunks))
    _acknowledge(state, source, message, incoming.length, installed=state.incoming is None)


def _incoming_for(state: State, message: InstallSnapshot) -> Incoming:
    """What has come in so far of this snapshot. Another leader's is another one, even up to the same entry."""
    incoming, index = state.incoming, message.last_included_index
    if incoming is None or incoming.of != (message.term, index):
        incoming = state.incoming = Incoming(message.term, index)
        state.note(f"begins to receive {message.leader_id}'s snapshot up to index {index}", FIGURE)
    return incoming


def _acknowledge(state: State, source: str, message: InstallSnapshot, offset: int, installed: bool) -> None:
    index = message.last_included_index
    state.send(source, InstallSnapshotResponse(state.current_term, index, offset, installed, message.round))


def _install(state: State, data: str) -> None:
    """Rules 6 to 8: keep what follows the snapshot if the log has its last entry, else discard the log.

    On disk the snapshot comes first. Were we to crash behind it, the next boot would do the rest.
    """
    snapshot = decode(data)
    index, term, log = snapshot.last_included_index, snapshot.last_included_term, state.log
    state.incoming, state.snapshot = None, snapshot
    state.effects.append(Save("snapshot", snapshot))
    if log.term_at(index) == term:
        log.compact(index)
        state.effects.append(Trim("log", index + 1, sync=False))
        kept = f"keeps its log behind it, up to {log.last_index}"
    else:
        discard_log_on_disk(state, log.last_index, index)
        log.reset(index, term, snapshot.configuration)
        kept = "discards its log"
    state.state_machine.restore(snapshot.contents)
    state.commit_index = state.last_applied = index
    state.note(f"installs the snapshot up to index {index} and {kept}", FIGURE)


def discard_log_on_disk(state: State, last: int, snapshot_index: int) -> None:
    """The journal, which ends at `last`, shall be empty and begin behind the snapshot, which is on disk already.

    First goes what is not the snapshot's: were we to crash in between, what is left must not look as if it were.
    """
    if last >= snapshot_index:
        state.effects.append(Append("log", snapshot_index, (), sync=False))
    state.effects.append(Trim("log", snapshot_index + 1, sync=False))
