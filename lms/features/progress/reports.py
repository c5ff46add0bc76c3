"""What a plugin's report gets to see of a group, and the report that it makes of it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from lms.features.attendance import queries as attendance
from lms.features.cohorts import queries as cohorts
from lms.features.cohorts.queries import Here
from lms.features.organizations.queries import enabled_plugins
from lms.features.progress import queries
from lms.host import contributed
from lms.host.errors import NotFound
from lms.host.guard import Guard
from lms.host.plugins import Provided
from lms.plugin_api.reports import GroupFacts, Participant, Table


def facts_of(here: Here, guard: Guard, now: datetime) -> GroupFacts:
    """Everyone who takes part, in as many questions for a hundred people as for two."""
    classes, members = cohorts.classes_of(here, now), cohorts.members_of(here.id)
    evidence = queries.evidence_of_cohort(here, now)
    standings = queries.standings(here, guard, members, classes, evidence)
    common = attendance.without_marks(here.course, classes)
    people = (
        Participant(
            member.name,
            attendance.ledger_of(common, member, evidence.of(member.enrolment_id).attended),
            {standing.outcome.id: standing.status for standing in standings[member.enrolment_id]},
        )
        for member in members
    )
    return GroupFacts(
        here.cohort.name, here.course.title, now.astimezone(ZoneInfo(here.zone)).date(), here.zone, tuple(people)
    )


def offered_in(here: Here, guard: Guard) -> list[Provided]:
    """The reports about this group for whoever coordinates it; nobody else is asked for. One query, where any report is
    installed at all."""
    if not here.coordinates or not guard.host.providers["reports"]:
        return []
    return contributed.offered(guard.host, "reports", enabled_plugins(here.organization.id))


def one_of(here: Here, guard: Guard, name: str) -> tuple[Provided, contributed.Enabled]:
    """A report that is offered here, and what the organization has turned on. Raises NotFound."""
    enabled = enabled_plugins(here.organization.id)
    offered = contributed.offered(guard.host, "reports", enabled)
    found = next((provided for provided in offered if provided.provider.name == name), None)
    if found is None:
        raise NotFound
    return found, enabled


def made(here: Here, guard: Guard, provided: Provided, enabled: contributed.Enabled, now: datetime) -> Table:
    """The table of a report. Raises PluginFault where the plugin cannot make it."""
    return contributed.report(guard, provided, facts_of(here, guard, now), here.organization.id, enabled)
