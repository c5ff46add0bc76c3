"""The hooks. All are optional; nothing depends on the order in which plugins answer.

Asked once at start-up: `curricula`, `activity_types`, `attendance_policies`, `certificate_issuers`,
`competency_frameworks`, `feedback_starters`, `reports`, `today_cards`, `role_play_formats`, `grouping_wishes`,
`scenario_cards`.
Told afterwards, at least once, from the outbox: `after_submission`, `after_review`, `after_decision`,
`after_certificate`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pluggy

from lms.plugin_api.contracts import ActivityType, AttendancePolicy, CertificateIssuer, Curriculum, Starters
from lms.plugin_api.decks import CardDeck
from lms.plugin_api.frameworks import Framework
from lms.plugin_api.reports import Report, TodayCard
from lms.plugin_api.role_play import GroupingWishes, RolePlayFormat
from lms.plugin_api.store import Store
from lms.plugin_api.values import Event

API_VERSION = 1

PROJECT = "lms"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def curricula() -> Iterable[Curriculum]:  # type: ignore[empty-body]
    """Courses and their modules.

    Called once at start-up. Return curricula, usually one `FolderCurriculum(package, "courses")`.
    """


@hookspec
def activity_types() -> Iterable[ActivityType]:  # type: ignore[empty-body]
    """Kinds of homework that activities in course files may name as their `kind`.

    Called once at start-up.
    """


@hookspec
def attendance_policies() -> Iterable[AttendancePolicy]:  # type: ignore[empty-body]
    """Rules that judge a person's attendance for each outcome.

    Called once at start-up. A course names one of them, with options.
    """


@hookspec
def certificate_issuers() -> Iterable[CertificateIssuer]:  # type: ignore[empty-body]
    """Makers of certificates.

    Called once at start-up. A course names one of them.
    """


@hookspec
def feedback_starters() -> Iterable[Starters]:  # type: ignore[empty-body]
    """Beginnings of sentences that trainers may use when they answer homework.

    Called once at start-up. What comes with the host is offered everywhere, that of other plugins where an
    organization has turned them on.
    """


@hookspec
def competency_frameworks() -> Iterable[Framework]:  # type: ignore[empty-body]
    """Lists of values, principles or competencies that courses can be held against.

    Called once at start-up. A module names what it teaches; the host shows which items no module teaches.
    """


@hookspec
def reports() -> Iterable[Report]:  # type: ignore[empty-body]
    """Tables about a group, for those who coordinate it, to read and to download.

    Called once at start-up. Offered where an organization has turned the plugin on.
    """


@hookspec
def today_cards() -> Iterable[TodayCard]:  # type: ignore[empty-body]
    """A card on the page Today of trainees.

    Called once at start-up. Shown where an organization has turned the plugin on.
    """


@hookspec
def role_play_formats() -> Iterable[RolePlayFormat]:  # type: ignore[empty-body]
    """Formats of role play that classes in course files may name, and that trainers may choose in class.

    Called once at start-up. What a course names is kept with it when it is published.
    """


@hookspec
def grouping_wishes() -> Iterable[GroupingWishes]:  # type: ignore[empty-body]
    """Wishes about who sits with whom in a role play.

    Called once at start-up. Asked where an organization has turned the plugin on.
    """


@hookspec
def scenario_cards() -> Iterable[CardDeck]:  # type: ignore[empty-body]
    """Decks of scenario cards that classes in course files may name, as `deck:card`.

    Called once at start-up. What a course names is kept with it when it is published.
    """


@hookspec
def after_submission(event: Event, settings: Any, store: Store) -> None:
    """A trainee has sent an answer.

    Called from the outbox for plugins that the organization has enabled, at least once. `event.facts` has
    "activity" and "version". `settings` is the organization's instance of the plugin's settings. `store` keeps the
    plugin's own documents; what is put there is kept once, however often the event is told.
    """


@hookspec
def after_review(event: Event, settings: Any, store: Store) -> None:
    """A trainer has released feedback.

    `event.facts` has "activity", "version" and "decision" ("accept", "one_more_look" or
    "not_accepted").
    """


@hookspec
def after_decision(event: Event, settings: Any, store: Store) -> None:
    """An outcome was decided by a person and the trainee has been told.

    `event.facts` has "outcome".
    """


@hookspec
def after_certificate(event: Event, settings: Any, store: Store) -> None:
    """A certificate was issued, replaced or withdrawn.

    `event.facts` has "serial" and "state" ("issued", "replaced" or "revoked").
    """


PROVIDER_HOOKS: dict[str, type] = {
    "curricula": Curriculum,
    "activity_types": ActivityType,
    "attendance_policies": AttendancePolicy,
    "certificate_issuers": CertificateIssuer,
    "competency_frameworks": Framework,
    "feedback_starters": Starters,
    "reports": Report,
    "today_cards": TodayCard,
    "role_play_formats": RolePlayFormat,
    "grouping_wishes": GroupingWishes,
    "scenario_cards": CardDeck,
}
EVENT_HOOKS = ("after_submission", "after_review", "after_decision", "after_certificate")
