"""Mails to those who look after people: that there is something to read, and when. Nothing of what, and not about whom."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from lms.features.care.actions import Urgency
from lms.features.care.queries import coordinators_of
from lms.host import mail
from lms.host.i18n import gettext as _
from lms.host.i18n import spoken


def tell_coordinators(
    cohort: Any, concern_id: int, urgency: str, url: str, *, about: int, by: int, at: datetime
) -> None:
    """Write to each coordinator but `by`, in their own language. `about` is the person concerned, who may be `by`."""
    for reader in coordinators_of(cohort, about):
        if reader.id == by:
            continue
        with spoken(reader.language):
            today = urgency in (Urgency.NOW, Urgency.TODAY)
            when = _("Please read it today.") if today else _("Please read it in the next days.")
            if about == by:
                subject = _("A note for you")
                text = _("Somebody whom you look after left you a note. %(when)s\n\n%(url)s", when=when, url=url)
            else:
                subject = _("A note from a colleague")
                text = _("A colleague left you a note. %(when)s\n\n%(url)s", when=when, url=url)
            mail.write_mail(reader.email, subject, text, key=f"concern:{concern_id}:{reader.id}", at=at)
