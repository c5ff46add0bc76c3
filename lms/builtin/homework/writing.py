"""Kinds that ask for words, and take a recording, photographed pages or a talk in their place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

import pydantic

from lms.builtin.homework.wording import (
    LEFT_EMPTY,
    WRITE_SOMETHING,
    Questions,
    files_in_words,
    has_anything,
    long_questions,
    repeated_texts,
    told,
    typed,
)
from lms.plugin_api import Activity, ActivityType, Answer, Field, Form, Guide, Options, Part, Reasons, Text


class ReflectionOptions(Options):
    """`prompts` are guiding questions."""

    prompts: Questions


class Reflection(ActivityType):
    """One text, led by a few prompts: a large plain writing area, no fields to fill."""

    name = "reflection"
    label = Text("Reflection", "Réflexion")
    options = ReflectionOptions

    def guide(self, activity: Activity, options: ReflectionOptions) -> tuple[Guide, ...]:
        return (Guide(Text("Questions to lead you", "Des questions pour vous guider"), options.prompts),)

    def form(self, activity: Activity, options: ReflectionOptions) -> tuple[Field, ...]:
        return (Field("text", Text("Your reflection", "Votre réflexion"), required=True),)

    def read(self, activity: Activity, options: ReflectionOptions, form: Form) -> Answer | Reasons:
        text = typed(form, "text") or files_in_words(form.files)
        return Answer(text) if text else Reasons({"text": WRITE_SOMETHING})

    def show(self, activity: Activity, options: ReflectionOptions, answer: Answer) -> tuple[Part, ...]:
        return (Part(self.label, answer.text),)


class QuestionsOptions(Options):
    """`questions` are answered one by one."""

    questions: Questions


class QuestionByQuestion(ActivityType):
    """One answer a question; any of them may stay empty, but not all."""

    def check(self, activity: Activity, options: QuestionsOptions) -> Iterable[str]:
        for words in repeated_texts(options.questions):
            yield f"The question '{words}' is asked twice."

    def form(self, activity: Activity, options: QuestionsOptions) -> tuple[Field, ...]:
        return long_questions(options.questions)

    def read(self, activity: Activity, options: QuestionsOptions, form: Form) -> Answer | Reasons:
        answers = [typed(form, f"answer{i}") for i in range(1, len(options.questions) + 1)]
        pieces = [told(question, answer) for question, answer in zip(options.questions, answers, strict=True) if answer]
        text = "\n\n".join(pieces) or files_in_words(form.files)
        return Answer(text, {"answers": tuple(answers)}) if text else Reasons({"answer1": WRITE_SOMETHING})

    def show(self, activity: Activity, options: QuestionsOptions, answer: Answer) -> tuple[Part, ...]:
        answers = tuple(answer.data.get("answers", ()))
        if len(answers) != len(options.questions) or not any(answers):
            return (Part(self.label, answer.text),)
        return tuple(Part(q, a) for q, a in zip(options.questions, self.shown(answers), strict=True) if a)

    def shown(self, answers: tuple[str, ...]) -> tuple[str, ...]:
        """The answers as a reader sees them; one that is empty is left out."""
        return answers


class PracticeOptions(QuestionsOptions):
    """`try` is what to try between classes; `questions` are answered one by one."""

    try_: Text = pydantic.Field(alias="try")


class Practice(QuestionByQuestion):
    """A report on something tried."""

    name = "practice"
    label = Text("Practice report", "Compte rendu de pratique")
    options = PracticeOptions

    def guide(self, activity: Activity, options: PracticeOptions) -> tuple[Guide, ...]:
        return (Guide(Text("What to try", "À essayer"), (options.try_,)),)


class ExamOptions(QuestionsOptions):
    """`questions` are answered at length, each in a field of its own."""

    questions: Annotated[tuple[Text, ...], pydantic.Field(min_length=1, max_length=20)]


class Exam(QuestionByQuestion):
    """Several questions, answered at length and in any order. A reader sees which were left empty."""

    name = "exam"
    label = Text("Exam", "Examen")
    options = ExamOptions

    def shown(self, answers: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(answer or LEFT_EMPTY for answer in answers)


class GroupOptions(Options):
    """`task` is what the group does together."""

    task: Text


WITH = Text("Who was with you", "Qui était avec vous")
TOGETHER = Text("What the group did", "Ce que le groupe a fait")
PART = Text("Your own part", "Votre part à vous")


class Group(ActivityType):
    """Something done in a group; each one of it tells about it."""

    name = "group"
    label = Text("Group work", "Travail en groupe")
    options = GroupOptions

    def guide(self, activity: Activity, options: GroupOptions) -> tuple[Guide, ...]:
        return (Guide(Text("What to do together", "À faire ensemble"), (options.task,)),)

    def form(self, activity: Activity, options: GroupOptions) -> tuple[Field, ...]:
        first_names = Text("First names are enough.", "Les prénoms suffisent.")
        return (Field("with", WITH, kind="line", help=first_names), Field("together", TOGETHER), Field("part", PART))

    def read(self, activity: Activity, options: GroupOptions, form: Form) -> Answer | Reasons:
        if not has_anything(form, ("together", "part")):
            return Reasons({"together": WRITE_SOMETHING})
        answers = {name: typed(form, name) for name in ("with", "together", "part")}
        labels = {"with": WITH, "together": TOGETHER, "part": PART}
        pieces = [told(labels[name], words) for name, words in answers.items() if words]
        return Answer("\n\n".join(pieces) or files_in_words(form.files), answers)

    def show(self, activity: Activity, options: GroupOptions, answer: Answer) -> tuple[Part, ...]:
        labels: dict[str, Text] = {"with": WITH, "together": TOGETHER, "part": PART}
        said: dict[str, Any] = {name: answer.data.get(name, "") for name in labels}
        return tuple(Part(labels[n], str(words)) for n, words in said.items() if words) or (
            Part(self.label, answer.text),
        )
