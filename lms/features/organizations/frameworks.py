"""Which modules of an organization's courses teach the items of a framework, and which items none of them teaches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from lms.host import contributed
from lms.host.catalog import Offered, deliverable
from lms.host.errors import NotFound
from lms.host.plugins import Provided
from lms.host.web import Host
from lms.plugin_api.content import Course
from lms.plugin_api.frameworks import Coverage, Framework, FrameworkItem, Resource, coverage
from lms.plugin_api.values import Text

HOOK = "competency_frameworks"


@dataclass(frozen=True)
class Compared:
    """A framework with its items, held against courses. `courses` say what they teach of it, `silent` ones do not."""

    provided: Provided
    lines: tuple[Coverage, ...]
    courses: Sequence[Offered]
    silent: Sequence[Offered]

    @property
    def framework(self) -> Framework:
        found: Framework = self.provided.provider
        return found

    @property
    def untaught(self) -> list[FrameworkItem]:
        """The items that no module teaches; empty where no course says anything."""
        return [line.item for line in self.lines if self.courses and not line.taught_in]

    @property
    def groups(self) -> list[tuple[Text | None, list[Coverage]]]:
        """Neighbours of the same group together, in the order of the framework."""
        return [(group, list(lines)) for group, lines in groupby(self.lines, key=lambda line: line.item.group)]

    def modules(self, line: Coverage, offered: Offered) -> list[Text]:
        """The titles of the modules of a course that teach this item."""
        assert offered.course is not None
        ids = {module for key, module in line.taught_in if key == offered.key}
        return [module.title for module in offered.course.modules if module.id in ids]

    def covered(self, offered: Offered) -> int:
        """How many items some module of this course teaches."""
        return sum(any(key == offered.key for key, _module in line.taught_in) for line in self.lines)

    def overdue(self, resource: Resource, today: date) -> bool:
        return resource.review_by < today


def compared_with(provided: Provided, items: Iterable[FrameworkItem], courses: Iterable[Offered]) -> Compared:
    """The framework beside the courses: by what their files say, and by what the framework's own map adds."""
    framework: Framework = provided.provider
    held: list[Offered] = []
    silent: list[Offered] = []
    taught: dict[tuple[str, str], tuple[str, ...]] = {}
    for offered in courses:
        course = offered.course
        assert course is not None
        says = framework.name in course.frameworks or course.id in framework.maps
        (held if says else silent).append(offered)
        taught |= {(offered.key, id): names for id, names in _taught(framework, course).items()}
    return Compared(provided, coverage(framework.name, items, taught), held, silent)


def _taught(framework: Framework, course: Course) -> dict[str, tuple[str, ...]]:
    """Module to `framework:code` names: those of the course, then those of the map."""
    mapped = framework.maps.get(course.id, {})
    added = {id: tuple(f"{framework.name}:{code}" for code in codes) for id, codes in mapped.items()}
    return {m.id: tuple(dict.fromkeys((*m.teaches, *added.get(m.id, ())))) for m in course.modules}


def all_compared(host: Host, enabled: contributed.Enabled) -> list[Compared]:
    """Each framework of the host, and of the plugins that an organization has turned on, beside what it can deliver."""
    guard = host.guard
    courses = deliverable(host.catalog, guard.host, enabled)
    found = contributed.offered(guard.host, HOOK, enabled)
    return [compared_with(p, contributed.framework_items(guard, p.provider.name), courses) for p in found]


def one_compared(host: Host, enabled: contributed.Enabled, name: str) -> Compared:
    """One of them. Raises NotFound."""
    found = next((p for p in contributed.offered(host.guard.host, HOOK, enabled) if p.provider.name == name), None)
    if found is None:
        raise NotFound
    courses = deliverable(host.catalog, host.guard.host, enabled)
    return compared_with(found, contributed.framework_items(host.guard, name), courses)
