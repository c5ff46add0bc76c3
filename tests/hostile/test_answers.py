"""Answers that are too much, carry code of their own, or change what the host asked with: none reaches a page."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from lms.host import guard as guards
from lms.host.guard import Guard, PluginFault
from lms.host.plugins import PluginHost
from lms.plugin_api import Answer, Field, Ledger, Part, Status, Text, Verdict, VerdictStatus
from tests.hostile.acts import TOO_MUCH, UNFIT_WORDS, WORDS
from tests.hostile.garden import Temper
from tests.hostile.place import CHECKS, Place, every_address_answers, named_to_the_admin
from tests.pages import said

HOMEWORK = "activities/what-i-heard"


@pytest.mark.parametrize("words", UNFIT_WORDS)
def test_words_that_no_page_could_hold_are_not_shown(place: Place, temper: Temper, words: str) -> None:
    text = UNFIT_WORDS[words]
    wrong = {
        "walk.form": (Field("text", text),),
        "walk.show": (Part(text, "fine"),),
        "weather.rule": text,
        "weather.judge": Verdict(VerdictStatus.MET, text),
    }
    sam = place.browser("sam")
    sam.post(f"{place.group}/{HOMEWORK}/submissions", data={"text": "I walked."})
    for at, answer in wrong.items():
        temper.places, temper.act = (at,), lambda answer=answer: answer
        for path in (HOMEWORK, "left", "attendance"):
            page = sam.get(f"{place.group}/{path}")
            assert page.status_code == 200, (at, path)
            assert "<script>alert" not in page.text
    named_to_the_admin(place, *wrong)


@pytest.mark.parametrize("what", TOO_MUCH)
def test_an_answer_that_is_too_much_is_left_out(place: Place, temper: Temper, what: str) -> None:
    at, temper.act = TOO_MUCH[what]
    temper.places = (at,)
    sam = place.browser("sam")
    assert sam.post(f"{place.group}/{HOMEWORK}/submissions", data={"text": "I walked."}).status_code == 303
    for path in (HOMEWORK, "left", "attendance"):
        page = sam.get(f"{place.group}/{path}")
        assert page.status_code == 200
        assert len(page.data) < 300_000
        assert "<script>alert" not in page.text
    assert "I walked." in said(sam.get(f"{place.group}/{HOMEWORK}"))
    if at != "weather.make_ups":  # asked where a class was missed
        named_to_the_admin(place, at, "that is not what was asked for.")


def test_what_never_comes_back_is_interrupted_wherever_it_is_asked(
    place: Place, temper: Temper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guards, "PATIENCE", 0.1)
    monkeypatch.setattr(guards, "LONG_PATIENCE", 0.1)

    def for_ever() -> Any:
        while True:
            pass

    sam = place.browser("sam")
    sam.post(f"{place.group}/{HOMEWORK}/submissions", data={"text": "I walked."})
    temper.act = for_ever
    for at, path in (("walk.form", HOMEWORK), ("walk.show", HOMEWORK), ("weather.rule", "attendance"),
                     ("weather.judge", "left")):  # fmt: skip
        temper.places = (at,)
        assert sam.get(f"{place.group}/{path}").status_code == 200
    named_to_the_admin(place, "TookTooLong", "walk.form", "walk.show", "weather.rule", "weather.judge")


def test_in_a_request_nobody_but_the_plugin_can_have_stopped_the_host() -> None:
    """Ctrl+C reaches the main thread alone; requests are served in others."""
    seen: list[object] = []
    guard = Guard(PluginHost())

    def stops() -> None:
        raise KeyboardInterrupt

    def request() -> None:
        try:
            guard.call("garden", "garden.judge", stops)
        except BaseException as error:
            seen.append(type(error))

    thread = threading.Thread(target=request)
    thread.start()
    thread.join()
    assert seen == [PluginFault]


# -- what the host asked with ---------------------------------------------------------------------------------


def test_what_a_rule_does_to_its_ledger_ends_with_its_answer(place: Place, temper: Temper) -> None:
    def spoils() -> Verdict:
        (ledger,) = temper.given
        object.__setattr__(ledger, "marks", ())
        object.__setattr__(ledger, "meetings", "none")
        return Verdict(VerdictStatus.MET, Text("It rained.", "Il a plu."))

    temper.places, temper.act = ("weather.judge",), spoils
    every_address_answers(place)
    temper.act = None
    assert "It rained." in said(place.browser("sam").get(f"{place.group}/left"))


def test_even_a_mark_that_was_overwritten_is_right_on_the_next_page(place: Place, temper: Temper) -> None:
    seen = []

    def spoils() -> Verdict:
        ledger: Ledger = temper.given[0]
        seen.extend(mark.status for mark in ledger.marks)
        for mark in ledger.marks:
            object.__setattr__(mark, "status", Status.AWAY)
        return Verdict(VerdictStatus.MET, Text("It rained.", "Il a plu."))

    temper.places, temper.act = ("weather.judge",), spoils
    for _ in range(2):
        assert place.browser("sam").get(f"{place.group}/left").status_code == 200
    assert set(seen) == {Status.HERE}


def test_a_kind_gets_an_activity_of_its_own(place: Place, temper: Temper) -> None:
    seen = []

    def spoils() -> tuple[Field, ...]:
        activity = temper.given[0]
        seen.append(dict(activity.options))
        activity.__dict__["title"] = activity.__dict__["body"] = None
        activity.options["things"] = "spoilt"
        return (Field("text", WORDS),)

    temper.places, temper.act = ("walk.form",), spoils
    for _ in range(2):
        page = place.browser("sam").get(f"{place.group}/{HOMEWORK}")
        assert page.status_code == 200
        assert "Walk slowly." in said(page)
    assert len(seen) > 1
    assert not any(seen), "its options are as the course has them, each time"


def test_what_a_kind_keeps_of_its_answer_is_no_longer_the_hosts(place: Place, temper: Temper) -> None:
    class Slippery(dict[str, Any]):
        def items(self) -> Any:
            raise RuntimeError("the hose burst")

    temper.places, temper.act = ("walk.read",), lambda: Answer("I walked.", {"inner": Slippery(a=1)})
    sam = place.browser("sam")
    assert sam.post(f"{place.group}/{HOMEWORK}/submissions", data={"text": "I walked."}).status_code == 303
    assert "I walked." in said(sam.get(f"{place.group}/{HOMEWORK}"))


def test_a_thread_that_a_plugin_leaves_behind_holds_nobody_up(place: Place, temper: Temper) -> None:
    over = threading.Event()

    def leaves() -> Verdict:
        threading.Thread(target=over.wait, args=(60,), daemon=True).start()
        return Verdict(VerdictStatus.MET, Text("It rained.", "Il a plu."))

    temper.places, temper.act = ("weather.judge",), leaves
    started = time.monotonic()
    assert "It rained." in said(place.browser("sam").get(f"{place.group}/left"))
    over.set()
    assert time.monotonic() - started < 50, "nobody waited for it"


@pytest.mark.parametrize("act", [lambda: None, lambda: "tomato", lambda: 1 / 0])
def test_ways_to_catch_up_that_fail_are_not_offered(place: Place, temper: Temper, act: Callable[[], Any]) -> None:
    temper.places, temper.act = ("weather.make_ups", "weather.judge"), act
    assert CHECKS in said(place.browser("sam").get(f"{place.group}/left"))
    every_address_answers(place)
