"""The starters that come with the host: in both languages, each with a gap, each in its place."""

from __future__ import annotations

import pytest

from lms.builtin import starters
from lms.plugin_api import FeedbackStarter
from lms.plugin_api.testing import check_plugin


def test_the_plugin_is_sound() -> None:
    check_plugin(starters)


@pytest.mark.parametrize("starter", starters.STARTERS, ids=lambda starter: starter.en)
def test_each_leaves_a_gap_in_both_languages(starter: FeedbackStarter) -> None:
    assert "..." in starter.en
    assert "..." in starter.fr
    assert starter.field
    assert starter.field == "question" or not starter.en.endswith("?")
    assert "!" not in starter.en + starter.fr
    assert " ?" not in starter.fr
