"""What every page shares: who asks, forgery protection, security headers, error pages, words in the reader's language.

Views take from here and from their own feature; nothing else of Flask is needed below `app.py`.
"""

from __future__ import annotations

import gzip
import hashlib
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, wraps
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Flask,
    abort,
    current_app,
    flash,
    g,
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
from markupsafe import Markup, escape
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.routing import IntegerConverter, Map
from werkzeug.wrappers import Response

from lms.host import db, i18n
from lms.host.catalog import Catalog
from lms.host.config import Config
from lms.host.errors import HostError, Incomplete, NotFound, Refused
from lms.host.guard import Guard

__all__ = [
    "Blueprint",
    "ResponseReturnValue",
    "abort",
    "address",
    "flash",
    "form",
    "go",
    "host",
    "limiter",
    "now",
    "number",
    "page",
    "request",
    "session",
    "signed_in_only",
    "url_for",
    "visitor",
]

log = logging.getLogger("lms.web")

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
MAX_FORM = 1_500_000
MAX_TEXT = 100_000
MAX_ID = 2**31 - 1

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
# Their address changes with their content.
KEPT_FOR_EVER = ("static", "cohorts.picture")
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(self), geolocation=(), interest-cohort=()",
}

limiter = Limiter(key_func=get_remote_address, in_memory_fallback_enabled=True)


class Person(Protocol):
    """Who is signed in, as far as pages below the accounts know."""

    id: int
    name: str
    email: str
    language: str


@dataclass
class Host:
    """What belongs to one app and is not the database."""

    config: Config
    guard: Guard
    catalog: Catalog
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
        if not current_user.is_authenticated:
            return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
        return view(*args, **kwargs)

    return guarded


def page(template: str, status: int = 200, /, **values: Any) -> ResponseReturnValue:
    """A rendered page."""
    return render_template(template, **values), status


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


def address(endpoint: str, **values: Any) -> str:
    """A full address for mails and certificates, from the setting `base_url`, never from the request."""
    with current_app.test_request_context():
        return host().config.settings.base_url.rstrip("/") + url_for(endpoint, **values)


def form(name: str, limit: int = MAX_TEXT) -> str:
    """What was typed into a field: line ends as \\n, no null bytes. Too long: Incomplete with a sentence."""
    text = request.form.get(name, "").replace("\r\n", "\n").replace("\x00", "")
    if len(text) > limit:
        sentence = i18n.gettext(
            "This is longer than we can take (%(limit)s characters). Please send it in two parts.", limit=limit
        )
        raise Incomplete({name: sentence})
    return text


