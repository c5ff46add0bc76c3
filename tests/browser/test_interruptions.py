"""People at real browsers are interrupted at random, a few times; `python -m tests.kill` does it often."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.kill import in_chromium
from tests.kill.host import Counts, KilledHost

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


def test_no_acknowledged_word_is_lost_and_nothing_is_sent_twice(tmp_path: Path, browser: Browser) -> None:
    seed = random.randrange(10**6)
    host = KilledHost(tmp_path, people=6)
    host.start()
    counts = Counts()
    try:
        in_chromium.interrupted(browser, host, 10, random.Random(seed), counts)
    finally:
        host.kill()
    assert (counts.lost, counts.doubled) == ([], []), f"seed {seed}"
    assert counts.checked >= 10
