"""What is missing before something is chosen, as a sentence. The law: it says who has to do what, and how many of them.

Quorums are those of the frame: phase 1 to become leader, phase 2 to choose (Howard, Malkhi, Spiegelman 2016).
"""

from __future__ import annotations

from collections.abc import Iterable

from algorithms.paxos.view import PaxosView, SynodView
from tui.paxos_frame import PaxosFrame, SlotFace
from tui.ring_words import counted
from tui.synod_frame import SynodFrame

NO_OP = "no-op"


def role_sentence(paxos: PaxosFrame) -> str:
    """Who leads, or how far somebody has come with it."""
    preparing = paxos.preparing
    if preparing and (not paxos.leader or preparing[0].ballot > paxos.ballot):
        return _prepares(preparing[0])
    if paxos.leader:
        return f"{paxos.leader} leads in ballot {paxos.ballot}"
    if paxos.acceptors and paxos.up < paxos.quorums.phase_1:
        return f"nobody can lead: {paxos.up} of {len(paxos.acceptors)} are up, phase 1 needs {paxos.quorums.phase_1}"
    return "nobody leads"


def _prepares(view: PaxosView) -> str:
    if not view.promises:
        return f"{view.name} asks whether the leader is gone"
    lacks = view.quorums.phase_1 - len(view.promises)
    got = f"promises of {' '.join(view.promises)}"
    rest = f"{counted(lacks, 'more promise')} and it leads" if lacks > 0 else "a quorum"
    return f"{view.name} prepares {view.ballot}: {got}; {rest}"


def missing_sentence(paxos: PaxosFrame) -> str:
    """What the first slot lacks that is not chosen; else that nothing does."""
    slot = paxos.open_slot
    if slot is None:
        return f"every slot up to {paxos.commit} is chosen" if paxos.commit else "no slot is chosen yet"
    if slot.is_hole:
        later = max((each.slot for each in paxos.slots if not each.is_hole), default=0)
        waits = f" before {slot.slot + 1} can be applied" if later > slot.slot else ""
        return f"slot {slot.slot} is a hole: a leader fills it with a no-op{waits}"
    return f"slot {slot.slot}: {_lacks(paxos, slot)}"


def _lacks(paxos: PaxosFrame, slot: SlotFace) -> str:
    lacks = paxos.quorums.phase_2 - len(slot.votes)
    if lacks <= 0:
        return f"accepted by {' '.join(slot.votes)}: chosen, and {paxos.leader or 'nobody'} has to hear of it"
    if not paxos.leader:
        return f"{' '.join(slot.votes)} accepted {slot.value} in {slot.ballot}; a new leader proposes it again"
    if paxos.ballot > slot.ballot:
        return f"{slot.value} of {slot.ballot} has to be accepted again in {paxos.ballot}"
    verb = "chooses" if lacks == 1 else "choose"
    return f"{counted(lacks, 'more accept')} of {slot.ballot} {verb} {slot.value}"


def need_words(paxos: PaxosFrame, slot: SlotFace) -> str:
    """The same in a few characters, for the slot's line."""
    if slot.chosen:
        return "chosen"
    if slot.is_hole:
        return "hole"
    lacks = paxos.quorums.phase_2 - len(slot.votes)
    return f"needs {lacks}" if lacks > 0 else "accepted"


# ---------------------------------------------------------------- the synod


def synod_sentences(synod: SynodFrame) -> tuple[str, ...]:
    """What is chosen or missing, which must be told, then what happens about it."""
    chosen = synod.chosen
    if len(chosen) > 1:
        return (f"agreement is broken: {' and '.join(chosen)} are both chosen",)
    if chosen:
        return (f"{chosen[0]} is chosen{_by(synod, chosen[0])}, for ever", *_learning(synod))
    return tuple(_open(synod))


def _by(synod: SynodFrame, value: str) -> str:
    found = [each for each in synod.choices if each.value == value and len(each.votes) >= synod.quorums.phase_2]
    return f": {' '.join(found[0].votes)} have accepted {found[0].ballot}" if found else ""


def _learning(synod: SynodFrame) -> tuple[str, ...]:
    lacks = [row.node for row in synod.rows if row.view is not None and row.view.chosen is None]
    return (f"{_several(lacks, 'has', 'have')} not learned it yet",) if lacks else ()


def _open(synod: SynodFrame) -> Iterable[str]:
    duel = synod.duel
    yield _missing(synod, duel)
    if len(duel) > 1:
        names = " and ".join(sorted(view.name for view in duel))
        yield f"{names} duel: {counted(synod.begun, 'ballot')} so far, nothing chosen"
    if synod.choices and len(synod.choices[0].votes) < synod.quorums.phase_2:
        best = synod.choices[0]
        yield f"a quorum with {' or '.join(best.votes)} in it must propose {best.value}"


def _missing(synod: SynodFrame, duel: tuple[SynodView, ...]) -> str:
    needs_1, needs_2 = synod.quorums.phase_1, synod.quorums.phase_2
    for view in duel:
        refused = sum(
            row.view is not None and row.view.promised > view.ballot and row.node not in view.accepts
            for row in synod.rows
        )
        if view.phase == "accept" and len(synod.acceptors) - refused >= needs_2:
            lacks = needs_2 - len(view.accepts)
            words = counted(lacks, "more accept")
            return f"{words} of {view.ballot} {'chooses' if lacks == 1 else 'choose'} {view.proposing}"
        if view.phase == "prepare":
            lacks = needs_1 - len(view.promises)
            return f"{view.name} needs {counted(lacks, 'more promise')} of {view.ballot} before it may propose a value"
    if synod.choices:
        best = synod.choices[0]
        lacks = needs_2 - len(best.votes)
        return f"not chosen: {best.value} of {best.ballot} lacks {counted(lacks, 'accept')}"
    return "nothing is accepted yet, so nothing is chosen"


def _several(names: list[str], one: str, more: str) -> str:
    return f"{' '.join(names)} {one if len(names) == 1 else more}"
