"""`python -m tests.kill [--times 200] [--seed 1]`: interruptions at random, half in Chromium, half over HTTP."""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
from pathlib import Path

from tests.kill import in_chromium, over_http
from tests.kill.host import Counts, KilledHost


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.kill", description=__doc__)
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    given = parser.parse_args()
    print(f"seed {given.seed}", flush=True)
    from playwright.sync_api import sync_playwright

    counts = Counts()
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "")
        for half, folder in enumerate(("http", "chromium")):
            host = KilledHost(Path(name) / folder, people=given.times // 3 + 2)
            host.start()
            chance = random.Random(given.seed + half)
            try:
                if folder == "http":
                    over_http.interrupted(host, given.times // 2, chance, counts)
                else:
                    browser = in_chromium.launched(playwright, chromium)
                    in_chromium.interrupted(browser, host, given.times - given.times // 2, chance, counts)
                    browser.close()
            finally:
                host.kill()
            print(counts.told(), flush=True)
    for line in (*counts.lost, *counts.doubled):
        print(line)
    sys.exit(1 if counts.lost or counts.doubled else 0)


if __name__ == "__main__":
    main()
