"""What a storm does to the clients of a keeper, whose sessions it puts to the test.

The law: everything is drawn before, in `chaos`; here it is only put into the language of scenarios.
"""

from __future__ import annotations

from algorithms.keeper.commands import CloseSession, Reconnect
from playground.commands import values
from playground.commands.steps import Deed, Deeds
from playground.commands.values import Do, Named, OnNodes, Verb
from playground.misfortunes import Misfortune


def deeds_of_keepers(kind: Misfortune, client: str, service: str, lasts: int) -> Deeds:
    """The misfortune with its end. `lasts` in us."""
    who = (Named(client),)
    match kind:
        case Misfortune.PAUSE_CLIENT:
            return Deed(OnNodes(Do(Verb.PAUSE), who)), Deed(OnNodes(Do(Verb.RESUME), who), lasts)
        case Misfortune.KILL_CLIENT:
            return Deed(OnNodes(Do(Verb.KILL), who)), Deed(OnNodes(Do(Verb.RESTART), who), lasts)
        case Misfortune.RECONNECT:
            return (Deed(values.Ask(Reconnect(), client, service)),)
        case Misfortune.CLOSE_SESSION:
            return (Deed(values.Ask(CloseSession(), client, service)),)
        case _:
            raise AssertionError(f"A storm over a keeper's clients knows no {kind.value}.")
