"""Amina takes attendance for twenty people on a phone, between saying hello and beginning."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from lms.features.attendance import actions as attendance
from lms.plugin_api.values import MeetingState
from tests.browser.conftest import MakeDevice
from tests.browser.devices import PHONE, School, expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

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
        attendance.tell_before(class_6, school.world.enrolments["Jo Martel"], "", by=jo, now=moment)
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
