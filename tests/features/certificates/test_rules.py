"""Serial numbers: easy to read aloud, hard to guess, forgiving when typed."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from lms.features.certificates.rules import ALPHABET, is_serial, new_serial, shown_serial

some = settings(max_examples=150, deadline=None, database=None)


def test_numbers_have_no_signs_that_could_be_read_as_others() -> None:
    assert not set("01OIL") & set(ALPHABET)
    assert len(set(ALPHABET)) == len(ALPHABET) == 31


def test_a_thousand_new_numbers_are_all_different_and_all_right() -> None:
    numbers = {new_serial() for _ in range(1000)}
    assert len(numbers) == 1000
    assert all(is_serial(number) and shown_serial(number) == number for number in numbers)


@some
@given(st.text(ALPHABET, min_size=10, max_size=10), st.lists(st.sampled_from([" ", "-", "–", ".", "\t"]), max_size=9))
def test_blanks_hyphens_and_small_letters_make_no_difference(signs: str, between: list[str]) -> None:
    typed = "".join(sign + gap for sign, gap in zip(signs, [*between, *[""] * 10], strict=False))
    assert shown_serial(typed) == shown_serial(typed.lower()) == shown_serial(signs)
    assert is_serial(shown_serial(typed))


@some
@given(st.text())
def test_anything_can_be_typed_and_little_of_it_is_shown(typed: str) -> None:
    shown = shown_serial(typed)
    assert len(shown) <= 24 + 1
    assert shown_serial(shown) == shown or not shown.isascii()
