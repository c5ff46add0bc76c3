"""Frameworks of an organization: where names come from, which modules teach what, and what none of them teaches."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from lms.features.accounts.roles import Role
from lms.features.organizations import frameworks, queries
from lms.features.organizations.frameworks import Compared
from lms.features.organizations.models import Organization
from lms.host.i18n import gettext as _
from lms.host.i18n import in_language
from lms.host.sheets import sheet
from lms.host.transfer import pieces_answer
from lms.host.web import Blueprint, ResponseReturnValue, host, now, page, signed_in_only, visitor

views = Blueprint("frameworks", __name__, template_folder="templates")


def _organization(slug: str) -> Organization:
    return queries.organization_for(visitor(), slug, Role.ORGANIZATION_ADMIN, Role.COORDINATOR)


@views.get("/organizations/<slug>/frameworks")
@signed_in_only
def overview(slug: str) -> ResponseReturnValue:
    """Each framework, with how much of it is taught here."""
    organization = _organization(slug)
    found = frameworks.all_compared(host(), queries.enabled_plugins(organization.id))
    return page("organizations/frameworks.html", organization=organization, found=found)


def _one(organization: Organization, name: str) -> Compared:
    return frameworks.one_compared(host(), queries.enabled_plugins(organization.id), name)


@views.get("/organizations/<slug>/frameworks/<framework_name>")
@signed_in_only
def one(slug: str, framework_name: str) -> ResponseReturnValue:
    """A framework item by item, beside the modules that teach it."""
    organization = _organization(slug)
    today = now().astimezone(ZoneInfo(organization.time_zone)).date()
    found = _one(organization, framework_name)
    return page("organizations/framework.html", organization=organization, found=found, today=today)


@views.get("/organizations/<slug>/frameworks/<framework_name>/coverage.csv")
@signed_in_only
def file(slug: str, framework_name: str) -> ResponseReturnValue:
    """The same for a spreadsheet."""
    found = _one(_organization(slug), framework_name)
    titles = [in_language(offered.course.title) for offered in found.courses if offered.course]
    rows = [[_("Code"), _("Item"), _("Group"), _("Checked"), *titles]]
    for line in found.lines:
        item = line.item
        rows.append(
            [
                item.code,
                in_language(item.name),
                in_language(item.group),
                _("yes") if item.certain else _("to be checked against its source"),
                *("; ".join(map(in_language, found.modules(line, offered))) for offered in found.courses),
            ]
        )
    return pieces_answer(iter([sheet(rows)]), "text/csv", f"{framework_name}.csv")
