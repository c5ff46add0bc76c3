"""Tells the story into an empty database: the same actions as the pages use, at the times when they happened."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from lms.demo.after_class import after_the_classes, open_evenings, stands_on_last_years_rule
from lms.demo.beside import beside_the_homework
from lms.demo.days import ZONE, class_days, tonight
from lms.demo.story import PASSWORD, PLUGINS, PROVINCE, RIVES, ROOM, SPRING, WINTER
from lms.demo.writing import EARLIER, FEEDBACK, RETURNED, WAITING
from lms.features.accounts import actions as accounts
from lms.features.accounts import passwords
from lms.features.accounts.models import Person
from lms.features.accounts.roles import Place, Role, SignedIn
from lms.features.attendance import actions as attendance
from lms.features.attendance.queries import NOT_HERE
from lms.features.cohorts import actions as cohorts
from lms.features.cohorts import queries as delivered
from lms.features.cohorts.models import Cohort
from lms.features.decisions import actions as decisions
from lms.features.organizations import actions as organizations
from lms.features.organizations.models import Organization
from lms.features.progress import actions as progress
from lms.features.progress import queries as standings
from lms.features.reading import actions as reading
from lms.features.roleplay import actions as roleplay
from lms.features.roleplay import queries as played
from lms.features.roleplay.formats import FORMATS
from lms.features.submissions import actions as submissions
from lms.features.submissions.models import Submission
from lms.features.submissions.rules import Decision
from lms.host.db import saved, session
from lms.host.web import Host
from lms.plugin_api.values import Answer, MeetingState, Reasons, Status

HOUR = timedelta(hours=1)
NORTHSIDE_COURSE = "northside:core-peer-support"
RIVES_COURSE = "host:first-welcome"


def tell_story(host: Host, now: datetime | None = None) -> None:
    """Fill an empty database with the demo's story; one that has organizations is left alone."""
    if session.scalar(select(func.count(Organization.id))):
        return
    now = now or datetime.now(UTC)
    with saved():
        teller = Teller(host, now, tonight(now), passwords.hash_password(PASSWORD))
        for course, tell in ((NORTHSIDE_COURSE, teller.northside), (RIVES_COURSE, teller.deux_rives)):
            offered = host.catalog.courses.get(course)
            if offered and offered.course:  # without its course (safe mode, a fault) that part of the story is left out
                tell()
        noor = teller.person("Noor Sabry", "host@learning.example", "en")
        accounts.grant_role(noor.id, Role.HOST_ADMIN, organization=None, by=None, now=now)


@dataclass
class Group:
    """A cohort while its story is told."""

    cohort: Cohort
    here: delivered.Here
    classes: list[delivered.ClassHere]
    trainer: Person
    people: dict[str, tuple[Person, int]] = field(default_factory=dict)

    def number(self, number: int) -> delivered.ClassHere:
        return next(c for c in self.classes if c.number == number)

    def facts(self, number: int) -> attendance.ClassFacts:
        meeting = self.number(number)
        return attendance.ClassFacts(meeting.id, self.here.organization.id, meeting.starts_at, meeting.state)

    def author(self, name: str) -> submissions.Author:
        person, enrolment = self.people[name]
        return submissions.Author(enrolment, self.cohort.id, self.here.organization.id, person.id)


