"""What another rule would change, compared without a database."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.features.progress.dry_run import Standings, changes, digest, whose_standing_moves, works
from lms.features.progress.rules import Standing
from lms.host.guard import Rule
from lms.plugin_api.content import Outcome, Requirement
from lms.plugin_api.values import Text, Verdict, VerdictStatus

TITLE = Text("Something", "Quelque chose")
OLD, NEW = Rule("share", {"min_share": 0.5}, "1"), Rule("share", {"min_share": 0.75}, "1")
ON_TRACK, CLOSED = VerdictStatus.ON_TRACK, VerdictStatus.CANNOT_BE_MET
some = settings(max_examples=100, deadline=None, database=None)


def requirement(kind: str) -> Requirement:
    return Requirement.model_validate({"id": kind, "kind": kind, "title": TITLE, "needed_for": ("level-1",)})


def verdict(status: VerdictStatus, words: str = "So.") -> Verdict:
    return Verdict(status, Text(words, words))


def standings(*found: tuple[int, VerdictStatus, str], homework: VerdictStatus = ON_TRACK) -> Standings:
    """Person, status and words about attendance; beside it a requirement about homework."""
    outcome = Outcome(id="level-1", title=TITLE, meaning=TITLE)
    return {
        person: (
            Standing(
                outcome,
                ((requirement("homework"), verdict(homework)), (requirement("attendance"), verdict(status, words))),
            ),
        )
        for person, status, words in found
    }


def test_everyone_whose_verdict_changes_is_named_before_and_after() -> None:
    before = standings((1, ON_TRACK, "You can miss 2 more."), (2, ON_TRACK, "Fine."), (3, ON_TRACK, "You can miss 2."))
    after = standings((1, CLOSED, "You missed 3."), (2, ON_TRACK, "Fine."), (3, ON_TRACK, "You can miss 1."))
    found = changes(before, after)
    assert set(found) == {1, 3}
    (change,) = found[1]
    assert (change.outcomes[0].id, change.before.reason.en, change.after.reason.en) == (
        "level-1",
        "You can miss 2 more.",
        "You missed 3.",
    )
    assert whose_standing_moves(found) == {1}, "person 3 reads other words, and stands where they stood"


def test_outcomes_of_which_the_same_is_said_are_named_together() -> None:
    def of(*said: tuple[str, VerdictStatus, str]) -> Standings:
        asked = requirement("attendance")
        found = [
            Standing(Outcome(id=id, title=TITLE, meaning=TITLE), ((asked, verdict(status, words)),))
            for id, status, words in said
        ]
        return {1: tuple(found)}

    before = of(("one", ON_TRACK, "Fine."), ("two", ON_TRACK, "Fine."), ("three", ON_TRACK, "Well."))
    after = of(("one", CLOSED, "Gone."), ("two", CLOSED, "Gone."), ("three", CLOSED, "Gone."))
    together, alone = changes(before, after)[1]
    assert [outcome.id for outcome in together.outcomes] == ["one", "two"]
    assert [outcome.id for outcome in alone.outcomes] == ["three"]


def test_what_is_not_about_attendance_is_no_change_of_the_rule() -> None:
    before, after = (standings((1, ON_TRACK, "Fine."), homework=status) for status in (ON_TRACK, CLOSED))
    assert changes(before, after) == {}


def test_a_rule_that_answers_nobody_does_not_work() -> None:
    assert not works(standings((1, VerdictStatus.UNKNOWN, "?"), (2, VerdictStatus.UNKNOWN, "?")))
    assert works(standings((1, VerdictStatus.UNKNOWN, "?"), (2, ON_TRACK, "Fine.")))
    assert works({})


@pytest.mark.parametrize(
    ("candidate", "after"),
    [
        (Rule("share", {"min_share": 0.8}, "1"), standings((1, CLOSED, "No."))),
        (Rule("share", {"min_share": 0.75}, "2"), standings((1, CLOSED, "No."))),
        (NEW, standings((1, CLOSED, "Not now."))),
        (NEW, standings((1, ON_TRACK, "No."))),
        (NEW, standings((1, CLOSED, "No."), (2, CLOSED, "No."))),
    ],
)
def test_a_digest_names_what_was_seen_and_nothing_else(candidate: Rule, after: Standings) -> None:
    before = standings((1, ON_TRACK, "Fine."))
    seen = digest(OLD, NEW, before, standings((1, CLOSED, "No.")))
    assert seen == digest(OLD, NEW, before, standings((1, CLOSED, "No.")))
    assert seen != digest(OLD, candidate, before, after)


people = st.dictionaries(st.integers(1, 9), st.tuples(st.sampled_from(VerdictStatus), st.sampled_from(["a", "b"])))


@some
@given(people)
def test_the_same_verdicts_change_nothing_for_anybody(found: dict[int, tuple[VerdictStatus, str]]) -> None:
    same = standings(*((person, status, words) for person, (status, words) in found.items()))
    assert changes(same, same) == {}
