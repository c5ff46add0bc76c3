"""A course as read, with everything that was found wrong."""

from __future__ import annotations

from dataclasses import dataclass, field

from lms.plugin_api.content import Course
from lms.plugin_api.course_checks import Names
from lms.plugin_api.manifest import Fault, Manifest


@dataclass(frozen=True, slots=True)
class Picture:
    media_type: str
    content: bytes


@dataclass
class LoadedCourse:
    """A course as read: `course` is None when it cannot stand; `faults` says what is wrong, and where.

    `readable` holds the parts that could be read, so that further checks tell their faults in the same go. `manifests`
    holds the text behind each part ("course", "module:x", "activity:x", "class:3", "card:x"), so that whoever checks
    further can point at the line. `names` has what its files are called, also of those that could not be read. `pictures`
    maps a content digest to the picture.
    """

    name: str
    course: Course | None = None
    readable: Course | None = None
    faults: list[Fault] = field(default_factory=list)
    manifests: dict[str, Manifest] = field(default_factory=dict)
    pictures: dict[str, Picture] = field(default_factory=dict)
    names: Names | None = None

    def add_fault(self, part: str, location: tuple[str | int, ...], message: str) -> None:
        manifest = self.manifests.get(part)
        self.faults.append(manifest.fault(location, message) if manifest else Fault(self.name, message))
