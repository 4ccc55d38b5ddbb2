"""What stands on a server's card, in words, for services whose cards are all words: Paxos, the synod, the keeper."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CardFace:
    """`title` is what counts up in this service (a ballot, a zxid). `short` has at most seven characters and `words`
    at most sixteen; where they are empty a timer says more."""

    title: str = ""
    short: str = ""
    words: str = ""
    loud: bool = False
    """Something is wrong with it."""
    squares: bool = True
    """It has a log, whose entries a large card shows."""
