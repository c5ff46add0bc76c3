"""What views share: who asks, what was sent, where to go next.

Views take from here and from their own feature; nothing else of Flask is needed below `app.py`.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, wraps
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import current_user
from markupsafe import Markup
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from lms.host import i18n
from lms.host.archive import TakenAlong
from lms.host.calendar import CalendarEntry
from lms.host.catalog import Catalog
from lms.host.config import Config
from lms.host.errors import Incomplete
from lms.host.guard import Guard
from lms.host.plugins import PluginHost

__all__ = [
    "Blueprint",
    "ResponseReturnValue",
    "abort",
    "address",
    "flash",
    "form",
    "fragment",
    "go",
    "host",
    "limiter",
    "make_response",
    "now",
    "number",
    "page",
    "page_before",
    "request",
    "session",
    "signed_in_only",
    "url_for",
    "visitor",
]

log = logging.getLogger("lms.web")

MAX_TEXT = 100_000
MAX_ID = 2**31 - 1

limiter = Limiter(key_func=get_remote_address, in_memory_fallback_enabled=True)


class Person(Protocol):
    """Who is signed in, as far as pages below the accounts know."""

    id: int
    name: str
    email: str
    language: str


class TodayCard(Protocol):
    """What a feature puts on the page of the day. Features above that page draw themselves; `app.py` names them."""

    def __call__(self, groups: Sequence[Any], /) -> list[Markup]:
        """Cards for whoever takes part in these groups (cohorts.queries.Here), in one query."""


class CalendarPart(Protocol):
    """What a feature puts into the calendar of a person. Features above the calendar; `app.py` names them."""

    def __call__(self, person_id: int, /) -> list[CalendarEntry]:
        """Entries for this person, in a constant number of queries; none for somebody it does not know."""


class WhenMoved(Protocol):
    """What a feature takes back when a class gets another day. Features above the classes; `app.py` names them."""

    def __call__(self, meeting_id: int, /, *, by: int, now: datetime) -> set[int]:
        """The enrolments of which something was taken back. The class is locked."""


@dataclass(frozen=True)
class Guest:
    """Somebody of another group who comes to a class. `url` is where they read of it."""

    person_id: int
    email: str
    language: str
    url: str


class ClassGuests(Protocol):
    """Who comes to a class from elsewhere, as a feature above the classes knows it; `app.py` names them."""

    def __call__(self, meeting_id: int, /) -> list[Guest]:
        """In one query."""


class PluginUses(Protocol):
    """What of an organization stands on plugins, as a feature above the organizations knows it; `app.py` names them."""

    def __call__(self, organization_id: int, plugins: PluginHost, /) -> Mapping[str, list[Any]]:
        """Plugin to what stands on it (organizations.uses.Use), in a constant number of queries."""


class Concluded(Protocol):
    """Who of a group has been told how it ended for them, as a feature above the boards knows it; `app.py` names them."""

    def __call__(self, cohort_id: int, /) -> set[int]:
        """Their enrolments, in one query."""


@dataclass
class Host:
    """What belongs to one app and is not the database."""

    config: Config
    guard: Guard
    catalog: Catalog
    today_cards: tuple[TodayCard, ...] = ()
    # The same, below what the course asks: what is open to somebody besides.
    open_cards: tuple[TodayCard, ...] = ()
    calendar_parts: tuple[CalendarPart, ...] = ()
    when_moved: tuple[WhenMoved, ...] = ()
    class_guests: tuple[ClassGuests, ...] = ()
    plugin_uses: tuple[PluginUses, ...] = ()
    taken_along: tuple[TakenAlong, ...] = ()
    concluded: tuple[Concluded, ...] = ()
    extras: dict[str, Any] = field(default_factory=dict)


def host() -> Host:
    """This app's host: settings, plugins, catalog."""
    found: Host = current_app.extensions["lms"]
    return found


def now() -> datetime:
    """The moment of this request, the same all through it."""
    if "now" not in g:
        g.now = datetime.now(UTC)
    moment: datetime = g.now
    return moment


def visitor() -> Any:
    """The signed-in person (accounts.roles.SignedIn). Only inside `signed_in_only` views."""
    return current_user._get_current_object()


def signed_in_only(view: Any) -> Any:
    """For signed-in people; others are asked to sign in, with what they sent kept in the page."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if not current_user.is_authenticated or _written_by_another():
            return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
        return view(*args, **kwargs)

    return guarded


def _written_by_another() -> bool:
    """True where a page says who wrote what it sends (header `X-Writer` or field `who`), and that is not who is signed in
    by now: on a shared device a page that was left open still holds somebody's words."""
    if request.method != "POST":
        return False
    writer = request.headers.get("X-Writer") or request.form.get("who")
    return bool(writer) and writer != str(current_user.id)


def page(template: str, status: int = 200, /, **values: Any) -> ResponseReturnValue:
    """A rendered page."""
    return render_template(template, **values), status


