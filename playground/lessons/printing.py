"""A lesson as text to read without a cluster. The law: it gives no answers away before its end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from playground.commands import write_step
from playground.lessons.lesson import Goal, Lesson, Predict, Run
from playground.lessons.library import course, load
from playground.script import Line


def list_text() -> str:
    """The course: a line for each lesson."""
    lessons = course()
    width = max(len(lesson.name) for lesson in lessons)
    lines = [f"{number:3}  {lesson.name:{width}}  {lesson.about}" for number, lesson in enumerate(lessons, 1)]
    return "\n".join([*lines, "", f"Begin with: playground learn {lessons[0].name}"])


def text_of(name: str) -> str:
    """The lesson as Markdown. Raises BadInput if there is none of that name."""
    return "\n\n".join(_parts(load(name)))


def _parts(lesson: Lesson) -> Iterator[str]:
    yield f"# {lesson.title}"
    yield f"*{lesson.about}*"
    for step in lesson.steps:
        if step.text:
            yield step.text
        yield from _task(step.task)
    solutions = [step.task for step in lesson.steps if isinstance(step.task, Goal)]
    if solutions:
        yield "## One way to each goal"
    for goal in solutions:
        yield f"{goal.wish}\n\n{code(goal.solution)}"


def _task(task: Run | Predict | Goal | None) -> Iterator[str]:
    match task:
        case None:
            pass
        case Run(lines):
            yield code(lines)
        case Predict(question, options):
            yield f"**Before you go on:** {question}"
            if options:
                yield "\n".join(f"{number}. {option.text}" for number, option in enumerate(options, 1))
        case Goal(wish):
            yield f"**Your turn:** {wish}"
        case _:
            assert_never(task)


def code(lines: tuple[Line, ...]) -> str:
    """Lines of the command language as Markdown shows code."""
    return "\n".join(f"    {write_step(line.step)}" for line in lines)
