"""Sam writes on a phone. What is written stays, whatever happens to the phone; what is sent can be taken back."""

from __future__ import annotations

import pytest

from tests.browser.conftest import MakeDevice
from tests.browser.devices import School, expect, sign_in_by_form

pytestmark = pytest.mark.browser


def test_debug(device: MakeDevice, school: School) -> None:
    sam = device()
    page = sam.open("/today")
    sign_in_by_form(page, "Sam")
    print(page.locator("body").aria_snapshot())
    page.get_by_role("link", name="How I arrive").tap()
    print(page.locator("body").aria_snapshot())
    page.screenshot(path="/tmp/a.png", full_page=True)
    page = sam.lose_tab()
    print(page.url)
    assert 0
