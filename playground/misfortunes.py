"""What a storm can be made of, and which systems each misfortune is for."""

from __future__ import annotations

from enum import Enum


class Misfortune(Enum):
    """What a storm is made of."""

    KILL = "kill"
    KILL_LEADER = "kill-leader"
    POWER_LOSS = "power-loss"
    BOUNCE = "bounce"
    PAUSE = "pause"
    PAUSE_LEADER = "pause-leader"
    SLOW_NODE = "slow-node"
    SKEW = "skew"
    DRIFT = "drift"
    SLOW_DISK = "slow-disk"
    FAILING_DISK = "failing-disk"
    LYING_DISK = "lying-disk"
    HALVES = "halves"
    LEADER_IN_MINORITY = "leader-in-minority"
    BRIDGE = "bridge"
    ISOLATE = "isolate"
    DEAF_LEADER = "deaf-leader"
    CUT = "cut"
    ONE_WAY_CUT = "one-way-cut"
    SLOW_LINK = "slow-link"
    DELAY = "delay"
    LOSE = "lose"
    DUPLICATE = "duplicate"
    REORDER = "reorder"
    LIMIT = "limit"
    TRANSFER = "transfer"
    MEMBERS = "members"
    ADD_NODE = "add-node"
    REMOVE_NODE = "remove-node"
    WEIGHT = "weight"
    KILL_PARTITION_LEADER = "kill-partition-leader"
    KILL_COORDINATOR = "kill-coordinator"
    SHUT_DOWN = "shut-down"
    REASSIGN = "reassign"
    ELECT = "elect"
    JOIN_GROUP = "join-group"
    LEAVE_GROUP = "leave-group"
    PAUSE_CONSUMER = "pause-consumer"
    PAUSE_CLIENT = "pause-client"
    KILL_CLIENT = "kill-client"
    RECONNECT = "reconnect"
    CLOSE_SESSION = "close-session"


OF_LEADERS = (
    Misfortune.KILL_LEADER, Misfortune.PAUSE_LEADER, Misfortune.LEADER_IN_MINORITY, Misfortune.DEAF_LEADER,
    Misfortune.TRANSFER, Misfortune.MEMBERS,
)  # fmt: skip
"""Only a service with leaders has these."""

OF_A_RING = (Misfortune.ADD_NODE, Misfortune.REMOVE_NODE, Misfortune.WEIGHT)
"""Only a ring has these."""

OF_BROKERS = (
    Misfortune.KILL_PARTITION_LEADER, Misfortune.KILL_COORDINATOR, Misfortune.SHUT_DOWN, Misfortune.REASSIGN,
    Misfortune.ELECT, Misfortune.JOIN_GROUP, Misfortune.LEAVE_GROUP, Misfortune.PAUSE_CONSUMER,
)  # fmt: skip
"""Only brokers have these."""


OF_MEMBERS = (Misfortune.TRANSFER, Misfortune.MEMBERS)
"""Of those only a service whose voters can be changed."""

OF_KEEPERS = (Misfortune.PAUSE_CLIENT, Misfortune.KILL_CLIENT, Misfortune.RECONNECT, Misfortune.CLOSE_SESSION)
"""Only a keeper has these: its clients have sessions."""


def possible(
    leading: bool, ring: bool, brokers: bool = False, keeper: bool = False, members: bool = True
) -> tuple[Misfortune, ...]:
    """What a storm can be made of over a cluster with a service that has leaders (and `members` that can change), with
    a ring, with brokers, with a keeper."""
    missing = (
        *(() if leading else OF_LEADERS), *(() if members else OF_MEMBERS), *(() if ring else OF_A_RING),
        *(() if brokers else OF_BROKERS), *(() if keeper else OF_KEEPERS),
    )  # fmt: skip
    return tuple(each for each in Misfortune if each not in missing)
