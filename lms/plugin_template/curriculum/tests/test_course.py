"""The course stands, and is what its trainers expect."""

from __future__ import annotations

from lms_kittiwake import curricula


def test_the_course_has_two_classes_and_a_reflection() -> None:
    (provider,) = curricula()
    (loaded,) = provider.courses()
    assert loaded.course is not None, "\n".join(map(str, loaded.faults))
    assert len(loaded.course.classes) == 2
    assert "five-minutes" in loaded.course.activities
