"""Somebody does something about somebody else in a group: what every such act has to know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from lms.features.cohorts.queries import Here


@dataclass(frozen=True)
class Acting:
    """Who acts, in which organization, for or about which person, when; `zone` is where its days begin."""

    by: int
    organization: int
    about: int
    now: datetime
    zone: str = "UTC"

    @property
    def today(self) -> date:
        return self.now.astimezone(ZoneInfo(self.zone)).date()


def acting_about(here: Here, person_id: int, now: datetime) -> Acting:
    """Whoever looks at a group, doing something about one of its people."""
    return Acting(here.who.id, here.organization.id, person_id, now, here.zone)
