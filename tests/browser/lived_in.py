"""A school in the middle of its life: every page has something on it. And where its pages are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product

from flask.testing import FlaskClient
from sqlalchemy import select

from lms.features.certificates.models import Certificate
from lms.features.cohorts.planning import PAGES
from lms.host.db import session
from tests.browser.devices import School
from tests.pages import mails
from tests.planning import begun, send
from tests.world import FIRST_HOMEWORK, email_of, sent_homework, sign_in

LONG_TEXT = (
    "It was a small moment.\n\nhttps://example.org/a-very-long-address-that-does-not-break/" + "and-goes-on-" * 9
)
RETURNED, SENT, DONE, DRAFTED = FIRST_HOMEWORK, "what-pulled-me-away", "a-time-i-felt-heard", "a-habit-of-my-own"
# Addresses that end in a file, not in a page.
NO_PAGES = {"static", "cohorts.picture", "certificates.paper"}


@dataclass
class LivedIn:
    """A school and the values with which its addresses are filled: by name, or by endpoint and name."""

    school: School
    values: dict[str, list[str]]

    def pages_of(self, people: Mapping[str, str]) -> dict[str, list[str]]:
        """For each kind of person the pages that open; what looks the same to an earlier kind is left out."""
        app = self.school.app
        addresses = list(self._addresses())
        seen: set[tuple[str, str]] = set()
        found: dict[str, list[str]] = {}
        for kind, name in people.items():
            client = sign_in(app, name) if name else app.test_client()
            looks = {path: _look(client, path) for path in addresses}
            found[kind] = [path for path, look in looks.items() if look and (path, look) not in seen]
            seen.update(looks.items())
        return found

    def _addresses(self) -> Iterator[str]:
        for rule in self.school.app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()) or rule.endpoint in NO_PAGES:
                continue
            names = re.findall(r"<(?:\w+:)?(\w+)>", rule.rule)
            choices = [self.values.get(f"{rule.endpoint}.{name}") or self.values[name] for name in names]
            for chosen in product(*choices):
                path = rule.rule
                for value in chosen:
                    path = re.sub(r"<[^>]+>", value, path, count=1)
                yield path


def _look(client: FlaskClient, path: str) -> str:
    """What stands on the page; nothing where it does not open."""
    answer = client.get(path)
    if answer.status_code != 200 or answer.mimetype != "text/html":
        return ""
    return answer.text.partition("<main")[2].partition("</main>")[0]


def live_in(school: School) -> LivedIn:
    """Sam has homework in every state and a certificate; Kim's was withdrawn, Amir's replaced; much waits for Amina."""
    group = school.group
    sam, amina, rosa = (sign_in(school.app, name) for name in ("Sam", "Amina", "Rosa"))
    for homework, decision in ((RETURNED, "one_more_look"), (DONE, "accept")):
        sent = sent_homework(school.app, school.world, "Sam", LONG_TEXT, homework)
        amina.post(f"/reading/{sent}/open")
        words = {"came_through": "I read it.", "to_try": "Say it aloud.", "question": "What helped?", "tick": "moment"}
        amina.post(f"/reading/{sent}/release", data={**words, "decision": decision})
    school.undo_time_passes()
    sent_homework(school.app, school.world, "Sam", LONG_TEXT, SENT)
    sam.post(f"{group}/activities/{DRAFTED}/draft", data={"text": LONG_TEXT, "answer1": LONG_TEXT})
    opened, unopened = (sent_homework(school.app, school.world, name, LONG_TEXT) for name in ("Kim", "Bo Tran"))
    amina.post(f"/reading/{opened}/open")
    amina.post(f"/reading/{opened}/notes", data={"note": "Kim asked for larger print."})
    amina.post("/reading/starters", data={"en": "I smiled at ...", "field": "came_through"})
    to_read_again = _read_by_two(school, amina)
    worry = {"danger": "no", "urgency": "soon", "words": "Kim was very quiet."}
    amina.post(f"{group}/people/{school.world.enrolments['Kim']}/concern", data=worry)

    sam.post(f"{group}/classes/7/notice", data={"note": "A wedding"})
    sam.post(f"{group}/classes/7/make-up", data={"way": "one-to-one"})
    sam.post(f"{group}/classes/2/question", data={"words": LONG_TEXT[:900]})
    amina.post(f"{group}/classes/6/marks/everyone")
    enrolments = school.world.enrolments
    marks = {
        "Bo Tran": "late",
        "Kim": "away",
        "Hana Sato": "left_early",
        "Jo Martel": "told_us",
        "Ivo Novak": "tech_trouble",
    }
    for name, status in marks.items():
        amina.post(
            f"{group}/classes/6/marks", data={"enrolment": enrolments[name], "status": status, "note": "On a train"}
        )
    amina.post(f"{group}/classes/6/role-play/groups")
    _in_the_first_feedback(f"{group}/classes/4/role-play", amina, sam, enrolments["Sam"])
    rosa.post(f"{group}/classes/9/cancel", data={"why": "A storm"})
    serials = [give_certificate(school, name) for name in ("Sam", "Kim", "Amir Sadeghi")]
    rosa.post(f"/certificates/{serials[1]}/revocation", data={"why": "Not earned"})
    rosa.post(f"/certificates/{serials[2]}/replacements", data={"name": "Amira Sadeghi", "why": "Her name"})

    _open_evenings(school, rosa)
    sam.post(f"{group}/break", data={"begins": _in_days(90), "until": _in_days(120)})

    plan = _planned_up_to_the_check(rosa)
    standards = "/organizations/northside/plugins/peerstandards"
    sign_in(school.app, "Olga").post(standards, data={"weekly": "core-values"})

    programme = "/organizations/northside/programmes/northside:core-peer-support"
    rosa.post(f"{programme}/versions", data={"note": "As in the files"})
    rosa.post(f"{programme}/rule", data={"policy": "share-of-classes", "min_share": "0.8", "ways": "class"})
    rosa.post(f"{programme}/versions", data={"note": "Four out of five"})

    rosa.post(f"{group}/invitations", data={"emails": "newcomer@example.org"})
    sam.post("/calendar/addresses")
    stranger = school.app.test_client()
    stranger.post("/sign-in/link", data={"email": email_of("Olga")})
    stranger.post("/forgot-password", data={"email": email_of("Olga")})
    to_sign_in, to_reset = (mail.path.rpartition("/")[2] for mail in mails(school.app, email_of("Olga"))[-2:])
    return LivedIn(
        school,
        {
            "cohort_id": [str(school.world.cohorts["evening"])],
            "enrolment_id": [str(enrolments["Sam"]), str(enrolments["Kim"])],
            "module_id": ["words-that-open-doors"],
            "activity_id": ["a-door-not-a-push", RETURNED, SENT, DONE, DRAFTED, "one-slow-conversation"],
            "number": ["6"],
            "concern_id": ["1"],
            "talk_id": ["1"],
            "series_id": ["1"],
            "event_id": ["1", "2"],
            "file_id": ["1"],
            "plan_id": [plan],
            "step": [*PAGES, "check"],
            "practice_id": ["first-coffee-alone"],
            "card_name": ["first-coffee"],
            "pair": ["1"],
            "roleplay.role_play.number": ["4", "6"],
            "room_board.show.number": ["4"],
            "sheets.sheets.number": ["4"],
            "debrief.close.number": ["4"],
            "calendar.feed.token": ["no-calendar"],
            "cohorts.meeting.number": ["6", "7", "9"],
            "makeups.mine.number": ["6", "7"],
            "questions.ask.number": ["1", "2"],
            "submission_id": [str(opened), str(unopened)],
            "second.read.submission_id": [str(to_read_again)],
            "serial": serials,
            "slug": ["northside"],
            "key": ["northside:core-peer-support"],
            "who": ["well", "missed", "closed"],
            "issuer": ["northside-letter"],
            "programmes.version.number": ["1", "2"],
            "name": ["northside"],
            "framework_name": ["core-values", "psc-knowledge"],
            "report_name": ["northside-funder"],
            "page_id": list(school.app.extensions["lms"].catalog.courses["host:handbook"].course.activities)[:1],
            "accounts.link.token": [to_sign_in],
            "accounts.reset.token": [to_reset],
            "people.invitation.token": [mails(school.app, "newcomer@example.org")[-1].path.rpartition("/")[2]],
        },
    )


def _planned_up_to_the_check(rosa: FlaskClient) -> str:
    """The number of a plan in which every page has been sent."""
    plan = begun(rosa, first=_in_days(60))
    for step in PAGES:
        more = {"weekday": ["1", "3"], "first": _in_days(60), "at": "18:30"} if step == "when" else {}
        assert send(rosa, plan, step, **more).status_code == 303, step
    return plan.rpartition("/")[2]


def _in_days(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


def _in_the_first_feedback(place: str, amina: FlaskClient, sam: FlaskClient, sams: int) -> None:
    """A role play goes on: Sam gave a sheet, Amina was with a group and noted something."""
    amina.post(f"{place}/groups")
    amina.post(f"{place}/run", data={"do": "start"})
    for _part in range(3):
        amina.post(f"{place}/clock", data={"do": "next"})
    answers = ("liked", "again", "heard", "less_heard", "words", "effect", "try")
    sam.post(f"{place}/sheet", data={"round": 1, "seen": "", **dict.fromkeys(answers, LONG_TEXT)})
    sam.post(f"{place}/room", data={"do": "help"})
    amina.post(f"{place}/visits", data={"group": 2})
    amina.post(f"{place}/notes", data={"enrolment": sams, "words": "Left a long, kind silence after the first line"})


def _open_evenings(school: School, rosa: FlaskClient) -> None:
    """A series that Amina hosts, with three evenings; Kim comes to the first, the second is cancelled."""
    people, cohorts = school.world.people, school.world.cohorts
    about = {"name": "Open evening", "about": LONG_TEXT[:300], "language": "en", "host": people["Amina"]}
    rosa.post("/organizations/northside/series", data={**about, "cohort": cohorts["evening"]})
    plan = {"first": _in_days(20), "at": "18:00", "minutes": "90", "count": "3", "place": "Room 2"}
    assert rosa.post("/series/1/events", data=plan).status_code == 303
    sign_in(school.app, "Kim").post("/open-events/1/coming")
    rosa.post("/series/events/2/cancel", data={"why": "A storm"})


def _read_by_two(school: School, amina: FlaskClient) -> int:
    """Amina holds one answer back, has set another text aside, and is the second reader of one that Luc has answered."""
    luc, words = sign_in(school.app, "Luc"), {"came_through": "I read it.", "decision": "accept"}
    held, aside, again = (
        sent_homework(school.app, school.world, name, LONG_TEXT) for name in ("Chi Lam", "Jo Martel", "Pat Gallagher")
    )
    for client, text, chosen in ((amina, held, {"hold": "yes"}), (luc, again, {"second": "yes"})):
        client.post(f"/reading/{text}/open")
        assert client.post(f"/reading/{text}/release", data={**words, **chosen}).status_code == 303
    amina.post(f"/reading/{aside}/aside")
    amina.post(f"/reading/second/{again}/open")
    return again


def give_certificate(school: School, name: str) -> str:
    """Level 1, decided and told by Rosa; the number of the certificate."""
    rosa, enrolment = sign_in(school.app, "Rosa"), school.world.enrolments[name]
    decide = f"{school.group}/outcomes/{enrolment}/decisions"
    rosa.post(decide, data={"outcome": "level-1", "reasons": "Your questions leave room."})
    page = rosa.get(decide.removesuffix("/decisions")).text
    (decision,) = re.findall(r"/decisions/(\d+)/tell", page)
    rosa.post(f"{decide}/{decision}/tell")
    school.app.extensions["lms"].extras["worker"].run_due()
    with school.changes():
        return session.scalars(select(Certificate.serial).where(Certificate.enrolment_id == enrolment)).one()
