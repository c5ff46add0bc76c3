"""The plugin as the host meets it, and what a public body has to be strict about."""

from __future__ import annotations

import re
from itertools import pairwise

import lms_tidewater
import pytest

from lms.plugin_api import Activity, Course, FolderCurriculum
from lms.plugin_api.testing import check_plugin, check_text, providers_of

SEVEN = 7


@pytest.fixture(scope="module")
def course() -> Course:
    (loaded,) = FolderCurriculum("lms_tidewater").courses()
    assert not loaded.faults, "\n".join(map(str, loaded.faults))
    assert loaded.course is not None
    return loaded.course


def read_by_trainers(course: Course) -> list[Activity]:
    return [a for a in course.activities.values() if a.kind in ("reflection", "practice")]


def test_the_plugin_keeps_its_contract() -> None:
    check_plugin(lms_tidewater)


def test_it_brings_a_course_and_nothing_else() -> None:
    assert {provider.name for provider in providers_of(lms_tidewater)} == {"lms_tidewater:courses"}


def test_one_trainer_reads_and_no_voice_or_picture_is_asked_for(course: Course) -> None:
    texts = read_by_trainers(course)
    assert len(texts) == SEVEN + 1
    for activity in texts:
        assert activity.audience == ("trainer",)
        assert activity.accepts == ("typed", "talk")


def test_words_are_kept_as_short_a_time_as_a_course_may_ask(course: Course) -> None:
    assert course.review.keep_words_days == 30
    assert course.review.second_reader is None


def test_the_lesson_says_what_the_settings_do(course: Course) -> None:
    body = course.activities["four-sites-one-role"].body
    assert "**one trainer**" in body.en
    assert "**Thirty days after your group has ended" in body.en
    assert "**une seule personne**" in body.fr
    assert "**Trente jours après la fin de votre groupe" in body.fr


def test_training_done_elsewhere_counts_when_the_coordinator_confirms_it(course: Course) -> None:
    asked = {r.id: r for r in course.requirements}
    elsewhere = asked["training-counts"]
    assert (elsewhere.kind, elsewhere.confirmed_by) == ("confirmed", "coordinator")
    assert elsewhere.needed_for == ("ready-to-apply",)
    ready = course.requirements_of("ready-to-apply")
    assert {r.kind for r in ready} == {"confirmed"}


def test_the_ladder(course: Course) -> None:
    assert [o.id for o in course.outcomes] == ["in-the-program", "graduate", "ready-to-apply"]
    assert course.outcomes[-1].decided_by == "coordinator"


def test_who_is_in_the_classes_is_on_the_way_to_graduate_and_may_apply_or_not(course: Course) -> None:
    assert [o.id for o in course.outcomes if not o.optional] == ["in-the-program", "graduate"]


def test_no_paper_implies_accreditation_or_work(course: Course) -> None:
    papers = [o for o in course.outcomes if o.certificate]
    assert len(papers) == 2
    for paper in papers:
        assert paper.says is not None
        assert paper.does_not_say is not None
        check_text(paper.says)
        assert not re.search(r"accredit|certif|licen|agré|permis", paper.says.en + paper.says.fr)
        for word in ("accreditation", "national certification", "licence", "no offer of work"):
            assert word in paper.does_not_say.en
        for word in ("agrément", "certification nationale", "permis d'exercice", "ni une offre d'emploi"):
            assert word in paper.does_not_say.fr


def test_six_of_seven_classes_are_enough(course: Course) -> None:
    assert len(course.classes) == SEVEN
    assert course.attendance is not None
    share = course.attendance.options["min_share"]
    assert (SEVEN - 2) / SEVEN < share <= (SEVEN - 1) / SEVEN


def test_no_text_about_people_at_the_sites_is_needed(course: Course) -> None:
    """Four texts are enough, and the one about a half day is none that everybody must send."""
    (texts,) = (r for r in course.requirements if r.kind == "homework")
    assert texts.count == 4
    assert not texts.activities


def test_own_minutes_are_the_sum_of_what_there_is_to_do(course: Course) -> None:
    for module in course.modules:
        assert module.minutes.own == sum(a.minutes for a in module.activities), module.id


def test_every_plan_fills_its_class_without_a_gap_in_both_languages(course: Course) -> None:
    for plan in course.classes:
        english, french = (
            [(int(a), int(b)) for a, b in re.findall(r"^\| (\d+)–(\d+) \|", text, re.MULTILINE)]
            for text in (plan.plan.en, plan.plan.fr)
        )
        assert english == french, plan.number
        assert english[0][0] == 0
        assert all(before[1] == after[0] for before, after in pairwise(english)), plan.number
        assert english[-1][1] == plan.minutes


def test_every_card_is_played_somewhere(course: Course) -> None:
    played = {card for plan in course.classes if plan.role_play for card in plan.role_play.cards}
    assert played == {card.id for card in course.cards}


def test_french_typography(course: Course) -> None:
    """No plain space inside quotation marks or before a colon."""
    texts = [m.intro.fr for m in course.modules] + [p.plan.fr for p in course.classes]
    texts += [a.body.fr for a in course.activities.values()]
    texts += [c.note.fr for c in course.cards if c.note]
    for text in texts:
        assert not re.search(r"« | »| :(?!-)", text), text[:80]
