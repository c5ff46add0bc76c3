"""Running a series: coordinators make it and plan its events; its host notes who was there."""

from __future__ import annotations

from typing import Any

from lms.features.accounts.roles import Role
from lms.features.organizations.models import Organization
from lms.features.organizations.queries import organization_for
from lms.features.series import actions, queries
from lms.features.series.models import Series, SeriesEvent
from lms.features.series.telling import Telling, tell_of_change, tell_of_the_end
from lms.features.series.typed import typed_about, typed_events, typed_moment
from lms.host.db import saved
from lms.host.errors import Incomplete, NotFound
from lms.host.i18n import gettext as _
from lms.host.i18n import ngettext
from lms.host.sheets import sheet
from lms.host.transfer import pieces_answer
from lms.host.web import (
    Blueprint,
    ResponseReturnValue,
    address,
    flash,
    form,
    go,
    host,
    now,
    page,
    request,
    signed_in_only,
    visitor,
)
from lms.plugin_api.values import MeetingState

views = Blueprint("hosting", __name__, template_folder="templates")


# -- series of an organization ------------------------------------------------------------------------------


@views.get("/organizations/<slug>/series")
@signed_in_only
def all_series(slug: str) -> ResponseReturnValue:
    organization = organization_for(visitor(), slug, Role.COORDINATOR)
    return _list_page(organization)


def _list_page(organization: Organization, errors: Any = None, status: int = 200) -> ResponseReturnValue:
    return page(
        "series/all_series.html",
        status,
        organization=organization,
        rows=queries.series_of(organization.id, now()),
        cohorts=queries.cohorts_to_invite(organization.id),
        hosts=queries.possible_hosts(organization.id),
        typed=request.form,
        errors=errors or {},
    )


@views.post("/organizations/<slug>/series")
@signed_in_only
def make(slug: str) -> ResponseReturnValue:
    organization = organization_for(visitor(), slug, Role.COORDINATOR)
    cohorts, hosts = queries.cohorts_to_invite(organization.id), queries.possible_hosts(organization.id)
    try:
        about = typed_about(cohorts, hosts)
        with saved():
            made = actions.make_series(organization.id, about, by=visitor().id, now=now()).id
    except Incomplete as incomplete:
        return _list_page(organization, incomplete.by_field, 422)
    flash(_("The series is there. Plan its events next."))
    return go(".series", series_id=made)


# -- one series ---------------------------------------------------------------------------------------------


@views.get("/series/<int:series_id>")
@signed_in_only
def series(series_id: int) -> ResponseReturnValue:
    """Its events; for those who coordinate also its words, its groups, and the way to plan more."""
    return _series_page(*queries.series_for(visitor(), series_id))


def _series_page(
    series: Series, organization: Organization, errors: Any = None, status: int = 200
) -> ResponseReturnValue:
    coordinates = _coordinates(organization)
    return page(
        "series/series.html",
        status,
        series=series,
        organization=organization,
        rows=queries.events_of(series.id),
        coordinates=coordinates,
        cohorts=queries.cohorts_to_invite(organization.id) if coordinates else (),
        invited=queries.invited_cohorts(series.id),
        hosts=queries.possible_hosts(organization.id) if coordinates else (),
        typed=request.form,
        errors=errors or {},
    )


def _coordinates(organization: Organization) -> bool:
    return organization.id in visitor().organizations(Role.COORDINATOR)


def _coordinated(series_id: int) -> tuple[Series, Organization]:
    found, organization = queries.series_for(visitor(), series_id)
    if not _coordinates(organization):
        raise NotFound
    return found, organization


@views.post("/series/<int:series_id>")
@signed_in_only
def change(series_id: int) -> ResponseReturnValue:
    found, organization = _coordinated(series_id)
    cohorts, hosts = queries.cohorts_to_invite(organization.id), queries.possible_hosts(organization.id)
    try:
        with saved():
            actions.change_series(found, typed_about(cohorts, hosts), by=visitor().id, now=now())
    except Incomplete as incomplete:
        return _series_page(found, organization, incomplete.by_field, 422)
    flash(_("Saved."))
    return go(".series", series_id=series_id)


@views.post("/series/<int:series_id>/end")
@signed_in_only
def end(series_id: int) -> ResponseReturnValue:
    found, organization = _coordinated(series_id)
    with saved():
        cancelled = actions.end_series(found, by=visitor().id, now=now())
        tell_of_the_end(_telling(found, organization), cancelled)
    flash(_("The series has ended. What was stays, and whoever said yes to what was to come gets a mail."))
    return go(".series", series_id=series_id)


