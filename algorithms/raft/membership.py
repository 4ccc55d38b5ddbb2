"""Changing who counts: learners first, then the old and the new together, then the new alone (paper 6,
dissertation 4.2.1 and 4.3).

The law: a configuration counts from the moment it is appended; one change at a time; and no leader begins one before
an entry of its own term is committed, for until then an older change may still be undecided.
"""

from __future__ import annotations

from algorithms.machine import CancelTimer, SetTimer
from algorithms.raft.leading import Caller, CatchingUp, Change, Leading
from algorithms.raft.majorities import describe, is_voter
from algorithms.raft.messages import Configuration
from algorithms.raft.progress import Progress
from algorithms.raft.replication import append_entry
from algorithms.raft.roles import become_follower
from algorithms.raft.state import State
from algorithms.replicated.messages import ChangeConfiguration

JOINT = "dissertation 4.3"
LEARNERS = "dissertation 4.2.1"


def may_campaign(state: State) -> bool:
    """Whether we vote in a configuration that counts or may yet turn out to (dissertation 4.2.2)."""
    standing = state.log.configurations_since(state.commit_index)
    return any(is_voter(configuration, state.name) for configuration in standing)


def change_configuration(state: State, leading: Leading, source: str, wish: ChangeConfiguration) -> None:
    """An administrator's wish. A retry of the one under way only says where the answer shall go."""
    caller = Caller(source, wish.client_id, wish.sequence)
    voters = tuple(sorted(dict.fromkeys(wish.voters)))
    change = leading.change
    if change is not None and change.caller[1:] == caller[1:] and change.voters == voters:
        change.caller = caller
    elif reason := _why_not(state, leading, voters):
        state.note(f"refuses to make {' '.join(voters)} the voters: {reason}", JOINT)
        state.reply(caller, "refused", reason=reason)
    elif state.configuration == Configuration(voters):
        state.reply(caller, "ok")
    else:
        _begin(state, leading, Change(caller, voters))


def _why_not(state: State, leading: Leading, voters: tuple[str, ...]) -> str:
    """What forbids a change now; empty if nothing does."""
    log = state.log
    if not voters:
        return "somebody must vote"
    if leading.change is not None or log.configuration.old_voters or log.configuration_index > state.commit_index:
        return "another change is under way"
    if state.commit_index < leading.term_start:
        return f"no entry of term {state.current_term} is committed yet"
    return ""


# ---------------------------------------------------------------- learners


def _begin(state: State, leading: Leading, change: Change) -> None:
    leading.change = change
    voters = state.configuration.voters
    new = tuple(name for name in change.voters if name not in voters)
    if not new:
        _join(state, leading, change)
        return
    change.learning = {name: CatchingUp(state.log.last_index + 1, state.now) for name in new}
    _append(state, leading, Configuration(voters, learners=new), LEARNERS)
    _watch(state)


def _watch(state: State) -> None:
    """A learner that makes no progress in this time is given up."""
    patience = state.settings.election_timeout_longest * 4
    state.effects.append(SetTimer("catch_up", patience, patience))


def admit_learner(state: State, leading: Leading, name: str) -> None:
    """Let `name` receive the log from now on, for good; who votes does not change, so no majority does."""
    configuration = state.configuration
    learners = tuple(sorted((*configuration.learners, name)))
    _append(state, leading, Configuration(configuration.voters, configuration.old_voters, learners), LEARNERS)


def learner_advanced(state: State, leading: Leading, name: str, progress: Progress) -> None:
    """A learner has acknowledged something. A round is over when it has what the log held at its beginning; and if
    nothing came meanwhile, the next round would be over at once."""
    change = leading.change
    if change is None or change.joint or name not in change.learning:
        return
    catching_up = change.learning[name]
    if progress.match_index < catching_up.target:
        return
    took = state.now - catching_up.began_at
    if took < state.settings.election_timeout_shortest or progress.match_index >= state.log.last_index:
        _caught_up(state, leading, change, name)
    elif catching_up.round >= state.settings.learner_rounds:
        _give_up(state, leading, change, f"{name} did not catch up in {catching_up.round} rounds")
    else:
        catching_up.round += 1
        catching_up.target, catching_up.began_at = state.log.last_index, state.now
        state.note(f"{name} needed {took / 1000:g} ms for a round; round {catching_up.round} begins", LEARNERS)


def _caught_up(state: State, leading: Leading, change: Change, name: str) -> None:
    """Its last round was (or would be) shorter than an election timeout, so its vote holds nobody up for longer."""
    state.note(f"{name} has caught up, up to index {state.log.last_index}", LEARNERS)
    del change.learning[name]
    if not change.learning:
        state.effects.append(CancelTimer("catch_up"))
        _join(state, leading, change)


def look_after_learners(state: State, leading: Leading) -> None:
    """The timer `catch_up` ran out."""
    change = leading.change
    if change is None or change.joint:
        return
    learning = [leading.progress[name] for name in change.learning]
    seen = tuple((each.match_index, each.transmission.offset if each.transmission else 0) for each in learning)
    if seen == change.seen:
        _give_up(state, leading, change, f"{' '.join(change.learning)} could not be reached")
    else:
        change.seen = seen
        _watch(state)


def _give_up(state: State, leading: Leading, change: Change, reason: str) -> None:
    """Surely not done: the voters have not changed, and nobody but us would go on with it."""
    leading.change = None
    state.effects.append(CancelTimer("catch_up"))
    state.note(f"gives up making {' '.join(change.voters)} the voters: {reason}", LEARNERS)
    _append(state, leading, Configuration(state.configuration.voters), LEARNERS)
    state.reply(change.caller, "refused", reason=reason)


# ---------------------------------------------------------------- joint consensus


def _join(state: State, leading: Leading, change: Change) -> None:
    """Append C_old,new; or at once the end, if the voters stay and only learners go."""
    change.joint = True
    old = state.configuration.voters
    _append(state, leading, Configuration(change.voters, () if old == change.voters else old), JOINT)


def after_commit(state: State, leading: Leading) -> None:
    """The commit index has moved: if the newest configuration is committed, go on. An heir goes on where its
    predecessor left off."""
    configuration = state.configuration
    if state.log.configuration_index > state.commit_index:
        return
    if configuration.old_voters:
        _append(state, leading, Configuration(configuration.voters), JOINT)
        return
    change = leading.change
    if change is not None and change.joint:
        leading.change = None
        state.note(f"the change is done: the voters are {' '.join(configuration.voters)}", JOINT)
        state.reply(change.caller, "ok")
    if not is_voter(configuration, state.name):
        become_follower(state, state.current_term, "the new configuration is committed without it", "Raft 6")


def _append(state: State, leading: Leading, configuration: Configuration, source: str) -> None:
    state.note(f"appends the configuration {describe(configuration)}; it counts from now on", source)
    append_entry(state, leading, configuration)
