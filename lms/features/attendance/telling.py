"""Mails about attendance: that there is news about a class, and where to read it. Never what somebody wrote."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select

from lms.features.accounts.models import Person
from lms.host import mail
from lms.host.db import session
from lms.host.i18n import LazyText, spoken
from lms.host.i18n import gettext as _


def tell(people: Iterable[int], news: LazyText, url: str, *, at: datetime) -> None:
    """Write to each of these people, in their own language. Two queries however many there are."""
    found = session.scalars(
        select(Person).where(Person.id.in_(list(people)), Person.disabled_at.is_(None)).order_by(Person.id)
    )
    mails = []
    for person in found:
        with spoken(person.language):
            key = f"attendance:{person.id}:{uuid4().hex}"
            mails.append(mail.Mail(person.email, _("A note about your class"), f"{news}\n\n{url}", key))
    mail.write_mails(mails, at=at)
