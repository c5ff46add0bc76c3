"""Sam writes on a phone. What is written stays, whatever happens to the phone; what is sent can be taken back."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import MakeDevice
from tests.browser.devices import (
    Device,
    School,
    browser_settings,
    expect,
    processes,
    saved_line,
    sign_in_by_form,
    writing,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page, Playwright, Route

pytestmark = pytest.mark.browser

HOMEWORK = "/activities/how-i-arrive"
KEPT_HERE = "Saved on this device. You can keep writing."
WORDS = "Nobody hurried me. Somebody moved a chair, and I sat down."


def write(page: Page, words: str) -> None:
    writing(page).press_sequentially(words)


def leave_the_field(page: Page) -> None:
    page.get_by_role("heading", level=1).click()


def test_the_page_says_saved_only_when_it_is(device: MakeDevice) -> None:
    """Sam signs in, finds the homework on Today, and writes. The server's answer is held back for a while."""
    page = device().open("/today")
    sign_in_by_form(page, "Sam")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Sam")
    page.get_by_role("link", name="How I arrive").tap()

    held: list[Route] = []
    page.route("**/draft", lambda route: held.append(route))
    write(page, WORDS)
    expect(page.get_by_text("Not saved yet")).to_be_visible()
    expect(page.get_by_text(KEPT_HERE)).to_be_visible()
    with page.expect_request("**/draft"):
        leave_the_field(page)
    expect(saved_line(page)).to_have_text(KEPT_HERE)
    held[0].continue_()
    expect(saved_line(page)).to_contain_text("Saved, ")

    page.get_by_role("link", name="Today").tap()
    page.get_by_role("link", name="Your draft “How I arrive”").tap()
    expect(writing(page)).to_have_value(WORDS)


def test_the_words_are_there_after_the_tab_was_killed(device: MakeDevice, school: School) -> None:
    phone, laptop = device("Sam"), device("Sam", phone=False)
    page = phone.open(school.group + HOMEWORK)
    write(page, WORDS)
    expect(page.get_by_text(KEPT_HERE)).to_be_visible()
    page = phone.lose_tab()

    laptop.page = laptop.context.new_page()
    laptop.open(school.group + HOMEWORK)
    expect(writing(laptop.page)).to_have_value("")  # the server has never heard of it

    phone.open(school.group + HOMEWORK)
    expect(writing(page)).to_have_value(WORDS)
    expect(saved_line(page)).to_contain_text("Saved, ")
    laptop.page.reload()
    expect(writing(laptop.page)).to_have_value(WORDS)


def test_the_words_are_there_after_the_phone_went_off(
    playwright: Playwright, chromium: str, school: School, tmp_path: Path
) -> None:
    """The whole browser dies, as with an empty battery. Its storage on the phone is all that is left."""

    def switch_on() -> Device:
        context = playwright.chromium.launch_persistent_context(
            tmp_path / "phone", executable_path=chromium, args=["--no-sandbox"], **browser_settings(school)
        )
        return Device(school, context)

    phone = switch_on().sign_in("Sam")
    page = phone.open(school.group + HOMEWORK)
    write(page, WORDS)
    expect(page.get_by_text(KEPT_HERE)).to_be_visible()
    for _ in range(300):  # Chromium writes to the disk a little later
        if any(WORDS.encode() in file.read_bytes() for file in (tmp_path / "phone").rglob("leveldb/*.log")):
            break
        page.wait_for_timeout(100)
    (main,) = processes(phone.context, "browser")
    with phone.context.expect_event("close"):
        os.kill(main, signal.SIGKILL)

    phone = switch_on().sign_in("Sam")
    page = phone.open(school.group + HOMEWORK)
    expect(writing(page)).to_have_value(WORDS)
    expect(saved_line(page)).to_contain_text("Saved, ")
    phone.context.close()
    assert phone.unexpected() == []


def test_sent_taken_back_and_sent_again(device: MakeDevice, school: School) -> None:
    page = device("Sam").open(school.group + HOMEWORK)
    write(page, WORDS)
    expect(page.get_by_text("Only Amina and Luc, your trainers, can read this")).to_be_visible()
    page.get_by_role("button", name="Send to Amina and Luc").tap()
    expect(page.get_by_text("You'll usually hear back by")).to_be_visible()
    expect(page.get_by_text(WORDS)).to_be_visible()

    page.get_by_role("button", name="Take it back").tap()
    expect(page.get_by_text("It is a draft now, and only you can see it.")).to_be_visible()
    expect(writing(page)).to_have_value(WORDS)
    write(page, "Now: ")
    page.get_by_role("button", name="Send to Amina and Luc").tap()
    expect(page.get_by_text(f"Now: {WORDS}")).to_be_visible()

    page.get_by_role("link", name="Today").tap()
    expect(page.get_by_role("link", name="Arriving as a group")).to_be_visible()
    expect(page.get_by_role("link", name="How I arrive")).to_have_count(0)  # neither as a task nor as a draft

    amina = device("Amina").open("/reading")
    amina.get_by_role("button", name="Read it").tap()
    expect(amina.get_by_text(f"Now: {WORDS}")).to_be_visible()
    page.goto(school.group + HOMEWORK)
    expect(page.get_by_text("Amina opened it")).to_be_visible()
    expect(page.get_by_role("button", name="Take it back")).to_have_count(0)
