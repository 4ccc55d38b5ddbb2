"""A lesson being played: what to show, what is asked, what happens next.

The law: sans-IO. The player acts on the session only at instants it has asked for (`wants_at`), so that a lesson gives
one history on the screen and headless; whoever shows it lets time go on. The screen's side of it:

- show `step.text`, what is `asked` or the `goal`, and `said` (verdicts, and what was not as the lesson says);
- `advance()` on "go on"; `answer(text)` to what is asked; `hint()` and `give_up()` while a goal is open;
- let time go on only while `time_goes_on`, no further than `wants_at`, and call `look()` when that has come.
"""

from __future__ import annotations

from enum import Enum
from typing import assert_never

from playground.commands.values import Group
from playground.errors import BadInput
from playground.lessons.future import future
from playground.lessons.lesson import Goal, Lesson, Predict, Run, Step
from playground.lessons.prediction import Prediction, given, truths
from playground.predicates import evaluate, explain
from playground.script import GRID, Line, Script, named
from playground.session import Session


class Stage(Enum):
    """What the player waits for."""

    READING = "reading"
    """`advance()`; time stands still."""
    ASKING = "asking"
    """`answer(text)`; time stands still, for a prediction is made before it comes true."""
    RUNNING = "running"
    """Time: the lesson acts on the cluster."""
    TRYING = "trying"
    """The person, who acts on the cluster to reach the goal."""
    OVER = "over"


