"""The report and the card of the handbook work as they are written, in both languages of the page."""

from __future__ import annotations

from typing import Any

import pytest

from tests.test_handbook import LANGUAGES, fenced, text_of

PAGE = "plugin-author/frameworks-reports-cards"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_and_the_card_of_the_page_pass_their_tests(language: str) -> None:
    code = [block for block in fenced(text_of(PAGE, language)) if "import" in block]
    assert len(code) == 2
    written: dict[str, Any] = {"__name__": "handbook"}
    exec("\n".join(code), written)
    tests = [name for name in written if name.startswith("test_")]
    assert len(tests) == 3
    for name in tests:
        written[name]()
