"""The attendance rule that a cohort stands on: its own, or the course's in the version it was published with."""

from __future__ import annotations

import json
from functools import lru_cache

from lms.features.cohorts.models import Cohort
from lms.host.guard import Rule
from lms.plugin_api.content import AttendanceChoice, Course


def rule_of(cohort: Cohort, course: Course) -> Rule | None:
    """The attendance rule of a cohort. None where the course asks for no attendance."""
    if cohort.rule_json:
        return _rule_read(cohort.rule_json, cohort.policy_version)
    choice = course.attendance
    return _rule_of_course(choice, cohort.policy_version) if choice else None


# One rule object for each text: the guard keeps the options it has read by the mapping that holds them.
@lru_cache(maxsize=256)
def _rule_read(rule_json: str, version: str) -> Rule:
    read = json.loads(rule_json)
    return Rule(read["policy"], read["options"], version)


def _rule_of_course(choice: AttendanceChoice, version: str) -> Rule:
    return Rule(choice.policy, choice.options, version)
