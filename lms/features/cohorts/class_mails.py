"""What a mail says of a class that changed: what is new, what was until now, and why where somebody wrote it.

A time stands at the end of its line without a full stop: in English it ends with one already.
"""

from __future__ import annotations

from datetime import datetime

from lms.features.cohorts.queries import ClassHere, Here
from lms.host.i18n import gettext as _
from lms.host.i18n import when_from
from lms.plugin_api.values import MeetingState


def text_of_change(here: Here, was: ClassHere, found: ClassHere, url: str, now: datetime) -> str:
    """The whole mail in the language of now. `was` is the class before the change."""
    values = {"number": found.number, "cohort": here.cohort.name, "when": when_from(found.starts_at, here.zone, now)}
    if found.state is MeetingState.CANCELLED:
        lines = [
            _("Class %(number)s of %(cohort)s does not take place. It counts against no one.", **values),
            _("It was planned for: %(when)s", **values),
        ]
        if found.cancelled_why:
            lines.append(_("Why: %(why)s", why=found.cancelled_why))
    elif was.state is MeetingState.CANCELLED:
        lines = [_("Class %(number)s of %(cohort)s takes place after all: %(when)s", **values), *_where(found)]
    elif found.starts_at != was.starts_at:
        before = when_from(was.starts_at, here.zone, now)
        lines = [
            _("Class %(number)s of %(cohort)s has a new time: %(when)s", **values),
            _("Until now: %(when)s", when=before),
            *_changes(was, found),
        ]
    else:
        lines = [
            _("Class %(number)s of %(cohort)s has changed. Its time stays: %(when)s", **values),
            *_changes(was, found),
        ]
    return "\n".join(lines) + f"\n\n{url}"


def _changes(was: ClassHere, found: ClassHere) -> list[str]:
    """What else is new, a line each; where nothing is new about the place, where it is."""
    lines = []
    if found.minutes != was.minutes:
        lines.append(_("New length: %(minutes)s minutes", minutes=found.minutes))
    if (found.place, found.link) == (was.place, was.link):
        return lines + _where(found)
    if found.place != was.place:
        lines.append(_("New place: %(place)s", place=found.place) if found.place else _("No place is named any more."))
    if found.link != was.link:
        lines.append(_("New link: %(link)s", link=found.link) if found.link else _("There is no link any more."))
    return lines


def _where(found: ClassHere) -> list[str]:
    where = found.place or found.link
    return [_("Where: %(where)s", where=where)] if where else []
