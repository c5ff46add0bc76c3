"""The pass of each morning: who should hear that an outcome closed or is open again, or was not here without a word.

It looks the morning after, on the group's own clock: by then a slip of the thumb in the evening is put right, and no mail
comes in the night. Each news is told once; what was told stands in `ToldStanding`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, insert, select, tuple_

from lms.features.accounts.models import Person
from lms.features.attendance import queries as attendance
from lms.features.attendance.models import AttendanceMark
from lms.features.cohorts import queries as cohorts
from lms.features.cohorts.models import Cohort, Enrolment
from lms.features.cohorts.queries import Here, Member
from lms.features.organizations.models import Organization
from lms.features.progress import queries
from lms.features.progress.models import ToldStanding
from lms.features.progress.rules import News, Standing, missed_without_a_word, news, still_possible
from lms.host import audit, outbox
from lms.host.db import session
from lms.host.guard import Guard
from lms.host.i18n import gettext as _
from lms.host.i18n import in_language, spoken
from lms.host.mail import Mail, write_mail, write_mails

WATCH = "progress.watch"
MORNING = time(9)
# A trainer who marks a class some days later still has it told; what an older record closed was known before.
FRESH = timedelta(days=7)
# Where `ToldStanding` keeps the first class of the run without a word that the trainers heard of.
RUN = "missed-in-a-row"

Address = Callable[..., str]


def begin_watching(now: datetime) -> None:
    """The daily pass: each running group goes to the outbox, due on its next morning."""
    rows = session.execute(
        select(Cohort.id, Cohort.time_zone, Organization.time_zone)
        .join(Organization, Organization.id == Cohort.organization_id)
        .where(Cohort.closed_at.is_(None))
    ).all()
    for cohort_id, own_zone, zone in rows:
        due = next_morning(now, own_zone or zone)
        outbox.put(WATCH, f"watch:{cohort_id}:{due.date()}", {"cohort": cohort_id}, at=now, due=due)


def next_morning(now: datetime, zone: str) -> datetime:
    """The next time that it is morning in `zone`."""
    local = now.astimezone(ZoneInfo(zone))
    today = datetime.combine(local.date(), MORNING, local.tzinfo)
    return today if today >= local else datetime.combine(local.date() + timedelta(days=1), MORNING, local.tzinfo)


@dataclass(frozen=True)
class Heard:
    """What there is to tell of one person. `fresh` is false for what older records brought about: that is noted, so that
    nobody hears today of what was so for weeks when the host first looked."""

    member: Member
    standings: Sequence[Standing]
    news: News
    run: tuple[int, ...]
    fresh: bool


def look(guard: Guard, cohort_id: int, now: datetime) -> tuple[Here, list[Heard]]:
    """Everybody of whom there is something new, in as many questions for two hundred people as for two. Whoever is away
    by agreement is left in peace until they are back."""
    here = cohorts.cohort_of_the_host(cohort_id)
    if here.ended:
        return here, []
    classes, members = cohorts.classes_of(here, now), cohorts.members_of(here.id)
    evidence = queries.evidence_of_cohort(here, now)
    standings = queries.standings(here, guard, members, classes, evidence)
    runs = runs_of(here, members, classes, evidence)
    told = told_in(here.id)
    found = []
    for member in members:
        known = told.get(member.enrolment_id, {})
        fresh_news = news(known, standings[member.enrolment_id])
        run = runs.get(member.enrolment_id, ())
        if run and known.get(RUN) == str(run[0]):
            run = ()
        if (fresh_news or run) and not member.paused_at(now):
            found.append((member, fresh_news, run))
    marked = _last_marked([member.enrolment_id for member, _news, _run in found])
    return here, [
        Heard(
            member, standings[member.enrolment_id], what, run, _is_fresh(member, marked.get(member.enrolment_id), now)
        )
        for member, what, run in found
    ]


def runs_of(
    here: Here, members: Sequence[Member], classes: list[cohorts.ClassHere], evidence: queries.CohortEvidence
) -> dict[int, tuple[int, ...]]:
    """Enrolment to the classes missed in a row without a word, where they are as many as the group wants to hear of."""
    if not here.cohort.tell_after:
        return {}
    common = attendance.without_marks(here.course, classes)
    runs = {
        member.enrolment_id: missed_without_a_word(
            attendance.ledger_of(common, member, evidence.of(member.enrolment_id).attended)
        )
        for member in members
    }
    return {enrolment: run for enrolment, run in runs.items() if len(run) >= here.cohort.tell_after}


def told_in(cohort_id: int) -> dict[int, dict[str, str]]:
    """Enrolment to outcome to the status that was told last."""
    found: dict[int, dict[str, str]] = {}
    for row in session.execute(
        select(ToldStanding.enrolment_id, ToldStanding.outcome_id, ToldStanding.status)
        .join(Enrolment, Enrolment.id == ToldStanding.enrolment_id)
        .where(Enrolment.cohort_id == cohort_id)
    ):
        found.setdefault(row.enrolment_id, {})[row.outcome_id] = row.status
    return found


def _last_marked(enrolments: Sequence[int]) -> dict[int, datetime]:
    if not enrolments:
        return {}
    rows = session.execute(
        select(AttendanceMark.enrolment_id, func.max(AttendanceMark.at).label("at"))
        .where(AttendanceMark.enrolment_id.in_(enrolments))
        .group_by(AttendanceMark.enrolment_id)
    )
    return {row.enrolment_id: row.at for row in rows}


def _is_fresh(member: Member, marked: datetime | None, now: datetime) -> bool:
    """True where something was marked lately, or where a break has just ended: during it nothing was told."""
    ends = (pause.ends for pause in member.pauses if pause.ends)
    return any(moment is not None and timedelta(0) <= now - moment <= FRESH for moment in (marked, *ends))


# -- telling ------------------------------------------------------------------------------------------------


def deliver(guard: Guard, payload: Mapping[str, Any], address: Address, now: datetime) -> outbox.Keep | None:
    """One group: read with no transaction open, then told and noted in one."""
    here, heard = look(guard, payload["cohort"], now)
    return (lambda row: tell(here, heard, address, now)) if heard else None


def tell(here: Here, heard: Sequence[Heard], address: Address, now: datetime) -> None:
    """Mails to those whom it concerns, one to each trainer of the group, and the notes that it was told."""
    trainers = cohorts.trainers_of(here)
    languages = languages_of([one.member.person_id for one in heard] + [trainer.id for trainer in trainers])
    note_told({one.member.enrolment_id: one.news for one in heard}, now)
    _note({(one.member.enrolment_id, RUN): str(one.run[0]) for one in heard if one.run}, now)
    warned = [one for one in heard if one.news and one.fresh]
    write_mails((_to_trainee(here, one, address, languages[one.member.person_id], now) for one in warned), at=now)
    people = [one.member.person_id for one in warned]
    audit.note_each("progress.warned", f"cohort:{here.id}", people, at=now, by=None, organization=here.organization.id)
    if any(one.fresh for one in heard):
        for trainer in trainers:
            _tell_trainer(here, trainer, address, languages[trainer.id], now)


def note_told(told: Mapping[int, News], now: datetime) -> None:
    """Remember what each of these enrolments heard of."""
    _note(
        {
            (enrolment, standing.outcome.id): str(standing.status)
            for enrolment, what in told.items()
            for standing in (*what.closed, *what.open_again)
        },
        now,
    )


def _note(statuses: Mapping[tuple[int, str], str], now: datetime) -> None:
    if statuses:
        which = tuple_(ToldStanding.enrolment_id, ToldStanding.outcome_id)
        session.execute(delete(ToldStanding).where(which.in_(list(statuses))))
        rows = [
            {"enrolment_id": enrolment, "outcome_id": outcome, "status": status, "at": now}
            for (enrolment, outcome), status in statuses.items()
        ]
        session.execute(insert(ToldStanding), rows)


def languages_of(people: Sequence[int]) -> dict[int, str]:
    """Person to their language."""
    rows = session.execute(select(Person.id, Person.language).where(Person.id.in_(people)))
    return {row.id: row.language for row in rows}


def _to_trainee(here: Here, one: Heard, address: Address, language: str, now: datetime) -> Mail:
    member = one.member
    with spoken(language):
        lines = [_("Hello %(name)s,", name=member.name.split()[0])]
        lines.append(_("Something has changed in where you stand in %(group)s.", group=here.cohort.name))
        lines += [_closed(standing) for standing in one.news.closed]
        for standing in one.news.open_again:
            lines.append(_("%(outcome)s is open to you again.", outcome=in_language(standing.outcome.title)))
        if one.news.closed and (remains := _what_remains(one.standings, " ".join(lines))):
            lines.append(remains)
        url = address("attendance.mine", cohort_id=here.id)
        lines.append(_("Your classes, ways to catch up, and what to do if a mark is not right:\n%(url)s", url=url))
        lines.append(_("Everything that is left:\n%(url)s", url=address("progress.left", cohort_id=here.id)))
        lines.append(
            _("You get this mail because you take part in this group. Your trainers are glad to talk with you.")
        )
        key = f"standing:{member.enrolment_id}:{now.isoformat()}"
        return Mail(member.email, _("A note about your classes"), "\n\n".join(lines), key)


def _closed(standing: Standing) -> str:
    """That an outcome is closed, why, and what helps, in the words of the verdicts."""
    verdicts = [verdict for _requirement, verdict in standing.closed]
    said = [words for verdict in verdicts for words in (verdict.reason, verdict.next_step) if words]
    sentences = " ".join(dict.fromkeys(in_language(words) for words in said))
    closed = _("%(outcome)s is not possible this time.", outcome=in_language(standing.outcome.title))
    return f"{closed} {sentences}".strip()


def _what_remains(standings: Sequence[Standing], said: str) -> str:
    """What is still open, or who knows; empty where the verdicts themselves have `said` all of it."""
    possible = [in_language(standing.outcome.title) for standing in still_possible(standings)]
    if not possible:
        return _("Your trainers can tell you what is possible, now or with the next group.")
    if all(title in said for title in possible):
        return ""
    return _("Still open to you: %(outcomes)s.", outcomes=", ".join(possible))


def _tell_trainer(here: Here, trainer: Any, address: Address, language: str, now: datetime) -> None:
    """At most one such mail a day, whatever happened in however many groups; names stay on the host."""
    with spoken(language):
        text = _(
            "There is news about people in %(group)s. Look at the group's page:\n%(url)s\n\nThis mail comes once a day at "
            "most. If you lead other groups, look at their pages too.",
            group=here.cohort.name,
            url=address("progress.cohort", cohort_id=here.id),
        )
        key = f"watch:{trainer.id}:{now.astimezone(ZoneInfo(here.zone)).date()}"
        write_mail(trainer.email, _("News from your group"), text, key=key, at=now)


def tell_moved(
    here: Here,
    people: Sequence[Member],
    after: Mapping[int, Sequence[Standing]],
    written: Callable[[Member], tuple[str, str]],
    *,
    key: str,
    now: datetime,
) -> None:
    """Those whose standing somebody's act has just changed get a neutral mail; what closed or opened is not told a second
    time in the morning. `written` gives subject and text, in the person's language; `key` names the act."""
    told = told_in(here.id)
    note_told({one.enrolment_id: news(told.get(one.enrolment_id, {}), after[one.enrolment_id]) for one in people}, now)
    languages = languages_of([one.person_id for one in people])
    for one in people:
        with spoken(languages[one.person_id]):
            subject, text = written(one)
            write_mail(one.email, subject, text, key=f"{key}:{one.enrolment_id}:{now.timestamp()}", at=now)
