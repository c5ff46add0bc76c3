"""Who played which role over the whole programme, for those who lead."""

from __future__ import annotations

from lms.features.cohorts import queries as cohorts
from lms.features.grouping.words import SEATS
from lms.features.roleplay import board_queries
from lms.features.roleplay.played import Balance, balances, turns_in
from lms.host.web import Blueprint, ResponseReturnValue, now, page, signed_in_only, visitor

views = Blueprint("balance", __name__, template_folder="templates")


@views.get("/cohorts/<int:cohort_id>/role-play")
@signed_in_only
def show(cohort_id: int) -> ResponseReturnValue:
    """Whoever was supporter least often is first."""
    here = cohorts.led_by(visitor(), cohort_id)
    found = balances(turns_in(here.id, now()))
    noted = board_queries.noted_in(here.id)
    members = cohorts.members_of(here.id)
    lines = [(member, found.get(member.enrolment_id, Balance()), noted[member.enrolment_id]) for member in members]
    lines.sort(key=lambda line: (line[1].turns["supporter"], line[1].rounds))
    fewest = lines[0][1].turns["supporter"] if lines else 0
    first = [member.name for member, balance, _noted in lines if balance.turns["supporter"] == fewest]
    played = any(balance.rounds for _member, balance, _noted in lines)
    return page("roleplay/balance.html", here=here, lines=lines, first=first, played=played, seats=SEATS)
