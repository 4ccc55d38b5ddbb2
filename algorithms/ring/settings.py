"""What can be set about a ring store. Times are microseconds."""

from __future__ import annotations

from typing import Literal

from algorithms.machine import Microseconds, Record


class RingSettings(Record, frozen=True):
    """The defaults are Dynamo's usual (3, 2, 2), with vector clocks, sloppy quorums and hints."""

    n: int = 3
    """Replicas of each key: the length of its preference list (Dynamo 4.3)."""
    r: int = 2
    """Replicas that must answer a read (4.5)."""
    w: int = 2
    """Replicas that must have written before a write is acknowledged (4.5)."""
    virtual_nodes: int = 64
    """Tokens of a node of weight 1 (4.2)."""
    hash: str = "blake2b"
    """Where keys and tokens lie on the ring."""
    zones: tuple[str, ...] = ()
    """`n1=east`: replicas lie in different zones while there are enough."""
    conflicts: Literal["vector_clocks", "last_write_wins"] = "vector_clocks"
    """What becomes of writes that did not know of each other: both stay as siblings (4.4), or the later clock wins."""
    sloppy_quorum: bool = True
    """A stand-in's copy counts towards W, and stand-ins are asked when replicas are down (4.6)."""
    hinted_handoff: bool = True
    """Keep hints for replicas that cannot be reached, and deliver them when they are back (4.6)."""
    hint_lifetime: Microseconds = 10_800_000_000
    """A hint older than this is dropped (Cassandra's max_hint_window: three hours)."""
    hint_interval: Microseconds = 500_000
    """How often hints are tried."""
    read_repair: bool = True
    """A read brings the replicas that answered with less up to date (5, read repair)."""
    anti_entropy: bool = True
    """Replicas compare their ranges by Merkle trees (4.7)."""
    anti_entropy_interval: Microseconds = 500_000
    """How often a node compares one of its ranges with one of its peers."""
    tombstone_grace: Microseconds = 864_000_000_000
    """How long a deleted key is remembered (Cassandra's gc_grace_seconds: ten days)."""
    replica_timeout: Microseconds = 100_000
    """A replica that has not answered a coordinator by then gets a hint instead."""
    operation_timeout: Microseconds = 500_000
    """A coordinator that has no quorum by then says so."""
    transfer_rate: int = 10_000_000
    """Bytes a second that a node pulls while ranges move; 0 is no limit."""
    transfer_chunk: int = 65_536
    """Bytes of values in one message while ranges move."""
    exchange_timeout: Microseconds = 200_000
    """How long a peer may take to answer while ranges are compared or moved."""
    membership: Literal["agreed", "gossip"] = "agreed"
    """How a new ring comes to be: each epoch is agreed by a majority of the one before it, or whoever is asked just
    says so and gossip spreads it (Dynamo 4.8.1), and two sides of a partition may say different things."""
    probe_interval: Microseconds = 200_000
    """How often a node probes another (SWIM's protocol period)."""
    probe_timeout: Microseconds = 50_000
    """A probe without an answer is tried through others then (SWIM 3.1)."""
    indirect_probes: int = 3
    """Through how many others (SWIM's k)."""
    suspicion_time: Microseconds = 800_000
    """A suspected node that does not contradict by then counts as dead (SWIM 4.2)."""
