"""Answering without typing, in a browser with a microphone that plays by itself: what was recorded is not lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from lms.features.submissions.models import Attachment
from lms.host.db import session
from tests.browser.devices import Device, School, expect, new_device
from tests.sounds import picture

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Playwright, Route

pytestmark = pytest.mark.browser

MICROPHONE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
ONLY_HERE = "Kept on this device only, until there is a connection."


@pytest.fixture(scope="module")
def talkative(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    """A browser whose microphone plays a tone, and that asks nobody for leave."""
    started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", *MICROPHONE])
    yield started
    started.close()


@pytest.fixture
def sam(talkative: Browser, school: School) -> Iterator[Device]:
    device = new_device(talkative, school).sign_in("Sam")
    yield device
    device.context.close()
    assert device.unexpected() == []


def homework(sam: Device) -> str:
    return f"{sam.school.group}/activities/how-i-arrive"


def files(school: School) -> list[tuple[str, bool]]:
    """Kind, and whether it was sent, in order."""
    with school.changes():
        rows = session.scalars(select(Attachment).order_by(Attachment.position))
        return [(row.kind, row.submission_id is not None) for row in rows]


def record(page: Page) -> None:
    page.get_by_role("button", name="Record your voice").click()
    stop = page.get_by_role("button", name="Stop")
    expect(page.locator("[data-time]")).to_contain_text("2 seconds")
    stop.click()


def send(page: Page) -> None:
    page.get_by_role("button", name="Send to").click()
    expect(page.get_by_text("You can take it back until someone opens it.").first).to_be_visible()


def test_a_recording_is_played_again_and_sent_without_a_typed_word(sam: Device) -> None:
    page = sam.open(homework(sam))
    record(page)
    expect(page.get_by_text("Saved here. It goes along when you send.")).to_be_visible()
    player = page.locator("[data-list] audio")
    assert player.evaluate("player => player.play().then(() => true)")
    send(page)
    assert files(sam.school) == [("audio", True)]
    expect(page.locator("audio")).to_have_count(1)


def test_a_lost_network_and_a_lost_tab_lose_no_recording(sam: Device) -> None:
    page = sam.open(homework(sam))
    with sam.without_network():
        record(page)
        expect(page.get_by_text(ONLY_HERE)).to_be_visible()
        assert files(sam.school) == []
    page = sam.lose_tab()
    sam.open(homework(sam))
    expect(page.get_by_text("Saved here. It goes along when you send.")).to_be_visible()
    assert files(sam.school) == [("audio", False)]
    send(page)
    assert files(sam.school) == [("audio", True)]


def test_a_tab_that_dies_while_recording_leaves_what_was_said(sam: Device) -> None:
    page = sam.open(homework(sam))
    page.get_by_role("button", name="Record your voice").click()
    expect(page.locator("[data-time]")).to_contain_text("3 seconds")
    page = sam.lose_tab()
    sam.open(homework(sam))
    expect(page.get_by_text("Saved here. It goes along when you send.")).to_be_visible()
    assert files(sam.school) == [("audio", False)]


def test_nothing_is_sent_without_a_recording_that_is_on_the_device(sam: Device) -> None:
    page = sam.open(homework(sam))
    with sam.without_network():
        record(page)
        expect(page.get_by_text(ONLY_HERE)).to_be_visible()
        page.get_by_role("button", name="Send to").click()
        expect(page.get_by_text("Not sent yet: something of yours is still on this device only.")).to_be_visible()
    send(page)
    assert files(sam.school) == [("audio", True)]


@pytest.mark.parametrize(("status", "tries"), [(500, 3), (413, 1)])
def test_what_is_never_taken_is_said_so_and_holds_nothing_up(sam: Device, status: int, tries: int) -> None:
    page = sam.open(homework(sam))
    asked: list[str] = []
    sam.may_meet(f"status of {status}")

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=status, body="<p>Out of tea</p>")

    page.route("**/activities/how-i-arrive/files", refuse)
    page.clock.install()
    record(page)
    sentence = page.get_by_text("This one could not be taken here.")
    for _ in range(100):
        if sentence.is_visible():
            break
        page.clock.run_for(5_000)
        page.wait_for_timeout(100)
    expect(sentence).to_be_visible()
    page.clock.run_for(60_000)
    assert len(asked) == tries
    page.get_by_role("textbox", name="Your reflection").fill("Without sound, then.")
    send(page)
    assert files(sam.school) == []


def test_a_recording_that_goes_on_in_another_tab_is_left_to_it(sam: Device) -> None:
    page = sam.open(homework(sam))
    page.get_by_role("button", name="Record your voice").click()
    expect(page.locator("[data-time]")).to_contain_text("2 seconds")
    other = sam.context.new_page()
    other.goto(page.url)
    expect(other.get_by_role("button", name="Record your voice")).to_be_visible()
    other.wait_for_load_state("networkidle")
    expect(other.locator("audio")).to_have_count(0)
    assert files(sam.school) == []
    other.close()
    expect(page.locator("[data-time]")).to_contain_text("4 seconds")
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Saved here. It goes along when you send.")).to_be_visible()
    assert files(sam.school) == [("audio", False)]


def test_a_recording_can_be_deleted_and_made_again(sam: Device) -> None:
    page = sam.open(homework(sam))
    record(page)
    page.get_by_role("button", name="Delete").click()
    expect(page.locator("audio")).to_have_count(0)
    assert files(sam.school) == []
    page.get_by_role("button", name="Record again").click()
    expect(page.locator("[data-time]")).to_contain_text("2 seconds")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("[data-list] audio")).to_have_count(1)


def test_pages_of_paper_come_in_order_and_change_places(sam: Device, tmp_path: Path) -> None:
    paths = []
    for number in range(3):
        paths.append(tmp_path / f"page{number}.jpg")
        paths[-1].write_bytes(picture(size=(400, 300 + number)))
    page = sam.open(homework(sam))
    page.get_by_text("A photo of what you wrote on paper").click()
    page.get_by_label("Or choose photos that you have").set_input_files(paths)
    expect(page.get_by_role("link", name="Page 3 of 3")).to_be_visible()
    before = page.locator("[data-list] img").nth(2).get_attribute("src")
    page.get_by_role("button", name="Move earlier").last.click()
    expect(page.locator("[data-list] img").nth(1)).to_have_attribute("src", str(before))
    send(page)
    assert files(sam.school) == [("photo", True)] * 3


def test_without_script_photos_go_with_the_words(talkative: Browser, school: School, tmp_path: Path) -> None:
    path = tmp_path / "page.jpg"
    path.write_bytes(picture())
    device = new_device(talkative, school, script=False).sign_in("Sam")
    page = device.open(f"{school.group}/activities/how-i-arrive")
    page.get_by_role("textbox", name="Your reflection").fill("See the page.")
    page.get_by_text("A photo of what you wrote on paper").click()
    page.get_by_label("Or choose photos that you have").set_input_files(path)
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("link", name="Page 1 of 1")).to_be_visible()
    expect(page.get_by_role("textbox", name="Your reflection")).to_have_value("See the page.")
    send(page)
    assert files(school) == [("photo", True)]
    assert device.unexpected() == []
    device.context.close()
