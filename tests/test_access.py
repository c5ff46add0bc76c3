"""Every route as every kind of person: who gets in, and that everybody else gets "not found" or is asked to sign in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.features.accounts import actions as accounts
from lms.features.accounts.roles import Role
from lms.features.attendance.models import MakeUp, MarkQuestion
from lms.features.care.models import Concern
from lms.features.certificates.models import Certificate, Paper
from lms.features.cohorts import actions as cohorts
from lms.features.cohorts import invitations, plans
from lms.features.cohorts.models import Cohort
from lms.features.decisions.models import Decision
from lms.features.organizations import actions as organizations
from lms.features.organizations.models import Organization, PluginSettingsChange
from lms.features.programmes import actions as programmes
from lms.features.series.models import Series, SeriesCohort, SeriesEvent
from lms.features.submissions.models import Attachment, DraftVersion, Opening, Review
from lms.features.talks.models import Talk
from lms.host import storage
from lms.host.db import saved, session
from lms.host.uploads import new_name
from tests.counting import counted
from tests.world import (
    FIRST_HOMEWORK,
    NORTHSIDE_COURSE,
    World,
    build_world,
    held_classes,
    northside_app,
    sent_homework,
    sign_in,
)

# Sam's cohort is the evening group; Kim is in it too, Wes is not. Amina leads it, Luc leads another one.
KINDS = ("nobody", "Sam", "Kim", "Wes", "Amina", "Luc", "Rosa", "Olga", "Camille", "Noor")
ALL = set(KINDS)
SIGNED_IN = ALL - {"nobody"}
IN_GROUP = {"Sam", "Kim", "Amina", "Rosa"}
LEADS = {"Amina", "Rosa"}
TRAINEES = {"Sam", "Kim"}
COORDINATES = {"Rosa"}
SETS_UP = {"Rosa", "Olga"}

OPEN_TO: dict[str, set[str]] = {
    "GET /": ALL,
    "GET /static/<path:filename>": ALL,
    "GET /sign-in": ALL,
    "POST /sign-in": ALL,
    "POST /sign-in/link": ALL,
    "GET /sign-in/link/<token>": ALL,
    "POST /sign-in/link/<token>": ALL,
    "GET /forgot-password": ALL,
    "POST /forgot-password": ALL,
    "GET /reset-password/<token>": ALL,
    "POST /reset-password/<token>": ALL,
    "POST /language": ALL,
    "POST /display": ALL,
    "GET /account": SIGNED_IN,
    "GET /account/writing": SIGNED_IN,
    "POST /account/password": SIGNED_IN,
    "GET /handbook": ALL,
    "GET /handbook/<page_id>": ALL,
    "GET /verify": ALL,
    "GET /certificates/<serial>": ALL,
    "GET /invitations/<token>": ALL,
    "POST /invitations/<token>": ALL,
    "GET /today": SIGNED_IN,
    "GET /cohorts": SIGNED_IN,
    "GET /pictures/<digest>": set(),
    # organizations
    "GET /organizations/<slug>/plugins": {"Olga"},
    "GET /organizations/<slug>/plugins/<name>": {"Olga"},
    "POST /organizations/<slug>/plugins/<name>": {"Olga"},
    "GET /organizations/<slug>/plugins/<name>/turn-off": {"Olga"},
    "POST /organizations/<slug>/plugins/<name>/turn-off": {"Olga"},
    "GET /organizations/<slug>/plugins/<name>/history": {"Olga"},
    "POST /organizations/<slug>/plugins/<name>/history/<int:change_id>/put-back": {"Olga"},
    "GET /organizations/<slug>/plugins/<name>/data.json": {"Olga"},
    "POST /organizations/<slug>/plugins/<name>/remove-data": {"Olga"},
    "GET /organizations/<slug>/plugins/<name>/try": {"Olga"},
    "GET /organizations/<slug>/plugins/<name>/try/papers/<issuer>": {"Olga"},
    "GET /organizations/<slug>/plugins/<name>/health": {"Olga"},
    "POST /organizations/<slug>/plugins/<name>/check": {"Olga"},
    "GET /organizations/<slug>/plugins/<name>/what-would-change": {"Olga"},
    "GET /organizations/<slug>/people": {"Olga"},
    "POST /organizations/<slug>/invitations": {"Olga"},
    "POST /organizations/<slug>/invitations/<int:invitation_id>/withdraw": {"Olga"},
    "POST /organizations/<slug>/roles/<int:grant_id>/end": {"Olga"},
    "GET /organizations/<slug>/programmes": SETS_UP,
    "GET /organizations/<slug>/programmes/<key>": SETS_UP,
    "POST /organizations/<slug>/programmes/<key>/papers": SETS_UP,
    "GET /organizations/<slug>/programmes/<key>/rule": SETS_UP,
    "POST /organizations/<slug>/programmes/<key>/rule": SETS_UP,
    "GET /organizations/<slug>/programmes/<key>/rule/what-would-change": SETS_UP,
    "POST /organizations/<slug>/programmes/<key>/versions": SETS_UP,
    "GET /organizations/<slug>/programmes/<key>/versions/<int:number>": SETS_UP,
    "GET /organizations/<slug>/programmes/<key>/walk": SETS_UP,
    "GET /organizations/<slug>/programmes/<key>/walk/people/<who>/left": SETS_UP,
    "GET /organizations/<slug>/programmes/<key>/walk/people/<who>/attendance": SETS_UP,
    "GET /organizations/<slug>/programmes/<key>/walk/modules/<module_id>": SETS_UP,
    "GET /organizations/<slug>/programmes/<key>/walk/activities/<activity_id>": SETS_UP,
    "GET /organizations/<slug>/programmes/<key>/walk/classes/<int:number>": SETS_UP,
    "GET /organizations/<slug>/programmes/<key>/walk/end": SETS_UP,
    "POST /organizations/<slug>/programmes/<key>/walk/end": SETS_UP,
    "GET /organizations/<slug>/support": {"Olga"},
    "POST /organizations/<slug>/support": {"Olga"},
    "GET /organizations/<slug>/frameworks": {"Olga", "Rosa"},
    "GET /organizations/<slug>/frameworks/<framework_name>": {"Olga", "Rosa"},
    "GET /organizations/<slug>/frameworks/<framework_name>/coverage.csv": {"Olga", "Rosa"},
    "GET /organizations/<slug>/cohorts/new": COORDINATES,
    "POST /organizations/<slug>/plans": COORDINATES,
    "POST /organizations/<slug>/plans/copy": COORDINATES,
    "GET /organizations/<slug>/plans/<int:plan_id>/<step>": COORDINATES,
    "POST /organizations/<slug>/plans/<int:plan_id>/<step>": COORDINATES,
    "POST /organizations/<slug>/plans/<int:plan_id>/put-away": COORDINATES,
    "POST /organizations/<slug>/plans/<int:plan_id>/publish": COORDINATES,
    "GET /cohorts/<int:cohort_id>/begun": COORDINATES,
    "POST /cohorts/<int:cohort_id>/places": COORDINATES,
    # calendars
    "GET /calendar": SIGNED_IN,
    "POST /calendar/addresses": SIGNED_IN,
    "GET /calendar/<token>.ics": ALL,
    "GET /cohorts/<int:cohort_id>/classes/<int:number>/class.ics": IN_GROUP,
    "GET /host/plugins": {"Noor"},
    "POST /host/outbox/<int:row_id>/try-again": {"Noor"},
    # the course
    "GET /cohorts/<int:cohort_id>": IN_GROUP,
    "GET /cohorts/<int:cohort_id>/course": IN_GROUP,
    "GET /cohorts/<int:cohort_id>/modules/<module_id>": IN_GROUP,
    "GET /cohorts/<int:cohort_id>/activities/<activity_id>": IN_GROUP,
    "GET /cohorts/<int:cohort_id>/classes/<int:number>": IN_GROUP,
    "GET /cohorts/<int:cohort_id>/classes/<int:number>/role-play": IN_GROUP,
    "GET /cohorts/<int:cohort_id>/classes/<int:number>/role-play/live": IN_GROUP,
    "POST /cohorts/<int:cohort_id>/classes/<int:number>/role-play/run": LEADS,
    "POST /cohorts/<int:cohort_id>/classes/<int:number>/role-play/messages": LEADS,
    "POST /cohorts/<int:cohort_id>/classes/<int:number>/role-play/clock": LEADS,  # members: once they have a group
    "POST /cohorts/<int:cohort_id>/classes/<int:number>/role-play/room": TRAINEES,
    "GET /cohorts/<int:cohort_id>/practice": IN_GROUP,
    "GET /cohorts/<int:cohort_id>/classes/<int:number>/role-play/pairs": IN_GROUP,
    "POST /cohorts/<int:cohort_id>/classes/<int:number>/role-play/pairs": TRAINEES,
    "POST /cohorts/<int:cohort_id>/classes/<int:number>/role-play/pairs/<int:pair>": set(),  # there is no such pair
    "POST /cohorts/<int:cohort_id>/classes/<int:number>/role-play/pairs/<int:pair>/partner": set(),
    "GET /cohorts/<int:cohort_id>/classes/<int:number>/role-play/pairs/<int:pair>/room": set(),
    "POST /cohorts/<int:cohort_id>/classes/<int:number>/role-play/pairs/<int:pair>/room": set(),
    "GET /cohorts/<int:cohort_id>/practice/<practice_id>": IN_GROUP,
    "POST /cohorts/<int:cohort_id>/practice/<practice_id>": TRAINEES,
    "GET /cohorts/<int:cohort_id>/classes/<int:number>/role-play/sheet": TRAINEES,
    "GET /cohorts/<int:cohort_id>/classes/<int:number>/role-play/sheet/received": TRAINEES,
    "POST /cohorts/<int:cohort_id>/classes/<int:number>/role-play/sheet": TRAINEES,
    "GET /cohorts/<int:cohort_id>/classes/<int:number>/role-play/closing": TRAINEES,
    "POST /cohorts/<int:cohort_id>/classes/<int:number>/role-play/check-in": TRAINEES,
    "GET /cohorts/<int:cohort_id>/classes/<int:number>/role-play/board": LEADS,
    "POST /cohorts/<int:cohort_id>/classes/<int:number>/role-play/visits": LEADS,
    "POST /cohorts/<int:cohort_id>/classes/<int:number>/role-play/notes": LEADS,
    "GET /cohorts/<int:cohort_id>/role-play": LEADS,
    "GET /cohorts/<int:cohort_id>/people/<int:enrolment_id>/role-play": LEADS,
    "GET /cohorts/<int:cohort_id>/role-play/mine": TRAINEES,
    "POST /cohorts/<int:cohort_id>/role-play/mine": TRAINEES,
    "POST /cohorts/<int:cohort_id>/activities/<activity_id>/draft": TRAINEES,
    "POST /cohorts/<int:cohort_id>/activities/<activity_id>/submissions": TRAINEES,
    "POST /cohorts/<int:cohort_id>/activities/<activity_id>/clock": set(),  # this piece has none
    "POST /cohorts/<int:cohort_id>/activities/<activity_id>/draft/versions/<int:version_id>": {"Sam"},
    "POST /cohorts/<int:cohort_id>/submissions/<int:submission_id>/replies": {"Kim"},  # hers is answered
    "POST /cohorts/<int:cohort_id>/submissions/<int:submission_id>/take-back": {"Sam"},
    "POST /cohorts/<int:cohort_id>/activities/<activity_id>/files": TRAINEES,
    "POST /cohorts/<int:cohort_id>/activities/<activity_id>/files/<int:file_id>/delete": {"Sam"},
    "POST /cohorts/<int:cohort_id>/activities/<activity_id>/files/<int:file_id>/move": {"Sam"},
    "GET /cohorts/<int:cohort_id>/files/<int:file_id>": {"Sam"},
    "GET /cohorts/<int:cohort_id>/attendance": TRAINEES,
    "GET /cohorts/<int:cohort_id>/classes/<int:number>/question": TRAINEES,
    "POST /cohorts/<int:cohort_id>/classes/<int:number>/question": TRAINEES,
    "GET /cohorts/<int:cohort_id>/classes/<int:number>/make-up": TRAINEES,
    "POST /cohorts/<int:cohort_id>/classes/<int:number>/make-up": TRAINEES,
    "POST /cohorts/<int:cohort_id>/classes/<int:number>/make-up/done": TRAINEES,
    "POST /cohorts/<int:cohort_id>/classes/<int:number>/make-up/take-back": TRAINEES,
    "GET /cohorts/<int:cohort_id>/left": TRAINEES,
    "GET /cohorts/<int:cohort_id>/outcome": TRAINEES,
    "GET /cohorts/<int:cohort_id>/certificate": TRAINEES,
    "POST /cohorts/<int:cohort_id>/classes/<int:number>/notice": TRAINEES,
    "POST /cohorts/<int:cohort_id>/classes/<int:number>/notice/withdraw": TRAINEES,
    "POST /cohorts/<int:cohort_id>/classes/<int:number>/role-play/topics": TRAINEES,
    "POST /cohorts/<int:cohort_id>/classes/<int:number>/role-play/not-the-person": TRAINEES,
    "GET /cohorts/<int:cohort_id>/classes/<int:number>/check-in": TRAINEES,
    "POST /cohorts/<int:cohort_id>/classes/<int:number>/check-in": TRAINEES,
    # one's place: a break, leaving; noted by those who lead; another group by those who coordinate
    "GET /cohorts/<int:cohort_id>/break": TRAINEES,
    "POST /cohorts/<int:cohort_id>/break": TRAINEES,
    "POST /cohorts/<int:cohort_id>/break/end": TRAINEES,
    "GET /cohorts/<int:cohort_id>/leave": TRAINEES,
    "POST /cohorts/<int:cohort_id>/leave": TRAINEES,  # without the word that stands on the page, it is shown again
    "POST /cohorts/<int:cohort_id>/leave/undo": TRAINEES,  # and those who have left by themselves
    "GET /cohorts/<int:cohort_id>/people/<int:enrolment_id>/place": LEADS,
    "POST /cohorts/<int:cohort_id>/people/<int:enrolment_id>/break": LEADS,
    "POST /cohorts/<int:cohort_id>/people/<int:enrolment_id>/break/end": LEADS,
    "GET /cohorts/<int:cohort_id>/people/<int:enrolment_id>/transfer": COORDINATES,
    "POST /cohorts/<int:cohort_id>/people/<int:enrolment_id>/transfer": COORDINATES,
    # leading
    "GET /cohorts/<int:cohort_id>/people": LEADS,
    "POST /cohorts/<int:cohort_id>/invitations": LEADS,
    "POST /cohorts/<int:cohort_id>/invitations/<int:invitation_id>/withdraw": LEADS,
    "POST /cohorts/<int:cohort_id>/people/<int:enrolment_id>/leave": LEADS,
    "POST /cohorts/<int:cohort_id>/people/<int:enrolment_id>/return": COORDINATES,
    "POST /cohorts/<int:cohort_id>/finish": COORDINATES,
    "POST /cohorts/<int:cohort_id>/classes/<int:number>/cancel": LEADS,
    "POST /cohorts/<int:cohort_id>/classes/<int:number>/move": LEADS,
    "POST /cohorts/<int:cohort_id>/classes/<int:number>/on-again": LEADS,
    "GET /cohorts/<int:cohort_id>/classes/<int:number>/roll-call": LEADS,
    "GET /cohorts/<int:cohort_id>/classes/<int:number>/check-in/screen": LEADS,
    "GET /cohorts/<int:cohort_id>/classes/<int:number>/participants": LEADS,
    "POST /cohorts/<int:cohort_id>/classes/<int:number>/participants": LEADS,
    "POST /cohorts/<int:cohort_id>/classes/<int:number>/participants/confirm": LEADS,
    "GET /cohorts/<int:cohort_id>/classes/<int:number>/marks": LEADS,
    "POST /cohorts/<int:cohort_id>/classes/<int:number>/marks": LEADS,
    "POST /cohorts/<int:cohort_id>/classes/<int:number>/marks/everyone": LEADS,
    "POST /cohorts/<int:cohort_id>/classes/<int:number>/role-play/groups": LEADS,
    "POST /cohorts/<int:cohort_id>/classes/<int:number>/role-play/groups/swap": LEADS,
    "POST /cohorts/<int:cohort_id>/classes/<int:number>/role-play/groups/merge": LEADS,
    "POST /cohorts/<int:cohort_id>/classes/<int:number>/role-play/groups/join": LEADS,
    "POST /cohorts/<int:cohort_id>/classes/<int:number>/role-play/groups/go-on": LEADS,
    "POST /cohorts/<int:cohort_id>/classes/<int:number>/role-play/groups/bring": LEADS,
    "POST /cohorts/<int:cohort_id>/classes/<int:number>/role-play/groups/lock": LEADS,
    "POST /cohorts/<int:cohort_id>/classes/<int:number>/role-play/groups/card": LEADS,
    "POST /cohorts/<int:cohort_id>/classes/<int:number>/role-play/groups/times": LEADS,
    "GET /cohorts/<int:cohort_id>/role-play/wishes": LEADS,
    "GET /cohorts/<int:cohort_id>/role-play/cards": LEADS,
    "GET /cohorts/<int:cohort_id>/role-play/cards/<card_name>": LEADS,
    "POST /cohorts/<int:cohort_id>/role-play/wishes": LEADS,
    "POST /cohorts/<int:cohort_id>/role-play/wishes/drop": LEADS,
    "GET /cohorts/<int:cohort_id>/grid": LEADS,
    "GET /cohorts/<int:cohort_id>/grid/classes.csv": LEADS,
    "GET /cohorts/<int:cohort_id>/grid/requirements.csv": LEADS,
    "GET /cohorts/<int:cohort_id>/version": COORDINATES,
    "POST /cohorts/<int:cohort_id>/version": COORDINATES,
    "GET /cohorts/<int:cohort_id>/rule": COORDINATES,
    "POST /cohorts/<int:cohort_id>/rule": COORDINATES,
    "GET /cohorts/<int:cohort_id>/reports/<report_name>": COORDINATES,
    "GET /cohorts/<int:cohort_id>/reports/<report_name>/report.csv": COORDINATES,
    "GET /cohorts/<int:cohort_id>/questions": LEADS,
    "POST /cohorts/<int:cohort_id>/questions/<int:question_id>/answer": LEADS,
    "GET /cohorts/<int:cohort_id>/make-ups": LEADS,
    "GET /cohorts/<int:cohort_id>/classes/<int:number>/people/<int:enrolment_id>/make-up": LEADS,
    "POST /cohorts/<int:cohort_id>/classes/<int:number>/people/<int:enrolment_id>/make-up": LEADS,
    "POST /cohorts/<int:cohort_id>/make-ups/<int:make_up_id>/agree": LEADS,
    "POST /cohorts/<int:cohort_id>/make-ups/<int:make_up_id>/decide": LEADS,
    "POST /cohorts/<int:cohort_id>/make-ups/<int:make_up_id>/guest": set(),  # Sam comes to no other group's class
    "GET /cohorts/<int:cohort_id>/people/<int:enrolment_id>/attendance": LEADS,
    "POST /cohorts/<int:cohort_id>/people/<int:enrolment_id>/attendance/<int:number>/waiver": COORDINATES,
    "POST /cohorts/<int:cohort_id>/people/<int:enrolment_id>/attendance/<int:number>/waiver/withdraw": COORDINATES,
    "GET /cohorts/<int:cohort_id>/honorarium": LEADS,
    "GET /cohorts/<int:cohort_id>/honorarium.csv": LEADS,
    "GET /cohorts/<int:cohort_id>/people/<int:enrolment_id>": LEADS,
    "POST /cohorts/<int:cohort_id>/people/<int:enrolment_id>/confirmations": LEADS,
    "POST /cohorts/<int:cohort_id>/people/<int:enrolment_id>/waivers": COORDINATES,
    "POST /cohorts/<int:cohort_id>/people/<int:enrolment_id>/waivers/withdraw": COORDINATES,
    "GET /cohorts/<int:cohort_id>/outcomes": LEADS,
    "GET /cohorts/<int:cohort_id>/outcomes/<int:enrolment_id>": LEADS,
    "POST /cohorts/<int:cohort_id>/outcomes/<int:enrolment_id>/decisions": LEADS,
    "POST /cohorts/<int:cohort_id>/outcomes/<int:enrolment_id>/decisions/<int:decision_id>/tell": LEADS,
    "GET /cohorts/<int:cohort_id>/people/<int:enrolment_id>/certificates": LEADS,
    # open series: coordinators make them, hosts run them, people of their groups come
    "GET /organizations/<slug>/series": COORDINATES,
    "POST /organizations/<slug>/series": COORDINATES,
    "GET /series/<int:series_id>": LEADS,  # Amina hosts it
    "POST /series/<int:series_id>": COORDINATES,
    "POST /series/<int:series_id>/events": COORDINATES,
    "POST /series/<int:series_id>/end": COORDINATES,
    "POST /series/<int:series_id>/go-on": COORDINATES,
    "GET /series/events/<int:event_id>": LEADS,
    "POST /series/events/<int:event_id>/there": LEADS,
    "POST /series/events/<int:event_id>/move": LEADS,
    "POST /series/events/<int:event_id>/cancel": LEADS,
    "GET /series/events/<int:event_id>/guests.csv": LEADS,
    "GET /open-events": SIGNED_IN,
    "POST /open-events/<int:event_id>/coming": TRAINEES,
    # talks: trainers of the cohort offer and hold them, trainees take them
    "GET /cohorts/<int:cohort_id>/talks": {"Amina"},
    "POST /cohorts/<int:cohort_id>/talks": {"Amina"},
    "POST /cohorts/<int:cohort_id>/talks/<int:talk_id>/cancel": {"Amina"},
    "GET /cohorts/<int:cohort_id>/talks/<int:talk_id>/result": {"Amina"},
    "POST /cohorts/<int:cohort_id>/talks/<int:talk_id>/result": {"Amina"},
    "POST /cohorts/<int:cohort_id>/activities/<activity_id>/talks/<int:talk_id>/take": TRAINEES,
    "POST /cohorts/<int:cohort_id>/activities/<activity_id>/talks/<int:talk_id>/give-back": TRAINEES,
    # care: those who lead raise it; those who coordinate, and who raised it, read it
    "GET /cohorts/<int:cohort_id>/people/<int:enrolment_id>/concern": LEADS,
    "POST /cohorts/<int:cohort_id>/people/<int:enrolment_id>/concern": LEADS,
    "GET /concerns": {"Amina", "Luc", "Rosa", "Camille"},
    "GET /concerns/<int:concern_id>": {"Amina", "Rosa"},
    "POST /concerns/<int:concern_id>/steps": {"Amina", "Rosa"},
    "GET /cohorts/<int:cohort_id>/people/<int:enrolment_id>/help": COORDINATES,
    "POST /cohorts/<int:cohort_id>/people/<int:enrolment_id>/help": COORDINATES,
    # reading: trainers of the cohort and nobody else, not even those who coordinate
    "GET /reading": {"Amina", "Luc"},
    "POST /reading/next": SIGNED_IN,  # opens what one may read; for most people that is nothing
    "POST /reading/<int:submission_id>/open": {"Amina"},
    "GET /reading/<int:submission_id>": {"Amina"},
    "GET /reading/<int:submission_id>/files/<int:file_id>": {"Amina"},  # who has opened the text
    "POST /reading/<int:submission_id>/draft": {"Amina"},
    "POST /reading/<int:submission_id>/release": {"Amina"},
    "POST /reading/reviews/<int:review_id>/undo": {"Amina"},
    "POST /reading/<int:submission_id>/aside": {"Amina"},
    "POST /reading/<int:submission_id>/take-up": {"Amina"},
    "POST /reading/<int:submission_id>/give": {"Amina"},
    "POST /reading/<int:submission_id>/notes": {"Amina"},
    "POST /reading/<int:submission_id>/without-second": set(),  # nobody waits for a second reader
    "GET /reading/held": {"Amina", "Luc"},
    "POST /reading/held/release": SIGNED_IN,  # sends what oneself holds back; for most people that is nothing
    "POST /reading/resting": SIGNED_IN,
    "GET /reading/second": {"Amina", "Luc"},
    "GET /reading/second/<int:submission_id>": set(),
    "POST /reading/second/<int:submission_id>/open": set(),
    "POST /reading/second/<int:submission_id>": {"Amina"},
    "POST /reading/second/<int:submission_id>/settle": set(),
    "GET /reading/starters": {"Amina", "Luc"},
    "POST /reading/starters": {"Amina", "Luc"},
    "POST /reading/starters/<int:starter_id>/remove": set(),  # one's own alone: none here
    # certificates
    "GET /certificates/<serial>/print": {"Sam", "Rosa"},
    "GET /certificates/<serial>/papers/<filename>": {"Sam", "Rosa"},
    "POST /certificates/<serial>/replacements": COORDINATES,
    "POST /certificates/<serial>/revocation": COORDINATES,
}
# They end the sign-in that the other checks use; the journeys test them.
ENDS_SIGN_IN = {"POST /sign-out", "POST /account/sign-out-everywhere"}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, migrated_database: Path) -> Flask:
    return northside_app(tmp_path_factory.mktemp("access") / "instance", migrated_database)


@pytest.fixture(scope="module")
def world(app: Flask) -> World:
    made = build_world(app)
    held_classes(app, made, "evening", {})
    return made


@pytest.fixture(scope="module")
def browsers(app: Flask, world: World) -> dict[str, FlaskClient]:
    return {name: app.test_client() if name == "nobody" else sign_in(app, name) for name in KINDS}


@pytest.fixture(scope="module")
def things(app: Flask, world: World) -> dict[str, object]:
    """One of everything that an address can name; all of it belongs to Sam or to the evening group."""
    submission = sent_homework(app, world, "Sam")
    another = sent_homework(app, world, "Sam", activity="whose-hands")
    now = datetime.now(UTC)
    with app.app_context(), saved():
        decision = Decision(
            enrolment_id=world.enrolments["Sam"],
            outcome_id="level-1",
            reasons="Took part.",
            verdicts=[],
            decided_by=world.people["Amina"],
            decided_at=now,
        )
        review = Review(
            submission_id=sent_homework(app, world, "Kim"),
            reviewer_id=world.people["Amina"],
            decision="accept",
            came_through="I read it.",
            to_try="",
            question="",
            ticks=[],
            released_at=now,
            visible_from=now,
        )
        ada = accounts.add_person("Ada", "ada@example.org", language="en", now=now)
        northside = world.organizations["northside"]
        grant = accounts.grant_role(ada.id, Role.TRAINER, organization=northside, by=None, now=now)
        evening, rosa = session.get_one(Cohort, world.cohorts["evening"]), world.people["Rosa"]
        leaver = cohorts.enrol(evening, ada, by=None, now=now)
        organization = session.get_one(Organization, northside)
        invited = [
            *invitations.invite(organization, evening, ["ben@example.org"], Role.TRAINEE, by=rosa, now=now),
            *invitations.invite(organization, None, ["ben@example.org"], Role.TRAINER, by=rosa, now=now),
        ]
        earlier = DraftVersion(
            enrolment_id=world.enrolments["Sam"], activity_id=FIRST_HOMEWORK, fields={"text": "Before."}, saved_at=now
        )
        away = {"enrolment_id": world.enrolments["Sam"], "meeting_id": world.meetings["evening"][1]}
        question = MarkQuestion(**away, asked_at=now)
        make_up = MakeUp(
            **away, name="meet", way="one-to-one", label={"en": "Meet", "fr": "Rencontre"}, covers={"en": "", "fr": ""},
            state="asked", asked_by=world.people["Sam"], asked_at=now,
        )  # fmt: skip
        standards = app.extensions["lms"].guard.host.plugins["peerstandards"]
        organizations.enable_plugin(organization, standards, {}, by=rosa, now=now)
        host = app.extensions["lms"]
        course = host.catalog.courses[NORTHSIDE_COURSE]
        programmes.publish(organization, course, "", host.guard, {"northside"}, by=rosa, now=now)
        session.add_all([decision, review, earlier, question, make_up])
        session.flush()
        facts = {
            "serial": "7KQ4-M9XW-2T",
            "name": "Sam",
            "organization": "Northside",
            "course": ["Course", "Formation"],
            "outcome": ["Level 1", "Niveau 1"],
            "says": ["This", "Ceci"],
            "does_not_say": ["That", "Cela"],
            "decided_on": "2026-05-01",
            "issued_on": "2026-05-02",
            "decided_by": ["Amina"],
            "language": "en",
            "verify_url": "http://127.0.0.1/certificates/7KQ4-M9XW-2T",
        }
        certificate = Certificate(
            serial="7KQ4-M9XW-2T",
            decision_id=decision.id,
            standing_for=decision.id,
            enrolment_id=world.enrolments["Sam"],
            person_id=world.people["Sam"],
            organization_id=world.organizations["northside"],
            facts=facts,
            issuer="plain",
            issuer_version="1",
            issued_at=now,
        )
        session.add(certificate)
        session.flush()
        digest = storage.keep_file(b"%PDF", "application/pdf")
        session.add(Paper(certificate_id=certificate.id, filename="certificate.pdf", digest=digest))
        concern = Concern(
            organization_id=northside,
            enrolment_id=world.enrolments["Sam"],
            raised_by=world.people["Amina"],
            raised_at=now,
            urgency="soon",
            words="I worry.",
        )
        talk = Talk(
            cohort_id=world.cohorts["evening"],
            offered_by=world.people["Amina"],
            starts_at=now + timedelta(days=1),
            minutes=20,
            place="Room 2",
            taken_by=world.enrolments["Sam"],
            activity_id="how-i-arrive",
        )
        file = Attachment(
            enrolment_id=world.enrolments["Sam"],
            activity_id="how-i-arrive",
            submission_id=submission,
            kind="audio",
            media_type="audio/wav",
            name="recording.wav",
            size=5,
            position=1,
            stored=new_name(),
            digest="0",
            added_at=now,
        )
        app.extensions["lms"].extras["uploads"].put(file.stored, BytesIO(b"words"))
        opened = Opening(submission_id=submission, person_id=world.people["Amina"], at=now)
        series = Series(
            organization_id=northside,
            name="Open evening",
            language="en",
            host_id=world.people["Amina"],
            made_by=rosa,
            made_at=now,
        )
        session.add_all([concern, talk, file, opened, series])
        session.flush()
        open_event = SeriesEvent(series_id=series.id, starts_at=now + timedelta(days=3), minutes=90)
        session.add_all([open_event, SeriesCohort(series_id=series.id, cohort_id=world.cohorts["evening"])])
        session.flush()
        return {
            "concern_id": concern.id,
            "talk_id": talk.id,
            "series_id": series.id,
            "event_id": open_event.id,
            "file_id": file.id,
            "cohort_id": world.cohorts["evening"],
            "enrolment_id": world.enrolments["Sam"],
            "practice_id": "first-coffee-alone",
            "card_name": "first-coffee",
            "module_id": "beginning-together",
            "activity_id": "how-i-arrive",
            "number": 6,
            "submission_id": submission,
            "another_submission": another,
            "review_id": review.id,
            "answered_submission": review.submission_id,
            "version_id": earlier.id,
            "decision_id": decision.id,
            "serial": "7KQ4-M9XW-2T",
            "filename": "certificate.pdf",
            "slug": "northside",
            "key": NORTHSIDE_COURSE,
            "who": "well",
            "name": "northside",
            "issuer": "northside-letter",
            "change_id": session.scalars(select(PluginSettingsChange.id)).first(),
            "framework_name": "core-values",
            "report_name": "northside-funder",
            "token": "no-such-token",
            "digest": "0" * 64,
            "page_id": "no-such-page",
            "grant_id": grant.id,
            "another_enrolment": leaver.id,
            "question_id": question.id,
            "make_up_id": make_up.id,
            "invitation_id": invited[0][0].id,
            "staff_invitation": invited[1][0].id,
            "row_id": 1,
            "plan_id": plans.begin(organization, {"name": "Autumn"}, by=rosa, now=now).id,
            "step": "when",
        }


def another_plan(app: Flask, world: World) -> int:
    """A plan of Northside, to be put away."""
    with app.app_context(), saved():
        northside = session.get_one(Organization, world.organizations["northside"])
        return plans.begin(northside, {"name": "Summer"}, by=world.people["Rosa"], now=datetime.now(UTC)).id


def another_talk(app: Flask, world: World) -> int:
    """A free time of the evening group, to be called off."""
    with app.app_context(), saved():
        starts = datetime.now(UTC) + timedelta(days=2)
        cohort, amina = world.cohorts["evening"], world.people["Amina"]
        talk = Talk(cohort_id=cohort, offered_by=amina, starts_at=starts, minutes=20, place="Room 2")
        session.add(talk)
        session.flush()
        return talk.id


def routes(app: Flask) -> set[str]:
    return {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
        if method in ("GET", "POST")
    }


def test_every_route_stands_in_the_table(app: Flask) -> None:
    assert routes(app) == set(OPEN_TO) | ENDS_SIGN_IN


def gets_in(client: FlaskClient, method: str, path: str, form: dict[str, object]) -> bool:
    answer = client.open(path, method=method, data=form if method == "POST" else None)
    answer.close()
    asked_to_sign_in = answer.status_code == 401 or "/sign-in?" in answer.headers.get("Location", "")
    assert answer.status_code < 500, (method, path)
    return not asked_to_sign_in and answer.status_code not in (403, 404)


@pytest.mark.parametrize("route", sorted(OPEN_TO))
def test_who_gets_in(
    route: str, app: Flask, world: World, browsers: dict[str, FlaskClient], things: dict[str, object]
) -> None:
    method, rule = route.split(" ", 1)
    path = rule.replace("<path:filename>", "lms.css")
    if path.endswith(("/put-away", "/publish")) and "/plans/" in path:
        path = path.replace("<int:plan_id>", str(another_plan(app, world)))
    if path.endswith("/cancel") and "/talks/" in path:
        path = path.replace("<int:talk_id>", str(another_talk(app, world)))
    if path.endswith("/replies"):
        path = path.replace("<int:submission_id>", "<int:answered_submission>")
    if path.endswith("/take-back"):
        path = path.replace("<int:submission_id>", "<int:another_submission>")
    if path.endswith(("/leave", "/return")):
        path = path.replace("<int:enrolment_id>", "<int:another_enrolment>")
    if "/programmes/" in path and "/versions/" in path:
        path = path.replace("<int:number>", "1")
    if "/programmes/" in path and method == "POST":  # by then Olga has turned off the plugin of the other one
        path = path.replace("<key>", "host:first-welcome")
    if path.startswith("/organizations/"):
        path = path.replace("<int:invitation_id>", "<int:staff_invitation>")
    for name, value in things.items():
        path = path.replace(f"<int:{name}>", str(value)).replace(f"<{name}>", str(value))
    if path.startswith("/handbook/"):
        path = "/handbook/" + next(iter(app.extensions["lms"].catalog.courses["host:handbook"].course.activities))
    form = {"enrolment": things["enrolment_id"], "requirement": "final-talk", "outcome": "level-1r", "topic": "grief"}
    with counted(app) as statements:
        inside = {name for name, client in browsers.items() if gets_in(client, method, path, dict(form))}
    assert inside == OPEN_TO[route]
    if method == "GET":
        assert [s for s in statements if not s.lstrip().upper().startswith("SELECT")] == [], "looking changes nothing"


def test_a_leader_cannot_reach_another_cohort_through_an_own_one(
    world: World, browsers: dict[str, FlaskClient], things: dict[str, object]
) -> None:
    """Ids of Sam's things under the address of Luc's own cohort."""
    morning, sam = world.cohorts["morning"], world.enrolments["Sam"]
    luc = browsers["Luc"]
    for path in (
        f"/cohorts/{morning}/people/{sam}",
        f"/cohorts/{morning}/outcomes/{sam}",
        f"/cohorts/{morning}/people/{sam}/certificates",
    ):
        assert luc.get(path).status_code == 404
    assert luc.post(f"/cohorts/{morning}/classes/6/marks", data={"enrolment": sam, "status": "here"}).status_code == 404
    decision = things["decision_id"]
    assert luc.post(f"/cohorts/{morning}/outcomes/{sam}/decisions/{decision}/tell").status_code == 404


def test_a_trainee_cannot_take_back_somebody_elses_text(
    world: World, browsers: dict[str, FlaskClient], things: dict[str, object]
) -> None:
    path = f"/cohorts/{world.cohorts['evening']}/submissions/{things['submission_id']}/take-back"
    assert browsers["Kim"].post(path).status_code == 404
