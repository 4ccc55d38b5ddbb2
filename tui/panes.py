"""The panes by name, in the order of `[` and `]`, with what help says about each."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class About:
    """`name` is the widget's id."""

    name: str
    title: str
    text: str


PANES: tuple[About, ...] = (
    About("map", "cluster map",
        "The nodes and every message on its way. The frame of a node tells its role: double is the leader, dashed is "
        "down. The shape of a message tells its kind; the legend below has them. Cards show one service at a time: v "
        "shows the next one. Click a node or a link."),
    About("logs", "raft logs",
        "Each node's log, one digit an entry: the term in which it was made. What is not committed yet is underlined."),
    About("ring", "ring",
        "The circle of the ring store, coloured and marked by who owns each piece; what moves is striped, and a key "
        "that was just written stands beside it. The bars are the keys that each node holds. Up and down, a click, and "
        "every get and put in the console choose a key: below stands who has it, and who is behind. n adds a node, N "
        "removes the selected one."),
    About("broker", "broker",
        "Each partition with its replicas, one column a broker: the leader, those in sync and those that are not; then "
        "its leader epoch, high watermark and log end. What has just changed hands is marked, what is offline is loud. "
        "Below stand the groups with their lag, transactions, and the clients. Up and down, or a click, choose a "
        "partition to be shown in full."),
    About("events", "events",
        "What the machines say about themselves, and what you did to them. / shows only some: with ring: what the ring "
        "says."),
    About("inspect", "inspector",
        "The selected node: its role, what it holds in the service that is looked at (v shows the next one), and what "
        "is on its way to it and from it."),
    About("time", "timeline", "How much was said when, and what happened. Here left and right go from event to event."),
    About("tutor", "lesson", "A lesson beside a live cluster: nothing in it is a recording, so try other things too."),
    About("console", "console",
        "The command language, the same as in scenarios and lessons. What a key does is such a command, too."),
)  # fmt: skip

BY_NAME = {about.name: about for about in PANES}
