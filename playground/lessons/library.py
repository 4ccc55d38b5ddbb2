"""Which lessons there are. The law: a lesson is one Markdown file in this folder, or one that is named by its path."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

from playground.errors import BadInput, nearest
from playground.lessons.lesson import Lesson
from playground.lessons.reading import read_lesson

ENDING = ".md"


def names() -> tuple[str, ...]:
    """The shipped lessons' names, in the order of the course."""
    return tuple(lesson.name for lesson in course())


@cache
def course() -> tuple[Lesson, ...]:
    """Every shipped lesson, in order."""
    shipped = sorted(each.name for each in files(__package__).iterdir() if each.name.endswith(ENDING))
    return tuple(sorted((load(name.removesuffix(ENDING)) for name in shipped), key=lambda lesson: lesson.order))


def load(name: str) -> Lesson:
    """The shipped lesson `name`, or the one in the file of that path (which ends in .md). Raises BadInput."""
    if name.endswith(ENDING):
        return read_lesson(_text_of_file(Path(name)), Path(name).stem, name)
    shipped = files(__package__).joinpath(f"{name}{ENDING}")
    if not shipped.is_file():
        known = sorted(each.name.removesuffix(ENDING) for each in files(__package__).iterdir() if ENDING in each.name)
        hint = nearest(name, known) or f"; there are {', '.join(known)}"
        raise BadInput(f'there is no lesson "{name}"{hint}')
    return read_lesson(shipped.read_text(encoding="utf-8"), name, f"{name}{ENDING}")


def _text_of_file(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8 text'}") from None
