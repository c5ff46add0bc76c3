"""The rules of real programmes as a few options, and what people asked for elsewhere."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from lms.builtin import attendance
from lms.plugin_api import CatchUp, Ledger, Mark, MeetingState, Pause, Status, Text, Verdict, VerdictStatus
from lms.plugin_api.testing import check_verdict
from tests.builtin.ledgers import AWAY, HERE, NAMES, TOLD_US, cancelled, ledger, starts

POLICIES = {policy.name: policy for policy in attendance.attendance_policies()}
S = VerdictStatus
LATE, SHORT = Status.LATE, Status.LEFT_EARLY


def judge(name: str, record: Ledger, outcome: str = "level-1", **options: Any) -> Verdict:
    policy = POLICIES[name]
    verdict = policy.judge(record, outcome, policy.read_options(options))
    check_verdict(verdict)
    return verdict


def rule(name: str, **options: Any) -> str:
    return rule_in_both(name, **options).en


def rule_in_both(name: str, **options: Any) -> Text:
    policy = POLICIES[name]
    return policy.rule(policy.read_options(options), NAMES)


# -- the five programmes, and their neighbours --------------------------------------------------------------

SEVENTEEN = {8: ("boundaries",), 10: ("listening",), 11: ("listening",), 12: ("sharing",), 13: ("sharing",)}
CORE_2026 = {
    "max_missed": 2,
    "never_miss": {"level-1r": ["boundaries", "listening", "sharing"]},
    "make_ups": "listed",
}


def run(*away: int, of: int = 17, modules: dict[int, tuple[str, ...]] = SEVENTEEN, minutes: int = 120) -> Ledger:
    """All of these classes are over; everybody was here but at those in `away`."""
    return ledger(*[AWAY if n in away else HERE for n in range(1, of + 1)], modules=modules, minutes=minutes)


ROLE_PLAY = {3: ("listening",), 6: ("listening",), 9: ("listening",)}
HOURS = {"min_minutes": 1620, "max_missed_of": {"listening": 1}}
SEVEN = {n: (module,) for n, module in enumerate(("boundaries", "listening", "sharing"), start=1)}
ONE_TO_ONE = {"make_ups": "listed", "ways": ["one-to-one"]}


@pytest.mark.parametrize(
    ("policy", "options", "record", "level_1", "level_1r"),
    [
        pytest.param("every-class", {}, run(), S.MET, S.MET, id="all 17, the rule of 2025"),
        pytest.param("every-class", {}, run(4), S.CANNOT_BE_MET, S.CANNOT_BE_MET, id="all 17, one missed"),
        pytest.param("at-most-missed", CORE_2026, run(3, 5), S.MET, S.MET, id="two of 17, the rule of 2026"),
        pytest.param("at-most-missed", CORE_2026, run(10), S.MET, S.CANNOT_BE_MET, id="two of 17, one never to miss"),
        pytest.param("at-most-missed", CORE_2026, run(3, 5, 9), S.NOT_MET, S.CANNOT_BE_MET, id="three of 17"),
        pytest.param(
            "share-of-time", HOURS, run(3, of=10, modules=ROLE_PLAY, minutes=180), S.MET, S.MET, id="27 of 30 hours"
        ),
        pytest.param(
            "share-of-time",
            HOURS,
            run(1, 2, of=10, modules=ROLE_PLAY, minutes=180),
            S.CANNOT_BE_MET,
            S.CANNOT_BE_MET,
            id="24 of 30 hours",
        ),
        pytest.param(
            "share-of-time",
            {**HOURS, "min_minutes": 1000},
            run(3, 6, of=10, modules=ROLE_PLAY, minutes=180),
            S.CANNOT_BE_MET,
            S.CANNOT_BE_MET,
            id="enough hours, role-play classes missed twice",
        ),
        pytest.param("share-of-time", HOURS, run(of=5, minutes=360), S.MET, S.MET, id="five days of six hours"),
        pytest.param("each-module-once", ONE_TO_ONE, run(2, of=3, modules=SEVEN), S.NOT_MET, S.NOT_MET, id="a module"),
        pytest.param(
            "each-module-once",
            ONE_TO_ONE,
            ledger(HERE, Mark(2, AWAY, made_up=True), HERE, modules=SEVEN),
            S.MET,
            S.MET,
            id="a module made up one-to-one",
        ),
        pytest.param("share-of-classes", {"min_share": 0.8}, run(1, 2, 3), S.MET, S.MET, id="the host's default"),
        pytest.param(
            "every-class", {"make_ups": "none"}, run(1, of=5), S.CANNOT_BE_MET, S.CANNOT_BE_MET, id="no make-ups"
        ),
    ],
)
def test_the_rules_of_programmes_are_a_few_options(
    policy: str, options: dict[str, Any], record: Ledger, level_1: VerdictStatus, level_1r: VerdictStatus
) -> None:
    assert [judge(policy, record, outcome, **options).status for outcome in ("level-1", "level-1r")] == [
        level_1,
        level_1r,
    ]


def test_whoever_missed_a_class_not_to_be_missed_reads_why_what_is_open_and_how_to_catch_up() -> None:
    record = ledger(HERE, AWAY, None, modules={2: ("listening",)})
    options = {**CORE_2026, "makeup_clears": True}
    verdict = judge("at-most-missed", record, "level-1r", **options)
    assert verdict.status is S.NOT_MET, "a make-up still changes it"
    assert verdict.reason.en == (
        "You missed a Listening class. Level 1 is still open to you. Level 1R needs that class."
    )
    assert verdict.next_step == Text(
        "You can make up class 2. Once it is accepted, the class no longer counts as missed.",
        "Vous pouvez reprendre la séance 2. Une fois la reprise acceptée, la séance ne compte plus comme manquée.",
    )
    closed = judge("at-most-missed", record, "level-1r", **CORE_2026)
    assert (closed.status, closed.reason) == (S.CANNOT_BE_MET, verdict.reason)
    assert closed.next_step == Text(
        "You can take “Listening” with the next group.",
        "Vous pourrez suivre «\u00a0L'écoute\u00a0» avec le prochain groupe.",
    )
    assert judge("at-most-missed", record, "level-1", **options).status is S.ON_TRACK
    policy = POLICIES["at-most-missed"]
    ways = policy.make_ups(record, record.meetings[1], policy.read_options(options))
    assert [way.way for way in ways] == ["class", "one-to-one", "recording", "practice"]
    made_up = replace(record, marks=(record.marks[0], Mark(2, AWAY, made_up=True)))
    assert judge("at-most-missed", made_up, "level-1r", **options).status is S.ON_TRACK


@pytest.mark.parametrize(
    ("policy", "options", "record", "reason", "next_step"),
    [
        pytest.param(
            "each-module-once",
            ONE_TO_ONE,
            run(2, 3, of=4, modules={1: ("boundaries",), 2: ("listening",), 3: ("listening",), 4: ("sharing",)}),
            Text(
                "You missed “Listening”. The rule asks for each module once.",
                "Vous avez manqué le module «\u00a0L'écoute\u00a0». La règle demande chaque module une fois.",
            ),
            Text(
                "You can make up class 2 or 3 for “Listening”. An accepted make-up counts too.",
                "Vous pouvez reprendre la séance 2 ou 3 pour le module «\u00a0L'écoute\u00a0». "
                "Une reprise acceptée compte aussi.",
            ),
            id="one class of a missed module is enough",
        ),
        pytest.param(
            "each-module-once",
            ONE_TO_ONE,
            replace(run(2, of=3, modules=SEVEN), catch_ups=(CatchUp(2, "one-to-one", "agreed"),)),
            Text(
                "You missed “Listening”. The rule asks for each module once. Your make-up of class 2 is agreed.",
                "Vous avez manqué le module «\u00a0L'écoute\u00a0». La règle demande chaque module une fois. "
                "Votre reprise de la séance 2 est convenue.",
            ),
            Text(
                "Once your make-up is accepted, the class no longer counts as missed.",
                "Une fois votre reprise acceptée, la séance ne compte plus comme manquée.",
            ),
            id="a make-up on its way is enough",
        ),
        pytest.param(
            "share-of-time",
            {"min_share": 0.9, "max_missed_of": {"listening": 0}},
            run(2, of=8, modules=SEVEN),
            Text(
                "You missed 2 of 16 hours. The rule asks for 14 hours 24 minutes. You missed a Listening class. "
                "The rule asks for every class of “Listening”.",
                "Vous avez manqué 2 heures sur 16. La règle demande 14 heures 24 minutes. Vous avez manqué une séance "
                "du module «\u00a0L'écoute\u00a0». La règle demande toutes les séances du module «\u00a0L'écoute\u00a0».",
            ),
            Text(
                "Talk with your trainer about what is possible.",
                "Voyez avec l'équipe de formation ce qui est possible.",
            ),
            id="nobody is asked to come to what is over",
        ),
        pytest.param(
            "points",
            {"per_absence": 20, "min_points": 70, "make_ups": "listed"},
            run(1, 2, of=4),
            Text(
                "You missed 2 classes. You have 60 of 100 points. 70 are needed.",
                "Vous avez manqué 2 séances. Vous avez 60 points sur 100. Il en faut 70.",
            ),
            Text(
                "You can make up classes 1 and 2. Once they are accepted, the classes no longer count as missed.",
                "Vous pouvez reprendre les séances 1 et 2. "
                "Une fois les reprises acceptées, les séances ne comptent plus comme manquées.",
            ),
            id="what took the points, and what brings them back",
        ),
        pytest.param(
            "share-of-classes",
            {"min_share": 0.5},
            ledger(HERE, AWAY, None, None, None, None),
            Text(
                "You were at 1 of 6 classes so far. 3 are needed. You can miss 2 more.",
                "Vous étiez à 1 séance sur 6 jusqu'ici. Il en faut 3. Vous pouvez encore en manquer 2.",
            ),
            None,
            id="how many may still be missed",
        ),
        pytest.param(
            "every-class",
            {},
            ledger(Mark(1, AWAY, told_before=True), HERE, None),
            Text(
                "You missed 1 class. You told your trainer ahead of time. Talk with your trainer about what is possible.",
                "Vous avez manqué 1 séance. Vous aviez prévenu l'équipe de formation. "
                "Voyez avec l'équipe de formation ce qui est possible.",
            ),
            Text(
                "You can take the class you missed with the next group.",
                "Vous pourrez suivre la séance manquée avec le prochain groupe.",
            ),
            id="one class in the singular, and what to do comes last",
        ),
        pytest.param(
            "at-most-missed",
            {"max_missed": 0, "make_ups": "listed", "never_miss": {"level-1": ["listening"]}},
            replace(
                cancelled(ledger(HERE, AWAY, None, None, modules=SEVEN), 3),
                marks=(Mark(1, HERE), Mark(2, AWAY), Mark(4, TOLD_US, told_before=True)),
                catch_ups=(CatchUp(2, "one-to-one", "agreed"),),
            ),
            Text(
                "You missed 1 class. You missed a Listening class. Level 1 needs that class. "
                "Talk with your trainer about what is possible.",
                "Vous avez manqué 1 séance. Vous avez manqué une séance du module «\u00a0L'écoute\u00a0». "
                "Le résultat «\u00a0Niveau 1\u00a0» exige cette séance. "
                "Voyez avec l'équipe de formation ce qui est possible.",
            ),
            Text(
                "You can take “Listening” with the next group.",
                "Vous pourrez suivre «\u00a0L'écoute\u00a0» avec le prochain groupe.",
            ),
            id="what changes nothing any more is not named, and raises no hope",
        ),
    ],
)
def test_a_verdict_is_followed_by_what_helps(
    policy: str, options: dict[str, Any], record: Ledger, reason: Text, next_step: Text | None
) -> None:
    verdict = judge(policy, record, **options)
    assert verdict.reason == reason
    assert verdict.next_step == next_step


# -- what people asked for elsewhere ------------------------------------------------------------------------


def test_the_grade_is_over_all_planned_classes_and_warns_in_time_mod_attendance_718() -> None:
    assert judge("share-of-classes", ledger(HERE, None, None, None), min_share=0.75).status is S.ON_TRACK
    assert judge("share-of-classes", ledger(HERE, AWAY, None, None), min_share=0.75).status is S.AT_RISK
    verdict = judge("share-of-classes", ledger(HERE, AWAY, AWAY, None), min_share=0.75)
    assert verdict.status is S.CANNOT_BE_MET
    assert verdict.next_step == Text(
        "Talk with your trainer about what is possible.", "Voyez avec l'équipe de formation ce qui est possible."
    )


@pytest.mark.parametrize(("drop", "status"), [(1, S.CANNOT_BE_MET), (2, S.MET), (3, S.MET)])
def test_the_worst_so_many_are_dropped_mod_attendance_114(drop: int, status: VerdictStatus) -> None:
    record = ledger(HERE, AWAY, HERE, Mark(4, SHORT, minutes=20), HERE)
    assert judge("at-most-missed", record, max_missed=drop, min_share=0.5).status is status


@pytest.mark.parametrize(
    ("away", "left", "status"), [(0, 100, S.MET), (1, 85, S.MET), (2, 70, S.MET), (3, 55, S.CANNOT_BE_MET)]
)
def test_each_absence_takes_a_part_of_a_hundred_mod_attendance_831(away: int, left: int, status: VerdictStatus) -> None:
    verdict = judge("points", run(*range(1, away + 1), of=8), per_absence=15, min_points=70)
    assert (verdict.have, verdict.status) == (left, status)


def test_a_late_class_takes_its_own_part() -> None:
    record = ledger(LATE, LATE, HERE, None)
    assert judge("points", record, per_absence=20, per_late=5, min_points=80).have == 90
    assert judge("points", record, per_absence=20, per_late=5, min_points=80).status is S.AT_RISK
    assert rule("points", per_absence=20, per_late=5, min_points=80) == (
        "You begin with 100 points. Each missed class takes 20, each late one 5. Keep at least 80."
    )


@pytest.mark.parametrize("told", [Mark(2, TOLD_US), Mark(2, AWAY, told_before=True)])
def test_the_excused_are_left_out_of_both_sides_mod_attendance_47(told: Mark) -> None:
    record = ledger(HERE, told, HERE, AWAY)
    left_out = judge("share-of-classes", record, min_share=0.6, excused="left_out")
    assert (left_out.have, left_out.need, left_out.status) == (2, 2, S.MET)
    counts = judge("share-of-classes", record, min_share=0.6)
    assert (counts.have, counts.need, counts.status) == (2, 3, S.CANNOT_BE_MET)
    assert left_out.reason.en.endswith("You told us before class 2, so it does not count.")
    assert judge("every-class", ledger(HERE, told), excused="left_out").reason.fr.endswith(
        "Vous aviez averti l'équipe pour la séance 2, qui n'est donc pas comptée."
    )


def test_only_what_was_told_before_is_excused() -> None:
    assert judge("every-class", ledger(HERE, AWAY), excused="left_out").status is S.CANNOT_BE_MET


@pytest.mark.parametrize(
    ("policy", "options"),
    [
        ("every-class", {}),
        ("at-most-missed", {"max_missed": 0}),
        ("share-of-classes", {"min_share": 1.0}),
        ("share-of-time", {"min_minutes": 480}),
        ("points", {"per_absence": 50, "min_points": 100}),
    ],
)
def test_whoever_enrolled_late_was_not_absent_before_mod_attendance_687(policy: str, options: dict[str, Any]) -> None:
    """A pause is no absence either."""
    record = ledger(None, AWAY, HERE, HERE, joined=starts(3))
    verdict = judge(policy, record, **options)
    assert verdict.status is S.MET
    assert "Classes 1 and 2 were before you joined." in verdict.reason.en
    paused = ledger(HERE, None, None, HERE, pauses=(Pause(starts(2), starts(4)),))
    verdict = judge(policy, paused, **options)
    assert verdict.status is S.MET
    assert "Les séances 2 et 3 tombent pendant votre pause." in verdict.reason.fr


@pytest.mark.parametrize(
    ("minutes", "share", "status"),
    [
        (90, 0.75, S.MET),  # four visits that the host has added up
        (89, 0.75, S.CANNOT_BE_MET),
        (84, 0.7, S.MET),  # 0.7 * 120 is a little more than 84 in floating point
        (150, 1.0, S.MET),  # whoever stays longer was there, and no longer than planned
    ],
)
def test_the_share_of_time_takes_what_was_summed_and_rounds_nothing_down_mod_zoom_97(
    minutes: int, share: float, status: VerdictStatus
) -> None:
    verdict = judge("share-of-time", ledger(Mark(1, SHORT, minutes=minutes)), min_share=share)
    assert (verdict.status, verdict.have) == (status, min(minutes, 120))


@pytest.mark.parametrize(
    ("policy", "options"),
    [
        ("every-class", {}),
        ("at-most-missed", {"max_missed": 0}),
        ("share-of-classes", {"min_share": 1.0}),
        ("share-of-time", {"min_share": 1.0}),
        ("each-module-once", {}),
        ("points", {"per_absence": 50, "min_points": 100}),
    ],
)
def test_not_marked_is_neither_here_nor_missed(policy: str, options: dict[str, Any]) -> None:
    modules = {1: ("listening",), 2: ("sharing",)}
    record = ledger(HERE, None, modules=modules)
    over = replace(record, meetings=tuple(replace(m, state=MeetingState.HELD) for m in record.meetings))
    assert judge(policy, over, **options).status is S.ON_TRACK
    nobody = ledger(None, None, modules=modules)
    assert judge(policy, nobody, **options).status is S.NOT_STARTED
    assert judge(policy, ledger(), **options).reason.en.startswith(("No class is planned yet.", "You have 100 of"))


@pytest.mark.parametrize("policy", ["every-class", "share-of-time", "each-module-once"])
def test_technical_trouble_is_presence(policy: str) -> None:
    options = {"min_share": 0.9} if policy == "share-of-time" else {"min_share": 0.9, "late_after": 5}
    trouble = ledger(Mark(1, Status.TECH_TROUBLE, minutes=3, late_by=60), modules={1: ("listening",)})
    assert judge(policy, trouble, **options).status is S.MET


@pytest.mark.parametrize(
    ("policy", "options", "record"),
    [
        ("share-of-classes", {"min_share": 0.5}, ledger(AWAY, None)),
        ("share-of-time", {"min_minutes": 120}, ledger(AWAY, None)),
        ("share-of-time", {"min_share": 0.5}, ledger(AWAY, None)),
        ("each-module-once", {}, ledger(AWAY, None, modules={1: ("listening",), 2: ("listening",)})),
    ],
)
def test_a_cancelled_class_takes_no_chance_away(policy: str, options: dict[str, Any], record: Ledger) -> None:
    assert judge(policy, record, **options).status is S.AT_RISK
    verdict = judge(policy, cancelled(record, 2), **options)
    assert verdict.status not in (S.CANNOT_BE_MET, S.NOT_MET)


def test_a_module_that_was_made_up_stays_so_when_its_class_is_called_off() -> None:
    record = ledger(Mark(1, AWAY, made_up=True), None, modules={1: ("listening",), 2: ("listening",)})
    assert judge("each-module-once", record).status is S.MET
    assert judge("each-module-once", cancelled(record, 1)).status is S.MET


# -- waivers, make-ups on their way, what they cover --------------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "options"),
    [
        ("every-class", {}),
        ("share-of-classes", {"min_share": 1.0}),
        ("share-of-time", {"min_share": 1.0}),
        ("each-module-once", {}),
        ("points", {"per_absence": 50, "min_points": 100}),
    ],
)
def test_a_waived_absence_counts_for_no_more_than_that_outcome(policy: str, options: dict[str, Any]) -> None:
    modules = {1: ("listening",), 2: ("sharing",)}
    waived = Mark(2, AWAY, waived_for=frozenset({"level-1"}))
    record = ledger(HERE, waived, modules=modules)
    verdict = judge(policy, record, "level-1", **options)
    assert verdict.status is S.MET
    assert "Your absence from class 2 does not count." in verdict.reason.en
    higher = judge(policy, record, "level-1r", **options)
    assert higher.status is S.CANNOT_BE_MET
    assert "Level 1 is still open to you." in f"{higher.reason.en} {higher.next_step.en if higher.next_step else ''}"
    alone = ledger(Mark(1, AWAY, waived_for=frozenset({"level-1"})), modules=modules)
    assert judge(policy, alone, "level-1", **options).status in (S.WAIVED, S.MET)


@pytest.mark.parametrize(
    ("state", "english", "french"),
    [
        ("asked", "You asked to make up class 2.", "Vous avez demandé à reprendre la séance 2."),
        ("agreed", "Your make-up of class 2 is agreed.", "Votre reprise de la séance 2 est convenue."),
        (
            "done",
            "Your make-up of class 2 is done and waits for your trainer.",
            "Votre reprise de la séance 2 est faite et attend l'équipe de formation.",
        ),
    ],
)
def test_a_make_up_on_its_way_is_told(state: Any, english: str, french: str) -> None:
    record = ledger(HERE, AWAY, None, catch_ups=(CatchUp(2, "one-to-one", state),))
    verdict = judge("at-most-missed", record, max_missed=2, make_ups="listed", makeup_clears=True)
    assert verdict.reason.en.endswith(english)
    assert verdict.reason.fr.endswith(french)
    assert verdict.next_step is None, "it is not offered again"


def test_several_make_ups_on_their_way_are_told_together() -> None:
    record = ledger(AWAY, AWAY, None, catch_ups=(CatchUp(2, "class", "agreed"), CatchUp(1, "class", "agreed")))
    reason = judge("at-most-missed", record, max_missed=2).reason
    assert reason.en.endswith("Your make-ups of classes 1 and 2 are agreed.")
    assert reason.fr.endswith("Vos reprises des séances 1 et 2 sont convenues.")


def test_a_make_up_says_what_it_leaves_out() -> None:
    policy = POLICIES["every-class"]
    options = policy.read_options({"make_ups": "listed", "ways": ["recording"]})
    record = ledger(AWAY)
    partly = replace(record.meetings[0], recoverable="partly")
    (fully,) = policy.make_ups(record, record.meetings[0], options)
    (part,) = policy.make_ups(replace(record, meetings=(partly,)), partly, options)
    assert "This make-up covers the reading, not the practice with the group." not in fully.covers.en
    assert "This make-up covers the reading, not the practice with the group." in part.covers.en
    assert "Cette reprise couvre la lecture, pas la pratique en groupe." in part.covers.fr
    assert part.covers.en.endswith("Once it is accepted, the class no longer counts as missed.")


def test_the_class_of_another_group_leaves_nothing_out() -> None:
    policy = POLICIES["every-class"]
    record = ledger(AWAY)
    partly = replace(record.meetings[0], recoverable="partly")
    options = policy.read_options({"make_ups": "listed"})
    offered = policy.make_ups(replace(record, meetings=(partly,)), partly, options)
    assert [way.way for way in offered if "not the practice" in way.covers.en] == [
        "one-to-one",
        "recording",
        "practice",
    ]


@pytest.mark.parametrize("policy", sorted(POLICIES))
def test_what_was_not_missed_needs_no_make_up(policy: str) -> None:
    needed: dict[str, dict[str, Any]] = {
        "at-most-missed": {"max_missed": 1},
        "share-of-classes": {"min_share": 0.5},
        "share-of-time": {"min_share": 0.5},
        "points": {"per_absence": 10, "min_points": 10},
    }
    given = POLICIES[policy]
    record = ledger(HERE, Mark(2, AWAY, made_up=True), None, AWAY, TOLD_US)
    listed = given.read_options({**needed.get(policy, {}), "make_ups": "listed"})
    offered = [m.number for m in record.meetings if given.make_ups(record, m, listed)]
    assert offered == [4, 5], "told in advance is offered at once"
    none = given.read_options(needed.get(policy, {}))
    assert not any(given.make_ups(record, meeting, none) for meeting in record.meetings)


def test_late_and_short_classes_are_missed_from_the_threshold_on() -> None:
    late = [ledger(Mark(1, LATE, late_by=minutes), None) for minutes in (14, 15)]
    assert [judge("every-class", record, late_after=15).status for record in late] == [S.ON_TRACK, S.CANNOT_BE_MET]
    short = [ledger(Mark(1, SHORT, minutes=minutes), None) for minutes in (89, 90)]
    assert [judge("share-of-classes", r, min_share=1.0, min_share_of_class=0.75).status for r in short] == [
        S.CANNOT_BE_MET,
        S.ON_TRACK,
    ]


# -- options and names --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "wrong"),
    [
        ("every-class", {"late_after": 0}),
        ("every-class", {"make_ups": "some"}),
        ("every-class", {"ways": []}),
        ("at-most-missed", {}),
        ("at-most-missed", {"max_missed": -1}),
        ("at-most-missed", {"max_missed": 1, "never_mis": {}}),
        ("share-of-time", {}),
        ("share-of-time", {"min_minutes": 60, "min_share": 0.5}),
        ("share-of-time", {"min_share": 75}),
        ("points", {"per_absence": 0, "min_points": 50}),
        ("each-module-once", {"excused": "forgiven"}),
    ],
)
def test_options_that_make_no_sense_are_refused(policy: str, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        POLICIES[policy].read_options(wrong)


def test_a_name_that_the_course_does_not_have_is_told_with_the_cure() -> None:
    policy = POLICIES["at-most-missed"]
    options = policy.read_options({"max_missed": 1, "never_miss": {"level-2": ["listning"], "level-1": ["listening"]}})
    assert list(policy.check(options, ["listening", "sharing"], ["level-1", "level-1r"])) == [
        "There is no outcome 'level-2' in this course. Did you mean 'level-1'?",
        "There is no module 'listning' in this course. Did you mean 'listening'?",
    ]
    time = POLICIES["share-of-time"]
    limits = time.read_options({"min_minutes": 60, "max_missed_of": {"zebra": 1}})
    assert list(time.check(limits, ["sharing", "listening"], [])) == [
        "There is no module 'zebra' in this course. Take one of: listening, sharing."
    ]


@pytest.mark.parametrize(
    ("policy", "options", "words"),
    [
        ("every-class", {}, "Come to every class."),
        (
            "every-class",
            {"make_ups": "listed", "late_after": 15, "excused": "left_out"},
            (
                "Come to every class. A class counts as missed when you come 15 minutes late or more. "
                "A class does not count if you tell us ahead of time that you cannot come. "
                "A class that you make up no longer counts as missed."
            ),
        ),
        (
            "at-most-missed",
            {"max_missed": 2, "never_miss": {"level-1r": ["listening"]}},
            ("Come to every class. You can miss 2 classes at most. For Level 1R, come to every class of “Listening”."),
        ),
        (
            "at-most-missed",
            {"max_missed": 0, "never_miss": {"certified": ["listening"], "level-1r": ["listening"]}},
            "Come to every class. For Level 1R and Certified, come to every class of “Listening”.",
        ),
        (
            "share-of-time",
            {"min_minutes": 1620, "max_missed_of": {"listening": 1, "sharing": 0}},
            (
                "Be there for at least 27 hours. Of “Listening” you can miss 1 class at most. "
                "Come to every class of “Sharing”."
            ),
        ),
        (
            "at-most-missed",
            {"max_missed": 1, "never_miss": {"level-1r": ["listening", "sharing"]}, "module_rule": "any_class"},
            (
                "Come to every class. You can miss 1 class at most. "
                "For Level 1R, you need at least one class of each of these: “Listening” and “Sharing”."
            ),
        ),
        ("share-of-time", {"min_share": 0.75}, "Be there for at least three quarters of the planned time."),
        ("share-of-time", {"min_share": 0.85}, "Be there for at least 17 of every 20 minutes of the planned time."),
        ("share-of-time", {"min_share": 1.0}, "Be there for all of the planned time."),
        (
            "every-class",
            {"min_share": 0.7},
            "Come to every class. Be there for at least 7 of every 10 minutes of each class.",
        ),
        (
            "every-class",
            {"min_share": 0.5},
            "Come to every class. Be there for at least half of each class.",
        ),
        (
            "share-of-classes",
            {"min_share": 0.8, "make_ups": "listed"},
            "Come to at least 4 classes out of every 5. A class that you make up no longer counts as missed.",
        ),
        ("each-module-once", {}, "Come to each module once."),
    ],
)
def test_rules_in_words(policy: str, options: dict[str, Any], words: str) -> None:
    assert rule(policy, **options) == words


@pytest.mark.parametrize("percent", range(1, 101))
def test_no_share_is_said_in_percent(percent: int) -> None:
    """Neither of the time nor of the classes, in either language."""
    for policy in ("share-of-time", "share-of-classes", "every-class"):
        said = rule_in_both(policy, min_share=percent / 100)
        assert "%" not in said.en + said.fr


def test_a_share_without_a_word_of_its_own_is_said_in_minutes_in_french_too() -> None:
    assert (
        rule_in_both("share-of-time", min_share=0.85).fr
        == "Soyez là pendant au moins 17 minutes sur 20 du temps prévu."
    )
    assert rule_in_both("every-class", min_share=0.7).fr.endswith(
        "Soyez là pour au moins 7 minutes sur 10 de chaque séance."
    )
    assert rule_in_both("every-class", min_share=1.0).fr.endswith("Soyez là pour la totalité de chaque séance.")
