"""Names of fields: plain words that the page around them does not use itself."""

from __future__ import annotations

import pytest

from lms.plugin_api.testing import check_fields
from lms.plugin_api.values import Field, Text

LABEL = Text("Garden", "Jardin")


@pytest.mark.parametrize("name", ["text", "answer1", "with_whom", "next_step", "counted"])
def test_plain_words_are_fine(name: str) -> None:
    check_fields("gardening", (Field(name, LABEL),))


@pytest.mark.parametrize(
    "name",
    ["counter", "who", "audience", "next", "clock", "elements", "password", "oldPassword", "kept-text", "a b", ""],
)
def test_what_the_page_uses_itself_is_told_to_whoever_writes_the_plugin(name: str) -> None:
    with pytest.raises(AssertionError, match="cannot be the name of a field"):
        check_fields("gardening", (Field(name, LABEL),))
