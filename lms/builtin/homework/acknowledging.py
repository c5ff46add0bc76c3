"""Kinds that ask for nothing but to be read or watched."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated
from urllib.parse import urlsplit

import pydantic

from lms.builtin.homework.wording import kept_to_oneself
from lms.plugin_api import Activity, ActivityType, Answer, Field, Form, Guide, NoOptions, Options, Reasons, Text

# A transcript has at least so many words for each minute of the video; even a slow talk has five times as many.
WORDS_PER_MINUTE = 20


class Reading(ActivityType):
    name = "reading"
    label = Text("Reading", "Lecture")
    reviewed = False
    accepts = ()

    def check(self, activity: Activity, options: NoOptions) -> Iterable[str]:
        return kept_to_oneself(activity, words=False)

    def form(self, activity: Activity, options: NoOptions) -> tuple[Field, ...]:
        return ()

    def read(self, activity: Activity, options: NoOptions, form: Form) -> Answer | Reasons:
        return Answer(text="Read / Lu")


def _is_address(address: str) -> str:
    try:
        parts = urlsplit(address)
        whole = parts.scheme == "https" and "." in (parts.hostname or "") and not parts.username
    except ValueError:
        whole = False
    if not whole or any(sign.isspace() or not sign.isprintable() for sign in address):
        raise ValueError("Write the whole address, beginning with https://.")
    return address


def _has_captions(captions: bool) -> bool:
    if not captions:
        raise ValueError("A video needs captions. Add them to the video, then write true.")
    return captions


class VideoOptions(Options):
    """Where the video is, how long and how large, and that it has captions. The text of the file is its transcript."""

    address: Annotated[str, pydantic.AfterValidator(_is_address)]
    minutes: Annotated[int, pydantic.Field(ge=1, le=240)]
    size_mb: Annotated[int, pydantic.Field(ge=1, le=5000)]
    captions: Annotated[bool, pydantic.AfterValidator(_has_captions)]


class Video(ActivityType):
    """A video somewhere on the web, opened by choice: its transcript stands on the page and counts the same."""

    name = "video"
    label = Text("Video", "Vidéo")
    options = VideoOptions
    reviewed = False
    accepts = ()
    finish = Text("I've watched or read it", "J'ai regardé ou lu")

    def check(self, activity: Activity, options: VideoOptions) -> Iterable[str]:
        yield from kept_to_oneself(activity, words=False)
        for language in ("en", "fr"):
            words = len(getattr(activity.body, language).split())
            if not words:
                yield f"The text of a video is its transcript. It is missing in '{language}'."
            elif words < WORDS_PER_MINUTE * options.minutes:
                yield (
                    f"{words} words in '{language}' for {options.minutes} min: the text of a video is its transcript. "
                    "Write all that is said, and what is shown."
                )

    def guide(self, activity: Activity, options: VideoOptions) -> tuple[Guide, ...]:
        size, minutes = options.size_mb, options.minutes
        return (
            Guide(
                Text("The video", "La vidéo"),
                (
                    Text(
                        f"{minutes} min, {size} MB, with captions. It opens on another page.",
                        f"{minutes} min, {size} Mo, avec sous-titres. Elle s'ouvre sur une autre page.",
                    ),
                    Text(
                        "Or read what is said and shown, here below. It counts the same.",
                        "Ou lisez ici ce qui s'y dit et s'y voit. Cela compte tout autant.",
                    ),
                ),
                link=options.address,
                link_label=Text("Open the video", "Ouvrir la vidéo"),
                first=True,
            ),
        )

    def form(self, activity: Activity, options: VideoOptions) -> tuple[Field, ...]:
        return ()

    def read(self, activity: Activity, options: VideoOptions, form: Form) -> Answer | Reasons:
        return Answer(text="Watched or read / Regardé ou lu")
