"""Two taps in the same instant, on SQLite and on PostgreSQL: one thing comes of it, nobody meets an error page, and nobody
a topic that they set aside."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select

from lms.builtin.role_play import TRIAD
from lms.features.grouping import wishes
from lms.features.grouping.by_hand import joined
from lms.features.grouping.cards import cards_of_class, topics_of_members
from lms.features.grouping.formats import Format
from lms.features.grouping.forming import Facts, as_told
from lms.features.grouping.models import FormedGroups, GroupingWish, NotThePersonToday, NotThisTopic, Seat
from lms.features.grouping.rules import History
from lms.features.roleplay import messages, noting, runs, sheet_actions
from lms.features.roleplay.keeping import keep_groups, set_aside
from lms.features.roleplay.models import ClockChange, Message, RoomEvent, RoomVisit, Run, Sheet, SupporterNote
from lms.features.roleplay.plays import play_of
from lms.features.roleplay.rooms import Room
from lms.features.roleplay.seating import TAG_IN
from lms.features.roleplay.sheet_actions import Place
from lms.features.roleplay.sheets import Content
from lms.host.db import may_write, saved, session
from lms.plugin_api.scenes import ScenarioCard
from tests.conftest import new_database
from tests.features.attendance.test_roll_call import OPEN
from tests.features.conftest import NOW
from tests.features.roleplay.rooms import Table, begin
from tests.features.test_at_the_same_moment import both
from tests.world import World, app_on_postgres, build_world, northside_app, sign_in

TABLES = (Message, Sheet, SupporterNote, RoomVisit, RoomEvent, ClockChange, Run, Seat, FormedGroups)
CHOSEN = (GroupingWish, NotThePersonToday, NotThisTopic)
DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@dataclass
class House:
    app: Flask
    world: World
    browsers: dict[str, FlaskClient]


@pytest.fixture(scope="module", params=DATABASES)
def house(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, migrated_database: Path
) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("two")
    with time_machine.travel(NOW, tick=False):
        if request.param == "sqlite":
            yield inhabited(northside_app(folder / "instance", migrated_database))
            return
        with app_on_postgres(request.getfixturevalue("postgres_url_of_module"), folder) as app:
            yield inhabited(app)


def inhabited(app: Flask) -> House:
    world = build_world(app, NOW, extra_people=2)
    return House(app, world, {name: sign_in(app, name) for name in ("Sam", "Kim", "Person000", "Amina", "Rosa")})


@pytest.fixture(scope="module")
def postgres_url_of_module(postgres_server: str) -> Iterator[str]:
    with new_database(postgres_server) as url:
        yield url


@pytest.fixture
def table(house: House) -> Iterator[Table]:
    """Sam, Kim and one more in group 1, in round 1; nothing of an earlier test is left."""
    may_write()
    with house.app.app_context(), saved():
        for model in (*TABLES, *CHOSEN):
            session.execute(delete(model))
    with time_machine.travel(OPEN, tick=False):
        yield begin(house.app, house.world, ("Sam", "Kim", "Person001"), card="the-quiet-table", ago=150)


@pytest.fixture
def meeting(house: House) -> int:
    return house.world.meetings["evening"][5]


@pytest.fixture
def play(house: House) -> str:
    return f"/cohorts/{house.world.cohorts['evening']}/classes/6/role-play"


def cards(house: House) -> list[ScenarioCard]:
    course = house.app.extensions["lms"].catalog.courses["northside:core-peer-support"].course
    return cards_of_class(course, course.classes[5].role_play.cards)


def room_of(house: House) -> Room:
    with house.app.app_context():
        found = play_of(house.world.meetings["evening"][5]).room
        assert found
        return found


def meanwhile(house: House, first: Callable[[], object], second: Callable[[], object]) -> None:
    """`second` begins while `first` is done and not saved yet."""
    begun = threading.Event()
    troubles: list[BaseException] = []

    def hold() -> None:
        try:
            with house.app.app_context():
                may_write()
                with saved():
                    first()
                    session.flush()
                    begun.set()
                    time.sleep(0.5)
        except BaseException as error:
            begun.set()
            troubles.append(error)

    def follow() -> None:
        begun.wait(10)
        try:
            second()
        except BaseException as error:
            troubles.append(error)

    threads = [threading.Thread(target=one, daemon=True) for one in (hold, follow)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads)
    assert troubles == []


# -- a card and who sits at the table ---------------------------------------------------------------------------


def comes_late(house: House, meeting: int) -> None:
    """Person000 joins group 1, as a trainer does it."""
    world, before = house.world, play_of(meeting).formed
    assert before
    facts = Facts(meeting, Format("triad", TRIAD.shape), History(), cards(house))
    grouping = as_told(facts, joined(before.grouping.groups, world.enrolments["Person000"], 1))
    by = {"by": world.people["Amina"], "organization": world.organizations["northside"]}
    assert keep_groups(facts, grouping, before, **by, now=OPEN, seen=before.version)


def swaps(house: House, meeting: int, name: str = "Sam") -> None:
    runs.choose(meeting, house.world.enrolments[name], "swap", now=OPEN, cards=cards(house), shown="the-quiet-table")


def sets_loneliness_aside(house: House, meeting: int) -> None:
    world = house.world
    mine = [world.enrolments["Person000"]]
    set_aside(world.people["Person000"], "loneliness", True, mine, {meeting: cards(house)}, over=frozenset(), now=OPEN)


def swap_by_page(house: House, play: str, name: str) -> None:
    answer = house.browsers[name].post(f"{play}/room", data={"do": "swap", "card": "the-quiet-table"})
    assert answer.status_code == 303, answer.text


def join_by_page(house: House, play: str) -> None:
    data = {"member": house.world.enrolments["Person000"], "group": 1, "version": 1}
    assert house.browsers["Amina"].post(f"{play}/groups/join", data=data).status_code == 303


def expect_no_topic_is_met(house: House) -> None:
    """Person000 sits in group 1, and what it plays does not touch what they set aside."""
    now_here, late = room_of(house), house.world.enrolments["Person000"]
    group = now_here.group_of(late)
    assert group
    assert group.number == 1
    with house.app.app_context():
        assert topics_of_members([late]) == {late: {"loneliness"}}
    (playing,) = [card for card in cards(house) if card.id == now_here.card_of(1)]
    assert "loneliness" not in playing.content_notes


@pytest.fixture
def aside(house: House, table: Table) -> None:
    """Person000, who is not here yet, has set loneliness aside; a swap would otherwise bring a card about it."""
    with house.app.app_context(), saved():
        session.add(NotThisTopic(person_id=house.world.people["Person000"], topic="loneliness", set_at=NOW))


def test_without_anybody_late_a_swap_brings_the_card_that_is_meant_here(
    house: House, table: Table, meeting: int
) -> None:
    with house.app.app_context(), saved():
        swaps(house, meeting)
    assert room_of(house).card_of(1) == "first-coffee"


def test_a_swap_waits_for_whoever_comes_late_and_suits_them_too(
    house: House, aside: None, meeting: int, play: str
) -> None:
    meanwhile(house, lambda: comes_late(house, meeting), lambda: swap_by_page(house, play, "Sam"))
    expect_no_topic_is_met(house)


def test_whoever_comes_late_while_a_card_is_swapped_gets_a_card_that_suits_them(
    house: House, aside: None, meeting: int, play: str
) -> None:
    meanwhile(house, lambda: swaps(house, meeting), lambda: join_by_page(house, play))
    expect_no_topic_is_met(house)


def test_two_swaps_at_the_instant_of_a_late_arrival(house: House, aside: None, meeting: int, play: str) -> None:
    kim = threading.Thread(target=swap_by_page, args=(house, play, "Kim"))

    def first() -> None:
        comes_late(house, meeting)
        kim.start()

    meanwhile(house, first, lambda: swap_by_page(house, play, "Sam"))
    kim.join(30)
    expect_no_topic_is_met(house)
    with house.app.app_context():
        assert list(session.scalars(select(RoomEvent.kind))) == ["swap"], "the second had the card of the first"


def test_whoever_joins_while_they_set_a_topic_aside_does_not_meet_it(
    house: House, table: Table, meeting: int, play: str
) -> None:
    with house.app.app_context(), saved():
        swaps(house, meeting)  # first-coffee, which mentions loneliness
    meanwhile(house, lambda: sets_loneliness_aside(house, meeting), lambda: join_by_page(house, play))
    expect_no_topic_is_met(house)


def test_whoever_sets_a_topic_aside_while_they_are_seated_does_not_meet_it(
    house: House, table: Table, meeting: int, play: str
) -> None:
    with house.app.app_context(), saved():
        swaps(house, meeting)

    def by_page() -> None:
        data = {"topic": "loneliness", "aside": "yes"}
        assert house.browsers["Person000"].post(f"{play}/topics", data=data).status_code == 303

    meanwhile(house, lambda: comes_late(house, meeting), by_page)
    expect_no_topic_is_met(house)


# -- the same tap twice ----------------------------------------------------------------------------------------


@dataclass
class Tap:
    """What somebody does twice, what there is of it then, and what came before."""

    act: Callable[[House, Table, int], object]
    leaves: dict[type, int]
    before: Callable[[House, Table, int], object] = lambda _house, _table, _meeting: None


def choice(kind: str, name: str = "Sam") -> Callable[[House, Table, int], object]:
    return lambda house, _table, meeting: runs.choose(
        meeting, house.world.enrolments[name], kind, now=datetime.now(UTC), cards=cards(house), shown="the-quiet-table"
    )


def clock(kind: str, group: int | None = None, phase: int | None = None) -> Callable[[House, Table, int], object]:
    return lambda house, _table, meeting: runs.change_clock(
        meeting, kind, now=datetime.now(UTC), group=group, phase=phase
    )


def by_amina(house: House) -> dict[str, int]:
    return {"by": house.world.people["Amina"], "organization": house.world.organizations["northside"]}


def place(house: House, table: Table) -> Place:
    seats = house.world.enrolments
    return Place(table.run_id, 1, 1, seats["Kim"], "person", seats["Sam"], "the-quiet-table")


def give(house: House, table: Table, _meeting: int) -> None:
    content = Content((), {"heard": "When you waited"})
    sheet_actions.give(place(house, table), content, "", read_by_trainers=False, now=OPEN)


def note(house: House, _table: Table, meeting: int) -> None:
    sam = {"about": house.world.people["Sam"], "now": OPEN}
    noting.note(meeting, house.world.enrolments["Sam"], None, (), "A kind pause.", **by_amina(house), **sam)


def take_back(house: House, _table: Table, meeting: int) -> None:
    id = session.scalar(select(SupporterNote.id)) or 1
    noting.take_back(id, meeting, about=house.world.people["Sam"], now=OPEN, **by_amina(house))


def wish(house: House, _table: Table, _meeting: int) -> None:
    pair = [house.world.enrolments[name] for name in ("Sam", "Kim")]
    wishes.set_wish(house.world.cohorts["evening"], pair, True, pair, now=OPEN, **by_amina(house))


def no_person(asked: bool) -> Callable[[House, Table, int], object]:
    return lambda house, _table, meeting: wishes.ask_not_to_play_the_person(
        meeting, house.world.enrolments["Sam"], asked, now=OPEN
    )


def topic_aside(aside: bool) -> Callable[[House, Table, int], object]:
    return lambda house, _table, meeting: set_aside(
        house.world.people["Sam"], "grief", aside, [house.world.enrolments["Sam"]], {meeting: cards(house)}, over=(), now=OPEN
    )  # fmt: skip


TAPS = {
    "start": Tap(
        lambda house, _table, meeting: runs.start(
            meeting, Format("triad", TRIAD.shape).phases, now=OPEN, **by_amina(house)
        ),
        {Run: 2},
        lambda house, _table, meeting: runs.end(meeting, now=OPEN, **by_amina(house)),
    ),
    "start while one goes on": Tap(
        lambda house, _table, meeting: runs.start(
            meeting, Format("triad", TRIAD.shape).phases, now=OPEN, **by_amina(house)
        ),
        {Run: 1},
    ),
    "end": Tap(lambda house, _table, meeting: runs.end(meeting, now=OPEN, **by_amina(house)), {Run: 1}),
    "take up again": Tap(
        lambda house, table, meeting: runs.take_up(
            meeting, run_id=table.run_id, now=OPEN + timedelta(minutes=1), **by_amina(house)
        ),
        {Run: 1, ClockChange: 2},
        lambda house, _table, meeting: runs.end(meeting, now=OPEN, **by_amina(house)),
    ),
    "say something to all": Tap(
        lambda house, _table, meeting: messages.send(
            meeting, "", "Two minutes more.", group=None, by=house.world.people["Amina"], now=OPEN
        ),
        {Message: 1},
    ),
    "take the supporter's place": Tap(
        lambda house, _table, meeting: runs.choose(
            meeting, house.world.enrolments["Person001"], TAG_IN, now=OPEN, tags_in=True
        ),
        {RoomEvent: 1},
    ),
    "pause all": Tap(clock("pause"), {ClockChange: 1}),
    "pause one group": Tap(clock("pause", group=1), {ClockChange: 1}),
    "go on, all": Tap(clock("go_on"), {ClockChange: 2}, clock("pause")),
    "go on, one group": Tap(clock("go_on", group=1), {ClockChange: 2}, clock("pause", group=1)),
    "next": Tap(clock("next", group=1, phase=1), {ClockChange: 1}),
    "bring back": Tap(clock("bring_back"), {ClockChange: 1}),
    **{kind: Tap(choice(kind), {RoomEvent: 1}) for kind in ("observe", "swap", "out", "leave", "moment", "help")},
    "back": Tap(choice("back"), {RoomEvent: 2}, choice("out")),
    "give a sheet": Tap(give, {Sheet: 1}),
    "keep": Tap(
        lambda house, table, _meeting: sheet_actions.keep(table.run_id, 1, house.world.enrolments["Sam"], now=OPEN),
        {Sheet: 1},
        give,
    ),
    "let go": Tap(
        lambda house, table, _meeting: sheet_actions.let_go(table.run_id, 1, house.world.enrolments["Sam"], now=OPEN),
        {Sheet: 1},
        give,
    ),
    "visit": Tap(
        lambda house, table, _meeting: noting.visit(table.run_id, 1, None, by=house.world.people["Amina"], now=OPEN),
        {RoomVisit: 1},
    ),
    "note": Tap(note, {SupporterNote: 1}),
    "take a note back": Tap(take_back, {SupporterNote: 0}, note),
    "keep apart": Tap(wish, {GroupingWish: 1}),
    "not the person": Tap(no_person(asked=True), {NotThePersonToday: 1}),
    "the person again": Tap(no_person(asked=False), {NotThePersonToday: 0}, no_person(asked=True)),
    "not this topic": Tap(topic_aside(aside=True), {NotThisTopic: 1}),
    "this topic again": Tap(topic_aside(aside=False), {NotThisTopic: 0}, topic_aside(aside=True)),
}


@pytest.mark.parametrize("what", list(TAPS))
def test_two_taps_at_once_are_one(house: House, table: Table, meeting: int, what: str) -> None:
    tap = TAPS[what]
    with house.app.app_context(), saved():
        tap.before(house, table, meeting)
    told = both(house.app, lambda: tap.act(house, table, meeting))
    assert told == ["done", "done"]
    with house.app.app_context():
        found = {model: session.scalar(select(func.count()).select_from(model)) for model in tap.leaves}
    assert found == tap.leaves


def test_two_trainers_who_start_in_the_same_instant_are_at_one_board(
    house: House, table: Table, meeting: int, play: str
) -> None:
    """Rosa's tap comes while Amina's is not saved yet: both come to the board of the same role play."""
    with house.app.app_context(), saved():
        runs.end(meeting, now=OPEN, **by_amina(house))
    phases = Format("triad", TRIAD.shape).phases
    boards: list[str] = []

    def rosa() -> None:
        answer = house.browsers["Rosa"].post(f"{play}/run", data={"do": "start"}, follow_redirects=True)
        boards.append(answer.text)

    meanwhile(house, lambda: runs.start(meeting, phases, now=OPEN, **by_amina(house)), rosa)
    with house.app.app_context():
        runs_begun = session.scalars(select(Run).order_by(Run.id)).all()
        assert [run.ended_at is None for run in runs_begun] == [False, True]
        assert runs_begun[-1].started_by == house.world.people["Amina"]
    assert f'name="run" value="{runs_begun[-1].id}"' in boards[0]


def test_a_role_play_that_is_ended_is_not_taken_for_one_that_goes_on(
    house: House, table: Table, meeting: int, play: str
) -> None:
    """Amina ends it, and Rosa, who has not seen that yet, starts: hers is a new one."""
    meanwhile(
        house,
        lambda: runs.end(meeting, now=OPEN + timedelta(seconds=1), **by_amina(house)),
        lambda: house.browsers["Rosa"].post(f"{play}/run", data={"do": "start"}),
    )
    with house.app.app_context():
        assert [run.ended_at is None for run in session.scalars(select(Run).order_by(Run.id))] == [False, True]


@pytest.mark.parametrize(
    ("where", "data"),
    [
        ("groups/lock", {"group": 1}),
        ("groups/card", {"card": "lost-bus-pass"}),
        ("groups/join", {"member": "Person000", "group": 1}),
    ],
)
def test_what_a_trainer_does_to_groups_that_change_in_that_instant_is_not_said_to_be_done(
    house: House, table: Table, meeting: int, play: str, where: str, data: dict[str, object]
) -> None:
    sent = {key: house.world.enrolments.get(str(value), value) for key, value in data.items()} | {"version": 1}
    pages: list[str] = []

    def rosa() -> None:
        pages.append(house.browsers["Rosa"].post(f"{play}/{where}", data=sent, follow_redirects=True).text)

    meanwhile(house, lambda: comes_late(house, meeting), rosa)
    assert "The groups have changed meanwhile. Look at them again, then choose." in pages[0]
    with house.app.app_context():
        found = play_of(meeting).formed
        assert found
        assert (found.version, found.locked, found.cards) == (2, frozenset(), {1: "the-quiet-table"})
