"""What a trainer says to the groups, from the board to phones in two languages, and what each does with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from lms.host.i18n import catalog
from tests.browser.conftest import CLASSMATES, MakeDevice
from tests.browser.devices import Device, School, expect
from tests.features.roleplay.rooms import begin

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser

OWN = "Tea is ready in the hall, come when it suits you."
READY = "Find an ending when you are ready."
Open = Callable[..., "Page"]


@pytest.fixture
def tonight(school: School) -> str:
    """Sam and two more are group 1, Kim and two more are group 2, and it has begun."""
    begin(school.app, school.world, ("Sam", *CLASSMATES[:2]), ("Kim", *CLASSMATES[2:4]))
    return f"{school.group}/classes/6/role-play"


@pytest.fixture
def hold(device: MakeDevice, school: School, tonight: str) -> Iterator[Open]:
    """`hold("Sam", "fr")`: the role play on a phone of somebody, in their language; `board`: the board of who leads."""
    held: list[Device] = []

    def open_it(name: str, language: str = "en", *, board: bool = False, script: bool = True) -> Page:
        held.append(device(name, script=script))
        held[-1].context.add_cookies([{"name": "language", "value": language, "url": school.url}])
        return held[-1].open(f"{tonight}/board" if board else tonight)

    yield open_it
    for one in held:
        one.page.close()  # no phone asks on when the host goes


def said(page: Page) -> Locator:
    """What stands at the top of a phone."""
    return page.locator("[data-said]")


def say_something(board: Page, language: str = "en") -> None:
    board.locator("summary").filter(has_text=catalog(language).gettext("Say something to the groups")).click()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_sentence_is_read_on_every_phone_and_put_away_by_each(hold: Open, language: str) -> None:
    word = catalog(language).gettext
    board, sam, kim = hold("Amina", board=True), hold("Sam", language), hold("Kim")
    say_something(board)
    board.get_by_role("button", name=READY, exact=True).tap()
    expect(said(sam)).to_contain_text(word(READY))
    expect(said(sam)).to_contain_text("Amina")
    expect(said(kim)).to_contain_text(READY)
    expect(sam.get_by_role("status").filter(has=said(sam))).to_have_count(1)
    expect(sam.locator(".room__clock").filter(has=said(sam))).to_be_visible()  # it stays in sight as the clock does

    sam.get_by_role("button", name=word("Put away")).tap()
    expect(said(sam)).to_be_hidden()
    expect(sam.get_by_role("heading", level=1)).to_be_focused()
    sam.goto(sam.url)
    expect(sam.locator("[data-left]")).to_be_visible()
    expect(said(sam)).to_be_hidden()
    expect(said(kim)).to_be_visible()

    # The next one comes again to everybody.
    board.get_by_role("button", name="Take your time.", exact=True).tap()
    for page, words in ((sam, word("Take your time.")), (kim, "Take your time.")):
        expect(said(page)).to_contain_text(words)


def test_a_line_of_one_s_own_is_for_one_group_seen_by_a_co_trainer_and_copied_by_a_tap(
    hold: Open, school: School
) -> None:
    board, other, sam, kim = (
        hold("Amina", board=True),
        hold("Luc", "fr", board=True),
        hold("Sam"),
        hold("Kim"),
    )
    board.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=school.url)
    say_something(board)
    board.get_by_label("To", exact=True).select_option("Group 2")
    line = board.get_by_label("One line of your own")
    line.fill(OWN)
    line.press("Enter")
    expect(said(kim)).to_contain_text(OWN)
    expect(board.get_by_text("Sent. It stands on their phones.")).to_be_visible()
    expect(line).to_have_value("")
    expect(board.get_by_label("To", exact=True)).to_have_value("")
    expect(other.locator(".sent")).to_contain_text(OWN)
    expect(other.locator(".sent")).to_contain_text("Amina au groupe 2")
    expect(said(sam)).to_have_count(0)

    board.locator(".sent").get_by_role("button", name=f"Copy for the meeting chat: {OWN}").tap()
    expect(board.locator(".sent").get_by_text("Copied")).to_be_visible()
    assert board.evaluate("navigator.clipboard.readText()") == OWN
    board.get_by_role("button", name=f"Copy for the meeting chat: {READY}").tap()
    expect(board.locator(".ready").get_by_text("Copied")).to_be_visible()
    assert board.evaluate("navigator.clipboard.readText()") == READY


def test_nothing_is_sent_without_words_and_the_form_says_so(device: MakeDevice, tonight: str) -> None:
    amina = device("Amina")
    amina.may_meet("422")
    board = amina.open(f"{tonight}/board")
    say_something(board)
    board.get_by_role("button", name="Send", exact=True).tap()
    expect(board.get_by_text("Choose a sentence, or write one line.")).to_be_visible()
    board.close()


def test_what_was_said_stays_while_a_phone_has_no_network(hold: Open, device: MakeDevice, tonight: str) -> None:
    board, phone = hold("Amina", board=True), device("Sam")
    sam = phone.open(tonight)
    say_something(board)
    board.get_by_role("button", name=READY, exact=True).tap()
    expect(said(sam)).to_contain_text(READY)
    with phone.without_network():
        expect(sam.locator("[data-offline]")).to_be_visible()
        expect(said(sam)).to_contain_text(READY)
    sam.close()


def test_a_message_comes_while_somebody_writes_and_takes_nothing_from_them(hold: Open, tonight: str) -> None:
    board, watches = hold("Amina", board=True), hold("Person001")
    for _part in ("reading", "practice"):
        assert board.context.request.post(f"{tonight}/clock", form={"do": "next"}).ok
    words = watches.locator("textarea[name=words]:visible")
    words.fill("You said: take your time.")
    say_something(board)
    board.get_by_role("button", name=READY, exact=True).tap()
    expect(said(watches)).to_contain_text(READY)
    expect(words).to_have_value("You said: take your time.")
    expect(words).to_be_focused()


def test_without_script_it_is_sent_by_a_form_and_stands_on_the_page(hold: Open) -> None:
    board = hold("Amina", board=True, script=False)
    say_something(board)
    board.get_by_label("One line of your own").fill(OWN)
    board.get_by_role("button", name="Send", exact=True).tap()
    expect(board.get_by_text("Sent to all groups.")).to_be_visible()
    expect(board.locator(".sent")).to_contain_text(OWN)
    sam = hold("Sam", script=False)
    expect(said(sam)).to_contain_text(OWN)
    expect(sam.get_by_role("button", name="Put away")).to_be_hidden()
