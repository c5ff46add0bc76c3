"""A role play that goes on, for tests: three or more people at one table, and a clock that can be set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask

from lms.features.grouping.models import FormedGroups, Seat
from lms.features.roleplay.models import RoomEvent, Run
from lms.host.db import may_write, saved, session
from tests.world import World

PHASES: list[list[Any]] = [
    ["set_up", 0, 120],
    *(
        [kind, number, seconds]
        for number in (1, 2, 3)
        for kind, seconds in (("read", 60), ("play", 180), ("feedback", 120))
    ),
    ["de_role", 0, 120],
    ["together", 0, 240],
]
ROLES = ("supporter", "person", "observer")


@dataclass(frozen=True)
class Table:
    """A run of class `number` of the evening group, whose seats go round: in round 2 the second one is supporter."""

    app: Flask
    world: World
    run_id: int
    number: int

    def end(self) -> None:
        with self.app.app_context(), saved():
            session.get_one(Run, self.run_id).ended_at = datetime.now(UTC)

    def chose(self, name: str, kind: str, round_number: int, group: int = 1, card: str = "") -> None:
        """Somebody observed instead, stepped out, ..."""
        with self.app.app_context(), saved():
            session.add(
                RoomEvent(
                    run_id=self.run_id,
                    group_number=group,
                    round_number=round_number,
                    enrolment_id=self.world.enrolments[name],
                    kind=kind,
                    card=card,
                    at=datetime.now(UTC),
                )
            )


def begin(
    app: Flask,
    world: World,
    *tables: Sequence[str],
    number: int = 6,
    card: str = "first-coffee",
    ago: int = 1,
    format: str = "",
    rounds: int = 3,
    trainer_plays: bool = False,
) -> Table:
    """A role play of the evening group that began a second ago, in groups of these people; or `ago` seconds ago. Where a
    trainer plays the person, whoever would be that observes."""
    may_write()
    with app.app_context(), saved():
        meeting, amina, now = world.meetings["evening"][number - 1], world.people["Amina"], datetime.now(UTC)
        cards = {str(at): card for at in range(1, len(tables) + 1)}
        how = {"format": format, "trainer_plays": trainer_plays}
        formed = FormedGroups(meeting_id=meeting, version=1, cards=cards, formed_by=amina, formed_at=now, **how)
        session.add(formed)
        session.flush()
        for group, names in enumerate(tables, start=1):
            for turn in range(rounds):
                for at, name in enumerate(names):
                    role = ROLES[min((at - turn) % len(names), 2)]
                    if trainer_plays and role == "person":
                        role = "observer"
                    place = {"groups_id": formed.id, "group_number": group, "round_number": turn + 1}
                    session.add(Seat(**place, enrolment_id=world.enrolments[name], role=role))
        phases = [phase for phase in PHASES if phase[1] <= rounds]
        run = Run(meeting_id=meeting, phases=phases, started_at=now - timedelta(seconds=ago), started_by=amina)
        session.add(run)
        session.flush()
        return Table(app, world, run.id, number)
