"""The command `playground placement`. The law: as in `cli`, nothing is imported before it is needed."""

from __future__ import annotations

import click

MOST_NODES = 1_000
MOST_KEYS = 10_000_000


@click.command()
@click.option("--nodes", type=click.IntRange(1, MOST_NODES), default=10, show_default=True, help="Nodes at first.")
@click.option("--add", type=click.IntRange(0, MOST_NODES), help="Nodes that come; 1 if none are removed.")
@click.option(
    "--remove", type=click.IntRange(0), default=0, metavar="K", help="The first K nodes go, before others come."
)
@click.option("--keys", type=click.IntRange(1, MOST_KEYS), default=100_000, show_default=True, help="Keys in all.")
@click.option("--strategy", "strategies", multiple=True, metavar="NAME", help="Only this one; may come several times.")
@click.option(
    "--virtual-nodes", type=click.IntRange(1, 1_000), default=64, show_default=True, help="Tokens a node on the ring."
)
@click.option("--hash", default="blake2b", show_default=True, help="blake2b, md5, murmur3, fnv1a or crc32.")
@click.option(
    "--load-bound", type=float, default=1.25, show_default=True, metavar="C", help="Of bounded-ring: C times the mean."
)
@click.option("--plot", is_flag=True, help="Draw what moved, and the load of each node.")
@click.option("--json", metavar="FILE", help="The same as JSON; - is standard output.")
def placement(
    nodes: int,
    add: int | None,
    remove: int,
    keys: int,
    strategies: tuple[str, ...],
    virtual_nodes: int,
    hash: str,
    load_bound: float,
    plot: bool,
    json: str | None,
) -> None:
    """Compare ways to place keys on nodes.

    The hash ring (with virtual nodes, and with bounded loads as well), ketama, rendezvous, jump hash and Maglev, beside
    the remainder of a division that many call consistent hashing. The same keys are placed before and after nodes
    come and go; what moves, how even the loads are, and what a lookup costs is a table.

    Example: playground placement --nodes 10 --add 1 --strategy modulo --strategy ring --plot
    """
    from playground.placement import Question
    from playground.placement_running import compare

    coming = (0 if remove else 1) if add is None else add
    compare(Question(nodes, coming, remove, keys, virtual_nodes, hash, load_bound), strategies, plot, json)
