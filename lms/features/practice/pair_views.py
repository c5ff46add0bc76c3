"""Practice in twos: looking for a partner, being proposed, finding a time, having done it; and for those who lead, whom to
bring together."""

from __future__ import annotations

from datetime import datetime

from lms.features.cohorts import dates
from lms.features.cohorts import queries as cohorts
from lms.features.cohorts.acting import Acting, acting_about
from lms.features.cohorts.rules import typed_day, typed_time
from lms.features.grouping.cards import cards_of_class, topics_of
from lms.features.grouping.formats import format_named
from lms.features.practice import pairs
from lms.features.practice.models import PracticePair
from lms.features.practice.pair_mails import What, tell
from lms.features.roleplay.plays import play_of
from lms.features.roleplay.room_views import show_room
from lms.host.db import saved
from lms.host.errors import Incomplete, NotFound, Refused
from lms.host.i18n import gettext as _
from lms.host.web import (
    Blueprint,
    ResponseReturnValue,
    flash,
    form,
    go,
    host,
    now,
    page,
    signed_in_only,
    visitor,
)
from lms.host.web import number as number_sent

views = Blueprint("pairs", __name__, template_folder="templates")

FORMAT = "dyad"


def _class(here: cohorts.Here, number: int) -> cohorts.ClassHere:
    meeting = cohorts.class_number(cohorts.classes_of(here, now()), number)
    if meeting.plan.role_play is None:
        raise NotFound
    return meeting


def _acting(here: cohorts.Here) -> Acting:
    return acting_about(here, here.who.id, now())


@views.get("/cohorts/<int:cohort_id>/classes/<int:number>/role-play/pairs")
@signed_in_only
def in_twos(cohort_id: int, number: int) -> ResponseReturnValue:
    """Somebody's own pair; for those who lead, all of this class."""
    here = cohorts.cohort_for(visitor(), cohort_id)
    return _pairs_page(here, _class(here, number))


def _pairs_page(
    here: cohorts.Here, meeting: cohorts.ClassHere, errors: Incomplete | None = None
) -> ResponseReturnValue:
    members = {m.enrolment_id: m for m in cohorts.members_of(here.id)}
    mine = pairs.live_of(meeting.id, here.enrolment_id) if here.enrolment_id else None
    of_class = pairs.pairs_of(meeting.id) if here.leads else []
    return page(
        "practice/pairs.html",
        422 if errors else 200,
        here=here,
        meeting=meeting,
        mine=mine,
        card=here.course.card(mine.card) if mine else None,
        pairs=of_class,
        members=members,
        apart=pairs.kept_apart(here.id) if here.leads else {},
        errors=errors.by_field if errors else {},
        typed={"day": form("day", 20), "at": form("at", 20)} if errors else {},
    )


@views.post("/cohorts/<int:cohort_id>/classes/<int:number>/role-play/pairs")
@signed_in_only
def look(cohort_id: int, number: int) -> ResponseReturnValue:
    """A trainee looks for a partner."""
    here = cohorts.attended_by(visitor(), cohort_id)
    meeting = _class(here, number)
    assert here.enrolment_id is not None
    with saved():
        pairs.look(meeting.id, here.enrolment_id, _card_for(here, meeting), _acting(here))
    flash(_("Noted. Those who lead your group will look for somebody, and you get a mail."))
    return go(".in_twos", cohort_id=cohort_id, number=number)


def _card_for(here: cohorts.Here, meeting: cohorts.ClassHere) -> str:
    """The first card of the class that mentions nothing this person set aside; else a lighter one."""
    plan, aside = meeting.plan.role_play, topics_of(here.who.id)
    assert plan is not None
    cards = cards_of_class(here.course, plan.cards)
    dealt = [card for card in cards if not card.by_choice] or cards
    return next((card for card in dealt if not aside & set(card.content_notes)), dealt[0]).id


@views.post("/cohorts/<int:cohort_id>/classes/<int:number>/role-play/pairs/<int:pair>/partner")
@signed_in_only
def propose(cohort_id: int, number: int, pair: int) -> ResponseReturnValue:
    """Somebody who leads proposes a partner."""
    here = cohorts.led_by(visitor(), cohort_id)
    meeting = _class(here, number)
    found, chosen = _pair(meeting, pair), number_sent("partner")
    if chosen is None:
        return _pairs_page(here, meeting, Incomplete({f"partner-{pair}": _("Choose somebody.")}))
    partner, asked = cohorts.member_seen_from(here, chosen), cohorts.member(here.id, found.asked_id)
    try:
        with saved():
            _propose(here, meeting, found, asked, partner)
    except Refused as refused:
        return _pairs_page(here, meeting, Incomplete({f"partner-{pair}": refused}))
    if found.agreed_at is None:
        flash(_("%(name)s gets a mail and can say yes or no.", name=partner.name))
    else:
        flash(_("Both looked for somebody: they get a mail and can find a time."))
    return go(".in_twos", cohort_id=cohort_id, number=number)


