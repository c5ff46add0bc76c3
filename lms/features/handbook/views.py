"""The handbook: a course of the host like any other, open to everyone, with a part for each kind of reader."""

from __future__ import annotations

from lms.features.handbook.headings import listed, with_anchors
from lms.host import markup
from lms.host.errors import NotFound
from lms.host.i18n import in_language
from lms.host.web import Blueprint, ResponseReturnValue, host, page
from lms.plugin_api.content import Course

views = Blueprint("handbook", __name__, template_folder="templates")

KEY = "host:handbook"


def _handbook() -> Course:
    offered = host().catalog.courses.get(KEY)
    if offered is None or offered.course is None:
        raise NotFound
    return offered.course


@views.get("/handbook")
def contents() -> ResponseReturnValue:
    return page("handbook/contents.html", course=_handbook())


@views.get("/handbook/<page_id>")
def read(page_id: str) -> ResponseReturnValue:
    course = _handbook()
    found = course.activities.get(page_id)
    if found is None:
        raise NotFound
    order = list(course.activities)
    at = order.index(page_id)
    body, headings = with_anchors(markup.render(in_language(found.body)))
    return page(
        "handbook/page.html",
        course=course,
        part=course.module_of[page_id],
        found=found,
        body=body,
        headings=listed(headings),
        before=course.activities[order[at - 1]] if at else None,
        after=course.activities[order[at + 1]] if at + 1 < len(order) else None,
    )
