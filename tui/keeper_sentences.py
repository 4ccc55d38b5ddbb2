"""How the keeper is, as a sentence. The law: it says who has to do what before clients can write again."""

from __future__ import annotations

from algorithms.keeper.view import ProposalView
from algorithms.keeper.zxid import zxid_of
from tui.glyphs import Role
from tui.keeper_frame import KeeperFrame, KeeperRow, QueueFace
from tui.keeper_words import short_path, zxid_words
from tui.ring_words import counted

VERBS = {
    "lock": ("holds", "hold"), "read lock": ("reads", "read"), "election": ("leads", "lead"),
    "barrier": ("is inside", "are inside"), "group": ("is a member", "are members"), "queue": ("takes", "take"),
}  # fmt: skip
"""What one does who has got what a recipe is for, and what several do."""


def role_sentence(keeper: KeeperFrame) -> str:
    """Who leads, or how far an election or a recovery is."""
    if keeper.leader:
        return f"{keeper.leader} leads epoch {keeper.epoch}, committed up to {zxid_words(keeper.newest)}"
    up = sum(row.up and row.votes for row in keeper.rows)
    if keeper.quorum and up < keeper.quorum:
        return f"no quorum: {up} of {len(keeper.voters)} voters are up, {keeper.quorum} are needed; nobody can write"
    recovering = next((row for row in keeper.rows if row.role is Role.PROSPECTIVE), None)
    if recovering is not None:
        return f"{recovering.node} is elected, {recovering.phase} is under way; nobody can write yet"
    return _election(keeper)


def _election(keeper: KeeperFrame) -> str:
    votes: dict[str, int] = {}
    for row in keeper.rows:
        if row.role is Role.LOOKING and row.vote:
            votes[row.vote] = votes.get(row.vote, 0) + 1
    if not votes:
        return "nobody leads"
    most = max(votes, key=lambda name: (votes[name], name))
    return f"election: {most} has {counted(votes[most], 'vote')}, {keeper.quorum} are needed"


def proposal_words(keeper: KeeperFrame, proposal: ProposalView) -> str:
    """What a proposal lacks."""
    lacks = keeper.quorum - len(proposal.acks)
    return f"needs {counted(lacks, 'ack')}" if lacks > 0 else "commits"


def queue_words(queue: QueueFace, width: int) -> str:
    """`lock /a: c1 holds, token 5_2a ← c2 ← c3`: whoever stands behind an arrow waits for the one before it."""
    token = zxid_words(zxid_of(queue.token)) if queue.token else ""
    head = f"{queue.recipe} {short_path(queue.path)}: {_who_has(queue)}"
    words = f"{head}, token {token}" if token else head
    waits = _who_waits(queue, len(queue.waiting))
    if token and len(words + waits) > width:
        words = f"{head} {token}"
    named = (count for count in range(len(queue.waiting), 0, -1) if len(words + _who_waits(queue, count)) <= width)
    return words + _who_waits(queue, next(named, 0))


def _who_has(queue: QueueFace) -> str:
    if not queue.has:
        return "nobody yet"
    verb, verbs = VERBS.get(queue.recipe, ("is in", "are in"))
    return f"{' '.join(queue.has)} {verb if len(queue.has) == 1 else verbs}"


def _who_waits(queue: QueueFace, named: int) -> str:
    """With the first so many by name."""
    count = len(queue.waiting)
    if queue.herd and count > 1:
        return f"; all {count} others watch it"
    rest = f" and {count - named} more" if count > named else ""
    return "".join(f" ← {name}" for name in queue.waiting[:named]) + rest


def standing_words(row: KeeperRow) -> str:
    """A server's role, or the phase of its recovery."""
    return "discovery" if row.phase == "discovery" else row.role.value
