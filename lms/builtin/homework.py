"""The kinds of homework that every host knows: reading, reflection, practice report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Literal

import pydantic

from lms.plugin_api import (
    About,
    Activity,
    ActivityType,
    Answer,
    Field,
    NoOptions,
    Options,
    Part,
    Reasons,
    Text,
    hookimpl,
)

about = About(
    api_version=1,
    label=Text("Homework", "Devoirs"),
    summary=Text(
        "Readings, reflections and practice reports.",
        "Lectures, réflexions et comptes rendus de pratique.",
    ),
    sees=Text("what people send as homework", "ce que les gens envoient comme devoirs"),
)

WRITE_SOMETHING = Text(
    "There is nothing here yet. A few lines are enough.",
    "Il n'y a rien ici pour l'instant. Quelques lignes suffisent.",
)

Questions = Annotated[tuple[Text, ...], pydantic.Field(min_length=1, max_length=8)]


class Reading(ActivityType):
    name = "reading"
    label = Text("Reading", "Lecture")
    reviewed = False

    def form(self, activity: Activity, options: NoOptions) -> tuple[Field, ...]:
        return ()

    def read(self, activity: Activity, options: NoOptions, form: Mapping[str, str]) -> Answer | Reasons:
        return Answer(text="Read / Lu")


class ReflectionOptions(Options):
    """`prompts` are guiding questions. `audience`: who reads it, the trainers of the cohort or nobody else."""

    prompts: Questions
    audience: Literal["trainers"] = "trainers"


class Reflection(ActivityType):
    """One text, led by a few prompts: a large plain writing area, no fields to fill."""

    name = "reflection"
    label = Text("Reflection", "Réflexion")
    options = ReflectionOptions

    def form(self, activity: Activity, options: ReflectionOptions) -> tuple[Field, ...]:
        return (Field("text", Text("Your reflection", "Votre réflexion"), required=True),)

    def read(self, activity: Activity, options: ReflectionOptions, form: Mapping[str, str]) -> Answer | Reasons:
        text = form.get("text", "").strip()
        return Answer(text) if text else Reasons({"text": WRITE_SOMETHING})

    def show(self, activity: Activity, options: ReflectionOptions, answer: Answer) -> tuple[Part, ...]:
        return (Part(self.label, answer.text),)


class PracticeOptions(Options):
    """`try` is what to try between classes; `questions` are answered one by one."""

    try_: Text = pydantic.Field(alias="try")
    questions: Questions


class Practice(ActivityType):
    """A report on something tried: one answer a question, any of them may stay empty but not all."""

    name = "practice"
    label = Text("Practice report", "Compte rendu de pratique")
    options = PracticeOptions

    def form(self, activity: Activity, options: PracticeOptions) -> tuple[Field, ...]:
        return tuple(Field(f"answer{i}", question) for i, question in enumerate(options.questions, start=1))

    def read(self, activity: Activity, options: PracticeOptions, form: Mapping[str, str]) -> Answer | Reasons:
        answers = [form.get(f"answer{i}", "").strip() for i in range(1, len(options.questions) + 1)]
        if not any(answers):
            return Reasons({"answer1": WRITE_SOMETHING})
        told = zip(options.questions, answers, strict=True)
        text = "\n\n".join(f"{question.en} / {question.fr}\n{answer}" for question, answer in told if answer)
        return Answer(text, {"answers": tuple(answers)})

    def show(self, activity: Activity, options: PracticeOptions, answer: Answer) -> tuple[Part, ...]:
        answers = tuple(answer.data.get("answers", ()))
        if len(answers) != len(options.questions):
            return (Part(self.label, answer.text),)
        return tuple(Part(q, a) for q, a in zip(options.questions, answers, strict=True) if a)


@hookimpl
def activity_types() -> Iterable[ActivityType]:
    return (Reading(), Reflection(), Practice())
