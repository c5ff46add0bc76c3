"""Sam and Amina, each with a phone: a homework from the first words to "complete", and a role play."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import MakeDevice
from tests.browser.devices import School, expect, writing

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser

WORDS = "Somebody moved a chair, and I sat down."
QUESTION = "What did the chair tell you?"


def homework_line(page: Page) -> Locator:
    """What Sam's progress page says about reflections and practice reports, on the step Sam is heading for."""
    return page.get_by_role("listitem").filter(has_text="Reflections and practice reports").first


def test_a_homework_goes_there_and_back_twice(device: MakeDevice, school: School) -> None:
    sam, amina = device("Sam").open("/today"), device("Amina").open("/today")
    sam.get_by_role("link", name="Progress").tap()
    expect(homework_line(sam)).to_contain_text(re.compile("0 of \\d+|not started"))
    before = homework_line(sam).inner_text()

    sam.get_by_role("link", name="Today").tap()
    sam.get_by_role("link", name="How I arrive").tap()
    writing(sam).fill(WORDS)
    sam.get_by_role("button", name="Send to Amina and Luc").tap()
    expect(sam.get_by_text("You can take it back until someone opens it.").first).to_be_visible()

    amina.get_by_role("link", name="Feedback").tap()
    amina.get_by_role("button", name="Read it").tap()
    expect(amina.get_by_text(WORDS)).to_be_visible()
    amina.get_by_label("What came through").fill("A small thing that somebody did.")
    amina.get_by_label("A question").fill(QUESTION)
    amina.get_by_role("button", name="One more look").tap()
    expect(amina.get_by_text("All read.")).to_be_visible()
    school.undo_time_passes()

    sam.get_by_role("link", name="Today").tap()
    sam.get_by_role("link", name="One question for you about “How I arrive”").tap()
    expect(sam.get_by_role("heading", name="Amina read it and has one question for you.")).to_be_visible()
    expect(sam.get_by_text(QUESTION)).to_be_visible()
    expect(writing(sam)).to_have_value(WORDS)
    writing(sam).fill(f"{WORDS} It said: there is room.")
    sam.get_by_role("button", name="Send to Amina and Luc").tap()
    expect(sam.get_by_text("It said: there is room.")).to_be_visible()

    amina.reload()
    amina.get_by_role("button", name="Read it").tap()
    expect(amina.get_by_role("heading", name="The question they were asked")).to_be_visible()
    expect(amina.get_by_text("It said: there is room.")).to_be_visible()
    amina.get_by_label("What came through").fill("There is room. I will keep that.")
    amina.get_by_label("A concrete moment").check()
    amina.get_by_role("button", name="Accept and send").tap()
    expect(amina.get_by_text("All read.")).to_be_visible()
    school.undo_time_passes()

    sam.reload()
    expect(sam.get_by_text("This one is complete.")).to_be_visible()
    expect(sam.get_by_text("There is room. I will keep that.")).to_be_visible()
    sam.get_by_role("link", name="Progress").tap()
    expect(homework_line(sam)).to_contain_text(re.compile("1 of \\d+"))
    assert homework_line(sam).inner_text() != before
    sam.get_by_role("link", name="Today").tap()
    expect(sam.get_by_role("link", name="How I arrive")).to_have_count(0)


def test_a_role_play_in_which_each_sees_the_own_role(device: MakeDevice, school: School) -> None:
    sam, amina = device("Sam").open("/today"), device("Amina").open("/today")
    sam.get_by_role("link", name=re.compile("^Class 6")).tap()
    sam.get_by_role("link", name="Your card for the role play").tap()
    expect(sam.get_by_text("Your card appears here when your trainer has formed the groups.")).to_be_visible()

    amina.get_by_role("link", name="Open the plan").tap()
    amina.get_by_role("link", name="Take attendance").tap()
    amina.get_by_role("button", name="Everyone's here").tap()
    expect(amina.get_by_text("20 here.")).to_be_visible()
    amina.get_by_role("button", name=re.compile("^Bo Tran")).tap()
    amina.get_by_role("button", name=re.compile("^Bo Tran")).tap()
    expect(amina.get_by_text("19 here, 1 away.")).to_be_visible()
    amina.get_by_role("link", name="Groups for the role play").tap()
    expect(amina.get_by_text("Away: Bo Tran")).to_be_visible()
    amina.get_by_role("button", name="Form the groups").tap()
    expect(amina.get_by_text("The groups are ready. Everyone sees their own card.")).to_be_visible()
    room_list = amina.get_by_label("Room list to copy").input_value()
    assert "Sam" in room_list
    assert "Bo Tran" not in room_list
    (group,) = (line for line in room_list.splitlines() if re.search(r"\bSam\b", line))

    number, _, names = group.partition(": ")
    expect(sam.get_by_role("heading", level=1)).to_contain_text(number)
    for name in names.split(", "):
        if name != "Sam":
            expect(sam.get_by_text(name, exact=False).first).to_be_visible()
    roles = sam.get_by_role("heading", name=re.compile("^You (are the (supporter|person)|observe)$"))
    expect(roles).to_have_count(1)  # the next rounds are folded up
    seat = re.sub("^You (are the )?", "", roles.inner_text()).replace("observe", "observer")
    said = {"supporter": "Leave out", "person": "If you get stuck", "observer": "Look for"}
    for other, heading in said.items():
        expect(sam.get_by_role("heading", name=heading)).to_have_count(1 if other == seat else 0)


def test_sam_asks_not_to_meet_a_topic_and_nobody_else_sees_that(device: MakeDevice, school: School) -> None:
    sam = device("Sam").open(school.group + "/classes/6/role-play")
    sam.get_by_role("button", name="Not this topic: loneliness").tap()
    expect(sam.get_by_text("You asked not to meet this topic.")).to_be_visible()
    amina = device("Amina").open(school.group + "/classes/6/role-play")
    amina.get_by_role("button", name="Form the groups").tap()
    expect(amina.get_by_role("heading", name="The groups")).to_be_visible()
    expect(amina.get_by_text("asked not to meet")).to_have_count(0)
    expect(sam.get_by_role("heading", level=1)).to_contain_text("Group")
    expect(sam.get_by_role("heading", level=1)).not_to_contain_text("First coffee")  # that card mentions loneliness
