"""The beginnings of sentences that are offered beside a text: one's own, the course's, and what plugins bring."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from lms.features.reading.models import Starter
from lms.features.reading.rules import only_starters
from lms.host.guard import Guard
from lms.plugin_api.content import Course, FeedbackStarter
from lms.plugin_api.values import Text

YOURS = Text("Yours", "Les vôtres")
OF_THIS_COURSE = Text("From this course", "De cette formation")


@dataclass(frozen=True)
class Group:
    """Starters from one place."""

    label: Text
    starters: Sequence[FeedbackStarter]


def starters_for(own: Iterable[Starter], course: Course, guard: Guard, enabled: Collection[str]) -> list[Group]:
    """Every starter at hand, in groups with something in them."""
    groups = [Group(YOURS, tuple(map(as_starter, own))), Group(OF_THIS_COURSE, course.review.starters)]
    groups += [Group(label, starters) for label, starters in guard.feedback_starters(enabled)]
    return [group for group in groups if group.starters]


def as_starter(own: Starter) -> FeedbackStarter:
    field = own.field if own.field in ("came_through", "to_try", "question") else None
    return FeedbackStarter.model_validate({"en": own.en, "fr": own.fr, "field": field})


def is_made_of(words: Iterable[str], groups: Iterable[Group]) -> bool:
    """Whether a reply consists of starters alone, in whichever language."""
    said = [text for group in groups for starter in group.starters for text in (starter.en, starter.fr)]
    return only_starters(words, said)
