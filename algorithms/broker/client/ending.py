"""The end of a transaction, the client's side. The law: this keeps the books and decides nothing."""

from __future__ import annotations

from typing import NamedTuple

from algorithms.broker.messages.group import CommittedOffset
from algorithms.machine import Record

FLUSH, GROUP, OFFSETS, END = "flush", "group", "offsets", "end"
"""What an end goes through: all records are acknowledged; the group is part of the transaction; its offsets are
written; the coordinator decides."""


class Positions(NamedTuple):
    """What a consumer has been handed, and who it was in its group at that time (KIP-447): if the group has another
    generation when the transaction commits, others may have been handed the same."""

    offsets: tuple[CommittedOffset, ...] = ()
    group: str = ""
    generation: int = -1
    member_id: str = ""
    instance_id: str = ""


class Ending:
    """A commit or an abort under way, and who asked for it."""

    def __init__(self, request_id: int, command: Record, positions: Positions) -> None:
        self.request_id = request_id
        self.command = command
        self.positions = positions
        self.stage = FLUSH
        self.deadline = 0
        """Local us; it counts from the end of the flush on."""
        self.is_silent = False
        """A coordinator was asked to commit, and did not say what became of it."""
