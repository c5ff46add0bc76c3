"""After a round: sheets on phones, with and without a network and script, and the trainers' board beside them."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from lms.features.roleplay.models import Sheet
from lms.host.db import session
from tests.browser.conftest import MakeDevice
from tests.browser.devices import School
from tests.features.roleplay.rooms import begin

GROUP = ("Sam", "Kim", "Jo Martel")
IN_ROUND_ONE, IN_ROUND_TWO = 250, 620
WORDS = "You let the silence be."


@pytest.fixture
def place(school: School) -> str:
    return f"{school.group}/classes/6/role-play"


def given(school: School) -> list[tuple[int, dict[str, str]]]:
    with school.app.app_context():
        return [(sheet.round_number, sheet.words) for sheet in session.scalars(select(Sheet).order_by(Sheet.id))]


def test_what_is_typed_waits_on_the_phone_and_goes_when_there_is_signal(
    school: School, device: MakeDevice, place: str
) -> None:
    begin(school.app, school.world, GROUP, ago=IN_ROUND_ONE)
    kim = device("Kim")
    page = kim.open(f"{place}/sheet")
    page.get_by_label("When did I feel heard?").fill("When you nodded")
    expect(page.get_by_text("On this phone. Not given yet.")).to_be_visible()
    page.reload()
    expect(page.get_by_label("When did I feel heard?")).to_have_value("When you nodded")
    with kim.without_network():
        page.get_by_role("button", name="Give it to Sam").click()
        expect(page.get_by_text("No signal. You can keep writing.")).to_be_visible()
    expect(page.get_by_text("Given, ")).to_be_visible()
    assert given(school) == [(1, {"heard": "When you nodded"})]


def test_a_sheet_that_could_not_go_goes_from_another_page_when_the_round_is_over(
    school: School, device: MakeDevice, place: str
) -> None:
    begin(school.app, school.world, GROUP, ago=IN_ROUND_TWO)
    kim = device("Kim")
    page = kim.open(f"{place}/sheet")
    form = page.locator("form[data-sheet]").last  # round 1
    form.get_by_label("When did I feel heard?").fill("When you waited")
    with kim.without_network():
        form.get_by_role("button", name="Give it to Sam").click()
        expect(form.get_by_text("No signal.")).to_be_visible()
        another = kim.context.new_page()
        page.close()
    with another.expect_response(lambda answer: answer.request.method == "POST" and "/sheet" in answer.url):
        another.goto(place)
    assert given(school) == [(1, {"heard": "When you waited"})]


def test_what_is_given_appears_for_its_supporter_who_goes_on_writing(
    school: School, device: MakeDevice, place: str
) -> None:
    begin(school.app, school.world, GROUP, ago=IN_ROUND_ONE)
    sam = device("Sam").open(f"{place}/sheet")
    sam.get_by_label("What did I like?").fill("That I waited")
    observer = device("Kim").open(f"{place}/sheet")
    observer.get_by_label("When did I feel heard?").fill(WORDS)
    observer.get_by_role("button", name="Give it to Sam").click()
    expect(sam.get_by_text(WORDS)).to_be_visible()
    expect(sam.get_by_label("What did I like?")).to_have_value("That I waited")
    sam.get_by_role("button", name="Let go").click()
    expect(sam.get_by_text("Let go. The words are erased.")).to_be_visible()
    assert given(school) == [(1, {})]


def test_sheets_work_without_script(school: School, device: MakeDevice, place: str) -> None:
    begin(school.app, school.world, GROUP, ago=IN_ROUND_ONE)
    kim = device("Kim", script=False)
    kim.may_meet("422")
    page = kim.open(f"{place}/sheet")
    page.get_by_role("button", name="Give it to Sam").click()
    expect(page.get_by_text("Tick a line or write a few words first.").first).to_be_visible()
    page.get_by_label("When did I feel heard?").fill(WORDS)
    page.get_by_role("button", name="Give it to Sam").click()
    expect(page.get_by_text("Given.").first).to_be_visible()
    expect(page.get_by_label("When did I feel heard?")).to_have_value(WORDS)


def test_the_board_hears_of_a_group_while_a_trainer_writes(school: School, device: MakeDevice, place: str) -> None:
    begin(school.app, school.world, GROUP, ("Bo Tran", "Chi Lam"), ago=IN_ROUND_ONE)
    board = device("Amina", phone=False).open(f"{place}/board")
    group = board.locator("#group-2")
    group.get_by_text("Note on Bo Tran as supporter").click()
    group.get_by_label("One sentence about the skill").fill("Half a sentence")
    room = device("Kim").open(place)
    room.get_by_role("button", name="Please come").click()
    expect(board.locator("#group-1").get_by_text("This group asks you to come.")).to_be_visible()
    expect(group.get_by_label("One sentence about the skill")).to_have_value("Half a sentence")
    group.get_by_role("button", name="Note it").click()
    expect(group.get_by_text("Noted. Bo Tran can read it.")).to_be_visible()
    board.get_by_role("button", name="I am with them, group 1").click()
    expect(board.locator("#group-1").get_by_text("This group asks you to come.")).to_be_hidden()
