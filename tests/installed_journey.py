"""Run by another Python: the short journey of one plugin on an installed host, in two acts.

`installed_journey.py lived NAME LINK` with the plugin there; `installed_journey.py later NAME` once it is gone. Imports
nothing of the tests: what is installed is all there is.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from lms.app import create_app, instance_folder
from lms.features.accounts import actions as accounts
from lms.features.accounts.roles import Role
from lms.features.certificates.models import Certificate
from lms.features.cohorts import actions as cohorts
from lms.features.organizations.models import Organization
from lms.host.db import saved, session

PASSWORD = "kettle-window-path"
WORDS = "I listened at the kitchen table."
# What plugins want to be told that nobody could guess.
SETTINGS: dict[str, dict[str, Any]] = {
    "webhooks": {"url": "https://example.org/told", "secret": f"whsec_{'A' * 43}=", "events": ["submission"]},
}
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
    """Olga enables the plugin, publishes a group, Sam takes part, is given an outcome and has a certificate."""
    click(app.test_client(), link, password=PASSWORD)
    olga = signed_in(app, "olga")
    see(olga, f"/organizations/north/plugins/{name}")
    click(olga, f"/organizations/north/plugins/{name}", **settings_of(app, name))
    catalog = app.extensions["lms"].catalog
    offered = next((o for o in catalog.sound() if o.plugin == name and o.course.classes), None)
    if offered is None:
        return {}
    cohort, enrolment = group_with_sam(app, offered)
    sam, group = signed_in(app, "sam"), f"/cohorts/{cohort}"
    activity, fields = homework(app, offered.course)
    click(sam, f"{group}/activities/{activity}/submissions", **fields)
    outcome = next(o.id for o in offered.course.outcomes if o.certificate)
    click(olga, f"{group}/outcomes/{enrolment}/decisions", outcome=outcome, reasons="Was there, and took part.")
    click(olga, f"{group}/outcomes/{enrolment}/decisions/1/tell")
    app.extensions["lms"].extras["worker"].run_due()
    with app.app_context():
        serial = session.query(Certificate).one().serial
    kept = {"group": group, "enrolment": enrolment, "activity": activity, "serial": serial}
    everything_reads(app, kept)
    return kept


def later(app: Flask, name: str, kept: dict[str, Any]) -> None:
    """The plugin is gone: what people did, and what they were given, is all there."""
    olga = signed_in(app, "olga")
    assert "is no longer on this host" in see(olga, "/organizations/north/plugins")
    if kept:
        everything_reads(app, kept)


def everything_reads(app: Flask, kept: dict[str, Any]) -> None:
    sam, olga, group = signed_in(app, "sam"), signed_in(app, "olga"), kept["group"]
    assert WORDS in see(sam, f"{group}/activities/{kept['activity']}")
    for path in ("course", "left", "attendance", "outcome"):
        see(sam, f"{group}/{path}")
    assert kept["serial"] in see(sam, f"{group}/certificate")
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
    """An activity that asks for words, with its fields filled in."""
    guard = app.extensions["lms"].guard
    for activity in course.activities.values():
        fields = guard.homework(course, activity).form(activity)
        if any(field.kind == "long" for field in fields) and "team" in activity.audience:
            return activity.id, {f.name: f.choices[0].value if f.choices else WORDS for f in fields}
    raise AssertionError("this course asks nobody for words")


def settings_of(app: Flask, name: str) -> dict[str, Any]:
    """Something for each setting that must be filled in."""
    model = app.extensions["lms"].guard.host.plugins[name].about.settings
    wanted = [field for field, info in model.model_fields.items() if info.is_required()]
    return SETTINGS.get(name) or dict.fromkeys(wanted, "Rosa Blackwater")


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