class LessonPlayer:
    """One lesson on one session, which must have been made of the lesson's spec and seed."""

    def __init__(self, lesson: Lesson, session: Session) -> None:
        self.lesson = lesson
        self.session = session
        self.number = 0
        """Which step, from 0."""
        self.stage = Stage.READING
        self.said: list[str] = []
        """What there is to say at this step: verdicts, and claims or runs that were not as the lesson says."""
        self.troubles: list[str] = []
        """Everything so far that was not as the lesson says, with its line. Headless, there must be none."""
        self.predictions: list[Prediction] = []
        self.names: dict[str, Group] = {}
        """Nodes that the lesson has named, and `it`."""
        self.goal_reached = False
        self._hints = 0
        self._looked_at = 0
        self._script: Script | None = None
        self._open: list[Prediction] = []
        self._arrive()

    # ------------------------------------------------------------ what to show

    @property
    def step(self) -> Step:
        """The step at hand."""
        return self.lesson.steps[self.number]

    @property
    def asked(self) -> Predict | None:
        """The question that waits for an answer."""
        task = self.step.task
        return task if self.stage is Stage.ASKING and isinstance(task, Predict) else None

    @property
    def goal(self) -> Goal | None:
        """What the person is to bring about at this step, reached or not."""
        return self.step.task if isinstance(self.step.task, Goal) else None

    @property
    def time_goes_on(self) -> bool:
        """Whether virtual time may go on."""
        return self.stage in (Stage.RUNNING, Stage.TRYING)

    @property
    def wants_at(self) -> int | None:
        """The instant (true time) at which `look()` is to be called, while time goes on."""
        if self.stage is Stage.RUNNING and self._script:
            return self._script.next_at()
        return self._looked_at + GRID if self.stage is Stage.TRYING else None

    # ------------------------------------------------------------ what the person does

    def advance(self) -> str:
        """Go on. If that is not possible yet, a sentence says why; else the result is empty."""
        match self.stage:
            case Stage.ASKING:
                return "Say first what you expect; ? means that you do not know."
            case Stage.RUNNING:
                return "This is still running."
            case Stage.TRYING:
                return f"Not yet: {self._explain_goal()}."
            case Stage.OVER:
                return "The lesson is over."
            case Stage.READING if isinstance(self.step.task, Run):
                self._start(self.step.task.lines)
            case _:
                self._next()
        return ""

    def answer(self, text: str) -> Prediction:
        """Take a prediction and find out, in a future of its own, what will be true. Raises BadInput for no answer.

        The lesson goes on at once; the verdict is `said` when the run behind the question has ended.
        """
        if self.asked is None:
            raise BadInput("nothing is asked just now")
        prediction = Prediction(self.asked, given(self.asked, text), self.truths_to_come())
        self.predictions.append(prediction)
        self._open.append(prediction)
        self._next()
        return prediction

    def truths_to_come(self) -> tuple[str, ...]:
        """The answers to what is `asked` that will be right when the coming run has ended. Changes nothing."""
        assert self.asked is not None, "Nothing is asked just now."
        lines = next(step.task.lines for step in self.lesson.steps[self.number :] if isinstance(step.task, Run))
        session, names = future(self.session, lines, self._where, self.names)
        return truths(self.asked, session, names)

    def hint(self) -> str:
        """The next hint for the goal, the last one again and again; empty if there is none."""
        if self.goal is None or not self.goal.hints:
            return ""
        self._hints = min(self._hints + 1, len(self.goal.hints))
        return self.goal.hints[self._hints - 1]

    def give_up(self) -> None:
        """Let the lesson go its own way to the goal."""
        if self.stage is Stage.TRYING and self.goal is not None:
            self._start(self.goal.solution)

    def skip(self) -> None:
        """Leave the goal as it is and go on."""
        if self.stage is Stage.TRYING:
            self._next()

    # ------------------------------------------------------------ what time does

    def look(self) -> None:
        """Do what is due; see whether the goal is reached. To be called at `wants_at` and after each deed."""
        match self.stage:
            case Stage.RUNNING:
                self._run_on()
            case Stage.TRYING:
                self._see_goal()
            case _:
                pass

    def _start(self, lines: tuple[Line, ...]) -> None:
        self._script = Script(self.session, lines, self._where, names=self.names)
        self.stage = Stage.RUNNING
        self._run_on()

    def _run_on(self) -> None:
        script = self._script
        assert script is not None, "Something runs that has no lines."
        script.advance()
        if script.next_at() is None:
            self._script = None
            self._ran(script)

    def _ran(self, script: Script) -> None:
        untrue = [f"line {each.line}: {each.text}: {each.detail}" for each in script.claims if not each.held]
        if self.goal is not None:
            self.stage = Stage.TRYING
            self._see_goal()
        else:
            verdicts = self._verdicts()
            self._next()
            self.said[:0] = verdicts
        self._trouble(untrue)

    def _verdicts(self) -> list[str]:
        """What becomes of the open predictions, now that the cluster itself has shown it."""
        names = named(self.names)
        for each in self._open:
            if truths(each.asked, self.session, names) != each.truths:
                self._trouble([f'"{each.asked.question}" has come out otherwise: the run was not left to itself'])
        verdicts = [each.verdict for each in self._open]
        self._open = []
        return verdicts

    def _see_goal(self) -> None:
        self._looked_at = self.session.world.now
        if self.goal is not None and evaluate(self.goal.condition, self.session, named(self.names)):
            self.goal_reached = True
            self.stage = Stage.READING

    def _explain_goal(self) -> str:
        assert self.goal is not None, "There is no goal here."
        return explain(self.goal.condition, self.session, named(self.names))

    # ------------------------------------------------------------ from step to step

    def _next(self) -> None:
        if self.number + 1 == len(self.lesson.steps):
            self.stage = Stage.OVER
        else:
            self.number += 1
            self._arrive()

    def _arrive(self) -> None:
        self.said = []
        self.goal_reached, self._hints, self._looked_at = False, 0, self.session.world.now
        self.stage = _first_stage(self.step.task)
        self._judge_claims()

    def _judge_claims(self) -> None:
        names = named(self.names)
        for claim in self.step.claims:
            if not evaluate(claim.condition, self.session, names):
                found = explain(claim.condition, self.session, names)
                self._trouble([f"line {claim.line}: {claim.text}: it is not so here: {found}"])

    def _trouble(self, sentences: list[str]) -> None:
        self.troubles += sentences
        self.said += sentences

    @property
    def _where(self) -> str:
        return f"lesson {self.lesson.name}"


def _first_stage(task: Run | Predict | Goal | None) -> Stage:
    match task:
        case Predict():
            return Stage.ASKING
        case Goal():
            return Stage.TRYING
        case Run() | None:
            return Stage.READING
        case _:
            assert_never(task)
