"""To another group: which one, what comes along, and the move itself. For those who coordinate."""

from __future__ import annotations

from typing import Any

from lms.features.accounts.models import Person
from lms.features.accounts.roles import Role, not_oneself
from lms.features.cohorts import places, queries
from lms.features.cohorts.models import Cohort, Enrolment
from lms.features.cohorts.queries import Here, Member
from lms.features.progress import transfer
from lms.host import mail
from lms.host.db import saved
from lms.host.db import session as database
from lms.host.errors import NotFound
from lms.host.i18n import gettext as _
from lms.host.i18n import spoken
from lms.host.web import (
    Blueprint,
    ResponseReturnValue,
    address,
    flash,
    go,
    now,
    number,
    page,
    request,
    signed_in_only,
    visitor,
)

views = Blueprint("transfer", __name__, template_folder="templates")


def _moved(cohort_id: int, enrolment_id: int) -> tuple[Here, Member]:
    here = queries.cohort_for(visitor(), cohort_id, Role.COORDINATOR)
    member = queries.member(here.id, enrolment_id)
    not_oneself(here.who.id, member.person_id)
    return here, member


def _chosen(here: Here, id: int | None) -> tuple[list[places.OtherGroup], Any]:
    """The groups beside, and the chosen one of them. Raises NotFound for any other."""
    groups = places.groups_beside(here)
    if id is None:
        return groups, None
    found = next((group for group in groups if group.id == id), None)
    if found is None:
        raise NotFound
    return groups, found


@views.get("/cohorts/<int:cohort_id>/people/<int:enrolment_id>/transfer")
@signed_in_only
def groups(cohort_id: int, enrolment_id: int) -> ResponseReturnValue:
    """The groups to choose from; with one chosen, what travels and what does not."""
    here, member = _moved(cohort_id, enrolment_id)
    found, chosen = _chosen(here, request.args.get("to", type=int))
    seen = transfer.preview(here, member, database.get_one(Cohort, chosen.id), now()) if chosen else None
    return page("progress/transfer.html", here=here, member=member, groups=found, chosen=chosen, preview=seen)


@views.post("/cohorts/<int:cohort_id>/people/<int:enrolment_id>/transfer")
@signed_in_only
def move(cohort_id: int, enrolment_id: int) -> ResponseReturnValue:
    here, member = _moved(cohort_id, enrolment_id)
    _groups, chosen = _chosen(here, number("to"))
    if chosen is None:
        return go(".groups", cohort_id=cohort_id, enrolment_id=enrolment_id)
    to = database.get_one(Cohort, chosen.id)
    with saved():
        new = transfer.move(here, member, to, now=now())
        _tell(here, new, to)
        moved_to = new.id
    flash(_("%(name)s is in %(group)s now.", name=member.name, group=chosen.name))
    return go("progress.person", cohort_id=chosen.id, enrolment_id=moved_to)


def _tell(here: Here, new: Enrolment, to: Cohort) -> None:
    person = database.get_one(Person, new.person_id)
    with spoken(person.language):
        text = _(
            "You are in %(group)s now. You came from %(before)s; your classes and homework came along.\n\n%(url)s",
            group=to.name,
            before=here.cohort.name,
            url=address("cohorts.course", cohort_id=to.id),
        )
        mail.write_mail(
            person.email, _("Your new group"), text, key=f"moved:{new.id}:{now().timestamp():.0f}", at=now()
        )
