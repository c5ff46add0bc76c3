"""Plans of cohorts: begun, kept, put away, published; the people who may teach, and where else they are then."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from lms.features.accounts.models import Person, RoleGrant
from lms.features.accounts.roles import Role
from lms.features.cohorts import actions, dates
from lms.features.cohorts.invitations import BY_A_COLLEAGUE
from lms.features.cohorts.models import Cohort, CohortPlan, CourseRevision, Meeting
from lms.features.cohorts.planning import MOST_DAYS, MOST_OPENS, MOST_PLACES, MOST_ROW, PAGES, Planning, typed_number
from lms.features.organizations.models import Organization
from lms.host import audit
from lms.host.audit import AuditRow
from lms.host.db import locked, session
from lms.host.errors import Elsewhere, Incomplete, NotFound
from lms.host.i18n import lazy_gettext as _l
from lms.host.plugins import PluginHost
from lms.plugin_api.values import MeetingState

MOST_MINUTES = timedelta(minutes=720)
PUBLISHED = "cohorts.plan_published"


def plans_of(organization_id: int) -> list[Any]:
    """Each plan begun in the organization with the name of who began it, the last touched first."""
    return list(
        session.execute(
            select(CohortPlan, Person.name)
            .join(Person, Person.id == CohortPlan.by_id)
            .where(CohortPlan.organization_id == organization_id)
            .order_by(CohortPlan.saved_at.desc(), CohortPlan.id.desc())
        )
    )


def plan_of(organization: Organization, plan_id: int) -> CohortPlan:
    """One plan of the organization. Raises NotFound, and Elsewhere for one that is a group by now."""
    found = session.get(CohortPlan, plan_id)
    if found is None or found.organization_id != organization.id:
        raise _published_as(organization, plan_id) or NotFound()
    return found


def _published_as(organization: Organization, plan_id: int) -> Elsewhere | None:
    row = session.scalar(
        select(AuditRow.why).where(
            AuditRow.subject == f"plan:{plan_id}",
            AuditRow.verb == PUBLISHED,
            AuditRow.organization_id == organization.id,
        )
    )
    cohort = session.get(Cohort, int(row)) if row else None
    if cohort is None:
        return None
    return Elsewhere(_l("“%(name)s” is published already.", name=cohort.name), "progress.cohort", cohort_id=cohort.id)


def begin(organization: Organization, fields: dict[str, Any], *, by: int, now: datetime) -> CohortPlan:
    """A new plan."""
    plan = CohortPlan(organization_id=organization.id, by_id=by, fields=fields, saved_at=now)
    session.add(plan)
    session.flush()
    audit.note("cohorts.plan_begun", f"plan:{plan.id}", at=now, by=by, organization=organization.id)
    return plan


def keep(plan: CohortPlan, fields: dict[str, Any], *, now: datetime) -> None:
    """What was typed on a page. What stands in `fields` replaces what was there under the same names."""
    plan = locked(CohortPlan, plan.id)
    plan.fields = {**plan.fields, **fields}
    plan.saved_at = now


def put_away(plan: CohortPlan, *, by: int, now: datetime) -> None:
    """The plan is no longer needed."""
    audit.note("cohorts.plan_put_away", f"plan:{plan.id}", at=now, by=by, organization=plan.organization_id)
    session.delete(plan)


# -- copies -------------------------------------------------------------------------------------------------


def cohorts_of(organization: Organization) -> list[Any]:
    """Id and name of each cohort of the organization, the newest first."""
    which = select(Cohort.id, Cohort.name).where(Cohort.organization_id == organization.id)
    return list(session.execute(which.order_by(Cohort.published_at.desc(), Cohort.id.desc()).limit(100)))


def copy_of(organization: Organization, cohort_id: int) -> dict[str, Any]:
    """The fields of a plan like this cohort: its course, language, times, places and trainers. Raises NotFound."""
    cohort = session.get(Cohort, cohort_id)
    if cohort is None or cohort.organization_id != organization.id:
        raise NotFound
    zone = cohort.time_zone or organization.time_zone
    rows = session.scalars(select(Meeting).where(Meeting.cohort_id == cohort.id).order_by(Meeting.number)).all()
    where = [(row.place, row.link) for row in rows]
    place, link = where[0] if where else ("", "")
    return {
        "course": session.get_one(CourseRevision, cohort.revision_digest).course_key,
        "language": cohort.language,
        "way": "copy",
        "copy_name": cohort.name,
        "earlier": [dates.on_the_wall(row.starts_at, zone).isoformat(timespec="minutes") for row in rows],
        "zone": zone,
        "province": cohort.province,
        "each": "yes" if len(set(where)) > 1 else "",
        "place": place,
        "link": link,
        "place_of": [place for place, _link in where],
        "link_of": [link for _place, link in where],
        "trainer": [str(id) for id in _named_trainers(cohort.id)],
        "places": str(cohort.places or ""),
        "check_in": "yes" if cohort.check_in_opens is not None else "",
        "opens": str(cohort.check_in_opens if cohort.check_in_opens is not None else 15),
        "recorded": "yes" if cohort.recorded else "",
        "lock_days": str(cohort.lock_days),
        "tell_after": str(cohort.tell_after or ""),
    }


def _named_trainers(cohort_id: int) -> list[int]:
    held = select(RoleGrant.person_id).where(RoleGrant.cohort_id == cohort_id, RoleGrant.ended_at.is_(None))
    return list(session.scalars(held.where(RoleGrant.role == Role.TRAINER).order_by(RoleGrant.person_id)))


# -- who teaches --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Trainer:
    """Somebody who teaches in the organization. `whole`: in every group of it."""

    id: int
    name: str
    whole: bool


@dataclass(frozen=True)
class Clash:
    """A class of another cohort that its trainer would have to leave. `cohort` is empty where it is another
    organization's: only the time is said then."""

    person_id: int
    cohort: str
    number: int
    starts_at: datetime


