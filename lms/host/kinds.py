"""Kinds of homework as the host asks them: through the guard, and with plain text where a plugin cannot say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lms.host import answers
from lms.host.errors import PluginFault
from lms.host.plugins import Provided
from lms.plugin_api.content import Activity
from lms.plugin_api.values import Answer, AnswerForm, Field, Form, Guide, Part, Reasons, SentFile, Text

if TYPE_CHECKING:
    from lms.host.guard import Guard


@dataclass(frozen=True)
class GuardedActivityType:
    """A kind of homework that always answers: its own way, or as plain text."""

    guard: Guard
    kind: str
    provided: Provided | None
    frozen: bool | None = None

    @property
    def reviewed(self) -> bool:
        if self.frozen is not None:
            return self.frozen
        return bool(self.provided.provider.reviewed) if self.provided else True

    @property
    def again(self) -> bool:
        return bool(self.provided.provider.again) if self.provided else False

    @property
    def in_person(self) -> bool:
        return bool(self.provided.provider.in_person) if self.provided else False

    def accepts(self, activity: Activity) -> tuple[AnswerForm, ...]:
        """The forms of an answer: as the course says, else as the kind knows."""
        return activity.accepts or (self.provided.provider.accepts if self.provided else ("typed", "dictated"))

    @property
    def label(self) -> Text:
        return self.provided.provider.label if self.provided else Text(self.kind, self.kind)

    @property
    def finish(self) -> Text | None:
        """What the button says; None for the host's own words."""
        said = self.provided.provider.finish if self.provided else None
        return said if answers.is_text(said) else None

    @property
    def shared(self) -> bool:
        return bool(self.provided.provider.shared) if self.provided else False

    def together(self, activity: Activity, given: tuple[Answer, ...]) -> tuple[Part, ...]:
        """What the answers of a group come to; nothing where the kind cannot say."""
        return self._ask("together", answers.are_parts, activity, given) or ()

    def guide(self, activity: Activity) -> tuple[Guide, ...]:
        """What the kind says beside the author's text; nothing where it cannot say."""
        return self._ask("guide", answers.are_guides, activity) or ()

    def form(self, activity: Activity) -> tuple[Field, ...]:
        made: tuple[Field, ...] | None = self._ask("form", answers.is_form, activity)
        if made is not None:
            return made
        return (Field("text", Text("Your answer", "Votre réponse"), required=True),)

    def read(self, activity: Activity, fields: Mapping[str, str], files: tuple[SentFile, ...] = ()) -> Answer | Reasons:
        form = Form(dict(fields), files)
        read: Answer | Reasons | None = self._ask("read", answers.is_reading, activity, form, settle=answers.settled)
        if read is not None:
            return read
        return Answer("\n\n".join(text.strip() for text in form.values() if text.strip()))

    def show(self, activity: Activity, answer: Answer) -> tuple[Part, ...]:
        parts: tuple[Part, ...] | None = self._ask("show", answers.are_parts, activity, answer)
        if parts is not None:
            return parts
        return (Part(activity.title, answer.text),)

    def _ask(
        self,
        question: str,
        fits: Callable[[object], bool],
        activity: Activity,
        *args: object,
        settle: Callable[[object], object] | None = None,
    ) -> Any:
        """The plugin's answer, or None when there is no plugin, it raised, or it answered nonsense.

        It gets an activity of its own: that of the host is kept in memory for everybody.
        """
        if self.provided is None:
            return None
        provider, place = self.provided.provider, f"{self.kind}.{question}"
        own = activity.model_copy(update={"options": deepcopy(dict(activity.options))})

        def ask(*asked: object) -> object:
            answer = getattr(provider, question)(*asked)
            return settle(answer) if settle else answer

        try:
            options = self.guard.read_options(self.provided, activity.options)
            return self.guard.call(
                self.provided.plugin.name, place, ask, own, options, *args, fits=fits, hears_people=True
            )
        except PluginFault:
            return None
