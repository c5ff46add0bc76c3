"""A cohort for somebody who may see it, its classes and people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, or_, select

from lms.features.accounts.models import Person, RoleGrant
from lms.features.accounts.roles import LEADERS, Role, SignedIn
from lms.features.cohorts.models import Cohort, CourseRevision, Enrolment, Meeting
from lms.features.cohorts.rule import rule_of
from lms.features.cohorts.rules import pauses_read, state_at
from lms.features.organizations.models import Organization
from lms.host.catalog import Revision, thaw
from lms.host.db import session
from lms.host.errors import Elsewhere, NotFound
from lms.host.guard import Rule
from lms.host.i18n import lazy_gettext as _l
from lms.plugin_api.content import ClassPlan, Course
from lms.plugin_api.values import Meeting as MeetingFact
from lms.plugin_api.values import MeetingState, Pause


@dataclass(frozen=True)
class Here:
    """A cohort as somebody sees it: who asks, the organization, the pinned course, and whether they lead or take part."""

    who: SignedIn
    cohort: Any
    organization: Organization
    revision: Revision
    enrolment_id: int | None
    joined_at: datetime | None
    pauses: tuple[Pause, ...] = ()

    @property
    def me(self) -> Member:
        """Whoever asks, as somebody who takes part here. Raises NotFound for those who do not."""
        if self.enrolment_id is None or self.joined_at is None:
            raise NotFound
        return Member(self.enrolment_id, self.who.id, self.who.name, self.who.email, self.joined_at, pauses=self.pauses)

    @property
    def id(self) -> int:
        found: int = self.cohort.id
        return found

    @property
    def course(self) -> Course:
        return self.revision.course

    @property
    def zone(self) -> str:
        found: str = self.cohort.time_zone or self.organization.time_zone
        return found

    @property
    def rule(self) -> Rule | None:
        """The attendance rule that holds here: the cohort's own, or the course's in the version it was published with."""
        return rule_of(self.cohort, self.course)

    @property
    def ended(self) -> bool:
        """True once a coordinator has said that the group has ended."""
        return self.cohort.closed_at is not None

    @property
    def words_go(self) -> datetime | None:
        """When the words of what people wrote in an ended group are removed; None where they stay."""
        days = self.course.review.keep_words_days
        return self.cohort.closed_at + timedelta(days=days) if self.ended and days else None

    @property
    def takes_part(self) -> bool:
        return self.who.plays(Role.TRAINEE, organization=self.organization.id, cohort=self.id)

    @property
    def leads(self) -> bool:
        return self.who.plays(*LEADERS, organization=self.organization.id, cohort=self.id)

    @property
    def coordinates(self) -> bool:
        return self.who.plays(Role.COORDINATOR, organization=self.organization.id, cohort=self.id)


_OWN = (Enrolment.cohort_id == Cohort.id) & (Enrolment.person_id == bindparam("person"))
_COHORT = (
    select(Cohort, Organization, Enrolment.id, Enrolment.joined_at, Enrolment.pauses)
    .join(Organization, Organization.id == Cohort.organization_id)
    .where(Cohort.id == bindparam("cohort"))
)
_HERE = _COHORT.outerjoin(Enrolment, _OWN & Enrolment.left_at.is_(None))
_HERE_ONCE = _COHORT.join(Enrolment, _OWN)
_ATTENDED = (
    select(Cohort, Organization, Enrolment.id, Enrolment.joined_at, Enrolment.pauses)
    .join(Organization, Organization.id == Cohort.organization_id)
    .join(Enrolment, _OWN & Enrolment.left_at.is_(None))
    .where(Cohort.id.in_(bindparam("cohorts", expanding=True)))
    .order_by(Cohort.closed_at.is_not(None), Cohort.published_at.desc(), Cohort.id.desc())
)

_BY_NOBODY = (
    select(Cohort, Organization)
    .join(Organization, Organization.id == Cohort.organization_id)
    .where(Cohort.id == bindparam("cohort"))
)
# Whoever works when nobody asks: the host, in the night.
NOBODY = SignedIn(0, "", "", "en", "", ())

EVERYONE = (Role.TRAINEE, *LEADERS)


def cohort_for(who: SignedIn, cohort_id: int, *roles: Role) -> Here:
    """The cohort, if `who` plays one of `roles` in it (default: trainee or leader). Raises NotFound."""
    here = _seen(_HERE, who, cohort_id)
    if not who.plays(*(roles or EVERYONE), organization=here.organization.id, cohort=here.id):
        raise _moved_from(cohort_id, who.id) or NotFound()
    return here


def _moved_from(cohort_id: int, person_id: int) -> Elsewhere | None:
    """For whoever was moved from this cohort: where they are now, however many groups lie between."""
    mine = select(Enrolment.id, Enrolment.cohort_id, Enrolment.left_at, Enrolment.moved_from_id).where(
        Enrolment.person_id == person_id
    )
    places = session.execute(mine.order_by(Enrolment.joined_at, Enrolment.id)).all()
    following = {place.moved_from_id: place for place in places if place.moved_from_id}
    place = next((place for place in places if place.cohort_id == cohort_id), None)
    passed = set()
    while place and place.left_at is not None and place.id not in passed:
        passed.add(place.id)
        place = following.get(place.id)
    if place is None or not passed or place.left_at is not None:
        return None
    name = session.get_one(Cohort, place.cohort_id).name
    return Elsewhere(_l("You are in %(group)s now.", group=name), "cohorts.course", cohort_id=place.cohort_id)


def _seen(query: Any, who: SignedIn, cohort_id: int) -> Here:
    row = session.execute(query, {"cohort": cohort_id, "person": who.id}).first()
    if row is None:
        raise NotFound
    return here_of(who, *row)


def here_of(
    who: SignedIn, cohort: Cohort, organization: Organization, enrolment: int | None, joined: Any, pauses: Any
) -> Here:
    """The cohort from the rows that were read for it."""
    revision = revision_of(cohort.revision_digest)
    return Here(who, cohort, organization, revision, enrolment, joined, pauses_read(pauses or ()))


def led_by(who: SignedIn, cohort_id: int) -> Here:
    """The cohort, if `who` leads it. Raises NotFound."""
    return cohort_for(who, cohort_id, *LEADERS)


def attended_by(who: SignedIn, cohort_id: int) -> Here:
    """The cohort, if `who` takes part in it as a trainee. Raises NotFound."""
    here = cohort_for(who, cohort_id, Role.TRAINEE)
    if here.enrolment_id is None:
        raise NotFound
    return here


def all_attended_by(who: SignedIn) -> list[Here]:
    """Each cohort in which `who` takes part as a trainee, those that run first, then newest first. One query."""
    cohorts = who.cohorts(Role.TRAINEE)
    rows = session.execute(_ATTENDED, {"cohorts": cohorts, "person": who.id}).all() if cohorts else []
    return [here_of(who, *row) for row in rows]


def cohort_of_the_host(cohort_id: int) -> Here:
    """A cohort for what the host does by itself. Raises NotFound."""
    row = session.execute(_BY_NOBODY, {"cohort": cohort_id}).first()
    if row is None:
        raise NotFound
    return here_of(NOBODY, *row, None, None, ())


def once_attended_by(who: SignedIn, cohort_id: int) -> Here:
    """The cohort, if `who` takes part in it or has left it: what they earned stays theirs. Raises NotFound."""
    return _seen(_HERE_ONCE, who, cohort_id)


_revisions: dict[str, Revision] = {}
MAX_REVISIONS = 64


def revision_of(digest: str) -> Revision:
    """A pinned course from memory; from the database the first time in this process."""
    found = _revisions.get(digest)
    if found is None:
        row = session.get_one(CourseRevision, digest)
        if len(_revisions) >= MAX_REVISIONS:
            _revisions.clear()
        found = _revisions[digest] = thaw(digest, row.course_json, row.pages_json)
    return found


def revisions_of(digests: Iterable[str]) -> dict[str, Revision]:
    """Several pinned courses by their digests: from memory, and those that are not there in one query."""
    wanted = set(digests)
    unread = wanted - _revisions.keys()
    rows = session.scalars(select(CourseRevision).where(CourseRevision.digest.in_(unread))).all() if unread else ()
    found = {digest: _revisions[digest] for digest in wanted - unread}
    for row in rows:  # each of them is in the session now, where `revision_of` finds it without asking again
        found[row.digest] = revision_of(row.digest)
    return found


@dataclass(frozen=True)
class ClassHere:
    """One class of a cohort with its plan from the course."""

    id: int
    number: int
    starts_at: datetime
    minutes: int
    place: str
    link: str
    state: MeetingState
    cancelled_why: str
    plan: ClassPlan
    sequence: int = 0
    changed_at: datetime | None = None

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    def fact(self) -> MeetingFact:
        """As an attendance policy sees it."""
        return MeetingFact(
            self.number, self.starts_at, self.minutes, self.plan.modules, self.state, self.plan.recoverable
        )


_MEETINGS = (
    select(
        Meeting.id,
        Meeting.number,
        Meeting.starts_at,
        Meeting.minutes,
        Meeting.place,
        Meeting.link,
        Meeting.state,
        Meeting.cancelled_why,
        Meeting.cohort_id,
        Meeting.sequence,
        Meeting.changed_at,
    )
    .where(Meeting.cohort_id.in_(bindparam("cohorts", expanding=True)))
    .order_by(Meeting.number)
)


def classes_of(here: Here, now: datetime) -> list[ClassHere]:
    """All classes of the cohort, in order."""
    return classes_of_all([here], now)[here.id]


def classes_of_all(heres: Iterable[Here], now: datetime) -> dict[int, list[ClassHere]]:
    """Cohort to all its classes, in order. One query however many cohorts there are."""
    plans = {here.id: {plan.number: plan for plan in here.course.classes} for here in heres}
    found: dict[int, list[ClassHere]] = {cohort: [] for cohort in plans}
    for row in session.execute(_MEETINGS, {"cohorts": list(plans)}):
        if plan := plans[row.cohort_id].get(row.number):
            state = state_at(row.state, row.starts_at, row.minutes, now)
            found[row.cohort_id].append(
                ClassHere(
                    row.id,
                    row.number,
                    row.starts_at,
                    row.minutes,
                    row.place,
                    row.link,
                    state,
                    row.cancelled_why,
                    plan,
                    row.sequence,
                    row.changed_at,
                )
            )
    return found


def class_number(classes: Iterable[ClassHere], number: int) -> ClassHere:
    """The class with this number. Raises NotFound."""
    found = next((c for c in classes if c.number == number), None)
    if found is None:
        raise NotFound
    return found


def next_class(classes: Iterable[ClassHere]) -> ClassHere | None:
    """The first class that is still to come or going on."""
    return next((c for c in classes if c.state is MeetingState.PLANNED), None)


@dataclass(frozen=True)
class Member:
    """Somebody in a cohort."""

    enrolment_id: int
    person_id: int
    name: str
    email: str
    joined_at: datetime
    left_at: datetime | None = None
    pauses: tuple[Pause, ...] = ()

    def paused_at(self, moment: datetime) -> bool:
        """True while this person is away by agreement."""
        return any(pause.covers(moment) for pause in self.pauses)


_EVER = (
    select(
        Enrolment.id,
        Enrolment.person_id,
        Person.name,
        Person.email,
        Enrolment.joined_at,
        Enrolment.left_at,
        Enrolment.pauses,
    )
    .join(Person, Person.id == Enrolment.person_id)
    .where(Enrolment.cohort_id == bindparam("cohort"))
    .order_by(func.lower(Person.name), Enrolment.id)
)
_MEMBERS = _EVER.where(Enrolment.left_at.is_(None))
_PAST = _EVER.where(Enrolment.left_at.is_not(None))


def members_of(cohort_id: int) -> list[Member]:
    """Everyone who takes part now, by name."""
    return [_member(*row) for row in session.execute(_MEMBERS, {"cohort": cohort_id})]


def past_members_of(cohort_id: int) -> list[Member]:
    """Those who have left, by name."""
    return [_member(*row) for row in session.execute(_PAST, {"cohort": cohort_id})]


def member_seen_from(here: Here, enrolment_id: int) -> Member:
    """One person of the cohort for whoever leads it; those who coordinate also find people who have left."""
    return _one_of(_EVER if here.coordinates else _MEMBERS, here.id, enrolment_id)


def member(cohort_id: int, enrolment_id: int) -> Member:
    """One of those who take part now. Raises NotFound for another cohort's."""
    return _one_of(_MEMBERS, cohort_id, enrolment_id)


def _one_of(people: Any, cohort_id: int, enrolment_id: int) -> Member:
    row = session.execute(people.where(Enrolment.id == enrolment_id), {"cohort": cohort_id}).first()
    if row is None:
        raise NotFound
    return _member(*row)


def _member(
    enrolment: int, person: int, name: str, email: str, joined: datetime, left: datetime | None, pauses: Any
) -> Member:
    return Member(enrolment, person, name, email, joined, left, pauses_read(pauses))


_READERS = (
    select(Person.id, Person.name, Person.email)
    .join(RoleGrant, RoleGrant.person_id == Person.id)
    .where(
        RoleGrant.organization_id == bindparam("organization"),
        or_(RoleGrant.cohort_id == bindparam("cohort"), RoleGrant.cohort_id.is_(None)),
        RoleGrant.role == Role.TRAINER,
        RoleGrant.ended_at.is_(None),
        Person.disabled_at.is_(None),
    )
    .distinct()
    .order_by(Person.name)
)


def trainers_of(here: Here) -> list[Any]:
    """Id, name and address of each trainer of this cohort: exactly those who may read what trainees send."""
    return list(session.execute(_READERS, {"organization": here.organization.id, "cohort": here.id}))
