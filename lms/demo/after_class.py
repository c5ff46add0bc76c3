"""What follows from the classes of the spring group: make-ups, a question about a mark, a break; and open evenings."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from lms.features.attendance import makeups, questions
from lms.features.attendance import queries as marks
from lms.features.cohorts import places
from lms.features.cohorts import queries as delivered
from lms.features.series import actions as series
from lms.features.series.models import SeriesEvent
from lms.host.db import session
from lms.host.guard import Guard
from lms.plugin_api.values import Pause

if TYPE_CHECKING:
    from lms.demo.tell import Group

SUPPERS = (
    "Soup, bread, and talk about the work: what went well this month, what was hard. For everyone who is in a course here "
    "or was. Come once or always."
)


def stands_on_last_years_rule(group: Group) -> None:
    """Three classes could be missed when this group began; the course has two by now, which can be tried on the group."""
    choice = group.here.course.attendance
    assert choice is not None
    rule = {"policy": choice.policy, "options": {**choice.options, "max_missed": 3}}
    group.cohort.rule_json = json.dumps(rule, sort_keys=True, default=dict)


def after_the_classes(group: Group, guard: Guard, tonight: datetime, now: datetime) -> None:
    """Kim would like to catch up class 2, which waits for Amina; for Sam and class 3 it is agreed. Quinn questions a mark.
    Ruth is on a break for three weeks."""
    asked = now - timedelta(hours=30)
    _make_up(group, guard, "Kim", 2, asked)
    agreed = _make_up(group, guard, "Sam", 3, asked - timedelta(days=3))
    amina = _acting(group, "Sam", group.trainer.id, asked - timedelta(days=2))
    due = (tonight + timedelta(days=5)).date()
    makeups.agree(agreed, due, "Before class, in room 2. Bring your notes from the module.", amina)
    quinn, quinns = group.people["Quinn"]
    questions.ask(
        group.facts(5), quinns, "I stayed to the end. My camera froze when we said goodbye.", by=quinn.id, now=asked
    )
    ruth, ruths = group.people["Ruth"]
    pause = Pause(now - timedelta(hours=3), tonight + timedelta(days=20))
    places.take_break(group.cohort, ruths, pause, by=ruth.id, now=now - timedelta(hours=3))


def _acting(group: Group, about: str, by: int, now: datetime) -> makeups.Acting:
    person, _enrolment = group.people[about]
    return makeups.Acting(by, group.here.organization.id, person.id, now, group.here.zone)


def _make_up(group: Group, guard: Guard, name: str, number: int, at: datetime) -> int:
    """The first way that the rule offers, asked for by the trainee."""
    person, enrolment = group.people[name]
    here, meeting = group.here, group.number(number)
    member = delivered.member(here.id, enrolment)
    ledger = marks.ledger(here.course, group.classes, member, marks.marks_of(here.id, enrolment))
    assert here.rule is not None
    way = guard.make_ups(here.rule, ledger, meeting.fact())[0]
    return makeups.ask(meeting.id, enrolment, makeups.Chosen(way), _acting(group, name, person.id, at)).id


def open_evenings(groups: Sequence[Group], by: int, tonight: datetime, now: datetime) -> None:
    """A supper each month, for those who are in a course and those who were; some people have said that they come."""
    first = groups[0]
    made = now - timedelta(days=30)
    cohorts = frozenset(group.cohort.id for group in groups)
    about = series.About("Kettle suppers", SUPPERS, "en", first.trainer.id, cohorts)
    suppers = series.make_series(first.here.organization.id, about, by=by, now=made)
    evenings = [tonight + timedelta(days=9 + 28 * month) for month in range(3)]
    series.plan_events(suppers, evenings, series.Where(120, "The kitchen at Northside"), by=by, now=made)
    session.flush()
    next_one = session.scalars(select(SeriesEvent.id).order_by(SeriesEvent.starts_at)).first()
    assert next_one is not None
    for group in groups:
        for name in list(group.people)[1:4]:
            person, _enrolment = group.people[name]
            series.say_coming(next_one, True, by=person.id, now=now - timedelta(days=1))
