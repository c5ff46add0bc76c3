"""What somebody takes along of practising alone: the ways that they shared. Of the others the host keeps no words."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from lms.features.practice.models import SoloPractice
from lms.host.archive import Taken
from lms.host.db import session
from lms.plugin_api.content import Course
from lms.plugin_api.values import Part, Text

OWN = Text("My own line", "Ma propre phrase")
CHOSE = Text("What I chose", "Ce que j'ai choisi")
END = Text("How it ended", "Comment cela s'est terminé")


def practices_taken(places: Collection[tuple[int, Course]]) -> dict[int, list[Taken]]:
    """Enrolment to its page; what was taken back is gone. One query however many places there are."""
    courses = dict(places)
    entries: dict[int, list[tuple[SoloPractice, Text]]] = {}
    shared = SoloPractice.enrolment_id.in_(courses) & SoloPractice.shared_at.is_not(None)
    for row in session.scalars(select(SoloPractice).where(shared).order_by(SoloPractice.shared_at, SoloPractice.id)):
        practice = courses[row.enrolment_id].practice(row.practice)
        heading = practice.title if practice else Text(row.practice, row.practice)
        entries.setdefault(row.enrolment_id, []).append((row, heading))
    title = Text("Practise alone", "S'exercer à part soi")
    return {
        enrolment: [
            Taken(
                "practice-alone",
                title,
                tuple((row.shared_at, name, _parts(row)) for row, name in found if row.shared_at),
            )
        ]
        for enrolment, found in entries.items()
    }


def _parts(row: SoloPractice) -> tuple[Part, ...]:
    """The conversation as it went: what was said stands above what was answered."""
    parts = []
    shared = row.shared or {"steps": [], "ending": ""}
    for step in shared["steps"]:
        says = Text(step["says"], step["says"])
        own = [Part(OWN, step["own"])] if step["own"] else []
        parts += [Part(says, ""), *own, Part(CHOSE, step["chose"])]
    return (*parts, Part(END, shared["ending"]))
