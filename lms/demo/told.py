"""An organization and its groups while their story is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lms.demo.story import GroupStory
from lms.features.accounts.models import Person
from lms.features.accounts.roles import SignedIn
from lms.features.attendance.actions import ClassFacts
from lms.features.cohorts.models import Cohort
from lms.features.cohorts.queries import ClassHere, Here
from lms.features.organizations.models import Organization
from lms.features.submissions.actions import Author
from lms.host.guard import Guard
from lms.plugin_api.content import Activity, Criterion

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Moment:
    """When the story is told: now; `evening` is six o'clock on its day 0."""

    now: datetime
    evening: datetime


@dataclass
class Group:
    """A cohort, as its first trainer sees it. `people` has each person by first name, with their enrolment."""

    story: GroupStory
    cohort: Cohort
    here: Here
    classes: list[ClassHere]
    trainer: SignedIn
    people: dict[str, tuple[Person, int]] = field(default_factory=dict)

    def number(self, number: int) -> ClassHere:
        return next(c for c in self.classes if c.number == number)

    @property
    def held(self) -> list[int]:
        """The classes that have taken place, by number."""
        return [number for number, day in enumerate(self.story.days, start=1) if day < 0]

    def there(self, number: int) -> list[str]:
        """Who had joined when this class took place."""
        day, joined = self.story.days[number - 1], self.story.joined
        return [name for name in self.people if joined.get(name, day) <= day]

    def facts(self, number: int) -> ClassFacts:
        meeting = self.number(number)
        return ClassFacts(meeting.id, self.here.organization.id, meeting.starts_at, meeting.state)

    def author(self, name: str) -> Author:
        person, enrolment = self.people[name]
        return Author(enrolment, self.cohort.id, self.here.organization.id, person.id)

    def criteria(self, activity: Activity) -> tuple[Criterion, ...]:
        return self.here.course.review.criteria if activity.criteria is None else activity.criteria


@dataclass
class Told:
    """An organization: `staff` by first name, and its groups as far as they are told."""

    moment: Moment
    guard: Guard
    organization: Organization
    staff: dict[str, SignedIn]
    groups: list[Group] = field(default_factory=list)
