"""What a trainer changes in formed groups, one tap each; and the wishes that nobody else can infer."""

from __future__ import annotations

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from lms.builtin.role_play import FISHBOWL
from lms.features.grouping.models import FormedGroups, GroupingWish, NotThePersonToday, Seat
from lms.host.db import saved, session
from tests.features.attendance.test_roll_call import OPEN
from tests.features.conftest import Browser
from tests.pages import follow, said
from tests.world import World

GROUP = ("Sam", "Kim", "Person000", "Person001", "Person002")


@pytest.fixture(autouse=True)
def roll_call_is_open(clock: time_machine.Coordinates) -> None:
    clock.move_to(OPEN)


@pytest.fixture
def role_play(evening: str) -> str:
    """That of class 6."""
    return f"{evening}/classes/6/role-play"


@pytest.fixture
def amina(browser: Browser) -> FlaskClient:
    return browser("Amina")


def groups(app: Flask) -> dict[int, set[int]]:
    """Group number to its people, as formed last."""
    found: dict[int, set[int]] = {}
    with app.app_context():
        last = session.scalars(select(FormedGroups).order_by(FormedGroups.version.desc())).first()
        assert last is not None
        for seat in session.scalars(select(Seat).where(Seat.groups_id == last.id)):
            found.setdefault(seat.group_number, set()).add(seat.enrolment_id)
    return found


def rounds(app: Flask, role: str) -> list[int]:
    """Who has this role, over all rounds, as formed last."""
    with app.app_context():
        last = session.scalars(select(FormedGroups).order_by(FormedGroups.version.desc())).first()
        assert last is not None
        return list(session.scalars(select(Seat.enrolment_id).where(Seat.groups_id == last.id, Seat.role == role)))


def versions(app: Flask) -> int:
    with app.app_context():
        return len(session.scalars(select(FormedGroups)).all())


def keep(client: FlaskClient, world: World, evening: str, one: str, other: str, how: str = "apart") -> TestResponse:
    people = {"a": world.enrolments[one], "b": world.enrolments[other], "how": how}
    return client.post(f"{evening}/role-play/wishes", data=people)


def form(client: FlaskClient, role_play: str, **fields: str) -> TestResponse:
    return client.post(f"{role_play}/groups", data=fields)


# -- apart and together -----------------------------------------------------------------------------------------


def test_two_who_are_apart_never_share_a_group(
    app: Flask, world: World, amina: FlaskClient, evening: str, role_play: str
) -> None:
    page = said(follow(amina, keep(amina, world, evening, "Kim", "Sam")))
    assert "Sam and Kim apart" in page
    apart = {world.enrolments["Sam"], world.enrolments["Kim"]}
    for _ in range(4):
        assert form(amina, role_play, anew="yes").status_code == 303
        assert not [group for group in groups(app).values() if apart <= group]


def test_two_who_are_together_share_a_group(
    app: Flask, world: World, amina: FlaskClient, evening: str, role_play: str
) -> None:
    keep(amina, world, evening, "Person000", "Person002", "together")
    keep(amina, world, evening, "Sam", "Kim")  # so that five make two groups
    together = {world.enrolments["Person000"], world.enrolments["Person002"]}
    for _ in range(4):
        form(amina, role_play, anew="yes")
        assert [group for group in groups(app).values() if together <= group]


def test_where_no_way_is_left_the_closest_is_shown_before_it_is_used(
    app: Flask, world: World, amina: FlaskClient, evening: str, role_play: str
) -> None:
    for name in ("Person000", "Person001", "Person002"):
        amina.post(f"{evening}/classes/6/marks", data={"enrolment": world.enrolments[name], "status": "away"})
    keep(amina, world, evening, "Sam", "Kim")
    answer = form(amina, role_play, version="0")
    assert answer.status_code == 409
    page = said(answer)
    assert "These wishes cannot all be kept. This is the closest." in page
    assert "Sam and Kim sit in one group, though they are to be apart." in page
    assert "Nothing is kept yet." in page
    assert versions(app) == 0
    assert 'name="version" value="0"' in answer.text, "what was chosen comes along"
    assert form(amina, role_play, version="0", anyway="yes").status_code == 303
    assert versions(app) == 1


