"""What follows from the classes of the spring group: a notice, a question about a mark, a break, the groups of tonight."""

from __future__ import annotations

from datetime import timedelta

from lms.demo.played import form
from lms.demo.told import Group, Moment, Told
from lms.features.attendance import actions as attendance
from lms.features.attendance import questions
from lms.features.cohorts import places
from lms.plugin_api.values import Pause

HOUR = timedelta(hours=1)
CAMERA = "I stayed to the end. My camera froze when we said goodbye."


def after_the_classes(group: Group, moment: Moment) -> None:
    """Dele cannot come tonight. Quinn questions a mark. Ruth is on a break for three weeks."""
    now = moment.now
    dele, deles = group.people["Dele"]
    attendance.tell_before(group.facts(6), deles, "Night shift", by=dele.id, now=now - HOUR)
    quinn, quinns = group.people["Quinn"]
    questions.ask(group.facts(5), quinns, CAMERA, by=quinn.id, now=now - 30 * HOUR)
    ruth, ruths = group.people["Ruth"]
    pause = Pause(now - 3 * HOUR, moment.evening + timedelta(days=20))
    places.take_break(group.cohort, ruths, pause, by=ruth.id, now=now - 3 * HOUR)


def ready_for_tonight(told: Told, group: Group) -> None:
    """Groups for the role play of class 6, with all but Dele and Ruth. Whoever comes in as Amina can start it."""
    there = [enrolment for name, (_person, enrolment) in group.people.items() if name not in ("Dele", "Ruth")]
    form(told, group, 6, there, now=told.moment.now - HOUR / 2)
