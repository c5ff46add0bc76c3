"""The writing page with another window or device beside it: no words replace others that were not seen, none are lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from lms.features.reading import actions as answering
from lms.features.submissions import actions
from lms.features.submissions.models import Draft, Submission
from lms.host.db import session
from lms.plugin_api.values import Answer
from tests.browser.conftest import MakeDevice
from tests.browser.devices import School, expect, saved_line

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page, Route

pytestmark = pytest.mark.browser

NAME = "how-i-arrive"
HOMEWORK = f"/activities/{NAME}"
BUS, MORE, TABLE = "I came on the bus.", " It rained.", "At the kitchen table."
ELSEWHERE = "You wrote this in another window or on another device too"


def field(page: Page) -> Locator:
    return page.get_by_label("Your reflection").first


def write(page: Page, words: str, *, leave: bool = True) -> None:
    field(page).press("Control+End")
    field(page).press_sequentially(words)
    if leave:
        page.get_by_role("heading", level=1).click()


def saves(page: Page) -> None:
    expect(saved_line(page)).to_contain_text("Saved, ")


def hide(page: Page) -> None:
    """Another app comes to the front: the page is told that it is hidden, and lives on."""
    page.evaluate(
        """() => {
          Object.defineProperty(document, "hidden", { value: true, configurable: true });
          document.dispatchEvent(new Event("visibilitychange"));
          delete document.hidden;
        }"""
    )


def author(school: School) -> actions.Author:
    world = school.world
    return actions.Author(
        world.enrolments["Sam"], world.cohorts["evening"], world.organizations["northside"], world.people["Sam"]
    )


def kept_elsewhere(school: School, text: str) -> None:
    """Sam's draft is saved from a device that has seen the newest."""
    with school.changes():
        draft = session.get(Draft, (author(school).enrolment_id, NAME))
        actions.save_draft(author(school), NAME, {"text": text}, draft.counter if draft else 0, now=datetime.now(UTC))


def sent_elsewhere(school: School, text: str) -> int:
    with school.changes():
        draft = session.get(Draft, (author(school).enrolment_id, NAME))
        sent = actions.submit(
            author(school), NAME, Answer(text), {"text": text}, draft.counter if draft else 0,
            reviewed=True, now=datetime.now(UTC),
        )  # fmt: skip
        return sent.id


def on_server(school: School) -> list[str]:
    with school.app.app_context():
        return [draft.fields["text"] for draft in session.scalars(select(Draft).where(Draft.activity_id == NAME))]


def device_copies(page: Page) -> int:
    found: int = page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft:')).length")
    return found


# -- leaving the page ---------------------------------------------------------------------------------------


def test_a_page_that_was_put_away_reads_its_answer_and_writes_on(device: MakeDevice, school: School) -> None:
    page = device("Sam").open(school.group + HOMEWORK)
    write(page, BUS, leave=False)
    with page.expect_response("**/draft"):
        hide(page)
    saves(page)
    assert device_copies(page) == 0
    write(page, MORE)
    saves(page)
    assert on_server(school) == [BUS + MORE]


@pytest.mark.parametrize("put_away", [True, False])
def test_an_answer_that_never_came_is_not_another_window(device: MakeDevice, school: School, put_away: bool) -> None:
    """The server has the words, the phone does not know it, and somebody writes on."""
    sam = device("Sam")
    sam.may_meet("net::ERR_FAILED", "409")
    page = sam.open(school.group + HOMEWORK)

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/draft", lose_the_answer)
    write(page, BUS, leave=False)
    with page.expect_event("requestfailed"):
        hide(page) if put_away else page.get_by_role("heading", level=1).click()
    page.unroute("**/draft")
    assert on_server(school) == [BUS]
    write(page, MORE)
    saves(page)
    assert on_server(school) == [BUS + MORE]
    expect(page.get_by_role("button", name="Show both")).to_have_count(0)


