"""The kinds of homework that every host knows."""

from __future__ import annotations

from collections.abc import Iterable

from lms.builtin.homework.acknowledging import Reading, Video
from lms.builtin.homework.making import Presentation, Project
from lms.builtin.homework.quiz import Quiz
from lms.builtin.homework.survey import Survey
from lms.builtin.homework.writing import Exam, Group, Practice, Reflection
from lms.plugin_api import About, ActivityType, Text, hookimpl

__all__ = [
    "Exam",
    "Group",
    "Practice",
    "Presentation",
    "Project",
    "Quiz",
    "Reading",
    "Reflection",
    "Survey",
    "Video",
    "about",
    "activity_types",
]

about = About(
    api_version=1,
    label=Text("Homework", "Devoirs"),
    summary=Text(
        "Readings and videos, reflections, practice reports, exams, projects, presentations, group work, quizzes, surveys.",
        "Lectures et vidéos, réflexions, comptes rendus de pratique, examens, projets, présentations, travaux en groupe, "
        "questionnaires et sondages.",
    ),
    sees=Text("what people send as homework", "ce que les gens envoient comme devoirs"),
)


@hookimpl
def activity_types() -> Iterable[ActivityType]:
    return (Reading(), Video(), Reflection(), Practice(), Exam(), Group(), Project(), Presentation(), Quiz(), Survey())