def test_a_wish_is_dropped_and_replaced(app: Flask, world: World, amina: FlaskClient, evening: str) -> None:
    keep(amina, world, evening, "Sam", "Kim")
    keep(amina, world, evening, "Kim", "Sam", "together")
    with app.app_context():
        assert [wish.apart for wish in session.scalars(select(GroupingWish))] == [False]
    pair = {"a": world.enrolments["Kim"], "b": world.enrolments["Sam"]}
    amina.post(f"{evening}/role-play/wishes/drop", data=pair)
    amina.post(f"{evening}/role-play/wishes/drop", data=pair)
    with app.app_context():
        assert session.scalars(select(GroupingWish)).all() == []


def test_a_wish_needs_two_people_of_the_group(app: Flask, world: World, amina: FlaskClient, evening: str) -> None:
    answer = keep(amina, world, evening, "Sam", "Sam")
    assert answer.status_code == 422
    assert "Choose two people of this group." in said(answer)
    assert f'value="{world.enrolments["Sam"]}" selected' in answer.text, "what was chosen stays"
    strangers = {"a": world.enrolments["Sam"], "b": 999_999, "how": "apart"}
    assert amina.post(f"{evening}/role-play/wishes", data=strangers).status_code == 422
    nothing = {"a": world.enrolments["Sam"], "b": world.enrolments["Kim"]}
    assert "Choose whether they are to be apart or together." in said(
        amina.post(f"{evening}/role-play/wishes", data=nothing)
    )
    with app.app_context():
        assert session.scalars(select(GroupingWish)).all() == []


def test_nothing_that_trainees_read_tells_of_a_wish(
    world: World, amina: FlaskClient, browser: Browser, evening: str, role_play: str
) -> None:
    form(amina, role_play)
    paths = ("/today", evening, f"{evening}/classes/6", role_play)
    before = {(name, path): browser(name).get(path).data for name in ("Sam", "Kim") for path in paths}
    keep(amina, world, evening, "Sam", "Kim")
    assert {(name, path): browser(name).get(path).data for name in ("Sam", "Kim") for path in paths} == before
    form(amina, role_play)
    for name in ("Sam", "Kim"):
        assert "apart" not in said(browser(name).get(role_play))


# -- not the person today ---------------------------------------------------------------------------------------


def test_somebody_who_asks_does_not_play_the_person(
    app: Flask, world: World, amina: FlaskClient, browser: Browser, role_play: str
) -> None:
    sam = browser("Sam")
    page = said(follow(sam, sam.post(f"{role_play}/not-the-person", data={"today": "yes"})))
    assert "You asked not to play the person in this class." in page
    for _ in range(3):
        form(amina, role_play, anew="yes")
        assert world.enrolments["Sam"] not in rounds(app, "person")
    sam.post(f"{role_play}/not-the-person", data={"today": "yes"})
    sam.post(f"{role_play}/not-the-person", data={"today": "no"})
    with app.app_context():
        assert session.scalars(select(NotThePersonToday)).all() == []


def test_a_pair_that_cannot_keep_it_names_it_to_the_trainer_alone(
    world: World, amina: FlaskClient, browser: Browser, evening: str, role_play: str
) -> None:
    for name in ("Person000", "Person001", "Person002"):
        amina.post(f"{evening}/classes/6/marks", data={"enrolment": world.enrolments[name], "status": "away"})
    browser("Sam").post(f"{role_play}/not-the-person", data={"today": "yes"})
    form(amina, role_play)
    sentence = "Asked not to play the person today, and numbers leave no other way: Sam."
    assert sentence in said(amina.get(role_play))
    assert "Asked not to" not in said(browser("Kim").get(role_play))


