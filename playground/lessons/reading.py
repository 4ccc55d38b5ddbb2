"""From a lesson's blocks to a `Lesson`.

The law: a text belongs to the task behind it, and one step has one task. Whatever cannot be used is `BadInput` with
file and line.
"""

from __future__ import annotations

from collections.abc import Iterator

from playground.commands import Names
from playground.errors import BadInput
from playground.lessons.blocks import Block, Prose, blocks, front_matter
from playground.lessons.lesson import Claim, Goal, Lesson, Predict, Run, Step
from playground.lessons.tasks import Place, claims, goal, predict, read_lines
from playground.spec import read_spec


def read_lesson(text: str, name: str, where: str) -> Lesson:
    """The lesson in `text`; `where` names its file in a mistake. Raises BadInput."""
    front = front_matter(text, where)
    title, about = front.text("title"), front.text("about")
    order, seed = front.whole("order"), front.whole("seed")
    spec = read_spec(front.table("cluster"))
    front.finish()
    names = Names((*spec.nodes, *spec.clients), tuple(each.name for each in spec.services))
    steps = tuple(_Assembly(Place(where, names)).steps(blocks(text, where)))
    _must_be_playable(steps, where)
    return Lesson(name, title, about, order, spec, seed, steps)


def _must_be_playable(steps: tuple[Step, ...], where: str) -> None:
    if not steps:
        raise BadInput(f"{where}: there is nothing to read behind the front matter")
    for step, following in zip(steps, (*steps[1:], None), strict=True):
        answered = following is not None and isinstance(following.task, Run | Predict)
        if isinstance(step.task, Predict) and not answered:
            raise BadInput(
                f"{where}, line {step.line}: behind a predict comes the run that answers it, and here is none"
            )


class _Assembly:
    """What has been read of the step at hand."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.line = 0
        self.text: list[str] = []
        self.claims: list[Claim] = []

    def steps(self, parts: Iterator[Prose | Block]) -> Iterator[Step]:
        """Gather texts and claims until a task ends the step."""
        pending: Block | None = None
        for part in parts:
            if pending is not None:
                yield self._end(self._goal(pending, part))
                pending = None
            elif isinstance(part, Prose):
                self._begin(part.line)
                self.text.append(part.text)
            elif part.kind == "claim":
                self._begin(part.line)
                self.claims += claims(part, self.place)
            elif part.kind == "goal":
                self._begin(part.line)
                pending = part
            else:
                self._begin(part.line)
                yield self._end(self._task(part))
        if pending is not None:
            raise self._unsolved(pending)
        if self.line:
            yield self._end(None)

    def _begin(self, line: int) -> None:
        self.line = self.line or line

    def _task(self, block: Block) -> Run | Predict:
        match block.kind:
            case "run":
                lines, self.place = read_lines(block, self.place)
                return Run(lines)
            case "predict":
                return predict(block, self.place)
            case _:
                raise self.place.wrong(block.line, "a solution stands right behind its goal")

    def _goal(self, block: Block, part: Prose | Block) -> Goal:
        if not (isinstance(part, Block) and part.kind == "solution"):
            raise self._unsolved(block)
        solution, _ = read_lines(part, self.place)
        return goal(block, solution, self.place)

    def _unsolved(self, block: Block) -> BadInput:
        return self.place.wrong(block.line, "right behind a goal stands its solution")

    def _end(self, task: Run | Predict | Goal | None) -> Step:
        step = Step(self.line, "\n\n".join(self.text), tuple(self.claims), task)
        self.line, self.text, self.claims = 0, [], []
        return step
