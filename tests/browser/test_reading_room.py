"""Amina answers what people wrote, with the keyboard alone. Nothing reaches anybody before it is sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from lms.features.submissions.models import Review
from lms.host.db import session
from tests.browser.conftest import MakeDevice
from tests.browser.devices import School, expect, writing
from tests.world import sent_homework

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page, Route

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
    expect(lucs.get_by_text("Amina opened this")).to_be_visible()
    lucs.get_by_role("button", name="Read along").press("Enter")
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


def test_a_draft_of_which_no_answer_came_is_there_once(device: MakeDevice, school: School) -> None:
    """It arrived, the words went on, and then the tab was gone."""
    amina = device("Amina", phone=False)
    amina.may_meet("net::ERR_CONNECTION_RESET")
    page = amina.open("/reading")
    page.get_by_role("button", name="Read the oldest").press("Enter")
    expect_text(page, TEXTS["Sam"])
    room = page.url

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    page.route("**/draft", lose_the_answer)
    page.get_by_label("What came through").fill("You sat")
    press(page, "Escape")
    expect(page.get_by_text("Not kept yet. We will try again.")).to_be_visible()
    page.get_by_label("What came through").fill("You sat down.")
    amina.lose_tab()
    page = amina.open(room)
    expect(page.get_by_label("What came through")).to_have_value("You sat down.")
    expect(page.get_by_text("Only you see this draft. Kept at")).to_be_visible()


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
    expect(page.get_by_role("alert")).to_have_text("One more look needs one concrete question.")
    expect(page.get_by_label("A question")).to_be_focused()
    expect(page.get_by_label("What came through")).to_have_value("You sat down.")


# -- thirty -------------------------------------------------------------------------------------------------

TEN_MORE = ("Dele Okafor", "Esther Kim", "Farah Haddad", "Gus Lindqvist", "Hana Sato", "Ivo Novak", "Jo Martel",
            "Lee Chartrand", "Maya Pillai", "Nadia Petrov")  # fmt: skip


@pytest.fixture
def thirty(school: School) -> School:
    """Fifteen people have sent two pieces each."""
    for name in TEN_MORE:
        sent_homework(school.app, school.world, name, f"{name} came early.")
    for name in (*TEXTS, *TEN_MORE):
        sent_homework(school.app, school.world, name, f"The hands of {name}.", activity="whose-hands")
    return school


def test_thirty_texts_with_the_keyboard_alone(
    device: MakeDevice, thirty: School, record_property: Callable[[str, object], None]
) -> None:
    page = device("Amina", phone=False).open("/reading")
    press(page, "j")
    words = [
        *TEXTS.values(),
        *(f"{n} came early." for n in TEN_MORE),
        *(f"The hands of {n}." for n in (*TEXTS, *TEN_MORE)),
    ]
    expect_text(page, words[0])
    page.evaluate("window.samePage = true")
    for number, text in enumerate(words, start=1):
        expect(page.locator("[data-text]").get_by_text(text)).to_be_visible()
        press(page, "1", "c")
        page.keyboard.type(f"Read, {number}.")
        if number % 7 == 0:
            press(page, "Escape", "r")
            page.keyboard.type("And then?")
            press(page, "Control+Enter")
        else:
            press(page, "Escape", "a", "Control+Enter")
    expect(page.get_by_text("All read.")).to_be_visible()
    assert page.evaluate("window.samePage"), "from the first text to the last no page was loaded anew"
    measured = page.evaluate(
        "performance.getEntriesByName('next text on screen').map((one) => Math.round(one.duration))"
    )
    record_property("next text on screen, ms", measured)
    print("next text on screen, ms:", sorted(measured))
    assert len(measured) == 30
    with thirty.changes():
        rows = session.execute(select(Review.decision, Review.came_through).order_by(Review.id)).all()
    assert [row.came_through for row in rows] == [f"Read, {number}." for number in range(1, 31)]
    assert [row.decision for row in rows].count("one_more_look") == 4


def test_without_a_connection_the_page_and_the_words_stay(device: MakeDevice, school: School) -> None:
    amina = device("Amina", phone=False)
    page = amina.open("/reading")
    press(page, "j")
    expect_text(page, TEXTS["Sam"])
    press(page, "c")
    page.keyboard.type("I can see that chair.")
    expect(page.get_by_text("Only you see this draft. Kept at")).to_be_visible()
    with amina.without_network():
        press(page, "Control+Enter")
        expect(page.get_by_role("alert")).to_have_text(
            "Not sent: there is no connection. Your words are here. Try again."
        )
        expect(page.get_by_label("What came through")).to_have_value("I can see that chair.")
    press(page, "Control+Enter")
    expect_text(page, TEXTS["Kim"])


def test_words_that_only_this_device_has_come_back(device: MakeDevice, school: School) -> None:
    amina = device("Amina", phone=False)
    page = amina.open("/reading")
    press(page, "j")
    expect_text(page, TEXTS["Sam"])
    with amina.without_network():
        press(page, "2", "c")
        page.keyboard.type("Nobody but this laptop knows.")
        press(page, "Escape", "r")
    room = page.url
    amina.lose_tab()
    page = amina.open(room)
    expect(page.get_by_label("What came through")).to_have_value("Nobody but this laptop knows.")
    expect(page.get_by_label("What it means")).to_be_checked()
    expect(page.get_by_text("Only you see this draft. Kept at")).to_be_visible()


def test_the_back_button_goes_back(device: MakeDevice, school: School) -> None:
    page = device("Amina", phone=False).open("/reading")
    press(page, "j")
    expect_text(page, TEXTS["Sam"])
    first = page.url
    accept(page, "I can see that chair.", TEXTS["Kim"])
    assert page.url != first
    press(page, "c")
    page.keyboard.type("Half a thou")
    page.go_back()
    expect(page.get_by_text("You have answered this one.")).to_be_visible()
    assert page.url == first
    page.go_forward()
    expect_text(page, TEXTS["Kim"])
    expect(page.get_by_label("What came through")).to_have_value("Half a thou")


def test_skipping_leaves_a_text_waiting(device: MakeDevice, school: School) -> None:
    page = device("Amina", phone=False).open("/reading")
    press(page, "j")
    expect_text(page, TEXTS["Sam"])
    press(page, "j")
    expect_text(page, TEXTS["Kim"])
    press(page, "j")
    expect_text(page, TEXTS["Amir Sadeghi"])
    press(page, "k")
    expect_text(page, TEXTS["Kim"])
    expect(page.get_by_text("5 waiting")).to_be_visible()
    press(page, "s")
    expect_text(page, TEXTS["Amir Sadeghi"])


def test_a_starter_is_found_and_filled_with_the_keyboard(device: MakeDevice, school: School) -> None:
    amina = device("Amina", phone=False)
    amina.may_meet("422")
    page = amina.open("/reading")
    press(page, "j")
    expect_text(page, TEXTS["Sam"])
    press(page, "c", "/")
    expect(page.get_by_label("Find a starter")).to_be_focused()
    page.keyboard.type("stayed")
    press(page, "Enter")
    field = page.get_by_label("What came through")
    expect(field).to_be_focused()
    expect(field).to_have_value("What stayed with me is ...")
    press(page, "Control+Enter")
    expect(page.get_by_role("alert")).to_have_text(
        "These are starters alone. Add a sentence of your own, or send again to send it as it is."
    )
    page.keyboard.press("Control+End")
    page.keyboard.type(" Your chair.")
    press(page, "Control+Enter")
    expect_text(page, TEXTS["Kim"])


def test_a_key_can_be_changed_and_changes_places(device: MakeDevice, school: School) -> None:
    page = device("Amina", phone=False).open("/reading")
    press(page, "j")
    expect_text(page, TEXTS["Sam"])
    press(page, "?")
    page.get_by_label("Key for: go to the first field").fill("v")
    press(page, "Tab", "Escape")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
    press(page, "c")
    expect(page.get_by_label("What came through")).not_to_be_focused()
    press(page, "v")
    expect(page.get_by_label("What came through")).to_be_focused()
    page.reload()
    press(page, "v")
    expect(page.get_by_label("What came through")).to_be_focused()
    page.keyboard.type("jkcqrs?")
    expect(page.get_by_label("What came through")).to_have_value("jkcqrs?")


def test_a_key_pressed_right_after_escape_is_not_lost(device: MakeDevice, school: School) -> None:
    page = device("Amina", phone=False).open("/reading")
    press(page, "j")
    expect_text(page, TEXTS["Sam"])
    press(page, "?")
    page.get_by_label("Key for: go to the first field").fill("v")
    in_one_moment = """() => {
        const dialog = document.querySelector("dialog");
        dialog.dispatchEvent(new Event("cancel"));
        dialog.close();
        document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "v", bubbles: true, cancelable: true }));
        return document.activeElement.id;
    }"""
    assert page.evaluate(in_one_moment) == "came_through"


def test_a_second_reader_keeps_their_words_and_sends_them(device: MakeDevice, school: School) -> None:
    page = device("Amina", phone=False).open("/reading")
    page.get_by_role("button", name="Read the oldest").press("Enter")
    expect_text(page, TEXTS["Sam"])
    press(page, "2")
    page.get_by_text("Hold it back, or ask a second reader").click()
    page.get_by_label("A second reader too").check()
    press(page, "c")
    page.keyboard.type("I can see that chair.")
    press(page, "Escape", "a", "Control+Enter")
    expect_text(page, TEXTS["Kim"])

    luc = device("Luc", phone=False)
    page = luc.open("/reading/second")
    page.get_by_role("link", name="How I arrive").click()
    page.get_by_role("button", name="Open and read").click()
    page.get_by_label("What came through").fill("Somebody made room.")
    expect(page.get_by_text("Only you see this draft. Kept at")).to_be_visible()
    room = page.url
    luc.lose_tab()
    page = luc.open(room)
    expect(page.get_by_label("What came through")).to_have_value("Somebody made room.")
    page.get_by_label("One thing to try").and_(page.get_by_role("textbox")).fill("Say who.")
    page.get_by_role("button", name="Accept and send").click()
    expect(page.get_by_text("You both see it the same way.")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('review:'))") == []


def test_a_slow_draft_comes_before_what_is_sent(device: MakeDevice, school: School) -> None:
    page = device("Amina", phone=False).open("/reading")
    page.get_by_role("button", name="Read the oldest").press("Enter")
    expect_text(page, TEXTS["Sam"])
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rsplit("/", 1)[-1]))
    answered: list[str] = []
    page.on("response", lambda response: answered.append(response.url.rsplit("/", 1)[-1]))

    def slowly(route: Route) -> None:
        page.wait_for_timeout(500)
        route.continue_()

    page.route("**/draft", slowly)
    page.get_by_label("What came through").fill("I can see")
    press(page, "Escape")  # leaving the field sends the draft
    page.get_by_label("What came through").fill("I can see that chair.")
    press(page, "Control+Enter")
    expect_text(page, TEXTS["Kim"])
    steps = [step for step in answered if step in ("draft", "release")]
    assert steps[-1] == "release"
    assert asked.count("draft") == answered.count("draft")
    press(page, "z")
    expect_text(page, TEXTS["Sam"])
    expect(page.get_by_label("What came through")).to_have_value("I can see that chair.")
