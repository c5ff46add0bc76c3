"""Forming the groups of a class, and changing them by hand: for those who lead."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from lms.features.cohorts import queries as cohorts
from lms.features.grouping import by_hand, forming, handouts
from lms.features.grouping.rules import Group
from lms.features.roleplay.group_pages import Table
from lms.features.roleplay.pages import class_with_role_play
from lms.host.errors import NotFound, Refused
from lms.host.i18n import gettext as _
from lms.host.i18n import lazy_gettext as _l
from lms.host.web import (
    Blueprint,
    ResponseReturnValue,
    flash,
    form,
    go,
    now,
    request,
    signed_in_only,
    visitor,
    wants_json,
)
from lms.host.web import chosen as sent
from lms.host.web import number as number_sent

views = Blueprint("roleplay_groups", __name__, template_folder="templates")

BOARD = "room_board.show"
MOST_MINUTES = 60
ROLE_PLAY = "/cohorts/<int:cohort_id>/classes/<int:number>/role-play"


View = Callable[[int, int], ResponseReturnValue]


def _said_on_the_page(view: View) -> View:
    """What cannot be done is told on the page with the groups, where the next tap is."""

    @wraps(view)
    def shown(cohort_id: int, number: int) -> ResponseReturnValue:
        try:
            return view(cohort_id, number)
        except Refused as refused:
            if wants_json():
                raise
            return _led(cohort_id, number).shown(status=409, problem=refused.sentence)

    return shown


def _led(cohort_id: int, number: int, chosen: str = "") -> Table:
    here = cohorts.led_by(visitor(), cohort_id)
    return Table(here, class_with_role_play(here, number), chosen)


@views.post(f"{ROLE_PLAY}/groups")
@signed_in_only
@_said_on_the_page
def form_groups(cohort_id: int, number: int) -> ResponseReturnValue:
    """Groups of who is here. Where somebody could not be kept apart, the closest is shown before it is used. Field `sizes`: "five"
    or "small", what becomes of five; `here`: those who are ticked, where `listed` says that one could tick."""
    table = _led(cohort_id, number)
    if (chosen := form("format", 60)) and chosen != table.facts.format.name:
        if chosen not in table.formats:
            raise NotFound
        table = _led(cohort_id, number, chosen)
    ticked = {int(one) for one in sent("here").split() if one.isdecimal() and len(one) < 12}
    people = [who for who in table.present if who in ticked] if form("listed", 5) == "yes" else table.present
    sizes = form("sizes", 10)
    anew = form("anew", 5) == "yes" or sizes in ("five", "small")
    proposed = forming.propose(
        table.facts, people, table.formed, anew=anew, small=sizes == "small", resting=table.resting
    )
    grouping = table.steady(proposed)
    if grouping.broken_keep_apart and form("anyway", 5) != "yes":
        return table.shown(grouping, 409)
    table.keep(grouping, deal_anew=anew)
    flash(_("The groups are ready. Everyone sees their own card."))
    return go("roleplay.role_play", cohort_id=cohort_id, number=number)


CHANGED = _l("The groups have changed meanwhile. Look at them again, then choose.")


def _changed(
    cohort_id: int,
    number: int,
    change: Callable[[Table, Sequence[Group]], Sequence[Group]],
    said: Any,
    back: str = "roleplay.role_play",
) -> ResponseReturnValue:
    """The groups after a change by hand, kept as they are; or shown first, where it puts two together who are to be apart."""
    table = _led(cohort_id, number)
    formed = table.groups_of_now
    if number_sent("version") not in (None, formed.version):
        raise Refused(CHANGED)
    before = formed.groups
    grouping = table.steady(forming.by_hand(table.facts, change(table, before), formed))
    earlier = forming.as_told(table.facts, before).broken_keep_apart
    if set(grouping.broken_keep_apart) - set(earlier) and form("anyway", 5) != "yes":
        return table.shown(grouping, 409)
    if not table.keep(grouping):
        raise Refused(CHANGED)
    if wants_json():
        return {"done": True}
    flash(said)
    return go(back, cohort_id=cohort_id, number=number)


def _group_sent(field: str, groups: Sequence[Group]) -> Group:
    found = next((group for group in groups if group.number == number_sent(field)), None)
    if found is None:
        raise Refused(_l("That group is not there any more. Look at the groups again, then choose."))
    return found


@views.post(f"{ROLE_PLAY}/groups/swap")
@signed_in_only
@_said_on_the_page
def swap(cohort_id: int, number: int) -> ResponseReturnValue:
    """Two people, each into the group of the other."""

    def change(_table: Table, groups: Sequence[Group]) -> Sequence[Group]:
        ticked = {int(one) for one in sent("member").split() if one.isdecimal() and len(one) < 12}
        places = [group.number for group in groups for who in group.members if who in ticked]
        if len(ticked) != 2 or len(places) != 2 or places[0] == places[1]:
            raise Refused(_l("Choose two people from two groups, then swap them."))
        return by_hand.swapped(groups, *ticked)

    return _changed(cohort_id, number, change, _("They have changed places."))


@views.post(f"{ROLE_PLAY}/groups/merge")
@signed_in_only
@_said_on_the_page
def merge(cohort_id: int, number: int) -> ResponseReturnValue:
    """Two groups become one."""

    def change(_table: Table, groups: Sequence[Group]) -> Sequence[Group]:
        one, into = _group_sent("group", groups), _group_sent("into", groups)
        if one.number == into.number:
            raise Refused(_l("Choose two groups to make one of."))
        return by_hand.merged(groups, one.number, into.number)

    return _changed(cohort_id, number, change, _("The two groups are one."))


@views.post(f"{ROLE_PLAY}/groups/join")
@signed_in_only
@_said_on_the_page
def join(cohort_id: int, number: int) -> ResponseReturnValue:
    """Somebody who comes later observes in a group; all others keep their seats."""

    def change(table: Table, groups: Sequence[Group]) -> Sequence[Group]:
        who, into = number_sent("member"), _group_sent("group", groups)
        if who not in table.present or any(who in group.members for group in groups):
            raise Refused(_l("This person has a group, or is marked away."))
        return by_hand.joined(groups, who, into.number)

    return _changed(cohort_id, number, change, _("They are in. They observe, and everyone else keeps their seat."))


@views.post(f"{ROLE_PLAY}/groups/go-on")
@signed_in_only
@_said_on_the_page
def go_on(cohort_id: int, number: int) -> ResponseReturnValue:
    """The groups go on without those who are marked away."""

    def change(table: Table, groups: Sequence[Group]) -> Sequence[Group]:
        return by_hand.without(groups, (*table.away, *table.left))

    return _changed(cohort_id, number, change, _("The groups go on with who is here."))


@views.post(f"{ROLE_PLAY}/groups/bring")
@signed_in_only
@_said_on_the_page
def bring(cohort_id: int, number: int) -> ResponseReturnValue:
    """Who is left of a group in which too few can play observes in another, where all keep their seats."""

    def change(table: Table, groups: Sequence[Group]) -> Sequence[Group]:
        one, into = _group_sent("group", groups), _group_sent("into", groups)
        if one.number == into.number:
            raise Refused(_l("Choose two groups to make one of."))
        coming = [who for who in one.members if who not in (*table.away, *table.left)]
        return by_hand.brought(groups, one.number, into.number, coming)

    return _changed(
        cohort_id, number, change, _("They are in. They observe, and everyone else keeps their seat."), BOARD
    )


@views.post(f"{ROLE_PLAY}/groups/lock")
@signed_in_only
@_said_on_the_page
def lock(cohort_id: int, number: int) -> ResponseReturnValue:
    """A group stays as it is when the others are formed again; or no longer (`stay` "no")."""
    table = _led(cohort_id, number)
    formed = table.groups_of_now
    group = _group_sent("group", formed.groups)
    stays = form("stay", 5) != "no"
    staying = formed.locked | {group.number} if stays else formed.locked - {group.number}
    if staying != formed.locked and not table.keep(formed.grouping, lock=staying):
        raise Refused(CHANGED)
    flash(_("This group stays as it is.") if stays else _("This group can change again."))
    return go("roleplay.role_play", cohort_id=cohort_id, number=number)


@views.post(f"{ROLE_PLAY}/groups/times")
@signed_in_only
@_said_on_the_page
def times(cohort_id: int, number: int) -> ResponseReturnValue:
    """Other minutes for the parts of this role play, each in a field of its name (`Format.steps`); or with `usual` those of
    the format."""
    table = _led(cohort_id, number)
    formed = table.groups_of_now
    if table.play.goes_on(now()):
        raise Refused(_l("The clock runs already. On the board you can add a minute."))
    minutes = {}
    for name, step, _in_round in () if form("usual", 5) else table.facts.format.steps:
        asked = form(name, 5)
        if not (asked.isascii() and asked.isdigit() and 1 <= int(asked) <= MOST_MINUTES):
            problem = _("Write whole minutes from 1 to 60: %(step)s.", step=handouts.step_name(step))
            return table.shown(status=422, problem=problem, typed=request.form, wrong=name)
        minutes[name] = int(asked)
    if not table.keep(formed.grouping, minutes=minutes):
        raise Refused(CHANGED)
    flash(_("The times are kept. The clock of every group begins with them."))
    return go("roleplay.role_play", cohort_id=cohort_id, number=number)


@views.post(f"{ROLE_PLAY}/groups/card")
@signed_in_only
@_said_on_the_page
def choose_card(cohort_id: int, number: int) -> ResponseReturnValue:
    """Another card for one group, or for all. A group in which it would not fit gets another, without a word."""
    table = _led(cohort_id, number)
    formed = table.groups_of_now
    if form("card", 130) not in {card.id for card in table.facts.cards}:
        raise Refused(_l("This card is not planned for this class. Choose another."))
    chosen = [group.number for group in formed.groups if number_sent("group") in (None, group.number)]
    if not table.keep(formed.grouping, cards=dict.fromkeys(chosen, form("card", 130))):
        raise Refused(CHANGED)
    flash(_("The cards are dealt."))
    return go("roleplay.role_play", cohort_id=cohort_id, number=number)
