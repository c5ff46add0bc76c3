"""The plugin as the host meets it, and its course as people meet it."""

from __future__ import annotations

import re

import lms_harbourlight
import pytest
from lms_harbourlight.attendance import MinutesOptions
from lms_harbourlight.five_days import BY_THE_WATCH, LUNCH, FiveDays
from lms_harbourlight.newcomers import NewcomersAmongOthers

from lms.plugin_api import Course, FolderCurriculum, PairWish, PlayedSoFar, Text
from lms.plugin_api.testing import check_plugin, check_text, providers_of

TEN_WEEKS = FolderCurriculum("lms_harbourlight")
DESPAIR = "everything-at-once"


@pytest.fixture(scope="module")
def ten_weeks() -> Course:
    (loaded,) = TEN_WEEKS.courses()
    assert not loaded.faults, "\n".join(map(str, loaded.faults))
    assert loaded.course is not None
    return loaded.course


@pytest.fixture(scope="module")
def five_days() -> Course:
    (loaded,) = FiveDays(TEN_WEEKS).courses()
    assert loaded.course is not None
    return loaded.course


def test_the_plugin_keeps_its_contract() -> None:
    check_plugin(lms_harbourlight)


def test_it_brings_two_timetables_a_rule_and_a_certificate() -> None:
    names = {provider.name for provider in providers_of(lms_harbourlight)}
    assert names == {
        "lms_harbourlight:courses",
        "lms_harbourlight:five-days",
        "harbourlight-minutes",
        "harbourlight-sheet",
        "newcomers-among-others",
        "rights",
    }


def test_newcomers_sit_with_people_who_have_played_before() -> None:
    wishes = NewcomersAmongOthers()
    assert wishes.wishes((1, 2, 3), PlayedSoFar()) == (), "the first time everyone is new"
    late = PlayedSoFar(supporter={1: 1, 2: 1}, person={3: 1})
    assert wishes.wishes((1, 2, 3, 4, 5, 6), late) == (PairWish(4, 5, 40), PairWish(4, 6, 40), PairWish(5, 6, 40))


def test_ten_classes_of_three_hours_or_five_of_six(ten_weeks: Course, five_days: Course) -> None:
    assert [plan.minutes for plan in ten_weeks.classes] == [180] * 10
    assert [plan.minutes for plan in five_days.classes] == [360] * 5
    assert [plan.number for plan in five_days.classes] == [1, 2, 3, 4, 5]


def test_both_timetables_teach_the_same(ten_weeks: Course, five_days: Course) -> None:
    assert (ten_weeks.id, five_days.id) == ("ten-weeks", "five-days")
    for part in ("modules", "outcomes", "attendance", "certificate", "review", "cards"):
        assert getattr(five_days, part) == getattr(ten_weeks, part)
    others = [r for r in ten_weeks.requirements if r.kind != "role-play"]
    assert [r for r in five_days.requirements if r.kind != "role-play"] == others
    assert five_days.activities_as_taught == ten_weeks.activities_as_taught
    given = [name for plan in five_days.classes for name in plan.homework]
    assert given == [name for plan in ten_weeks.classes for name in plan.homework]
    assert sorted(given) == sorted(ten_weeks.activities)


@pytest.mark.parametrize(("timetable", "count"), [("ten_weeks", 6), ("five_days", 3)])
def test_the_role_plays_that_are_asked_for_can_be_played(
    timetable: str, count: int, request: pytest.FixtureRequest
) -> None:
    course: Course = request.getfixturevalue(timetable)
    (asked,) = [r for r in course.requirements if r.kind == "role-play"]
    assert (asked.count, asked.active_rounds) == (count, 6)
    with_role_play = [plan for plan in course.classes if plan.role_play]
    assert count < len(with_role_play), "one may be missed"
    assert asked.active_rounds <= 2 * count, "two rounds of three, in the classes that are asked for"


def test_trainers_read_the_sheets_of_two_classes_and_their_plans_say_so(ten_weeks: Course, five_days: Course) -> None:
    read = [plan for plan in ten_weeks.classes if plan.role_play and plan.role_play.trainers_read]
    assert [plan.number for plan in read] == [6, 10]
    for plan in read:
        assert "It says so on top of each" in plan.plan.en
        assert "C'est écrit en haut de cha" in plan.plan.fr
    assert [day.number for day in five_days.classes if day.role_play and day.role_play.trainers_read] == [5]


def test_nobody_but_a_trainer_is_dealt_the_person_in_despair(ten_weeks: Course, five_days: Course) -> None:
    for course in (ten_weeks, five_days):
        dealt = [plan.role_play.format for plan in course.classes if plan.role_play and DESPAIR in plan.role_play.cards]
        assert set(dealt) <= {"trainer-in-role"}


