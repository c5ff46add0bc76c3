"""Words that several kinds share: the questions of a course file, and an answer's text that is readable by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Annotated

import pydantic

from lms.plugin_api import Activity, Field, Form, SentFile, Text

WRITE_SOMETHING = Text(
    "There is nothing here yet. A few lines are enough.",
    "Il n'y a rien ici pour l'instant. Quelques lignes suffisent.",
)
LEFT_EMPTY = "–"

Questions = Annotated[tuple[Text, ...], pydantic.Field(min_length=1, max_length=8)]

_FILES = {
    "audio": (Text("recording", "enregistrement"), Text("recordings", "enregistrements")),
    "photo": (Text("page", "page"), Text("pages", "pages")),
    "file": (Text("file", "fichier"), Text("files", "fichiers")),
}


def both(text: Text) -> str:
    """Words of the course in both languages on one line: a text that is kept is read in either."""
    return text.en if text.en == text.fr else f"{text.en} / {text.fr}"


def told(question: Text, answer: str) -> str:
    return f"{both(question)}\n{answer}"


def files_in_words(files: Iterable[SentFile]) -> str:
    """ "1 recording, 2 pages", in both languages; empty without files."""
    counts = Counter(file.kind for file in files)
    named = [(number, _FILES[kind][number > 1]) for kind, number in counts.items()]
    return both(Text(*(", ".join(f"{n} {getattr(word, said)}" for n, word in named) for said in ("en", "fr"))))


def typed(form: Form, name: str) -> str:
    return form.get(name, "").strip()


def has_anything(form: Form, names: Iterable[str]) -> bool:
    return bool(form.files) or any(typed(form, name) for name in names)


def repeated(words: Iterable[str]) -> list[str]:
    """What stands there more than once, whatever its case."""
    counts = Counter(word.strip().casefold() for word in words)
    return [word for word, times in counts.items() if times > 1]


def repeated_texts(texts: Iterable[Text]) -> list[str]:
    said = list(texts)
    return list(dict.fromkeys([*repeated(text.en for text in said), *repeated(text.fr for text in said)]))


def kept_to_oneself(activity: Activity, *, words: bool = True) -> Iterator[str]:
    """What an author cannot ask for in a kind that nobody reviews."""
    if activity.criteria is not None:
        yield "Nobody reads this kind of homework, so there is nothing to tick: take 'criteria' out."
    if activity.accepts is not None and set(activity.accepts) - ({"typed", "dictated"} if words else set()):
        yield "This kind is answered on the page: take 'accepts' out."
    if activity.clock is not None:
        yield "A clock belongs to a piece that somebody reads: take 'clock' out."


def long_questions(questions: Iterable[Text]) -> tuple[Field, ...]:
    return tuple(Field(f"answer{i}", question) for i, question in enumerate(questions, start=1))
