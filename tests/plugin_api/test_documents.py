"""What issuers of certificates may borrow."""

from __future__ import annotations

from datetime import date

import pytest

from lms.plugin_api.documents import in_words


@pytest.mark.parametrize(
    ("day", "english", "french"),
    [
        (date(2026, 1, 1), "January 1, 2026", "1er janvier 2026"),
        (date(2026, 8, 11), "August 11, 2026", "11 août 2026"),
        (date(2026, 12, 31), "December 31, 2026", "31 décembre 2026"),
    ],
)
def test_dates_in_words(day: date, english: str, french: str) -> None:
    assert (in_words(day, "en"), in_words(day, "fr")) == (english, french)