def trainers_in(organization: Organization) -> list[Trainer]:
    """Everyone with the role of trainer somewhere in the organization, by name."""
    rows = session.execute(
        select(Person.id, Person.name, func.count(RoleGrant.id) > func.count(RoleGrant.cohort_id))
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(
            RoleGrant.organization_id == organization.id,
            RoleGrant.role == Role.TRAINER,
            RoleGrant.ended_at.is_(None),
            Person.disabled_at.is_(None),
        )
        .group_by(Person.id, Person.name)
        .order_by(func.lower(Person.name), Person.id)
    )
    return [Trainer(id, name, bool(whole)) for id, name, whole in rows]


def clashes(organization: Organization, people: Iterable[int], times: Sequence[tuple[datetime, int]]) -> list[Clash]:
    """Classes of other cohorts that these trainers teach at one of these times (start, minutes), as the organization may
    read of them. One query."""
    if not times:
        return []
    first, last = min(starts for starts, _minutes in times), max(starts for starts, _minutes in times)
    rows = session.execute(
        select(
            RoleGrant.person_id, Cohort.name, Cohort.organization_id, Meeting.number, Meeting.starts_at, Meeting.minutes
        )
        .join(Cohort, Cohort.id == RoleGrant.cohort_id)
        .join(Meeting, Meeting.cohort_id == Cohort.id)
        .where(
            RoleGrant.person_id.in_(list(people)),
            RoleGrant.role == Role.TRAINER,
            RoleGrant.ended_at.is_(None),
            Cohort.closed_at.is_(None),
            Meeting.state != MeetingState.CANCELLED,
            Meeting.starts_at > first - MOST_MINUTES,
            Meeting.starts_at < last + MOST_MINUTES,
        )
        .order_by(Meeting.starts_at)
    )
    return [
        Clash(row.person_id, row.name if row.organization_id == organization.id else "", row.number, row.starts_at)
        for row in rows
        if any(dates.meet((row.starts_at, row.minutes), time) for time in times)
    ]


# -- publishing ---------------------------------------------------------------------------------------------


def digest_of(planning: Planning) -> str:
    """Of everything that the page before publishing shows of a plan: another one, and somebody has changed it since."""
    course = planning.offered.course if planning.offered else None
    shown = json.dumps([dict(planning.fields), course.model_dump(mode="json") if course else None], sort_keys=True)
    return hashlib.sha256(shown.encode()).hexdigest()


def publish(plan: CohortPlan, planning: Planning, plugins: PluginHost, *, by: int, now: datetime) -> Cohort:
    """The cohort as planned; the plan, which is held, goes. Raises Incomplete, by page, where one needs another look."""
    errors = {name: faults for name in PAGES if (faults := planning.faults(name))}
    trainers = chosen_trainers(planning)
    if any(trainer.id == by and not trainer.whole for trainer in trainers):
        errors["trainers"] = {"trainer": BY_A_COLLEAGUE}
    if errors or planning.offered is None:
        raise Incomplete({name: next(iter(faults.values())) for name, faults in errors.items()})
    new = actions.NewCohort(
        name=" ".join(planning.typed("name").split()),
        language=planning.typed("language"),
        starts=[one.starts for one in planning.classes if one.starts],
        where=[(one.place, one.link) for one in planning.classes],
        time_zone=planning.zone,
        province=planning.province,
        trainers=[trainer.id for trainer in trainers],
        places=typed_number(planning.typed("places"), 1, MOST_PLACES),
        recorded=planning.typed("recorded") == "yes",
        check_in_opens=_opens(planning),
        lock_days=typed_number(planning.typed("lock_days"), 0, MOST_DAYS) or 0,
        tell_after=typed_number(planning.typed("tell_after"), 1, MOST_ROW),
    )
    cohort = actions.publish_cohort(planning.organization, planning.offered, new, plugins, by=by, now=now)
    # An old link to the plan leads to the group.
    audit.note(PUBLISHED, f"plan:{plan.id}", at=now, by=by, organization=plan.organization_id, why=str(cohort.id))
    session.delete(plan)
    return cohort


def _opens(planning: Planning) -> int | None:
    return typed_number(planning.typed("opens"), 0, MOST_OPENS) if planning.typed("check_in") == "yes" else None


def chosen_trainers(planning: Planning) -> list[Trainer]:
    """Those of the organization's trainers who were ticked."""
    ticked = set(planning.several("trainer"))
    return [trainer for trainer in trainers_in(planning.organization) if str(trainer.id) in ticked]
