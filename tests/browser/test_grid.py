"""Everyone at a glance by keyboard: arrows go from cell to cell, and never under what stays in view."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import MakeDevice
from tests.browser.devices import School

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

WHERE = """() => {
  const cell = document.activeElement.closest("td, th");
  const box = cell.getBoundingClientRect();
  const found = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return { row: cell.parentNode.rowIndex, column: cell.cellIndex, seen: cell.contains(found) };
}"""


def pressed(page: Page, *keys: str) -> tuple[int, int]:
    """Row and column of the cell that has the focus then; it has to be in view after each key."""
    for key in keys:
        page.keyboard.press(key)
        assert page.evaluate(WHERE)["seen"], key
    where = page.evaluate(WHERE)
    return where["row"], where["column"]


def test_arrows_go_from_cell_to_cell_and_enter_opens_a_person(device: MakeDevice, school: School) -> None:
    page = device("Amina").open(school.group + "/grid")
    page.locator("table[data-arrows] th").first.focus()
    assert pressed(page, "ArrowDown", "ArrowRight", "ArrowRight") == (1, 2)
    assert pressed(page, "ArrowUp") == (0, 2)
    assert pressed(page, *["ArrowDown"] * 20, "End") == (20, 17)
    assert pressed(page, "ArrowDown", "ArrowRight") == (20, 17), "the edge of the table is the end"
    assert pressed(page, "Home", *["ArrowUp"] * 19) == (1, 0)
    page.keyboard.press("Enter")
    page.wait_for_url("**/people/*")
