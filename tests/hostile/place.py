"""A host with a group that stands on the garden, the people in it, and all the pages that they open."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from flask import Flask, url_for
from flask.testing import FlaskClient

from lms.features.accounts import actions as accounts
from lms.features.accounts.roles import Role
from lms.features.attendance import actions as attendance
from lms.features.cohorts import actions as cohorts
from lms.features.cohorts.models import Meeting
from lms.features.organizations import actions as organizations
from lms.features.organizations.models import EnabledPlugin
from lms.host.db import may_write, saved, session
from lms.plugin_api.values import MeetingState
from tests.pages import said
from tests.world import PASSWORD

NOW = datetime(2026, 5, 5, 20, tzinfo=UTC)
CHECKS = "Your trainer will check this one."


@dataclass
class Place:
    app: Flask
    cohort: int
    enrolment: int
    browsers: dict[str, FlaskClient] = field(default_factory=dict)

    def browser(self, name: str) -> FlaskClient:
        if name not in self.browsers:
            client = self.browsers[name] = self.app.test_client()
            if name != "nobody":
                answer = client.post("/sign-in", data={"email": f"{name}@example.org", "password": PASSWORD})
                assert answer.status_code == 303
        return self.browsers[name]

    @property
    def group(self) -> str:
        return f"/cohorts/{self.cohort}"

    def pages(self) -> dict[str, tuple[str, ...]]:
        """Every main page, by who opens it."""
        group, of = self.group, self.enrolment
        shared = (
            f"{group}/course",
            f"{group}/modules/listening",
            f"{group}/activities/what-i-heard",
            f"{group}/classes/1",
        )
        return {
            "sam": ("/today", "/cohorts", "/account", *shared, f"{group}/classes/1/role-play", f"{group}/left",
                    f"{group}/attendance", f"{group}/outcome", f"{group}/certificate"),
            "amina": ("/today", "/reading", "/cohorts", *shared, group, f"{group}/people", f"{group}/grid",
                      f"{group}/people/{of}", f"{group}/outcomes", f"{group}/outcomes/{of}",
                      f"{group}/people/{of}/certificates", f"{group}/classes/1/roll-call", f"{group}/classes/1/role-play"),
            "olga": ("/organizations/north/plugins", "/organizations/north/plugins/garden/health", "/organizations/north/people",
                     "/organizations/north/support", "/organizations/north/cohorts/new", "/host/plugins", "/account"),
            "nobody": ("/", "/sign-in", "/verify", "/handbook"),
        }  # fmt: skip


def every_page_opens(place: Place) -> dict[str, str]:
    """What is said on each; all of them answer 200."""
    found = {}
    for name, paths in place.pages().items():
        for path in paths:
            answer = place.browser(name).get(path)
            assert answer.status_code == 200, (name, path, said(answer))
            found[f"{name} {path}"] = said(answer)
    return found


def every_address_answers(place: Place) -> None:
    """Whatever can be opened on this host, for each person: no page breaks, also those that are not theirs."""
    known = {
        "cohort_id": place.cohort, "enrolment_id": place.enrolment, "slug": "north", "number": 1, "name": "pebbles",
        "module_id": "listening", "activity_id": "what-i-heard", "plugin": "pebbles", "language": "fr",
    }  # fmt: skip
    with place.app.test_request_context():
        paths = {
            url_for(rule.endpoint, **{name: known[name] for name in rule.arguments})
            for rule in place.app.url_map.iter_rules()
            if "GET" in (rule.methods or ()) and rule.arguments <= known.keys()
        }
    assert len(paths) > 40
    for who in ("sam", "amina", "olga", "nobody"):
        for path in sorted(paths):
            answer = place.browser(who).get(path)
            answer.close()
            assert answer.status_code < 500, (who, path)


def settle(app: Flask, plugin: str = "garden") -> Place:
    """An organization that uses the plugin, and a group on the course "welcome" with Sam in it and Amina leading it."""
    host = app.extensions["lms"]
    may_write()
    with app.app_context(), saved():
        north = organizations.add_organization("North", "north", now=NOW, by=None)
        session.add(EnabledPlugin(organization_id=north.id, plugin=plugin, settings={}, enabled_at=NOW))
        people = {
            name: accounts.add_person(name, f"{name}@example.org", language="en", now=NOW, password=PASSWORD)
            for name in ("sam", "amina", "olga")
        }
        for role in (Role.ORGANIZATION_ADMIN, Role.COORDINATOR):
            accounts.grant_role(people["olga"].id, role, organization=north.id, by=None, now=NOW)
        accounts.grant_role(people["olga"].id, Role.HOST_ADMIN, organization=None, by=None, now=NOW)
        plan = cohorts.NewCohort("Group", "en", [NOW - timedelta(hours=4)])
        offered = host.catalog.courses["host:welcome"]
        assert offered.course, offered.loaded.faults
        cohort = cohorts.publish_cohort(north, offered, plan, host.guard.host, by=people["olga"].id, now=NOW)
        accounts.grant_role(
            people["amina"].id,
            Role.TRAINER,
            organization=north.id,
            cohort=cohort.id,
            by=None,
            now=NOW - timedelta(days=1),
        )
        enrolment = cohorts.enrol(cohort, people["sam"], by=None, now=NOW - timedelta(days=1))
        meeting = session.query(Meeting).filter_by(cohort_id=cohort.id).one()
        facts = attendance.ClassFacts(meeting.id, north.id, meeting.starts_at, MeetingState.HELD)
        attendance.mark(facts, enrolment.id, "here", by=people["amina"].id, now=NOW)
        return Place(app, cohort.id, enrolment.id)


def named_to_the_admin(place: Place, *words: str) -> None:
    """The admin's page about the plugin, and the host's page, name the fault."""
    olga = place.browser("olga")
    for path in ("/organizations/north/plugins/garden/health", "/host/plugins"):
        page = said(olga.get(path))
        for word in words:
            assert word in page, (path, word)
