"""Which brokers, clients and workloads there can be."""

from __future__ import annotations

import pytest

from playground.errors import BadInput
from playground.scenario import read_scenario
from playground.spec import Spec

HEAD = 'title = "a"\nstory = "b"\nsteps = "wait 1ms"\n[cluster]\nservices = ["broker"]\n'


def spec(text: str) -> Spec:
    return read_scenario(HEAD + text, "s", "s.toml").spec


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('[cluster.broker]\nracks = ["a"]', "there are 5 nodes and 1 racks; name one for each node, in order"),
        ("[cluster.broker]\ncontrollers = 6", "6 nodes cannot vote on the metadata: there are 5"),
        ("[cluster.broker]\ndefault_replication_factor = 6", "6 replicas cannot be on 5 nodes"),
        ("[cluster.broker]\noffsets_topic_replication_factor = 7", "7 replicas cannot be on 5 nodes"),
        ('[cluster.broker]\nreplica_lag_time_max = "400ms"', "may not be longer than replica_lag_time_max"),
        ('[cluster.broker]\nreplica_fetch_timeout = "400ms"', "may not be shorter than replica_fetch_wait_max"),
        ('[cluster.broker]\nbroker_session_timeout = "100ms"', "must send heartbeats more often"),
        ('[cluster.broker]\ntruncation = "none"', "truncation"),
        ("[cluster.broker]\nmin_isr = 2", 'did you mean "min_insync_replicas"'),
        ("[cluster.broker.client]\nmax_in_flight = 6", "which knows 5 batches"),
        ('[cluster.broker.client]\nacks = "1"\ntransactional_id = "a"', "a transactional producer needs acks"),
        ('[cluster.broker.client]\nheartbeat_interval = "9s"', "more often than its session_timeout"),
        ("[workload]\nput = 1", 'brokers know no "put"'),
        ("[workload]\nproduce = 0", "one of produce and transact"),
        ("[workload]\naborted = 101", "aborted is a share of 100 transactions, not 101"),
        ('[workload]\ntransactors = ["c9"]', "c9"),
        ('[cluster.broker.client]\ndelivery_timeout = "10ms"', "delivery_timeout must leave time"),
        ("[cluster.preset.n1]\nterms = [1]\n", "a preset is a Raft log"),
    ],
)
def test_what_makes_no_sense_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(BadInput) as caught:
        spec(text)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_one_client_can_be_set_otherwise_than_the_rest() -> None:
    (service,) = spec(
        'clients = 3\n[cluster.broker.client]\nlinger = "5ms"\n[cluster.broker.client.c3]\nacks = "1"'
    ).services
    usual, special = service.client_settings("c1"), service.client_settings("c3")
    assert (usual.acks, usual.linger) == ("all", 5_000)  # type: ignore[union-attr]
    assert (special.acks, special.linger) == ("1", 5_000)  # type: ignore[union-attr]
