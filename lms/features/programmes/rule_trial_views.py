"""What the rule that is chosen for a programme would change in groups that run, before a version with it is published."""

from __future__ import annotations

from lms.features.attendance.queries import names_in
from lms.features.programmes.views import programme_here
from lms.features.programmes.walk_views import views
from lms.features.progress.plugin_dry_run import AT_A_TIME, Group, groups_on, try_rule
from lms.host.errors import NotFound
from lms.host.guard import Guard, Rule
from lms.host.web import ResponseReturnValue, host, now, page, request, signed_in_only, visitor
from lms.plugin_api.values import Text

__all__ = ["views"]


@views.get("/organizations/<slug>/programmes/<key>/rule/what-would-change")
@signed_in_only
def rule_trial(slug: str, key: str) -> ResponseReturnValue:
    """Ten groups at a time, person by person. Trying has a guard of its own: what breaks in it is nobody's trouble."""
    here, asked = programme_here(slug, key), request.args.get("page", "1")
    rule, guard = here.course.attendance, Guard(host().guard.host)
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 5 else 1
    groups = groups_on(visitor(), here.organization, key)
    pages = max(1, -(-len(groups) // AT_A_TIME))
    if rule is None or not 1 <= number <= pages:
        raise NotFound

    def in_words(group: Group, rule: Rule) -> Text:
        return guard.attendance_rule(rule, names_in(group.here.course))

    return page(
        "programmes/rule_trial.html",
        here=here,
        groups=try_rule(groups[(number - 1) * AT_A_TIME : number * AT_A_TIME], rule, guard, now()),
        in_words=in_words,
        number=number,
        pages=pages,
    )