def test_a_copy_from_before_replaces_nothing_newer(device: MakeDevice, school: School) -> None:
    """Sam puts the phone away without a network, goes on elsewhere, and opens the phone again."""
    sam = device("Sam")
    sam.may_meet("409")
    page = sam.open(school.group + HOMEWORK)
    write(page, BUS)
    saves(page)
    with sam.without_network():
        write(page, MORE, leave=False)
        hide(page)
        page = sam.lose_tab()
    kept_elsewhere(school, TABLE)
    sam.open(school.group + HOMEWORK)
    expect(saved_line(page)).to_contain_text(ELSEWHERE)
    assert on_server(school) == [TABLE]
    page.get_by_role("button", name="Show both").click()
    mine, there = page.get_by_label("Your reflection").all()
    expect(mine).to_have_value(BUS + MORE)
    expect(there).to_have_value(TABLE)
    page.get_by_role("button", name="Send that text").click()
    expect(page.get_by_text("You'll usually hear back by")).to_be_visible()
    expect(page.get_by_text(TABLE)).to_be_visible()
    assert device_copies(page) == 0, "the other one was let go"


def test_a_choice_that_does_not_arrive_lets_nothing_go(device: MakeDevice, school: School) -> None:
    sam = device("Sam")
    sam.may_meet("409", "net::ERR_INTERNET_DISCONNECTED")
    page = sam.open(school.group + HOMEWORK)
    write(page, BUS, leave=False)
    kept_elsewhere(school, TABLE)
    page.get_by_role("heading", level=1).click()
    page.get_by_role("button", name="Show both").click()
    with sam.without_network():
        page.get_by_label("Your reflection").last.fill(f"{TABLE} {BUS}")
        with page.expect_event("requestfailed"):
            page.get_by_role("button", name="Keep that text").click()
    sam.page = sam.context.new_page()
    sam.open(school.group + HOMEWORK)
    expect(field(sam.page)).to_have_value(f"{TABLE} {BUS}")
    saves(sam.page)
    assert on_server(school) == [f"{TABLE} {BUS}"]


def test_a_browser_without_storage_saves_on_the_server(device: MakeDevice, school: School) -> None:
    sam = device("Sam")
    sam.context.add_init_script("Storage.prototype.setItem = () => { throw new DOMException('full'); }")
    page = sam.open(school.group + HOMEWORK)
    write(page, BUS, leave=False)
    saves(page)
    assert on_server(school) == [BUS]


# -- sending ------------------------------------------------------------------------------------------------


def test_sending_from_an_old_window_shows_both(device: MakeDevice, school: School) -> None:
    sam = device("Sam", phone=False)
    sam.may_meet("409")
    page = sam.open(school.group + HOMEWORK)
    write(page, BUS, leave=False)
    kept_elsewhere(school, TABLE)
    page.get_by_role("button", name="Send to Amina and Luc").click()
    expect(page.get_by_role("heading", name="There are two texts")).to_be_visible()
    page.get_by_role("button", name="Send this text").click()
    expect(page.get_by_text(BUS)).to_be_visible()
    expect(page.get_by_text("You'll usually hear back by")).to_be_visible()
    assert len(on_server(school)) == 1, "the other one stays a draft"


def test_words_that_only_the_phone_has_are_offered_beside_what_was_sent(device: MakeDevice, school: School) -> None:
    sam = device("Sam")
    sam.may_meet("409")
    page = sam.open(school.group + HOMEWORK)
    with sam.without_network():
        write(page, BUS)
        page = sam.lose_tab()
    sent_elsewhere(school, TABLE)
    sam.open(school.group + HOMEWORK)
    expect(page.get_by_role("heading", name="You also wrote this")).to_be_visible()
    expect(page.get_by_text("It is on this device alone, and it is not sent.")).to_be_visible()
    expect(field(page)).to_have_value(BUS)
    page.get_by_role("button", name="Keep as draft").click()
    expect(page.get_by_text("It is not sent. Only you can see it.")).to_be_visible()
    assert on_server(school) == [BUS]
    assert device_copies(page) == 0

    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("heading", name="What you took back")).to_be_visible()
    expect(field(page)).to_have_value(BUS)
    page.get_by_role("button", name="Show both").click()
    expect(page.get_by_role("heading", name="There are two texts")).to_be_visible()


