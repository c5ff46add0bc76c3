"""Run by another Python: the short journey of one plugin on an installed host, in two acts.

`installed_journey.py lived NAME LINK` with the plugin there; `installed_journey.py later NAME` once it is gone. Imports
nothing of the tests: what is installed is all there is.
"""

from __future__ import annotations

import json
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from html import unescape
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from lms.app import create_app, instance_folder
from lms.features.accounts import actions as accounts
from lms.features.accounts.roles import Role
from lms.features.certificates.models import Certificate
from lms.features.cohorts import actions as cohorts
from lms.features.organizations.models import Organization
from lms.features.submissions.models import Review
from lms.host.db import saved, session

PASSWORD = "kettle-window-path"
WORDS = "I listened at the kitchen table."
BACK = "I could see the table."
# Ids of criteria that a text may be judged by; others are left alone.
LINES = ["moment", "meaning", "next", "own-example", "what-it-did", "next-time"]
WEBHOOKS = {"secret": f"whsec_{'A' * 43}=", "events": ["submission", "certificate"]}
KEPT = instance_folder() / "journey.json"


def main() -> None:
    act, name, *rest = sys.argv[1:]
    app = create_app()
    host = app.extensions["lms"].guard.host
    if act == "lived":
        assert [p.name for p in host.usable() if not p.built_in] == [name], "this plugin, and it alone"
        KEPT.write_text(json.dumps(lived(app, name, *rest)), encoding="utf-8")
    else:
        assert name not in host.plugins
        later(app, name, json.loads(KEPT.read_text(encoding="utf-8")))


def lived(app: Flask, name: str, link: str) -> dict[str, Any]:
    """Olga enables the plugin and leads a group; Sam takes part, is given an outcome and has a certificate."""
    click(app.test_client(), link, password=PASSWORD)
    olga = signed_in(app, "olga")
    see(olga, f"/organizations/north/plugins/{name}")
    with listening() as (address, heard):
        click(olga, f"/organizations/north/plugins/{name}", **settings_of(app, name, address))
        kept = taken_part(app, name, olga)
        app.extensions["lms"].extras["worker"].run_due()
        PROMISES[name](app, kept, heard)
    everything_reads(app, kept)
    return kept


def taken_part(app: Flask, name: str, olga: FlaskClient) -> dict[str, Any]:
    """Class, lesson, homework, feedback, what people confirm, outcome. A plugin without a course has the host's own."""
    courses = [o for o in app.extensions["lms"].catalog.sound() if o.course.classes]
    offered = next((o for o in courses if o.plugin == name), courses[0])
    cohort, enrolment = group_with_sam(app, offered)
    sam, group = signed_in(app, "sam"), f"/cohorts/{cohort}"
    click(olga, f"{group}/classes/1/marks/everyone")
    lesson = next(a.id for a in offered.course.activities.values() if a.kind == "reading")
    click(sam, f"{group}/activities/{lesson}/submissions")
    activity, fields = homework(app, offered.course)
    click(sam, f"{group}/activities/{activity}/submissions", **fields)
    text = re.search(r"/reading/(\d+)/release", click(olga, "/reading/next"))
    assert text
    criteria = {f"level-{line}": "4" for line in LINES} | {"tick": LINES}
    click(olga, f"/reading/{text[1]}/release", came_through=BACK, decision="accept", **criteria)
    person, today = f"{group}/people/{enrolment}", datetime.now(UTC).date() - timedelta(days=1)
    for asked in (r.id for r in offered.course.requirements if r.kind == "confirmed"):
        click(olga, f"{person}/confirmations", requirement=asked, on=str(today), note="Seen")
    with app.app_context(), saved():
        for review in session.query(Review):
            review.visible_from = review.released_at  # the seconds in which it can be undone are over
    outcome = next(o.id for o in offered.course.outcomes if o.certificate)
    click(olga, f"{group}/outcomes/{enrolment}/decisions", outcome=outcome, reasons="Was there, and took part.")
    click(olga, f"{group}/outcomes/{enrolment}/decisions/1/tell")
    app.extensions["lms"].extras["worker"].run_due()
    with app.app_context():
        serial = session.query(Certificate).one().serial
    papers = re.findall(rf'"(/certificates/{serial}/papers/[^"]+)"', see(sam, f"{group}/certificate"))
    sizes = {paper: len(sam.get(paper).data) for paper in papers}
    return {"group": group, "enrolment": enrolment, "activity": activity, "serial": serial, "papers": sizes}


Heard = list[dict[str, Any]]


def northside(app: Flask, kept: dict[str, Any], heard: Heard) -> None:
    assert "Level 1" in see(signed_in(app, "olga"), f"{kept['group']}/reports/northside-funder")
    assert kept["papers"]


def harbourlight(app: Flask, kept: dict[str, Any], heard: Heard) -> None:
    page = see(signed_in(app, "olga"), "/organizations/north/cohorts/new")
    assert "Peer support in ten weeks" in page
    assert "Peer support in five days" in page
    assert "which is a separate and independent process" in see(app.test_client(), f"/certificates/{kept['serial']}")
    assert kept["papers"]


def rowanstreet(app: Flask, kept: dict[str, Any], heard: Heard) -> None:
    left = see(signed_in(app, "sam"), f"{kept['group']}/left")
    assert "Each of the seven modules, once" in left
    for outside in (
        "mental health first aid",
        "overdose response with naloxone",
        "responding to distress",
        "first aid",
    ):
        assert f"Outside training: {outside}" in left
    assert "Confirmed by Olga" in left
    assert kept["papers"]


