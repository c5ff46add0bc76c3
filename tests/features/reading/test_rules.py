"""Criteria, samples, starters and promises, for whatever is put in."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lms.features.reading.rules import (
    first_day_in_time,
    in_sample,
    is_met,
    missing,
    only_starters,
    read_ticks,
    why_second,
)
from lms.features.submissions.rules import promised_day
from lms.plugin_api.content import Criterion, Review, SecondReader
from lms.plugin_api.values import Text

LEVELS = (Text("a", "a"), Text("b", "b"), Text("c", "c"))


@given(some.integers(1, 60), some.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_the_promise_holds_from_that_day_on(days: int, today: date) -> None:
    first = first_day_in_time(today, days)
    assert promised_day(first, days) >= today
    assert promised_day(first - timedelta(days=1), days) < today


@given(some.integers(1, 3), some.integers(0, 4))
def test_a_level_suffices_from_enough_on(enough: int, chosen: int) -> None:
    line = Criterion(id="x", en="x", fr="x", must=True, levels=LEVELS, enough=enough)
    ticks = read_ticks([line], [], {"x": str(chosen)})
    assert is_met(line, ticks) == (enough <= chosen <= 3)
    assert bool(missing([line], ticks)) != is_met(line, ticks)


@given(some.sets(some.sampled_from("abcdef")))
def test_no_number_of_other_ticks_makes_up_for_one_that_must_be(ticked: set[str]) -> None:
    lines = [Criterion(id=id, en=id, fr=id, must=id == "a") for id in "abcdef"]
    assert bool(missing(lines, read_ticks(lines, ticked, {}))) == ("a" not in ticked)


@given(some.integers(1, 10**9), some.integers(1, 10**9), some.integers(0, 100), some.integers(0, 100))
def test_a_larger_sample_has_the_smaller_one_in_it(cohort: int, submission: int, one: int, other: int) -> None:
    small, large = sorted((one, other))
    assert in_sample(cohort, submission, large) or not in_sample(cohort, submission, small)
    assert in_sample(cohort, submission, 100)
    assert not in_sample(cohort, submission, 0)


def test_why_somebody_else_shall_read() -> None:
    review = Review(second_reader=SecondReader())
    assert why_second(review, "not_accepted", False, 1, 1) == "not_accepted"
    assert why_second(review, "accept", False, 1, 1) == ""
    assert why_second(review, "accept", True, 1, 1) == "asked"
    assert why_second(Review(), "not_accepted", False, 1, 1) == ""
    assert why_second(Review(second_reader=SecondReader(not_accepted=False)), "not_accepted", False, 1, 1) == ""


STARTERS = ("What stayed with me is ...", "I could hear ... when you wrote ...", "Thank you.")


@pytest.mark.parametrize(
    ("fields", "alone"),
    [
        (("What stayed with me is ...", ""), True),
        (("what stayed with me is…", "Thank you"), True),
        (("I could hear ... when you wrote ...\nThank you.",), True),
        (("I could hear the rain when you wrote about it",), False),
        (("What stayed with me is your chair.",), False),
        (("A chair.",), False),
        (("", "  "), False),
    ],
)
def test_starters_alone_are_told_from_ones_own_words(fields: tuple[str, ...], alone: bool) -> None:
    assert only_starters(fields, STARTERS) == alone


@given(some.lists(some.text(max_size=40), max_size=3))
def test_words_without_a_starter_are_ones_own(fields: list[str]) -> None:
    assert not only_starters(fields, ())
