"""A break, coming back, and leaving: one's own pages, and what those who lead see of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.features.cohorts.models import Cohort, Enrolment
from lms.features.cohorts.queries import members_of
from lms.host.audit import AuditRow
from lms.host.db import may_write, saved, session
from tests.features.conftest import NOW, Browser
from tests.pages import follow, form_to, mails, said, submit
from tests.world import World, sign_in


def away(app: Flask, world: World, name: str) -> bool:
    with app.app_context():
        members = {member.person_id: member for member in members_of(world.cohorts["evening"])}
        return members[world.people[name]].paused_at(NOW)


def test_a_break_is_taken_on_one_page_and_nobody_asks_why(
    app: Flask, world: World, browser: Browser, evening: str
) -> None:
    sam = browser("Sam")
    assert f'href="{evening}/break"' in sam.get(f"{evening}/course").text
    page = sam.get(f"{evening}/break")
    assert "You don't have to say why." in said(page)
    form = form_to(page, f"{evening}/break")
    assert set(form.fields) == {"begins", "until"}
    done = follow(sam, submit(sam, form, until="2026-05-20"))
    assert "Your place is kept until May 20, 2026. Reminders are off. You don't have to say why." in said(done)
    assert "Your place is kept until May 20, 2026." in said(sam.get("/today"))
    assert away(app, world, "Sam")
    with app.app_context():
        (row,) = session.scalars(select(AuditRow).where(AuditRow.verb == "cohorts.break_taken"))
        assert (row.by_id, row.about_id, row.why) == (world.people["Sam"], world.people["Sam"], "")


def test_those_who_lead_see_until_when(browser: Browser, evening: str) -> None:
    browser("Sam").post(f"{evening}/break", data={"until": "2026-05-20"})
    assert "on a break until May 20, 2026" in said(browser("Amina").get(f"{evening}/people"))


def test_a_break_that_ended_by_its_day_ends_by_itself(
    browser: Browser, evening: str, clock: time_machine.Coordinates
) -> None:
    browser("Sam").post(f"{evening}/break", data={"until": "2026-05-05"})
    assert "You are on a break" in said(browser("Sam").get("/today"))
    clock.move_to(NOW.replace(day=6, hour=5))
    assert "You are on a break" not in said(browser("Sam").get("/today"))
    assert "on a break" not in said(browser("Amina").get(f"{evening}/people"))


def test_one_comes_back_at_any_time(app: Flask, world: World, browser: Browser, evening: str) -> None:
    sam = browser("Sam")
    sam.post(f"{evening}/break")
    assert "Your place is kept while the group runs." in said(sam.get(f"{evening}/break"))
    page = sam.get(f"{evening}/break")
    assert "Good to have you back." in said(follow(sam, submit(sam, form_to(page, f"{evening}/break/end"))))
    assert not away(app, world, "Sam")
    assert sam.post(f"{evening}/break/end").status_code == 303
    with app.app_context():
        ends = session.scalars(select(AuditRow).where(AuditRow.verb == "cohorts.break_ended")).all()
        assert len(ends) == 1


def test_breaks_that_overlap_are_one(app: Flask, world: World, browser: Browser, evening: str) -> None:
    sam = browser("Sam")
    for until in ("2026-05-10", "2026-05-20", "2026-05-12"):
        sam.post(f"{evening}/break", data={"until": until})
    with app.app_context():
        (pause,) = session.get_one(Enrolment, world.enrolments["Sam"]).pauses
        assert pause == ["2026-05-05T20:00:00+00:00", "2026-05-21T04:00:00+00:00"]


def test_what_cannot_be_is_said_beside_the_field_and_stays(browser: Browser, evening: str) -> None:
    answer = browser("Sam").post(f"{evening}/break", data={"begins": "2026-05-10", "until": "2026-05-09"})
    assert answer.status_code == 422
    assert "Choose a last day that is not before the first." in said(answer)
    assert 'value="2026-05-09"' in answer.text


def test_those_who_lead_note_a_break_and_end_it(app: Flask, world: World, browser: Browser, evening: str) -> None:
    amina, kim = browser("Amina"), f"{evening}/people/{world.enrolments['Kim']}"
    page = amina.get(f"{kim}/place")
    assert "write none" in said(page)
    done = submit(amina, form_to(page, f"{kim}/break"), begins="2026-05-01", until="2026-05-12")
    assert "Classes in the break do not count against them." in said(follow(amina, done))
    assert away(app, world, "Kim")
    amina.post(f"{kim}/break/end")
    assert not away(app, world, "Kim")
    amina.post(f"{kim}/break/end")
    noted, over = mails(app, "kim@example.org")
    assert "A break of yours has been noted in" in noted.text
    assert "is noted as over." in over.text
    assert noted.path == over.path == f"{evening}/break"


def test_no_mail_for_a_break_that_one_takes_oneself(app: Flask, browser: Browser, evening: str) -> None:
    assert browser("Sam").post(f"{evening}/break").status_code == 303
    assert mails(app, "sam@example.org") == []


def test_nobody_on_a_break_is_grouped_for_role_play(world: World, browser: Browser, evening: str) -> None:
    amina = browser("Amina")
    browser("Sam").post(f"{evening}/break", data={"until": "2026-05-20"})
    amina.post(f"{evening}/classes/6/role-play/groups")
    groups = said(amina.get(f"{evening}/classes/6/role-play"))
    assert "Away: Sam" in groups
    assert "Sam supporter" not in groups
    assert "Sam person" not in groups


def test_classes_in_a_break_count_for_nobody(world: World, browser: Browser, evening: str) -> None:
    """A class that somebody was marked away at, in a break that was noted later, is no missed class."""
    amina, sam = browser("Amina"), world.enrolments["Sam"]
    amina.post(f"{evening}/classes/5/marks", data={"enrolment": sam, "status": "away", "seen": "9"})
    assert "You were at all" not in said(browser("Sam").get(f"{evening}/attendance"))
    amina.post(f"{evening}/people/{sam}/break", data={"begins": "2026-04-30", "until": "2026-05-04"})
    assert "You were at all 4 classes so far." in said(browser("Sam").get(f"{evening}/attendance"))


def test_a_break_is_nobody_elses_to_take(world: World, browser: Browser, evening: str) -> None:
    for name in ("Wes", "Luc", "Camille", "Amina"):
        assert browser(name).post(f"{evening}/break").status_code == 404
    for name in ("Kim", "Luc", "Camille"):
        assert browser(name).post(f"{evening}/people/{world.enrolments['Sam']}/break").status_code == 404


# -- leaving ------------------------------------------------------------------------------------------------


def test_leaving_offers_other_ways_first_and_then_a_plain_button(app: Flask, browser: Browser, evening: str) -> None:
    sam = browser("Sam")
    page = sam.get(f"{evening}/leave")
    for way in (f'href="{evening}/break"', 'href="mailto:amina@example.org"', 'href="/account/writing"'):
        assert way in page.text
    done = follow(sam, submit(sam, form_to(page, f"{evening}/leave"), leave="yes"))
    assert "You have left Evening group" in said(done)
    assert sam.get(f"{evening}/course").status_code == 404
    (mail,) = mails(app, "amina@example.org")
    assert mail.text.startswith("Sam has left Evening group.")


def test_leaving_needs_the_button_of_the_page(browser: Browser, evening: str) -> None:
    sam = browser("Sam")
    answer = submit(sam, form_to(sam.get(f"{evening}/leave"), f"{evening}/leave"))
    assert answer.status_code == 422
    assert "Tick this first" in said(answer)
    assert sam.get(f"{evening}/course").status_code == 200


def test_whoever_left_is_let_in_again_with_everything(world: World, browser: Browser, evening: str) -> None:
    browser("Sam").post(f"{evening}/leave", data={"leave": "yes"})
    assert browser("Rosa").post(f"{evening}/people/{world.enrolments['Sam']}/return").status_code == 303
    assert "You were at all 5 classes so far." in said(browser("Sam").get(f"{evening}/attendance"))


def test_whoever_left_has_no_place_for_a_break(browser: Browser, evening: str) -> None:
    browser("Sam").post(f"{evening}/leave", data={"leave": "yes"})
    assert browser("Sam").get(f"{evening}/break").status_code == 404


# -- leaving, and not after all -----------------------------------------------------------------------------


@pytest.fixture
def left(browser: Browser, evening: str) -> FlaskClient:
    sam = browser("Sam")
    assert sam.post(f"{evening}/leave", data={"leave": "yes"}).status_code == 303
    return sam


def test_for_some_days_one_takes_ones_place_again_with_everything(
    app: Flask, browser: Browser, left: FlaskClient, evening: str
) -> None:
    for path in ("/today", f"{evening}/leave"):
        page = left.get(path)
        assert "Until Tuesday, May 12, 2026 you can take your place again" in said(page), path
    back = follow(left, submit(left, form_to(page, f"{evening}/leave/undo")))
    assert "Good to have you back." in said(back)
    assert "You were at all 5 classes so far." in said(left.get(f"{evening}/attendance"))
    assert [mail.text.partition("\n")[0] for mail in mails(app, "amina@example.org")] == [
        "Sam has left Evening group.",
        "Sam is in Evening group again.",
    ]


def test_whoever_left_has_the_way_back_in_a_mail(app: Flask, left: FlaskClient, evening: str) -> None:
    (mail,) = mails(app, "sam@example.org")
    assert mail.text.startswith("You have left Evening group.")
    assert "Until Tuesday, May 12, 2026" in mail.text
    assert mail.path == f"{evening}/leave"
    assert mail.subject == "A note about your group"


def test_pressed_twice_one_is_back_once(app: Flask, left: FlaskClient, evening: str) -> None:
    assert [left.post(f"{evening}/leave/undo").status_code for _ in range(2)] == [303, 303]
    assert len(mails(app, "amina@example.org")) == 2, "left, and in it again"


def test_later_those_who_coordinate_are_asked(
    app: Flask, left: FlaskClient, evening: str, clock: time_machine.Coordinates
) -> None:
    clock.move_to(NOW + timedelta(days=8))
    left = sign_in(app, "Sam")
    page = left.get(f"{evening}/leave")
    assert "Those who coordinate can let you in again, with everything that you did." in said(page)
    assert f"{evening}/leave/undo" not in page.text
    assert "take your place again" not in said(left.get("/today"))
    late = left.post(f"{evening}/leave/undo")
    assert late.status_code == 409
    assert "Those who coordinate can let you in again, with everything that you did." in said(late)


def test_a_place_that_somebody_else_has_taken_is_said(
    app: Flask, world: World, left: FlaskClient, evening: str
) -> None:
    may_write()
    with app.app_context(), saved():
        session.get_one(Cohort, world.cohorts["evening"]).places = 4
    full = left.post(f"{evening}/leave/undo")
    assert full.status_code == 409
    assert "This group is full at the moment." in said(full)


def test_whom_others_let_go_has_no_way_back_of_their_own(world: World, browser: Browser, evening: str) -> None:
    browser("Amina").post(f"{evening}/people/{world.enrolments['Sam']}/leave")
    sam = browser("Sam")
    assert sam.get(f"{evening}/leave").status_code == 404
    assert sam.post(f"{evening}/leave/undo").status_code == 404
    assert "take your place again" not in said(sam.get("/today"))


def test_a_group_that_has_ended_is_not_entered_again(browser: Browser, left: FlaskClient, evening: str) -> None:
    browser("Rosa").post(f"{evening}/finish")
    assert f"{evening}/leave/undo" not in left.get(f"{evening}/leave").text
    assert left.post(f"{evening}/leave/undo").status_code == 409
