"""Amina answers what people wrote, with the keyboard alone. Nothing reaches anybody before it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import MakeDevice
from tests.browser.devices import School, expect, writing
from tests.world import sent_homework

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser

HOMEWORK = "/activities/how-i-arrive"
TEXTS = {
    "Sam": "Somebody moved a chair, and I sat down.",
    "Kim": "I passed, and nobody minded.",
    "Amir Sadeghi": "The tea was too hot to hurry.",
    "Bo Tran": "We laughed about the map.",
    "Chi Lam": "I heard my own name said kindly.",
}


@pytest.fixture
def school(school: School) -> School:
    """Five people of the evening group have sent their first homework."""
    for name, text in TEXTS.items():
        sent_homework(school.app, school.world, name, text)
    return school


def go_to(page: Page, target: Locator) -> None:
    """Press Tab until the focus is there."""
    for _ in range(60):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"the Tab key does not lead to {target}")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def expect_text(page: Page, text: str) -> None:
    """The room shows this text, and listens to keys."""
    expect(page.get_by_text(text)).to_be_visible()
    expect(page.get_by_role("button", name="Keys", exact=True)).to_be_visible()


def accept(page: Page, words: str, next_text: str | None) -> None:
    """Tick two lines, say what came through, send. The next text is there at once."""
    press(page, "1", "2", "c")
    page.keyboard.type(words)
    press(page, "Escape", "a", "Control+Enter")
    if next_text:
        expect_text(page, next_text)
    expect(page.get_by_text("Sent. For a few seconds you can still take it back.")).to_be_visible()


def test_five_reflections_with_the_keyboard_alone(device: MakeDevice, school: School) -> None:
    page = device("Amina", phone=False).open("/today")
    sams = device("Sam").open(school.group + HOMEWORK)
    kims = device("Kim").open(school.group + HOMEWORK)
    go_to(page, page.get_by_role("link", name="5 texts wait for your answer"))
    press(page, "Enter")
    oldest = page.get_by_role("button", name="Read the oldest")
    expect(oldest).to_be_visible()
    go_to(page, oldest)
    press(page, "Enter")
    expect_text(page, TEXTS["Sam"])
    expect(page.get_by_text("5 waiting")).to_be_visible()

    accept(page, "I can see that chair.", TEXTS["Kim"])

    press(page, "r")  # one more look needs a question, so the focus is in its field
    expect(page.get_by_label("A question")).to_be_focused()
    page.keyboard.type("What did you do with the quiet?")
    press(page, "Control+Enter")
    expect_text(page, TEXTS["Amir Sadeghi"])

    accept(page, "Time, in a cup.", TEXTS["Bo Tran"])
    accept(page, "A map nobody needed.", TEXTS["Chi Lam"])
    accept(page, "I heard it too.", None)
    expect(page.get_by_text("All read.")).to_be_visible()

    for theirs in (sams, kims):
        theirs.reload()
        expect(theirs.get_by_text("Amina opened it")).to_be_visible()
        expect(theirs.get_by_text("What came through")).to_have_count(0)
        expect(theirs.get_by_text("What did you do with the quiet?")).to_have_count(0)
    school.undo_time_passes()
    sams.reload()
    expect(sams.get_by_text("This one is complete.")).to_be_visible()
    expect(sams.get_by_text("I can see that chair.")).to_be_visible()
    expect(sams.get_by_text("A concrete moment")).to_be_visible()
    kims.reload()
    expect(kims.get_by_role("heading", name="Amina read it and has one question for you.")).to_be_visible()
    expect(kims.get_by_text("What did you do with the quiet?")).to_be_visible()
    expect(writing(kims)).to_have_value(TEXTS["Kim"])


def test_undo_brings_the_reply_back_as_a_draft(device: MakeDevice, school: School) -> None:
    page = device("Amina", phone=False).open("/reading")
    page.get_by_role("button", name="Read the oldest").press("Enter")
    expect_text(page, TEXTS["Sam"])
    accept(page, "I can see that cahir.", TEXTS["Kim"])
    press(page, "z")
    expect(page.get_by_text("Taken back. It is your draft again.")).to_be_visible()
    expect_text(page, TEXTS["Sam"])
    expect(page.get_by_label("What came through")).to_have_value("I can see that cahir.")
    expect(page.get_by_label("A concrete moment")).to_be_checked()
    expect(page.get_by_label("One thing to try").and_(page.get_by_role("checkbox"))).not_to_be_checked()

    school.undo_time_passes()
    sams = device("Sam").open(school.group + HOMEWORK)
    expect(sams.get_by_text("cahir")).to_have_count(0)
    press(page, "c")
    page.keyboard.press("Control+A")
    page.keyboard.type("I can see that chair.")
    press(page, "Control+Enter")
    expect_text(page, TEXTS["Kim"])
    school.undo_time_passes()
    sams.reload()
    expect(sams.get_by_text("I can see that chair.")).to_be_visible()


def test_a_reply_in_writing_survives_a_lost_tab(device: MakeDevice, school: School) -> None:
    """Its words and its ticks, whole, and for nobody else: Luc finds an empty reply."""
    amina = device("Amina", phone=False)
    page = amina.open("/reading")
    page.get_by_role("button", name="Read the oldest").press("Enter")
    expect_text(page, TEXTS["Sam"])
    press(page, "3", "c")
    page.keyboard.type("You sat down.")
    expect(page.get_by_text("Only you see this draft. Kept at")).to_be_visible()
    room = page.url
    amina.lose_tab()

    page = amina.open(room)
    expect(page.get_by_label("What came through")).to_have_value("You sat down.")
    expect(page.get_by_label("One thing to try").and_(page.get_by_role("checkbox"))).to_be_checked()

    lucs = device("Luc", phone=False).open(room)
    lucs.get_by_role("button", name="Open and read").press("Enter")
    expect(lucs.get_by_label("What came through")).to_have_value("")


def test_a_reply_survives_a_tab_closed_in_the_middle_of_a_word(device: MakeDevice, school: School) -> None:
    amina = device("Amina", phone=False)
    page = amina.open("/reading")
    page.get_by_role("button", name="Read the oldest").press("Enter")
    expect_text(page, TEXTS["Sam"])
    room = page.url
    press(page, "c")
    page.keyboard.type("You sat do")
    with page.expect_event("close"):
        page.close(run_before_unload=True)

    amina.page = page = amina.context.new_page()
    for _ in range(50):  # what the closing tab sent may arrive a little later
        amina.open(room)
        if page.get_by_label("What came through").input_value():
            break
    expect(page.get_by_label("What came through")).to_have_value("You sat do")


def test_words_of_theirs_are_quoted_with_a_key(device: MakeDevice, school: School) -> None:
    page = device("Amina", phone=False).open("/reading")
    page.get_by_role("button", name="Read the oldest").press("Enter")
    expect_text(page, TEXTS["Sam"])
    page.get_by_text(TEXTS["Sam"]).evaluate(
        """element => {
          const words = element.firstChild, at = words.data.indexOf("moved a chair");
          getSelection().setBaseAndExtent(words, at, words, at + "moved a chair".length);
        }"""
    )
    press(page, "q")
    expect(page.get_by_label("What came through")).to_have_value("“moved a chair” ")
    expect(page.get_by_label("What came through")).to_be_focused()


def test_single_keys_can_be_switched_off(device: MakeDevice, school: School) -> None:
    amina = device("Amina", phone=False)
    page = amina.open("/reading")
    page.get_by_role("button", name="Read the oldest").press("Enter")
    expect_text(page, TEXTS["Sam"])
    press(page, "?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    go_to(page, page.get_by_label("Use single keys on this device"))
    press(page, "Space", "Escape")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
    press(page, "1", "c")
    page.reload()
    press(page, "1", "c")
    expect(page.get_by_label("A concrete moment")).not_to_be_checked()
    expect(page.get_by_label("What came through")).not_to_be_focused()


def test_one_more_look_without_a_question_is_not_sent(device: MakeDevice, school: School) -> None:
    amina = device("Amina", phone=False)
    amina.may_meet("422")
    page = amina.open("/reading")
    page.get_by_role("button", name="Read the oldest").press("Enter")
    expect_text(page, TEXTS["Sam"])
    press(page, "c")
    page.keyboard.type("You sat down.")
    press(page, "Escape", "r", "Control+Enter")
    expect(
        page.get_by_role("alert").get_by_role("link", name="One more look needs one concrete question.")
    ).to_be_visible()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("What came through")).to_have_value("You sat down.")
