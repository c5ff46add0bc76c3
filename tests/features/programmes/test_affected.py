"""Who is affected by another revision: what stays is not named, what changes is named once, whatever the standings."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lms.features.programmes.affected import shifts
from lms.features.progress.dry_run import whose_standing_moves
from lms.features.progress.rules import Standing
from lms.plugin_api.content import Outcome, Requirement
from lms.plugin_api.values import Text, Verdict, VerdictStatus


def both(words: str) -> Text:
    return Text(words, words)


OUTCOMES = [Outcome(id=id, title=both(id), meaning=both(id)) for id in ("one", "two")]
ASKED = [
    Requirement(id=id, kind="confirmed", title=both(id), needed_for=("one", "two")) for id in ("talk", "hours", "form")
]
verdicts = st.builds(Verdict, st.sampled_from(VerdictStatus), st.sampled_from([both("Yes."), both("No.")]))
standings = st.dictionaries(
    st.integers(1, 3),
    st.tuples(*(st.dictionaries(st.sampled_from(["talk", "hours", "form"]), verdicts) for _outcome in OUTCOMES)).map(
        lambda found: tuple(
            Standing(outcome, tuple((r, judged[r.id]) for r in ASKED if r.id in judged))
            for outcome, judged in zip(OUTCOMES, found, strict=True)
        )
    ),
)
MET, OPEN = Verdict(VerdictStatus.MET, both("Done.")), Verdict(VerdictStatus.NOT_STARTED, both("Open."))


@given(standings)
def test_nobody_is_affected_where_all_stays(found: dict[int, tuple[Standing, ...]]) -> None:
    assert shifts(found, found) == {}


@given(standings, standings)
def test_every_verdict_that_differs_is_named_once(
    before: dict[int, tuple[Standing, ...]], after: dict[int, tuple[Standing, ...]]
) -> None:
    def flat(found: tuple[Standing, ...]) -> dict[tuple[str, str], tuple[VerdictStatus, Text]]:
        return {(s.outcome.id, r.id): (v.status, v.reason) for s in found for r, v in s.judged}

    changed = shifts(before, after)
    assert set(changed) <= set(before)
    for enrolment in before:
        old, new = flat(before[enrolment]), flat(after.get(enrolment, ()))
        differing = sorted(key for key in {**old, **new} if old.get(key) != new.get(key))
        named = [(o.id, shift.title.en) for shift in changed.get(enrolment, ()) for o in shift.outcomes]
        assert sorted(named) == differing


def test_outcomes_of_which_the_same_is_said_stand_together() -> None:
    before = {1: tuple(Standing(o, ((ASKED[0], OPEN),)) for o in OUTCOMES)}
    after = {1: tuple(Standing(o, ((ASKED[0], MET),)) for o in OUTCOMES)}
    (shift,) = shifts(before, after)[1]
    assert [o.id for o in shift.outcomes] == ["one", "two"]
    assert shift.moves


def test_other_words_alone_move_nobody() -> None:
    said = Verdict(VerdictStatus.NOT_STARTED, both("Still open."))
    before = {1: (Standing(OUTCOMES[0], ((ASKED[0], OPEN),)),)}
    after = {1: (Standing(OUTCOMES[0], ((ASKED[0], said),)),)}
    changed = shifts(before, after)
    assert list(changed) == [1]
    assert whose_standing_moves(changed) == frozenset()
