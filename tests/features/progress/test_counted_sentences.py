"""Sentences with 0, 1 and more, in both languages."""

from __future__ import annotations

import pytest

from lms.builtin.attendance.shares import share_words
from lms.features.progress.rules import tasks_done, times_played
from lms.plugin_api.content import Requirement
from lms.plugin_api.values import VerdictStatus


def requirement(kind: str, count: int | None) -> Requirement:
    title = {"en": "Practice", "fr": "Pratique"}
    return Requirement.model_validate(
        {"id": "it", "kind": kind, "title": title, "count": count, "needed_for": ("done",)}
    )


@pytest.mark.parametrize(
    ("times", "count", "english", "french"),
    [
        (0, 1, "You took part 0 of 1 time.", "Vous avez participé 0 fois sur 1."),
        (0, 6, "You took part 0 of 6 times.", "Vous avez participé 0 fois sur 6."),
        (1, 1, "You took part 1 time. 1 is needed.", "Vous avez participé 1 fois. Il en faut 1."),
        (2, 1, "You took part 2 times. 1 is needed.", "Vous avez participé 2 fois. Il en faut 1."),
        (3, 2, "You took part 3 times. 2 are needed.", "Vous avez participé 3 fois. Il en faut 2."),
    ],
)
def test_taking_part_in_role_play(times: int, count: int, english: str, french: str) -> None:
    reason = times_played(requirement("role-play", count), times, 9).reason
    assert (reason.en, reason.fr) == (english, french)


@pytest.mark.parametrize(
    ("active", "rounds", "english", "french"),
    [
        (0, 1, "0 of 1 round as", "0 tour sur 1 dans"),
        (1, 6, "1 of 6 rounds as", "1 tour sur 6 dans"),
        (7, 6, "You played 7 rounds as supporter or person, in all. 6 are needed.", "vous avez joué 7 tours dans"),
    ],
)
def test_active_rounds_in_role_play(active: int, rounds: int, english: str, french: str) -> None:
    asked = requirement("role-play", 1).model_copy(update={"active_rounds": rounds})
    reason = times_played(asked, 1, 9, active).reason
    assert english in reason.en
    assert french in reason.fr


@pytest.mark.parametrize(
    ("have", "of", "english", "french"),
    [
        (0, 3, "0 of 3 complete.", "0 sur 3 complète."),
        (1, 3, "1 of 3 complete.", "1 sur 3 complète."),
        (2, 3, "2 of 3 complete.", "2 sur 3 complètes."),
        (3, 3, "All 3 complete.", "Les 3 sont complètes."),
        (0, 1, "0 of 1 complete.", "0 sur 1 complète."),
        (1, 1, "Complete.", "Complet."),
    ],
)
def test_tasks(have: int, of: int, english: str, french: str) -> None:
    wanted = [f"task-{number}" for number in range(of)]
    reason = tasks_done(requirement("homework", None), wanted, set(wanted[:have]), False).reason
    assert (reason.en, reason.fr) == (english, french)


@pytest.mark.parametrize(
    ("have", "need", "ahead", "of", "status", "english", "french"),
    [
        (1, 1, 0, 1, VerdictStatus.MET, "You were at 1 of 1 class.", "Vous étiez à 1 séance sur 1."),
        (3, 3, 1, 4, VerdictStatus.MET, "You were at 3 of 4 classes.", "Vous étiez à 3 séances sur 4."),
        (
            0,
            1,
            0,
            1,
            VerdictStatus.CANNOT_BE_MET,
            "You missed 1 of 1 class. 1 is needed.",
            "Vous avez manqué 1 séance sur 1. Il en faut 1.",
        ),
        (0, 1, 4, 4, VerdictStatus.NOT_STARTED, "1 of 4 classes is needed.", "Il faut 1 séance sur 4."),
        (0, 3, 4, 4, VerdictStatus.NOT_STARTED, "3 of 4 classes are needed.", "Il faut 3 séances sur 4."),
        (
            0,
            1,
            2,
            4,
            VerdictStatus.ON_TRACK,
            "You were at 0 of 4 classes so far. 1 is needed. You can miss 1 more.",
            "Vous étiez à 0 séance sur 4 jusqu'ici. Il en faut 1. Vous pouvez encore en manquer 1.",
        ),
        (
            1,
            3,
            3,
            4,
            VerdictStatus.ON_TRACK,
            "You were at 1 of 4 classes so far. 3 are needed.",
            "Vous étiez à 1 séance sur 4 jusqu'ici. Il en faut 3.",
        ),
    ],
)
def test_a_share_of_the_classes(
    have: int, need: int, ahead: int, of: int, status: VerdictStatus, english: str, french: str
) -> None:
    found, reason, _next = share_words(have, need, ahead, have + ahead - need, of)
    assert (found, reason.en, reason.fr) == (status, english, french)
