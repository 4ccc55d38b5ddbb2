"""What was asked through a session, and how it ended.

The law: looking takes nothing away: whoever waits for an outcome still finds it in the world.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from algorithms import kv
from algorithms.broker.commands import OffsetsCommitted, Polled, Produced
from algorithms.machine import Failed, Ok, Record, Unknown
from algorithms.paxos.synod.commands import Learn, Propose
from nodes.world import World
from playground.commands.keeper_verbs import KEEPER_VERBS
from playground.commands.values import Ask, GetFile

if TYPE_CHECKING:
    from playground.spool import Spool

WHOLE, MISSING = "whole", "missing"


class Answers:
    """The requests of one session, by id."""

    def __init__(self) -> None:
        self._asked: dict[int, Ask] = {}
        self._ended: dict[int, Record] = {}
        self._open: dict[int, None] = {}
        self._judged: dict[int, tuple[bool, str]] = {}
        """Readings of files that were looked at: whether all came back, and the sentence about it."""

    def copy(self) -> Answers:
        """As they are now, for a fork."""
        other = Answers()
        other._asked, other._ended, other._open = dict(self._asked), dict(self._ended), dict(self._open)
        other._judged = dict(self._judged)
        return other

    def asked(self, request_id: int, ask: Ask) -> None:
        """A request begins."""
        self._asked[request_id] = ask
        self._open[request_id] = None

    def ended(self, request_id: int, outcome: Record) -> None:
        """Somebody has taken this outcome."""
        if self._open.pop(request_id, 0) is None:
            self._ended[request_id] = outcome

    def look(self, world: World) -> None:
        """Notice the outcomes that nobody has taken yet."""
        for request_id in [each for each in self._open if each in world.outcomes]:
            self.ended(request_id, world.outcomes[request_id])

    # ------------------------------------------------------------ what a condition may ask

    def newest(self) -> kv.Value:
        """How the newest request ended: what was found, `done`, `failed` or `unknown`.

        Values that stand side by side are joined by `|`; None if nothing was found, or it is not over yet.
        """
        newest = max(self._asked, default=0)
        return told(self._asked[newest], self._ended[newest]) if newest in self._ended else None

    def file(self, name: str, spool: Spool) -> str | None:
        """Whether the newest reading of this file gave it back: `whole` or `missing`; None while it has not ended."""
        newest = max((each for each, ask in self._asked.items() if ask.wish == GetFile(name)), default=0)
        if newest not in self._ended:
            return None
        return WHOLE if self._judge(newest, spool)[0] else MISSING

    def file_sentence(self, request_id: int, spool: Spool) -> str:
        """How the reading of a file ended; empty if this request is not over, or was no such reading."""
        ask = self._asked.get(request_id)
        if ask is None or request_id not in self._ended or not isinstance(ask.wish, GetFile):
            return ""
        return self._judge(request_id, spool)[1]

    def file_sentences(self, spool: Spool) -> tuple[str, ...]:
        """One for each reading of a file that is over, in the order in which they were asked for."""
        return tuple(filter(None, (self.file_sentence(each, spool) for each in sorted(self._ended))))

    def _judge(self, request_id: int, spool: Spool) -> tuple[bool, str]:
        if request_id not in self._judged:
            from playground.files import judge

            wish = self._asked[request_id].wish
            assert isinstance(wish, GetFile), f"{wish} is no reading of a file."
            self._judged[request_id] = judge(wish.name, self._ended[request_id], spool)
        return self._judged[request_id]


def told(ask: Ask, outcome: Record) -> kv.Value:
    """An outcome as a condition compares it; see `Answers.newest`."""
    match outcome:
        case Ok(value):
            if type(ask.wish) in KEEPER_VERBS:
                return "done" if value is None else value
            return value if isinstance(ask.wish, kv.Get | kv.CompareAndSet | Propose | Learn) else "done"
        case Failed():
            return "failed"
        case Unknown():
            return "unknown"
        case Produced(partition, offset):
            return f"{partition.topic}/{partition.partition}@{offset}"
        case Polled(records):
            return "|".join(str(each.value) for each in records) or None
        case OffsetsCommitted():
            return "done"
        case _:
            from playground.files import found

            return found(outcome)
