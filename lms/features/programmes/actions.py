"""Choosing for a programme, and publishing it: course and choices are frozen under a digest with a number."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from lms.features.cohorts import revisions
from lms.features.cohorts.models import Programme, ProgrammeRevision
from lms.features.organizations.models import Organization
from lms.features.programmes.choices import NO_CERTIFICATE, Choices, choices_of, chosen_course, rule_json
from lms.features.programmes.queries import programme_of
from lms.features.programmes.rule_form import faults_in
from lms.host import audit
from lms.host.catalog import Offered, freeze
from lms.host.contributed import offered as offered_to
from lms.host.db import locked, session
from lms.host.errors import Incomplete, Refused
from lms.host.guard import Guard
from lms.host.i18n import lazy_gettext as _l
from lms.plugin_api.content import AttendanceChoice, Course

MOST_NOTE = 500


def _programme(organization: Organization, key: str) -> Programme:
    """The row of a programme, made where there is none yet. Whoever changes it holds the organization meanwhile."""
    locked(Organization, organization.id)
    found = programme_of(organization.id, key)
    if found is None:
        found = Programme(organization_id=organization.id, course_key=key)
        session.add(found)
        session.flush()
    return found


def choose_rule(organization: Organization, key: str, rule: AttendanceChoice | None, *, by: int, now: datetime) -> None:
    """This rule of attendance from the next revision on; None: the course's."""
    programme = _programme(organization, key)
    if rule_json(rule) != programme.rule_json:
        programme.rule_json = rule_json(rule)
        _note("programmes.rule_chosen", programme, by, now, rule.policy if rule else "")


def choose_papers(
    organization: Organization,
    course: Course,
    key: str,
    choices: Choices,
    guard: Guard,
    enabled: Collection[str],
    *,
    by: int,
    now: datetime,
) -> None:
    """This issuer and these frameworks from the next revision on. Raises Incomplete for what is not in use here."""
    errors = _not_in_use(course, choices, guard, enabled)
    errors.pop("rule", None)
    if errors:
        raise Incomplete(errors)
    programme = _programme(organization, key)
    frameworks = None if choices.frameworks is None else list(choices.frameworks)
    if (programme.issuer, programme.frameworks) != (choices.issuer, frameworks):
        programme.issuer, programme.frameworks = choices.issuer, frameworks
        _note("programmes.papers_chosen", programme, by, now, choices.issuer)


def _not_in_use(course: Course, choices: Choices, guard: Guard, enabled: Collection[str]) -> dict[str, object]:
    """A sentence for each choice that is not offered to the organization. What the course files name is."""

    def names(hook: str) -> set[str]:
        return {provided.provider.name for provided in offered_to(guard.host, hook, enabled)}

    errors: dict[str, object] = {}
    if choices.rule and choices.rule.policy not in names("attendance_policies"):
        errors["rule"] = _l("The rule that was chosen is not in use here any more. Choose another one first.")
    if choices.issuer not in ("", NO_CERTIFICATE) and choices.issuer not in names("certificate_issuers"):
        errors["issuer"] = _l("This certificate is not in use here. Choose another one.")
    known = names("competency_frameworks") | set(course.frameworks)
    if not set(choices.frameworks or ()) <= known:
        errors["frameworks"] = _l("One of these frameworks is not in use here. Look at them again.")
    return errors


def publish(
    organization: Organization,
    offered: Offered,
    note: str,
    guard: Guard,
    enabled: Collection[str],
    *,
    by: int,
    now: datetime,
) -> ProgrammeRevision:
    """The course with what was chosen, frozen under the next number. New groups take it.

    Raises Refused where nothing has changed since the last one, or a choice does not fit any more.
    """
    assert offered.course is not None
    programme = _programme(organization, offered.key)
    choices = choices_of(programme)
    _fits(offered.course, choices, guard, enabled)
    course = chosen_course(offered.course, choices, guard)
    digest = revisions.keep(offered.key, freeze(replace(offered.loaded, course=course)), now)
    last = session.scalar(
        select(ProgrammeRevision)
        .where(ProgrammeRevision.programme_id == programme.id)
        .order_by(ProgrammeRevision.number.desc())
        .limit(1)
    )
    if last is not None and last.revision_digest == digest:
        raise Refused(_l("Nothing has changed since version %(number)s.", number=last.number))
    made = ProgrammeRevision(
        programme_id=programme.id,
        number=last.number + 1 if last else 1,
        revision_digest=digest,
        note=" ".join(note.split())[:MOST_NOTE],
        published_at=now,
        published_by=by,
    )
    session.add(made)
    session.flush()
    _note("programmes.published", programme, by, now, str(made.number))
    return made


def _fits(course: Course, choices: Choices, guard: Guard, enabled: Collection[str]) -> None:
    """Raises Refused where a choice is not in use any more, or does not fit the course as its files are by now."""
    if errors := _not_in_use(course, choices, guard, enabled):
        raise Refused(str(next(iter(errors.values()))))
    if choices.rule and course.attendance:
        policy = guard.host.provided("attendance_policies", choices.rule.policy)
        if policy is None or (found := faults_in(guard, policy, course, choices.rule.options)):
            sentence = found[0] if policy else ""
            raise Refused(_l("The chosen rule does not fit the course as it is now: %(what)s", what=sentence))


def _note(verb: str, programme: Programme, by: int, now: datetime, why: str) -> None:
    audit.note(verb, f"programme:{programme.id}", at=now, by=by, organization=programme.organization_id, why=why)
