"""What every answer of an app shares: forgery protection, headers, compression, error pages, words for templates."""

from __future__ import annotations

import gzip
import logging
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.routing import IntegerConverter, Map
from werkzeug.wrappers import Response

from lms.host import db, i18n
from lms.host.errors import Elsewhere, HostError, Incomplete, NotFound, Refused
from lms.host.markup import plain_text, whole_numbers
from lms.host.transfer import Request, make_room
from lms.host.troubles import keep_troubles_of
from lms.host.web import MAX_ID, asset, host, icon, is_words, now, page_address, page_before, short_label, wants_json

log = logging.getLogger("lms.web")

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
MAX_FORM = 1_500_000

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "media-src 'self' blob:; connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
# Their address changes with their content.
KEPT_FOR_EVER = ("static", "cohorts.picture")
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
}
# Where somebody may speak an answer. Photos come by the device's own camera page, which needs no leave.
SPEAKS_HERE = ("submissions.activity", "submissions.submit", "submissions.save_draft", "files.add")
MICROPHONE = HEADERS["Permissions-Policy"].replace("microphone=()", "microphone=(self)")


class _Id(IntegerConverter):
    """`<int:id>` in an address: a number that a database can hold; others are not found."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=MAX_ID)


def set_up_web(app: Flask, language_of_request: Callable[[], str]) -> None:
    """Protection, headers, errors and words for every page of `app`."""
    app.url_map.converters["int"] = _Id
    app.request_class = Request
    app.before_request(_open_request)
    app.before_request(make_room)
    app.before_request(lambda: i18n.speak(language_of_request()) if request.endpoint != "static" else None)
    app.before_request(_refuse_forgery)
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
        city=i18n.city_of,
        plain=plain_text,
        whole_numbers=whole_numbers,
    )
    app.jinja_env.globals.update(_=i18n.template_gettext, ngettext=i18n.template_ngettext)
    app.jinja_env.globals.update(language=i18n.language, now=now, asset=asset, icon=icon)
    app.jinja_env.globals.update(is_words=is_words, short_label=short_label, page_address=page_address)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def _open_request() -> ResponseReturnValue | None:
    """Before anything asks the database: say whether this request may write."""
    if request.method in SAFE_METHODS:
        db.only_reads()
    else:
        db.may_write()
    return error_page(404, _not_found()) if "\x00" in request.path else None


def _refuse_forgery() -> ResponseReturnValue | None:
    if request.method in SAFE_METHODS or not _is_forged():
        return None
    log.warning("refused a %s from another site to %s", request.method, request.path)
    return error_page(403, i18n.gettext("This was sent from another page. Open the page here and send it again."))


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
    if request.endpoint in SPEAKS_HERE:
        response.headers.setdefault("Permissions-Policy", MICROPHONE)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if host().config.settings.https:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint in KEPT_FOR_EVER:
        return response
    if request.method not in SAFE_METHODS or (current_user and current_user.is_authenticated):
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
    keep_troubles_of(host().guard)


def error_page(status: int, sentence: Any, onward: str = "") -> ResponseReturnValue:
    """A calm page; what was typed is shown on it, so that it can be copied. `onward` is the path to the group where it is
    now."""
    if wants_json():
        return {"error": str(sentence)}, status
    values = {
        "sentence": sentence,
        "kept": _typed(),
        "too_large": status == 413,
        "back": page_before(),
        "onward": onward,
    }
    try:
        return render_template("error.html", layout="base.html", **values), status
    except Exception:  # the frame of the page asks the database, which may be what does not answer
        log.exception("the frame of an error page")
        db.session.rollback()
        return render_template("error.html", layout="bare.html", **values), status


def _typed() -> dict[str, str]:
    """What somebody typed into the form that was sent."""
    if request.method != "POST":
        return {}
    try:
        return {name: text for name, text in request.form.items() if is_words(name, text)}
    except RequestEntityTooLarge:
        return {}


def _not_found() -> str:
    return i18n.gettext("We can't find this page. It may have moved, or it may not be yours to see.")


def _http_error(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if error.response is not None or 300 <= code < 400:
        return error
    sentences = {
        404: _not_found(),
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
    _only_look()
    if isinstance(error, Elsewhere):
        return error_page(404, error.sentence, url_for(error.endpoint, **error.values))
    if isinstance(error, NotFound):
        return error_page(404, _not_found())
    if isinstance(error, Refused):
        return error_page(409, error.sentence)
    if isinstance(error, Incomplete):
        return error_page(422, error.sentence)
    return error_page(400, error.sentence)


def _only_look() -> None:
    """Nothing of what failed stays, and the error page does not wait for the right to write."""
    db.session.rollback()
    db.only_reads()


def _crash(error: Exception) -> ResponseReturnValue:
    log.exception("error at %s %s", request.method, request.path)
    _only_look()
    if current_app.testing and current_app.config.get("PROPAGATE_EXCEPTIONS"):
        raise error
    sentence = i18n.gettext("Something went wrong on our side. Nothing that was saved before is lost.")
    if request.method == "POST":
        sentence = i18n.gettext("Something went wrong on our side. Copy your text before you leave.")
    return error_page(500, sentence)
