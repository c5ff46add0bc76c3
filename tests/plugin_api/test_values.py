"""The plain values that go through the door."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from lms.plugin_api import Ledger, Mark, Meeting, MeetingState, Status, Text
from lms.plugin_api.testing import check_text, check_verdict, providers_of

MONDAY = datetime(2026, 3, 2, 18, tzinfo=UTC)


def test_the_door_needs_neither_flask_nor_sqlalchemy() -> None:
    code = "import sys, lms.plugin_api, lms.plugin_api.testing; print(*{'flask', 'sqlalchemy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


@pytest.mark.parametrize(("language", "words"), [("fr", "oui"), ("fr-CA", "oui"), ("fr_CA", "oui"), ("en-CA", "yes")])
def test_regional_languages_get_their_words(language: str, words: str) -> None:
    assert Text("yes", "oui").said_in(language) == words


@pytest.mark.parametrize("text", [Text("", "oui"), Text("yes", " \n")])
def test_a_text_without_a_language_is_not_complete(text: Text) -> None:
    assert not text.complete()
    with pytest.raises(AssertionError, match="lacks a language"):
        check_text(text)


def test_what_is_no_verdict_is_told() -> None:
    with pytest.raises(AssertionError, match="returned bool, not a Verdict"):
        check_verdict(True)  # type: ignore[arg-type]


def test_cancelled_classes_and_those_before_joining_do_not_count() -> None:
    meetings = tuple(Meeting(n, MONDAY + timedelta(weeks=n), 120) for n in range(1, 4))
    cancelled = Meeting(4, MONDAY + timedelta(weeks=4), 120, state=MeetingState.CANCELLED)
    ledger = Ledger((*meetings, cancelled), joined=meetings[1].starts)
    assert [m.number for m in ledger.counting()] == [2, 3]


def test_not_marked_is_no_mark() -> None:
    ledger = Ledger((), (Mark(1, Status.AWAY),))
    assert ledger.mark(1) == Mark(1, Status.AWAY)
    assert ledger.mark(2) is None


def test_a_name_that_nobody_knows_is_its_id() -> None:
    assert Ledger((), names={"hope": Text("Hope", "Espoir")}).name("hope").fr == "Espoir"
    assert Ledger(()).name("hope") == Text("hope", "hope")


def test_an_empty_plugin_provides_nothing() -> None:
    assert providers_of(object()) == []
