"""Nothing that Sam writes is lost: without a server, without a network, signed out, and on two devices at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import MakeDevice
from tests.browser.devices import School, expect, saved_line, sign_in_by_form, writing
from tests.world import PASSWORD, email_of

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

pytestmark = pytest.mark.browser

HOMEWORK = "/activities/how-i-arrive"
KEPT_HERE = "Saved on this device. You can keep writing."
SIGNED_OUT = "You were signed out to keep this private. Your words are saved on this device."
FIRST = "In the first class somebody poured me a tea."
MORE = " I did not have to ask."
OTHER = "The chairs stood in a circle, with one too many."


def write(page: Page, words: str) -> None:
    """Write at the end of what is there, and leave the field."""
    field = writing(page)
    field.press("Control+End")
    field.press_sequentially(words)
    page.get_by_role("heading", level=1).click()


def test_the_server_is_away_for_a_while(device: MakeDevice, school: School) -> None:
    sam = device("Sam")
    sam.page.clock.install()
    page = sam.open(school.group + HOMEWORK)
    with sam.without_server():
        write(page, FIRST)
        expect(saved_line(page)).to_have_text(KEPT_HERE)
        with page.expect_event("requestfailed"):
            page.clock.fast_forward(16_000)  # it tries again, in vain
        expect(saved_line(page)).to_have_text(KEPT_HERE)
    page.clock.fast_forward(16_000)  # and again, and nobody has touched anything
    expect(saved_line(page)).to_contain_text("Saved, ")
    page.reload()
    expect(writing(page)).to_have_value(FIRST)


def test_there_is_no_network_for_a_while(device: MakeDevice, school: School) -> None:
    sam = device("Sam")
    page = sam.open(school.group + HOMEWORK)
    with sam.without_network():
        write(page, FIRST)
        expect(saved_line(page)).to_have_text(KEPT_HERE)
    expect(saved_line(page)).to_contain_text("Saved, ")


def test_signed_out_in_another_tab_while_writing(device: MakeDevice, school: School) -> None:
    sam = device("Sam")
    sam.may_meet("401")
    page = sam.open(school.group + HOMEWORK)
    write(page, FIRST)
    expect(saved_line(page)).to_contain_text("Saved, ")
    school.end_sign_ins("Sam")
    write(page, MORE)
    expect(saved_line(page)).to_have_text(SIGNED_OUT)
    expect(writing(page)).to_have_value(FIRST + MORE)

    page.reload()
    sign_in_by_form(page, "Sam")
    expect(writing(page)).to_have_value(FIRST + MORE)
    expect(saved_line(page)).to_contain_text("Saved, ")
    page.get_by_role("button", name="Send to Amina and Luc").tap()
    expect(page.get_by_text(FIRST + MORE)).to_be_visible()
    expect(page.get_by_text("You'll usually hear back by")).to_be_visible()


def test_sending_without_a_network_stays_on_the_page(device: MakeDevice, school: School) -> None:
    sam = device("Sam")
    page = sam.open(school.group + HOMEWORK)
    with sam.without_network():
        write(page, FIRST)
        page.get_by_role("button", name="Send to Amina and Luc").tap()
        expect(saved_line(page)).to_contain_text("Not sent yet: there is no connection.")
        expect(writing(page)).to_have_value(FIRST)
    expect(saved_line(page)).to_contain_text("Saved, ")
    page.get_by_role("button", name="Send to Amina and Luc").tap()
    expect(page.get_by_text("You'll usually hear back by")).to_be_visible()


def test_sending_waits_for_words_that_are_on_their_way(device: MakeDevice, school: School) -> None:
    """On a slow line a saving is under way when Sam presses Send: no other device wrote anything."""
    sam = device("Sam")
    page = sam.open(f"{school.group}/activities/a-small-kind-limit")

    def slowly(route: Route) -> None:
        page.wait_for_timeout(700)
        route.continue_()

    page.route("**/draft", slowly)
    first, second = page.get_by_role("textbox").all()[:2]
    first.fill("I sat beside them.")
    second.focus()
    second.press_sequentially("They spoke first.")
    page.get_by_role("button", name="Send to Amina and Luc").tap()
    expect(page.get_by_text("You'll usually hear back by")).to_be_visible()
    expect(page.get_by_text("They spoke first.")).to_be_visible()


def sign_in_on_top(page: Page, name: str) -> None:
    dialog = page.get_by_role("dialog", name="Sign in again")
    dialog.get_by_label("E-mail").fill(email_of(name))
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in", exact=True).click()


def test_the_sign_in_opens_on_top_and_the_words_stay(device: MakeDevice, school: School) -> None:
    sam = device("Sam")
    sam.may_meet("401", "422")
    page = sam.open(school.group + HOMEWORK)
    school.end_sign_ins("Sam")
    write(page, FIRST)
    dialog = page.get_by_role("dialog", name="Sign in again")
    expect(dialog).to_be_visible()
    dialog.get_by_label("E-mail").fill(email_of("Sam"))
    dialog.get_by_label("Password").fill("not this one")
    dialog.get_by_role("button", name="Sign in", exact=True).click()
    expect(dialog.get_by_text("do not go together")).to_be_visible()
    sign_in_on_top(page, "Sam")
    expect(dialog).to_be_hidden()
    expect(writing(page)).to_have_value(FIRST)
    expect(saved_line(page)).to_contain_text("Saved, ")


def test_somebody_else_signs_in_on_the_same_device(device: MakeDevice, school: School) -> None:
    """Kim gets nothing of what Sam wrote, and Sam loses nothing of it."""
    sam = device("Sam")
    sam.may_meet("401")
    page = sam.open(school.group + HOMEWORK)
    school.end_sign_ins("Sam")
    write(page, FIRST)
    sign_in_on_top(page, "Kim")
    dialog = page.get_by_role("dialog", name="Sign in again")
    expect(dialog.get_by_text("Somebody else is signed in with that.")).to_be_visible()
    dialog.get_by_role("button", name="Not now").click()
    write(page, MORE)
    expect(saved_line(page)).to_have_text(SIGNED_OUT)

    other_tab = sam.context.new_page()
    other_tab.goto(school.group + HOMEWORK)
    expect(writing(other_tab)).to_have_value("")
    page.get_by_role("button", name="Sign in again").click()
    sign_in_on_top(page, "Sam")
    expect(saved_line(page)).to_contain_text("Saved, ")
    expect(writing(page)).to_have_value(FIRST + MORE)


def test_signed_in_again_in_another_tab_the_writing_goes_on(device: MakeDevice, school: School) -> None:
    sam = device("Sam")
    sam.may_meet("401")
    page = sam.open(school.group + HOMEWORK)
    school.end_sign_ins("Sam")
    write(page, FIRST)
    expect(saved_line(page)).to_have_text(SIGNED_OUT)
    other_tab = sam.context.new_page()
    other_tab.goto("/sign-in")
    sign_in_by_form(other_tab, "Sam")
    expect(other_tab.get_by_role("heading", level=1)).to_contain_text("Sam")
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")  # as when a person comes back to the tab
    expect(page.get_by_role("dialog", name="Sign in again")).to_be_hidden()
    write(page, MORE)
    expect(saved_line(page)).to_contain_text("Saved, ")


def test_sending_while_signed_out(device: MakeDevice, school: School) -> None:
    """The sign-in page carries the words; after it, one more tap sends them."""
    sam = device("Sam")
    sam.may_meet("401")
    page = sam.open(school.group + HOMEWORK)
    write(page, FIRST + MORE)
    expect(saved_line(page)).to_contain_text("Saved, ")
    school.end_sign_ins("Sam")
    page.get_by_role("button", name="Send to Amina and Luc").tap()
    expect(page.get_by_label("Your text")).to_have_value(FIRST + MORE)
    sign_in_by_form(page, "Sam")
    expect(page.get_by_role("heading", name="You're signed in again")).to_be_visible()
    page.get_by_role("button", name="Send it on").tap()
    expect(page.get_by_text(FIRST + MORE)).to_be_visible()
    expect(page.get_by_text("You'll usually hear back by")).to_be_visible()


def test_two_devices_that_both_began_with_nothing(device: MakeDevice, school: School) -> None:
    phone, laptop = device("Sam"), device("Sam", phone=False)
    laptop.may_meet("409")
    phone.open(school.group + HOMEWORK)
    laptop.open(school.group + HOMEWORK)
    write(phone.page, FIRST)
    expect(saved_line(phone.page)).to_contain_text("Saved, ")
    write(laptop.page, OTHER)
    expect(saved_line(laptop.page)).to_contain_text("You wrote this in another window or on another device too")

    laptop.page.get_by_role("button", name="Show both").click()
    expect(laptop.page.get_by_role("heading", name="There are two texts")).to_be_visible()
    mine, there = laptop.page.get_by_label("Your reflection").all()
    expect(mine).to_have_value(OTHER)
    expect(there).to_have_value(FIRST)
    there.fill(f"{FIRST}\n{OTHER}")
    laptop.page.get_by_role("button", name="Keep that text").click()
    expect(writing(laptop.page)).to_have_value(f"{FIRST}\n{OTHER}")

    phone.page.reload()
    expect(writing(phone.page)).to_have_value(f"{FIRST}\n{OTHER}")


def test_words_that_waited_on_a_phone_do_not_replace_newer_ones(device: MakeDevice, school: School) -> None:
    """Sam wrote on the phone without a network, went on at the laptop, and opens the phone again."""
    phone, laptop = device("Sam"), device("Sam", phone=False)
    phone.may_meet("409")
    phone.open(school.group + HOMEWORK)
    write(phone.page, FIRST)
    expect(saved_line(phone.page)).to_contain_text("Saved, ")
    with phone.without_network():
        write(phone.page, MORE)
        expect(saved_line(phone.page)).to_have_text(KEPT_HERE)
        phone.page = phone.lose_tab()

    laptop.page = laptop.context.new_page()
    laptop.open(school.group + HOMEWORK)
    writing(laptop.page).fill(OTHER)
    laptop.page.get_by_role("heading", level=1).click()
    expect(saved_line(laptop.page)).to_contain_text("Saved, ")

    phone.open(school.group + HOMEWORK)
    expect(writing(phone.page)).to_have_value(FIRST + MORE)
    phone.page.get_by_role("button", name="Show both").tap()
    expect(phone.page.get_by_role("heading", name="There are two texts")).to_be_visible()
    mine, there = phone.page.get_by_label("Your reflection").all()
    expect(mine).to_have_value(FIRST + MORE)
    expect(there).to_have_value(OTHER)
    phone.page.get_by_role("button", name="Keep this text").tap()
    expect(writing(phone.page)).to_have_value(FIRST + MORE)
    laptop.page.reload()
    expect(writing(laptop.page)).to_have_value(FIRST + MORE)
