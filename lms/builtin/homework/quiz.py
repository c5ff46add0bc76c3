"""A quiz to check oneself: own words first, then the choices, then why each fits or not. Nothing is counted."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import pydantic

from lms.builtin.homework.questions import Pair, Question
from lms.builtin.homework.wording import LEFT_EMPTY, both, kept_to_oneself, repeated_texts, typed
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

OWN_WORDS = Text(
    "In your own words first. A few are enough, or none.",
    "D'abord dans vos mots. Quelques-uns suffisent, ou aucun.",
)
CLOSEST = Text("Which one fits best?", "Lequel de ces choix convient le mieux?")
SEVERAL = Text("Which of these fit? There may be several.", "Lesquels conviennent? Il peut y en avoir plusieurs.")
CHOOSE_SOMETHING = Text(
    "Nothing is chosen yet. Answer at least one question.",
    "Rien n'est encore choisi. Répondez à au moins une question.",
)


class QuizOptions(Options):
    questions: Annotated[tuple[Question, ...], pydantic.Field(min_length=1, max_length=20)]


class Quiz(ActivityType):
    name = "quiz"
    label = Text("Self-check", "Autovérification")
    options = QuizOptions
    reviewed = False
    again = True
    accepts = ("typed", "dictated")
    finish = Text("Compare", "Comparer")

    def check(self, activity: Activity, options: QuizOptions) -> Iterable[str]:
        yield from kept_to_oneself(activity)
        for words in repeated_texts(question.ask for question in options.questions):
            yield f"The question '{words}' is asked twice."

    def form(self, activity: Activity, options: QuizOptions) -> tuple[Field, ...]:
        return tuple(field for i, question in enumerate(options.questions, start=1) for field in _fields(i, question))

    def read(self, activity: Activity, options: QuizOptions, form: Form) -> Answer | Reasons:
        fields = self.form(activity, options)
        answers = {field.name: _taken(field, typed(form, field.name)) for field in fields}
        if not any(answers.values()):
            return Reasons({fields[0].name: CHOOSE_SOMETHING})
        told = (_in_words(i, question, answers) for i, question in enumerate(options.questions, start=1))
        return Answer("\n\n".join(told), {"answers": answers})

    def show(self, activity: Activity, options: QuizOptions, answer: Answer) -> tuple[Part, ...]:
        answers = answer.data.get("answers")
        if not isinstance(answers, Mapping):
            return (Part(self.label, answer.text),)
        return tuple(_compared(i, question, answers) for i, question in enumerate(options.questions, start=1))


# -- what is asked ------------------------------------------------------------------------------------------


def _fields(i: int, question: Question) -> tuple[Field, ...]:
    ask = question.ask
    if question.kind == "short":
        return (Field(f"words{i}", ask, kind="line"),)
    if question.kind == "match":
        rights = tuple(Choice(str(at), pair.right) for at, pair in _shuffled(question.pairs))
        lefts = enumerate(question.pairs, start=1)
        return tuple(Field(f"match{i}_{at}", pair.left, kind="pick", choices=rights, group=ask) for at, pair in lefts)
    choices = tuple(Choice(choice.id, choice.label) for choice in question.choices)
    several = question.kind == "multiple"
    if not question.own_words:
        help = SEVERAL if several else None
        return (Field(f"choice{i}", ask, kind="choices" if several else "choice", help=help, choices=choices),)
    words = Field(f"words{i}", ask, help=OWN_WORDS)
    label, kind = (SEVERAL, "choices") if several else (CLOSEST, "choice")
    return (words, Field(f"choice{i}", label, kind=kind, choices=choices, after=words.name))  # type: ignore[arg-type]


def _shuffled(pairs: tuple[Pair, ...]) -> list[tuple[int, Pair]]:
    """The pairs with their numbers, in an order that tells nothing: that of the words on the right."""
    return sorted(enumerate(pairs, start=1), key=lambda numbered: numbered[1].right.en.casefold())


# -- what was answered --------------------------------------------------------------------------------------


def _taken(field: Field, sent: str) -> str:
    """What was sent, of choices only those that there are."""
    if not field.choices:
        return sent
    values = [choice.value for choice in field.choices]
    taken = [value for value in values if value in sent.split("\n")]
    return "\n".join(taken if field.kind == "choices" else taken[:1])


def _in_words(i: int, question: Question, answers: Mapping[str, str]) -> str:
    lines = [both(question.ask), answers.get(f"words{i}", "")]
    for at, pair in enumerate(question.pairs, start=1):
        right = _right(question, answers.get(f"match{i}_{at}", ""))
        lines.append(f"{both(pair.left)}: {both(right) if right else LEFT_EMPTY}")
    taken = answers.get(f"choice{i}", "").split("\n")
    lines += [f"- {both(choice.label)}" for choice in question.choices if choice.id in taken]
    said = [line for line in lines if line]
    return "\n".join(said if len(said) > 1 else [*said, LEFT_EMPTY])


def _right(question: Question, number: str) -> Text | None:
    numbered = {str(at): pair.right for at, pair in enumerate(question.pairs, start=1)}
    return numbered.get(number)


# -- how it compares ----------------------------------------------------------------------------------------


def _compared(i: int, question: Question, answers: Mapping[str, Any]) -> Part:
    words = str(answers.get(f"words{i}", ""))
    if question.kind == "short":
        said = _plainly(words)
        close = tuple(
            Compared(t, bool(said) and said in (_plainly(t.en), _plainly(t.fr)), True) for t in question.answers
        )
        return Part(question.ask, words, question.why, close)
    if question.kind == "match":
        pairs = enumerate(question.pairs, start=1)
        matched = tuple(line for at, pair in pairs for line in _matched(question, pair, answers.get(f"match{i}_{at}")))
        return Part(question.ask, words, question.why, matched)
    taken = str(answers.get(f"choice{i}", "")).split("\n")
    lines = (Compared(c.label, c.id in taken, c.id in question.fits, c.why) for c in question.choices)
    return Part(question.ask, words, question.why, tuple(lines))


def _matched(question: Question, pair: Pair, number: object) -> tuple[Compared, ...]:
    """The pair, and before it what was put in the place of its right side."""
    taken = _right(question, str(number))
    belongs = Compared(_side_by_side(pair.left, pair.right), taken == pair.right, True, pair.why)
    if taken is None or taken == pair.right:
        return (belongs,)
    return (Compared(_side_by_side(pair.left, taken), True, False), belongs)


def _side_by_side(left: Text, right: Text) -> Text:
    return Text(f"{left.en} → {right.en}", f"{left.fr} → {right.fr}")


def _plainly(words: str) -> str:
    """Without accents, signs and case: a slip of the pen changes nothing."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", words) if not unicodedata.combining(sign))
    return " ".join("".join(sign if sign.isalnum() else " " for sign in bare.casefold()).split())
