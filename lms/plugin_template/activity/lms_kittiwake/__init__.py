"""KITTIWAKE: a kind of homework that asks for a few things, one line each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import pydantic

from lms.plugin_api import (
    About,
    Activity,
    ActivityType,
    Answer,
    Field,
    Form,
    Options,
    Part,
    Reasons,
    Text,
    hookimpl,
)

about = About(
    api_version=1,
    label=Text("KITTIWAKE", "KITTIWAKE_FR"),
    summary=Text(
        "Homework that asks for a few things that went well.",
        "Un devoir qui demande quelques choses qui se sont bien passées.",
    ),
    sees=Text("what people write in this kind of homework", "ce que les gens écrivent dans ce genre de devoir"),
)


class KittiwakeOptions(Options):
    """How many `things` to ask for."""

    things: Annotated[int, pydantic.Field(ge=1, le=10)] = 3


def words_for(number: int) -> Text:
    return Text(f"Something that went well ({number})", f"Une chose qui s'est bien passée ({number})")


class KittiwakeHomework(ActivityType):
    name = "kittiwake"
    label = Text("KITTIWAKE", "KITTIWAKE_FR")
    version = "1"
    options = KittiwakeOptions
    examples = (
        Activity(
            id="three-good-things",
            kind="kittiwake",
            title=Text("Three things that went well", "Trois choses qui se sont bien passées"),
            minutes=10,
            options={"things": 3},
            body=Text("Small is fine.", "De petites choses suffisent."),
        ),
    )

    def form(self, activity: Activity, options: KittiwakeOptions) -> tuple[Field, ...]:
        return tuple(Field(f"thing{n}", words_for(n), kind="line") for n in range(1, options.things + 1))

    def read(self, activity: Activity, options: KittiwakeOptions, form: Form) -> Answer | Reasons:
        given = [form.get(f"thing{n}", "").strip() for n in range(1, options.things + 1)]
        things = [thing for thing in given if thing]
        if not things and not form.files:
            return Reasons({"thing1": Text("Write one thing at least.", "Écrivez au moins une chose.")})
        # `text` stays readable when this plugin is gone; `data` is for `show` alone.
        text = "\n".join(f"- {thing}" for thing in things) or ", ".join(file.name for file in form.files)
        return Answer(text, {"things": things})

    def show(self, activity: Activity, options: KittiwakeOptions, answer: Answer) -> tuple[Part, ...]:
        things = answer.data.get("things") or ()
        if not things:
            return (Part(activity.title, answer.text),)
        return tuple(Part(words_for(n), thing) for n, thing in enumerate(things, start=1))


@hookimpl
def activity_types() -> Iterable[ActivityType]:
    return (KittiwakeHomework(),)