# -- by hand ----------------------------------------------------------------------------------------------------


@pytest.fixture
def two_groups(app: Flask, world: World, amina: FlaskClient, evening: str, role_play: str) -> dict[int, set[int]]:
    """Sam and Kim are to be apart, so five people make two groups. The wish is dropped afterwards."""
    keep(amina, world, evening, "Sam", "Kim")
    form(amina, role_play)
    pair = {"a": world.enrolments["Kim"], "b": world.enrolments["Sam"]}
    amina.post(f"{evening}/role-play/wishes/drop", data=pair)
    found = groups(app)
    assert len(found) == 2
    return found


def test_two_ticked_people_change_places(
    app: Flask, amina: FlaskClient, role_play: str, two_groups: dict[int, set[int]]
) -> None:
    (one, first), (two, second) = sorted(two_groups.items())
    a, b = min(first), min(second)
    answer = amina.post(f"{role_play}/groups/swap", data={"member": [a, b], "version": "1"})
    assert "They have changed places." in said(follow(amina, answer))
    assert groups(app) == {one: first - {a} | {b}, two: second - {b} | {a}}


@pytest.mark.parametrize("which", ["one", "same", "three", "nobody"])
def test_a_swap_needs_two_people_of_two_groups(
    app: Flask, amina: FlaskClient, role_play: str, two_groups: dict[int, set[int]], which: str
) -> None:
    larger, smaller = sorted(two_groups.values(), key=len, reverse=True)
    ticked = {
        "one": [min(larger)],
        "same": sorted(larger)[:2],
        "three": [*sorted(larger)[:2], min(smaller)],
        "nobody": [],
    }
    answer = amina.post(f"{role_play}/groups/swap", data={"member": ticked[which]})
    assert answer.status_code == 409
    assert "Choose two people from two groups, then swap them." in said(answer)
    assert versions(app) == 1


def test_a_swap_that_brings_two_together_who_are_apart_is_shown_first(
    app: Flask, world: World, amina: FlaskClient, evening: str, role_play: str
) -> None:
    keep(amina, world, evening, "Sam", "Kim")
    form(amina, role_play)
    sam, kim = world.enrolments["Sam"], world.enrolments["Kim"]
    mate = next(who for group in groups(app).values() if kim in group for who in group if who != kim)
    before = groups(app)
    answer = amina.post(f"{role_play}/groups/swap", data={"member": [sam, mate], "version": "1"})
    assert answer.status_code == 409
    assert "sit in one group, though they are to be apart." in said(answer)
    assert answer.text.count('type="hidden" name="member"') == 2
    assert groups(app) == before
    amina.post(f"{role_play}/groups/swap", data={"member": [sam, mate], "version": "1", "anyway": "yes"})
    assert [group for group in groups(app).values() if {sam, kim} <= group]


def test_a_change_on_an_older_page_is_not_made(
    app: Flask, amina: FlaskClient, role_play: str, two_groups: dict[int, set[int]]
) -> None:
    form(amina, role_play)
    answer = amina.post(f"{role_play}/groups/merge", data={"group": "1", "into": "2", "version": "1"})
    assert answer.status_code == 409
    assert "The groups have changed meanwhile." in said(answer)
    assert len(groups(app)) == 2


def test_two_groups_become_one(app: Flask, amina: FlaskClient, role_play: str, two_groups: dict[int, set[int]]) -> None:
    amina.post(f"{role_play}/groups/merge", data={"group": "2", "into": "1"})
    assert groups(app) == {1: two_groups[1] | two_groups[2]}


