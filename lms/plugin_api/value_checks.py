"""Small checks of values, for the tests of plugins."""

from __future__ import annotations

import re

from lms.plugin_api.values import Text, Verdict

PLAIN = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def check_verdict(verdict: Verdict) -> None:
    """A verdict has a reason in both languages."""
    assert isinstance(verdict, Verdict), (
        f"judge() returned {type(verdict).__name__}, not a Verdict. Return Verdict(status, reason) on every way out."
    )
    check_text(verdict.reason)
    if verdict.next_step is not None:
        check_text(verdict.next_step)


def check_text(text: Text) -> None:
    """A text has words in both languages."""
    assert isinstance(text, Text), f"{text!r} is not a Text"
    assert text.complete(), f"{text!r} lacks a language. Write both: English, then French."
