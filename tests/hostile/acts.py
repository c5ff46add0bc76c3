"""Ways to answer badly while people wait. Each is called in place of a good answer; beside it stands what admins read."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

from markupsafe import Markup

from lms.plugin_api import Answer, Field, MakeUp, Part, Text, Verdict, VerdictStatus

OTHER = "that is not what was asked for."
WORDS = Text("Fine.", "Bien.")


def raises() -> Any:
    raise RuntimeError("the hose burst")


def ends_the_process() -> Any:
    sys.exit(3)


def asks_for_ever() -> Any:
    return asks_for_ever()


class Rude(Exception):
    def __str__(self) -> str:
        raise ValueError("not even this can be printed")


class RudeTwice(Rude):
    def __repr__(self) -> str:
        raise SystemExit("nor this")


def raises_rudely() -> Any:
    raise Rude


def raises_more_rudely() -> Any:
    raise RudeTwice


def wants_all_memory() -> Any:
    return "x" * sys.maxsize


def leaves_generators() -> Any:
    raise GeneratorExit


def halfway() -> Iterator[Any]:
    yield Verdict(VerdictStatus.MET, WORDS)
    raise RuntimeError("the hose burst half-way")


class Wicked(Verdict):
    """What comes of code in an answer: it would run while the host compares, prints or draws it."""

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("compared")

    def __hash__(self) -> int:
        raise RuntimeError("hashed")

    def __repr__(self) -> str:
        raise RuntimeError("printed")


class WickedText(Text):
    def said_in(self, language: str) -> str:
        raise RuntimeError("read")


ACTS: dict[str, tuple[Callable[[], Any], str]] = {
    "raises": (raises, "RuntimeError"),
    "ends the process": (ends_the_process, "SystemExit"),
    "calls itself for ever": (asks_for_ever, "RecursionError"),
    "cannot even be printed": (raises_rudely, "Rude"),
    "cannot be printed in any way": (raises_more_rudely, "RudeTwice"),
    "wants all memory": (wants_all_memory, "MemoryError"),
    "leaves as a generator does": (leaves_generators, "GeneratorExit"),
    "answers nothing": (lambda: None, f"It answered with a NoneType {OTHER}"),
    "answers a word": (lambda: "tomato", f"It answered with a str {OTHER}"),
    "answers a number": (lambda: 10**5000, f"It answered with a int {OTHER}"),
    "answers a type": (lambda: Verdict, f"It answered with a type {OTHER}"),
    "answers bit by bit": (halfway, f"It answered with a generator {OTHER}"),
    "answers with code in it": (lambda: Wicked(VerdictStatus.MET, WORDS), f"It answered with a Wicked {OTHER}"),
}

LONG = "long " * 20_000
HALF, NULL = "half a sign: \ud800", "nothing: \0"
UNFIT_WORDS: dict[str, Text] = {
    "too long": Text(LONG, LONG),
    "half a sign": Text(HALF, HALF),
    "a null": Text(NULL, NULL),
    "markup of its own": Text(Markup("<script>alert(1)</script>"), Markup("<b>non</b>")),
    "one language": Text("Fine.", " "),
    "code in it": WickedText("Fine.", "Bien."),
    "numbers": Text(1, 2),  # type: ignore[arg-type]
}

# Where, and what would be too much or the wrong thing there.
TOO_MUCH: dict[str, tuple[str, Callable[[], Any]]] = {
    "ten thousand fields": ("walk.form", lambda: tuple(Field(f"f{n}", WORDS) for n in range(10_000))),
    "two fields of one name": ("walk.form", lambda: (Field("text", WORDS), Field("text", WORDS))),
    "a field for passwords": ("walk.form", lambda: (Field("password", WORDS),)),
    "a field of no kind": ("walk.form", lambda: (Field("text", WORDS, kind="volcano"),)),  # type: ignore[arg-type]
    "an endless answer": ("walk.read", lambda: Answer("word " * 100_000)),
    "data that is no JSON": ("walk.read", lambda: Answer("fine", {"self": object()})),
    "data that is too much": ("walk.read", lambda: Answer("fine", {"all": "x" * 400_000})),
    "ten thousand parts": ("walk.show", lambda: (Part(WORDS, "fine"),) * 10_000),
    "a part with markup": ("walk.show", lambda: (Part(WORDS, Markup("<script>alert(1)</script>")),)),
    "a count nobody can read": ("weather.judge", lambda: Verdict(VerdictStatus.MET, WORDS, have=10**5000, need=1)),
    "evidence without end": (
        "weather.judge",
        lambda: Verdict(VerdictStatus.MET, WORDS, evidence=("class:1",) * 10_000),
    ),
    "a hundred ways to catch up": (
        "weather.make_ups",
        lambda: tuple(MakeUp(f"way{n}", WORDS, WORDS) for n in range(100)),
    ),
}
