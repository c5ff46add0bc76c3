"""Role play in a class: groups of who is here, one's own card, and a topic set aside without a word to anybody."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.features.cohorts.models import Cohort
from lms.features.cohorts.queries import revision_of
from lms.features.grouping.models import FormedGroups, NotThisTopic, Seat
from lms.host.audit import AuditRow
from lms.host.db import session
from lms.plugin_api.content import Course
from lms.plugin_api.scenes import ScenarioCard
from lms.plugin_api.values import Text
from tests.features.attendance.test_roll_call import OPEN
from tests.features.conftest import Browser
from tests.pages import follow, said
from tests.world import World

GROUP = ("Sam", "Kim", "Person000", "Person001", "Person002")


@pytest.fixture
def tonight(evening: str) -> str:
    """Class 6, with the cards First coffee (it mentions loneliness), Lost bus pass and The quiet table."""
    return f"{evening}/classes/6"


@pytest.fixture(autouse=True)
def roll_call_is_open(clock: time_machine.Coordinates) -> None:
    """An hour before class 6."""
    clock.move_to(OPEN)


@pytest.fixture
def amina(browser: Browser) -> FlaskClient:
    return browser("Amina")


@pytest.fixture
def course(app: Flask, world: World) -> Course:
    with app.app_context():
        return revision_of(session.get_one(Cohort, world.cohorts["evening"]).revision_digest).course


def form_groups(client: FlaskClient, tonight: str) -> str:
    answer = client.post(f"{tonight}/role-play/groups")
    return said(follow(client, answer))


def mark(client: FlaskClient, world: World, tonight: str, name: str, status: str) -> None:
    client.post(f"{tonight}/marks", data={"enrolment": world.enrolments[name], "status": status})


def formed(app: Flask) -> list[FormedGroups]:
    with app.app_context():
        return list(session.scalars(select(FormedGroups).order_by(FormedGroups.version)))


def seated(app: Flask, version: int) -> set[int]:
    with app.app_context():
        return set(session.scalars(select(Seat.enrolment_id).where(Seat.groups_id == formed(app)[version - 1].id)))


def card_of(app: Flask, world: World, name: str) -> str:
    """The card of this person's group, as formed last."""
    with app.app_context():
        last = formed(app)[-1]
        number = session.scalar(
            select(Seat.group_number)
            .where(Seat.groups_id == last.id, Seat.enrolment_id == world.enrolments[name])
            .limit(1)
        )
        return str(last.cards[str(number)])


def texts_of(card: ScenarioCard, seat: str) -> list[str]:
    """Every sentence of one role, in both languages."""
    role = getattr(card.roles, seat)
    found = []
    for value in dict(role).values():
        for text in value if isinstance(value, (tuple, list)) else (value,):
            found += [text.en, text.fr] if isinstance(text, Text) or hasattr(text, "fr") else []
    return found


# -- forming ------------------------------------------------------------------------------------------------


def test_groups_are_of_those_who_are_here(
    app: Flask, world: World, amina: FlaskClient, browser: Browser, tonight: str
) -> None:
    browser("Kim").post(f"{tonight}/notice")
    mark(amina, world, tonight, "Person000", "away")
    mark(amina, world, tonight, "Person001", "late")
    page = form_groups(amina, tonight)
    assert "The groups are ready. Everyone sees their own card." in page
    assert "3 people can be grouped: everyone who is not marked away." in page
    assert "Away: Kim, Person000" in page
    assert seated(app, 1) == {world.enrolments[name] for name in ("Sam", "Person001", "Person002")}


def test_somebody_who_comes_later_is_named_and_forming_again_keeps_both_versions(
    app: Flask, world: World, amina: FlaskClient, browser: Browser, tonight: str, clock: time_machine.Coordinates
) -> None:
    mark(amina, world, tonight, "Kim", "away")
    form_groups(amina, tonight)
    assert "The groups were formed before you came. Tell your trainer that you are here." in said(
        browser("Kim").get(f"{tonight}/role-play")
    )
    mark(amina, world, tonight, "Kim", "late")
    mark(amina, world, tonight, "Sam", "away")
    page = said(amina.get(f"{tonight}/role-play"))
    assert "Here now, without a group: Kim" in page
    assert "Away now, still in a group: Sam" in page
    before = seated(app, 1)
    clock.shift(timedelta(minutes=5))
    form_groups(amina, tonight)
    assert [groups.version for groups in formed(app)] == [1, 2]
    assert seated(app, 1) == before, "the first version stays as it was"
    assert world.enrolments["Kim"] in seated(app, 2)
    assert world.enrolments["Sam"] not in seated(app, 2)


def test_one_person_alone_is_no_group(app: Flask, world: World, amina: FlaskClient, tonight: str) -> None:
    for name in GROUP[1:]:
        mark(amina, world, tonight, name, "away")
    answer = amina.post(f"{tonight}/role-play/groups")
    assert answer.status_code == 409
    assert "Two people are needed at least. Mark who is here first." in said(answer)
    assert formed(app) == []


def test_a_class_without_role_play_has_no_such_page(amina: FlaskClient, browser: Browser, evening: str) -> None:
    for client in (amina, browser("Sam")):
        assert client.get(f"{evening}/classes/1/role-play").status_code == 404
    assert amina.post(f"{evening}/classes/1/role-play/groups").status_code == 404


# -- the card in the hand -----------------------------------------------------------------------------------


