"""Devices as people hold them: a phone or a laptop with a real browser, and what must never happen on one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import update

from lms.features.accounts import actions as accounts
from lms.features.submissions.models import Review
from lms.host.db import may_write, saved, session
from lms.host.web import now
from tests.world import PASSWORD, World, email_of

PHONE = {"width": 360, "height": 740}
LAPTOP = {"width": 1280, "height": 900}
PATIENCE = 20_000  # milliseconds; how long a busy computer may take, never a measure

try:
    from playwright.sync_api import Error as PlaywrightError
    from playwright.sync_api import expect

    expect.set_options(timeout=PATIENCE)
except ImportError:  # then the fixture `browser` says so
    expect: Any = None  # type: ignore[no-redef]
    PlaywrightError: Any = Exception  # type: ignore[no-redef]

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Route, WebError


@dataclass
class School:
    """A running host with its world: the evening group of twenty, led by Amina and Luc, has class 6 today."""

    app: Flask
    world: World
    url: str

    @property
    def group(self) -> str:
        """Where the pages of the evening group are."""
        return f"/cohorts/{self.world.cohorts['evening']}"

    @contextmanager
    def changes(self) -> Iterator[None]:
        """What happens at the host meanwhile, elsewhere."""
        may_write()
        with self.app.test_request_context(), saved():
            yield

    def end_sign_ins(self, name: str) -> None:
        """Signed out on every device, as another tab or an admin can do it."""
        person = self.world.people[name]
        with self.changes():
            accounts.end_all_sign_ins(person, by=person, now=now())

    def undo_time_passes(self) -> None:
        """The seconds in which feedback can be taken back are over."""
        with self.changes():
            session.execute(update(Review).where(Review.undone_at.is_(None)).values(visible_from=now()))


@dataclass
class Device:
    """One browser with its own storage. `page` is the tab that was opened last."""

    school: School
    context: BrowserContext
    page: Page = field(init=False)
    troubles: list[str] = field(default_factory=list)
    _allowed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context.set_default_timeout(PATIENCE)
        self.context.on("console", self._hear)
        self.context.on("weberror", self._see)
        self.page = pick_up(self.context)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.troubles.append(f"{message.text} ({message.location.get('url', '')})")

    def _see(self, error: WebError) -> None:
        self.troubles.append(str(error.error))

    def may_meet(self, *words: str) -> None:
        """The browser itself complains when a server is away or refuses. A test says which of that it brings about."""
        self._allowed += words

    def unexpected(self) -> list[str]:
        return [trouble for trouble in self.troubles if not any(words in trouble for words in self._allowed)]

    def open(self, path: str) -> Page:
        self.page.goto(path)
        return self.page

    def sign_in(self, name: str) -> Device:
        """As by the form, without its page."""
        form = {"email": email_of(name), "password": PASSWORD}
        answer = self.context.request.post("/sign-in", form=form, max_redirects=0)
        assert answer.status == 303, answer.text()
        return self

    def lose_tab(self) -> Page:
        """The system takes the tab away: no goodbye, no last request. Gives a new tab, which was open before: a browser
        that has just lost one may never open another."""
        lost, self.page = self.page, self.context.new_page()
        with lost.expect_event("crash"), suppress(PlaywrightError):
            lost.goto("chrome://crash")  # the process that draws the page ends where it is; nothing is unloaded before
        lost.close()
        return self.page

    @contextmanager
    def without_server(self) -> Iterator[None]:
        """The phone has a network, but the host does not answer."""
        self.may_meet("net::ERR_CONNECTION_REFUSED")

        def refuse(route: Route) -> None:
            route.abort("connectionrefused")

        self.context.route("**/*", refuse)
        yield
        self.context.unroute("**/*", refuse)

    @contextmanager
    def without_network(self) -> Iterator[None]:
        self.may_meet("net::ERR_INTERNET_DISCONNECTED")
        self.context.set_offline(True)
        yield
        self.context.set_offline(False)


def processes(context: BrowserContext, kind: str) -> list[int]:
    """The ids of this browser's processes of a kind; never 0 or less, for a signal to that goes to the test run itself."""
    assert context.browser
    session = context.browser.new_browser_cdp_session()
    found = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    return [p["id"] for p in found if p["type"] == kind and p["id"] > 1]


def pick_up(context: BrowserContext) -> Page:
    return context.pages[0] if context.pages else context.new_page()


def sign_in_by_form(page: Page, name: str) -> None:
    page.get_by_label("E-mail").fill(email_of(name))
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def path_of(page: Page) -> str:
    return urlsplit(page.url).path


def browser_settings(school: School, *, phone: bool = True, script: bool = True) -> dict[str, Any]:
    return {
        "base_url": school.url,
        "viewport": PHONE if phone else LAPTOP,
        "is_mobile": phone,
        "has_touch": phone,
        "java_script_enabled": script,
        "locale": "en-CA",
        "timezone_id": "America/Toronto",
    }


def new_device(browser: Browser, school: School, **kind: Any) -> Device:
    return Device(school, browser.new_context(**browser_settings(school, **kind)))


def writing(page: Page) -> Locator:
    """Where a trainee writes a reflection."""
    return page.get_by_role("textbox", name="Your reflection")


def saved_line(page: Page) -> Locator:
    """The line under the writing that says where the words are."""
    return page.get_by_role("status").filter(has_text=re.compile("saved|wrote this|signed out|not sent", re.IGNORECASE))
