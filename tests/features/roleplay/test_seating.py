"""Who really sits where, when somebody observes instead, steps out, comes back, or leaves."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.features.grouping.rules import Group, Round
from lms.features.roleplay.seating import Choice, Seating, away_at_last, seatings

ANA, BO, CY, DEE = 1, 2, 3, 4
TRIAD = Group(1, (ANA, BO, CY), (Round(ANA, BO, (CY,)), Round(BO, CY, (ANA,)), Round(CY, ANA, (BO,))))
FOUR = Group(2, (ANA, BO, CY, DEE), (Round(ANA, BO, (CY, DEE)), Round(BO, CY, (ANA, DEE)), Round(DEE, ANA, (BO, CY))))
PAIR = Group(3, (ANA, BO), (Round(ANA, BO), Round(BO, ANA)))


def sat(group: Group, *choices: tuple[Any, ...], **more: object) -> tuple[Seating, ...]:
    return seatings(group, [Choice(*choice) for choice in choices], 3, **more)  # type: ignore[arg-type]


def test_without_a_choice_everyone_sits_as_formed() -> None:
    assert [(r.supporter, r.person, r.observers) for r in sat(TRIAD)] == [
        (ANA, BO, (CY,)),
        (BO, CY, (ANA,)),
        (CY, ANA, (BO,)),
    ]


def test_who_observes_instead_changes_places_with_an_observer_for_that_round() -> None:
    first, second, _third = sat(TRIAD, (ANA, "observe", 1))
    assert (first.supporter, first.person, first.observers) == (CY, BO, (ANA,))
    assert second == sat(TRIAD)[1]


def test_the_observer_with_fewer_turns_moves_up() -> None:
    (_first, second, _third) = sat(FOUR, (BO, "observe", 2))
    assert (second.supporter, second.observers) == (DEE, (ANA, BO))


def test_a_triad_that_loses_one_goes_on_as_a_pair() -> None:
    rounds = sat(TRIAD, (BO, "out", 1))
    assert [(r.supporter, r.person, r.observers, r.away) for r in rounds[:1]] == [(ANA, CY, (), (BO,))]
    assert not any(r.waits for r in rounds)
    assert {r.supporter for r in rounds} == {ANA, CY}


def test_those_who_go_on_as_a_pair_take_turns() -> None:
    supporters = [r.supporter for r in sat(TRIAD, (CY, "leave", 2))]
    assert supporters == [ANA, BO, BO]
    assert [r.supporter for r in sat(TRIAD, (BO, "leave", 1))] == [ANA, CY, CY]
    assert sat(TRIAD, (BO, "leave", 1))[1].person == ANA


def test_who_comes_back_observes_until_the_next_round() -> None:
    first, second, _third = sat(TRIAD, (ANA, "out", 1), (ANA, "back", 1))
    assert (first.supporter, first.observers, first.away) == (CY, (ANA,), ())
    assert second == sat(TRIAD)[1]


def test_who_comes_back_in_a_later_round_sits_as_formed_from_the_next() -> None:
    _first, second, third = sat(TRIAD, (CY, "out", 1), (CY, "back", 2))
    assert second.seat_of(CY) == "observer"
    assert third == sat(TRIAD)[2]


def test_one_person_left_waits_and_goes_on_when_somebody_comes_back() -> None:
    left = [(BO, "out", 1), (CY, "leave", 1)]
    alone = sat(TRIAD, *left)[0]
    assert alone.waits
    assert (alone.supporter, alone.person, alone.away) == (ANA, None, (BO, CY))
    again = sat(TRIAD, *left, (BO, "back", 1))[0]
    assert not again.waits
    assert (again.supporter, again.person) == (ANA, BO)


def test_a_group_whose_observers_all_leave_plays_on() -> None:
    first = sat(FOUR, (CY, "leave", 1), (DEE, "leave", 1))[0]
    assert (first.supporter, first.person, first.observers) == (ANA, BO, ())
    assert not first.waits


def test_in_a_pair_nobody_can_take_the_seat_of_one_who_observes_so_it_waits_until_they_play_again() -> None:
    assert sat(PAIR, (ANA, "observe", 1))[0].waits
    assert not sat(PAIR, (ANA, "observe", 1), (ANA, "back", 1))[0].waits


def test_all_gone_leaves_an_empty_table() -> None:
    empty = sat(PAIR, (ANA, "leave", 1), (BO, "leave", 1))[0]
    assert empty.waits
    assert empty.seats == ()


def test_a_pair_among_threes_begins_again_with_its_first_round() -> None:
    assert [r.supporter for r in sat(PAIR)] == [ANA, BO, ANA]


def test_who_asked_not_to_play_the_person_moves_up_to_it_last() -> None:
    first = sat(FOUR, (BO, "observe", 1), not_the_person={CY})[0]
    assert first.person == DEE


def test_a_person_played_by_the_trainer_is_nobody_s_seat() -> None:
    first = sat(FOUR, (ANA, "out", 1), trainer_plays=True)[0]
    assert not first.waits
    assert (first.supporter, first.person) == (CY, None)


def test_an_observer_takes_the_supporter_s_place_and_the_supporter_observes() -> None:
    first, second, _third = sat(FOUR, (CY, "tag_in", 1))
    assert (first.supporter, first.person, first.observers) == (CY, BO, (DEE, ANA))
    assert (first.gave_place, first.supported) == ((ANA,), (ANA, CY))
    assert second == sat(FOUR)[1]


def test_whoever_gave_the_place_may_take_it_again() -> None:
    first = sat(FOUR, (CY, "tag_in", 1), (ANA, "tag_in", 1))[0]
    assert (first.supporter, first.observers, first.gave_place) == (ANA, (DEE, CY), (CY,))
    assert first.supported == (ANA, CY)


def test_of_two_who_take_the_place_at_once_the_last_one_sits_there() -> None:
    first = sat(FOUR, (CY, "tag_in", 1), (DEE, "tag_in", 1))[0]
    assert (first.supporter, first.supported) == (DEE, (ANA, CY, DEE))
    assert [seat.role for seat in first.played].count("supporter") == 3


@pytest.mark.parametrize("who", [ANA, BO, DEE])
def test_the_supporter_the_person_and_who_would_rather_observe_stay_where_they_are(who: int) -> None:
    choices = [(DEE, "observe", 1), (who, "tag_in", 1)]
    assert sat(FOUR, *choices)[0] == sat(FOUR, choices[0])[0]


def test_who_is_away_takes_no_place() -> None:
    assert sat(FOUR, (CY, "out", 1), (CY, "tag_in", 1)) == sat(FOUR, (CY, "out", 1))


def test_a_place_that_was_given_while_reading_was_not_played() -> None:
    first = sat(FOUR, (CY, "tag_in_reading", 1))[0]
    assert (first.supporter, first.gave_place, first.supported) == (CY, (ANA,), (CY,))


def test_who_supported_and_stepped_out_then_counts_as_supporter() -> None:
    first = sat(FOUR, (CY, "tag_in", 1), (ANA, "out", 1))[0]
    assert (first.away, first.supported) == ((ANA,), (ANA, CY))
    assert sorted(seat.who for seat in first.played) == [ANA, BO, CY, DEE]


def test_when_the_one_who_took_over_steps_out_somebody_else_who_watched_goes_on() -> None:
    first = sat(FOUR, (CY, "tag_in", 1), (CY, "out", 1))[0]
    assert (first.supporter, first.supported) == (DEE, (ANA, CY, DEE))


def test_what_somebody_of_another_group_chose_changes_nothing_here() -> None:
    assert sat(PAIR, (DEE, "leave", 1)) == sat(PAIR)


def test_away_are_those_who_did_not_come_back() -> None:
    choices = [Choice(ANA, "out", 1), Choice(BO, "leave", 1), Choice(ANA, "back", 2), Choice(CY, "observe", 2)]
    assert [(c.who, c.kind) for c in away_at_last(choices)] == [(BO, "leave")]


KINDS = ("observe", "out", "leave", "back", "tag_in", "tag_in_reading")
A_CHOICE = st.builds(Choice, st.sampled_from([ANA, BO, CY, DEE]), st.sampled_from(KINDS), st.integers(1, 3))
CHOICES = st.lists(A_CHOICE, max_size=12).map(lambda choices: sorted(choices, key=lambda choice: choice.round))


@pytest.mark.parametrize("group", [TRIAD, FOUR, PAIR])
@given(choices=CHOICES)
def test_everyone_is_in_one_place_and_a_round_waits_only_when_it_must(group: Group, choices: list[Choice]) -> None:
    for number, seating in enumerate(seatings(group, choices, 3), start=1):
        placed = [seat.who for seat in seating.seats] + list(seating.away)
        assert sorted(placed) == sorted(group.members)
        counted = [seat.who for seat in seating.played]
        assert len(counted) == len(set(counted))
        assert {seat.who for seat in seating.seats} <= set(counted) <= set(group.members)
        gone = {c.who for c in away_at_last(c for c in choices if c.round <= number)}
        assert set(seating.away) == gone & set(group.members)
        rather_observe = [c.who for c in choices if c.round == number and c.kind == "observe"]
        if seating.waits:
            assert len(set(placed) - gone - set(rather_observe)) < 2
