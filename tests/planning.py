"""Planning a group as a coordinator does it: page by page, with what stands in the fields of each."""

from __future__ import annotations

import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.pages import form_to
from tests.world import NORTHSIDE_COURSE

PAGES = ("when", "dates", "where", "trainers", "places")
PLAN: dict[str, Any] = {
    "course": NORTHSIDE_COURSE,
    "name": "Autumn group",
    "language": "en",
    "way": "weekly",
    "first": "2026-09-08",
    "at": "18:30",
}


def begin(client: FlaskClient, organization: str = "northside", **typed: Any) -> TestResponse:
    """The first page is sent."""
    fields = {name: {**PLAN, **typed}[name] for name in ("course", "name", "language")}
    return client.post(f"/organizations/{organization}/plans", data=fields)


def begun(client: FlaskClient, **typed: Any) -> str:
    """The address of a new plan, without its page."""
    answer = begin(client, **typed)
    assert answer.status_code == 303, answer.text
    return str(answer.location).rpartition("/")[0]


def send(client: FlaskClient, plan: str, page: str, **typed: Any) -> TestResponse:
    """A page with what stands in its fields already and what is typed over it."""
    shown = client.get(f"{plan}/{page}")
    assert shown.status_code == 200, shown.status_code
    fields: dict[str, Any] = dict(form_to(shown, f"{plan}/{page}").fields)
    fields |= {name: re.findall(rf'name="{name}" value="(\d+)" checked', shown.text) for name in ("weekday", "trainer")}
    fields |= {name: re.search(rf'<select id="{name}".*?value="([^"]*)" selected', shown.text, re.S)[1]  # type: ignore[index]
               for name in ("province", "zone") if f'id="{name}"' in shown.text}  # fmt: skip
    return client.post(f"{plan}/{page}", data={**fields, **typed})


def planned(client: FlaskClient, organization: str = "northside", **typed: Any) -> TestResponse:
    """All pages, then published: what the last page answers, or the first that wants another look."""
    answer = begin(client, organization, **typed)
    if answer.status_code != 303:
        return answer
    plan = str(answer.location).rpartition("/")[0]
    typed = {**PLAN, **typed}
    for page in PAGES:
        of_page = {name: value for name, value in typed.items() if page == OF_PAGE.get(name)}
        answer = send(client, plan, page, **of_page)
        if answer.status_code != 303:
            return answer
    return publish(client, plan)


def publish(client: FlaskClient, plan: str) -> TestResponse:
    """The button under the page on which everything stands once more."""
    shown = client.get(f"{plan}/check")
    return client.post(f"{plan}/publish", data=form_to(shown, f"{plan}/publish").fields)


OF_PAGE = {
    **dict.fromkeys(("way", "first", "at", "weekday", "pasted", "province", "zone"), "when"),
    **dict.fromkeys((f"at{day}" for day in range(7)), "when"),
    **dict.fromkeys(("each", "place", "link"), "where"),
    "trainer": "trainers",
    **dict.fromkeys(("places", "check_in", "opens", "recorded", "lock_days", "tell_after"), "places"),
}


def group_of(answer: TestResponse) -> str:
    """The address of the group that was published."""
    assert answer.status_code == 303, answer.text
    return str(answer.location).removesuffix("/begun")
