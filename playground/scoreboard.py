"""The same faults, side by side: what each service of a run did while they lasted, and what it promises.

The law: all services are measured alike, from outside: what their servers and clients sent, what clients were told. A
scenario asks for it by `compare = true`.
"""

from __future__ import annotations

import msgspec

from algorithms.machine import Record, Send
from nodes.observation import Observation, Turn
from playground.commands.amounts import write_duration
from playground.history import Operation
from playground.kinds.kind import Kind
from playground.showing import Shown
from playground.statistics import longest_gap

COLUMNS = (
    "service", "no ok for", "reigns", "messages", "kB moved", "ok", "failed", "unsure", "p50", "p99",
)  # fmt: skip
MILLISECOND = 1_000
KILO = 1_000


class Tally:
    """What the machines of one service have sent."""

    def __init__(self, service: str, kind: Kind, clients: tuple[str, ...]) -> None:
        self.service, self.kind = service, kind
        self._clients = clients
        self._encoder = msgspec.msgpack.Encoder()
        self.messages = 0
        """Between different nodes, clients among them."""
        self.moved = 0
        """Bytes from server to server."""
        self.reigns: dict[int, None] = {}
        """The terms, ballots or epochs in which somebody led."""

    def observe(self, observation: Observation) -> None:
        """Take one observation."""
        if not isinstance(observation, Turn) or observation.service != self.service:
            return
        for effect in observation.effects:
            if isinstance(effect, Send) and effect.target != observation.node:
                self._sent(observation.node, effect.target, effect.message)

    def _sent(self, source: str, target: str, message: Record) -> None:
        self.messages += 1
        if source in self._clients or target in self._clients:
            return
        self.moved += len(self._encoder.encode(message)) + getattr(message, "payload", 0)
        reign = self.kind.reign_of(message)
        if reign is not None:
            self.reigns[reign] = None


def scoreboard(tallies: tuple[Tally, ...], histories: dict[str, tuple[Operation, ...]], at: int) -> Shown:
    """The table for a report, with what each service promises below it. `moved` is between servers, `no ok for` the
    longest time in which no client was told ok, `unsure` what may be done or not."""
    rows = tuple(_row(each, histories.get(each.service, ())) for each in tallies)
    lines = tuple(f"{each.service}: {each.kind.guarantee}" for each in tallies)
    return Shown(at, "the same faults, side by side", COLUMNS, rows, lines)


def _row(tally: Tally, operations: tuple[Operation, ...]) -> tuple[str, ...]:
    ends = [each.outcome for each in operations]
    took = sorted(
        each.ended_at - each.invoked_at
        for each in operations
        if each.outcome in ("ok", "refused") and each.ended_at is not None and each.invoked_at is not None
    )
    under_way = sum(each.ended is None for each in operations)
    return (
        tally.service,
        _time(longest_gap(operations)) if operations else "-",
        str(len(tally.reigns)) if tally.reigns or tally.kind.roles else "-",
        f"{tally.messages:,}",
        f"{tally.moved / KILO:,.0f}",
        str(ends.count("ok") + ends.count("refused")),
        str(ends.count("fail")),
        str(ends.count("info") - under_way),
        _time(_part(took, 0.5)) if took else "-",
        _time(_part(took, 0.99)) if took else "-",
    )


def _part(ordered: list[int], share: float) -> int:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _time(duration: int) -> str:
    """Rounded to a tenth of a millisecond, or to one."""
    step = MILLISECOND if duration >= 10 * MILLISECOND else MILLISECOND // 10
    return write_duration(duration // step * step)
