"""Calendar addresses: secret, revocable, and what stands behind them. No names of people and no reasons, ever."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import exists, or_, select, update

from lms.features.accounts.models import Person, RoleGrant
from lms.features.accounts.queries import person_with_places
from lms.features.accounts.roles import Role, SignedIn
from lms.features.cohorts import queries
from lms.features.cohorts.models import CalendarFeed, Cohort
from lms.features.organizations.models import Organization
from lms.host import audit
from lms.host.calendar import CalendarEntry
from lms.host.db import locked, session
from lms.host.errors import NotFound
from lms.host.i18n import gettext as _
from lms.host.i18n import in_language
from lms.plugin_api.values import MeetingState

Address = Callable[..., str]
# Calendars forget what is longer ago; nobody looks up an old class there.
KEPT = timedelta(days=400)


def entry_of(here: queries.Here, meeting: queries.ClassHere, address: Address) -> CalendarEntry:
    """One class as calendars show it, in the language of now. `address` makes full addresses of pages."""
    url = address("cohorts.meeting", cohort_id=here.id, number=meeting.number)
    title = _("Class %(number)s - %(title)s", number=meeting.number, title=in_language(here.course.title))
    return CalendarEntry(
        uid=f"class-{meeting.id}@{urlsplit(url).hostname or 'learning-host'}",
        title=title,
        starts=meeting.starts_at,
        minutes=meeting.minutes,
        zone=here.zone,
        url=url,
        stamp=meeting.changed_at or here.cohort.published_at,
        sequence=meeting.sequence,
        cancelled=meeting.state is MeetingState.CANCELLED,
        place=meeting.place,
        link=meeting.link,
    )


# -- what somebody's calendar shows -------------------------------------------------------------------------


def entries_for(who: SignedIn, cohort_id: int | None, address: Address, now: datetime) -> list[CalendarEntry]:
    """The classes of one cohort, or of all in which `who` takes part or teaches; none of those that ended for them."""
    heres = _one(who, cohort_id) if cohort_id else [*queries.all_attended_by(who), *_taught(who)]
    found: dict[str, CalendarEntry] = {}
    for here, meetings in zip(heres, _classes(heres, now), strict=True):
        away = () if here.leads else here.pauses
        for meeting in meetings:
            if meeting.starts_at > now - KEPT and not any(pause.covers(meeting.starts_at) for pause in away):
                entry = entry_of(here, meeting, address)
                found[entry.uid] = entry
    return list(found.values())


def _classes(heres: list[queries.Here], now: datetime) -> Iterable[list[queries.ClassHere]]:
    classes = queries.classes_of_all(heres, now) if heres else {}
    return [classes[here.id] for here in heres]


def _one(who: SignedIn, cohort_id: int) -> list[queries.Here]:
    try:
        here = queries.cohort_for(who, cohort_id)
    except NotFound:
        return []
    return [here] if here.leads or here.enrolment_id else []


def _taught(who: SignedIn) -> list[queries.Here]:
    """Cohorts whose trainer `who` is by name; for trainers of a whole organization also those that name nobody."""
    named, whole = who.cohorts(Role.TRAINER), who.organizations(Role.TRAINER)
    if not named and not whole:
        return []
    somebody = exists().where(
        RoleGrant.cohort_id == Cohort.id, RoleGrant.role == Role.TRAINER, RoleGrant.ended_at.is_(None)
    )
    rows = session.execute(
        select(Cohort, Organization)
        .join(Organization, Organization.id == Cohort.organization_id)
        .where(or_(Cohort.id.in_(named), Cohort.organization_id.in_(whole) & ~somebody))
    )
    return [
        queries.Here(who, cohort, organization, queries.revision_of(cohort.revision_digest), None, None)
        for cohort, organization in rows
    ]


# -- addresses ----------------------------------------------------------------------------------------------


def token_of(feed: CalendarFeed, key: str) -> str:
    """The secret part of the address. It needs the host's key as well: the database alone does not give it away."""
    words = f"calendar:{feed.id}:{feed.secret}".encode()
    return f"{feed.id}-{hmac.new(key.encode(), words, hashlib.sha256).hexdigest()[:40]}"


def feed_of(token: str, key: str) -> CalendarFeed | None:
    """The address behind a token, while it works."""
    number = token.partition("-")[0]
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    feed = session.get(CalendarFeed, int(number))
    if feed is None or feed.revoked_at is not None:
        return None
    return feed if hmac.compare_digest(token_of(feed, key).encode(), token.encode()) else None


def owner_of(feed: CalendarFeed) -> SignedIn | None:
    """Whose calendar it is, with the roles that they hold now; None for somebody who was disabled."""
    return person_with_places(feed.person_id)


def feeds_of(person_id: int) -> dict[int | None, CalendarFeed]:
    """The addresses that work, by cohort; None: of everything."""
    rows = session.scalars(
        select(CalendarFeed)
        .where(CalendarFeed.person_id == person_id, CalendarFeed.revoked_at.is_(None))
        .order_by(CalendarFeed.id)
    )
    return {feed.cohort_id: feed for feed in rows}


def make_feed(person_id: int, cohort_id: int | None, *, now: datetime) -> CalendarFeed:
    """A new address; an earlier one for the same no longer works."""
    stop_feed(person_id, cohort_id, now=now)
    feed = CalendarFeed(person_id=person_id, cohort_id=cohort_id, secret=secrets.token_urlsafe(24), made_at=now)
    session.add(feed)
    session.flush()
    audit.note("calendar.address_made", f"calendar:{feed.id}", at=now, by=person_id, about=person_id)
    return feed


def stop_feed(person_id: int, cohort_id: int | None, *, now: datetime) -> None:
    """Whatever address there is for this no longer works."""
    locked(Person, person_id)
    which = CalendarFeed.cohort_id.is_(None) if cohort_id is None else CalendarFeed.cohort_id == cohort_id
    session.execute(
        update(CalendarFeed)
        .where(CalendarFeed.person_id == person_id, which, CalendarFeed.revoked_at.is_(None))
        .values(revoked_at=now)
    )