def _propose(
    here: cohorts.Here,
    meeting: cohorts.ClassHere,
    found: PracticePair,
    asked: cohorts.Member,
    partner: cohorts.Member,
) -> None:
    made = pairs.propose(found.id, partner.enrolment_id, here.id, _acting(here))
    if made.agreed_at is None:
        tell(here, meeting.number, made, partner.person_id, "proposed")
        return
    for one in (asked, partner):
        tell(here, meeting.number, made, one.person_id, "agreed")


@views.post("/cohorts/<int:cohort_id>/classes/<int:number>/role-play/pairs/<int:pair>")
@signed_in_only
def act(cohort_id: int, number: int, pair: int) -> ResponseReturnValue:
    """What one of the two does: yes or no, a time, done, or off."""
    here = cohorts.attended_by(visitor(), cohort_id)
    meeting = _class(here, number)
    found = _pair(meeting, pair)
    try:
        with saved():
            said, heard = _acted(here, found, form("what", 10))
            other = found.partner_id if found.asked_id == here.enrolment_id else found.asked_id
            if heard and other is not None and found.agreed_at is not None:
                tell(here, meeting.number, found, cohorts.member(here.id, other).person_id, heard)
    except Incomplete as errors:
        return _pairs_page(here, meeting, errors)
    except Refused as refused:
        said = str(refused)
    flash(said)
    return go(".in_twos", cohort_id=cohort_id, number=number)


def _acted(here: cohorts.Here, pair: PracticePair, what: str) -> tuple[str, What | None]:
    """What this person reads, and what the other hears."""
    me, acting = here.enrolment_id, _acting(here)
    assert me is not None
    if what == "yes":
        pairs.answer(pair.id, me, True, acting)
        return _("Good. Find a time that suits you both."), "agreed"
    if what == "no":
        pairs.answer(pair.id, me, False, acting)
        return _("That is fine. Nobody asks why."), None
    if what == "time":
        pairs.find_time(pair.id, me, _typed_moment(here), acting)
        return _("The time is noted, and your partner gets a mail."), "time"
    if what == "done":
        pairs.done(pair.id, me, acting)
        return _("Noted for you both. It counts as the role play of this class."), "done"
    if what == "off":
        pairs.call_off(pair.id, me, acting)
        return _("Called off. Nobody asks why. You can look again at any time."), "off"
    raise NotFound


@views.post("/cohorts/<int:cohort_id>/classes/<int:number>/role-play/pairs/<int:pair>/room")
@signed_in_only
def begin(cohort_id: int, number: int, pair: int) -> ResponseReturnValue:
    """Their room opens, and the clock begins."""
    here = cohorts.attended_by(visitor(), cohort_id)
    meeting = _class(here, number)
    found, plan = _pair(meeting, pair), meeting.plan.role_play
    assert here.enrolment_id is not None
    assert plan is not None
    cards = cards_of_class(here.course, (found.card, *plan.cards))
    practised = pairs.Practised(format_named(FORMAT, here.course, host().guard), cards)
    try:
        with saved():
            pairs.begin(found.id, here.enrolment_id, practised, _acting(here))
    except Refused as refused:
        flash(str(refused))
        return go(".in_twos", cohort_id=cohort_id, number=number)
    return go(".room", cohort_id=cohort_id, number=number, pair=pair)


@views.get("/cohorts/<int:cohort_id>/classes/<int:number>/role-play/pairs/<int:pair>/room")
@signed_in_only
def room(cohort_id: int, number: int, pair: int) -> ResponseReturnValue:
    """Their room: one's own card and the clock, as in class."""
    here = cohorts.attended_by(visitor(), cohort_id)
    meeting = _class(here, number)
    found = _pair(meeting, pair)
    if here.enrolment_id not in (found.asked_id, found.partner_id):
        raise NotFound
    shown = show_room(here, meeting, play_of(meeting.id, pair))
    return shown or go(".in_twos", cohort_id=cohort_id, number=number)


def _pair(meeting: cohorts.ClassHere, number: int) -> PracticePair:
    found = next((one for one in pairs.pairs_of(meeting.id) if one.pair == number), None)
    if found is None:
        raise NotFound
    return found


def _typed_moment(here: cohorts.Here) -> datetime | None:
    day, at = typed_day(form("day", 20)), typed_time(form("at", 20))
    return dates.moment(datetime.combine(day, at), here.zone) if day and at else None
