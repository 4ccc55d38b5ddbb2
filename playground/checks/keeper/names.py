"""The checks of a keeper, and what each says when all is well."""

from __future__ import annotations

TOTAL_ORDER = "total-order"
PRIMARY_ORDER = "primary-order"
ZXIDS = "zxids-grow"
LEADERS = "one-primary-an-epoch"
DURABLE = "committed-on-a-quorum"
EQUAL = "equal-trees"
EPHEMERALS = "ephemerals-have-sessions"
ACKNOWLEDGED = "acknowledged-writes"
LINEARIZABLE = "linearizable-writes"
FIFO = "session-fifo"
MONOTONE = "monotone-reads"
READS = "reads-of-the-tree"
WATCHES = "watch-before-read"
LOCKS = "mutual-exclusion"
FENCING = "fencing-order"

FINE = {
    TOTAL_ORDER: "every server delivered the same transactions in one order, without a gap",
    PRIMARY_ORDER: "every transaction fitted the tree that it met",
    ZXIDS: "no zxid was given twice, and no server came back with an older epoch than it had acknowledged",
    LEADERS: "no epoch had two established leaders",
    DURABLE: "what was committed was on the disks of a quorum",
    EQUAL: "trees at one zxid were equal",
    EPHEMERALS: "every ephemeral znode had a session that was alive",
    ACKNOWLEDGED: "every write that was answered ok is one of the transactions",
    LINEARIZABLE: "a write that was begun when another one was over came behind it",
    FIFO: "replies came in the order of requests, and writes took effect in it",
    MONOTONE: "within a session nobody saw an older state behind a newer one",
    READS: "every reply was what the tree held at its zxid",
    WATCHES: "every watch was told of its change before anything newer was read",
    LOCKS: "no lock had two holders whose sessions were alive",
    FENCING: "no resource took an older token behind a newer one",
}

NAMES = tuple(FINE)
"""In the order of a report."""

OF_SERVERS = (TOTAL_ORDER, PRIMARY_ORDER, ZXIDS, LEADERS, DURABLE, EQUAL, EPHEMERALS)