def test_a_locked_group_stays_when_the_others_are_mixed(
    app: Flask, amina: FlaskClient, role_play: str, two_groups: dict[int, set[int]]
) -> None:
    answer = amina.post(f"{role_play}/groups/lock", data={"group": "2"})
    assert "This group stays as it is." in said(follow(amina, answer))
    for _ in range(4):
        form(amina, role_play, anew="yes")
        assert groups(app)[2] == two_groups[2]
    answer = amina.post(f"{role_play}/groups/lock", data={"group": "2", "stay": "no"})
    assert "This group can change again." in said(follow(amina, answer))
    form(amina, role_play, anew="yes")
    assert len(groups(app)) == 1, "five of whom nobody is apart"


def test_who_comes_late_observes_in_the_smallest_group_and_all_others_keep_their_seats(
    app: Flask, world: World, amina: FlaskClient, evening: str, role_play: str
) -> None:
    kim = world.enrolments["Kim"]
    amina.post(f"{evening}/classes/6/marks", data={"enrolment": kim, "status": "away"})
    form(amina, role_play)
    amina.post(f"{evening}/classes/6/marks", data={"enrolment": kim, "status": "late"})
    assert "Kim observes in group 1" in said(amina.get(role_play))
    supporters, persons = rounds(app, "supporter"), rounds(app, "person")
    amina.post(f"{role_play}/groups/join", data={"member": kim, "group": "1"})
    assert (rounds(app, "supporter"), rounds(app, "person")) == (supporters, persons)
    assert rounds(app, "observer").count(kim) == 3
    again = amina.post(f"{role_play}/groups/join", data={"member": kim, "group": "1"})
    assert again.status_code == 409


def test_a_group_goes_on_as_a_pair_when_somebody_has_gone(
    app: Flask, world: World, amina: FlaskClient, evening: str, role_play: str, two_groups: dict[int, set[int]]
) -> None:
    three = max(two_groups.values(), key=len)
    gone = min(three)
    amina.post(f"{evening}/classes/6/marks", data={"enrolment": gone, "status": "away"})
    page = said(amina.get(role_play))
    assert "Their groups go on without them" in page
    amina.post(f"{role_play}/groups/go-on")
    assert sorted(map(len, groups(app).values())) == [2, 2]
    assert "Make one group with group" in said(amina.get(role_play))


def test_a_card_is_given_to_one_group_or_to_all(
    app: Flask, amina: FlaskClient, browser: Browser, role_play: str, two_groups: dict[int, set[int]]
) -> None:
    def cards() -> dict[str, str]:
        with app.app_context():
            last = session.scalars(select(FormedGroups).order_by(FormedGroups.version.desc())).first()
            assert last is not None
            return dict(last.cards)

    amina.post(f"{role_play}/groups/card", data={"card": "the-quiet-table", "group": "2"})
    assert cards()["2"] == "the-quiet-table"
    amina.post(f"{role_play}/groups/card", data={"card": "lost-bus-pass"})
    assert set(cards().values()) == {"lost-bus-pass"}
    assert amina.post(f"{role_play}/groups/card", data={"card": "no-such-card"}).status_code == 409
    for name in GROUP:
        browser(name).post(f"{role_play}/topics", data={"topic": "loneliness", "aside": "yes"})
    answer = amina.post(f"{role_play}/groups/card", data={"card": "first-coffee"})
    assert "first-coffee" not in cards().values(), "it mentions loneliness"
    assert "loneliness" not in said(follow(amina, answer)).partition("The cards")[0]


# -- formats ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("format", "sizes"), [("dyad", [2, 3]), ("fishbowl", [5]), ("trainer-in-role", [5])])
def test_another_format_is_chosen_for_a_class(
    app: Flask, amina: FlaskClient, browser: Browser, role_play: str, format: str, sizes: list[int]
) -> None:
    assert form(amina, role_play, format=format).status_code == 303
    assert sorted(map(len, groups(app).values())) == sizes
    assert bool(rounds(app, "person")) == (format != "trainer-in-role")
    assert f'value="{format}" selected' in amina.get(role_play).text
    for name in GROUP:
        assert browser(name).get(role_play).status_code == 200


