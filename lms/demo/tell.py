"""Tells the stories into an empty database."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import func, select

from lms.demo.days import tonight
from lms.demo.stories import STORIES
from lms.demo.story import PASSWORD
from lms.demo.teller import Teller
from lms.demo.told import Moment
from lms.features.accounts import actions as accounts
from lms.features.accounts import passwords
from lms.features.accounts.roles import Role
from lms.features.organizations.models import Organization
from lms.host.db import saved, session
from lms.host.web import Host


def tell_story(host: Host, now: datetime | None = None) -> None:
    """Fill an empty database with the demo's stories; one that has organizations is left alone."""
    if session.scalar(select(func.count(Organization.id))):
        return
    now = now or datetime.now(UTC)
    with saved():
        teller = Teller(host, Moment(now, tonight(now)), passwords.hash_password(PASSWORD))
        for story in STORIES:
            if teller.can_tell(story):
                teller.tell(story)
        noor = teller.person("Noor Sabry", "host@learning.example", "en")
        accounts.grant_role(noor.id, Role.HOST_ADMIN, organization=None, by=None, now=now)
