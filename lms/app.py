"""create_app: settings -> plugins -> catalog -> features. Read from here down."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask, render_template
from flask_login import current_user
from werkzeug.middleware.proxy_fix import ProxyFix

from lms.features.accounts.roles import LEADERS, Role, SignedIn
from lms.features.accounts.views import display_of_request, set_up_sign_in
from lms.features.accounts.views import views as accounts
from lms.features.attendance.check_in_views import views as check_in
from lms.features.attendance.group_makeup_views import guests_of_class
from lms.features.attendance.group_makeup_views import views as makeups
from lms.features.attendance.moving import take_back_absences
from lms.features.attendance.own_views import views as attendance
from lms.features.attendance.participant_views import views as participants
from lms.features.attendance.person_views import views as attendance_of
from lms.features.attendance.question_views import views as questions
from lms.features.attendance.statement_views import views as statement
from lms.features.care.retention import remove_closed
from lms.features.care.views import views as care
from lms.features.certificates.actions import MAKE_PAPERS, issue_from_decision, make_papers
from lms.features.certificates.plugin_uses import certificates_made
from lms.features.certificates.views import certificate_address
from lms.features.certificates.views import of_today as certificate_of_today
from lms.features.certificates.views import views as certificates
from lms.features.cohorts.calendar_views import views as calendar
from lms.features.cohorts.class_views import views as classes
from lms.features.cohorts.people import views as people
from lms.features.cohorts.place_views import of_today as break_of_today
from lms.features.cohorts.place_views import views as places
from lms.features.cohorts.plan_views import views as plans
from lms.features.cohorts.plugin_uses import running_groups
from lms.features.cohorts.views import views as cohorts
from lms.features.decisions.actions import TOLD
from lms.features.decisions.queries import told_their_outcome
from lms.features.decisions.views import views as decisions
from lms.features.grouping.library_views import views as card_library
from lms.features.grouping.wish_views import views as grouping_wishes
from lms.features.handbook.views import KEY as HANDBOOK
from lms.features.handbook.views import views as handbook
from lms.features.organizations import events, health, notices
from lms.features.organizations.bench_views import views as plugin
from lms.features.organizations.framework_views import views as frameworks
from lms.features.organizations.models import Organization
from lms.features.organizations.queries import organization_by_id
from lms.features.organizations.views import views as organizations
from lms.features.practice.pair_views import views as pairs
from lms.features.practice.taking_along import practices_taken
from lms.features.practice.views import views as practice
from lms.features.programmes.move_views import views as moving
from lms.features.programmes.rule_trial_views import views as programmes
from lms.features.progress import watch
from lms.features.progress.board_views import views as board
from lms.features.progress.plugin_cards import of_today as cards_of_today
from lms.features.progress.plugin_dry_run_views import views as plugin_change
from lms.features.progress.report_views import views as reports
from lms.features.progress.rule_views import views as rule
from lms.features.progress.transfer_views import views as transfer
from lms.features.progress.views import views as progress
from lms.features.reading.desk_views import views as desk
from lms.features.reading.recordings import views as recordings
from lms.features.reading.retention import begin_removing, remove_words
from lms.features.reading.second_views import views as second
from lms.features.reading.starter_views import views as starters
from lms.features.reading.talks import views as talked
from lms.features.reading.views import views as reading
from lms.features.roleplay.balance_views import views as balance
from lms.features.roleplay.board_views import views as board_of_groups
from lms.features.roleplay.debrief_views import views as debrief
from lms.features.roleplay.group_views import views as groups
from lms.features.roleplay.room_views import views as room
from lms.features.roleplay.sheet_views import views as sheets
from lms.features.roleplay.taking_along import role_plays_taken
from lms.features.roleplay.views import views as roleplay
from lms.features.series.hosting_views import views as hosting
from lms.features.series.views import calendar_part as events_in_calendar
from lms.features.series.views import of_today as event_of_today
from lms.features.series.views import views as series
from lms.features.submissions.attachments import FORGET, forget_bytes
from lms.features.submissions.clock_views import views as clock
from lms.features.submissions.files import views as files
from lms.features.submissions.retention import REMOVE_WORDS
from lms.features.submissions.taking_views import views as taking
from lms.features.submissions.views import views as submissions
from lms.features.talks.views import views as talks
from lms.host import mail, outbox
from lms.host.bell import Bell
from lms.host.catalog import read_catalog
from lms.host.config import Config, load_config
from lms.host.db import db
from lms.host.guard import Guard
from lms.host.i18n import LANGUAGES, lazy_gettext
from lms.host.plugins import PluginHost, find_plugins
from lms.host.sealed import Seal
from lms.host.serving import MAX_FORM, set_up_web
from lms.host.troubles import TELL_OF_TROUBLE, keep_troubles_of, note_quarantined
from lms.host.uploads import open_uploads
from lms.host.web import Host, address, go, host, limiter, request

ROOT = Path(__file__).resolve().parent.parent
FEATURES = (
    accounts,
    organizations,
    plugin,
    frameworks,
    cohorts,
    plans,
    classes,
    calendar,
    people,
    places,
    care,
    series,
    hosting,
    talks,
    submissions,
    clock,
    files,
    taking,
    reading,
    recordings,
    talked,
    desk,
    second,
    starters,
    attendance,
    check_in,
    participants,
    makeups,
    questions,
    attendance_of,
    statement,
    roleplay,
    room,
    sheets,
    debrief,
    board_of_groups,
    balance,
    practice,
    pairs,
    groups,
    grouping_wishes,
    card_library,
    progress,
    transfer,
    board,
    rule,
    plugin_change,
    reports,
    programmes,
    moving,
    decisions,
    certificates,
    handbook,
)


def create_app(config: Config | None = None, plugins: PluginHost | None = None) -> Flask:
    """A host ready to serve. Raises SetUpError where the installation is not right."""
    config = config or load_config(instance_folder())
    app = Flask("lms", static_folder="static", template_folder="templates")
    _configure(app, config)
    db.init_app(app)
    limiter.init_app(app)
    found = plugins or find_plugins(plugins_folder(config), safe_mode=config.settings.safe_mode)
    guard = Guard(found, seal=Seal(config.settings.secret_key))
    note_quarantined(guard)
    app.extensions["lms"] = Host(
        config,
        guard,
        read_catalog(guard.host, guard, course_folders(config)),
        today_cards=(break_of_today, certificate_of_today),
        open_cards=(event_of_today, cards_of_today),
        calendar_parts=(events_in_calendar,),
        when_moved=(take_back_absences,),
        class_guests=(guests_of_class,),
        plugin_uses=(running_groups, certificates_made),
        taken_along=(role_plays_taken, practices_taken),
        concluded=(told_their_outcome,),
    )
    app.extensions["lms"].extras["uploads"] = open_uploads(config)
    # A server that somebody chose may have few threads: phones wait in them only where that is said.
    places = config.settings.waiting_phones if "waiting_phones" in config.sources else 0
    app.extensions["lms"].extras["bell"] = Bell(config.settings.database_url, places)
    set_up_web(app, _language_of_request)
    set_up_sign_in(app)
    for blueprint in FEATURES:
        app.register_blueprint(blueprint)
    app.add_url_rule("/", "home", home)
    app.context_processor(_shell)
    if config.settings.shows_outbox:
        from lms.demo.views import set_up_demo

        set_up_demo(app)
    daily = {
        "words": begin_removing,
        "worries": remove_closed,
        "watch": watch.begin_watching,
        "plugins": health.begin_looking_again,
    }
    worker = outbox.Worker(app, _handlers(app), partial(keep_troubles_of, guard), daily=daily)
    app.extensions["lms"].extras["worker"] = worker
    return app


def instance_folder() -> Path:
    """Where this installation keeps its own: LMS_INSTANCE, or `instance/` beside the code (a checkout), or here."""
    import os

    chosen = os.environ.get("LMS_INSTANCE")
    if chosen:
        return Path(chosen)
    return (ROOT if is_checkout() else Path.cwd()) / "instance"


def is_checkout() -> bool:
    """True when the code runs from its repository, and not from a wheel."""
    return (ROOT / "pyproject.toml").is_file()


def plugins_folder(config: Config) -> Path | None:
    """Plugins that are not installed: in the chosen folder, or in `plugins/` of a checkout, or beside `instance/`."""
    import os

    chosen = config.settings.plugins_folder
    if chosen:
        return Path(chosen)
    if is_checkout():
        return ROOT / "plugins"
    here = Path.cwd() / "plugins"
    return here if here.is_dir() and not os.environ.get("LMS_INSTANCE") else None


def course_folders(config: Config) -> tuple[Path, ...]:
    """Folders with courses of the host itself: those that come with it, and the chosen one."""
    own = ROOT / "courses" if is_checkout() else Path(__file__).parent / "courses"
    chosen = config.settings.courses_folder
    return (own, Path(chosen)) if chosen else (own,)


def _configure(app: Flask, config: Config) -> None:
    settings = config.settings
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(settings.database_url),
        SESSION_COOKIE_NAME="lms",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https,
        MAX_CONTENT_LENGTH=MAX_FORM,
        MAX_FORM_MEMORY_SIZE=MAX_FORM,
        RATELIMIT_STORAGE_URI=settings.rate_limit_storage,
        RATELIMIT_ENABLED=settings.rate_limits,
        RATELIMIT_HEADERS_ENABLED=False,
        SEND_FILE_MAX_AGE_DEFAULT=31536000,
        TEMPLATES_AUTO_RELOAD=False,
    )
    if settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


def _engine_options(url: str) -> dict[str, Any]:
    """Errors of the database are logged without what people wrote; SQLite's file is for this user alone."""
    if url.startswith("sqlite:///"):
        file = Path(url.removeprefix("sqlite:///"))
        if not file.exists() and file.parent.is_dir():
            file.touch(mode=0o600)
    return {"hide_parameters": True, "pool_pre_ping": url.startswith("postgresql")}


