"""People at real browsers, interrupted while they write and send."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.browser.devices import Device, School, new_device, sign_in_by_form, writing
from tests.kill.host import Counts, KilledHost, Piece, some_words

if TYPE_CHECKING:
    from playwright.sync_api import Browser

STATE = """() => {
  const line = document.querySelector("[data-saved]");
  return [line && !line.hidden ? line.dataset.state : "", document.querySelector("#writing textarea").value];
}"""


class Writer:
    """One person with one piece on one phone."""

    def __init__(self, browser: Browser, host: KilledHost, piece: Piece, chance: random.Random, counts: Counts) -> None:
        self.host, self.piece, self.chance, self.counts = host, piece, chance, counts
        self.device: Device = new_device(browser, School(host.app, host.world, host.url)).sign_in(piece.name)
        self.path = f"{host.group}/activities/{piece.activity}"
        self.acknowledged = ""

    def write(self, chunks: int) -> None:
        """Some words, sometimes a look elsewhere; what the page says it has kept is remembered."""
        page = self.device.page
        for _ in range(chunks):
            field = writing(page)
            field.press("Control+End")
            field.press_sequentially(some_words(self.chance))
            if self.chance.random() < 0.6:
                page.get_by_role("heading", level=1).evaluate("() => document.activeElement.blur()")
            page.wait_for_timeout(self.chance.choice((0, 20, 120, 400, 2300)))
            self.look()

    def look(self) -> None:
        state, text = self.device.page.evaluate(STATE)
        if state in ("here", "phone"):
            self.acknowledged = text

    def come_back(self) -> str:
        """Open the page again, signing in where asked; gives what stands there."""
        page = self.device.page
        page.goto(self.path)
        if page.url.partition("?")[0].endswith("/sign-in"):
            sign_in_by_form(page, self.piece.name)
            page.wait_for_url(f"**{self.path}")
        if page.locator("#writing").count() == 0:
            return next(iter(self.host.sent(self.piece)), "")
        return writing(page).input_value()

    # -- interruptions --------------------------------------------------------------------------------------

    def tab_killed(self) -> None:
        self.device.lose_tab()

    def server_killed(self) -> None:
        self.host.kill()
        self.write(1)
        self.host.start()

    def network_dropped(self) -> None:
        self.device.context.set_offline(True)
        self.write(1)
        if self.chance.random() < 0.5:
            self.device.lose_tab()
        self.device.context.set_offline(False)

    def session_expired(self) -> None:
        self.host.end_sign_ins(self.piece.name)
        field = writing(self.device.page)
        field.press_sequentially(some_words(self.chance))
        field.evaluate("(field) => field.blur()")
        self.device.page.wait_for_timeout(300)
        self.look()

    def interrupt(self) -> None:
        kinds: dict[str, Callable[[], None]] = {
            "tab killed": self.tab_killed,
            "server killed": self.server_killed,
            "network dropped": self.network_dropped,
            "session expired": self.session_expired,
        }
        kind = self.chance.choice(list(kinds))
        kinds[kind]()
        self.counts.interrupted(kind)

    # -- sending --------------------------------------------------------------------------------------------

    def send(self) -> str:
        """Press Send, and be interrupted at about that moment; then send as often as it takes. Gives the text."""
        page = self.device.page
        text = writing(page).input_value()
        kind = self.chance.choice(("server killed", "tab killed", "network dropped"))
        late = self.chance.random() * 0.08
        killer = threading.Timer(late, self.host.kill) if kind == "server killed" else None
        if killer:
            killer.start()
        button = page.get_by_role("button", name="Send to Amina")
        button.evaluate("(button) => setTimeout(() => button.click())")
        if kind == "tab killed":
            page.wait_for_timeout(late * 1000)
            self.device.lose_tab()
        elif kind == "network dropped":
            page.wait_for_timeout(late * 1000)
            self.device.context.set_offline(True)
            page.wait_for_timeout(50)
            self.device.context.set_offline(False)
        if killer:
            killer.join()
            self.host.start()
        self.counts.interrupted(f"{kind} while sending")
        self.device.page = self.device.context.new_page()
        for _ in range(5):
            found = self.come_back()
            if self.host.sent(self.piece):
                break
            self.counts.text_must_hold(self.piece, text.strip(), found)
            with self.device.page.expect_navigation():
                self.device.page.get_by_role("button", name="Send to Amina").click()
        return text


def interrupted(browser: Browser, host: KilledHost, times: int, chance: random.Random, counts: Counts) -> None:
    """Interrupt people `times` times."""
    pieces = iter(host.pieces())
    before = counts.interruptions.total()
    while counts.interruptions.total() - before < times:
        writer = Writer(browser, host, next(pieces), chance, counts)
        try:
            writer.come_back()
            for _ in range(chance.randint(1, 2)):
                writer.write(chance.randint(1, 3))
                writer.interrupt()
                counts.text_must_hold(writer.piece, writer.acknowledged.strip(), writer.come_back())
            if chance.random() < 0.5 and writing(writer.device.page).input_value().strip():
                host.check_sent(writer.piece, writer.send(), counts)
        finally:
            writer.device.context.close()


def launched(playwright: Any, chromium: str) -> Any:
    return playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
