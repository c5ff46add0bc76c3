"""For an organization's admin: what a plugin's newest rules would change in running groups, person by person."""

from __future__ import annotations

from lms.features.accounts.roles import Role
from lms.features.attendance.queries import names_in
from lms.features.organizations.plugin_views import frame, plugin_for
from lms.features.progress.plugin_dry_run import AT_A_TIME, Group, dry_runs, groups_that_could_change
from lms.host.errors import NotFound
from lms.host.guard import Guard, Rule
from lms.host.web import Blueprint, ResponseReturnValue, host, now, page, request, signed_in_only, visitor
from lms.plugin_api.values import Text

views = Blueprint("plugin_change", __name__, template_folder="templates")


@views.get("/organizations/<slug>/plugins/<name>/what-would-change")
@signed_in_only
def what_would_change(slug: str, name: str) -> ResponseReturnValue:
    """Ten groups at a time. Trying has a guard of its own: what breaks in it is nobody's trouble."""
    organization, plugin = plugin_for(slug, name)
    here, asked = host(), request.args.get("page", "1")
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 5 else 1
    groups = groups_that_could_change(visitor(), organization, plugin, here.guard.host, here.catalog)
    pages = max(1, -(-len(groups) // AT_A_TIME))
    if not 1 <= number <= pages:
        raise NotFound
    shown = groups[(number - 1) * AT_A_TIME : number * AT_A_TIME]
    guard = Guard(here.guard.host)

    def in_words(group: Group, rule: Rule) -> Text:
        return guard.attendance_rule(rule, names_in(group.here.course))

    return page(
        "progress/plugin_dry_run.html",
        **frame(organization, plugin, "change"),
        groups=dry_runs(shown, plugin, guard, here.catalog, now()),
        in_words=in_words,
        number=number,
        pages=pages,
        may_apply=organization.id in visitor().organizations(Role.COORDINATOR),
    )
