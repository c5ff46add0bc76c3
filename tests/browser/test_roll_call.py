"""Amina takes attendance for twenty people on a phone, between saying hello and beginning."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from lms.features.attendance import actions as attendance
from lms.features.attendance.models import AttendanceMark
from lms.features.cohorts.models import Cohort, Meeting
from lms.host.db import session
from lms.plugin_api.values import MeetingState
from tests.browser.conftest import MakeDevice
from tests.browser.devices import PHONE, School, expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page, Route

pytestmark = pytest.mark.browser

ROLL_CALL = "/classes/6/roll-call"


@pytest.fixture
def school(school: School) -> School:
    """Jo has told us before that class 6 is not possible."""
    with school.changes():
        moment = datetime.now(UTC)
        class_6 = attendance.ClassFacts(
            school.world.meetings["evening"][5],
            school.world.organizations["northside"],
            moment + timedelta(hours=1),
            MeetingState.PLANNED,
        )
        jo = school.world.people["Jo Martel"]
        attendance.tell_before(class_6, school.world.enrolments["Jo Martel"], "Night shift", by=jo, now=moment)
    return school


def tiles(page: Page) -> Locator:
    return page.get_by_role("group", name="Everyone in this group").get_by_role("button")


def tile(page: Page, name: str) -> Locator:
    """The tile of a person, or of a person as they are marked."""
    return page.get_by_role("button", name=re.compile(f"^{name}(,|$)"))


def summary(page: Page) -> Locator:
    return page.get_by_role("main").get_by_role("status")


def expect_summary(page: Page, words: str) -> None:
    expect(summary(page)).to_have_text(words, use_inner_text=True)


def shown(page: Page) -> list[str]:
    """Every tile as a screen reader says it."""
    return [str(one.get_attribute("aria-label")) for one in tiles(page).all()]


def uncovered(one: Locator) -> bool:
    """In the window as it is, with nothing in front of any part that a finger meets."""
    return bool(
        one.evaluate(
            """element => {
              const {left, right, top, bottom} = element.getBoundingClientRect();
              return [[left + 4, top + 4], [right - 4, bottom - 4], [(left + right) / 2, (top + bottom) / 2]]
                .every(([x, y]) => element.contains(document.elementFromPoint(x, y)));
            }"""
        )
    )


def test_twenty_people_with_three_exceptions_in_eight_taps(device: MakeDevice, school: School) -> None:
    page = device("Amina").open("/today")
    taps = 0

    def tap(one: Locator) -> None:
        nonlocal taps
        one.tap()
        taps += 1

    tap(page.get_by_role("link", name="Take attendance"))
    expect(tiles(page)).to_have_count(20)
    tap(page.get_by_role("button", name="Everyone's here"))
    tap(tile(page, "Bo Tran"))
    for _ in range(2):
        tap(tile(page, "Gus Lindqvist"))
        tap(tile(page, "Théo Lavoie"))
    expect_summary(page, "16 here, 1 late, 2 away, 1 told us before. Saved.")
    assert taps <= 8
    assert page.evaluate("scrollY") == 0, "no scrolling"
    assert page.viewport_size == PHONE
    covered = [one.text_content() for one in (*tiles(page).all(), summary(page)) if not uncovered(one)]
    assert covered == []

    page.reload()
    expect_summary(page, "16 here, 1 late, 2 away, 1 told us before. Saved.")
    expect(tile(page, "Bo Tran, late")).to_be_visible()
    expect(tile(page, "Gus Lindqvist, away")).to_be_visible()
    expect(tile(page, "Jo Martel, told us before")).to_be_visible()


def test_in_french_the_summary_covers_nobody(device: MakeDevice, school: School) -> None:
    """Also with the most words at once, and while a tap can be undone."""
    amina = device("Amina")
    amina.context.add_cookies([{"name": "language", "value": "fr", "url": school.url}])
    page = amina.open(school.group + ROLL_CALL)
    everyone = page.locator(".tiles").get_by_role("button")
    page.locator(".roll-head button").tap()
    everyone.nth(1).tap()
    for _ in range(2):
        everyone.nth(6).tap()
    expect_summary(page, "17 là, 1 retard, 1 absence, 1 a prévenu. Enregistré.")
    expect(page.get_by_role("button", name="Annuler")).to_be_visible()
    assert [one.text_content() for one in everyone.all() if not uncovered(one)] == []


def test_what_a_finger_must_hit_is_large_enough(device: MakeDevice, school: School) -> None:
    page = device("Amina").open(school.group + ROLL_CALL)
    tile(page, "Bo Tran").tap()
    targets = [
        *tiles(page).all(),
        page.get_by_role("button", name="Everyone's here"),
        page.get_by_role("button", name="Undo"),
        *page.get_by_role("navigation", name="Main").get_by_role("link").all(),
    ]
    boxes = [(one.text_content(), one.bounding_box()) for one in targets]
    assert [(name, box) for name, box in boxes if not box or min(box["width"], box["height"]) < 44] == []


def test_without_a_network_taps_wait_on_the_phone(device: MakeDevice, school: School) -> None:
    """Even when the phone takes the tab away meanwhile."""
    amina = device("Amina")
    page = amina.open(school.group + ROLL_CALL)
    with amina.without_network():
        page.get_by_role("button", name="Everyone's here").tap()
        tile(page, "Bo Tran").tap()
        expect_summary(page, "On this phone only, 2 waiting.")
        expect(tile(page, "Amir Sadeghi, here")).to_be_visible()
        expect(tile(page, "Bo Tran, late")).to_be_visible()
        expect(tile(page, "Jo Martel, told us before")).to_be_visible()
    expect_summary(page, "18 here, 1 late, 1 told us before. Saved.")

    with amina.without_network():
        tile(page, "Chi Lam").tap()
        expect_summary(page, "On this phone only, 1 waiting.")
        page = amina.lose_tab()
    amina.open(school.group + ROLL_CALL)
    expect_summary(page, "17 here, 2 late, 1 told us before. Saved.")
    expect(tile(page, "Chi Lam, late")).to_be_visible()
    page.reload()
    expect(tile(page, "Chi Lam, late")).to_be_visible()


def test_taps_that_a_closed_register_met_are_shown_and_sent_with_a_reason_or_put_away(
    device: MakeDevice, school: School
) -> None:
    amina = device("Amina")
    page = amina.open(school.group + ROLL_CALL)
    with amina.without_network():
        tile(page, "Bo Tran").tap()
        expect_summary(page, "On this phone only, 1 waiting.")
        page = amina.lose_tab()
    with school.changes():
        session.get_one(Cohort, school.world.cohorts["evening"]).lock_days = 1
        session.get_one(Meeting, school.world.meetings["evening"][5]).starts_at -= timedelta(days=3)
    amina.may_meet("422")
    page = amina.open(school.group + ROLL_CALL)
    kept = page.get_by_role("region", name="These taps were not sent")
    expect(kept.get_by_role("listitem")).to_have_text("Bo Tran: here")
    kept.get_by_role("button", name="Send as corrections").tap()
    expect(kept.get_by_role("status")).to_contain_text("Write why you correct it")
    assert marks_of(school, "Bo Tran") == []
    kept.get_by_label("Why you correct it").fill("I saw them.")
    kept.get_by_role("button", name="Send as corrections").tap()
    expect(kept).to_be_hidden()
    expect(page.get_by_text("Bo Tran here")).to_be_visible()
    assert marks_of(school, "Bo Tran") == [("here", None, "Amina")]


def test_the_server_is_away_and_comes_back(device: MakeDevice, school: School) -> None:
    amina = device("Amina")
    amina.page.clock.install()
    page = amina.open(school.group + ROLL_CALL)
    with amina.without_server():
        tile(page, "Bo Tran").tap()
        expect_summary(page, "On this phone only, 1 waiting.")
    page.clock.fast_forward(6_000)
    expect_summary(page, "1 here, 1 told us before, 18 not marked. Saved.")


def test_undo_goes_back_step_by_step(device: MakeDevice, school: School) -> None:
    page = device("Amina").open(school.group + ROLL_CALL)
    before = shown(page)
    page.get_by_role("button", name="Everyone's here").tap()
    tile(page, "Bo Tran").tap()
    tile(page, "Bo Tran").tap()
    expect_summary(page, "18 here, 1 away, 1 told us before. Saved.")
    undo = page.get_by_role("button", name="Undo")
    undo.tap()
    expect(tile(page, "Bo Tran, late")).to_be_visible()
    undo.tap()
    undo.tap()
    expect_summary(page, "1 told us before, 19 not marked. Saved.")
    expect(undo).to_be_hidden()
    assert shown(page) == before
    page.reload()
    assert shown(page) == before


def marks_of(school: School, name: str) -> list[tuple[str | None, int | None, str]]:
    """Status, minutes late and who marked, of every mark of one person at class 6."""
    names = {id: name for name, id in school.world.people.items()}
    with school.app.app_context():
        rows = session.scalars(
            select(AttendanceMark)
            .where(
                AttendanceMark.meeting_id == school.world.meetings["evening"][5],
                AttendanceMark.enrolment_id == school.world.enrolments[name],
            )
            .order_by(AttendanceMark.sequence)
        )
        return [(row.status, row.late_by, names[row.by_id]) for row in rows if row.by_id]


def test_undo_puts_a_notice_back_with_its_words(device: MakeDevice, school: School) -> None:
    """By the button and by the key; also for taps that were made without a network."""
    amina = device("Amina", phone=False)
    page = amina.open(school.group + ROLL_CALL)
    tile(page, "Jo Martel").click()
    expect_summary(page, "1 here, 19 not marked. Saved.")
    page.get_by_role("button", name="Undo").click()
    expect_summary(page, "1 told us before, 19 not marked. Saved.")
    with amina.without_network():
        tile(page, "Jo Martel").press("a")
        tile(page, "Jo Martel").press("l")
        expect_summary(page, "On this phone only, 1 waiting.")
        tile(page, "Jo Martel").press("u")
        tile(page, "Jo Martel").press("u")
    expect_summary(page, "1 told us before, 19 not marked. Saved.")
    with school.app.app_context():
        of_jo = AttendanceMark.enrolment_id == school.world.enrolments["Jo Martel"]
        links = session.scalars(select(AttendanceMark).where(of_jo).order_by(AttendanceMark.sequence)).all()
        assert {(link.source, link.note) for link in links if link.status == "told_us"} == {("notice", "Night shift")}
        assert links[-1].status == "told_us"


def mark_bo_late(page: Page, minutes: str) -> None:
    page.get_by_text("Left early, tech trouble, told us, or a note").click()
    page.get_by_label("Who").select_option("Bo Tran")
    page.get_by_label("How they were there").select_option("late")
    page.get_by_label("Minutes late").fill(minutes)
    page.get_by_role("button", name="Save this mark").click()
    expect(tile(page, "Bo Tran, late")).to_be_attached()


def test_undo_brings_minutes_and_notes_back(device: MakeDevice, school: School) -> None:
    """A slip of the finger on somebody who is late by 35 minutes."""
    page = device("Amina", phone=False).open(school.group + ROLL_CALL)
    mark_bo_late(page, "35")
    expect_summary(page, "1 late, 1 told us before, 18 not marked. Saved.")
    page.reload()
    tile(page, "Bo Tran").click()
    expect_summary(page, "1 away, 1 told us before, 18 not marked. Saved.")
    page.get_by_role("button", name="Undo").click()
    expect_summary(page, "1 late, 1 told us before, 18 not marked. Saved.")
    assert marks_of(school, "Bo Tran") == [("late", 35, "Amina"), ("away", None, "Amina"), ("late", 35, "Amina")]


def test_a_wrong_number_of_minutes_is_taken_away(device: MakeDevice, school: School) -> None:
    page = device("Amina", phone=False).open(school.group + ROLL_CALL)
    mark_bo_late(page, "350")
    expect_summary(page, "1 late, 1 told us before, 18 not marked. Saved.")
    page.get_by_label("Who").select_option("Bo Tran")
    expect(page.get_by_label("Minutes late")).to_have_value("350")
    expect(page.get_by_label("How they were there")).to_have_value("late")
    page.get_by_label("Who").select_option("Chi Lam")
    expect(page.get_by_label("Minutes late")).to_have_value("")
    page.get_by_label("Who").select_option("Bo Tran")
    page.get_by_label("Minutes late").fill("")
    page.get_by_role("button", name="Save this mark").click()
    expect_summary(page, "1 late, 1 told us before, 18 not marked. Saved.")
    assert marks_of(school, "Bo Tran") == [("late", 350, "Amina"), ("late", None, "Amina")]


def test_old_taps_of_a_phone_do_not_go_over_a_newer_mark(device: MakeDevice, school: School) -> None:
    amina = device("Amina")
    amina.may_meet("409")
    page = amina.open(school.group + ROLL_CALL)
    with amina.without_network():
        for now in ("here", "late", "away"):
            tile(page, "Bo Tran").tap()
            expect(tile(page, f"Bo Tran, {now}")).to_be_visible()
        page.close()
    his = device("Luc", phone=False).open(school.group + ROLL_CALL)
    tile(his, "Bo Tran").click()
    expect_summary(his, "1 here, 1 told us before, 18 not marked. Saved.")
    page = amina.page = amina.context.new_page()
    amina.open(school.group + ROLL_CALL)
    expect_summary(
        page,
        "Bo Tran has a newer mark: here. It stays; tap again to change it. "
        "1 here, 1 told us before, 18 not marked. Saved.",
    )
    expect(tile(page, "Bo Tran, here")).to_be_visible()
    assert marks_of(school, "Bo Tran") == [("here", None, "Luc")]
    tile(page, "Bo Tran").tap()
    expect_summary(page, "1 late, 1 told us before, 18 not marked. Saved.")
    assert marks_of(school, "Bo Tran") == [("here", None, "Luc"), ("late", None, "Amina")]


def test_an_answer_that_is_lost_makes_no_stranger_of_ones_own_mark(device: MakeDevice, school: School) -> None:
    """The tap arrived, its answer did not; the next tap builds on it."""
    amina = device("Amina")
    amina.may_meet("net::ERR_CONNECTION_RESET")
    amina.page.clock.install()
    page = amina.open(school.group + ROLL_CALL)

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    page.route("**/marks", lose_the_answer, times=1)
    tile(page, "Bo Tran").tap()
    expect_summary(page, "On this phone only, 1 waiting.")
    page.unroute("**/marks")
    tile(page, "Bo Tran").tap()
    expect_summary(page, "1 late, 1 told us before, 18 not marked. Saved.")
    assert marks_of(school, "Bo Tran") == [("here", None, "Amina"), ("late", None, "Amina")]


def test_taps_of_amina_wait_while_luc_is_signed_in_on_the_same_device(device: MakeDevice, school: School) -> None:
    phone = device("Amina")
    phone.may_meet("401")
    phone.page.clock.install()
    hers = phone.open(school.group + ROLL_CALL)
    school.end_sign_ins("Amina")
    tile(hers, "Bo Tran").tap()
    expect(summary(hers)).to_contain_text("You were signed out.")
    phone.sign_in("Luc")
    with hers.expect_response("**/marks") as answered:
        hers.clock.fast_forward(6_000)
    assert answered.value.status == 401
    expect(summary(hers)).to_contain_text("On this phone only, 1 waiting.")
    phone.page = phone.context.new_page()
    his = phone.open(school.group + ROLL_CALL)
    tile(his, "Chi Lam").tap()
    expect_summary(his, "1 here, 1 told us before, 18 not marked. Saved.")
    assert marks_of(school, "Bo Tran") == []
    phone.sign_in("Amina")
    with hers.expect_response("**/marks") as answered:
        hers.clock.fast_forward(6_000)
    assert answered.value.status == 200
    assert marks_of(school, "Bo Tran") == [("here", None, "Amina")]
    assert marks_of(school, "Chi Lam") == [("here", None, "Luc")]


def test_the_keys_of_a_laptop(device: MakeDevice, school: School) -> None:
    page = device("Amina", phone=False).open(school.group + ROLL_CALL)
    tile(page, "Amir Sadeghi").focus()
    for key, now in (
        ("a", "Amir Sadeghi, away"),
        ("ArrowRight", None),
        ("l", "Bo Tran, late"),
        ("ArrowRight", None),
        ("e", "Chi Lam, told us before"),
        ("ArrowLeft", None),
        ("h", "Bo Tran, here"),
        ("u", "Bo Tran, late"),
    ):
        page.keyboard.press(key)
        if now:
            expect(tile(page, now)).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(tiles(page).nth(5)).to_be_focused()  # four in a row: right below Bo
    page.keyboard.press("ArrowUp")
    expect(tile(page, "Bo Tran")).to_be_focused()
    expect_summary(page, "1 late, 1 away, 2 told us before, 16 not marked. Saved.")
    page.reload()
    expect(tile(page, "Bo Tran, late")).to_be_visible()


def test_two_trainers_at_once(device: MakeDevice, school: School) -> None:
    amina, luc = device("Amina"), device("Luc", phone=False)
    hers, his = amina.open(school.group + ROLL_CALL), luc.open(school.group + ROLL_CALL)
    hers.get_by_role("button", name="Everyone's here").tap()
    tile(hers, "Bo Tran").tap()
    expect_summary(hers, "18 here, 1 late, 1 told us before. Saved.")

    tile(his, "Kim").press("a")
    expect_summary(his, "17 here, 1 late, 1 away, 1 told us before. Saved.")
    expect(tile(his, "Bo Tran, late")).to_be_visible()  # her taps come with the answer to his
    hers.reload()
    assert shown(hers) == shown(his)
    expect(tile(hers, "Kim, away")).to_be_visible()


def test_two_trainers_see_each_others_taps_without_doing_anything(device: MakeDevice, school: School) -> None:
    amina, luc = device("Amina"), device("Luc", phone=False)
    hers, his = amina.open(school.group + ROLL_CALL), luc.open(school.group + ROLL_CALL)
    tile(hers, "Bo Tran").tap()
    expect(tile(his, "Bo Tran, here")).to_be_visible()
    expect_summary(his, "1 here, 1 told us before, 18 not marked. Saved.")
    tile(his, "Bo Tran").click()
    expect(tile(hers, "Bo Tran, late")).to_be_visible()
    assert marks_of(school, "Bo Tran") == [("here", None, "Amina"), ("late", None, "Luc")]


def test_the_word_of_a_class_renews_itself_and_checks_a_phone_in(device: MakeDevice, school: School) -> None:
    with school.changes():
        session.get_one(Cohort, school.world.cohorts["evening"]).check_in_opens = 600
    laptop = device("Amina", phone=False)
    laptop.page.clock.install()
    screen = laptop.open(f"{school.group}/classes/6/check-in/screen")
    word = screen.locator(".check-in__word")
    shown = word.inner_text()
    assert word.bounding_box()["height"] > 80  # type: ignore[index]
    screen.evaluate("document.querySelector('.check-in').title = 'old'")
    screen.clock.fast_forward(61_000)
    expect(screen.locator(".check-in[title=old]")).to_have_count(0)
    phone = device("Sam").open(f"{school.group}/classes/6/check-in?word={shown}")
    expect(phone.get_by_label("The word on the screen")).to_have_value(shown.replace(" ", ""))
    phone.get_by_label("The word on the screen").fill(word.inner_text().lower())
    phone.get_by_role("button", name="I am here").tap()
    expect(phone.get_by_text("Good that you are here.")).to_be_visible()


def test_what_a_tap_cannot_say(device: MakeDevice, school: School) -> None:
    """Left early, with a note that can be read again."""
    page = device("Amina").open(school.group + ROLL_CALL)
    tile(page, "Hana Sato").tap()
    page.get_by_text("Left early, tech trouble, told us, or a note").tap()
    expect(page.get_by_label("Who")).to_have_value(str(school.world.enrolments["Hana Sato"]))
    page.get_by_label("How they were there").select_option("left early")
    page.get_by_label("Note").fill("A train to catch")
    page.get_by_role("button", name="Save this mark").tap()
    expect(tile(page, "Hana Sato, left early")).to_be_attached()
    expect_summary(page, "1 left early, 1 told us before, 18 not marked. Saved.")
    page.reload()
    expect(page.get_by_text("A train to catch")).to_be_visible()
