"""What has to fit, and to be reached with the keys, on a phone and on a low laptop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import MakeDevice
from tests.browser.devices import PHONE, School, expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

LOW = {"width": 1280, "height": 700}
HOMEWORK = "/activities/how-i-arrive"
ROLL_CALL = "/classes/6/roll-call"

# What has the focus, and whether something else lies on a part of it that one needs to see.
FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const box = one.getBoundingClientRect();
  const tall = box.height > innerHeight / 2;
  const below = tall ? Math.max(box.top, 0) + 20 : box.bottom - 3;
  const covered = [box.top + 3, below].some((y) => {
    const found = document.elementFromPoint(box.left + box.width / 2, Math.max(y, 0));
    const label = [...(one.labels ?? [])].some((label) => label.contains(found));
    return !found || !(one.contains(found) || found.contains(one) || label);
  });
  return { covered, words: (one.innerText || one.ariaLabel || one.name || one.tagName).trim(), top: box.top };
}"""


def walk(page: Page, key: str = "Tab", most: int = 200) -> list[dict[str, object]]:
    """Everything that gets the focus on the way through the page."""
    found = []
    for _ in range(most):
        page.keyboard.press(key)
        met = page.evaluate(FOCUSED)
        if met is None:
            break
        found.append(met)
    return found


@pytest.mark.parametrize("size", [PHONE, LOW], ids=["phone", "low laptop"])
@pytest.mark.parametrize(
    ("person", "path"),
    [("Sam", HOMEWORK), ("Amina", ROLL_CALL), ("Rosa", "/grid")],
)
def test_what_has_the_focus_is_never_hidden(
    device: MakeDevice, school: School, person: str, path: str, size: dict[str, int]
) -> None:
    page = device(person).open(school.group + path)
    page.set_viewport_size(size)  # type: ignore[arg-type]
    there, back = walk(page), walk(page, "Shift+Tab")
    assert len(there) > 5
    assert [met for met in (*there, *back) if met["covered"]] == []


def test_the_keys_go_through_the_roll_call_as_the_eye_does(device: MakeDevice, school: School) -> None:
    page = device("Amina").open(school.group + ROLL_CALL)
    words = [str(met["words"]) for met in walk(page)]
    assert words.index("Everyone's here") < words.index("Amina") < words.index("Handbook")


LONGEST = "Ruth Abernathy-Featherstonehaugh"  # two lines do not hold her name; it is read aloud whole


def test_hardly_a_name_is_cut_in_the_roll_call(device: MakeDevice, school: School) -> None:
    page = device("Amina").open(school.group + ROLL_CALL)
    cut = page.locator(".tile__name").evaluate_all(
        "names => names.filter(n => n.scrollHeight > n.clientHeight + 1 || n.scrollWidth > n.clientWidth).map(n => n.innerText)"
    )
    assert set(cut) <= {LONGEST}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_five_places_stand_in_one_row(device: MakeDevice, school: School, language: str) -> None:
    camille = device("Camille")
    camille.context.add_cookies([{"name": "language", "value": language, "url": school.url}])
    page = camille.open("/today")
    tabs = page.locator(".tabs__item")
    expect(tabs).to_have_count(5)
    boxes = tabs.evaluate_all(
        "tabs => tabs.map(t => [t.getBoundingClientRect().top, t.firstElementChild.nextElementSibling])"
        ".map(([top, word]) => [top, word.scrollWidth <= word.clientWidth + 1])"
    )
    assert len({top for top, _whole in boxes}) == 1
    assert all(whole for _top, whole in boxes), "each word is whole"


def test_a_plan_is_read_on_a_phone_without_moving_it_sideways(device: MakeDevice, school: School) -> None:
    page = device("Amina").open(f"{school.group}/classes/6")
    tables = page.locator(".scrolls")
    expect(tables.first).to_be_visible()
    assert all(tables.evaluate_all("boxes => boxes.map(box => box.scrollWidth <= box.clientWidth)"))
    expect(tables.first.locator("[data-of='Minutes']").first).to_be_visible()


# -- more than the host takes -------------------------------------------------------------------------------


def test_more_than_fits_is_not_sent_and_stays_in_the_field(device: MakeDevice, school: School) -> None:
    page = device("Sam").open(school.group + HOMEWORK)
    text = page.get_by_label("Your reflection").first
    text.fill("x" * 100_001)
    page.get_by_role("button", name="Send to Amina and Luc").click()
    expect(page.locator("[data-saved]")).to_have_text("This is longer than we can take. Please send it in two parts.")
    expect(text).to_be_focused()
    assert page.evaluate("document.activeElement.value.length") == 100_001
    text.fill("Shorter.")
    page.get_by_role("button", name="Send to Amina and Luc").click()
    expect(page.get_by_text("Sent. You can take it back until someone opens it.")).to_be_visible()


@pytest.mark.parametrize("kept", [True, False])
def test_what_is_too_large_says_whether_the_words_are_on_the_device(
    device: MakeDevice, school: School, kept: bool
) -> None:
    sam = device("Sam")
    sam.may_meet("413")
    page = sam.open(school.group + HOMEWORK)
    page.evaluate(
        """([kept, action]) => {
          const key = `draft:${document.querySelector("[data-editor]").dataset.key}`;
          if (kept) localStorage.setItem(key, "{}");
          const form = Object.assign(document.createElement("form"), { method: "post", action });
          form.append(Object.assign(document.createElement("textarea"), { name: "text", value: "x".repeat(1600000) }));
          document.body.append(form);
          form.submit();
        }""",
        [kept, f"{school.group}{HOMEWORK}/submissions"],
    )
    expect(page.get_by_text("This is larger than we can take.")).to_be_visible()
    expect(page.get_by_text("Your words are still on this device.")).to_be_visible(visible=kept)
    page.get_by_role("link", name="Back to the page").click()
    expect(page.get_by_label("Your reflection").first).to_be_visible()
