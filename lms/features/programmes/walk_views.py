"""Walking through a programme as a trainee: the pages themselves, filled by invented people. Nothing is stored.

The pages get an address maker of their own: what leads into a group leads here to the same page of the walk, and what
would send something leads to a sentence that nothing was kept.
"""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from lms.features.attendance.makeups import lapsed
from lms.features.attendance.pages import WORDS
from lms.features.cohorts.queries import Here as Group
from lms.features.cohorts.queries import class_number
from lms.features.programmes.invented import NOWHERE, TRAINER, WHO, Invented, Stage, three_people
from lms.features.programmes.views import Here, programme_here, views
from lms.features.progress.rules import heading_for
from lms.host.catalog import Revision, rendered_pages
from lms.host.errors import NotFound
from lms.host.i18n import gettext as _
from lms.host.i18n import in_language, language
from lms.host.web import ResponseReturnValue, flash, go, host, now, page, signed_in_only, url_for
from lms.plugin_api.values import Text

__all__ = ["views"]

# Addresses in a group that have a page in the walk, with what they name.
SAME = {
    "submissions.module": ("programmes.walk_module", "module_id"),
    "submissions.activity": ("programmes.walk_activity", "activity_id"),
    "cohorts.meeting": ("programmes.walk_class", "number"),
    "progress.left": ("programmes.walk_left", ""),
    "attendance.mine": ("programmes.walk_attendance", ""),
    "cohorts.course": ("programmes.walk", ""),
}


def _stage(here: Here) -> Stage:
    pages = {part: Text(en, fr) for part, (en, fr) in rendered_pages(here.course).items()}
    return Stage(here.organization, Revision("", here.course, pages), host().guard, now(), language())


def _addresses(here: Here, who: str) -> Callable[..., str]:
    """`url_for` as the pages of the walk know it."""
    at: dict[str, Any] = {"slug": here.organization.slug, "key": here.key}

    def made(endpoint: str, **values: Any) -> str:
        if values.get("cohort_id") != NOWHERE:
            return url_for(endpoint, **values)
        same, named = SAME.get(endpoint, ("programmes.walk_ends", ""))
        if same in ("programmes.walk_left", "programmes.walk_attendance"):
            return url_for(same, who=who, **at)
        return url_for(same, **at, **({named: values[named]} if named else {}))

    return made


def _walk_page(template: str, here: Here, group: Group, who: str, **values: Any) -> ResponseReturnValue:
    return page(template, programme=here, here=group, url_for=_addresses(here, who), **values)


@views.get("/organizations/<slug>/programmes/<key>/walk")
@signed_in_only
def walk(slug: str, key: str) -> ResponseReturnValue:
    """The three people in short, and the pages of the course."""
    here = programme_here(slug, key)
    stage = _stage(here)
    people = three_people(stage)
    return page("programmes/walk.html", here=here, people=people, classes=stage.classes(), heading_for=heading_for)


def _person(here: Here, who: str) -> Invented:
    found = next((three_people(_stage(here))[name] for name in WHO if name == who), None)
    if found is None:
        raise NotFound
    return found


@views.get("/organizations/<slug>/programmes/<key>/walk/people/<who>/left")
@signed_in_only
def walk_left(slug: str, key: str, who: str) -> ResponseReturnValue:
    """What this person would read on "where you stand"."""
    here = programme_here(slug, key)
    person = _person(here, who)
    return _walk_page(
        "programmes/walk_left.html",
        here,
        person.here,
        who,
        person=person,
        standings=person.standings,
        first=heading_for(person.standings),
        sent=[],
        help=None,
    )


@views.get("/organizations/<slug>/programmes/<key>/walk/people/<who>/attendance")
@signed_in_only
def walk_attendance(slug: str, key: str, who: str) -> ResponseReturnValue:
    """What this person would read on "your attendance"."""
    here = programme_here(slug, key)
    person = _person(here, who)
    return _walk_page(
        "programmes/walk_attendance.html",
        here,
        person.here,
        who,
        person=person,
        story=person.story,
        words=WORDS,
        lapsed=lapsed,
    )


@views.get("/organizations/<slug>/programmes/<key>/walk/modules/<module_id>")
@signed_in_only
def walk_module(slug: str, key: str, module_id: str) -> ResponseReturnValue:
    here = programme_here(slug, key)
    group = _stage(here).here(_("Somebody"))
    module = here.course.module(module_id)
    if module is None:
        raise NotFound
    return _walk_page(
        "programmes/walk_module.html",
        here,
        group,
        WHO[0],
        module=module,
        intro=group.revision.page(f"module:{module_id}", language()),
        kinds={a.kind: host().guard.homework(here.course, a) for a in module.activities},
        homework={},
        help=None,
        drafted=set(),
    )


@views.get("/organizations/<slug>/programmes/<key>/walk/classes/<int:number>")
@signed_in_only
def walk_class(slug: str, key: str, number: int) -> ResponseReturnValue:
    here = programme_here(slug, key)
    stage = _stage(here)
    classes = stage.classes()
    return _walk_page(
        "programmes/walk_class.html",
        here,
        stage.here(_("Somebody")),
        WHO[0],
        meeting=class_number(classes, number),
        plan="",
        last=len(classes),
        errors={},
        typed={},
    )


@views.get("/organizations/<slug>/programmes/<key>/walk/activities/<activity_id>")
@signed_in_only
def walk_activity(slug: str, key: str, activity_id: str) -> ResponseReturnValue:
    """A piece of homework as it is before anything is written."""
    here = programme_here(slug, key)
    group = _stage(here).here(_("Somebody"))
    activity = here.course.activities.get(activity_id)
    if activity is None:
        raise NotFound
    kind, module = host().guard.homework(here.course, activity), here.course.module_of[activity_id]
    siblings = [a.id for a in module.activities]
    at = siblings.index(activity_id)
    return _walk_page(
        "programmes/walk_activity.html",
        here,
        group,
        WHO[0],
        activity=activity,
        kind=kind,
        module=module,
        body=group.revision.page(f"activity:{activity_id}", language()),
        fields=kind.form(activity),
        guides=kind.guide(activity),
        accepts=kind.accepts(activity),
        criteria=activity.criteria or here.course.review.criteria,
        readers=[SimpleNamespace(id=NOWHERE, name=TRAINER, email="")] if kind.reviewed else [],
        audience=activity.audience[0],
        before=siblings[at - 1] if at else None,
        after=siblings[at + 1] if at + 1 < len(siblings) else None,
        **NOTHING_WRITTEN,
    )


# What the page of homework shows of somebody who has not begun.
NOTHING_WRITTEN: dict[str, Any] = {
    "versions": [],
    "draft": None,
    "drafted": [],
    "typed": {},
    "counter": 0,
    "unsaved": False,
    "taken_back": None,
    "once_more": False,
    "nobody_reads": False,
    "earlier_drafts": [],
    "attached_files": {},
    "together": None,
    "errors": {},
    "promised": None,
    "late": False,
    "in_person": False,
    "help": None,
    "clock": None,
    "talks": None,
}


@views.route("/organizations/<slug>/programmes/<key>/walk/end", methods=["GET", "POST"])
@signed_in_only
def walk_ends(slug: str, key: str) -> ResponseReturnValue:
    """Where a page of the walk would lead into a group, or send something."""
    here = programme_here(slug, key)
    said = _(
        "This is a preview of %(course)s. Nothing was kept, and nothing was sent.",
        course=in_language(here.course.title),
    )
    flash(said)
    return go(".walk", slug=slug, key=key)
