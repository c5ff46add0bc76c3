"""What the pages of a class's role play share."""

from __future__ import annotations

from lms.features.cohorts import queries as cohorts
from lms.features.cohorts.queries import ClassHere, Here
from lms.host.errors import NotFound
from lms.host.web import now, request
from lms.plugin_api.scenes import RolePlay


def class_with_role_play(here: Here, number: int) -> ClassHere:
    """The class with this number, for which the course plans a role play. Raises NotFound."""
    meeting = cohorts.class_number(cohorts.classes_of(here, now()), number)
    planned(meeting)
    return meeting


def in_address(name: str, digits: int = 3) -> int:
    """A number of so many digits after the question mark of the address ("pair", "round"); 0 for everything else."""
    asked = request.args.get(name, "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= digits else 0


def planned(meeting: ClassHere) -> RolePlay:
    """The role play planned for a class. Raises NotFound where there is none."""
    if meeting.plan.role_play is None:
        raise NotFound
    return meeting.plan.role_play
