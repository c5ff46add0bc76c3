"""The room on an old phone: it begins in place, it is felt and stays lit where somebody wants that, it is heard without
looking, and nothing reaches the group minutes later."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.conftest import MakeDevice
from tests.browser.devices import School, expect
from tests.features.roleplay.rooms import begin

pytestmark = pytest.mark.browser

GROUP = ("Sam", "Kim", "Amir Sadeghi")
READING = 130  # seconds after the start: the first round is read
PLAYING = 185
SOON_FEEDBACK = 355  # five seconds before the first feedback
NEARLY_FEEDBACK = 325  # thirty-five seconds before it
FELT = "window.felt = []; navigator.vibrate = (pattern) => { felt.push(pattern); return true; };"
LIT = """
window.locks = [];
Object.defineProperty(navigator, "wakeLock", { value: { request: async (kind) => {
  const lock = { kind, released: false, release: async () => { lock.released = true; } };
  locks.push(lock);
  return lock;
} } });
"""


@pytest.fixture
def place(school: School) -> str:
    return f"{school.group}/classes/6/role-play"


@pytest.fixture
def trainer(device: MakeDevice, place: str) -> Callable[..., None]:
    """`trainer("run", do="start")`: what Amina presses elsewhere."""
    amina = device("Amina").context.request

    def press(what: str, **form: str) -> None:
        assert amina.post(f"{place}/{what}", form=form).ok

    return press


def test_who_waits_is_in_the_room_without_another_page(
    device: MakeDevice, place: str, trainer: Callable[..., None]
) -> None:
    sam = device("Sam")
    page = sam.open(place)
    page.evaluate("window.stayed = true")
    with sam.without_network():
        expect(page.get_by_text("You're offline. What is here stays")).to_be_visible()
    expect(page.get_by_text("You're offline. What is here stays")).to_be_hidden()
    expect(page.get_by_text("Your card appears here when your trainer has formed the groups.")).to_be_visible()
    trainer("groups", version="0")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Group")
    trainer("run", do="start")
    expect(page.get_by_role("heading", name="Find your group")).to_be_visible()
    expect(page.locator(".roleplay-card:visible")).to_have_count(1)
    expect(page.locator("[data-heard]")).to_contain_text("Find your group")
    expect(page.get_by_role("button", name="Not the person today")).to_be_hidden()
    page.get_by_role("button", name="Step out", exact=True).tap()
    expect(page.get_by_role("heading", name="Take the time you need")).to_be_in_viewport()
    page.get_by_role("button", name="I am back", exact=True).tap()
    expect(page.get_by_role("heading", name="Find your group")).to_be_in_viewport()
    trainer("run", do="end")
    expect(page.get_by_role("heading", name="The role play is over")).to_be_visible()
    trainer("run", do="start")
    expect(page.get_by_role("heading", name="Find your group")).to_be_visible()
    assert page.evaluate("window.stayed")


def test_a_part_that_begins_is_felt_by_those_who_chose_it(school: School, device: MakeDevice, place: str) -> None:
    begin(school.app, school.world, GROUP, ago=SOON_FEEDBACK)
    sam, kim = device("Sam"), device("Kim")
    for one in (sam, kim):
        one.page.add_init_script(FELT)
        one.open(place)
    button = sam.page.get_by_role("button", name="Soft vibration")
    expect(button).to_have_attribute("aria-pressed", "false")
    button.tap()
    expect(button).to_have_attribute("aria-pressed", "true")
    for one in (sam, kim):
        expect(one.page.locator("[aria-current=step]")).to_have_text("Feedback")
    assert sam.page.evaluate("felt") == [[60, 80, 60]]
    assert kim.page.evaluate("felt") == []
    assert sam.open(place).get_by_role("button", name="Soft vibration").get_attribute("aria-pressed") == "true"


def test_a_phone_that_cannot_vibrate_does_not_offer_it(school: School, device: MakeDevice, place: str) -> None:
    begin(school.app, school.world, GROUP, ago=READING)
    sam = device("Sam")
    sam.page.add_init_script("Object.defineProperty(navigator, 'vibrate', { value: undefined });")
    page = sam.open(place)
    expect(page.get_by_role("button", name="Large type")).to_be_visible()
    expect(page.get_by_role("button", name="Soft vibration")).to_be_hidden()


def test_the_screen_stays_awake_as_long_as_the_role_play_goes_on(
    school: School, device: MakeDevice, place: str, trainer: Callable[..., None]
) -> None:
    table = begin(school.app, school.world, GROUP, ago=READING)
    sam = device("Sam")
    sam.page.add_init_script(LIT)
    page = sam.open(place)
    expect(page.get_by_role("button", name="Large type")).to_be_visible()
    assert page.evaluate("locks.map((lock) => [lock.kind, lock.released])") == [["screen", False]]
    page.get_by_role("button", name="Step out", exact=True).tap()
    expect(page.get_by_role("heading", name="Take the time you need")).to_be_visible()
    assert page.evaluate("locks.map((lock) => lock.released)") == [False], "one lock is enough"
    trainer("run", do="end", run=str(table.run_id))
    expect(page.get_by_role("heading", name="The role play is over")).to_be_visible()
    assert page.evaluate("locks.map((lock) => lock.released)") == [True]


def test_a_device_that_refuses_to_stay_awake_plays_all_the_same(school: School, device: MakeDevice, place: str) -> None:
    begin(school.app, school.world, GROUP, ago=READING)
    sam = device("Sam")
    sam.page.add_init_script(
        "Object.defineProperty(navigator, 'wakeLock', { value: { request: async () => { throw new Error('low'); } } });"
    )
    expect(sam.open(place).get_by_role("button", name="Large type")).to_be_visible()


def test_large_type_is_kept_and_holds_in_the_next_part(
    school: School, device: MakeDevice, place: str, trainer: Callable[..., None]
) -> None:
    begin(school.app, school.world, GROUP, ago=READING)
    page = device("Sam").open(place)
    line = page.locator(".roleplay-card:visible h2")
    before = line.evaluate("(one) => parseFloat(getComputedStyle(one).fontSize)")
    page.get_by_role("button", name="Large type").tap()
    assert line.evaluate("(one) => parseFloat(getComputedStyle(one).fontSize)") > before
    for what in ("out", "back"):
        page.get_by_role("button", name="Step out" if what == "out" else "I am back", exact=True).tap()
    expect(page.get_by_role("button", name="Large type")).to_have_attribute("aria-pressed", "true")


def test_a_pause_that_found_no_network_does_not_come_later(school: School, device: MakeDevice, place: str) -> None:
    begin(school.app, school.world, GROUP, ago=PLAYING)
    sam = device("Sam")
    page = sam.open(place)
    with sam.without_network():
        page.get_by_role("button", name="Please come").tap()
        expect(page.get_by_text("Not sent yet.")).to_be_visible()
        page.get_by_role("button", name="Pause", exact=True).tap()
        expect(page.get_by_text("Not sent. You're offline, and the clock goes on.")).to_be_visible()
    expect(page.get_by_text("Your trainer knows that you ask them to come.")).to_be_visible()
    expect(page.get_by_text("Your trainer knows.", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Please come")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()


def test_whoever_listens_hears_the_parts_and_never_the_seconds(
    school: School, device: MakeDevice, place: str, trainer: Callable[..., None]
) -> None:
    begin(school.app, school.world, GROUP, ago=NEARLY_FEEDBACK)
    page = device("Sam").open(place)
    heard = page.locator("[data-heard]")
    expect(heard).to_be_empty()
    page.evaluate(
        """() => {
          window.heard = [];
          const line = document.querySelector("[data-heard]");
          new MutationObserver(() => heard.push(line.textContent)).observe(line, { childList: true });
        }"""
    )
    expect(heard).to_have_text("Time to find an ending.")
    trainer("clock", do="pause")
    expect(heard).to_have_text("Your trainer paused all groups.")
    trainer("clock", do="add_minute")
    trainer("clock", do="go_on")
    expect(heard).to_have_text("It goes on: Practice.")
    trainer("clock", do="next")
    expect(heard).to_have_text("Round 1 of 3. Feedback. supporter")
    assert len(page.evaluate("heard")) == 4
    assert page.locator("[data-left]").evaluate("(line) => line.closest('[role=status], [aria-live]')") is None


def test_a_room_is_played_with_the_keyboard_alone(school: School, device: MakeDevice, place: str) -> None:
    begin(school.app, school.world, GROUP, ago=PLAYING)
    page = device("Sam", phone=False).open(place)
    for name in ("Please come", "Swap the card"):
        button = page.get_by_role("button", name=name)
        button.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text("Your trainer knows that you ask them to come.")).to_be_visible()
        expect(button).to_be_focused()
    page.get_by_role("button", name="Step out", exact=True).press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="I am back")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_focused()


def test_before_a_round_is_played_nothing_is_to_be_ended(school: School, device: MakeDevice, place: str) -> None:
    begin(school.app, school.world, GROUP, ago=155)  # five-and-twenty seconds before the practice
    page = device("Sam").open(place)
    expect(page.locator("[data-left]")).to_have_text("Soon: Practice.")
    plain = device("Kim", script=False).open(place)
    expect(plain.locator("[data-left]")).to_have_text("Soon: Practice.")