def tidewater(app: Flask, kept: dict[str, Any], heard: Heard) -> None:
    assert "Only Olga can read it." in see(signed_in(app, "sam"), f"{kept['group']}/activities/{kept['activity']}")
    assert "accredits nobody" in see(app.test_client(), f"/certificates/{kept['serial']}")


def peerstandards(app: Flask, kept: dict[str, Any], heard: Heard) -> None:
    page = see(signed_in(app, "olga"), "/organizations/north/frameworks/core-values")
    assert "Lifelong learning and personal growth" in page
    assert "Last reviewed on" in page
    assert "A value for this week" in see(signed_in(app, "sam"), "/today")


def webhooks(app: Flask, kept: dict[str, Any], heard: Heard) -> None:
    assert {"after_submission", "after_certificate"} == {message["type"] for message in heard}
    assert WORDS not in json.dumps(heard)


# What each plugin is there for, as seen in the journey of somebody who has it.
PROMISES = {one.__name__: one for one in (northside, harbourlight, rowanstreet, tidewater, peerstandards, webhooks)}


def later(app: Flask, name: str, kept: dict[str, Any]) -> None:
    """The plugin is gone: what people did, and what they were given, is all there."""
    olga = signed_in(app, "olga")
    assert "is no longer on this host" in see(olga, "/organizations/north/plugins")
    see(olga, "/organizations/north/frameworks")
    everything_reads(app, kept)


def everything_reads(app: Flask, kept: dict[str, Any]) -> None:
    sam, olga, group = signed_in(app, "sam"), signed_in(app, "olga"), kept["group"]
    page = see(sam, f"{group}/activities/{kept['activity']}")
    assert WORDS in page
    assert BACK in page
    for path in ("course", "left", "attendance", "outcome"):
        see(sam, f"{group}/{path}")
    assert kept["serial"] in see(sam, f"{group}/certificate")
    assert kept["papers"] == {paper: len(sam.get(paper).data) for paper in kept["papers"]}
    assert "Sam" in see(olga, f"{group}/people")
    for path in ("", "/grid", f"/people/{kept['enrolment']}", f"/outcomes/{kept['enrolment']}"):
        see(olga, f"{group}{path}")
    verified = see(app.test_client(), f"/certificates/{kept['serial']}")
    assert "This certificate is valid." in verified
    assert "Sam" in verified


def group_with_sam(app: Flask, offered: Any) -> tuple[int, int]:
    now, host = datetime.now(UTC), app.extensions["lms"].guard.host
    begins = now - timedelta(days=1)
    with app.app_context(), saved():
        north = session.query(Organization).filter_by(slug="north").one()
        olga, sam = (
            accounts.person_by_email("olga@example.org"),
            accounts.add_person("Sam", "sam@example.org", language="en", now=now, password=PASSWORD),
        )
        assert olga is not None
        plan = cohorts.NewCohort(
            "Group", "en", [begins + timedelta(days=n) for n in range(len(offered.course.classes))]
        )
        cohort = cohorts.publish_cohort(north, offered, plan, host, by=olga.id, now=begins)
        accounts.grant_role(olga.id, Role.TRAINER, organization=north.id, cohort=cohort.id, by=None, now=begins)
        enrolment = cohorts.enrol(cohort, sam, by=olga.id, now=now)
        return cohort.id, enrolment.id


def homework(app: Flask, course: Any) -> tuple[str, dict[str, str]]:
    """An activity whose words a trainer reads, with its fields filled in."""
    guard = app.extensions["lms"].guard
    for activity in course.activities.values():
        kind = guard.homework(course, activity)
        fields = kind.form(activity)
        if kind.reviewed and activity.audience[0] != "me" and any(field.kind == "long" for field in fields):
            return activity.id, {f.name: f.choices[0].value if f.choices else WORDS for f in fields}
    raise AssertionError("this course asks nobody for words")


def settings_of(app: Flask, name: str, address: str) -> dict[str, Any]:
    """Something for each setting that must be filled in; `address` is where to send what is sent."""
    model = app.extensions["lms"].guard.host.plugins[name].about.settings
    wanted = [field for field, info in model.model_fields.items() if info.is_required()]
    typed: dict[str, Any] = dict.fromkeys(wanted, "Rosa Blackwater")
    return typed | ({"url": address, "allow_local": "on", **WEBHOOKS} if name == "webhooks" else {})


@contextmanager
def listening() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """An address of this computer, and the messages that came there."""
    heard: list[dict[str, Any]] = []

    class Told(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *said: object) -> None:
            """Nothing: the output is the journey's."""

    server = HTTPServer(("127.0.0.1", 0), Told)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/told", heard
    finally:
        server.shutdown()
        server.server_close()


def signed_in(app: Flask, name: str) -> FlaskClient:
    client = app.test_client()
    click(client, "/sign-in", email=f"{name}@example.org", password=PASSWORD)
    return client


def click(client: FlaskClient, path: str, **fields: Any) -> str:
    answer = client.post(path, data=fields, headers={"Sec-Fetch-Site": "same-origin"}, follow_redirects=True)
    assert answer.status_code == 200, (path, answer.status_code, answer.text.partition("<main")[2])
    return unescape(answer.text)


def see(client: FlaskClient, path: str) -> str:
    answer = client.get(path, follow_redirects=True)
    assert answer.status_code == 200, (path, answer.status_code)
    return unescape(answer.text)


if __name__ == "__main__":
    main()
