"""A piece with a clock, on a phone: what rests goes on by writing; without script one goes on first; no word is lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import MakeDevice
from tests.browser.devices import School, expect
from tests.world import course_where, with_clock

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

NAME = "how-i-arrive"


@pytest.fixture
def piece(school: School) -> Iterator[str]:
    """The address of a piece that has an hour."""
    with course_where(school.app, school.world.cohorts["evening"], with_clock(NAME)):
        yield f"{school.group}/activities/{NAME}"


def begun_and_resting(page: Page) -> None:
    page.get_by_role("button", name="Start").click()
    field = page.get_by_label("Your reflection").first
    field.fill("Halfway.")
    page.get_by_role("button", name="Rest").click()
    expect(page.get_by_role("timer")).to_contain_text("The clock rests.")
    expect(page.get_by_label("Your reflection").first).to_have_value("Halfway.")


def test_writing_lets_the_clock_go_on(device: MakeDevice, piece: str) -> None:
    page = device("Sam", phone=True).open(piece)
    begun_and_resting(page)
    expect(page.get_by_text("It goes on by itself when you write.")).to_be_visible()
    field = page.get_by_label("Your reflection").first
    field.press("Control+End")
    field.press_sequentially(" And on.")
    expect(page.get_by_text("You are writing, so it goes on.")).to_be_visible()
    expect(page.get_by_role("timer")).not_to_contain_text("rests")
    expect(page.get_by_role("button", name="Rest")).to_be_visible()
    page.get_by_role("button", name="Rest").click()
    expect(page.get_by_role("timer")).to_contain_text("The clock rests.")
    expect(page.get_by_label("Your reflection").first).to_have_value("Halfway. And on.")


def test_the_buttons_stand_at_the_clock(device: MakeDevice, piece: str) -> None:
    page = device("Sam", phone=True).open(piece)
    begun_and_resting(page)
    line, button = page.get_by_role("timer").bounding_box(), page.get_by_role("button", name="Go on").bounding_box()
    assert line
    assert button
    assert 0 <= button["y"] + button["height"] - line["y"] < 120


def test_without_script_one_goes_on_first(device: MakeDevice, piece: str) -> None:
    page = device("Sam", phone=True, script=False).open(piece)
    begun_and_resting(page)
    field = page.get_by_label("Your reflection").first
    expect(field).not_to_be_editable()
    expect(page.get_by_text("“Go on” lets you write again.")).to_be_visible()
    page.get_by_role("button", name="Go on").click()
    expect(field).to_be_editable()
    expect(field).to_have_value("Halfway.")
