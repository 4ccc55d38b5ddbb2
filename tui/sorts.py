"""What sort of event a turn is, told from what it does."""

from __future__ import annotations

from algorithms.machine import Invoke, Note, Received, Send
from algorithms.raft.messages import AppendEntries, ClientRequest, ClientResponse, RequestVote
from algorithms.ring.messages import ChangeRequest, ReadRequest, RingResponse, WriteRequest
from nodes.observation import Turn
from tui.glyphs import Sort

REQUESTS = (ClientRequest, ReadRequest, WriteRequest, ChangeRequest)
ANSWERS = (ClientResponse, RingResponse)

COMMITS = "commit index"
"""How a note begins that is marked as good news."""

SUSPICION = "SWIM"
"""How the source begins of a note about who is alive."""


def sort_of(turn: Turn, term: int) -> Sort:
    """`term` is the newest in which anybody is known to have led."""
    if type(turn.event) is Received and type(turn.event.message) in (*REQUESTS, *ANSWERS):
        return Sort.CLIENT
    for effect in turn.effects:
        if type(effect) is Invoke:
            return Sort.CLIENT
        if type(effect) is Send:
            match effect.message:
                case AppendEntries(term=newer) if newer > term:
                    return Sort.LEADER
                case RequestVote():
                    return Sort.ELECTION
                case message if type(message) in REQUESTS:
                    return Sort.CLIENT
    return Sort.NOTE


def sort_of_note(note: Note, sort: Sort) -> Sort:
    """Of one note in a turn of this sort."""
    if note.text.startswith(COMMITS):
        return Sort.COMMIT
    return Sort.SUSPICION if note.source.startswith(SUSPICION) else sort
