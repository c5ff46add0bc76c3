"""After a round: sheets on phones, with and without a network and script, and the trainers' board beside them."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from lms.features.cohorts.models import Enrolment
from lms.features.roleplay.models import Sheet
from lms.host.db import session
from lms.host.web import now
from tests.browser.conftest import MakeDevice
from tests.browser.devices import School
from tests.features.roleplay.rooms import begin

GROUP = ("Sam", "Kim", "Jo Martel")
IN_ROUND_ONE, IN_ROUND_TWO = 250, 620
SOON_PLAYING, SOON_FEEDBACK = 173, 353  # seconds into it, a few before the next part
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


def test_a_sheet_that_is_refused_says_why(school: School, device: MakeDevice, place: str) -> None:
    begin(school.app, school.world, GROUP, ago=IN_ROUND_ONE)
    kim = device("Kim")
    kim.may_meet("404", "422")
    page = kim.open(f"{place}/sheet")
    page.get_by_role("button", name="Give it to Sam").click()
    expect(page.get_by_text("Tick a line or write a few words first.")).to_be_visible()
    page.get_by_label("When did I feel heard?").fill(WORDS)
    with school.changes():
        session.get_one(Enrolment, school.world.enrolments["Kim"]).left_at = now()
    page.get_by_role("button", name="Give it to Sam").click()
    expect(page.get_by_text("We can't find this page.")).to_be_visible()
    expect(page.get_by_label("When did I feel heard?")).to_have_value(WORDS)


def test_a_phone_turns_to_the_next_part_by_itself_and_forgets_what_was_told_of_the_last(
    school: School, device: MakeDevice, place: str
) -> None:
    begin(school.app, school.world, GROUP, ago=SOON_FEEDBACK).chose("Kim", "observe", 1)
    page = device("Sam").open(place)
    told = page.locator("[data-part=told]")
    expect(told).to_contain_text("Kim")
    expect(page.locator("[aria-current=step]")).to_have_text("Feedback", timeout=15000)
    expect(told).to_be_empty()


def test_whoever_writes_is_told_of_the_end_once_the_sheet_is_given(
    school: School, device: MakeDevice, place: str
) -> None:
    table = begin(school.app, school.world, GROUP, ago=SOON_FEEDBACK + 10)
    sam, kim = device("Sam").open(place), device("Kim").open(place)
    sam.get_by_label("What did I like?").fill("That I waited")
    assert device("Amina").context.request.post(f"{place}/run", form={"do": "end", "run": str(table.run_id)}).ok
    expect(kim.get_by_role("heading", name="The role play is over")).to_be_visible()
    expect(sam.get_by_label("What did I like?")).to_have_value("That I waited")
    sam.get_by_role("button", name="Keep my notes").click()
    expect(sam.get_by_role("heading", name="The role play is over")).to_be_visible()
    assert given(school) == [(1, {"liked": "That I waited"})]


def test_whoever_was_at_something_that_goes_away_is_at_the_heading(
    school: School, device: MakeDevice, place: str
) -> None:
    begin(school.app, school.world, GROUP, ago=IN_ROUND_ONE)
    page = device("Sam").open(place)
    page.locator("[data-when=round-1] summary").first.focus()
    amina = device("Amina").context.request
    for _part in ("feedback", "reading"):
        assert amina.post(f"{place}/clock", form={"do": "next"}).ok
    expect(page.locator("[data-where]")).to_have_text("Round 2 of 3")
    expect(page.get_by_role("heading", level=1)).to_be_focused()


def test_a_part_that_ends_by_itself_changes_the_board_and_a_pause_holds_in_the_next(
    school: School, device: MakeDevice, place: str
) -> None:
    begin(school.app, school.world, GROUP, ago=SOON_PLAYING)
    board = device("Amina", phone=False).open(f"{place}/board")
    expect(board.get_by_role("heading", level=1)).to_contain_text("Reading")
    expect(board.get_by_role("heading", level=1)).to_contain_text("Practice", timeout=15000)
    board.get_by_role("button", name="Pause all").click()
    expect(board.get_by_text("All groups are paused.")).to_be_visible()


def test_a_note_outlives_a_lost_network_and_the_end_of_the_role_play(
    school: School, device: MakeDevice, place: str
) -> None:
    table = begin(school.app, school.world, GROUP, ago=IN_ROUND_ONE)
    amina = device("Amina", phone=False)
    board = amina.open(f"{place}/board")
    board.get_by_text("Note on Sam as supporter").click()
    words = board.get_by_label("One sentence about the skill")
    words.fill("Waited, and asked")
    with amina.without_network():
        board.get_by_role("button", name="Note it").click()
        expect(board.get_by_text("Not sent: there is no connection. Your words are here. Try again.")).to_be_visible()
        board.get_by_role("button", name="Pause all").click()
        expect(board.get_by_text("Not sent: there is no connection. Your words are here. Try again.")).to_have_count(2)
    assert amina.context.request.post(f"{place}/run", form={"do": "end", "run": str(table.run_id)}).ok
    expect(board.get_by_text("This role play is over. Finish your note first if you like.")).to_be_visible()
    expect(words).to_have_value("Waited, and asked")
    board.get_by_role("button", name="Note it").click()
    expect(board.get_by_text("Noted. Sam can read it.")).to_be_visible()
    board.locator("[data-note] button").blur()
    expect(board.get_by_text("This role play is over. Here is who played which role.")).to_be_visible()
    expect(board.get_by_text("Waited, and asked")).to_be_visible()


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
