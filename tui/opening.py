"""Runs as they come on the screen: fresh, with a scenario, or an earlier moment of the run before.

The law: the past is the same spec, seed and interventions again, up to another time.
"""

from __future__ import annotations

from playground.scenario import Scenario
from playground.script import Script
from playground.session import Intervention, Session
from playground.spec import Spec
from tui.events import EventLog
from tui.live import LiveRun
from tui.pace import Pace
from tui.story import Remembered, Scripted


def fresh(spec: Spec, seed: int | str, pace: Pace, paused: bool = False) -> LiveRun:
    """A cluster at time 0, and a person who may do anything."""
    log = EventLog()
    return LiveRun(Session(spec, seed, (log,)), log, pace, paused)


def staged(scenario: Scenario, seed: int | str, pace: Pace, paused: bool = False) -> LiveRun:
    """A cluster to which the scenario happens."""
    run = fresh(scenario.spec, seed, pace, paused)
    run.story = Scripted(Script(run.session, scenario.lines, scenario.where, scenario.storm(seed)))
    return run


def earlier(run: LiveRun, at: int) -> LiveRun:
    """The run as it was at the instant `at`, standing still. Closes `run`; what was done later will happen again."""
    later = run.story.left if isinstance(run.story, Remembered) else ()
    done: tuple[Intervention, ...] = (*run.session.interventions, *later)
    run.close()
    past = fresh(run.session.spec, run.session.seed, run.pace, paused=True)
    past.end = max(run.end, run.now)
    past.story = Remembered(past.session, done)
    past.run_to(at)
    return past
