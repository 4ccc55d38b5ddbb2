"""What a message of Raft is to a person."""

from __future__ import annotations

from algorithms.machine import Record
from algorithms.raft.messages import (
    AppendEntries,
    AppendEntriesResponse,
    InstallSnapshot,
    InstallSnapshotResponse,
    RequestVote,
    RequestVoteResponse,
    TimeoutNow,
)
from algorithms.replicated.messages import ChangeConfiguration, ClientRequest, ClientResponse, TransferLeadership
from tui.glyphs import Kind

LEGEND = (Kind.APPEND, Kind.ACK, Kind.BEAT, Kind.VOTE_REQUEST, Kind.VOTE, Kind.CLIENT, Kind.ANSWER, Kind.REFUSAL,
          Kind.NO_VOTE, Kind.SNAPSHOT)  # fmt: skip
"""The kinds that it has, the commonest first."""


def raft_kind(message: Record) -> Kind | None:
    """None for what is not Raft's."""
    match message:
        case AppendEntries(entries=entries):
            return Kind.APPEND if entries else Kind.BEAT
        case AppendEntriesResponse(success=success):
            return Kind.ACK if success else Kind.REFUSAL
        case RequestVote():
            return Kind.VOTE_REQUEST
        case RequestVoteResponse(vote_granted=granted):
            return Kind.VOTE if granted else Kind.NO_VOTE
        case InstallSnapshot():
            return Kind.SNAPSHOT
        case InstallSnapshotResponse():
            return Kind.ACK
        case ClientRequest() | ChangeConfiguration() | TransferLeadership():
            return Kind.CLIENT
        case ClientResponse():
            return Kind.ANSWER
        case TimeoutNow():
            return Kind.OTHER
        case _:
            return None


def raft_words(message: Record) -> str:
    """Empty for what is not Raft's."""
    match message:
        case AppendEntries(prev_log_index=index, entries=entries):
            return _range("append", index + 1, index + len(entries)) if entries else f"beat({index})"
        case AppendEntriesResponse(success=success, match_index=index):
            return f"ack({index})" if success else f"refuses({index})"
        case RequestVote(term=term, pre_vote=pre_vote):
            return f"{'pre-vote?' if pre_vote else 'vote?'} T{term}"
        case RequestVoteResponse(term=term, vote_granted=granted, pre_vote=pre_vote):
            return f"{'' if granted else 'no '}{'pre-vote' if pre_vote else 'vote'} T{term}"
        case InstallSnapshot(last_included_index=index, offset=offset):
            return f"snapshot({index}) from {offset}"
        case InstallSnapshotResponse(last_included_index=index, installed=installed):
            return f"snapshot({index}) {'installed' if installed else 'goes on'}"
        case TimeoutNow(term=term):
            return f"campaign now T{term}"
        case ClientRequest(request=request):
            return f"request {request.sequence}"
        case ClientResponse(sequence=sequence, status=status):
            return f"{status.replace('_', ' ')} {sequence}"
        case _:
            return ""


def _range(word: str, first: int, last: int) -> str:
    return f"{word}({first})" if first == last else f"{word}({first}-{last})"
