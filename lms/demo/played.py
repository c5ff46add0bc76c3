"""Role plays of a story: groups, and where somebody started the clock, what people chose, wrote and kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from lms.demo.story import Gave, Played, Saw, Tapped
from lms.demo.told import Group, Told
from lms.demo.writing import AFTER_A_ROUND
from lms.features.grouping import forming
from lms.features.grouping import rules as grouping
from lms.features.grouping.cards import cards_of_class
from lms.features.grouping.formats import Format, format_named
from lms.features.roleplay import noting, runs, sheet_actions
from lms.features.roleplay.keeping import keep_groups
from lms.features.roleplay.models import Run
from lms.features.roleplay.played import history_before
from lms.features.roleplay.plays import plays_in, room
from lms.features.roleplay.rooms import Room
from lms.features.roleplay.sheet_pages import places_in
from lms.features.roleplay.sheets import Content, content_of
from lms.host.db import session
from lms.plugin_api.scenes import RolePlay

MINUTE = timedelta(minutes=1)
ROUNDS = 3


def role_play(told: Told, group: Group, number: int, present: Sequence[int]) -> None:
    """What came of the role play of a class that took place, if it has one."""
    said, starts = group.story.played.get(number), group.number(number).starts_at
    if form(told, group, number, present, now=starts + 60 * MINUTE) and said and said.starts:
        _Playing(told, group, number, said).tell()


def form(told: Told, group: Group, number: int, present: Sequence[int], *, now: datetime) -> bool:
    """Groups of those who are present: as the story has them, or as the host forms them. False where there are none."""
    plan, said = group.number(number).plan.role_play, group.story.played.get(number)
    if plan is None or len(present) < 2:
        return False
    session.flush()
    facts = forming.Facts(
        group.number(number).id,
        _format(told, group, plan),
        history_before(plays_in(group.cohort.id), number, now),
        cards_of_class(group.here.course, plan.cards),
        planned=plan.cards,
    )
    keep_groups(
        facts,
        grouping.Grouping(tuple(_tables(group, said))) if said else forming.propose(facts, present, None),
        None,
        by=group.trainer.id,
        organization=group.here.organization.id,
        now=now,
        cards=said.cards if said else None,
    )
    return True


def _format(told: Told, group: Group, plan: RolePlay) -> Format:
    return format_named(plan.format, group.here.course, told.guard)


def _tables(group: Group, said: Played) -> Iterator[grouping.Group]:
    """In each round the next one supports, and the one after that is the person."""
    for number, names in enumerate(said.tables, start=1):
        members = tuple(group.people[name][1] for name in names)
        order = [members[turn:] + members[:turn] for turn in range(min(ROUNDS, len(members)))]
        yield grouping.Group(number, members, tuple(grouping.Round(one[0], one[1], one[2:]) for one in order))


class _Playing:
    """A role play whose clock somebody started."""

    def __init__(self, told: Told, group: Group, number: int, said: Played) -> None:
        plan = group.number(number).plan.role_play
        assert plan
        self.group, self.said, self.plan = group, said, plan
        self.meeting, self.trainer = group.number(number).id, group.trainer.id
        self.organization = group.here.organization.id
        self.format = _format(told, group, plan)
        self.starts = group.number(number).starts_at + said.starts * MINUTE

    def tell(self) -> None:
        on = {"by": self.trainer, "organization": self.organization}
        run = runs.start(self.meeting, self.format.phases, now=self.starts, **on)
        for one in self.said.happened:
            self._saw(run, one) if isinstance(one, Saw) else self._tapped(one)
        self._sheets(run)
        runs.end(self.meeting, now=self._at(self.said.minutes), **on)

    def _at(self, minute: float) -> datetime:
        return self.starts + minute * MINUTE

    def _room(self) -> Room:
        found = room(self.meeting)
        assert found
        return found

    def _place(self, name: str) -> tuple[int, int, int]:
        """Person, enrolment and group of somebody."""
        person, enrolment = self.group.people[name]
        return person.id, enrolment, next(n for n, names in enumerate(self.said.tables, start=1) if name in names)

    def _tapped(self, one: Tapped) -> None:
        at = self._at(one.minute)
        if not one.who:
            runs.change_clock(self.meeting, one.kind, now=at)
            return
        _person, enrolment, number = self._place(one.who)
        if one.kind in runs.CLOCK:
            runs.change_clock(self.meeting, one.kind, now=at, group=number)
        else:
            offered = cards_of_class(self.group.here.course, self.plan.cards)
            runs.choose(self.meeting, enrolment, one.kind, now=at, cards=offered)

    def _saw(self, run: Run, one: Saw) -> None:
        """The trainer was with the group while `who` supported, and may have noted what there was to see."""
        person, enrolment, number = self._place(one.who)
        at = self._at(one.minute)
        noting.visit(run.id, number, enrolment, by=self.trainer, now=at)
        if one.words:
            card = self.group.here.course.card(self._room().card_of(number))
            on = {"by": self.trainer, "about": person, "organization": self.organization}
            noting.note(self.meeting, enrolment, card, one.ticks, one.words, now=at + MINUTE, **on)

    def _sheets(self, run: Run) -> None:
        """Those that the story has, and short ones of most others; then each supporter keeps them, or lets them go."""
        here, known = self._room(), {(one.who, one.round): one for one in self.said.gave}
        last = self._at(self.said.minutes - 2)
        for turn, name in enumerate(self.group.people):
            for place in places_in(here, self.group.people[name][1]).values():
                content = self._written(known.get((name, place.round)), place, turn + place.round)
                if not content.empty:
                    sheet_actions.give(place, content, "", read_by_trainers=self.plan.trainers_read, now=last)
        for number, names in enumerate(self.said.tables, start=1):
            for round, seating in enumerate(here.rounds_of(number), start=1):
                name = next((one for one in names if self.group.people[one][1] == seating.supporter), "")
                if name and name not in self.said.undecided:
                    chosen = sheet_actions.let_go if name in self.said.let_go else sheet_actions.keep
                    chosen(run.id, round, self.group.people[name][1], now=last + MINUTE)

    def _written(self, said: Gave | None, place: sheet_actions.Place, turn: int) -> Content:
        card = self.group.here.course.card(place.card)
        if said:
            return content_of(place.seat, card, said.ticks, said.words)
        words = AFTER_A_ROUND[self.group.story.language][place.seat]
        lines = [line.id for line in card.roles.observer.look_for] if card else []
        seen = lines[turn % 2 :: 2]
        return content_of(place.seat, card, seen, words[turn % len(words)]) if turn % 5 else Content()
