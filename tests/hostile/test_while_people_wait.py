"""A plugin that fails while people wait: every page still opens for everyone, and the admin reads which one it is."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest

from lms.host import guard
from lms.plugin_api import Text, Verdict, VerdictStatus
from tests.hostile.acts import ACTS, raises
from tests.hostile.garden import Temper
from tests.hostile.place import CHECKS, Place, every_page_opens, named_to_the_admin
from tests.pages import said

PLACES = ("walk.form", "walk.show", "weather.rule", "weather.judge")


@pytest.mark.parametrize("act", ACTS)
def test_a_plugin_that_fails_at_every_question_holds_nobody_up(place: Place, temper: Temper, act: str) -> None:
    homework = f"{place.group}/activities/what-i-heard"
    sam = place.browser("sam")
    assert sam.post(f"{homework}/submissions", data={"text": "I walked."}).status_code == 303
    temper.places, (temper.act, words) = PLACES, ACTS[act]
    pages = every_page_opens(place)
    named_to_the_admin(place, words, *PLACES)
    assert CHECKS in pages[f"sam {place.group}/left"]
    assert "It rained." not in pages[f"sam {place.group}/left"]
    assert "Your trainer decides about attendance." in pages[f"sam {place.group}/attendance"]
    assert "I walked." in pages[f"sam {homework}"], "the readable text is always there"


@pytest.mark.parametrize("at", PLACES)
def test_one_question_that_fails_leaves_the_other_answers(place: Place, temper: Temper, at: str) -> None:
    temper.places, temper.act = (at,), raises
    homework = place.browser("sam").get(f"{place.group}/activities/what-i-heard")
    asked = "Your answer" if at == "walk.form" else "Your walk"
    assert asked in said(homework)
    attended = said(place.browser("sam").get(f"{place.group}/attendance"))
    assert ("Come when it rains." in attended) == (at != "weather.rule")
    assert ("It rained." in attended) == (at != "weather.judge")


def test_what_a_plugin_repeats_of_peoples_words_is_not_shown_to_the_admin(place: Place, temper: Temper) -> None:
    """Its errors are read by everyone who uses the plugin: they say where, not what was written."""

    def repeats() -> Any:
        raise ValueError("Sam wrote: kumquat-teapot-93")

    temper.places, temper.act = ("walk.read", "walk.show", "weather.judge", "leaf.issue"), repeats
    sam = place.browser("sam")
    sam.post(f"{place.group}/activities/what-i-heard/submissions", data={"text": "kumquat-teapot-93"})
    sam.get(f"{place.group}/left")
    named_to_the_admin(place, "ValueError", "walk.read", "weather.judge")
    for path in ("/organizations/north/plugins/garden/health", "/organizations/north/plugins", "/host/plugins"):
        assert "kumquat" not in place.browser("olga").get(path).text


STOP = Text("Stop.", "Halte.")
NONSENSE = {
    "a status that there is not": lambda: replace_unchecked(Verdict(VerdictStatus.MET, STOP), status="splendid"),
    "a reason in no language": lambda: Verdict(VerdictStatus.MET, None),  # type: ignore[arg-type]
    "a reason that is no text": lambda: Verdict(VerdictStatus.NOT_MET, "no"),  # type: ignore[arg-type]
    "a next step that is no text": lambda: Verdict(VerdictStatus.MET, STOP, "go on"),  # type: ignore[arg-type]
    "evidence that is a number": lambda: Verdict(VerdictStatus.MET, STOP, evidence=(1, 2)),  # type: ignore[arg-type]
    "several verdicts": lambda: (Verdict(VerdictStatus.MET, STOP),) * 2,
    "yes": lambda: True,
}


def replace_unchecked(verdict: Verdict, **values: Any) -> Verdict:
    return replace(verdict, **values)


@pytest.mark.parametrize("act", ["raises", *NONSENSE])
def test_a_rule_that_cannot_say_is_checked_by_a_trainer_and_is_neither_met_nor_not_met(
    place: Place, temper: Temper, act: str
) -> None:
    assert "It rained." in said(place.browser("sam").get(f"{place.group}/left")), "as long as all is well"
    temper.places, temper.act = ("weather.judge",), raises if act == "raises" else NONSENSE[act]
    for name, path in (
        ("sam", "left"),
        ("sam", "attendance"),
        ("amina", f"people/{place.enrolment}"),
        ("amina", f"outcomes/{place.enrolment}"),
    ):
        answer = place.browser(name).get(f"{place.group}/{path}")
        assert answer.status_code == 200
        assert CHECKS in said(answer)
        for status in ("met", "not_met", "cannot_be_met", "waived"):
            assert f'data-status="{status}"' not in answer.text, (name, path, status)
    board = said(place.browser("amina").get(place.group))
    assert "Attendance rules are not being worked out at the moment" in board
    named_to_the_admin(place, "weather.judge")
    place.browser("sam").set_cookie("language", "fr")
    assert "L'équipe de formation vérifiera ce point." in said(place.browser("sam").get(f"{place.group}/left"))


@pytest.mark.parametrize("act", ACTS)
def test_homework_is_taken_as_plain_text_when_its_kind_fails(place: Place, temper: Temper, act: str) -> None:
    temper.places, (temper.act, words) = ("walk.read",), ACTS[act]
    sam = place.browser("sam")
    assert sam.post(f"{place.group}/activities/what-i-heard/submissions", data={"text": "I walked."}).status_code == 303
    assert "I walked." in said(sam.get(f"{place.group}/activities/what-i-heard"))
    amina = place.browser("amina")
    room = amina.post("/reading/next").location
    assert "I walked." in said(amina.get(room))
    assert amina.post(f"{room}/release", data={"came_through": "Good.", "decision": "accept"}).status_code == 303
    named_to_the_admin(place, words, "walk.read")


def test_a_slow_plugin_is_named_and_its_answer_counts(
    place: Place, temper: Temper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "SLOW_SECONDS", 0.01)

    def slow() -> Verdict:
        time.sleep(0.02)
        return Verdict(VerdictStatus.MET, Text("It rained.", "Il a plu."))

    temper.places, temper.act = ("weather.judge",), slow
    assert "It rained." in said(place.browser("sam").get(f"{place.group}/left"))
    named_to_the_admin(place, "It took longer than half a second to answer.", "weather.judge")


def test_a_fault_is_one_line_however_often_it_happens(place: Place, temper: Temper) -> None:
    temper.places, temper.act = ("weather.judge",), raises
    for _ in range(3):
        place.browser("sam").get(f"{place.group}/left")
    page = said(place.browser("olga").get("/organizations/north/plugins/garden/health"))
    assert "3 times, at weather.judge" in page
    assert page.count("RuntimeError") == 1


def test_a_fault_of_a_plugin_is_text_on_the_admins_page(place: Place, temper: Temper) -> None:
    def marks_up() -> Any:
        raise RuntimeError("<script>alert(1)</script>")

    temper.places, temper.act = ("weather.rule", "weather.judge"), marks_up
    place.browser("sam").get(f"{place.group}/attendance")
    assert "<script>alert" not in place.browser("olga").get("/organizations/north/plugins/garden/health").text
