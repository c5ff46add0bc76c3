"""A survey: questions of opinion, to choose from, on a scale or open. Nothing fits better than the rest.

Trainers see what a group's answers come to, never whose they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, Literal

import pydantic

from lms.builtin.homework.questions import Labelled, repeated_choices
from lms.builtin.homework.wording import LEFT_EMPTY, both, kept_to_oneself, repeated_texts, told, typed
from lms.plugin_api import (
    Activity,
    ActivityType,
    Answer,
    Choice,
    Compared,
    Field,
    Form,
    Options,
    Part,
    Reasons,
    Text,
)

ANSWER_SOMETHING = Text(
    "There is nothing here yet. Answer the questions that you like.",
    "Il n'y a rien ici pour l'instant. Répondez aux questions qui vous conviennent.",
)
TOO_FEW = Text(
    "Fewer than five people wrote something here, so it stays with them.",
    "Moins de cinq personnes ont écrit quelque chose ici\u00a0: leurs mots restent avec elles.",
)
# Which keys a question of each kind has besides `ask` and `kind`.
KEYS = {"choice": ("choices", "several"), "scale": ("low", "high", "steps"), "open": ()}


class SurveyQuestion(Options):
    """`choice` has `choices`, of which `several` may be taken; `scale` has words for its `low` and `high` end and a
    number of `steps`; `open` is answered in words."""

    ask: Text
    kind: Literal["choice", "scale", "open"]
    choices: Annotated[tuple[Labelled, ...], pydantic.Field(max_length=10)] = ()
    several: bool = False
    low: Text | None = None
    high: Text | None = None
    steps: Annotated[int, pydantic.Field(ge=2, le=10)] = 5

    @pydantic.model_validator(mode="after")
    def _holds_together(self) -> SurveyQuestion:
        found = list(self._faults())
        if found:
            raise ValueError(" ".join(found))
        return self

    def _faults(self) -> Iterator[str]:
        for key in sorted(self.model_fields_set - {"ask", "kind", *KEYS[self.kind]}):
            yield f"A question of the kind '{self.kind}' has no '{key}'."
        if self.kind == "choice" and len(self.choices) < 2:
            yield "Give at least two 'choices'."
        yield from repeated_choices(self.choices)
        if self.kind == "scale" and not (self.low and self.high):
            yield "Say in 'low' and 'high' what the ends of the scale mean."

    def offered(self) -> tuple[Choice, ...]:
        if self.kind != "scale":
            return tuple(Choice(choice.id, choice.label) for choice in self.choices)
        ends = {1: self.low, self.steps: self.high}
        return tuple(Choice(str(n), _step(n, ends.get(n))) for n in range(1, self.steps + 1))


def _step(number: int, meaning: Text | None) -> Text:
    said = str(number)
    return Text(f"{said} · {meaning.en}", f"{said} · {meaning.fr}") if meaning else Text(said, said)


class SurveyOptions(Options):
    questions: Annotated[tuple[SurveyQuestion, ...], pydantic.Field(min_length=1, max_length=20)]


class Survey(ActivityType):
    name = "survey"
    label = Text("Survey", "Sondage")
    options = SurveyOptions
    reviewed = False
    shared = True
    accepts = ("typed", "dictated")

    def check(self, activity: Activity, options: SurveyOptions) -> Iterable[str]:
        yield from kept_to_oneself(activity)
        for words in repeated_texts(question.ask for question in options.questions):
            yield f"The question '{words}' is asked twice."

    def form(self, activity: Activity, options: SurveyOptions) -> tuple[Field, ...]:
        return tuple(_field(i, question) for i, question in enumerate(options.questions, start=1))

    def read(self, activity: Activity, options: SurveyOptions, form: Form) -> Answer | Reasons:
        answers = {
            f"answer{i}": "\n".join(_taken(question, typed(form, f"answer{i}")))
            for i, question in enumerate(options.questions, start=1)
        }
        if not any(answers.values()):
            return Reasons({"answer1": ANSWER_SOMETHING})
        numbered = enumerate(options.questions, start=1)
        text = "\n\n".join(told(q.ask, _in_words(q, answers[f"answer{i}"]) or LEFT_EMPTY) for i, q in numbered)
        return Answer(text, {"answers": answers})

    def show(self, activity: Activity, options: SurveyOptions, answer: Answer) -> tuple[Part, ...]:
        answers: Any = answer.data.get("answers")
        if not isinstance(answers, Mapping):
            return (Part(self.label, answer.text),)
        shown = []
        for i, question in enumerate(options.questions, start=1):
            sent = str(answers.get(f"answer{i}", ""))
            taken = tuple(Compared(c.label, True) for c in question.offered() if c.value in sent.split("\n"))
            shown.append(Part(question.ask, sent if question.kind == "open" and sent else "", choices=taken))
        return tuple(part for part in shown if part.text or part.choices) or (Part(self.label, answer.text),)

    def together(self, activity: Activity, options: SurveyOptions, answers: tuple[Answer, ...]) -> tuple[Part, ...]:
        given = [a.data["answers"] for a in answers if isinstance(a.data.get("answers"), Mapping)]
        numbered = enumerate(options.questions, start=1)
        return tuple(_counted(q, [str(one.get(f"answer{i}", "")) for one in given]) for i, q in numbered)


# Words that fewer people wrote would point at them.
ENOUGH = 5


def _counted(question: SurveyQuestion, given: list[str]) -> Part:
    """How often each choice was taken; of an open question the words, by their first letter."""
    said = [words for words in given if words]
    if question.kind == "open":
        shown = sorted(said, key=str.casefold) if len(said) >= ENOUGH else []
        lines = tuple(Compared(Text(words, words), False) for words in shown)
        return Part(question.ask, "", None if shown else TOO_FEW, lines)
    counts = Counter(value for words in said for value in words.split("\n"))
    lines = tuple(Compared(_with(c.label, counts[c.value]), False) for c in question.offered())
    return Part(question.ask, "", None, lines)


def _with(label: Text, number: int) -> Text:
    return Text(f"{label.en}: {number}", f"{label.fr}\u00a0: {number}")


def _field(i: int, question: SurveyQuestion) -> Field:
    if question.kind == "open":
        return Field(f"answer{i}", question.ask)
    kind: Literal["choice", "choices"] = "choices" if question.several else "choice"
    return Field(f"answer{i}", question.ask, kind=kind, choices=question.offered())


def _taken(question: SurveyQuestion, sent: str) -> list[str]:
    """What was sent, of choices only those that there are."""
    if question.kind == "open":
        return [sent]
    values = [choice.value for choice in question.offered() if choice.value in sent.split("\n")]
    return values if question.several else values[:1]


def _in_words(question: SurveyQuestion, answer: str) -> str:
    if question.kind == "open":
        return answer
    return "\n".join(both(choice.label) for choice in question.offered() if choice.value in answer.split("\n"))
