"""What the rule offers and says besides its verdicts: ways to make up a class, itself in words, options that make sense."""

from __future__ import annotations

from typing import Any

import pytest
from lms_northside.attendance import NorthsideAttendance
from lms_northside.examples import ledger
from lms_northside.options import NorthsideOptions
from pydantic import ValidationError

from lms.plugin_api import Mark, Status, Text
from lms.plugin_api.testing import check_text

POLICY = NorthsideAttendance()


@pytest.mark.parametrize(("clears", "says"), [(True, "no longer counts as missed"), (False, "still counts as missed")])
def test_two_ways_to_make_up_a_missed_class(clears: bool, says: str) -> None:
    record = ledger(4, Mark(3, Status.AWAY))
    options = NorthsideOptions(makeup_clears=clears)
    ways = POLICY.make_ups(record, record.meetings[2], options)
    assert [way.name for way in ways] == ["one-to-one", "read-watch-write"]
    for way in ways:
        check_text(way.label)
        check_text(way.covers)
        assert says in way.covers.en


def test_nothing_to_make_up() -> None:
    record = ledger(5, Mark(3, Status.AWAY, made_up=True), Mark(4, Status.LATE, late_by=10), cancelled=[5])
    for meeting in record.meetings:
        assert POLICY.make_ups(record, meeting, NorthsideOptions()) == ()


def test_the_rule_in_words_names_outcomes_and_modules() -> None:
    options = NorthsideOptions(never_miss={"level-1r": ("listening",), "certified": ("listening",)})
    names = {
        "level-1r": Text("Level 1R", "Niveau 1R"),
        "certified": Text("Certified", "Certifié"),
        "listening": Text("Listening", "L'écoute"),
    }
    assert POLICY.rule(options, names) == Text(
        "Come to every class. You can miss 2 classes at most. "
        "For Level 1R and Certified, come to every class of “Listening”.",
        "Venez à toutes les séances. Vous pouvez en manquer 2 au plus. "
        "Pour les résultats «\u00a0Niveau 1R\u00a0» et «\u00a0Certifié\u00a0», venez à toutes les séances du module "
        "«\u00a0L'écoute\u00a0».",
    )


def test_a_stricter_rule_in_words() -> None:
    strict = POLICY.rule(NorthsideOptions(max_missed=0, late_after=30, min_share=0.75), {})
    assert strict.en == (
        "Come to every class. A class counts as missed when you come 30 minutes late or more. "
        "Be there for at least three quarters of each class."
    )
    assert strict.fr.endswith("Soyez là pour au moins les trois quarts de chaque séance.")


@pytest.mark.parametrize(
    "wrong", [{"max_missed": -1}, {"min_share": 1.5}, {"late_after": 0}, {"module_rule": "some"}, {"max_mised": 2}]
)
def test_options_that_make_no_sense(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        NorthsideOptions.model_validate(wrong)
