"""Practice for one, on a phone: own line first, a moment at a time, without a network, without script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import MakeDevice
from tests.browser.devices import School

OPENING = "Is this for anyone?"


@pytest.fixture
def practice(school: School) -> str:
    return f"/cohorts/{school.world.cohorts['evening']}/practice/first-coffee-alone"


def choose(page: Page, words: str) -> None:
    page.get_by_text("See what others might say").locator("visible=true").click()
    page.get_by_role("link", name=words).click()


def go_on(page: Page) -> None:
    page.get_by_role("link", name="Go on").locator("visible=true").click()


def test_an_own_line_comes_first_and_stays_on_the_phone(device: MakeDevice, practice: str) -> None:
    sam = device("Sam", phone=True)
    page = sam.open(practice)
    expect(page.get_by_text(OPENING).locator("visible=true")).to_have_count(1)
    expect(page.get_by_role("link", name="It is. I'm Alex")).to_be_hidden()
    page.get_by_label("What would you say?").locator("visible=true").fill("Good morning, come in.")
    choose(page, "Of course! Are you new here?")
    expect(page.get_by_text("A bit early.").locator("visible=true")).to_have_count(1)
    page.get_by_role("link", name="Try that moment again").locator("visible=true").click()
    expect(page.get_by_label("What would you say?").locator("visible=true")).to_have_value("Good morning, come in.")
    page.reload()
    expect(page.get_by_label("What would you say?").locator("visible=true")).to_have_value("Good morning, come in.")


@pytest.mark.parametrize("script", [True, False])
def test_it_goes_on_without_a_network(device: MakeDevice, practice: str, script: bool) -> None:
    sam = device("Sam", phone=True, script=script)
    page = sam.open(practice)
    sam.may_meet("ERR_INTERNET_DISCONNECTED")
    sam.context.set_offline(True)
    for words in ("It is. I'm Alex", "It is. How has your morning been?", "What are your evenings like?"):
        choose(page, words)
        go_on(page)
    expect(page.get_by_text("One way it can end").locator("visible=true")).to_have_count(1)
    if script:
        page.get_by_role("button", name="I am done").locator("visible=true").click()
        expect(page.get_by_text("You are offline. Stay on this page").locator("visible=true")).to_be_in_viewport()
    sam.context.set_offline(False)
    page.get_by_role("button", name="I am done").locator("visible=true").click()
    expect(page.get_by_text("Noted for you. What you chose is kept nowhere.")).to_be_visible()


def test_a_way_is_shared_as_it_was_walked_last(device: MakeDevice, practice: str) -> None:
    sam = device("Sam", phone=True)
    page = sam.open(practice)
    choose(page, "You have to sign in first")
    page.get_by_role("link", name="Try that moment again").locator("visible=true").click()
    page.get_by_label("What would you say?").locator("visible=true").fill("Good morning, come in.")
    for words in ("It is. I'm Alex", "(You nod, and wait.)", "And today you came in.", "Long evenings"):
        choose(page, words)
        go_on(page)
    page.get_by_role("button", name="Share my way").locator("visible=true").click()
    expect(page.get_by_text("Those who lead your group can read this way")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('solo:'))") == []
    amina = device("Amina")
    read = amina.open(practice.rpartition("/")[0])
    read.get_by_text("Sam ·").click()
    expect(read.get_by_text("Good morning, come in.")).to_be_visible()
    expect(read.get_by_text("And today you came in.")).to_be_visible()
    expect(read.get_by_text("You have to sign in first")).to_have_count(0)


def test_own_lines_stay_until_the_end_has_arrived(device: MakeDevice, practice: str) -> None:
    sam = device("Sam", phone=True)
    page = sam.open(practice)
    page.get_by_label("What would you say?").locator("visible=true").fill("Good morning, come in.")
    for words in ("It is. I'm Alex", "It is. How has your morning been?", "What are your evenings like?"):
        choose(page, words)
        go_on(page)
    kept = "Object.keys(localStorage).filter((key) => key.startsWith('solo:')).length"
    sam.may_meet("503")
    page.route("**/practice/*", lambda route: route.fulfill(status=503, body="Sign in to this network."))
    page.get_by_role("button", name="I am done").locator("visible=true").click()
    expect(page.get_by_text("Sign in to this network.")).to_be_visible()
    assert page.evaluate(kept) == 1
    page.unroute("**/practice/*")
    page.go_back()
    page.get_by_role("button", name="I am done").locator("visible=true").click()
    expect(page.get_by_text("Noted for you. What you chose is kept nowhere.")).to_be_visible()
    for _moment in range(50):  # the page forgets once it has come whole
        if page.evaluate(kept) == 0:
            return
        page.wait_for_timeout(100)
    pytest.fail("own lines are still on the phone")


def test_it_is_done_with_the_keyboard_alone(device: MakeDevice, practice: str) -> None:
    page = device("Sam").open(practice)
    page.get_by_label("What would you say?").locator("visible=true").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Opens the door.").locator("visible=true")).to_have_count(1)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("It's warm in here, anyway").locator("visible=true")).to_have_count(1)
