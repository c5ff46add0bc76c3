"""Which running groups stand on which plugin: on its course, its attendance rule, its homework, its certificate."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from lms.features.cohorts.models import Cohort, CourseRevision
from lms.features.cohorts.queries import revisions_of
from lms.features.cohorts.rule import rule_of
from lms.features.organizations.uses import Use
from lms.host.db import session
from lms.host.i18n import gettext as _
from lms.host.i18n import lazy_gettext as _l
from lms.host.plugins import PluginHost, Provided
from lms.plugin_api.content import Course

WORDS = {
    "course": _l("its course"),
    "rule": _l("its attendance rule"),
    "homework": _l("some of its homework"),
    "certificate": _l("its certificate"),
}
GOES_ON = _l("It goes on as it is. It stays with this plugin until somebody moves it.")


def running_groups(organization_id: int, plugins: PluginHost) -> Mapping[str, list[Use]]:
    """Plugin to the running groups of an organization that stand on it. Two queries; a third one once in a process."""
    rows = session.execute(
        select(Cohort, CourseRevision.course_key)
        .join(CourseRevision, CourseRevision.digest == Cohort.revision_digest)
        .where(Cohort.organization_id == organization_id, Cohort.closed_at.is_(None))
        .order_by(Cohort.published_at.desc(), Cohort.id.desc())
    ).all()
    revisions = revisions_of(cohort.revision_digest for cohort, _key in rows)
    found: dict[str, list[Use]] = {}
    for cohort, key in rows:
        for plugin, parts in _parts_of(cohort, revisions[cohort.revision_digest].course, key, plugins).items():
            words = ", ".join(str(WORDS[part]) for part in parts)
            what = _("%(group)s: %(parts)s", group=cohort.name, parts=words)
            found.setdefault(plugin, []).append(Use(what, GOES_ON))
    return found


def _parts_of(cohort: Cohort, course: Course, course_key: str, plugins: PluginHost) -> dict[str, list[str]]:
    rule = rule_of(cohort, course)
    found: dict[str, list[str]] = {}

    def stands_on(provided: Provided | None, part: str) -> None:
        if provided and part not in found.setdefault(provided.plugin.name, []):
            found[provided.plugin.name].append(part)

    owner = course_key.partition(":")[0]
    if owner in plugins.plugins:
        found[owner] = ["course"]
    if rule:
        stands_on(plugins.policy_version(rule.policy, rule.version), "rule")
    for kind in {activity.kind for activity in course.activities.values()}:
        stands_on(plugins.provided("activity_types", kind), "homework")
    if course.certificate:
        stands_on(plugins.provided("certificate_issuers", course.certificate.issuer), "certificate")
    return found