def test_they_are_offered_after_an_answer_too(device: MakeDevice, school: School) -> None:
    sam = device("Sam")
    page = sam.open(school.group + HOMEWORK)
    with sam.without_network():
        write(page, BUS)
        page = sam.lose_tab()
    sent = sent_elsewhere(school, TABLE)
    with school.changes():
        answering.release(
            session.get_one(Submission, sent), answering.Feedback(question="Which one?"), "one_more_look",
            by=school.world.people["Amina"], organization=school.world.organizations["northside"],
            about=school.world.people["Sam"], now=datetime.now(UTC) - timedelta(minutes=1),
        )  # fmt: skip
    sam.open(school.group + HOMEWORK)
    offered = page.locator("form", has=page.get_by_role("heading", name="You also wrote this"))
    expect(offered.get_by_label("Your reflection")).to_have_value(BUS)


def test_what_was_sent_leaves_the_device(device: MakeDevice, school: School) -> None:
    page = device("Sam").open(school.group + HOMEWORK)
    write(page, BUS, leave=False)
    page.get_by_role("button", name="Send to Amina and Luc").click()
    expect(page.get_by_text("You'll usually hear back by")).to_be_visible()
    expect(page.get_by_role("heading", name="You also wrote this")).to_have_count(0)
    assert device_copies(page) == 0
    assert on_server(school) == []


def test_what_is_too_long_to_send_is_kept_on_the_device(device: MakeDevice, school: School) -> None:
    """It is longer than the host takes: the page says so before it is sent, and the words are on this device."""
    sam = device("Sam")
    page = sam.open(school.group + HOMEWORK)
    field(page).evaluate("(area, text) => (area.value = text)", "long " * 21_000)
    page.get_by_role("button", name="Send to Amina and Luc").click()
    expect(page.get_by_text("This is longer than we can take.")).to_be_visible()
    assert device_copies(page) == 1
    field(page).fill(BUS)
    page.get_by_role("heading", level=1).click()
    saves(page)
    assert on_server(school) == [BUS]
    assert device_copies(page) == 0


def test_enter_in_a_line_keeps_the_draft(device: MakeDevice, school: School) -> None:
    sam = device("Sam")
    page = sam.open(school.group + HOMEWORK)
    write(page, BUS, leave=False)
    page.evaluate(
        """() => {
          const line = Object.assign(document.createElement("input"), { name: "line", id: "line" });
          document.querySelector("#writing fieldset, #writing .field").before(line);
        }"""
    )
    page.locator("#line").press("Enter")
    expect(page.get_by_text("Saved. Only you can see it until you send it.")).to_be_visible()
    assert on_server(school) == [BUS]
    send, keep = (page.get_by_role("button", name=name) for name in ("Send to Amina and Luc", "Keep as draft"))
    above, below = send.bounding_box(), keep.bounding_box()
    assert above
    assert below
    assert above["y"] < below["y"], "what is meant most stands first"


def test_a_sent_text_that_was_taken_back_knows_the_old_window(device: MakeDevice, school: School) -> None:
    """The phone lay open all the time; its words build on a draft that is long gone."""
    sam = device("Sam")
    sam.may_meet("409")
    page = sam.open(school.group + HOMEWORK)
    write(page, BUS)
    saves(page)
    sent = sent_elsewhere(school, TABLE)
    with school.changes():
        actions.take_back(author(school), session.get_one(Submission, sent), now=datetime.now(UTC))
        session.execute(update(Draft).values(saved_at=datetime.now(UTC)))
    write(page, MORE)
    expect(saved_line(page)).to_contain_text(ELSEWHERE)
    assert on_server(school) == [TABLE]


def test_words_and_no_counts_say_when_there_is_plenty(device: MakeDevice, school: School) -> None:
    page = device("Sam").open(f"{school.group}/activities/how-i-arrive")
    expect(page.get_by_text("A few lines are enough.", exact=True)).to_be_visible()
    field(page).fill("rain " * 260)
    expect(page.get_by_text("This is plenty.")).to_be_visible()
    field(page).fill("r" * 95_000)
    expect(page.get_by_text("nearly the longest text we can take")).to_be_visible()
    field(page).fill("Rain.")
    expect(page.get_by_text("A few lines are enough.", exact=True)).to_be_visible()
