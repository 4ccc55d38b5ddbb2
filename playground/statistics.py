"""What happened in a run, in numbers and in a few lines. The law: counting changes nothing."""

from __future__ import annotations

from algorithms.machine import Record, Send
from algorithms.raft.messages import AppendEntries
from nodes.observation import Booted, Crashed, Injected, Lost, Observation, Turn
from playground.history import Operation

SECOND = 1_000_000


class Led(Record, frozen=True):
    """A leader: since when (microseconds), in which term, who."""

    at: int
    term: int
    node: str


class Stats(Record, frozen=True):
    """Counts of a run; `longest_gap` is the longest time (microseconds) in which no client was told ok."""

    leaders: int
    highest_term: int
    messages_sent: int
    messages_lost: int
    faults: int
    crashes: int
    boots: int
    operations_ok: int
    operations_failed: int
    operations_unknown: int
    operations_under_way: int
    longest_gap: int


class Statistics:
    """Attach `observe` to a world before it starts. `service` is the one whose leaders are told, if there is one."""

    def __init__(self, service: str = "raft") -> None:
        self.service = service
        self.leaders: list[Led] = []
        self.lost: dict[str, int] = {}
        """Packets by the reason for which they were lost."""
        self._faults = self._crashes = self._boots = 0
        self._newest_term = 0

    def observe(self, observation: Observation) -> None:
        """Take one observation."""
        if isinstance(observation, Turn):
            if observation.effects and observation.service == self.service:
                self._notice_leader(observation)
        elif isinstance(observation, Lost):
            self.lost[observation.reason] = self.lost.get(observation.reason, 0) + 1
        else:
            self._faults += isinstance(observation, Injected)
            self._crashes += isinstance(observation, Crashed)
            self._boots += isinstance(observation, Booted)

    def _notice_leader(self, turn: Turn) -> None:
        """The first AppendEntries of a term tells who leads it."""
        for effect in turn.effects:
            if isinstance(effect, Send) and isinstance(effect.message, AppendEntries):
                if effect.message.term > self._newest_term:
                    self._newest_term = effect.message.term
                    self.leaders.append(Led(turn.at, effect.message.term, turn.node))
                return

    def stats(self, messages: int, operations: tuple[Operation, ...]) -> Stats:
        """The numbers so far."""
        under_way = sum(each.ended is None for each in operations)
        ends = [each.outcome for each in operations]
        return Stats(
            len(self.leaders),
            self._newest_term,
            messages,
            sum(self.lost.values()),
            self._faults,
            self._crashes,
            self._boots,
            ends.count("ok") + ends.count("refused"),
            ends.count("fail"),
            ends.count("info") - under_way,
            under_way,
            longest_gap(operations),
        )


def longest_gap(operations: tuple[Operation, ...]) -> int:
    """The longest time between two answers that were ok, from the first invocation on, microseconds."""
    if not operations:
        return 0
    answered = sorted(each.ended_at for each in operations if each.outcome in ("ok", "refused") and each.ended_at)
    begins = [min(each.invoked_at or 0 for each in operations), *answered]
    return max((later - earlier for earlier, later in zip(begins, answered, strict=False)), default=0)
