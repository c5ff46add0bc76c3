"""Kim's mark is not right: two taps on a phone, with and without script, and Amina's answer."""

from __future__ import annotations

import pytest

from tests.browser.conftest import MakeDevice
from tests.browser.devices import School, expect

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("script", [True, False])
def test_two_taps_and_an_answer(device: MakeDevice, school: School, script: bool) -> None:
    page = device("Kim", phone=True, script=script).open(school.group + "/attendance")
    second = page.locator("#class-2")
    expect(second).to_contain_text("away")
    second.get_by_role("link", name="This is not right").tap()
    send = page.get_by_role("button", name="Send")
    box = send.bounding_box()
    assert box
    assert box["y"] + box["height"] <= 740 - 58, "the second tap needs no scrolling"
    send.tap()
    expect(page.locator("#class-2")).to_contain_text("Your trainer will answer.")

    hers = device("Amina", phone=True, script=script).open(school.group + "/questions")
    hers.get_by_label("The mark").select_option(label="Corrected: here")
    hers.get_by_label("Why").fill("You came with Sam.")
    hers.get_by_role("button", name="Answer").tap()
    expect(hers.get_by_text("Nobody waits for an answer.")).to_be_visible()

    page.reload()
    expect(page.locator("#class-2")).to_contain_text("Amina looked at it and corrected the mark: You came with Sam.")


def test_a_shape_leads_to_its_class(device: MakeDevice, school: School) -> None:
    page = device("Sam", phone=True).open(school.group + "/attendance")
    page.get_by_role("list", name="Class by class").get_by_role("link", name="12").tap()
    expect(page.locator("#class-12")).to_be_in_viewport()
    size = page.get_by_role("list", name="Class by class").get_by_role("link").first.bounding_box()
    assert size
    assert min(size["width"], size["height"]) >= 24, "large enough for a finger"
