"""To whom a leader speaks, and whether who counts is just being changed (Paxos Made Simple, section 3, end).

The law: nobody is left out who counts for a slot that is not chosen yet, or may turn out to.
"""

from __future__ import annotations

from algorithms.paxos.leading import Leading
from algorithms.paxos.messages import Configuration
from algorithms.paxos.state import State


def speak_to_members(state: State, leading: Leading) -> None:
    """Our peers are all who count, or will, or may; who is to count; and who counted, until it knows that it does not
    any more."""
    proposed = [each for each in leading.values.values() if isinstance(each, Configuration)]
    configurations = (*state.configurations.since(state.commit_index + 1), *proposed)
    names = {name: None for configuration in configurations for name in configuration.acceptors}
    if leading.change is not None:
        names.update(dict.fromkeys(leading.change.learning))
    names.update(leading.leaving)
    names.pop(state.name, None)
    leading.speak_to(tuple(sorted(names)))


def is_changing(state: State, leading: Leading) -> bool:
    """Whether a configuration is proposed, or is chosen and does not count yet, or is about to send us away."""
    newest = state.configurations.newest
    if newest.slot > state.commit_index + 1 or state.name not in newest.configuration.acceptors:
        return True
    return any(isinstance(each, Configuration) for each in leading.values.values())