def _handlers(app: Flask) -> dict[str, outbox.Handler]:
    """Who delivers which outbox rows."""
    here: Host = app.extensions["lms"]
    guard = here.guard
    return {
        mail.KIND: lambda payload, now: mail.deliver_mail(here.config.settings, payload, now),
        events.HAPPENED: lambda payload, now: lambda row: events.spread(guard, payload, now),
        events.TELL: lambda payload, now: events.tell(guard, payload, now),
        TOLD: lambda payload, now: (
            lambda row: issue_from_decision(payload["decision"], guard, certificate_address, now=now)
        ),
        FORGET: lambda payload, now: forget_bytes(here.extras["uploads"], payload),
        REMOVE_WORDS: lambda payload, now: lambda row: remove_words(payload["cohort"], now),
        watch.WATCH: lambda payload, now: watch.deliver(guard, payload, address, now),
        TELL_OF_TROUBLE: lambda payload, now: notices.tell(guard, payload, address, now),
        health.LOOK_AGAIN: lambda payload, now: health.look_again(guard, payload, now),
        MAKE_PAPERS: lambda payload, now: make_papers(payload["certificate"], guard),
    }


def _language_of_request() -> str:
    """What this device chose, else the person, else the browser, else the host."""
    chosen = request.cookies.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    if current_user and current_user.is_authenticated:
        return str(current_user.language)
    wanted = (tag.partition("-")[0].lower() for tag, quality in request.accept_languages if quality)
    return next((code for code in wanted if code in LANGUAGES), host().config.settings.default_language)


