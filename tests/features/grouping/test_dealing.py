"""Which card a group is dealt: those planned for the class in turn; a lighter one only where one of these does not fit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from lms.features.grouping.cards import another_card, card_for, cards_of_class
from lms.features.grouping.rules import Group
from lms.host.errors import Refused
from lms.plugin_api.files import read_course
from lms.plugin_api.scenes import ScenarioCard
from tests.plugin_api.course_factory import make_course

COFFEE, VISIT, PASS, TABLE = "first-coffee", "last-visit", "lost-bus-pass", "quiet-table"
KIM = 1
Deal = Callable[..., list[str]]


@pytest.fixture
def card(tmp_path: Path) -> ScenarioCard:
    course = read_course(make_course(tmp_path).path).course
    assert course
    return course.cards[0]


@pytest.fixture
def deal(tmp_path: Path, card: ScenarioCard) -> Deal:
    """`deal(planned, topics)`: the cards of four groups; Kim is in the second."""
    course = read_course(make_course(tmp_path).path).course
    assert course
    cards = (
        card.model_copy(update={"id": COFFEE, "content_notes": ("loneliness",), "swap_with": (PASS,)}),
        card.model_copy(update={"id": VISIT, "content_notes": ("grief",), "swap_with": (TABLE,)}),
        card.model_copy(update={"id": PASS}),
        card.model_copy(update={"id": TABLE}),
    )
    course = course.model_copy(update={"cards": cards})

    def dealt(planned: tuple[str, ...], topics: Mapping[int, set[str]] | None = None) -> list[str]:
        offered = cards_of_class(course, planned)
        groups = [Group(number, (KIM,) if number == 2 else ()) for number in range(1, 5)]
        return [card_for(group, offered, topics or {}, planned=planned).id for group in groups]

    return dealt


def test_one_planned_card_is_for_all_groups(deal: Deal) -> None:
    assert deal((COFFEE,)) == [COFFEE] * 4


def test_groups_take_turns_with_those_that_are_planned(deal: Deal) -> None:
    assert deal((COFFEE, VISIT)) == [COFFEE, VISIT, COFFEE, VISIT]


def test_where_a_topic_is_set_aside_the_group_gets_the_lighter_card_of_that_one(deal: Deal) -> None:
    assert deal((COFFEE,), {KIM: {"loneliness"}}) == [COFFEE, PASS, COFFEE, COFFEE]
    assert deal((COFFEE, VISIT), {KIM: {"grief"}}) == [COFFEE, TABLE, COFFEE, VISIT]


def test_a_card_by_choice_is_dealt_to_nobody_and_given_to_whom_it_is_wanted_for(card: ScenarioCard) -> None:
    heavy = card.model_copy(update={"id": VISIT, "by_choice": True, "swap_with": (TABLE,)})
    lighter = card.model_copy(update={"id": TABLE})
    group, offered = Group(1, (KIM,)), [heavy, lighter]
    assert card_for(group, offered, {}, planned=(VISIT,)) is lighter
    assert card_for(group, offered, {}, VISIT, planned=(VISIT,)) is heavy
    assert another_card(TABLE, [lighter, heavy, card], (KIM,), {}) is card, "nor is it what a swap brings"


def test_where_none_fits_the_sentence_says_so_unless_a_card_may_stay(card: ScenarioCard) -> None:
    heavy = card.model_copy(update={"content_notes": ("grief",)})
    group, topics = Group(1, (KIM,)), {KIM: {"grief"}}
    with pytest.raises(Refused, match="No card fits every group"):
        card_for(group, [heavy], topics, planned=(heavy.id,))
    assert card_for(group, [heavy], topics, or_else=heavy) is heavy
