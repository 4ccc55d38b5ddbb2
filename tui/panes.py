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
    About("overview", "overview",
        "Every service on every node: what role it has there, and a few numbers; below are the clients, and what last "
        "happened to each service. One fault shows what each of them makes of it. What has just changed is underlined. "
        "A click on a service looks at it, one on a node selects it. o hides it, and brings it back."),
    About("logs", "raft logs",
        "Each node's log, one digit an entry: the term in which it was made. What is not committed yet is underlined."),
    About("ring", "ring",
        "The circle of the ring store, coloured and marked by who owns each piece; what moves is striped, and a key "
        "that was just written stands beside it. The bars are the keys that each node holds. Up and down, a click, and "
        "every get and put in the console choose a key: below stands who has it, and who is behind. n adds a node, N "
        "removes the selected one."),
    About("paxos", "paxos",
        "The log of Multi-Paxos. Above, each server: what it has promised, its own ballot, and how far it knows that "
        "slots are chosen. Below, each slot: the newest ballot accepted there, who has accepted it, and the value; a "
        "dot is a hole. The sentence at the end says what the first open slot lacks to be chosen."),
    About("synod", "synod",
        "Paxos for one value. Above, the proposers: phase, ballot, and the promises (1b) and accepts (2b) that each "
        "has gathered. Below, the acceptors: what they have promised and accepted, and what they have learned. A duel "
        "is seen as ballots that climb. The sentence says what is missing for a value to be chosen."),
    About("broker", "broker",
        "Each partition with its replicas, one column a broker: the leader, those in sync and those that are not; then "
        "its leader epoch, high watermark and log end. What has just changed hands is marked, what is offline is loud. "
        "Below stand the groups with their lag, transactions, and the clients. Up and down, or a click, choose a "
        "partition to be shown in full."),
    About("keeper", "keeper",
        "Who leads, and how far each server's log and tree are (a zxid is epoch and counter); proposals under way with "
        "their acknowledgements; who holds a lock and who waits for whom; sessions, whose bars drain towards their "
        "expiry; and the tree of the selected server. E is an ephemeral znode, S a sequential one, C a container, T "
        "one with a time to live. Up and down, or a click, choose a znode to be shown in full."),
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