@dataclass
class Teller:
    host: Host
    now: datetime
    tonight: datetime
    password_hash: str

    # -- people and groups --------------------------------------------------------------------------------

    def person(self, name: str, email: str, language: str) -> Person:
        person = accounts.add_person(name, email, language=language, now=self.now - timedelta(days=120))
        person.password_hash = self.password_hash
        return person

    def staff(self, organization: Organization, name: str, email: str, language: str, *roles: Role) -> Person:
        person = self.person(name, email, language)
        for role in roles:
            accounts.grant_role(person.id, role, organization=organization.id, by=None, now=self.now)
        return person

    def group(
        self,
        organization: Organization,
        course: str,
        name: str,
        language: str,
        starts: Sequence[datetime],
        lead: Person,
        names: Iterable[str],
        domain: str,
    ) -> Group:
        begun = starts[0] - timedelta(days=10)
        plan = cohorts.NewCohort(
            name, language, starts, link=ROOM, province=PROVINCE[language], trainers=[lead.id], check_in_opens=15
        )
        plugins = self.host.guard.host
        cohort = cohorts.publish_cohort(
            organization, self.host.catalog.courses[course], plan, plugins, by=lead.id, now=begun
        )
        places = (
            Place(Role.TRAINER, organization.id, None),
            Place(Role.COORDINATOR, organization.id, None),
        )
        who = SignedIn(lead.id, lead.name, lead.email, lead.language, "", places)
        here = delivered.cohort_for(who, cohort.id)
        told = Group(cohort, here, delivered.classes_of(here, self.now), lead)
        for full_name in names:
            first = full_name.split()[0]
            email = f"{plain(first)}@{domain}"
            person = self.person(full_name, email, "fr" if language == "fr" else "en")
            enrolment = cohorts.enrol(cohort, person, by=lead.id, now=begun)
            told.people[first] = (person, enrolment.id)
        return told

    # -- what happened ------------------------------------------------------------------------------------

    def class_took_place(self, group: Group, number: int, exceptions: dict[str, Status]) -> None:
        """Roll call and, where the class has one, groups for role play."""
        at = group.number(number).starts_at
        facts = group.facts(number)
        for name, status in exceptions.items():
            enrolment = group.people[name][1]
            attendance.mark(facts, enrolment, status, by=group.trainer.id, about=group.people[name][0].id, now=at)
        everyone = [enrolment for _person, enrolment in group.people.values()]
        attendance.everyone_is_here(facts, everyone, by=group.trainer.id, now=at + timedelta(minutes=5))
        away = {group.people[n][1] for n, s in exceptions.items() if s in NOT_HERE}
        self.role_play(group, number, [e for e in everyone if e not in away], at)

    def role_play(self, group: Group, number: int, present: list[int], at: datetime) -> None:
        plan = group.number(number).plan.role_play
        if plan is None:
            return
        session.flush()
        roleplay.form_anew(
            group.number(number).id,
            present,
            played.history_before(played.formed_in(group.cohort.id), number),
            roleplay.cards_of_class(group.here.course, plan.cards),
            {},
            rounds=FORMATS[plan.format].rounds,
            by=group.trainer.id,
            organization=group.here.organization.id,
            now=at + timedelta(minutes=70),
        )

    def send(self, group: Group, name: str, activity_id: str, text: str, at: datetime) -> Submission:
        activity = group.here.course.activities[activity_id]
        kind = self.host.guard.homework(group.here.course, activity)
        names = [f.name for f in kind.form(activity)]
        fields = dict(zip(names, text.split("\n\n") if len(names) > 1 else [text], strict=False))
        answer = kind.read(activity, fields)
        if isinstance(answer, Reasons):
            answer = Answer(text)
        return submissions.submit(
            group.author(name), activity_id, answer, fields, reviewed=kind.reviewed, now=min(at, self.now - HOUR)
        )

    def answer(self, group: Group, name: str, submission: Submission, words: reading.Feedback, decision: str) -> None:
        at = min(submission.sent_at + timedelta(days=1), self.now - timedelta(minutes=20))
        by, organization, about = group.trainer.id, group.here.organization.id, group.people[name][0].id
        reading.open_text(submission, by=by, organization=organization, about=about, now=at)
        later = at + timedelta(minutes=4)
        reading.release(submission, words, decision, by=by, organization=organization, about=about, now=later)

    def homework_done(self, group: Group, name: str, number: int, turn: int) -> None:
        """Everything after one class, read and accepted."""
        for activity_id in group.number(number).plan.homework:
            if activity_id not in group.here.course.activities:
                continue
            at = group.number(number).starts_at + timedelta(hours=20 + turn)
            sent = self.send(group, name, activity_id, EARLIER[(turn + number) % len(EARLIER)], at)
            if sent.waiting:
                came_through, to_try = FEEDBACK[(turn + number) % len(FEEDBACK)]
                words = reading.Feedback(came_through, to_try, "", ("moment", "meaning"))
                self.answer(group, name, sent, words, Decision.ACCEPT)

    # -- Northside ----------------------------------------------------------------------------------------

    def northside(self) -> None:
        organization = organizations.add_organization(
            "Northside Peer Training",
            "northside",
            now=self.now - timedelta(days=400),
            by=None,
            time_zone=ZONE,
            support_name="Rosa Delgado",
            support_phone="416-555-0142",
            support_hours="Mon-Fri 9-17",
        )
        rosa = self.staff(
            organization,
            "Rosa Delgado",
            "rosa@northside.example",
            "en",
            Role.COORDINATOR,
            Role.ORGANIZATION_ADMIN,
        )
        amina = self.staff(organization, "Amina Yusuf", "amina@northside.example", "en", Role.TRAINER)
        self.staff(organization, "Luc Tremblay", "luc@northside.example", "fr", Role.TRAINER)
        for name, typed in PLUGINS.items():
            if plugin := self.host.guard.host.plugins.get(name):
                organizations.enable_plugin(organization, plugin, typed, by=rosa.id, now=self.now)
        groups = [self.spring(organization, amina), self.winter(organization, amina)]
        open_evenings(groups, rosa.id, self.tonight, self.now)

    def spring(self, organization: Organization, amina: Person) -> Group:
        """Class 6 is tonight."""
        group = self.group(
            organization,
            NORTHSIDE_COURSE,
            "Spring evening group",
            "en",
            class_days(self.tonight, 17, 6),
            amina,
            SPRING,
            "northside.example",
        )
        stands_on_last_years_rule(group)
        away: dict[int, dict[str, Status]] = {
            1: {"Pat": Status.LATE},
            2: {"Kim": Status.AWAY},
            3: {"Sam": Status.AWAY, "Lee": Status.LATE},
            4: {"Kim": Status.TOLD_US, "Bo": Status.TECH_TROUBLE},
            5: {"Jo": Status.AWAY, "Quinn": Status.LEFT_EARLY},
        }
        for number in range(1, 6):
            self.class_took_place(group, number, away[number])
        attendance.tell_before(
            group.facts(6), group.people["Dele"][1], "Night shift", by=group.people["Dele"][0].id, now=self.now - HOUR
        )
        self.spring_homework(group)
        beside_the_homework(group, self.tonight, self.now)
        after_the_classes(group, self.host.guard, self.tonight, self.now)
        return group

    def spring_homework(self, group: Group) -> None:
        writing = {(name, activity): text for name, activity, text in WAITING}
        returned = RETURNED[:2]
        for turn, name in enumerate(group.people):
            for number in range(1, 4 + (turn % 2)):
                if ((name, "whose-hands") not in writing and (name, "whose-hands") != returned) or number < 4:
                    self.homework_done(group, name, number, turn)
        for days, (name, activity, text) in zip((4, 3, 2, 2, 1, 1), WAITING, strict=True):
            self.send(group, name, activity, text, self.now - timedelta(days=days, hours=2))
        name, activity, text, came_through, to_try, question = RETURNED
        sent = self.send(group, name, activity, text, self.now - timedelta(days=4))
        words = reading.Feedback(came_through, to_try, question, ("moment",))
        self.answer(group, name, sent, words, Decision.ONE_MORE_LOOK)
        submissions.save_draft(
            group.author("Sam"),
            "a-habit-of-my-own",
            {"text": "I always sit near the door. My old team thought I wanted to leave."},
            0,
            now=self.now - timedelta(hours=18),
        )

    def winter(self, organization: Organization, amina: Person) -> Group:
        """Finished: three outcomes told, one still to tell."""
        last = self.tonight - timedelta(days=70)
        group = self.group(
            organization,
            NORTHSIDE_COURSE,
            "Winter day group",
            "en",
            class_days(last, 17, 17),
            amina,
            WINTER,
            "northside.example",
        )
        group.classes = delivered.classes_of(group.here, self.now)
        away: dict[int, dict[str, Status]] = {
            5: {"Nour": Status.AWAY},
            9: {"Nour": Status.AWAY},
            11: {"Alix": Status.AWAY},
        }
        away |= {14: {"Nour": Status.AWAY}, 15: {"Ben": Status.LATE}}
        for number in range(1, 18):
            self.class_took_place(group, number, away.get(number, {}))
        for turn, name in enumerate(group.people):
            for number in range(1, 18):
                if name != "Nour" or number < 9:
                    self.homework_done(group, name, number, turn)
        for name in ("Dana", "Ben"):
            self.confirm(group, name, "final-talk", last + timedelta(days=7))
        self.confirm(group, "Ben", "practicum-50-hours", last + timedelta(days=55))
        at = last + timedelta(days=10)
        self.decide(
            group,
            "Dana",
            "level-1r",
            "You were there every time, and your questions leave room. We recommend a practicum.",
            at,
        )
        self.decide(
            group,
            "Alix",
            "level-1",
            "You took full part. The class on listening when it is hard is still open to you with the next group.",
            at,
        )
        self.decide(
            group, "Ben", "certified", "Fifty hours beside people, and five clear reports.", last + timedelta(days=58)
        )
        self.decide(
            group,
            "Nour",
            "incomplete",
            "Three classes and the second half of the homework are still open. Your place with the next group is kept.",
            at,
            told=False,
        )
        group.cohort.closed_at = last + timedelta(days=60)
        return group

    def confirm(self, group: Group, name: str, requirement_id: str, at: datetime) -> None:
        person, enrolment = group.people[name]
        requirement = next(r for r in group.here.course.requirements if r.id == requirement_id)
        progress.confirm(
            enrolment,
            requirement,
            at.date(),
            "",
            progress.Acting(group.trainer.id, group.here.organization.id, person.id, at),
        )

    def decide(self, group: Group, name: str, outcome: str, reasons: str, at: datetime, *, told: bool = True) -> None:
        session.flush()
        member = delivered.member(group.cohort.id, group.people[name][1])
        evidence = standings.evidence_of_cohort(group.here, self.now)
        judged = standings.standings(group.here, self.host.guard, [member], group.classes, evidence)
        decision = decisions.decide(group.here, member, outcome, reasons, judged[member.enrolment_id], now=at)
        if told:
            decisions.tell(group.here, member, decision, now=at + timedelta(days=1))

    # -- Maison Deux-Rives --------------------------------------------------------------------------------

    def deux_rives(self) -> None:
        """A small second organization with the host's own course and nothing but built-ins."""
        organization = organizations.add_organization(
            "Maison Deux-Rives",
            "deux-rives",
            now=self.now - timedelta(days=90),
            by=None,
            language="fr",
            time_zone="America/Montreal",
            support_name="Camille Roy",
            support_phone="819-555-0117",
        )
        self.staff(
            organization, "Camille Roy", "camille@deux-rives.example", "fr", Role.COORDINATOR, Role.ORGANIZATION_ADMIN
        )
        lea = self.staff(organization, "Léa Morin", "lea@deux-rives.example", "fr", Role.TRAINER)
        starts = class_days(self.tonight + timedelta(days=1), 4, 2)
        group = self.group(
            organization, RIVES_COURSE, "Accueil du printemps", "fr", starts, lea, RIVES, "deux-rives.example"
        )
        if group.number(1).state is MeetingState.HELD:
            self.class_took_place(group, 1, {"Tom": Status.LATE})
            self.homework_done(group, "Inès", 1, 1)


def plain(name: str) -> str:
    """A first name as it stands in an address."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return letters.lower()