def test_a_day_holds_both_plans_and_the_cards_of_its_format(ten_weeks: Course, five_days: Course) -> None:
    for day in five_days.classes:
        check_text(day.plan)
        for plan in ten_weeks.classes[2 * day.number - 2 : 2 * day.number]:
            assert plan.plan.en in day.plan.en
            assert plan.plan.fr in day.plan.fr
            assert set(plan.modules) <= set(day.modules)
            assert day.role_play is not None
            if plan.role_play and plan.role_play.format == day.role_play.format:
                assert set(plan.role_play.cards) <= set(day.role_play.cards)


def test_trainees_read_that_lunch_comes_on_top_of_the_six_hours(five_days: Course) -> None:
    for day in five_days.classes:
        assert day.bring is not None
        assert day.bring.en.endswith(LUNCH.en)
        assert day.bring.fr.endswith(LUNCH.fr)


def test_a_day_with_two_formats_keeps_the_time_of_a_triad_and_says_so(five_days: Course) -> None:
    assert [day.role_play.format for day in five_days.classes if day.role_play] == ["triad"] * 5
    told = [
        day.number for day in five_days.classes if BY_THE_WATCH.en in day.plan.en and BY_THE_WATCH.fr in day.plan.fr
    ]
    assert told == [3, 4]


def test_no_five_days_while_the_ten_weeks_have_faults() -> None:
    class Faulty(FolderCurriculum):
        def courses(self) -> list:  # type: ignore[type-arg]
            (loaded,) = super().courses()
            loaded.course = None
            return [loaded]

    assert not list(FiveDays(Faulty("lms_harbourlight")).courses())


def minutes_in(plan: str) -> int:
    return sum(int(m) for m in re.findall(r"^\| (\d+) \|", plan, re.MULTILINE))


def test_the_minutes_of_each_plan_add_up_in_both_languages(ten_weeks: Course) -> None:
    for plan in ten_weeks.classes:
        assert (plan.number, minutes_in(plan.plan.en)) == (plan.number, plan.minutes)
        assert (plan.number, minutes_in(plan.plan.fr)) == (plan.number, plan.minutes)


def test_the_time_in_class_is_shared_out_over_the_modules(ten_weeks: Course) -> None:
    assert sum(module.minutes.live for module in ten_weeks.modules) == 1800
    for module in ten_weeks.modules:
        assert module.minutes.own == sum(activity.minutes for activity in module.activities), module.id


def test_a_class_with_role_play_says_that_reading_alone_cannot_replace_it(ten_weeks: Course) -> None:
    for plan in ten_weeks.classes:
        assert (plan.recoverable == "partly") == (plan.role_play is not None)


def test_the_options_of_the_course_fit_the_rule(ten_weeks: Course) -> None:
    assert ten_weeks.attendance is not None
    options = MinutesOptions.model_validate(ten_weeks.attendance.options)
    planned = sum(plan.minutes for plan in ten_weeks.classes)
    assert (options.need_minutes, planned) == (1620, 1800)
    assert options.role_plays_missed == 1


def test_one_coordinator_decides_between_not_yet_and_the_certificate(ten_weeks: Course) -> None:
    assert [outcome.id for outcome in ten_weeks.outcomes] == ["not-yet", "certificate"]
    paper = ten_weeks.outcome("certificate")
    assert paper is not None
    assert paper.decided_by == "coordinator"
    assert paper.does_not_say is not None
    assert "It is not the national certification" in paper.does_not_say.en
    assert "Ce n'est pas la certification nationale" in paper.does_not_say.fr


def test_not_yet_always_comes_with_a_next_step(ten_weeks: Course) -> None:
    for requirement in ten_weeks.requirements:
        if requirement.kind != "attendance":  # the rule itself says what is next
            assert requirement.next_step is not None, requirement.id


def test_the_four_streams_are_asked_for(ten_weeks: Course) -> None:
    kinds = {requirement.id: requirement.kind for requirement in ten_weeks.requirements}
    assert kinds["take-home"] == "homework"
    for id in ("record-check", "practicum-30-hours", "closing-interview"):
        assert kinds[id] == "confirmed"
    read_by_trainers = {"reflection", "practice", "project", "presentation", "exam"}
    asked = {name for r in ten_weeks.requirements if r.kind == "homework" for name in r.activities}
    assert asked == {a.id for a in ten_weeks.activities.values() if a.kind in read_by_trainers}


def test_the_card_about_despair_is_a_stretch_and_has_a_lighter_one(ten_weeks: Course) -> None:
    card = ten_weeks.card(DESPAIR)
    assert card is not None
    assert card.level == 3
    assert "suicide" in card.content_notes, "somebody may ask not to meet it"
    assert card.swap_with == ("too-loud-in-here", "the-second-bowl")
    assert '"No. Not that.' in card.roles.person.you_will.en


def french(course: Course) -> list[str]:
    texts: list[Text] = [m.intro for m in course.modules] + [a.body for a in course.activities.values()]
    texts += [plan.plan for plan in course.classes] + [card.note for card in course.cards if card.note]
    return [text.fr for text in texts]


def test_french_signs_stand_as_in_canada(ten_weeks: Course) -> None:
    for text in french(ten_weeks):
        assert not re.findall(r".{9}(?:« |[^\u00a0]»|[\w»)] :|\w [?!;])", text)
