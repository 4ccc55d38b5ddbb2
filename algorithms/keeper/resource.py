"""Resources outside of the keeper that its locks protect: here they only happen to live on one of its nodes.

The law: a lock service cannot keep a holder that stood still from writing late; the resource can, if each write shows
the token of its lock and it takes none that is older than one it has seen (Kleppmann 2016, "fencing").
"""

from __future__ import annotations

from algorithms.keeper.messages import ReadResource, ResourceResponse, WriteResource
from algorithms.machine import Effect, Note, Record, Save, Saved, Send

REMEMBERED = 64
"""Writes of which a late copy is known as such."""


class Held(Record, frozen=True):
    """What a resource holds, the newest token that it has seen, and how it has answered the last writes."""

    name: str
    value: str
    token: int
    answered: tuple[ResourceResponse, ...] = ()


class Resources:
    """By name."""

    def __init__(self, fencing: bool) -> None:
        self.fencing = fencing
        self.held: dict[str, Held] = {}

    def restore(self, saved: Saved) -> None:
        """What the last life left behind."""
        for cell in saved.cells:
            if isinstance(cell.value, Held):
                self.held[cell.value.name] = cell.value

    def write(self, source: str, request: WriteResource) -> list[Effect]:
        """Take it, or refuse it; a second copy of a write is the same write."""
        found = self.held.get(request.name, Held(request.name, "", 0))
        header = request.client_id, request.sequence
        for answer in found.answered:
            if (answer.client_id, answer.sequence) == header:
                return [Send(source, answer)]
        notes: list[Effect] = []
        if self.fencing and request.token < found.token:
            text = f"{request.name} rejects {source}'s write: its token is older than one that it has seen"
            notes.append(Note(text, "Kleppmann 2016"))
            answer = ResourceResponse(*header, True, found.value, found.token)
        else:
            answer = ResourceResponse(*header, False, request.value, request.token)
        token = max(request.token, found.token)
        held = Held(request.name, answer.value, token, (*found.answered[1 - REMEMBERED :], answer))
        self.held[request.name] = held
        return [*notes, Save(f"resource {request.name}", held), Send(source, answer)]

    def read(self, source: str, request: ReadResource) -> list[Effect]:
        """What it holds."""
        found = self.held.get(request.name, Held(request.name, "", 0))
        return [Send(source, ResourceResponse(request.client_id, request.sequence, False, found.value, found.token))]
