"""What can be a talk."""

from __future__ import annotations

from collections.abc import Collection


def may_be_a_talk(in_person: bool, reviewed: bool, accepts: Collection[str]) -> bool:
    """Times are offered for what is shown in person, and for answers that the course also takes in a talk."""
    return in_person or (reviewed and "talk" in accepts)
