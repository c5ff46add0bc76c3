"""Whatever a plugin does, its place gets a sentence and a safe fallback, and the trouble is recorded."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from pydantic import field_validator

from lms.host import guard as guards
from lms.host.budget import TookTooLong
from lms.host.db import saved, session
from lms.host.guard import TRAINER_CHECKS, Guard, PluginFault, Rule, Trouble
from lms.host.plugins import PluginHost
from lms.host.troubles import keep_troubles, troubles_of
from lms.plugin_api import (
    ActivityType,
    Answer,
    AttendancePolicy,
    AttendanceStatus,
    Award,
    CertificateIssuer,
    Choice,
    Compared,
    Document,
    Event,
    Field,
    Guide,
    Ledger,
    MakeUp,
    Meeting,
    Options,
    Part,
    Reasons,
    Status,
    Text,
    Verdict,
    VerdictStatus,
)
from lms.plugin_api.store import MemoryStore
from tests.host.small_plugins import ABOUT, a_plugin, an_activity, providing

MakePluginHost = Callable[..., PluginHost]
LABEL = Text("Garden", "Jardin")
GOOD = Verdict(VerdictStatus.MET, Text("You were there.", "Vous étiez là."))
NOW = datetime(2026, 3, 5, 18, 30, tzinfo=UTC)
EVENT = Event("review-17", "after_review", NOW, "1", 4, 21, {"activity": "slow-walk"})
AWARD = Award(
    serial="AB12",
    name="Alice",
    organization="Northside",
    course=LABEL,
    outcome=LABEL,
    says=LABEL,
    does_not_say=LABEL,
    decided_on=date(2026, 3, 5),
    issued_on=date(2026, 3, 6),
    decided_by=("Tom",),
    language="en",
    verify_url="https://learn.example.org/AB12",
)


class Unprintable(Exception):
    def __str__(self) -> str:
        raise RuntimeError("even my message breaks")


def raise_error(*_: object, **__: object) -> Any:
    raise ValueError("no seeds left")


def after_review(event: Event) -> None:
    """A listener that is content with anything."""


def leave(*_: object, **__: object) -> Any:
    sys.exit(3)


def raise_unprintable(*_: object, **__: object) -> Any:
    raise Unprintable


def say(value: object) -> Callable[..., Any]:
    return lambda *_, **__: value


BROKEN = pytest.mark.parametrize(
    ("does", "message"),
    [
        (raise_error, "ValueError: no seeds left"),
        (leave, "SystemExit: 3"),
        (raise_unprintable, "Unprintable: (its message cannot be printed)"),
        (say("nonsense"), "It answered with a str that is not what was asked for."),
    ],
)

# Where a plugin hears people, the place is kept and the error's own words are not.
BROKEN_WHILE_HEARING_PEOPLE = pytest.mark.parametrize(
    ("does", "message"),
    [
        (raise_error, f"ValueError in test_guard.py, line {raise_error.__code__.co_firstlineno + 1}"),
        (leave, f"SystemExit in test_guard.py, line {leave.__code__.co_firstlineno + 1}"),
        (raise_unprintable, f"Unprintable in test_guard.py, line {raise_unprintable.__code__.co_firstlineno + 1}"),
        (say("nonsense"), "It answered with a str that is not what was asked for."),
    ],
)


class Kind(ActivityType):
    name = "gardening"
    label = LABEL
    does: Callable[..., Any] = staticmethod(raise_error)

    def form(self, *args: Any) -> Any:
        return self.does(*args)

    def read(self, *args: Any) -> Any:
        return self.does(*args)

    def show(self, *args: Any) -> Any:
        return self.does(*args)


class Policy(AttendancePolicy):
    name = "seasons"
    label = LABEL
    does: Callable[..., Any] = staticmethod(raise_error)

    def rule(self, *args: Any) -> Any:
        return self.does(*args)

    def judge(self, *args: Any) -> Any:
        return self.does(*args)

    def make_ups(self, *args: Any) -> Any:
        return self.does(*args)


class Issuer(CertificateIssuer):
    name = "leaf"
    label = LABEL
    does: Callable[..., Any] = staticmethod(raise_error)

    def issue(self, *args: Any) -> Any:
        return self.does(*args)


HOOKS = {Kind: "activity_types", Policy: "attendance_policies", Issuer: "certificate_issuers"}


@pytest.fixture
def guard_of(plugin_host: MakePluginHost) -> Callable[..., Guard]:
    """`guard_of(Kind, does)`: a guard over one plugin whose provider does this whenever it is asked."""

    def make(base: type, does: Callable[..., Any], **attributes: Any) -> Guard:
        provider = type(base.__name__, (base,), {"does": staticmethod(does), **attributes})()
        host = plugin_host(providing("garden", HOOKS[base], provider))
        assert not host.plugins["garden"].quarantined
        return Guard(host)

    return make


def recorded(guard: Guard) -> tuple[str, str]:
    (trouble,) = guard.take_troubles()
    assert trouble.plugin == "garden"
    return trouble.place, trouble.message


# -- homework -----------------------------------------------------------------------------------------------


@BROKEN_WHILE_HEARING_PEOPLE
def test_a_broken_form_becomes_one_plain_text_field(
    guard_of: Callable[..., Guard], does: Callable[..., Any], message: str
) -> None:
    guard = guard_of(Kind, does)
    (field,) = guard.activity_type("gardening").form(an_activity("gardening"))
    assert (field.kind, field.required, field.label.fr) == ("long", True, "Votre réponse")
    assert recorded(guard) == ("gardening.form", message)


@BROKEN_WHILE_HEARING_PEOPLE
def test_a_broken_reader_keeps_every_word(
    guard_of: Callable[..., Guard], does: Callable[..., Any], message: str
) -> None:
    guard = guard_of(Kind, does)
    read = guard.activity_type("gardening").read(an_activity("gardening"), {"a": " I waited. ", "b": "", "c": "Tea."})
    assert read == Answer("I waited.\n\nTea.")
    assert recorded(guard) == ("gardening.read", message)


@BROKEN_WHILE_HEARING_PEOPLE
def test_a_broken_display_shows_the_readable_text(
    guard_of: Callable[..., Guard], does: Callable[..., Any], message: str
) -> None:
    guard = guard_of(Kind, does)
    activity = an_activity("gardening")
    assert guard.activity_type("gardening").show(activity, Answer("I waited.")) == (Part(activity.title, "I waited."),)
    assert recorded(guard) == ("gardening.show", message)


@pytest.mark.parametrize(
    "form",
    [
        [Field("a", LABEL)],
        (Field("a", "Label"),),  # type: ignore[arg-type]
        (Field("a", Text("Label", "")),),
        (Field("", LABEL),),
        (Field("a b", LABEL),),
        (Field("counter", LABEL),),
        (Field("who", LABEL),),
        (Field("old_password", LABEL),),
        (Field("kept-words", LABEL),),
        (Field("a", LABEL), Field("a", LABEL)),
        (Field("a", LABEL, kind="slider"),),  # type: ignore[arg-type]
        (Field("a", LABEL, help="Help"),),  # type: ignore[arg-type]
        (Field("a", LABEL, after="b"),),
        (Field("a", LABEL, after="a"),),
        (Field("a", LABEL, after="b"), Field("b", LABEL, after="a")),
        (Field("a", LABEL, group="Group"),),  # type: ignore[arg-type]
        (Field("a", LABEL, kind="choice", choices=("x",)),),  # type: ignore[arg-type]
        (Field("a", LABEL, kind="choice", choices=(Choice(1, LABEL),)),),  # type: ignore[arg-type]
    ],
)
def test_a_form_that_no_page_could_draw_is_replaced(guard_of: Callable[..., Guard], form: object) -> None:
    guard = guard_of(Kind, say(form))
    (field,) = guard.activity_type("gardening").form(an_activity("gardening"))
    assert field.name == "text"
    assert recorded(guard)[0] == "gardening.form"


@pytest.mark.parametrize(
    "read",
    [
        Answer(None),  # type: ignore[arg-type]
        Answer("x", None),  # type: ignore[arg-type]
        Answer("x", {"when": NOW}),
        Answer("x", {"self": float("nan")}),
        Reasons({}),
        Reasons({"a": "missing"}),  # type: ignore[dict-item]
        Reasons({"a": Text(None, None)}),  # type: ignore[arg-type]
    ],
)
def test_an_answer_that_could_not_be_kept_is_replaced(guard_of: Callable[..., Guard], read: object) -> None:
    guard = guard_of(Kind, say(read))
    assert guard.activity_type("gardening").read(an_activity("gardening"), {"a": "I waited."}) == Answer("I waited.")
    assert recorded(guard)[0] == "gardening.read"


@pytest.mark.parametrize(
    "parts",
    [
        None,
        [Part(LABEL, "x")],
        (Part(LABEL, None),),  # type: ignore[arg-type]
        (Part(LABEL, "x", why="Because"),),  # type: ignore[arg-type]
        (Part(LABEL, "x", choices=None),),  # type: ignore[arg-type]
        (Part(LABEL, "x", choices=(Choice("a", LABEL),)),),  # type: ignore[arg-type]
        (Part(LABEL, "x", choices=(Compared("a", True),)),),  # type: ignore[arg-type]
        (Part(LABEL, "x", choices=(Compared(LABEL, True, True, Text("Why", "")),)),),
    ],
)
def test_parts_that_no_page_could_draw_give_way_to_the_text(guard_of: Callable[..., Guard], parts: object) -> None:
    guard, activity = guard_of(Kind, say(parts)), an_activity("gardening")
    assert guard.activity_type("gardening").show(activity, Answer("I waited.")) == (Part(activity.title, "I waited."),)
    assert recorded(guard)[0] == "gardening.show"


@pytest.mark.parametrize(
    "guides",
    [
        None,
        (LABEL,),
        (Guide("Label"),),  # type: ignore[arg-type]
        (Guide(LABEL, ("line",)),),  # type: ignore[arg-type]
        (Guide(LABEL, link="javascript:alert(1)"),),
        (Guide(LABEL, link="http://example.org"),),
        (Guide(LABEL, link=None),),  # type: ignore[arg-type]
    ],
)
def test_what_cannot_stand_beside_a_text_is_left_out(guard_of: Callable[..., Guard], guides: object) -> None:
    guard = guard_of(Kind, raise_error, guide=lambda *_: guides)
    assert guard.activity_type("gardening").guide(an_activity("gardening")) == ()
    assert recorded(guard)[0] == "gardening.guide"


def test_a_button_without_both_languages_has_the_hosts_own_words(guard_of: Callable[..., Guard]) -> None:
    for finish in ("Done", Text("Done", ""), 3):
        assert guard_of(Kind, raise_error, finish=finish).activity_type("gardening").finish is None
    assert guard_of(Kind, raise_error, finish=LABEL).activity_type("gardening").finish == LABEL


def test_a_good_kind_is_taken_at_its_word(guard_of: Callable[..., Guard]) -> None:
    form = (Field("plot", LABEL, kind="choice", choices=(Choice("a", LABEL),)),)
    reasons = Reasons({"plot": LABEL})
    activity = an_activity("gardening")
    guard = guard_of(Kind, say(form))
    assert guard.activity_type("gardening").form(activity) == form
    assert guard_of(Kind, say(reasons)).activity_type("gardening").read(activity, {}) == reasons
    assert not guard.troubles


def test_a_kind_that_nobody_provides_asks_for_plain_text(guard_of: Callable[..., Guard]) -> None:
    guard = guard_of(Kind, raise_error)
    gone = guard.activity_type("weaving")
    activity = an_activity("weaving")
    assert gone.reviewed
    assert gone.label == Text("weaving", "weaving")
    assert [field.name for field in gone.form(activity)] == ["text"]
    assert gone.read(activity, {"text": "I waited."}) == Answer("I waited.")
    assert gone.show(activity, Answer("I waited."))[0].text == "I waited."
    assert not guard.troubles


def test_options_that_the_kind_refuses_do_not_block_anybody(guard_of: Callable[..., Guard]) -> None:
    guard = guard_of(Kind, say(()))
    assert len(guard.activity_type("gardening").form(an_activity("gardening", rain=True))) == 1
    assert recorded(guard)[0] == "gardening.options"


# -- attendance ---------------------------------------------------------------------------------------------


@BROKEN_WHILE_HEARING_PEOPLE
def test_a_broken_policy_neither_passes_nor_fails_anybody(
    guard_of: Callable[..., Guard], does: Callable[..., Any], message: str
) -> None:
    guard = guard_of(Policy, does)
    verdicts = guard.judge_attendance(Rule("seasons", {}), Ledger(()), ["completed"])
    assert verdicts == {"completed": Verdict(VerdictStatus.UNKNOWN, TRAINER_CHECKS)}
    assert recorded(guard) == ("seasons.judge", message)


@BROKEN
def test_a_broken_rule_leaves_it_to_the_trainer(
    guard_of: Callable[..., Guard], does: Callable[..., Any], message: str
) -> None:
    guard = guard_of(Policy, does)
    assert guard.attendance_rule(Rule("seasons", {}), {}).en == "Your trainer decides about attendance."
    assert recorded(guard) == ("seasons.rule", message)


@pytest.mark.parametrize(
    "verdict",
    [
        True,
        Verdict("met", LABEL),  # type: ignore[arg-type]
        Verdict(VerdictStatus.MET, "Fine"),  # type: ignore[arg-type]
        Verdict(VerdictStatus.MET, Text("Fine", "")),
        Verdict(VerdictStatus.MET, Text(1, 2)),  # type: ignore[arg-type]
        Verdict(VerdictStatus.MET, LABEL, next_step="Talk"),  # type: ignore[arg-type]
        Verdict(VerdictStatus.MET, LABEL, have="3"),  # type: ignore[arg-type]
        Verdict(VerdictStatus.MET, LABEL, evidence=["class:1"]),  # type: ignore[arg-type]
    ],
)
def test_a_verdict_that_nobody_could_read_is_unknown(guard_of: Callable[..., Guard], verdict: object) -> None:
    guard = guard_of(Policy, say(verdict))
    found = guard.judge_attendance(Rule("seasons", {}), Ledger(()), ["completed"])
    assert found["completed"].status == VerdictStatus.UNKNOWN
    assert recorded(guard)[0] == "seasons.judge"


def test_one_outcome_that_breaks_leaves_the_others(guard_of: Callable[..., Guard]) -> None:
    guard = guard_of(Policy, lambda ledger, outcome, options: GOOD if outcome == "took-part" else 1 / 0)
    found = guard.judge_attendance(Rule("seasons", {}), Ledger(()), ["took-part", "completed"])
    assert [verdict.status for verdict in found.values()] == [VerdictStatus.MET, VerdictStatus.UNKNOWN]


def test_the_outcomes_of_one_person_are_judged_by_one_ledger_which_is_nobody_elses(
    guard_of: Callable[..., Guard],
) -> None:
    """So a rule reads it once for all outcomes, and what one rule does to it never meets another."""
    seen: list[Ledger] = []
    guard = guard_of(Policy, lambda ledger, outcome, options: seen.append(ledger) or GOOD)
    given = Ledger(())
    for _ in range(2):
        guard.judge_attendance(Rule("seasons", {}), given, ["took-part", "completed"])
    first, second, third, fourth = seen
    assert first is second
    assert third is fourth
    assert len({id(given), id(first), id(third)}) == 3


def test_a_policy_that_is_gone_is_unknown(guard_of: Callable[..., Guard]) -> None:
    guard = guard_of(Policy, say(GOOD))
    assert guard.judge_attendance(Rule("tides", {}), Ledger(()), ["a"])["a"].status == VerdictStatus.UNKNOWN
    assert guard.attendance_rule(Rule("tides", {}), {}).en == "Your trainer decides about attendance."


def test_options_that_the_policy_refuses_are_unknown(guard_of: Callable[..., Guard]) -> None:
    guard = guard_of(Policy, say(GOOD))
    found = guard.judge_attendance(Rule("seasons", {"rain": True}), Ledger(()), ["a", "b"])
    assert {verdict.status for verdict in found.values()} == {VerdictStatus.UNKNOWN}
    assert recorded(guard)[0] == "seasons.options"


CLASS = Meeting(3, NOW, 120)
WALK = MakeUp("walk", LABEL, LABEL, "one-to-one")


@BROKEN_WHILE_HEARING_PEOPLE
def test_a_policy_that_cannot_say_how_to_catch_up_offers_nothing(
    guard_of: Callable[..., Guard], does: Callable[..., Any], message: str
) -> None:
    guard = guard_of(Policy, does)
    assert guard.make_ups(Rule("seasons", {}), Ledger((CLASS,)), CLASS) == ()
    assert recorded(guard) == ("seasons.make_ups", message)


@pytest.mark.parametrize(
    "ways",
    [
        [WALK],
        ("walk",),
        (WALK, WALK),
        (replace(WALK, name=" "),),
        (replace(WALK, name="x" * 81),),
        (replace(WALK, name="\ud800x"),),
        (replace(WALK, name="wa\x00lk"),),
        (replace(WALK, label=Text("\ud800", "Marche")),),
        (replace(WALK, label=Text("Walk", "")),),
        (replace(WALK, covers="All of it"),),  # type: ignore[arg-type]
        (replace(WALK, way="by post"),),  # type: ignore[arg-type]
    ],
)
def test_ways_to_catch_up_that_no_page_could_show_are_left_out(guard_of: Callable[..., Guard], ways: object) -> None:
    guard = guard_of(Policy, say(ways))
    assert guard.make_ups(Rule("seasons", {}), Ledger((CLASS,)), CLASS) == ()
    assert recorded(guard)[0] == "seasons.make_ups"


def test_ways_to_catch_up_and_statuses_come_from_the_policy(guard_of: Callable[..., Guard]) -> None:
    on_the_phone = AttendanceStatus("on_the_phone", Text("On the phone", "Au téléphone"), Status.HERE)
    guard = guard_of(Policy, say((WALK,)), statuses=(on_the_phone,))
    assert guard.make_ups(Rule("seasons", {}), Ledger((CLASS,)), CLASS) == (WALK,)
    assert guard.statuses(Rule("seasons", {})) == (on_the_phone,)
    assert guard.make_ups(Rule("tides", {}), Ledger((CLASS,)), CLASS) == ()
    assert guard.statuses(Rule("tides", {})) == ()
    assert not guard.troubles


def test_a_cohort_is_judged_by_the_version_that_it_is_stamped_with(plugin_host: MakePluginHost) -> None:
    """The newest stands first; older ones stay beside it for the cohorts that began with them."""

    def version(number: str, words: str) -> AttendancePolicy:
        verdict = Verdict(VerdictStatus.MET, Text(words, words))
        return type("Policy", (Policy,), {"version": number, "does": staticmethod(say(verdict))})()  # type: ignore[no-any-return]

    guard = Guard(plugin_host(providing("garden", HOOKS[Policy], version("2", "new"), version("1", "old"))))
    said = {
        stamped: guard.judge_attendance(Rule("seasons", {}, stamped), Ledger(()), ["a"])["a"].reason.en
        for stamped in ("1", "2", "")
    }
    assert said == {"1": "old", "2": "new", "": "new"}
    gone = Rule("seasons", {}, "0")
    assert guard.judge_attendance(gone, Ledger(()), ["a"]) == {"a": Verdict(VerdictStatus.UNKNOWN, TRAINER_CHECKS)}
    assert guard.attendance_rule(gone, {}).en == "Your trainer decides about attendance."


def test_the_options_of_a_rule_are_read_once(guard_of: Callable[..., Guard]) -> None:
    read = []

    class Plot(Options):
        size: int

        @field_validator("size")
        @classmethod
        def counted(cls, size: int) -> int:
            read.append(size)
            return size

    guard = guard_of(Policy, say(GOOD), options=Plot)
    rule = Rule("seasons", {"size": 3})
    for _ in range(3):
        guard.judge_attendance(rule, Ledger(()), ["a", "b"])
    assert read == [3]


# -- certificates and events --------------------------------------------------------------------------------


@BROKEN_WHILE_HEARING_PEOPLE
def test_a_broken_issuer_is_tried_again_later(
    guard_of: Callable[..., Guard], does: Callable[..., Any], message: str
) -> None:
    guard = guard_of(Issuer, does)
    with pytest.raises(PluginFault):
        guard.issue("leaf", AWARD, {})
    place, told = recorded(guard)
    assert place == "leaf.issue"
    assert told == message.replace("a str", "a tuple")


def test_a_document_without_bytes_is_no_document(guard_of: Callable[..., Guard]) -> None:
    guard = guard_of(Issuer, say([Document("a.pdf", "application/pdf", "text")]))  # type: ignore[arg-type]
    with pytest.raises(PluginFault):
        guard.issue("leaf", AWARD, {})


def test_a_good_issuer_may_answer_with_a_list(guard_of: Callable[..., Guard]) -> None:
    paper = Document("a.pdf", "application/pdf", b"%PDF")
    assert guard_of(Issuer, say([paper])).issue("leaf", AWARD, {}) == (paper,)


def test_an_issuer_that_is_gone_is_a_fault(guard_of: Callable[..., Guard]) -> None:
    with pytest.raises(PluginFault, match="No plugin provides the certificate issuer 'bark'"):
        guard_of(Issuer, say(())).issue("bark", AWARD, {})


@pytest.mark.parametrize("does", [raise_error, leave, raise_unprintable])
def test_a_listener_that_breaks_is_told_again_later(plugin_host: MakePluginHost, does: Callable[..., Any]) -> None:
    def after_review(event: Event) -> None:
        does()

    guard = Guard(plugin_host(a_plugin("garden", after_review)))
    with pytest.raises(PluginFault):
        guard.tell("garden", "after_review", EVENT, {}, MemoryStore())
    place, told = recorded(guard)
    assert place == "after_review"
    assert "in test_guard.py, line " in told
    assert "no seeds" not in told


def test_settings_that_do_not_fit_are_not_repeated(plugin_host: MakePluginHost) -> None:
    """They belong to one organization; every organization that uses the plugin reads its faults."""

    class Plot(Options):
        key: str

        @field_validator("key")
        @classmethod
        def fits(cls, key: str) -> str:
            raise RuntimeError(f"no gate opens with {key}")

    guard = Guard(plugin_host(a_plugin("garden", after_review, about=replace(ABOUT, settings=Plot))))
    with pytest.raises(PluginFault):
        guard.tell("garden", "after_review", EVENT, {"key": "under the third pot"}, MemoryStore())
    place, told = recorded(guard)
    assert (place, "third pot" in told) == ("settings", False)


def test_a_listener_gets_what_it_asks_for(plugin_host: MakePluginHost) -> None:
    class Plot(Options):
        size: int

    got: list[object] = []

    def after_review(settings: Any) -> None:
        got.append(settings)

    def after_decision(event: Event, settings: Any) -> None:
        got.append(event)

    guard = Guard(plugin_host(a_plugin("garden", after_review, after_decision, about=replace(ABOUT, settings=Plot))))
    guard.tell("garden", "after_review", EVENT, {"size": 3}, MemoryStore())
    guard.tell("garden", "after_decision", EVENT, {"size": 3}, MemoryStore())
    guard.tell("garden", "after_certificate", EVENT, {"size": 3}, MemoryStore())
    assert got == [Plot(size=3), EVENT]
    with pytest.raises(PluginFault):
        guard.tell("garden", "after_review", EVENT, {"size": "three"}, MemoryStore())


def test_a_listener_may_be_wrapped(plugin_host: MakePluginHost) -> None:
    got: list[object] = []

    def after_review(event: Event) -> None:
        got.append(event)

    @functools.wraps(after_review)
    def wrapped(*args: Any, **kwargs: Any) -> None:
        after_review(*args, **kwargs)

    Guard(plugin_host(a_plugin("garden", wrapped))).tell("garden", "after_review", EVENT, {}, MemoryStore())
    assert got == [EVENT]


# -- recording ----------------------------------------------------------------------------------------------


def test_a_slow_answer_is_given_and_recorded(guard_of: Callable[..., Guard], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guards, "SLOW_SECONDS", -1)
    guard = guard_of(Policy, say(GOOD))
    assert guard.judge_attendance(Rule("seasons", {}), Ledger(()), ["a"]) == {"a": GOOD}
    assert recorded(guard) == ("seasons.judge", "It took longer than half a second to answer.")


def test_how_long_answers_take_is_remembered_while_people_wait(guard_of: Callable[..., Guard]) -> None:
    guard = guard_of(Policy, say(GOOD))
    assert guard.pace("garden") is None
    for _ in range(guards.RECENT + 5):
        guard.judge_attendance(Rule("seasons", {}), Ledger(()), ["a"])
    pace = guard.pace("garden")
    assert pace is not None
    assert pace.answers == guards.RECENT, "the last ones alone"
    assert 0 < pace.median <= pace.slowest


def test_what_nobody_waits_for_has_no_pace(guard_of: Callable[..., Guard]) -> None:
    guard = guard_of(Policy, raise_error)
    guard.attendance_rule(Rule("seasons", {}), {})
    guard.call("garden", "checks", lambda: GOOD, waited_for=False)
    assert guard.pace("garden") is None, "an error is no answer either"


def test_one_that_raised_is_asked_again_and_its_answer_counts(guard_of: Callable[..., Guard]) -> None:
    weather = [raise_error, say(GOOD)]
    guard = guard_of(Policy, lambda *given: weather.pop(0)(*given))
    first = guard.judge_attendance(Rule("seasons", {}), Ledger(()), ["a"])
    assert first["a"].reason == TRAINER_CHECKS
    assert guard.is_silent("garden")
    assert guard.judge_attendance(Rule("seasons", {}), Ledger(()), ["a"]) == {"a": GOOD}
    assert not guard.is_silent("garden")


@pytest.fixture
def stopwatch(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """What the guard takes for the time; `takes` seconds are added by each answer of the plugin."""
    watch = SimpleNamespace(at=0.0, takes=0.0, asked=0)
    monkeypatch.setattr(guards.time, "perf_counter", lambda: watch.at)
    return watch


def answers_in(watch: SimpleNamespace, value: Any) -> Callable[..., Any]:
    def answer(*_: object) -> Any:
        watch.asked += 1
        watch.at += watch.takes
        if isinstance(value, BaseException):
            raise value
        return value

    return answer


def ask(guard: Guard) -> Verdict:
    return guard.judge_attendance(Rule("seasons", {}), Ledger(()), ["a"])["a"]


def test_nobody_waits_for_each_of_twenty_answers_that_never_come(
    guard_of: Callable[..., Guard], stopwatch: SimpleNamespace
) -> None:
    guard = guard_of(Policy, answers_in(stopwatch, TookTooLong()))
    stopwatch.takes = 5.0
    assert {ask(guard).reason for _ in range(20)} == {TRAINER_CHECKS}
    assert stopwatch.asked == 1, "it is left out once it was interrupted"
    assert len(guard.take_troubles()) == 1, "and that is one trouble"
    stopwatch.at += guards.REST
    ask(guard)
    assert stopwatch.asked == 2, "after a minute it is asked again"


def test_one_that_was_left_out_comes_back_by_itself(guard_of: Callable[..., Guard], stopwatch: SimpleNamespace) -> None:
    guard = guard_of(Policy, answers_in(stopwatch, GOOD))
    stopwatch.takes = 1.0
    assert [ask(guard) for _ in range(5)] == [GOOD] * 5, "a slow answer counts"
    assert ask(guard).reason == TRAINER_CHECKS
    assert guard.take_troubles()[-1].message == guards.LEFT_OUT
    stopwatch.at += guards.REST
    stopwatch.takes = 0.0
    assert [ask(guard) for _ in range(20)] == [GOOD] * 20


def test_a_slow_answer_now_and_then_leaves_nobody_out(
    guard_of: Callable[..., Guard], stopwatch: SimpleNamespace
) -> None:
    guard = guard_of(Policy, answers_in(stopwatch, GOOD))
    for _ in range(20):
        stopwatch.takes = 4.0
        assert ask(guard) == GOOD
        stopwatch.at += guards.REST


def test_what_waits_for_nobody_is_asked_while_it_rests(
    guard_of: Callable[..., Guard], stopwatch: SimpleNamespace
) -> None:
    guard = guard_of(Policy, answers_in(stopwatch, TookTooLong()))
    stopwatch.takes = 5.0
    ask(guard)
    assert guard.call("garden", "checks", lambda: GOOD, waited_for=False) == GOOD


def test_a_message_is_short_and_printable(guard_of: Callable[..., Guard]) -> None:
    def shout(*_: object) -> None:
        raise ValueError("a\x00b\ud800c" + "d" * 5000 + "\nsecond line")

    guard = guard_of(Policy, shout)
    guard.attendance_rule(Rule("seasons", {}), {})
    message = recorded(guard)[1]
    assert message.startswith("ValueError: a?b?cddd")
    assert len(message) < 330


def test_stopping_the_host_is_not_a_fault_of_the_plugin(guard_of: Callable[..., Guard]) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        guard_of(Policy, interrupt).attendance_rule(Rule("seasons", {}), {})


def test_a_storm_of_faults_is_bounded(guard_of: Callable[..., Guard]) -> None:
    guard = guard_of(Policy, raise_error)
    for _ in range(500):
        guard.attendance_rule(Rule("seasons", {}), {})
    assert len(guard.take_troubles()) == 100
    assert guard.take_troubles() == []


def test_troubles_are_counted_by_place(app: Flask) -> None:
    later = NOW.replace(hour=20)
    with app.app_context():
        with saved():
            keep_troubles(session, [Trouble("garden", "rule", "first")] * 2, NOW)
            keep_troubles(session, [Trouble("garden", "judge", "other")], NOW)
        with saved():
            keep_troubles(session, [Trouble("garden", "rule", "last")], later)
        rule, judge = troubles_of("garden")
        assert (rule.place, rule.message, rule.times, rule.first_at, rule.last_at) == ("rule", "last", 3, NOW, later)
        assert judge.times == 1
        assert troubles_of("orchard") == []
