"""The attendance rule: worked cases with their sentences."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from lms_northside.attendance import NorthsideAttendance
from lms_northside.examples import OPTIONS, ledger
from lms_northside.options import NorthsideOptions

from lms.builtin.attendance.absences import AtMostMissed
from lms.plugin_api import Ledger, Mark, Status, Text, Verdict, VerdictStatus
from lms.plugin_api.testing import check_verdict

POLICY = NorthsideAttendance()
MET, ON_TRACK, AT_RISK = VerdictStatus.MET, VerdictStatus.ON_TRACK, VerdictStatus.AT_RISK
NOT_MET, CANNOT_BE_MET = VerdictStatus.NOT_MET, VerdictStatus.CANNOT_BE_MET
NOT_STARTED, WAIVED = VerdictStatus.NOT_STARTED, VerdictStatus.WAIVED

LISTENING_MISSED = Text(
    "You missed a Listening class. Level 1 is still open to you. Level 1R needs that class.",
    "Vous avez manqué une séance du module «\u00a0L'écoute\u00a0». Le résultat «\u00a0Niveau 1\u00a0» vous reste "
    "ouvert. Le résultat «\u00a0Niveau 1R\u00a0» exige cette séance.",
)
ONE_MISSED = Text(
    "You missed 1 class. You can miss 1 more.", "Vous avez manqué 1 séance. Vous pouvez encore en manquer 1."
)
WITHIN = Text(
    "You missed 1 class of 17. That is within the rule.",
    "Vous avez manqué 1 séance sur 17. La règle le permet.",
)
TOLD = Text("You told your trainer ahead of time.", "Vous aviez prévenu l'équipe de formation.")
HALF = Text("You were there for half of class 10.", "Vous étiez là pour la moitié de la séance 10.")
MADE_UP = Text("You made up class 3.", "Vous avez repris la séance 3.")
STILL_COUNTS = Text(
    "It still counts as one of the two you may miss.", "Elle compte encore comme une des deux que vous pouvez manquer."
)
IN_THIS_RUN = Text(
    "Class 5 was cancelled. 16 classes count in this run.",
    "La séance 5 est annulée. 16 séances comptent pour ce groupe.",
)
BEFORE = Text("Class 1 was before you joined.", "La séance 1 a eu lieu avant votre arrivée.")
COUNTS = Text("It counts as missed.", "Elle compte comme manquée.")


def so_far(there: int, of: int | None = None) -> Text:
    if of is None:
        return Text(f"You were at all {there} classes so far.", f"Vous étiez aux {there} séances jusqu'ici.")
    return Text(f"You were at {there} of {of} classes so far.", f"Vous étiez à {there} des {of} séances jusqu'ici.")


def at_all(there: int) -> Text:
    return Text(f"You were at all {there} classes.", f"Vous étiez aux {there} séances.")


def joined(*texts: Text) -> Text:
    return Text(" ".join(t.en for t in texts), " ".join(t.fr for t in texts))


def judge(record: Ledger, outcome: str, **options: Any) -> Verdict:
    verdict = POLICY.judge(record, outcome, NorthsideOptions.model_validate({**OPTIONS, **options}))
    check_verdict(verdict)
    return verdict


Said = tuple[VerdictStatus, Text]

AWAY = [Mark(n, Status.AWAY) for n in range(18)]
HALF_OF_10 = Mark(10, Status.LEFT_EARLY, minutes=60)
REDONE_3 = Mark(3, Status.AWAY, made_up=True)

TWO_MISSED = Text(
    "You missed 2 classes. Please come to all the rest.",
    "Vous avez manqué 2 séances. Venez à toutes les autres, s'il vous plaît.",
)
TWO_WITHIN = Text(
    "You missed 2 classes of 17. That is within the rule.", "Vous avez manqué 2 séances sur 17. La règle le permet."
)
THREE_MISSED = Text(
    "You missed 3 classes. Talk with your trainer about what is possible.",
    "Vous avez manqué 3 séances. Voyez avec l'équipe de formation ce qui est possible.",
)
AT_16_OF_17 = Text("You were at 16 of 17 classes.", "Vous étiez à 16 des 17 séances.")
WAIVED_10 = Text("Your absence from class 10 does not count.", "Votre absence à la séance 10 ne compte pas.")


def case(name: str, record: Ledger, level_1: Said, level_1r: Said | None = None, **options: Any) -> Any:
    """What Level 1 and Level 1R say; once if they say the same."""
    return pytest.param(record, options, level_1, level_1r or level_1, id=name)


VECTORS = [
    case("1 running", ledger(9), (ON_TRACK, so_far(9))),
    case("1 all marked", ledger(17), (MET, at_all(17))),
    case("2 running", ledger(4, AWAY[3]), (ON_TRACK, ONE_MISSED)),
    case("2 all marked", ledger(17, AWAY[3]), (MET, WITHIN)),
    case("3 running", ledger(6, AWAY[3], AWAY[5]), (AT_RISK, TWO_MISSED)),
    case("3 all marked", ledger(17, AWAY[3], AWAY[5]), (MET, TWO_WITHIN)),
    case("4 running", ledger(9, AWAY[3], AWAY[5], AWAY[9]), (NOT_MET, THREE_MISSED), (CANNOT_BE_MET, THREE_MISSED)),
    case("4 all marked", ledger(17, AWAY[3], AWAY[5], AWAY[9]), (NOT_MET, THREE_MISSED), (CANNOT_BE_MET, THREE_MISSED)),
    case("5 running", ledger(10, AWAY[10]), (ON_TRACK, ONE_MISSED), (CANNOT_BE_MET, LISTENING_MISSED)),
    case("5 all marked", ledger(17, AWAY[10]), (MET, WITHIN), (CANNOT_BE_MET, LISTENING_MISSED)),
    case(
        "6 running",
        ledger(10, Mark(10, Status.TOLD_US)),
        (ON_TRACK, joined(ONE_MISSED, TOLD)),
        (CANNOT_BE_MET, joined(LISTENING_MISSED, TOLD)),
    ),
    case(
        "6 all marked",
        ledger(17, Mark(10, Status.TOLD_US)),
        (MET, joined(WITHIN, TOLD)),
        (CANNOT_BE_MET, joined(LISTENING_MISSED, TOLD)),
    ),
    case(
        "6 running, waived for Level 1R",
        ledger(10, Mark(10, Status.TOLD_US, waived_for=frozenset({"level-1r"}))),
        (ON_TRACK, joined(ONE_MISSED, TOLD)),
        (ON_TRACK, joined(so_far(9, 10), WAIVED_10)),
    ),
    case(
        "6 all marked, waived for Level 1R",
        ledger(17, Mark(10, Status.TOLD_US, waived_for=frozenset({"level-1r"}))),
        (MET, joined(WITHIN, TOLD)),
        (MET, joined(AT_16_OF_17, WAIVED_10)),
    ),
    case("7 running", ledger(8, Mark(8, Status.LATE, late_by=25)), (ON_TRACK, so_far(8)), late_after=30),
    case("7 all marked", ledger(17, Mark(8, Status.LATE, late_by=25)), (MET, at_all(17)), late_after=30),
    case(
        "8 running",
        ledger(10, HALF_OF_10),
        (ON_TRACK, joined(ONE_MISSED, HALF)),
        (CANNOT_BE_MET, joined(LISTENING_MISSED, HALF)),
        min_share=0.75,
    ),
    case(
        "8 all marked",
        ledger(17, HALF_OF_10),
        (MET, joined(WITHIN, HALF)),
        (CANNOT_BE_MET, joined(LISTENING_MISSED, HALF)),
        min_share=0.75,
    ),
    case("9 running", ledger(4, REDONE_3), (ON_TRACK, joined(ONE_MISSED, MADE_UP, STILL_COUNTS))),
    case("9 all marked", ledger(17, REDONE_3), (MET, joined(WITHIN, MADE_UP, STILL_COUNTS))),
    case("10 running", ledger(4, REDONE_3), (ON_TRACK, joined(so_far(3, 4), MADE_UP)), makeup_clears=True),
    case("10 all marked", ledger(17, REDONE_3), (MET, joined(AT_16_OF_17, MADE_UP)), makeup_clears=True),
    case("11 running", ledger(6, cancelled=[5]), (ON_TRACK, joined(so_far(5), IN_THIS_RUN))),
    case("11 all marked", ledger(17, cancelled=[5]), (MET, joined(at_all(16), IN_THIS_RUN))),
    case("12 running, left out", ledger(4, joined_before=2), (ON_TRACK, joined(so_far(3), BEFORE))),
    case("12 all marked, left out", ledger(17, joined_before=2), (MET, joined(at_all(16), BEFORE))),
    case(
        "12 running, counted",
        ledger(4, joined_before=2),
        (ON_TRACK, joined(ONE_MISSED, BEFORE, COUNTS)),
        before_joining="counts",
    ),
    case(
        "12 all marked, counted",
        ledger(17, joined_before=2),
        (MET, joined(WITHIN, BEFORE, COUNTS)),
        before_joining="counts",
    ),
    case(
        "13 running",
        ledger(11, HALF_OF_10),
        (ON_TRACK, joined(ONE_MISSED, HALF)),
        min_share=0.75,
        module_rule="any_class",
    ),
    case("13 all marked", ledger(17, HALF_OF_10), (MET, joined(WITHIN, HALF)), min_share=0.75, module_rule="any_class"),
]


@pytest.mark.parametrize(("record", "options", "level_1", "level_1r"), VECTORS)
def test_vector(record: Ledger, options: dict[str, Any], level_1: Said, level_1r: Said) -> None:
    for outcome, (status, words) in (("level-1", level_1), ("level-1r", level_1r)):
        verdict = judge(record, outcome, **options)
        assert (verdict.status, verdict.reason.en) == (status, words.en)
        assert verdict.reason.fr == words.fr


@pytest.mark.parametrize(
    ("record", "options", "level_1", "level_1r"), [v for v in VECTORS if "before_joining" not in v.values[1]]
)
def test_the_hosts_own_rule_says_the_same_with_a_few_options(
    record: Ledger, options: dict[str, Any], level_1: Said, level_1r: Said
) -> None:
    """What `northside-2026` adds is counting classes before joining, and its own two ways to make up."""
    policy = AtMostMissed()
    few = policy.read_options({**OPTIONS, "make_ups": "listed", **options})
    for outcome, (status, words) in (("level-1", level_1), ("level-1r", level_1r)):
        verdict = policy.judge(record, outcome, few)
        assert (verdict.status, verdict.reason) == (status, words)


# -- what the vectors leave open ----------------------------------------------------------------------------


def test_nothing_marked() -> None:
    verdict = judge(ledger(0), "level-1")
    assert (verdict.status, verdict.reason.en) == (NOT_STARTED, "No class has been marked yet.")
    assert judge(Ledger(()), "level-1").reason.en == "No class is planned yet."


def test_not_marked_is_neither_here_nor_missed() -> None:
    record = ledger(17)
    some = replace(record, marks=tuple(m for m in record.marks if m.meeting not in (3, 4, 10)))
    verdict = judge(some, "level-1r")
    assert verdict.status == ON_TRACK
    assert verdict.have == 14
    assert verdict.reason.en == "You were at all 14 classes so far."


def test_it_counts_in_classes_and_names_its_facts() -> None:
    verdict = judge(ledger(5, AWAY[3]), "level-1")
    assert (verdict.have, verdict.need) == (4, 15)
    assert verdict.unit == Text("classes", "séances")
    assert verdict.evidence == ("class:1", "class:2", "class:3", "class:4", "class:5")


def test_what_to_do_next() -> None:
    listening = judge(ledger(10, AWAY[10]), "level-1r").next_step
    assert listening is not None
    assert listening.en == "You can take “Listening” with the next group."
    too_many = judge(ledger(9, AWAY[3], AWAY[5], AWAY[9]), "level-1").next_step
    assert too_many is not None
    assert too_many.en == "You can take the classes you missed with the next group."
    cleared = judge(ledger(10, AWAY[10]), "level-1r", makeup_clears=True).next_step
    assert cleared is not None
    assert cleared.en == "You can make up class 10. Once it is accepted, the class no longer counts as missed."
    ahead = judge(ledger(10, AWAY[3]), "level-1r").next_step
    assert ahead == Text(
        "Please come to every class of “Listening” and “Sharing with purpose”.",
        "Venez à toutes les séances des modules «\u00a0L'écoute\u00a0» et «\u00a0Partager avec une intention\u00a0», "
        "s'il vous plaît.",
    )
    both = judge(ledger(10, AWAY[3]), "level-1r", makeup_clears=True).next_step
    assert both is not None
    assert both.en.endswith("“Sharing with purpose”. You can make up class 3."), (
        "what helps is said beside what is asked"
    )
    assert judge(ledger(6, AWAY[3], AWAY[5]), "level-1r").next_step is None, "all the rest were asked for already"
    assert judge(ledger(17, AWAY[3]), "level-1r").next_step is None


def test_a_lower_outcome_is_named_only_if_it_is_open() -> None:
    never = {"level-1": ("listening",), "level-1r": ("listening",)}
    verdict = judge(ledger(10, AWAY[10]), "level-1r", never_miss=never)
    assert verdict.reason.en == (
        "You missed a Listening class. Level 1R needs that class. Talk with your trainer about what is possible."
    )
    too_many = judge(ledger(10, AWAY[3], AWAY[5], AWAY[10]), "level-1r")
    assert too_many.reason.en == (
        "You missed 3 classes. You missed a Listening class. Level 1R needs that class. "
        "Talk with your trainer about what is possible."
    )


def test_the_nearest_lower_outcome_is_named() -> None:
    record = replace(ledger(10, AWAY[10]), outcomes=("level-1", "level-1r", "certified"))
    never = {"level-1r": ("sharing-with-purpose",), "certified": ("listening",)}
    assert judge(record, "certified", never_miss=never).reason.en == (
        "You missed a Listening class. Level 1R is still open to you. certified needs that class."
    )


def test_several_modules_missed() -> None:
    verdict = judge(ledger(12, AWAY[8], AWAY[12]), "level-1r")
    assert verdict.reason == Text(
        "You missed a class of “Many ways of living” and a class of “Sharing with purpose”. "
        "Level 1 is still open to you. Level 1R needs those classes.",
        "Vous avez manqué une séance du module «\u00a0Bien des façons de vivre\u00a0» et une séance du module "
        "«\u00a0Partager avec une intention\u00a0». Le résultat «\u00a0Niveau 1\u00a0» vous reste "
        "ouvert. Le résultat «\u00a0Niveau 1R\u00a0» exige ces séances.",
    )
    assert verdict.next_step is not None
    assert verdict.next_step.en == "You can take “Many ways of living” and “Sharing with purpose” with the next group."


def test_any_class_of_a_module() -> None:
    both = ledger(11, AWAY[10], AWAY[11])
    verdict = judge(both, "level-1r", module_rule="any_class")
    assert verdict.status == CANNOT_BE_MET
    assert verdict.reason.en == (
        "You missed 2 Listening classes. Level 1 is still open to you. Level 1R needs one of them."
    )
    one_left = judge(ledger(10, AWAY[10]), "level-1r", module_rule="any_class")
    assert one_left.status == ON_TRACK
    assert one_left.next_step is not None
    assert one_left.next_step.en == (
        "Please come to at least one class of each of these: “Listening” and “Sharing with purpose”."
    )
    there_once = judge(ledger(11, AWAY[11]), "level-1r", module_rule="any_class").next_step
    assert there_once is not None
    assert there_once.en == "Please come to at least one class of “Sharing with purpose”.", "of Listening one is enough"
    one_cancelled = ledger(10, AWAY[10], cancelled=[11])
    assert judge(one_cancelled, "level-1r", module_rule="any_class").status == ON_TRACK


def test_coming_late() -> None:
    record = ledger(8, Mark(8, Status.LATE, late_by=30))
    verdict = judge(record, "level-1", late_after=30)
    assert verdict.reason == joined(
        ONE_MISSED,
        Text("You came 30 minutes late to class 8.", "Vous avez rejoint la séance 8 avec 30 minutes de retard."),
    )
    assert judge(record, "level-1r", late_after=30).status == CANNOT_BE_MET
    assert judge(record, "level-1r").status == ON_TRACK


def test_technical_trouble_counts_as_there_unless_the_minutes_say_otherwise() -> None:
    trouble = ledger(10, Mark(10, Status.TECH_TROUBLE, late_by=60))
    assert judge(trouble, "level-1r", late_after=30, min_share=0.75).status == ON_TRACK
    short = ledger(10, Mark(10, Status.TECH_TROUBLE, minutes=20))
    verdict = judge(short, "level-1r", min_share=0.75)
    assert verdict.status == CANNOT_BE_MET
    assert verdict.reason.en.endswith("You were there for part of class 10.")


def test_telling_us_about_one_of_two_classes() -> None:
    verdict = judge(ledger(6, AWAY[3], Mark(5, Status.TOLD_US)), "level-1")
    assert verdict.reason == joined(
        TWO_MISSED,
        Text(
            "You told your trainer before class 5.",
            "Vous aviez prévenu l'équipe de formation avant la séance 5.",
        ),
    )


def test_a_make_up_clears_a_module_only_if_the_rule_says_so() -> None:
    record = ledger(17, Mark(10, Status.AWAY, made_up=True))
    assert judge(record, "level-1r", makeup_clears=True).status == MET
    verdict = judge(record, "level-1r")
    assert verdict.status == CANNOT_BE_MET
    assert verdict.reason.en.endswith("You made up class 10. It still counts as missed.")


def test_only_waived_absences() -> None:
    mark = Mark(1, Status.AWAY, waived_for=frozenset({"level-1"}))
    record = ledger(1, mark)
    assert judge(record, "level-1").reason.en == "Your absence from class 1 does not count."
    assert judge(record, "level-1").status == ON_TRACK
    alone = replace(record, meetings=record.meetings[:1])
    assert judge(alone, "level-1").status == WAIVED
    assert judge(alone, "level-1r").status == MET


def test_no_class_may_be_missed() -> None:
    assert judge(ledger(4), "level-1", max_missed=0).status == ON_TRACK
    assert judge(ledger(4, AWAY[3]), "level-1", max_missed=0).status == NOT_MET


def test_what_the_classes_before_joining_count() -> None:
    late = ledger(6, AWAY[5], joined_before=3)
    counted = judge(late, "level-1", before_joining="counts")
    assert counted.status is NOT_MET
    assert "Classes 1 and 2 were before you joined. They count as missed." in counted.reason.en
    marked = replace(late, marks=(*late.marks, Mark(1, Status.HERE), Mark(2, Status.HERE)))
    assert judge(marked, "level-1", before_joining="counts").status is ON_TRACK
