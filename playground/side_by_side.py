"""Every system on the same nodes, each with clients that ask for something now and then.

The law: this is what one plays with who has not asked for anything else. A workload is gentle, so that a person can
follow each request.
"""

from __future__ import annotations

import msgspec

from algorithms.broker.settings import BrokerSettings
from playground.spec import PLAY_SPEC, ServiceSpec, Spec
from playground.workload import WorkloadSpec

PARTITIONS = 3
"""Of a topic that nobody has said more about."""


def gentle(rate: int = 4) -> dict[str, WorkloadSpec]:
    """By kind of service: what its clients do, `rate` requests a second each, each on its way alone."""
    return {
        "raft": WorkloadSpec(rate=rate, keys=3, start=500_000),
        "paxos": WorkloadSpec(rate=rate, keys=3, start=500_000),
        "keeper": WorkloadSpec(
            rate=rate,
            keys=2,
            get=5,
            put=0,
            cas=0,
            append=0,
            create=1,
            set=3,
            delete=0,
            children=1,
            ephemeral=30,
            watched=20,
            start=1_000_000,
        ),
        "ring": WorkloadSpec(rate=rate, keys=12, cas=0, append=0, start=500_000),
        "broker": WorkloadSpec(
            rate=rate, keys=12, get=0, put=0, cas=0, append=0, produce=1, start=1_000_000
        ),  # Partitions grow once somebody has made the topic `orders`, or the brokers have.
    }


def working(spec: Spec = PLAY_SPEC, rate: int = 4) -> Spec:
    """With clients that work, and brokers that make a topic when it is first asked for."""
    works = gentle(rate)
    named = [msgspec.structs.replace(works[each.kind], service=each.name) for each in spec.services]
    first = msgspec.structs.replace(named[0], service="")
    services = tuple(_at_hand(each) for each in spec.services)
    return msgspec.structs.replace(spec, services=services, workload=first, workloads=tuple(named[1:]))


def _at_hand(service: ServiceSpec) -> ServiceSpec:
    if not isinstance(service.settings, BrokerSettings):
        return service
    settings = msgspec.structs.replace(service.settings, auto_create_topics_enable=True, num_partitions=PARTITIONS)
    return msgspec.structs.replace(service, settings=settings)