def test_in_a_fishbowl_each_observer_looks_for_one_thing_and_may_take_over(
    app: Flask, world: World, amina: FlaskClient, browser: Browser, role_play: str
) -> None:
    form(amina, role_play, format="fishbowl")
    watching = set(rounds(app, "observer"))
    amina.post(f"{role_play}/run", data={"do": "start"})
    lenses = []
    for name in GROUP:
        page = said(browser(name).get(role_play))
        observes = world.enrolments[name] in watching
        assert ("You look for one thing" in page) == observes
        assert ("you may take the supporter's place" in page) == observes
        lenses += [lens.en for lens in FISHBOWL.shape.lenses if lens.en in page]
    assert len(lenses) == len(set(lenses)) == len(watching) == 3


def test_where_a_trainer_plays_the_group_reads_so(amina: FlaskClient, browser: Browser, role_play: str) -> None:
    form(amina, role_play, format="trainer-in-role")
    amina.post(f"{role_play}/run", data={"do": "start"})
    for name in GROUP:
        page = said(browser(name).get(role_play))
        assert "Your trainer person" in page
        assert "You are the person" not in page


def test_wishes_of_a_plugin_that_cannot_say_are_left_out_and_the_trainer_reads_so(
    app: Flask, amina: FlaskClient, browser: Browser, role_play: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser("Olga").post("/organizations/northside/plugins/harbourlight", data={})
    sentence = "'Newcomers among others' could not say its wishes for the groups. They are formed without."
    assert sentence not in said(amina.get(role_play))
    wishes = app.extensions["lms"].guard.host.provided("grouping_wishes", "newcomers-among-others").provider
    monkeypatch.setattr(type(wishes), "wishes", lambda *_asked: [])
    assert sentence in said(amina.get(role_play))
    assert form(amina, role_play).status_code == 303
    assert groups(app)


def test_threes_stand_in_for_a_format_whose_plugin_has_gone(
    app: Flask, amina: FlaskClient, browser: Browser, role_play: str
) -> None:
    form(amina, role_play, format="fishbowl")
    with app.app_context(), saved():
        for formed in session.scalars(select(FormedGroups)):
            formed.format = "long-walk"
    sentence = "The format 'long-walk' comes from a plugin that is not here now. Threes stand in for it."
    assert sentence in said(amina.get(role_play))
    assert "long-walk" not in said(browser("Sam").get(role_play))
    amina.post(f"{role_play}/run", data={"do": "start"})
    for name in GROUP:
        assert browser(name).get(role_play).status_code == 200
    assert form(amina, role_play, format="triad").status_code == 303
    assert sentence not in said(amina.get(role_play))


def test_an_unknown_format_is_not_there(app: Flask, amina: FlaskClient, role_play: str) -> None:
    assert form(amina, role_play, format="quartet").status_code == 404
    assert versions(app) == 0


def test_one_person_can_practise_with_a_trainer(
    app: Flask, world: World, amina: FlaskClient, browser: Browser, evening: str, role_play: str
) -> None:
    for name in GROUP[1:]:
        amina.post(f"{evening}/classes/6/marks", data={"enrolment": world.enrolments[name], "status": "away"})
    assert "One person is here." in said(amina.get(role_play))
    form(amina, role_play, format="trainer-in-role")
    assert rounds(app, "supporter") == [world.enrolments["Sam"]]
    assert "You are the supporter" in said(browser("Sam").get(role_play))
    assert "You, or another trainer" in said(amina.get(role_play))


def test_what_to_paste_names_rooms_phases_and_times(amina: FlaskClient, role_play: str) -> None:
    form(amina, role_play)
    page = amina.get(role_play).text
    rooms, instructions = page.split("<textarea")[1:3]
    assert "Group 1: " in rooms
    assert "3 rounds, each: read the card (1 min), play (3 min), feedback (2 min)" in instructions
    assert "step out of the role (2 min)" in instructions
    assert "/role-play" in instructions
