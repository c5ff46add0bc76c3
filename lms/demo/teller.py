"""Tells the story of one organization: the same actions as the pages use, at the times when they happened."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from sqlalchemy import select

from lms.demo.days import EVENING, on_days
from lms.demo.happened import tell_what_happened
from lms.demo.story import Colleague, Evenings, GroupStory, Story
from lms.demo.told import DAY, Group, Moment, Told
from lms.demo.versions import as_it_was, publish
from lms.features.accounts import actions as accounts
from lms.features.accounts.models import Person
from lms.features.accounts.roles import Place, SignedIn
from lms.features.cohorts import actions as cohorts
from lms.features.cohorts import queries as delivered
from lms.features.organizations import actions as organizations
from lms.features.organizations.models import Organization
from lms.features.series import actions as series
from lms.features.series.models import SeriesEvent
from lms.host.db import session
from lms.host.web import Host


@dataclass
class Teller:
    host: Host
    moment: Moment
    password_hash: str

    def can_tell(self, story: Story) -> bool:
        """Whether each of its courses is here: in safe mode, or with a fault, that story is left out."""
        offered = (self.host.catalog.courses.get(group.course) for group in story.groups)
        return all(one is not None and one.course for one in offered)

    def tell(self, story: Story) -> None:
        organization = self._organization(story)
        staff = {first_name(one.name): self._colleague(organization, story, one) for one in story.staff}
        told = Told(self.moment, self.host.guard, organization, staff)
        for name, typed in story.plugins.items():
            if plugin := self.host.guard.host.plugins.get(name):
                organizations.enable_plugin(organization, plugin, typed, by=_first(told).id, now=self.moment.now)
        for version in story.versions:
            publish(told, self.host.catalog.courses[version.course], version, _first(told).id)
        for group in story.groups:
            told.groups.append(self._group(told, story, group))
        if story.evenings:
            _plan(told, story, story.evenings)
        if story.besides:
            story.besides(told)

    def person(self, name: str, email: str, language: str) -> Person:
        person = accounts.add_person(name, email, language=language, now=self.moment.now - 120 * DAY)
        person.password_hash = self.password_hash
        return person

    def _organization(self, story: Story) -> Organization:
        return organizations.add_organization(
            story.name,
            story.slug,
            now=self.moment.now - 400 * DAY,
            by=None,
            language=story.language,
            time_zone=story.time_zone,
            support_name=story.staff[0].name,
            support_phone=story.support_phone,
            support_hours=story.support_hours,
        )

    def _colleague(self, organization: Organization, story: Story, colleague: Colleague) -> SignedIn:
        person = self.person(colleague.name, address(colleague.name, story), colleague.language)
        for role in colleague.roles:
            accounts.grant_role(person.id, role, organization=organization.id, by=None, now=self.moment.now)
        places = tuple(Place(role, organization.id, None) for role in colleague.roles)
        return SignedIn(person.id, person.name, person.email, person.language, "", places)

    def _group(self, told: Told, story: Story, group: GroupStory) -> Group:
        starts = on_days(group.days, group.at, story.time_zone, self.moment.evening)
        begun = min(starts[0], self.moment.now) - 10 * DAY
        leads = [told.staff[name] for name in group.leads]
        plan = cohorts.NewCohort(
            group.name,
            group.language,
            starts,
            place=group.place,
            link=group.link,
            province=story.province,
            trainers=[lead.id for lead in leads],
            check_in_opens=15,
        )
        plugins = self.host.guard.host
        offered = as_it_was(told, self.host.catalog.courses[group.course], begun)
        cohort = cohorts.publish_cohort(told.organization, offered, plan, plugins, by=leads[0].id, now=begun)
        here = delivered.cohort_for(leads[0], cohort.id)
        made = Group(group, cohort, here, delivered.classes_of(here, self.moment.now), leads[0])
        for name in group.people:
            first = first_name(name)
            person = self.person(name, address(name, story), group.language)
            later = self.moment.evening + group.joined[first] * DAY if first in group.joined else begun
            made.people[first] = (person, cohorts.enrol(cohort, person, by=leads[0].id, now=later).id)
        tell_what_happened(told, made)
        return made


def _plan(told: Told, story: Story, evenings: Evenings) -> None:
    """Events every four weeks, for those who are in a course and those who were."""
    now, by = told.moment.now, _first(told).id
    groups = frozenset(group.cohort.id for group in told.groups)
    about = series.About(evenings.name, evenings.about, story.language, told.staff[evenings.host].id, groups)
    made = series.make_series(told.organization.id, about, by=by, now=now - 30 * DAY)
    days = [evenings.first_day + 28 * month for month in range(3)]
    starts = on_days(days, EVENING, story.time_zone, told.moment.evening)
    series.plan_events(made, starts, series.Where(120, evenings.place), by=by, now=now - 30 * DAY)
    session.flush()
    next_one = session.scalars(
        select(SeriesEvent.id).where(SeriesEvent.series_id == made.id).order_by(SeriesEvent.starts_at)
    ).first()
    assert next_one is not None
    for group in told.groups:
        for name in group.people.keys() & evenings.say_coming:
            series.say_coming(next_one, True, by=group.people[name][0].id, now=now - DAY)


def _first(told: Told) -> SignedIn:
    """Who runs the organization."""
    return next(iter(told.staff.values()))


def first_name(name: str) -> str:
    return name.split()[0]


def address(name: str, story: Story) -> str:
    letters = unicodedata.normalize("NFKD", first_name(name)).encode("ascii", "ignore").decode()
    return f"{letters.lower()}@{story.domain}"
