"""One pair in the middle: whoever watches takes the supporter's place, and every phone and the board hear of it."""

from __future__ import annotations

import pytest

from tests.browser.conftest import CLASSMATES, MakeDevice
from tests.browser.devices import School, expect
from tests.features.roleplay.rooms import begin

pytestmark = pytest.mark.browser

IN_PLAY = 185


def test_phones_and_the_board_hear_who_took_the_place(school: School, device: MakeDevice) -> None:
    circle, place = ("Sam", "Kim", *CLASSMATES[:2]), f"{school.group}/classes/6/role-play"
    begin(school.app, school.world, circle, format="fishbowl", rounds=1, ago=IN_PLAY)
    sam, kim, watches = (device(name).open(place) for name in ("Sam", "Kim", "Person000"))
    board = device("Amina").open(f"{place}/board")
    took = "Take the supporter's place"
    button = watches.get_by_role("button", name=took)
    expect(button).to_be_visible()
    for page in (sam, kim):
        expect(page.get_by_role("button", name=took)).to_be_hidden()
    watches.get_by_label("The words I heard").fill("You waited")
    button.click()
    expect(watches.get_by_text("You have taken the supporter's place.")).to_be_visible()
    expect(sam.get_by_text("Thank you.")).to_be_visible()
    expect(kim.get_by_text("has taken the supporter's place.")).to_be_visible()
    expect(board.get_by_text("has taken the supporter's place in group 1.")).to_be_visible()
    expect(watches.get_by_role("heading", name="You are the supporter")).to_be_visible()
    expect(button).to_be_hidden()
    expect(watches.get_by_label("The words I heard"), "nothing typed is lost").to_have_value("You waited")

    sam.get_by_role("button", name=took).click()  # and back again
    expect(sam.get_by_role("heading", name="You are the supporter")).to_be_visible()
    expect(watches.get_by_text("Thank you.")).to_be_visible()


def test_a_place_is_not_taken_later_when_there_was_no_signal(school: School, device: MakeDevice) -> None:
    circle, place = ("Sam", "Kim", CLASSMATES[0]), f"{school.group}/classes/6/role-play"
    begin(school.app, school.world, circle, format="fishbowl", rounds=1, ago=IN_PLAY)
    watches = device("Person000")
    page = watches.open(place)
    with watches.without_network():
        page.get_by_role("button", name="Take the supporter's place").click()
        expect(page.get_by_text("Not sent. You're offline, and the clock goes on.")).to_be_visible()
    expect(page.get_by_role("heading", name="You are the supporter")).to_be_hidden()
