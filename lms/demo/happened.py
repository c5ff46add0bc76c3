"""What happened in a group: classes, homework, confirmations, decisions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from lms.demo.past import Done, Read, done_long_ago
from lms.demo.played import role_play
from lms.demo.story import Answered, CatchUp, Confirmed, Decided, Sent
from lms.demo.told import DAY, HOUR, Group, Told
from lms.demo.writing import EARLIER, FEEDBACK
from lms.features.attendance import actions as attendance
from lms.features.attendance import makeups
from lms.features.attendance import queries as marks
from lms.features.attendance.queries import NOT_HERE
from lms.features.cohorts import queries as delivered
from lms.features.cohorts.acting import Acting
from lms.features.decisions import actions as decisions
from lms.features.progress import actions as progress
from lms.features.progress import queries as standings
from lms.features.reading import actions as reading
from lms.features.submissions import actions as submissions
from lms.features.submissions.models import Submission
from lms.features.submissions.rules import Decision, Readers
from lms.host.db import session
from lms.plugin_api.content import Activity, Criterion
from lms.plugin_api.values import Answer, Reasons

# Homework for which any words will do; what is made, presented or examined stands in the story itself.
EVERYDAY = ("reading", "video", "reflection", "practice", "group")


def tell_what_happened(told: Told, group: Group) -> None:
    for number in group.held:
        _class_took_place(told, group, number)
    done_long_ago([piece for turn, name in enumerate(group.people) for piece in _homework(told, group, name, turn)])
    for sent in group.story.sent:
        _sent(told, group, sent)
    for catching_up in group.story.caught_up:
        _caught_up(told, group, catching_up)
    for confirmed in group.story.confirmed:
        _confirmed(told, group, confirmed)
    for decided in group.story.decided:
        _decided(told, group, decided)
    if group.story.ended_days_ago is not None:
        group.cohort.closed_at = told.moment.now - group.story.ended_days_ago * DAY


# -- classes ------------------------------------------------------------------------------------------------


def _class_took_place(told: Told, group: Group, number: int) -> None:
    """Roll call and, where the class has one, groups for role play."""
    at, facts, by = group.number(number).starts_at, group.facts(number), group.trainer.id
    exceptions = group.story.away.get(number, {})
    for name, status in exceptions.items():
        person, enrolment = group.people[name]
        attendance.mark(facts, enrolment, status, by=by, about=person.id, now=at)
    everyone = [group.people[name][1] for name in group.there(number)]
    attendance.everyone_is_here(facts, everyone, by=by, now=at + timedelta(minutes=5))
    gone = {group.people[name][1] for name, status in exceptions.items() if status in NOT_HERE}
    role_play(told, group, number, [enrolment for enrolment in everyone if enrolment not in gone])


def _caught_up(told: Told, group: Group, said: CatchUp) -> None:
    """Asked for; agreed a day later; accepted two days after that."""
    person, enrolment = group.people[said.who]
    here, meeting = group.here, group.number(said.number)
    ledger = marks.ledger(
        here.course, group.classes, delivered.member(here.id, enrolment), marks.marks_of(here.id, enrolment)
    )
    assert here.rule is not None
    way = next(w for w in told.guard.make_ups(here.rule, ledger, meeting.fact()) if w.way != makeups.IN_A_CLASS)
    asked = told.moment.now - said.days_ago * DAY

    def acting(by: int, days_later: int) -> Acting:
        return Acting(by, told.organization.id, person.id, asked + days_later * DAY, here.zone)

    made = makeups.ask(meeting.id, enrolment, makeups.Chosen(way), acting(person.id, 0))
    if said.agreed:
        due = (told.moment.evening + said.due * DAY).date()
        makeups.agree(made.id, due, said.agreed, acting(group.trainer.id, 1))
    if said.accepted:
        makeups.accept(made.id, acting(group.trainer.id, 3))


# -- homework -----------------------------------------------------------------------------------------------


def _homework(told: Told, group: Group, name: str, turn: int) -> Iterator[Done]:
    """What somebody has done of the classes that took place, read and accepted; `turn` chooses the words."""
    told_apart = {sent.activity for sent in group.story.sent if sent.who == name}
    for number in group.held[: group.story.homework.get(name, len(group.held))]:
        if name not in group.there(number):
            continue
        at = min(group.number(number).starts_at + timedelta(hours=20 + turn), told.moment.now - HOUR)
        for activity_id in group.number(number).plan.homework:
            activity = group.here.course.activities.get(activity_id)
            if activity and activity.kind in EVERYDAY and activity_id not in told_apart:
                yield _piece(told, group, name, activity, turn + number, at)


def _piece(told: Told, group: Group, name: str, activity: Activity, which: int, at: datetime) -> Done:
    words, back = EARLIER[group.story.language], FEEDBACK[group.story.language]
    answer, fields, reviewed = _answer(told, group, activity, words[which % len(words)])
    came_through, to_try = back[which % len(back)]
    opened = min(at + DAY, told.moment.now - HOUR / 3)
    read = Read(group.trainer.id, opened, came_through, to_try, ticked(group.criteria(activity)))
    readers = _readers(activity, group.trainer.id)
    return Done(group.author(name), activity.id, answer, fields, readers, at, read if reviewed else None)


def _answer(told: Told, group: Group, activity: Activity, text: str) -> tuple[Answer, dict[str, str], bool]:
    """A text as the page of this activity would read it, a paragraph to a field; and whether somebody reads it."""
    kind = told.guard.homework(group.here.course, activity)
    names = [one.name for one in kind.form(activity)]
    fields = dict(zip(names, text.split("\n\n") if len(names) > 1 else [text], strict=False))
    answer = kind.read(activity, fields)
    return (Answer(text) if isinstance(answer, Reasons) else answer), fields, kind.reviewed


def _sent(told: Told, group: Group, sent: Sent) -> None:
    """A text as it is sent, and what came back a day later."""
    activity = group.here.course.activities[sent.activity]
    answer, fields, reviewed = _answer(told, group, activity, sent.text)
    readers = _readers(activity, told.staff[sent.to].id if sent.to else group.trainer.id)
    at = told.moment.now - sent.days_ago * DAY
    submission = submissions.submit(
        group.author(sent.who), sent.activity, answer, fields, reviewed=reviewed, now=at, readers=readers
    )
    if sent.answer:
        about = group.people[sent.who][0].id
        _answered(
            told, submission, group.criteria(activity), sent.answer, submission.reader_id or group.trainer.id, about
        )


def _answered(
    told: Told, submission: Submission, criteria: tuple[Criterion, ...], answer: Answered, by: int, about: int
) -> None:
    """Accepted with every line ticked, or back with a question and the first line."""
    decision = Decision.ONE_MORE_LOOK if answer.question else Decision.ACCEPT
    ticks = ticked(criteria[:1] if answer.question else criteria)
    words = reading.Feedback(answer.came_through, answer.to_try, answer.question, ticks)
    opened, organization = min(submission.sent_at + DAY, told.moment.now - HOUR / 3), told.organization.id
    reading.open_text(submission, by=by, organization=organization, about=about, now=opened)
    later = opened + timedelta(minutes=4)
    reading.release(submission, words, decision, by=by, organization=organization, about=about, now=later)


def ticked(criteria: tuple[Criterion, ...]) -> tuple[str, ...]:
    """Every line as met, one with levels at the first that is enough."""
    return tuple(f"{line.id}:{line.enough}" if line.levels else line.id for line in criteria)


def _readers(activity: Activity, reader: int) -> Readers:
    """All trainers where the activity allows that, else one of them."""
    return Readers("team") if "team" in activity.audience else Readers("trainer", reader)


# -- what people confirmed and decided ----------------------------------------------------------------------


def _confirmed(told: Told, group: Group, said: Confirmed) -> None:
    person, enrolment = group.people[said.who]
    requirement = next(r for r in group.here.course.requirements if r.id == said.requirement)
    at = told.moment.now - said.days_ago * DAY
    acting = Acting(told.staff[said.by].id, told.organization.id, person.id, at, group.here.zone)
    progress.confirm(enrolment, requirement, acting.today, said.note, acting)


def _decided(told: Told, group: Group, said: Decided) -> None:
    session.flush()
    here = delivered.cohort_for(told.staff[said.by], group.cohort.id)
    member = delivered.member(group.cohort.id, group.people[said.who][1])
    evidence = standings.evidence_of_cohort(here, told.moment.now)
    judged = standings.standings(here, told.guard, [member], group.classes, evidence)
    at = told.moment.now - said.days_ago * DAY
    decision = decisions.decide(here, member, said.outcome, said.reasons, judged[member.enrolment_id], now=at)
    if said.told:
        decisions.tell(here, member, decision, now=min(at + DAY, told.moment.now - HOUR))