def home() -> Any:
    """The front page; for somebody signed in, the page where their day starts."""
    if not current_user.is_authenticated:
        return go("demo.doors") if host().config.settings.demo else render_template("home.html")
    who: SignedIn = current_user._get_current_object()
    if who.has(Role.TRAINEE, *LEADERS):
        return go("progress.today")
    organization = organization_by_id(next(iter(who.organizations(Role.ORGANIZATION_ADMIN)), None))
    if organization:
        return go("organizations.plugins", slug=organization.slug)
    if who.has(Role.HOST_ADMIN):
        return go("organizations.host_plugins")
    return go("progress.today")


TRAINEE_TABS = (
    ("progress.today", "home", lazy_gettext("Today")),
    ("cohorts.course", "book", lazy_gettext("Course")),
    ("attendance.mine", "people", lazy_gettext("Attendance")),
    ("progress.left", "check", lazy_gettext("Progress")),
)


def _shell() -> dict[str, Any]:
    """What the frame of every page needs: who, whose, where one can go."""
    shared = {
        "display": display_of_request(),
        "demo": host().config.settings.demo,
        "handbook": HANDBOOK in host().catalog.courses,
        "tab": "",
    }
    if not current_user or not current_user.is_authenticated:
        return {**shared, "who": None, "shell_organization": None, "tabs": ()}
    who: SignedIn = current_user._get_current_object()
    organization = organization_by_id(who.home)
    return {**shared, "who": who, "shell_organization": organization, "tabs": _tabs(who, organization)}


def _tabs(who: SignedIn, organization: Organization | None) -> list[tuple[str, dict[str, Any], str, Any]]:
    """Endpoint, values, icon and word of each place in the navigation."""
    tabs: list[tuple[str, dict[str, Any], str, Any]] = []
    learning = who.cohorts(Role.TRAINEE)
    if learning:
        here = (request.view_args or {}).get("cohort_id")
        cohort = here if here in learning else learning[-1]
        for endpoint, icon, word in TRAINEE_TABS:
            tabs.append((endpoint, {} if endpoint == "progress.today" else {"cohort_id": cohort}, icon, word))
    elif who.has(*LEADERS):
        tabs.append(("progress.today", {}, "home", lazy_gettext("Today")))
    if who.has(*LEADERS):
        tabs.append(("cohorts.cohorts", {}, "people", lazy_gettext("Groups")))
    if who.has(Role.TRAINER):
        tabs.append(("reading.queue", {}, "pen", lazy_gettext("Feedback")))
    if organization and organization.id in who.organizations(Role.ORGANIZATION_ADMIN):
        tabs.append(("organizations.plugins", {"slug": organization.slug}, "plug", lazy_gettext("Plugins")))
        if not who.has(Role.COORDINATOR):  # who coordinates finds them among the groups
            tabs.append(("programmes.programmes", {"slug": organization.slug}, "book", lazy_gettext("Programmes")))
        tabs.append(("people.organization", {"slug": organization.slug}, "people", lazy_gettext("People")))
        tabs.append(("organizations.support", {"slug": organization.slug}, "hands", lazy_gettext("Support")))
    if who.has(Role.HOST_ADMIN):
        tabs.append(("organizations.host_plugins", {}, "key", lazy_gettext("Host")))
    return tabs
