"""My calendar: the addresses for calendar programs, and what they get."""

from __future__ import annotations

import hashlib

from lms.features.accounts.roles import LEADERS, Role
from lms.features.cohorts import calendar, lists, queries
from lms.host.calendar import MEDIA_TYPE, calendar_text
from lms.host.db import saved
from lms.host.i18n import gettext as _
from lms.host.i18n import spoken
from lms.host.web import (
    Blueprint,
    ResponseReturnValue,
    address,
    flash,
    form,
    go,
    host,
    limiter,
    now,
    number,
    page,
    request,
    signed_in_only,
    visitor,
)

views = Blueprint("calendar", __name__, template_folder="templates")


@views.get("/calendar")
@signed_in_only
def mine() -> ResponseReturnValue:
    """The addresses of whoever asks, and how to use one."""
    who = visitor()
    key = host().config.settings.secret_key
    addresses = {
        cohort: address("calendar.feed", token=calendar.token_of(feed, key))
        for cohort, feed in calendar.feeds_of(who.id).items()
    }
    groups = [line for line in lists.cohorts_seen_by(who, Role.TRAINEE, *LEADERS) if not line.closed]
    return page("cohorts/calendar.html", addresses=addresses, groups=groups)


@views.post("/calendar/addresses")
@signed_in_only
@limiter.limit("60/hour")
def renew() -> ResponseReturnValue:
    """A new address of one group or, without one, of everything; with `stop` there is none afterwards."""
    cohort = number("cohort")
    if cohort is not None:
        cohort = queries.cohort_for(visitor(), cohort).id
    with saved():
        if form("stop", 10):
            calendar.stop_feed(visitor().id, cohort, now=now())
        else:
            calendar.make_feed(visitor().id, cohort, now=now())
    flash(_("The address no longer works.") if form("stop", 10) else _("Here is the address. Earlier ones stopped."))
    return go(".mine", _anchor=f"group-{cohort}" if cohort else "everything")


@views.get("/calendar/<token>.ics")
@limiter.limit("120/hour", key_func=lambda: f"calendar:{request.path}")
def feed(token: str) -> ResponseReturnValue:
    """What a calendar program reads, without sign-in. 304 where nothing changed since it last asked."""
    found = calendar.feed_of(token, host().config.settings.secret_key)
    if found is None:
        return _("This address no longer works."), 410, {"Content-Type": "text/plain; charset=utf-8"}
    who = calendar.owner_of(found)
    with spoken(who.language if who else "en"):
        entries = calendar.entries_for(who, found.cohort_id, address, now()) if who else []
        if who and found.cohort_id is None:
            entries += [entry for part in host().calendar_parts for entry in part(who.id)]
        text = calendar_text(entries, _("My classes"))
    changed = max([found.made_at, *(entry.stamp for entry in entries)])
    headers = {
        "ETag": f'"{hashlib.sha256(text).hexdigest()[:32]}"',
        "Last-Modified": changed.strftime("%a, %d %b %Y %H:%M:%S GMT"),
        "Cache-Control": "private, no-cache",
        "Content-Type": f"{MEDIA_TYPE}; charset=utf-8",
        "Content-Disposition": "inline; filename=classes.ics",
    }
    # What was taken out (somebody left) has no date: the tag alone says whether anything changed.
    if headers["ETag"].strip('"') in request.if_none_match:
        return "", 304, headers
    return text, 200, headers
