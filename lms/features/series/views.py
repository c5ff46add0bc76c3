"""Open events for those who may come: what comes up, saying that one comes, where one was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from markupsafe import Markup

from lms.features.accounts.roles import LEADERS
from lms.features.series import actions, queries
from lms.features.series.telling import uid_of
from lms.host.calendar import CalendarEntry
from lms.host.db import saved
from lms.host.i18n import gettext as _
from lms.host.i18n import lazy_gettext
from lms.host.web import (
    Blueprint,
    ResponseReturnValue,
    address,
    flash,
    form,
    go,
    now,
    page,
    signed_in_only,
    visitor,
)

views = Blueprint("series", __name__, template_folder="templates")

LANGUAGE_WORDS = {"en": lazy_gettext("in English"), "fr": lazy_gettext("in French")}
# How long an event that is over stays in calendars.
IN_CALENDARS = timedelta(days=90)


@views.get("/open-events")
@signed_in_only
def events() -> ResponseReturnValue:
    """What comes up and is open to whoever asks, and where they were."""
    who = visitor()
    return page(
        "series/events.html",
        coming=queries.coming_events(who.id, now()),
        visits=queries.visits_of(who.id),
        hosted=queries.hosted_by(who) if who.has(*LEADERS) else (),
        languages=LANGUAGE_WORDS,
    )


@views.post("/open-events/<int:event_id>/coming")
@signed_in_only
def say_coming(event_id: int) -> ResponseReturnValue:
    """I'll come; or, with `no`, not after all."""
    event = queries.open_event(visitor().id, event_id)
    comes = not form("no", 5)
    with saved():
        actions.say_coming(event.id, comes, by=visitor().id, now=now())
    flash(
        _("Good. They expect you, and you can change your mind.") if comes else _("Noted. You can come another time.")
    )
    return go(".events")


def of_today(groups: Sequence[Any]) -> list[Markup]:
    """The next open event, on the page of the day. One query."""
    event = queries.next_open(groups[0].who.id, now()) if groups else None
    if event is None:
        return []
    shown = page("series/_today.html", event=event)
    return [Markup(shown[0] if isinstance(shown, tuple) else shown)]


def calendar_part(person_id: int) -> list[CalendarEntry]:
    """What somebody said that they come to, for their calendar. One query."""
    found = queries.said_yes(person_id, now() - IN_CALENDARS)
    url = address("series.events") if found else ""
    return [
        CalendarEntry(
            uid_of(event.id),
            event.series,
            event.starts_at,
            event.minutes,
            event.zone,
            url,
            event.changed_at or now(),
            event.sequence,
            event.cancelled,
            event.place,
            event.link,
        )
        for event in found
    ]
