"""Records a second through produce (acks=all, 3 replicas, batches of 100) and fetch, at unlimited speed.

The floor is what any simulation in Python must pay: one heap loop that takes the same batches and appends them to a
list. The ratio says what a record costs beyond that: a produce request, its copy to two followers, their fetches that
acknowledge it, the answer, and a consumer's fetch, each a turn of a machine that could also be lost, late or doubled.

Run alone: python tests/bench/broker_throughput.py [--batches 2000]
"""

from __future__ import annotations

import argparse
from heapq import heappop, heappush
from time import process_time
from typing import NamedTuple

from broker_idle import SECOND, ask, cluster

from algorithms.broker.client_settings import BrokerClientSettings
from algorithms.broker.commands import Consume, CreateTopic, Produced, ProduceRecord
from algorithms.broker.records import KeyValue, RecordBatch
from nodes.world import World
from playground.kinds.broker_standing import client_of

A_BATCH = 100


class Through(NamedTuple):
    """What one way of moving records did."""

    records: int
    wall: float
    turns: int = 0

    @property
    def speed(self) -> float:
        """Records a second."""
        return self.records / self.wall


def heap_loop(batches: int) -> Through:
    """The same batches through a heap, appended to a list."""
    began = process_time()
    agenda: list[tuple[int, int, RecordBatch]] = []
    log: list[RecordBatch] = []
    for number in range(batches):
        records = tuple(KeyValue(f"k{number}", f"v{number}.{each}", number) for each in range(A_BATCH))
        heappush(agenda, (number, number, RecordBatch(records, number * A_BATCH)))
    while agenda:
        log.append(heappop(agenda)[2])
    return Through(len(log) * A_BATCH, process_time() - began)


def produced(batches: int, consume: bool) -> Through:
    """A client sends a batch, and the next one when it has been told; with `consume` another one reads along."""
    settings = BrokerClientSettings(linger=1_000, batch_size=1 << 20, fetch_max_wait=500_000)
    world = cluster(3, 2, client_settings=settings)
    ask(world, "c1", CreateTopic("orders", 1, 3))
    world.run_until(world.now + SECOND)
    if consume:
        ask(world, "c2", Consume(("orders",), "g"))
    turns, began = world.turns, process_time()
    for number in range(batches):
        _produce(world, number)
    if consume:
        _read_to_the_end(world, batches * A_BATCH)
    return Through(batches * A_BATCH, process_time() - began, world.turns - turns)


def _produce(world: World, number: int) -> None:
    asked = [
        world.ask("c1", "broker", ProduceRecord("orders", f"k{number}", f"v{number}.{each}")) for each in range(A_BATCH)
    ]
    while asked[-1] not in world.outcomes:
        assert world.step(), "a batch is never answered"
    assert all(isinstance(world.outcomes.pop(each), Produced) for each in asked), f"batch {number} was not taken"


def _read_to_the_end(world: World, records: int) -> None:
    client = client_of(world, "c2", "broker")
    assert client is not None, "c2 is down"
    while client.consumer.consumed_records < records:
        assert world.step(), "the consumer stands still"


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--batches", type=int, default=500, help=f"of {A_BATCH} records")
    chosen = arguments.parse_args()
    floor, write = heap_loop(chosen.batches), produced(chosen.batches, False)
    both = produced(chosen.batches, True)
    print(f"{'':32}{'records/s':>12}{'of the floor':>14}{'turns/batch':>13}")
    rows = (
        ("heap loop and list append", floor),
        ("produce, acks=all, 3 replicas", write),
        ("produce and consume", both),
    )
    for name, each in rows:
        print(f"{name:32}{each.speed:12,.0f}{each.speed / floor.speed:14.3f}{each.turns / chosen.batches:13.1f}")
    a_request = write.wall / chosen.batches * 1e6
    print(f"a batch costs {a_request:,.0f} us, of which {A_BATCH} questions and answers of a client are most")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
