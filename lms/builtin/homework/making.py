"""Kinds in which something is made and shown: a file that is sent, a presentation that is given."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import pydantic

from lms.builtin.homework.wording import WRITE_SOMETHING, both, files_in_words, has_anything, told, typed
from lms.plugin_api import Activity, ActivityType, Answer, Field, Form, Guide, Options, Part, Reasons, Text


class ProjectOptions(Options):
    """`task` is what to make; `may_be` names what it may be, such as a poster or a page of notes."""

    task: Text
    may_be: Annotated[tuple[Text, ...], pydantic.Field(max_length=8)] = ()


ABOUT_IT = Text("A few words about it", "Quelques mots à ce sujet")
SEND_SOMETHING = Text(
    "There is nothing here yet. Add a file, or tell about it in a few lines.",
    "Il n'y a rien ici pour l'instant. Ajoutez un fichier, ou parlez-en en quelques lignes.",
)


class Project(ActivityType):
    """Something made, sent as a file, as photographed pages or as a recording, with a few words or none."""

    name = "project"
    label = Text("Project", "Projet")
    options = ProjectOptions
    accepts = ("file", "photo", "audio", "typed", "dictated", "talk")

    def check(self, activity: Activity, options: ProjectOptions) -> Iterable[str]:
        if activity.accepts is not None and "file" not in activity.accepts:
            yield "A project is sent as a file: add 'file' to 'accepts', or take 'accepts' out."

    def guide(self, activity: Activity, options: ProjectOptions) -> tuple[Guide, ...]:
        task = Guide(Text("What to make", "Quoi faire"), (options.task,))
        return (task, Guide(Text("It may be", "Cela peut être"), options.may_be)) if options.may_be else (task,)

    def form(self, activity: Activity, options: ProjectOptions) -> tuple[Field, ...]:
        not_needed = Text("Not needed if you add a file.", "Pas nécessaire si vous ajoutez un fichier.")
        return (Field("text", ABOUT_IT, help=not_needed),)

    def read(self, activity: Activity, options: ProjectOptions, form: Form) -> Answer | Reasons:
        text = typed(form, "text") or files_in_words(form.files)
        return Answer(text) if text else Reasons({"text": SEND_SOMETHING})

    def show(self, activity: Activity, options: ProjectOptions, answer: Answer) -> tuple[Part, ...]:
        return (Part(ABOUT_IT, answer.text),)


class PresentationOptions(Options):
    """`minutes` is how long it lasts; `prompts` are what it may answer."""

    minutes: Annotated[int, pydantic.Field(ge=1, le=120)]
    prompts: Annotated[tuple[Text, ...], pydantic.Field(max_length=8)] = ()


ABOUT = Text("What it will be about", "De quoi il sera question")
NOTES = Text("Notes, if you like", "Des notes, si vous voulez")


class Presentation(ActivityType):
    """Given in person at a time that is booked, and judged there; in writing only what it will be about."""

    name = "presentation"
    label = Text("Presentation", "Présentation")
    options = PresentationOptions
    in_person = True
    accepts = ("typed", "dictated", "audio", "photo", "file", "talk")

    def guide(self, activity: Activity, options: PresentationOptions) -> tuple[Guide, ...]:
        n = options.minutes
        length = Guide(
            Text("How it goes", "Comment cela se passe"),
            (
                Text(
                    f"You present for about {n} minutes, at a time that you choose. Your trainers listen and answer.",
                    f"Vous présentez pendant environ {n} minutes, au moment que vous choisissez. L'équipe de formation "
                    "écoute et répond.",
                ),
            ),
        )
        asks = Guide(Text("Questions to lead you", "Des questions pour vous guider"), options.prompts)
        return (length, asks) if options.prompts else (length,)

    def form(self, activity: Activity, options: PresentationOptions) -> tuple[Field, ...]:
        one_line = Text("One line is enough.", "Une ligne suffit.")
        help = Text("For your trainers, before you present.", "Pour l'équipe de formation, avant votre présentation.")
        return (Field("about", ABOUT, kind="line", help=one_line, required=True), Field("notes", NOTES, help=help))

    def read(self, activity: Activity, options: PresentationOptions, form: Form) -> Answer | Reasons:
        if not has_anything(form, ("about", "notes")):
            return Reasons({"about": WRITE_SOMETHING})
        about, notes = typed(form, "about"), typed(form, "notes")
        pieces = [told(label, words) for label, words in ((ABOUT, about), (NOTES, notes)) if words]
        text = "\n\n".join(pieces) or f"{both(ABOUT)}\n{files_in_words(form.files)}"
        return Answer(text, {"about": about, "notes": notes})

    def show(self, activity: Activity, options: PresentationOptions, answer: Answer) -> tuple[Part, ...]:
        said = ((ABOUT, answer.data.get("about", "")), (NOTES, answer.data.get("notes", "")))
        return tuple(Part(label, str(words)) for label, words in said if words) or (Part(self.label, answer.text),)
