"""Nodes known by their number. The law: replicas are on the buckets that follow, and behind the last is the first."""

from __future__ import annotations


def following(nodes: tuple[str, ...], bucket: int, n: int) -> tuple[str, ...]:
    """`n` nodes from number `bucket` on."""
    return (*nodes[bucket : bucket + n], *nodes[: max(0, bucket + n - len(nodes))])
