from pathlib import Path

import pytest

from tests.plugin_api.course_factory import CourseFolder, make_course


@pytest.fixture
def course(tmp_path: Path) -> CourseFolder:
    """A small good course in files."""
    return make_course(tmp_path)
