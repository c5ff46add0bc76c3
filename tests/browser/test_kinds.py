"""A self-check on a phone: without typing a word, with own words first, one question at a time, and without script."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import MakeDevice
from tests.browser.devices import School, expect, saved_line

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

QUIZ = "/activities/three-speeds-three-parts"
FITS = "your choice, and it fits"


def choose(page: Page) -> None:
    page.get_by_text("Now see the choices").first.click()
    page.get_by_label("I thank Alex, and ask my team before we meet again.").check()
    page.get_by_label("Choosing the new time").check()
    page.get_by_label("Saying who may know about it").check()
    page.get_by_label("Limit").select_option(label="I don't take calls at night.")


@pytest.mark.parametrize("script", [True, False])
def test_a_self_check_is_done_without_typing_and_done_again(device: MakeDevice, school: School, script: bool) -> None:
    page = device("Sam", phone=True, script=script).open(school.group + QUIZ)
    choose(page)
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_text(FITS)).to_have_count(4)
    expect(page.get_by_text("Nobody is in danger, and something is new.", exact=False)).to_be_visible()
    page.get_by_role("link", name="Do it again").click()
    expect(page.get_by_label("Choosing the new time")).not_to_be_checked()
    page.get_by_text("Now see the choices").first.click()
    page.get_by_label("I hand it back at once.").check()
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_text("your choice: look again")).to_have_count(1)


def test_choices_open_once_there_are_own_words(device: MakeDevice, school: School) -> None:
    page = device("Sam", phone=True).open(school.group + QUIZ)
    choice = page.get_by_label("I hand it back at once.")
    words = page.locator("#words1")
    words.press_sequentially("I would ask")
    expect(choice).to_be_hidden()
    words.blur()
    expect(choice).to_be_visible()
    expect(page.get_by_label("I offer my sofa.")).to_be_hidden()


def test_what_was_ticked_is_kept_and_comes_back(device: MakeDevice, school: School) -> None:
    page = device("Sam", phone=True).open(school.group + QUIZ)
    choose(page)
    page.get_by_role("heading", level=1).click()
    expect(saved_line(page)).to_contain_text("Saved, ")
    page.reload()
    for label in ("Choosing the new time", "Saying who may know about it"):
        expect(page.get_by_label(label)).to_be_checked()
    expect(page.get_by_label("Pressing the buttons")).not_to_be_checked()
    expect(page.get_by_label("I thank Alex, and ask my team before we meet again.")).to_be_checked()


def test_one_question_at_a_time(device: MakeDevice, school: School) -> None:
    page = device("Sam", phone=True).open(school.group + QUIZ)
    expect(page.locator(".asked__one:visible")).to_have_count(4)
    page.get_by_role("button", name="One question at a time").click()
    expect(page.locator(".asked__one:visible")).to_have_count(1)
    expect(page.get_by_text("Question 1 of 4")).to_be_visible()
    page.get_by_role("button", name="Next question").click()
    expect(page.get_by_text("Question 2 of 4")).to_be_visible()
    expect(page.locator("#words2")).to_be_focused()
    page.get_by_role("button", name="Question before").click()
    page.get_by_role("button", name="All questions").click()
    expect(page.locator(".asked__one:visible")).to_have_count(4)
