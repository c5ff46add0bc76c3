"""The plugin as the host meets it, and what a paid pathway has to hold."""

from __future__ import annotations

import re
from itertools import pairwise

import lms_rowanstreet
import pytest
from lms_rowanstreet.five_turns import FIVE_TURNS

from lms.plugin_api import Course, FolderCurriculum
from lms.plugin_api.testing import check_plugin, check_text, providers_of

SEVEN = 7
OUTSIDE = {
    "outside-mental-health-first-aid",
    "outside-overdose-response",
    "outside-responding-to-distress",
    "outside-first-aid",
}


@pytest.fixture(scope="module")
def course() -> Course:
    (loaded,) = FolderCurriculum("lms_rowanstreet").courses()
    assert not loaded.faults, "\n".join(map(str, loaded.faults))
    assert loaded.course is not None
    return loaded.course


def test_the_plugin_keeps_its_contract() -> None:
    check_plugin(lms_rowanstreet)


def test_it_brings_a_course_and_its_certificate(course: Course) -> None:
    names = {provider.name for provider in providers_of(lms_rowanstreet)}
    assert names == {"lms_rowanstreet:courses", "rowanstreet-page", "five-turns"}
    assert course.certificate is not None
    assert course.certificate.issuer == "rowanstreet-page"


def test_seven_modules_in_seven_classes_make_twenty_one_hours(course: Course) -> None:
    assert len(course.modules) == SEVEN
    assert [plan.modules for plan in course.classes] == [(module.id,) for module in course.modules]
    assert sum(plan.minutes for plan in course.classes) == 21 * 60
    assert [plan.minutes for plan in course.classes] == [module.minutes.live for module in course.modules]


def test_own_minutes_are_the_sum_of_what_there_is_to_do(course: Course) -> None:
    for module in course.modules:
        assert module.minutes.own == sum(a.minutes for a in module.activities), module.id


def test_each_module_counts_once_and_is_made_up_one_to_one(course: Course) -> None:
    assert course.attendance is not None
    assert course.attendance.policy == "each-module-once"
    assert course.attendance.options == {"make_ups": "listed", "ways": ("one-to-one",)}


def test_four_outside_trainings_are_confirmed_by_a_person_and_nothing_optional_is_asked(course: Course) -> None:
    asked = {r.id: r for r in course.requirements}
    assert {id for id in asked if id.startswith("outside-")} == OUTSIDE
    for id in OUTSIDE:
        assert asked[id].kind == "confirmed"
        assert asked[id].needed_for == ("training-complete", "internship-complete")
        assert asked[id].next_step is not None
    named = {activity for r in course.requirements for activity in r.activities}
    assert "a-training-i-chose" not in named


def test_homework_is_optional_and_short_and_may_be_spoken(course: Course) -> None:
    assert not {r.kind for r in course.requirements} & {"homework", "reading"}
    written = [a for a in course.activities.values() if a.kind in ("reflection", "practice")]
    assert len(written) == SEVEN + 1
    for activity in written:
        assert activity.minutes <= 15
        assert {"typed", "audio", "talk"} <= set(activity.accepts or ())


def test_a_survey_follows_each_module(course: Course) -> None:
    for module in course.modules:
        assert [a.kind for a in module.activities][-1] == "survey"


def test_the_internship_is_an_offer(course: Course) -> None:
    assert [(o.id, o.optional) for o in course.outcomes] == [
        ("in-training", False),
        ("training-complete", False),
        ("internship-complete", True),
    ]


def test_every_paper_says_that_it_is_no_licence(course: Course) -> None:
    for paper in (o for o in course.outcomes if o.certificate):
        assert paper.says is not None
        assert paper.does_not_say is not None
        check_text(paper.says)
        assert "It is not a national certification or a licence." in paper.does_not_say.en
        assert "Ce n'est ni une certification nationale ni un permis d'exercice." in paper.does_not_say.fr


def test_every_plan_fills_its_class_without_a_gap(course: Course) -> None:
    """The tables say from which minute to which: they meet, and the last row ends with the class."""
    for plan in course.classes:
        for text in (plan.plan.en, plan.plan.fr):
            spans = [(int(a), int(b)) for a, b in re.findall(r"^\| (\d+)–(\d+) \|", text, re.MULTILINE)]
            assert spans[0][0] == 0
            assert all(before[1] == after[0] for before, after in pairwise(spans)), plan.number
            assert spans[-1][1] == plan.minutes


def test_both_languages_lead_the_same_class(course: Course) -> None:
    for plan in course.classes:
        rows = [re.findall(r"^\| (\d+–\d+) \|", text, re.MULTILINE) for text in (plan.plan.en, plan.plan.fr)]
        assert rows[0] == rows[1], plan.number


def test_every_plan_serves_three_people_and_one(course: Course) -> None:
    for plan in course.classes:
        assert "One-to-one make-up" in plan.plan.en, plan.number
        assert "Reprise à deux" in plan.plan.fr, plan.number
        assert re.search(r"\b[Tt]hree people", plan.plan.en), plan.number


def test_every_card_is_played_somewhere(course: Course) -> None:
    played = {card for plan in course.classes if plan.role_play for card in plan.role_play.cards}
    assert played == {card.id for card in course.cards}


def test_french_typography(course: Course) -> None:
    """No plain space inside quotation marks or before a colon."""
    texts = [m.intro.fr for m in course.modules] + [p.plan.fr for p in course.classes]
    texts += [a.body.fr for a in course.activities.values()]
    texts += [c.note.fr for c in course.cards if c.note]
    for text in texts:
        assert not re.search(r"« | »| :(?!-)", text), text[:80]


def test_five_turns_let_all_five_support_in_less_than_an_hour() -> None:
    assert FIVE_TURNS.shape.rounds == 5
    assert FIVE_TURNS.shape.minutes == 50
