"""The calm page on which trainers say who is to be apart, and who together."""

from __future__ import annotations

from lms.features.cohorts import queries as cohorts
from lms.features.grouping import wishes
from lms.host.db import saved
from lms.host.errors import Incomplete
from lms.host.i18n import gettext as _
from lms.host.i18n import lazy_gettext as _l
from lms.host.web import Blueprint, ResponseReturnValue, flash, form, go, now, page, request, signed_in_only, visitor
from lms.host.web import number as number_sent

views = Blueprint("grouping_wishes", __name__, template_folder="templates")

WISHES = "/cohorts/<int:cohort_id>/role-play/wishes"


@views.get(WISHES)
@signed_in_only
def wish_list(cohort_id: int) -> ResponseReturnValue:
    return _shown(cohorts.led_by(visitor(), cohort_id))


def _shown(here: cohorts.Here, problem: Incomplete | None = None) -> ResponseReturnValue:
    members = cohorts.members_of(here.id)
    return page(
        "grouping/wishes.html",
        422 if problem else 200,
        here=here,
        members=members,
        names={member.enrolment_id: member.name for member in members},
        wishes=wishes.wishes_of(here.id),
        chosen={"a": number_sent("a"), "b": number_sent("b"), "how": form("how", 10)} if problem else {},
        problem=problem,
        class_number=_class_number(),
    )


def _class_number() -> int | None:
    """The class whose groups are being formed, where the address names one: the way back leads there."""
    typed = request.args.get("class_number", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else None


@views.post(WISHES)
@signed_in_only
def set_wish(cohort_id: int) -> ResponseReturnValue:
    here = cohorts.led_by(visitor(), cohort_id)
    how = form("how", 10)
    try:
        if how not in ("apart", "together"):
            raise Incomplete({"how": _l("Choose whether they are to be apart or together.")})
        with saved():
            wishes.set_wish(
                here.id,
                (number_sent("a") or 0, number_sent("b") or 0),
                how == "apart",
                [m.enrolment_id for m in cohorts.members_of(here.id)],
                by=visitor().id,
                organization=here.organization.id,
                now=now(),
            )
    except Incomplete as problem:
        return _shown(here, problem)
    flash(_("Noted. It counts whenever groups are formed."))
    return go(".wish_list", cohort_id=cohort_id, class_number=_class_number())


@views.post(f"{WISHES}/drop")
@signed_in_only
def drop_wish(cohort_id: int) -> ResponseReturnValue:
    here = cohorts.led_by(visitor(), cohort_id)
    pair = (number_sent("a") or 0, number_sent("b") or 0)
    with saved():
        wishes.drop_wish(here.id, pair, by=visitor().id, organization=here.organization.id, now=now())
    flash(_("It counts no longer."))
    return go(".wish_list", cohort_id=cohort_id, class_number=_class_number())