@views.post("/series/<int:series_id>/go-on")
@signed_in_only
def go_on(series_id: int) -> ResponseReturnValue:
    """It has not ended after all: what its end cancelled takes place."""
    found, organization = _coordinated(series_id)
    with saved():
        again = actions.go_on_with_series(found, by=visitor().id, now=now())
        for event in again:
            tell_of_change(_telling(found, organization), event, event.starts_at)
    flash(_("The series goes on. Whoever said yes to what was to come gets a mail."))
    return go(".series", series_id=series_id)


def _telling(series: Series, organization: Organization) -> Telling:
    sender = host().config.settings.mail_from
    return Telling(series, organization.time_zone, address("series.events"), sender, now())


@views.post("/series/<int:series_id>/events")
@signed_in_only
def plan(series_id: int) -> ResponseReturnValue:
    found, organization = _coordinated(series_id)
    try:
        starts, where = typed_events(organization.time_zone)
        with saved():
            count = actions.plan_events(found, starts, where, by=visitor().id, now=now())
    except Incomplete as incomplete:
        return _series_page(found, organization, incomplete.by_field, 422)
    flash(ngettext("%(num)d event is planned.", "%(num)d events are planned.", count))
    return go(".series", series_id=series_id)


# -- one event ----------------------------------------------------------------------------------------------


@views.get("/series/events/<int:event_id>")
@signed_in_only
def event(event_id: int) -> ResponseReturnValue:
    """Who said that they come; once it has begun, the list of who was there."""
    return _event_page(*queries.hosted_event(visitor(), event_id))


def _event_page(
    event: SeriesEvent, series: Series, organization: Organization, errors: Any = None, status: int = 200
) -> ResponseReturnValue:
    return page(
        "series/event.html",
        status,
        event=event,
        series=series,
        organization=organization,
        guests=queries.guests_of(event),
        cancelled=event.state == MeetingState.CANCELLED,
        typed=request.form,
        errors=errors or {},
    )


@views.post("/series/events/<int:event_id>/there")
@signed_in_only
def note_there(event_id: int) -> ResponseReturnValue:
    """Who was there, of those who may come. Anybody may have come who did not say so."""
    found, series, _organization = queries.hosted_event(visitor(), event_id)
    among, ticked = {guest.id for guest in queries.guests_of(found)}, set(request.form.getlist("there"))
    there = {id for id in among if str(id) in ticked}
    with saved():
        actions.note_who_was_there(series, event_id, there, among, by=visitor().id, now=now())
    flash(ngettext("%(num)d person was there. Noted.", "%(num)d people were there. Noted.", len(there)))
    return go(".event", event_id=event_id)


@views.post("/series/events/<int:event_id>/move")
@signed_in_only
def move(event_id: int) -> ResponseReturnValue:
    found, series, organization = queries.hosted_event(visitor(), event_id)
    before = found.starts_at
    try:
        starts = typed_moment(organization.time_zone)
        with saved():
            moved = actions.move_event(series, event_id, starts, by=visitor().id, now=now())
            if moved:
                tell_of_change(_telling(series, organization), found, before)
    except Incomplete as incomplete:
        return _event_page(found, series, organization, incomplete.by_field, 422)
    flash(_("Moved. Whoever said yes gets a mail.") if moved else _("It is at this time already."))
    return go(".event", event_id=event_id)


@views.post("/series/events/<int:event_id>/cancel")
@signed_in_only
def cancel(event_id: int) -> ResponseReturnValue:
    found, series, organization = queries.hosted_event(visitor(), event_id)
    with saved():
        if actions.cancel_event(series, event_id, form("why", 300), by=visitor().id, now=now()):
            tell_of_change(_telling(series, organization), found, found.starts_at)
    flash(_("Cancelled. Whoever said yes gets a mail."))
    return go(".event", event_id=event_id)


@views.get("/series/events/<int:event_id>/guests.csv")
@signed_in_only
def guests_csv(event_id: int) -> ResponseReturnValue:
    """Who said that they come and who was there, for a spreadsheet."""
    found, _series, _organization = queries.hosted_event(visitor(), event_id)
    words = {True: _("yes"), False: _("no"), None: ""}
    rows = [
        [guest.name, guest.email, words[guest.coming], words[guest.was_there]]
        for guest in queries.guests_of(found)
        if guest.coming or guest.was_there is not None
    ]
    head = [_("Name"), _("E-mail"), _("Said yes"), _("Was there")]
    name = f"guests-{found.starts_at.date().isoformat()}.csv"
    return pieces_answer(iter([sheet([head, *rows])]), "text/csv", name)
