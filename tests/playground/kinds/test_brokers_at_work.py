"""What brokers do of their own accord: compaction, retention, reads from followers, moves with a bound."""

from __future__ import annotations

from algorithms.broker.client_settings import BrokerClientSettings
from algorithms.broker.commands import Polled
from algorithms.broker.settings import BrokerSettings
from algorithms.broker.topics import TopicPartition
from algorithms.machine import Failed, Record
from playground.kinds.broker_standing import brokers, client_of, leading_replica, record_of
from playground.session import Session
from playground.spec import ServiceSpec, Spec

SECOND = 1_000_000
T = TopicPartition("t", 0)


class Cluster:
    """Five brokers and three clients, after their first second."""

    def __init__(self, settings: BrokerSettings | None = None, client: BrokerClientSettings | None = None) -> None:
        service = ServiceSpec("broker", "broker", settings or BrokerSettings(), client or BrokerClientSettings())
        self.session = Session(Spec(clients=("c1", "c2", "c3"), services=(service,)), 5)
        self.world = self.session.world
        self.wait(1)

    def wait(self, seconds: float) -> None:
        """Let time go on."""
        self.session.run_until(self.world.now + int(seconds * SECOND))

    def do(self, command: str, seconds: float = 0.02) -> Record | None:
        """Do it, wait, and tell how it ended if it is a request."""
        request = self.session.do(command).request_id
        self.wait(seconds)
        return self.session.outcome(request) if request is not None else None

    def ends(self) -> list[tuple[int, int]]:
        """Log start and log end of `t/0` on every broker that has it."""
        logs = [state.replicas[T].log for state in brokers(self.world, "broker").values() if T in state.replicas]
        return [(each.start_offset, each.end_offset) for each in logs]


def test_a_compacted_log_keeps_the_last_record_of_each_key_at_its_offset() -> None:
    cluster = Cluster()
    cluster.do("topic create t --replicas 3 --cleanup compact --segment-bytes 600", 0.5)
    for number in range(20):
        for key in ("a", "b", "c"):
            cluster.do(f"produce t {key} v{number}")
    cluster.wait(4)
    found = cluster.do("consume t/0", 1)
    assert isinstance(found, Polled)
    last = {each.key: (each.offset, each.value) for each in found.records}
    assert last == {"a": (57, "v19"), "b": (58, "v19"), "c": (59, "v19")}
    assert len(found.records) < 60
    assert cluster.ends() == [(0, 60)] * 3


def test_a_replica_that_was_away_gets_the_compacted_log() -> None:
    cluster = Cluster()
    cluster.do("topic create t --replicas 3 --cleanup compact --segment-bytes 600", 0.5)
    follower = next(name for name in ("n2", "n3") if name in record_of_t(cluster).replicas)
    cluster.do(f"kill {follower}")
    for number in range(30):
        cluster.do(f"produce t a v{number}", 0.1)
    cluster.wait(2)
    cluster.do(f"restart {follower}", 4)
    assert cluster.ends() == [(0, 30)] * 3


def record_of_t(cluster: Cluster):  # type: ignore[no-untyped-def]
    """The metadata of `t/0`."""
    found = record_of(cluster.world, "broker", T)
    assert found is not None
    return found


def test_old_segments_are_deleted_on_every_replica_and_what_was_in_them_is_out_of_range() -> None:
    cluster = Cluster()
    cluster.do("topic create t --replicas 3 --segment-bytes 600 --retention 2s", 0.5)
    for number in range(60):
        cluster.do(f"produce t k v{number}")
    cluster.wait(6)
    starts = {start for start, _ in cluster.ends()}
    assert len(starts) == 1
    assert starts.pop() > 30
    gone = cluster.do("consume t/0 --offset 0", 1)
    assert isinstance(gone, Failed)
    assert gone.reason.startswith("OFFSET_OUT_OF_RANGE")


def test_a_consumer_reads_from_a_replica_in_its_own_rack() -> None:
    """KIP-392."""
    racks = BrokerSettings(racks=("a", "b", "c", "a", "b"), replica_selector="rack_aware")
    cluster = Cluster(racks, BrokerClientSettings(client_rack="b"))
    cluster.do("topic create t --replicas 3", 0.5)
    cluster.do("consume t --group g on c2", 2)
    for number in range(10):
        cluster.do(f"produce t k{number} v{number}", 0.05)
    cluster.wait(2)
    client = client_of(cluster.world, "c2", "broker")
    assert client is not None
    (position,) = client.consumer._fetcher.positions.values()
    assert (position.preferred, position.consumed) == ("n2", 10)
    leader = leading_replica(cluster.world, "broker", T)
    assert leader is not None
    assert leader.leader == "n1"


def test_a_throttled_move_takes_its_time() -> None:
    """KIP-73: 20 kB at 5 kB/s."""
    cluster = Cluster()
    cluster.do("topic create t --replicas 1", 0.5)
    for number in range(40):
        cluster.do(f'produce t k{number} "{"x" * 500}"')
    cluster.do("reassign t/0 n3 --throttle 5kB/s", 3)
    assert record_of_t(cluster).adding == ("n3",)
    cluster.wait(3)
    assert record_of_t(cluster).replicas == ("n3",)


def test_who_asks_for_a_topic_makes_it_if_that_is_allowed() -> None:
    cluster = Cluster(BrokerSettings(auto_create_topics_enable=True, num_partitions=2))
    cluster.do("produce t k v", 2)
    assert sum(end for _, end in cluster.ends()) <= 3
    assert record_of_t(cluster).leader
