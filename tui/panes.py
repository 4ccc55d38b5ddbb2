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
        "down. The shape of a message tells its kind; the legend below has them all. Click a node or a link."),
    About("logs", "raft logs",
        "Each node's log, one digit an entry: the term in which it was made. What is not committed yet is underlined."),
    About("events", "events", "What the machines say about themselves, and what you did to them. / shows only some."),
    About("inspect", "inspector", "The selected node: role, term, timer, what is on its way to it and from it."),
    About("time", "timeline", "How much was said when, and what happened. Here left and right go from event to event."),
    About("tutor", "lesson", "A lesson beside a live cluster: nothing in it is a recording, so try other things too."),
    About("console", "console",
        "The command language, the same as in scenarios and lessons. What a key does is such a command, too."),
)  # fmt: skip

BY_NAME = {about.name: about for about in PANES}
