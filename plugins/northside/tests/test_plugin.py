"""The plugin as the host meets it."""

from __future__ import annotations

import lms_northside
import pytest
from lms_northside.options import NorthsideOptions

from lms.plugin_api import Course, FolderCurriculum
from lms.plugin_api.testing import check_plugin, check_text, providers_of


@pytest.fixture(scope="module")
def course() -> Course:
    (loaded,) = FolderCurriculum("lms_northside").courses()
    assert not loaded.faults, "\n".join(map(str, loaded.faults))
    assert loaded.course is not None
    return loaded.course


def test_the_plugin_keeps_its_contract() -> None:
    check_plugin(lms_northside)


def test_it_brings_a_course_a_rule_a_certificate_and_a_report() -> None:
    names = {provider.name for provider in providers_of(lms_northside)}
    assert names == {"lms_northside:courses", "northside-2026", "northside-letter", "northside-funder"}


def test_the_course_uses_its_own_rule_and_certificate(course: Course) -> None:
    names = {provider.name for provider in providers_of(lms_northside)}
    assert course.attendance.policy in names
    assert course.certificate is not None
    assert course.certificate.issuer in names


def test_the_options_of_the_course_fit_the_rule(course: Course) -> None:
    options = NorthsideOptions.model_validate(course.attendance.options)
    modules, outcomes = {m.id for m in course.modules}, {o.id for o in course.outcomes}
    assert options.max_missed == 2
    assert set(options.never_miss) <= outcomes
    assert {module for needed in options.never_miss.values() for module in needed} <= modules


def test_every_paper_says_that_it_is_no_licence(course: Course) -> None:
    papers = [outcome for outcome in course.outcomes if outcome.certificate]
    assert [paper.id for paper in papers] == ["level-1", "level-1r", "certified"]
    for paper in papers:
        assert paper.says is not None
        assert paper.does_not_say is not None
        check_text(paper.says)
        assert "It is not a national certification or a licence." in paper.does_not_say.en
        assert "Ce n'est ni une certification nationale ni un permis d'exercice." in paper.does_not_say.fr


def test_only_the_last_step_is_optional(course: Course) -> None:
    assert [o.id for o in course.outcomes if o.optional] == ["certified"]
    needed = {r.id: r.needed_for for r in course.requirements}
    assert needed["practicum-50-hours"] == ("certified",)
    assert needed["final-talk"] == ("level-1r", "certified")
    assert all(needed[id] == ("level-1", "level-1r", "certified") for id in ("attendance", "homework", "role-play"))
