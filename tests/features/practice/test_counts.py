"""What practice outside class counts for."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from lms.features.cohorts.queries import cohort_of_the_host
from lms.features.progress.queries import evidence_of_cohort, evidence_of_one
from lms.features.progress.rules import tasks_done
from lms.plugin_api.content import Requirement
from lms.plugin_api.values import Text, VerdictStatus
from tests.features.conftest import NOW, Browser
from tests.pages import said
from tests.world import World


def pair_up(browser: Browser, world: World, evening: str) -> tuple[FlaskClient, FlaskClient, str]:
    sam, kim, pairs = browser("Sam"), browser("Kim"), f"{evening}/classes/4/role-play/pairs"
    sam.post(pairs)
    browser("Amina").post(f"{pairs}/1/partner", data={"partner": world.enrolments["Kim"]})
    kim.post(f"{pairs}/1", data={"what": "yes"})
    return sam, kim, pairs


def test_a_pair_counts_for_both_once_it_is_done(app: Flask, browser: Browser, world: World, evening: str) -> None:
    sam, kim, pairs = pair_up(browser, world, evening)
    left = f"{evening}/left"
    assert "You took part 0 of" in said(sam.get(left))
    sam.post(f"{pairs}/1", data={"what": "done"})
    for client in (sam, kim):
        assert "You took part 1 of" in said(client.get(left))
    with app.app_context():
        here = cohort_of_the_host(world.cohorts["evening"])
        together = evidence_of_cohort(here, NOW)
        for name in ("Sam", "Kim"):
            id = world.enrolments[name]
            assert together.of(id).role_plays_brought == evidence_of_one(here, id, NOW).of(id).role_plays_brought == {4}
        assert together.of(world.enrolments["Person000"]).role_plays_brought == frozenset()


def test_a_finished_practice_is_evidence_and_what_was_chosen_is_not(
    app: Flask, browser: Browser, world: World, evening: str
) -> None:
    browser("Sam").post(f"{evening}/practice/first-coffee-alone", data={"what": "finish"})
    with app.app_context():
        here, id = cohort_of_the_host(world.cohorts["evening"]), world.enrolments["Sam"]
        assert evidence_of_cohort(here, NOW).of(id).practices == {"first-coffee-alone"}
        assert evidence_of_one(here, id, NOW).of(id).practices == {"first-coffee-alone"}


def test_a_requirement_of_practice_names_what_is_open() -> None:
    asked = Requirement(
        id="alone",
        kind="practice",
        title=Text("Practise", "S'exercer"),
        needed_for=("level-1",),
        practices=("one", "two"),
    )
    some = tasks_done(asked, asked.practices, {"one"}, True, "practice")
    assert (some.status, some.have, some.need, some.evidence) == (VerdictStatus.ON_TRACK, 1, 2, ("practice:two",))
    assert tasks_done(asked, asked.practices, {"one", "two", "three"}, True, "practice").status is VerdictStatus.MET


def test_the_room_of_two_is_theirs_alone(browser: Browser, world: World, evening: str) -> None:
    sam, kim, pairs = pair_up(browser, world, evening)
    opened = sam.post(f"{pairs}/1/room")
    assert opened.location.endswith("/pairs/1/room")
    kim.post(f"{pairs}/1/room")  # both press: it is one room
    pages = [said(client.get(f"{pairs}/1/room")) for client in (sam, kim)]
    assert "You and Kim" in pages[0]
    assert "You and Sam" in pages[1]
    assert browser("Person000").get(f"{pairs}/1/room").status_code == 404
    assert "Role play" in said(sam.get(f"{evening}/classes/4/role-play")), "the class's own page is as it was"
    room = f"{evening}/classes/4/role-play/room?pair=1"
    assert browser("Person000").post(room, data={"do": "observe"}).status_code == 404
    assert sam.post(room, data={"do": "out"}).location.endswith("/pairs/1/room")
    assert "Sam is taking a moment." in said(kim.get(f"{pairs}/1/room"))
    assert "Please come" not in said(kim.get(f"{pairs}/1/room")), "no trainer looks at a board of theirs"


def test_a_room_of_two_opens_when_both_have_said_yes(browser: Browser, world: World, evening: str) -> None:
    sam, pairs = browser("Sam"), f"{evening}/classes/4/role-play/pairs"
    sam.post(pairs)
    browser("Amina").post(f"{pairs}/1/partner", data={"partner": world.enrolments["Kim"]})
    sam.post(f"{pairs}/1/room")
    assert "Your partner has not said yes yet." in said(sam.get(pairs))
