"""Lessons: a text, a cluster, and questions that the cluster answers.

A lesson is one Markdown file in this folder (its form: CONTRIBUTING.md). `LessonPlayer` plays one, sans-IO; the
screen shows it beside the cluster, `check` plays it headless and says whether everything in it is true.
"""

from playground.lessons.checking import Verdict, check
from playground.lessons.lesson import Goal, Lesson, Predict, Run, Step
from playground.lessons.library import course, load, names
from playground.lessons.player import LessonPlayer, Stage
from playground.lessons.prediction import Prediction
from playground.lessons.printing import code, list_text, text_of

__all__ = [
    "Goal",
    "Lesson",
    "LessonPlayer",
    "Predict",
    "Prediction",
    "Run",
    "Stage",
    "Step",
    "Verdict",
    "check",
    "code",
    "course",
    "list_text",
    "load",
    "names",
    "text_of",
]
