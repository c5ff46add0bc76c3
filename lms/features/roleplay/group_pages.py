"""A class with its groups as those who lead see them, and all that groups are formed from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lms.features.attendance.queries import NO_MARKS, NOT_HERE, marks_of_cohort
from lms.features.cohorts import queries as cohorts
from lms.features.grouping import by_hand, cards, forming, handouts, why, wishes
from lms.features.grouping.formats import format_named, format_of
from lms.features.grouping.formed import Formed
from lms.features.grouping.rules import Group, Grouping
from lms.features.grouping.words import SEATS, TOPICS
from lms.features.organizations.queries import enabled_plugins
from lms.features.roleplay import keeping
from lms.features.roleplay.going_on import keeping_the_round, with_turns_of_today
from lms.features.roleplay.pages import planned
from lms.features.roleplay.played import history_before
from lms.features.roleplay.plays import Play, plays_in
from lms.host import scenes
from lms.host.db import saved
from lms.host.errors import Refused
from lms.host.i18n import lazy_gettext as _l
from lms.host.web import (
    ResponseReturnValue,
    address,
    host,
    now,
    page,
    visitor,
)
from lms.host.web import number as number_sent
from lms.plugin_api.role_play import PlayedSoFar
from lms.plugin_api.scenes import FormatShape
from lms.plugin_api.values import Text


class Table:
    """A class with its groups as those who lead see them, and all that groups are formed from."""

    def __init__(self, here: cohorts.Here, meeting: cohorts.ClassHere, chosen: str = "") -> None:
        self.here, self.meeting = here, meeting
        plan = planned(meeting)
        plays = plays_in(here.id)
        self.play = next((one for one in plays if (one.meeting_id, one.pair) == (meeting.id, 0)), None) or Play(
            meeting.id, 0
        )
        self.formed = self.play.formed
        members = cohorts.members_of(here.id)
        self.names = {member.enrolment_id: member.name for member in members}
        self.present, self.away = _present(here, meeting, members)
        out = self.play.room.out if self.play.room else ()
        self.left = [one.enrolment_id for one in out if one.for_today and one.enrolment_id in self.present]
        self.present = [who for who in self.present if who not in self.left]
        resting = [one.enrolment_id for one in out if one.enrolment_id in self.present]
        self.resting = resting if self.play.goes_on(now()) else []
        self.plugins = enabled_plugins(here.organization.id)
        same = chosen in ("", self.formed.format if self.formed else plan.format)
        planned_format = format_of(self.formed, plan.format, here.course, host().guard)
        self.history = history = history_before(plays, meeting.number, now())
        so_far = PlayedSoFar(history.met, history.met_last_time, history.supporter, history.person)
        self.weights, self.silent = scenes.wishes_of_plugins(host().guard, self.plugins, tuple(self.present), so_far)
        if self.play.room and self.play.goes_on(now()):
            history = with_turns_of_today(history, self.play.room, now())
        asked = wishes.asked_in(here.id, meeting.id)
        self.facts = forming.Facts(
            meeting.id,
            planned_format if same else format_named(chosen, here.course, host().guard),
            history,
            cards.cards_of_class(here.course, plan.cards),
            asked.wishes,
            asked.not_the_person,
            self.weights,
            planned=plan.cards,
        )

    @property
    def groups_of_now(self) -> Formed:
        if self.formed is None:
            raise Refused(_l("There are no groups yet. Form them first."))
        return self.formed

    @property
    def shapes(self) -> dict[str, FormatShape]:
        """What may be chosen: what the course names, and what comes with the host or a plugin that is turned on."""
        return {**scenes.formats_here(host().guard, self.plugins), **self.here.course.formats}

    @property
    def formats(self) -> dict[str, Text]:
        return {name: shape.label for name, shape in self.shapes.items()}

    def keep(self, grouping: Grouping, **chosen: Any) -> bool:
        """False where somebody else changed the groups since the page was drawn: theirs stay."""
        with saved():
            return keeping.keep_groups(
                self.facts,
                grouping,
                self.formed,
                by=visitor().id,
                organization=self.here.organization.id,
                now=now(),
                seen=number_sent("version"),
                **chosen,
            )

    def steady(self, grouping: Grouping) -> Grouping:
        """While they play, nobody loses their seat in the middle of a round."""
        room = self.play.room
        return keeping_the_round(room, grouping, now()) if room and room.goes_on(now()) else grouping

    def few(self, groups: Sequence[Group]) -> bool:
        """True where five are here for threes: they can be one group, or three and two."""
        playing = len(self.present) - len(self.resting)
        return playing == 5 and self.facts.format.shape.groups == "threes"

    def shown(
        self,
        proposed: Grouping | None = None,
        status: int = 200,
        problem: Any = None,
        typed: Any = None,
        wrong: str = "",
    ) -> ResponseReturnValue:
        """The page. `proposed` are groups that do not keep apart who is to be: they wait for a word of the trainer. `problem`
        is a sentence about what was just asked for; `typed` are times that could not be taken, because of the field `wrong`."""
        formed = self.formed
        groups = proposed.groups if proposed else formed.groups if formed else ()
        told = proposed or forming.as_told(self.facts, groups)
        names = self.names
        language = self.here.cohort.language
        link = address("roleplay.role_play", cohort_id=self.here.id, number=self.meeting.number)
        return page(
            "roleplay/groups.html",
            status,
            here=self.here,
            meeting=self.meeting,
            formed=formed,
            proposed=proposed,
            reasons=why.reasons(told, names, self.history),
            what_gives=why.what_gives(told, names),
            rooms=handouts.room_list(groups, names, language),
            instructions=handouts.instructions(self.facts.format, link, language),
            step_name=handouts.step_name,
            groups=groups,
            places={who: _number(by_hand.place_for(groups, who, self.facts.wishes.apart)) for who in self.present},
            partner={group.number: _number(by_hand.smallest(groups, {group.number})) for group in groups},
            format=self.facts.format,
            formats=self.formats,
            silent=self.silent,
            names=names,
            seats=SEATS,
            topics=TOPICS,
            cards=self.facts.cards,
            present=self.present,
            away=self.away,
            state=self.play.state(now()),
            left=self.left,
            resting=self.resting,
            few=self.few(groups),
            alone=next((name for name, shape in self.shapes.items() if shape.trainer_plays), ""),
            problem=problem,
            typed=typed,
            wrong=wrong,
        )


def _number(group: Group | None) -> int:
    return group.number if group else 0


def _present(
    here: cohorts.Here, meeting: cohorts.ClassHere, members: Sequence[cohorts.Member]
) -> tuple[list[int], list[int]]:
    """Who can be grouped: everyone but those who are on a break, away, or told us so."""
    marks = marks_of_cohort(here.id)
    present: list[int] = []
    away: list[int] = []
    for member in members:
        mark = marks.get(member.enrolment_id, NO_MARKS).by_class.get(meeting.number)
        gone = member.paused_at(meeting.starts_at) or (mark and mark.status in NOT_HERE)
        (away if gone else present).append(member.enrolment_id)
    return present, away
