"""Seven phones and a whole short role play in threes: six trainees in two groups, and Amina who leads it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from lms.host.i18n import catalog
from tests.browser.conftest import CLASSMATES, MakeDevice
from tests.browser.devices import Device, School, expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser

SIX = ("Sam", "Kim", *CLASSMATES[:4])
SEATS = {"supporter": "You are the supporter", "person": "You are the person", "observer": "You observe"}
NOT_YET = "Not sent yet. You're offline: say it in your group. We send it when you're back."
HEARD = "You said: take your time."
Say = Callable[..., str]


@pytest.fixture(params=["en", "fr"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def say(language: str) -> Say:
    """What the host says for an English string, in the language of the phones."""

    def said(english: str, **values: object) -> str:
        words = catalog(language).gettext(english)
        return words % values if values else words

    return said


@pytest.fixture
def tonight(school: School) -> str:
    return f"{school.group}/classes/6/role-play"


@pytest.fixture
def phones(device: MakeDevice, school: School, language: str, tonight: str) -> Iterator[dict[str, Device]]:
    """A phone each; everybody else is marked away, and nobody has opened a page yet."""
    held = {name: device(signs_in_as(name)) for name in ("Amina", *SIX)}
    for phone in held.values():
        phone.context.add_cookies([{"name": "language", "value": language, "url": school.url}])
    amina = held["Amina"].context.request
    for name in set(school.world.enrolments) - {*SIX, "Wes", "Maël"}:
        form = {"enrolment": str(school.world.enrolments[name]), "status": "away"}
        assert amina.post(f"{tonight.removesuffix('role-play')}marks", form=form).ok
    yield held
    for phone in held.values():
        phone.page.close()  # no phone asks on when the host goes


def signs_in_as(name: str) -> str:
    """Classmates have got their names after their addresses."""
    return f"Person{CLASSMATES.index(name):03}" if name in CLASSMATES else name


def words_heard(page: Page) -> Locator:
    """Where an observer writes the words they heard."""
    return page.locator("textarea[name=words]:visible")


def heading(page: Page, words: str) -> Locator:
    return page.get_by_role("heading", name=words, exact=True)


def seat_of(page: Page, say: Say) -> str:
    """The seat that a phone shows in the first round."""
    (seat,) = [seat for seat, words in SEATS.items() if heading(page, say(words)).is_visible()]
    return seat


def next_part(amina: Page, say: Say) -> None:
    amina.get_by_role("button", name=say("Next part"), exact=True).tap()


def test_seven_phones_play_a_whole_role_play(phones: dict[str, Device], tonight: str, say: Say) -> None:
    trainees = {name: phones[name].open(tonight) for name in SIX}
    amina = phones["Amina"].open(tonight)

    # Grouped: who is waiting sees it without a touch.
    amina.get_by_role("button", name=say("Form the groups"), exact=True).tap()
    for page in trainees.values():
        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(say("Group %(number)s", number="[12]")))

    # Started: every phone shows the same phase.
    amina.get_by_role("button", name=say("Start all groups")).tap()
    for page in trainees.values():
        expect(heading(page, say("Find your group"))).to_be_visible()
    next_part(amina, say)
    for page in trainees.values():
        expect(page.locator("[data-where]")).to_have_text(say("Round %(number)s of %(count)s", number=1, count=3))
        expect(page.locator("[aria-current=step]").get_by_text(say("Reading"))).to_be_visible()

    # Each sees one seat, and each group has all three.
    groups: dict[str, dict[str, str]] = {}
    for name, page in trainees.items():
        number = re.findall(r"\d+", page.get_by_role("heading", level=1).inner_text())[0]
        groups.setdefault(number, {})[seat_of(page, say)] = name
    assert sorted(len(group) for group in groups.values()) == [3, 3]
    first, second = groups["1"], groups["2"]
    next_part(amina, say)
    for page in trainees.values():
        expect(page.locator("[aria-current=step]").get_by_text(say("Practice"))).to_be_visible()

    # One steps out: the group and the trainer are told, nobody says why, and the round goes on.
    out, moves_up = trainees[first["supporter"]], trainees[first["observer"]]
    out.get_by_role("button", name=say("Step out"), exact=True).tap()
    expect(heading(out, say("Take the time you need"))).to_be_visible()
    expect(
        moves_up.get_by_text(say("%(name)s is taking a moment. You can carry on.", name=first["supporter"]))
    ).to_be_visible()
    expect(heading(moves_up, say("You are the supporter"))).to_be_visible()
    expect(heading(amina, say("Stepped out"))).to_be_visible()
    expect(
        amina.get_by_role("listitem").filter(has_text=first["supporter"]).filter(has_text=say("taking a moment"))
    ).to_be_visible()

    expect(
        amina.get_by_text(say("%(name)s stepped out of group %(number)s.", name=first["supporter"], number=1))
    ).to_be_visible()

    # One swaps the card in the other group: nobody is named.
    swaps, sees = trainees[second["person"]], trainees[second["supporter"]]
    before = sees.locator(".roleplay-card:visible").inner_text()
    swaps.get_by_role("button", name=say("Swap the card"), exact=True).tap()
    expect(sees.get_by_text(say("Your group has another card."))).to_be_visible()
    expect(sees.locator(".roleplay-card:visible")).not_to_have_text(before)
    expect(sees.locator(".room__told")).not_to_contain_text(second["person"])
    expect(amina.get_by_text(say("Group %(number)s has another card.", number=2))).to_be_visible()

    # Somebody pauses their group, and it goes on.
    swaps.get_by_role("button", name=say("Pause"), exact=True).tap()
    expect(sees.locator("[data-left]")).to_have_text(say("Your group paused. Go on when you are ready."))
    expect(sees.locator("[data-heard]")).to_have_text(say("Your group paused. Go on when you are ready."))
    sees.get_by_role("button", name=say("Go on"), exact=True).tap()
    expect(swaps.get_by_role("button", name=say("Pause"), exact=True)).to_be_visible()

    # Whoever was out comes back, and observes.
    out.get_by_role("button", name=say("I am back"), exact=True).tap()
    expect(heading(amina, say("Stepped out"))).to_be_hidden()
    expect(words_heard(out)).to_be_visible()

    # Sheets: the observer began to write in the practice, and stays with it when the feedback begins.
    watches = trainees[second["observer"]]
    watches.get_by_role("checkbox").first.check()
    words_heard(watches).fill(HEARD)
    next_part(amina, say)
    for page in (watches, sees, swaps):
        expect(page.locator("[aria-current=step]").get_by_text(say("Feedback"))).to_be_visible()
    expect(words_heard(watches)).to_have_value(HEARD)
    watches.get_by_role("button", name=say("Give it to %(name)s", name=second["supporter"])).tap()
    expect(sees.get_by_text(HEARD)).to_be_visible()
    sees.get_by_role("button", name=say("Keep"), exact=True).tap()
    expect(sees.get_by_text(say("Kept with your own notes."))).to_be_visible()

    # Evidence on the trainer's board: the sheet is counted, its words are not there; a note on the supporter is kept.
    amina.reload()
    expect(amina.locator("#group-2")).to_contain_text(say("%(num)d sheet given in this round.") % {"num": 1})
    expect(amina.get_by_text(HEARD)).to_have_count(0)
    note = amina.locator("#group-2 details").filter(
        has_text=say("Note on %(name)s as supporter", name=second["supporter"])
    )
    note.locator("summary").tap()
    note.get_by_label(say("One sentence about the skill")).fill("Waited, and asked one open question.")
    note.get_by_role("button", name=say("Note it")).tap()
    expect(amina.get_by_text(say("Noted. %(name)s can read it.", name=second["supporter"]))).to_be_visible()

    # Out of the roles, together, and one private question; then it is over for everyone.
    amina.get_by_role("button", name=say("Bring everyone back")).tap()
    for page in trainees.values():
        expect(page.get_by_text(say("Stand, stretch, or look out of the window."))).to_be_visible()
    next_part(amina, say)
    for page in trainees.values():
        expect(heading(page, say("All together"))).to_be_visible()
    fine = trainees["Sam"].get_by_text(say("I'm fine"), exact=True)
    fine.tap()
    expect(trainees["Sam"].get_by_text(say("Good to know. Thank you for playing."))).to_be_visible()
    amina.get_by_role("button", name=say("End the role play")).tap()
    for page in trainees.values():
        expect(heading(page, say("The role play is over"))).to_be_visible()
    amina.goto(f"{tonight}/board")
    expect(amina.get_by_text(say("This role play is over. Here is who played which role."))).to_be_visible()
    expect(amina.get_by_text("Waited, and asked one open question.")).to_be_visible()


def test_a_phone_without_a_network_counts_on_and_sends_later_what_one_chose(
    phones: dict[str, Device], tonight: str, say: Say
) -> None:
    amina = phones["Amina"].context.request
    for what, form in (("groups", {"version": "0"}), ("run", {"do": "start"})):
        assert amina.post(f"{tonight}/{what}", form=form).ok
    assert amina.post(f"{tonight}/clock", form={"do": "next"}).ok
    sam = phones["Sam"].open(tonight)
    with phones["Sam"].without_network():
        expect(
            sam.get_by_text(say("You're offline. The round goes on until about {time}.").partition("{")[0])
        ).to_be_visible()
        expect(sam.locator("[data-left]")).to_be_visible()
        sam.get_by_role("button", name=say("Pause"), exact=True).tap()
        expect(sam.get_by_text(say("Not sent. You're offline, and the clock goes on."))).to_be_visible()
        sam.get_by_role("button", name=say("Step out"), exact=True).tap()
        expect(sam.get_by_text(say(NOT_YET))).to_be_visible()
    expect(heading(sam, say("Take the time you need"))).to_be_visible()


def test_without_script_the_same_page_comes_again_and_a_tap_is_a_form(
    device: MakeDevice, phones: dict[str, Device], school: School, tonight: str, say: Say, language: str
) -> None:
    amina = phones["Amina"].context.request
    for what, form in (("groups", {"version": "0"}), ("run", {"do": "start"}), ("clock", {"do": "next"})):
        assert amina.post(f"{tonight}/{what}", form=form).ok
    plain = device("Sam", script=False)
    plain.context.add_cookies([{"name": "language", "value": language, "url": school.url}])
    page = plain.open(tonight)
    expect(page.locator("[data-where]")).to_have_text(say("Round %(number)s of %(count)s", number=1, count=3))
    assert page.locator("meta[http-equiv=refresh]").get_attribute("content") == "20"
    assert seat_of(page, say) in SEATS
    page.get_by_role("button", name=say("Step out"), exact=True).tap()
    expect(heading(page, say("Take the time you need"))).to_be_visible()
    page.get_by_role("button", name=say("I am back"), exact=True).tap()
    expect(page.get_by_role("button", name=say("Step out"), exact=True)).to_be_visible()


def test_a_phone_whose_clock_is_five_minutes_off_shows_the_same_time(
    phones: dict[str, Device], tonight: str, say: Say
) -> None:
    amina = phones["Amina"].context.request
    for what, form in (("groups", {"version": "0"}), ("run", {"do": "start"}), ("clock", {"do": "pause"})):
        assert amina.post(f"{tonight}/{what}", form=form).ok
    phones["Kim"].page.add_init_script("const right = Date.now; Date.now = () => right() + 300000;")
    sam, kim = phones["Sam"].open(tonight), phones["Kim"].open(tonight)
    assert kim.evaluate("Date.now()") - sam.evaluate("Date.now()") > 200_000
    for what in ("go_on", "add_minute"):
        assert amina.post(f"{tonight}/clock", form={"do": what}).ok
    for page in (sam, kim):
        expect(page.locator("[data-left]")).to_have_text(say("{n} minutes left").replace("{n}", "3"))
    off = say("The clock of this phone is {n} minutes off. This time is right.").replace("{n}", "5")
    with phones["Kim"].without_network():
        expect(kim.get_by_text(off)).to_be_visible()
    with phones["Sam"].without_network():
        expect(sam.locator("[data-offline]")).to_be_visible()
        expect(sam.get_by_text(off)).to_have_count(0)