def fragment(template: str, /, **values: Any) -> str:
    """A part of a page, for a script that puts it in."""
    return render_template(template, **values)


def go(endpoint: str, **values: Any) -> Response:
    """Redirect after a change (303), so that reloading does not send it again."""
    return redirect(url_for(endpoint, **values), 303)


def go_back(target: str | None, endpoint: str, **values: Any) -> Response:
    """Redirect to `target` if it is a path on this host, else to `endpoint`."""
    own = target if target and is_own_path(target) else url_for(endpoint, **values)
    return redirect(own, 303)


def is_own_path(target: str | None) -> bool:
    """True for a path on this host and nothing that a browser could read as another address."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return False
    parts = urlsplit(target)
    return not parts.scheme and not parts.netloc and not re.search(r"[\\\x00-\x1f]", target)


def page_address() -> str:
    """Where a browser finds the page that it shows, once more: of a form that came back, the page with that form."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    came_from = page_before().partition("?")[0]
    parts = request.path.rstrip("/").split("/")
    places = ["/".join(parts[:end]) for end in range(len(parts), 1, -1)]
    if came_from != request.path:
        places.insert(0, came_from)
    return next((place for place in places if place and _is_page(place)), "/")


def _is_page(path: str) -> bool:
    try:
        current_app.url_map.bind("").match(path, method="GET")
    except HTTPException:
        return False
    return True


def address(endpoint: str, **values: Any) -> str:
    """A full address for mails and certificates, from the setting `base_url`, never from the request."""
    path = current_app.url_map.bind("").build(endpoint, values)
    return host().config.settings.base_url.rstrip("/") + path


def form(name: str, limit: int = MAX_TEXT) -> str:
    """What was typed into a field: line ends as \\n, no null bytes. Too long: Incomplete with a sentence."""
    text = request.form.get(name, "").replace("\r\n", "\n").replace("\x00", "")
    if len(text) > limit:
        sentence = i18n.gettext(
            "This is longer than we can take (%(limit)s characters). Please send it in two parts.", limit=limit
        )
        raise Incomplete({name: sentence})
    return text


def chosen(name: str) -> str:
    """What was ticked of several under one name, a line each."""
    return "\n".join(line for sent in request.form.getlist(name) for line in sent[:MAX_TEXT].splitlines() if line)


def number(name: str, most: int = MAX_ID) -> int | None:
    """A whole number that was sent, from 0 to `most`; None for everything else."""
    typed = request.form.get(name, "")
    found = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= len(str(most)) else None
    return found if found is not None and found <= most else None


# Fields that nobody types words into.
NOT_WORDS = {
    "after", "anew", "anyway", "at", "audience", "begins", "card", "check_in", "copy_first", "counter", "course", "day",
    "decision", "digest", "do", "each", "enrolment", "every", "first", "format", "from", "how", "language", "listed", "new-at",
    "new-day", "next", "out", "outcome", "province", "ready", "recorded", "requirement", "role", "sizes", "status", "stay",
    "submission", "text_size", "theme", "to", "topic", "try", "until", "version", "way", "who", "zone",
}  # fmt: skip
# Fields with a few words, by their label; a page can have many of them, with a number each.
SHORT = {"name": i18n.lazy_gettext("Name"), "place": i18n.lazy_gettext("Place"), "link": i18n.lazy_gettext("Link")}


def is_words(name: str, text: str) -> bool:
    """True for a field with what a person typed: such words are shown again wherever a form did not arrive."""
    text = text.strip()
    return bool(text) and not text.isdigit() and _stem(name) not in NOT_WORDS and "password" not in name


def short_label(name: str) -> str:
    """What a field of a few words is called, with its number; empty for one in which people write at length."""
    stem = _stem(name)
    return f"{SHORT[stem]} {name.removeprefix(stem)}".rstrip() if stem in SHORT else ""


def _stem(name: str) -> str:
    """The name of a field without the number that it has among others: `place` for `place12`."""
    return name.rstrip("0123456789")


def page_before() -> str:
    """The page with the button that was pressed, as the browser tells it; empty when it does not."""
    before = (request.referrer or "").removeprefix(request.host_url.rstrip("/"))
    return before if is_own_path(before) else ""


def wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


@cache
def _digest_of(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]


def asset(name: str) -> str:
    """The address of a static file; it changes with the content, so that it may be kept for ever."""
    return _asset(request.script_root, str(current_app.static_folder), name)


@cache
def _asset(root: str, folder: str, name: str) -> str:
    return f"{root}/static/{name}?v={_digest_of(Path(folder) / name)}"


def icon(name: str) -> Markup:
    """An outlined sign from the sprite; always beside a word."""
    return _icon(asset("icons.svg"), name)


@cache
def _icon(sprite: str, name: str) -> Markup:
    return Markup('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>').format(sprite, name)
