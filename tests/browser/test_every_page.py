"""Every page that anybody can open, in both languages, on a phone, on a laptop and enlarged to 400 percent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.conftest import MakeDevice, Server, serve_copy
from tests.browser.devices import LAPTOP, PHONE, School, expect
from tests.browser.lived_in import LivedIn, live_in
from tests.world import World

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

ENLARGED = {"width": 320, "height": 256}  # a laptop of 1280 x 1024 at 400 percent
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PEOPLE = {"stranger": "", "trainee": "Sam", "trainer": "Amina", "coordinator": "Rosa", "admin": "Olga", "host": "Noor"}


@pytest.fixture(scope="module")
def lived_in(
    tmp_path_factory: pytest.TempPathFactory, told_world: tuple[Path, World], server: Server
) -> Iterator[LivedIn]:
    for school in serve_copy(tmp_path_factory.mktemp("lived-in"), told_world, server):
        yield live_in(school)


@pytest.fixture(scope="module")
def pages(lived_in: LivedIn) -> dict[str, list[str]]:
    return lived_in.pages_of(PEOPLE)


@pytest.fixture
def school(lived_in: LivedIn) -> School:
    return lived_in.school


@pytest.fixture(scope="session")
def axe() -> str:
    """The script that looks for what the guidelines (WCAG 2.2 AA) forbid."""
    from axe_playwright_python.base import AXE_SCRIPT

    return str(AXE_SCRIPT)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("person", PEOPLE)
def test_every_page(
    person: str, language: str, device: MakeDevice, school: School, pages: dict[str, list[str]], axe: str
) -> None:
    assert pages[person]
    one = device(PEOPLE[person], phone=False)
    one.context.add_cookies([{"name": "language", "value": language, "url": school.url}])
    faults = []
    for path in pages[person]:
        page = one.open(path)
        page.set_viewport_size(PHONE)
        found = [*faults_of_shell(page, language), *faults_of_layout(page)]
        if person == "trainee" and "%" in page.locator("body").inner_text():
            found.append("a percentage")
        page.set_viewport_size({**PHONE, "height": page.evaluate("document.documentElement.scrollHeight")})
        page.evaluate(axe)  # on a phone as long as the page: what lies behind the bar below can be scrolled out of it
        found += faults_by_axe(page)
        page.set_viewport_size(LAPTOP)
        found += [*faults_of_layout(page), *faults_by_axe(page)]
        page.set_viewport_size(ENLARGED)
        found += faults_of_layout(page)
        faults += [f"{path}: {fault}" for fault in dict.fromkeys(found)]
    assert faults == []


def faults_of_shell(page: Page, language: str) -> Iterator[str]:
    if page.locator("html").get_attribute("lang") != language:
        yield "not in the language that was chosen"
    headings = page.get_by_role("heading", level=1)
    if headings.count() != 1 or not headings.inner_text().strip():
        yield f"{headings.count()} headings of the first level"
    page.keyboard.press("Tab")
    if focus(page) != "#main":
        yield f"the skip link is not first, but {focus(page)}"
    page.keyboard.press("Tab")
    if focus(page) != "tel:988":
        yield f"9-8-8 is not second, but {focus(page)}"


def focus(page: Page) -> str:
    return str(page.evaluate("document.activeElement.getAttribute('href') ?? document.activeElement.tagName"))


def faults_of_layout(page: Page) -> Iterator[str]:
    width = page.viewport_size["width"] if page.viewport_size else 0
    wide: int = page.evaluate("document.documentElement.scrollWidth")
    if wide > width:
        yield f"scrolls sideways: {wide} at {width}"
    solid: list[str] = page.evaluate(
        """[...document.querySelectorAll(".button")]
          .filter(button => !/button--/.test(button.className) && button.checkVisibility())
          .map(button => button.textContent.trim())"""
    )
    if len(solid) > 1:
        yield f"more than one main button at {width}: {solid}"


def faults_by_axe(page: Page) -> Iterator[str]:
    options = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
    result: dict[str, Any] = page.evaluate("options => axe.run(document, options)", options)
    for violation in result["violations"]:
        for node in violation["nodes"]:
            yield f"{violation['id']}: {node['html'][:200]} ({node.get('failureSummary', '')})"


def test_a_page_that_is_not_there(device: MakeDevice, school: School) -> None:
    sam = device("Sam")
    sam.may_meet("404")
    page = sam.open("/cohorts/4711")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text(re.compile("^We can't find this page"))).to_be_visible()
    page.get_by_role("link", name="Go to the start").tap()
    expect(page).to_have_url(re.compile("/today$"))
