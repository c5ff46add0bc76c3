"""Amina leads six people in two groups: who is left of one is brought to the other, and an end that came too soon is taken
back. The phones hear of both by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import MakeDevice
from tests.browser.devices import Device, School, expect
from tests.browser.test_role_play import heading, signs_in_as
from tests.browser.test_small_screens import walk
from tests.features.roleplay.rooms import Table, begin

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

FIRST, SECOND = ("Sam", "Kim", "Bo Tran"), ("Chi Lam", "Dele Okafor", "Jo Martel")


@pytest.fixture
def table(school: School) -> Table:
    return begin(school.app, school.world, FIRST, SECOND, ago=200)


@pytest.fixture
def phones(device: MakeDevice, school: School, table: Table) -> Iterator[dict[str, Device]]:
    held = {name: device(signs_in_as(name)) for name in ("Amina", "Sam", "Chi Lam")}
    yield held
    for phone in held.values():
        phone.page.close()  # no phone asks on when the host goes


def board_of(phones: dict[str, Device], school: School) -> Page:
    return phones["Amina"].open(f"{school.group}/classes/6/role-play/board")


def test_who_is_left_is_brought_to_another_group(phones: dict[str, Device], school: School, table: Table) -> None:
    for name in ("Kim", "Bo Tran"):
        table.chose(name, "leave", 1)
    sam = phones["Sam"].open(f"{school.group}/classes/6/role-play")
    expect(sam.get_by_role("heading", level=1)).to_contain_text("Group 1")
    board_of(phones, school).get_by_role("button", name="Bring them to group 2").tap()
    expect(sam.get_by_role("heading", level=1)).to_contain_text("Group 2")
    expect(sam.get_by_text("For Chi Lam, from the observer")).to_be_visible()
    expect(phones["Amina"].page.locator("#group-2")).to_contain_text("Sam")


def test_an_end_that_came_too_soon_is_taken_back_on_every_phone(phones: dict[str, Device], school: School) -> None:
    chi = phones["Chi Lam"].open(f"{school.group}/classes/6/role-play")
    board = board_of(phones, school)
    board.get_by_role("button", name="End the role play").tap()
    expect(heading(chi, "The role play is over")).to_be_visible()
    board.get_by_role("button", name="Go on where it was").tap()
    expect(board.get_by_role("heading", level=1)).to_contain_text("Practice, round 1 of 3")
    expect(chi.locator("[data-where]")).to_have_text("Round 1 of 3")


def test_the_keys_stay_where_they_are_while_the_board_is_drawn_anew(phones: dict[str, Device], school: School) -> None:
    board = board_of(phones, school)
    board.get_by_role("button", name="Pause all").focus()
    board.keyboard.press("Enter")
    expect(board.get_by_role("button", name="Go on, all")).to_be_focused()
    board.keyboard.press("Enter")
    expect(board.get_by_role("button", name="Pause all")).to_be_focused()
    visit = board.get_by_role("button", name="I am with them, group 2")
    visit.focus()
    board.keyboard.press("Enter")
    expect(board.locator("#group-2")).to_contain_text("Visited at")
    expect(visit).to_be_focused()


def test_what_has_the_focus_is_not_hidden_by_the_swap(device: MakeDevice, school: School, table: Table) -> None:
    groups = device("Amina").open(f"{school.group}/classes/6/role-play")
    groups.locator(".groups").get_by_label("Sam", exact=True).check()
    expect(groups.get_by_role("button", name="Swap the two who are ticked")).to_be_in_viewport()
    assert [met for met in (*walk(groups), *walk(groups, "Shift+Tab")) if met["covered"]] == []


def test_the_room_list_is_copied_in_one_tap(device: MakeDevice, school: School, table: Table) -> None:
    amina = device("Amina")
    amina.context.grant_permissions(["clipboard-read", "clipboard-write"])
    groups = amina.open(f"{school.group}/classes/6/role-play")
    groups.get_by_role("button", name="Copy the room list").tap()
    expect(groups.get_by_role("button", name="Copied")).to_be_visible()
    assert groups.evaluate("() => navigator.clipboard.readText()").startswith("Group 1: Sam")