def test_before_the_groups_there_is_no_role_to_read(browser: Browser, course: Course, tonight: str) -> None:
    page = said(browser("Sam").get(f"{tonight}/role-play"))
    assert "Your card appears here when your trainer has formed the groups." in page
    assert "First coffee It mentions: loneliness." in page
    for card in course.cards:
        for seat in ("supporter", "person", "observer"):
            assert not [text for text in texts_of(card, seat) if text in page]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_everyone_reads_their_own_roles_and_no_others(
    app: Flask, world: World, amina: FlaskClient, browser: Browser, course: Course, tonight: str, language: str
) -> None:
    form_groups(amina, tonight)
    hidden = 0
    for name in GROUP:
        client = browser(name)
        client.set_cookie("language", language)
        answer = client.get(f"{tonight}/role-play")
        seats = set(re.findall(r'data-seat="(\w+)">\s*<p class="eyebrow"', answer.text))
        card = course.card(card_of(app, world, name))
        assert card
        assert seats
        for seat in ("supporter", "person", "observer"):
            found = [text for text in texts_of(card, seat) if text in said(answer)]
            assert bool(found) == (seat in seats), (name, seat, found)
            hidden += seat not in seats
        for other in course.cards:
            if other.id != card.id:
                assert not [t for seat in ("supporter", "person") for t in texts_of(other, seat) if t in said(answer)]
    assert hidden, "somebody in a group of this size has not all three roles"


def test_those_who_lead_read_every_role(amina: FlaskClient, course: Course, tonight: str) -> None:
    form_groups(amina, tonight)
    page = said(amina.get(f"{tonight}/role-play"))
    for id in ("first-coffee", "lost-bus-pass", "the-quiet-table"):
        card = course.card(id)
        assert card
        assert all(card.roles.person.opening_line.en in page for _ in "x")


# -- not this topic -----------------------------------------------------------------------------------------


def set_aside(client: FlaskClient, tonight: str, topic: str, aside: str = "yes") -> str:
    answer = client.post(f"{tonight}/role-play/topics", data={"topic": topic, "aside": aside})
    return said(follow(client, answer))


@pytest.mark.parametrize("name", GROUP)
def test_whoever_sets_a_topic_aside_gets_another_card(
    app: Flask, world: World, amina: FlaskClient, browser: Browser, tonight: str, name: str
) -> None:
    page = set_aside(browser(name), tonight, "loneliness")
    assert "Noted, for you alone. You get another card when it comes up." in page
    for _ in range(4):
        form_groups(amina, tonight)
        assert card_of(app, world, name) != "first-coffee"


def test_it_holds_until_it_is_changed(
    app: Flask, world: World, amina: FlaskClient, browser: Browser, tonight: str
) -> None:
    clients = [browser(name) for name in GROUP]
    for client in clients:
        set_aside(client, tonight, "loneliness")
    form_groups(amina, tonight)
    assert "first-coffee" not in formed(app)[-1].cards.values()
    for client in clients:
        set_aside(client, tonight, "loneliness", "no")
    amina.post(f"{tonight}/role-play/groups", data={"anew": "yes"})
    assert "first-coffee" in formed(app)[-1].cards.values()


def test_setting_aside_twice_is_setting_aside(app: Flask, browser: Browser, tonight: str) -> None:
    for _ in range(2):
        set_aside(browser("Sam"), tonight, "loneliness")
    with app.app_context():
        assert len(session.scalars(select(NotThisTopic)).all()) == 1


def test_nobody_else_sees_that_a_topic_was_set_aside(
    app: Flask, world: World, amina: FlaskClient, browser: Browser, tonight: str, evening: str
) -> None:
    """Every page of those who lead, and of the others in the group, is the same byte for byte."""
    enrolment = world.enrolments["Sam"]
    paths = (
        "/today", evening, tonight, f"{tonight}/role-play", f"{tonight}/roll-call", f"{evening}/grid", f"{evening}/people",
        f"{evening}/people/{enrolment}", f"{evening}/outcomes", f"{evening}/outcomes/{enrolment}",
    )  # fmt: skip
    clients = {name: browser(name) for name in ("Amina", "Rosa", "Kim", "Olga", "Noor")}
    before = {(name, path): client.get(path).data for name, client in clients.items() for path in paths}
    with app.app_context():
        history = len(session.scalars(select(AuditRow)).all())
    set_aside(browser("Sam"), tonight, "loneliness")
    after = {(name, path): client.get(path).data for name, client in clients.items() for path in paths}
    assert after == before
    with app.app_context():
        assert len(session.scalars(select(AuditRow)).all()) == history
    page = form_groups(amina, tonight)
    assert "Not this topic" not in page
    assert "asked not to meet" not in page


@pytest.mark.parametrize("topic", ["", "tea", "LONELINESS", "<script>"])
def test_only_topics_that_cards_mention_can_be_set_aside(
    app: Flask, browser: Browser, tonight: str, topic: str
) -> None:
    answer = browser("Sam").post(f"{tonight}/role-play/topics", data={"topic": topic, "aside": "yes"})
    assert answer.status_code == 404
    with app.app_context():
        assert session.scalars(select(NotThisTopic)).all() == []


def test_when_no_card_fits_the_sentence_names_nobody(
    app: Flask, world: World, amina: FlaskClient, browser: Browser, evening: str, clock: time_machine.Coordinates
) -> None:
    """Class 11 has three cards; with their lighter ones, none fits somebody who sets nothing aside but everything."""
    for topic in ("conflict", "medication", "family"):
        set_aside(browser("Sam"), f"{evening}/classes/11", topic)
    page = form_groups(amina, f"{evening}/classes/11")
    assert "The groups are ready." in page, "the lighter cards fit"
    assert card_of(app, world, "Sam") in ("the-waiting-room", "the-appointment", "one-more-hour")