def number(name: str) -> int | None:
    """A whole number that was sent, as far as a database can hold it; None for everything else."""
    typed = request.form.get(name, "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None


# -- the app's side -----------------------------------------------------------------------------------------


class _Id(IntegerConverter):
    """`<int:id>` in an address: a number that a database can hold; others are not found."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=MAX_ID)


def set_up_web(app: Flask, language_of_request: Callable[[], str]) -> None:
    """Protection, headers, errors and words for every page of `app`."""
    app.url_map.converters["int"] = _Id
    app.before_request(lambda: i18n.speak(language_of_request()) if request.endpoint != "static" else None)
    app.before_request(_open_request)
    app.after_request(_add_headers)
    app.after_request(_compress)
    app.teardown_request(_keep_troubles)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(HostError, _host_error)
    app.register_error_handler(Exception, _crash)
    app.jinja_env.filters.update(
        said=i18n.in_language,
        day=i18n.day,
        long_day=i18n.long_day,
        short_day=i18n.short_day,
        time_of_day=i18n.time_of_day,
        day_and_time=i18n.day_and_time,
        plain=plain_text,
    )
    app.jinja_env.globals.update(_=i18n.template_gettext, ngettext=i18n.template_ngettext)
    app.jinja_env.globals.update(language=i18n.language, now=now, asset=asset, icon=icon)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


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


def _open_request() -> ResponseReturnValue | None:
    if request.method in SAFE_METHODS:
        db.only_reads()
        return None
    db.may_write()
    if _is_forged():
        log.warning("refused a %s from another site to %s", request.method, request.path)
        return error_page(403, i18n.gettext("This was sent from another page. Open the page here and send it again."))
    return None


def _is_forged() -> bool:
    """True when a browser says that the request comes from another site. Without these headers it is no browser."""
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin")
    if not origin:
        return False
    try:
        return urlsplit(origin).netloc != request.host
    except ValueError:
        return True


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if host().config.settings.https:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint in KEPT_FOR_EVER:
        return response
    if current_user and current_user.is_authenticated:
        response.headers["Cache-Control"] = "no-store"
    if response.mimetype == "text/html":
        response.headers["Content-Language"] = i18n.language()
        response.vary.add("Cookie")
    return response


COMPRESSED = {"text/html", "text/css", "text/javascript", "application/json", "image/svg+xml"}


def _compress(response: Response) -> Response:
    """Old phones on thin lines: text goes out compressed, also where no proxy does it."""
    if (
        response.mimetype not in COMPRESSED
        or response.status_code != 200
        or "Content-Encoding" in response.headers
        or "gzip" not in request.headers.get("Accept-Encoding", "")
    ):
        return response
    if request.endpoint == "static":
        packed = _packed_file(Path(str(current_app.static_folder)) / str((request.view_args or {}).get("filename")))
        response.direct_passthrough = False
        response.close()
    else:
        packed = gzip.compress(response.get_data(), 5, mtime=0)
    response.set_data(packed)
    response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    return response


@cache
def _packed_file(file: Path) -> bytes:
    return gzip.compress(file.read_bytes(), 9, mtime=0)


def _keep_troubles(error: BaseException | None) -> None:
    """Keep what went wrong in plugins, after the answer and in a transaction of its own."""
    guard = host().guard
    if not guard.troubles:
        return
    from lms.host.troubles import keep_troubles

    try:
        db.session.rollback()
        db.may_write()
        with db.saved():
            keep_troubles(guard.take_troubles(), datetime.now(UTC))
    except Exception:
        log.exception("plugin troubles could not be kept")


def error_page(status: int, sentence: Any, title: Any = "") -> ResponseReturnValue:
    """A calm page; long texts that were just sent are shown on it, so that they can be copied."""
    kept = {}
    if request.method == "POST" and not isinstance(getattr(request, "routing_exception", None), RequestEntityTooLarge):
        try:
            kept = {name: text for name, text in request.form.items() if len(text) > 40 and "password" not in name}
        except RequestEntityTooLarge:
            kept = {}
    if wants_json():
        return {"error": str(sentence)}, status
    return page("error.html", status, sentence=sentence, title=title, kept=kept)


def wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _http_error(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if error.response is not None or 300 <= code < 400:
        return error
    sentences = {
        404: i18n.gettext("We can't find this page. It may have moved, or it may not be yours to see."),
        405: i18n.gettext("This address cannot be opened this way. Go back and use the button on the page."),
        413: i18n.gettext("This is larger than we can take. Please send it in smaller parts."),
        429: i18n.gettext("Please wait a minute and try again."),
    }
    sentence = sentences.get(code, i18n.gettext("This did not work. Go back and try again."))
    answer = error_page(code, sentence)
    if code == 405 and isinstance(answer, tuple):
        return (*answer, {"Allow": ", ".join(getattr(error, "valid_methods", None) or ())})
    return answer


def _host_error(error: HostError) -> ResponseReturnValue:
    db.session.rollback()
    if isinstance(error, NotFound):
        return error_page(
            404, i18n.gettext("We can't find this page. It may have moved, or it may not be yours to see.")
        )
    if isinstance(error, Refused):
        return error_page(409, error.sentence)
    if isinstance(error, Incomplete):
        return error_page(422, error.sentence)
    return error_page(400, error.sentence)


def _crash(error: Exception) -> ResponseReturnValue:
    log.exception("error at %s %s", request.method, request.path)
    db.session.rollback()
    if current_app.testing and current_app.config.get("PROPAGATE_EXCEPTIONS"):
        raise error
    sentence = i18n.gettext("Something went wrong on our side. Nothing that was saved before is lost.")
    if request.method == "POST":
        sentence = i18n.gettext("Something went wrong on our side. Copy your text before you leave.")
    return error_page(500, sentence)


# -- what people typed --------------------------------------------------------------------------------------

_LINK = re.compile(r"\bhttps?://[^\s<>\"']{3,500}")


def plain_text(text: str) -> Markup:
    """Text as typed: paragraphs and line breaks by style, addresses as links, everything else inert."""
    made: list[str] = []
    end = 0
    for match in _LINK.finditer(text):
        url = match.group().rstrip(".,;:!?)")
        made.append(escape(text[end : match.start()]))
        made.append(Markup('<a href="{0}" rel="noopener noreferrer nofollow">{0}</a>').format(url))
        end = match.start() + len(url)
    return Markup("".join([*made, escape(text[end:])]))
