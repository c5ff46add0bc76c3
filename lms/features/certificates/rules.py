"""Serial numbers, and what a certificate says of itself."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from lms.plugin_api.values import Award, Text

# No 0 O 1 I L: nothing that could be read as something else.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 10


class CertificateState(StrEnum):
    VALID = "valid"
    REPLACED = "replaced"
    REVOKED = "gone"


def new_serial() -> str:
    """A fresh random number, like 7KQ4-M9XW-2T."""
    return shown_serial("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)))


def shown_serial(text: str) -> str:
    """A number as it is printed, whatever spaces, hyphens or small letters it was typed with."""
    signs = "".join(sign for sign in text.upper() if sign.isalnum())[:20]
    return "-".join(signs[at : at + 4] for at in range(0, len(signs), 4))


def is_serial(text: str) -> bool:
    """True for something that could be one of our numbers."""
    signs = text.replace("-", "")
    return len(signs) == LENGTH and set(signs) <= set(ALPHABET)


def as_facts(award: Award) -> dict[str, Any]:
    """The award as it is stored."""
    return {
        "serial": award.serial,
        "name": award.name,
        "organization": award.organization,
        "course": [award.course.en, award.course.fr],
        "outcome": [award.outcome.en, award.outcome.fr],
        "says": [award.says.en, award.says.fr],
        "does_not_say": [award.does_not_say.en, award.does_not_say.fr],
        "decided_on": award.decided_on.isoformat(),
        "issued_on": award.issued_on.isoformat(),
        "decided_by": list(award.decided_by),
        "language": award.language,
        "verify_url": award.verify_url,
    }


def as_award(facts: Mapping[str, Any]) -> Award:
    """The award as it was stored."""
    return Award(
        serial=facts["serial"],
        name=facts["name"],
        organization=facts["organization"],
        course=Text(*facts["course"]),
        outcome=Text(*facts["outcome"]),
        says=Text(*facts["says"]),
        does_not_say=Text(*facts["does_not_say"]),
        decided_on=date.fromisoformat(facts["decided_on"]),
        issued_on=date.fromisoformat(facts["issued_on"]),
        decided_by=tuple(facts["decided_by"]),
        language=facts["language"],
        verify_url=facts["verify_url"],
    )
