"""A few interruptions of each run of the tests; `python -m tests.kill` does many."""

from __future__ import annotations

import random
from pathlib import Path

from tests.kill import over_http
from tests.kill.host import Counts, KilledHost


def test_no_acknowledged_word_is_lost_when_the_host_is_killed(tmp_path: Path) -> None:
    host = KilledHost(tmp_path, people=2)
    host.start()
    counts = Counts()
    try:
        over_http.interrupted(host, 6, random.Random(), counts)
    finally:
        host.kill()
    assert (counts.lost, counts.doubled) == ([], [])
    assert counts.sent == 6
