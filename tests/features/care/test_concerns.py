"""Worries: who may raise one, who reads it, what happens with the text it came from, and that no words get about."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.features.accounts import actions as accounts
from lms.features.accounts.models import Person, RoleGrant
from lms.features.accounts.roles import Role
from lms.features.care.models import Concern, ConcernStep
from lms.features.cohorts import actions as cohorts
from lms.features.cohorts.models import Cohort
from lms.host.audit import AuditRow
from lms.host.db import saved, session
from lms.host.outbox import OutboxRow
from tests.features.conftest import NOW, Browser
from tests.world import World, sent_homework

WORDS = "Sam wrote that the nights are the worst, and hung up when I called."


def address(world: World, name: str = "Sam", cohort: str = "evening") -> str:
    return f"/cohorts/{world.cohorts[cohort]}/people/{world.enrolments[name]}/concern"


def raised(browser: Browser, world: World, by: str = "Amina", **data: object) -> str:
    """The address of a concern that `by` has raised about Sam."""
    given = {"danger": "no", "urgency": "soon", "words": WORDS, **data}
    answer = browser(by).post(address(world), data=given)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def grant(app: Flask, world: World, name: str, role: Role, cohort: str | None = None) -> None:
    with app.app_context(), saved():
        accounts.grant_role(
            world.people[name],
            role,
            organization=world.organizations["northside"],
            cohort=world.cohorts[cohort] if cohort else None,
            by=None,
            now=NOW,
        )


# -- raising one --------------------------------------------------------------------------------------------


def test_the_first_question_is_about_danger(browser: Browser, world: World) -> None:
    first = browser("Amina").get(address(world))
    assert "Is someone in danger right now?" in first.text
    assert "<textarea" not in first.text


def test_in_danger_the_numbers_come_before_the_form(browser: Browser, world: World) -> None:
    with_danger = browser("Amina").get(address(world) + "?danger=yes").text
    assert with_danger.index('href="tel:911"', with_danger.index("<main")) < with_danger.index("<textarea")
    assert 'name="urgency"' not in with_danger, "what should happen is clear"


def test_without_danger_there_are_three_choices_and_first_words(browser: Browser, world: World) -> None:
    page = browser("Amina").get(address(world) + "?danger=no").text
    assert page.count('name="urgency"') == 3
    assert "Hard memories belong in reflections" in page
    assert "Only Rosa and you can read this." in page
    assert "Hello Sam" in page


def test_a_worry_reaches_those_who_coordinate(browser: Browser, world: World) -> None:
    path = raised(browser, world, danger="yes", urgency="")
    assert "danger now" in browser("Rosa").get("/concerns").text
    page = browser("Rosa").get(path).text
    assert WORDS in page
    assert "Amina" in page


def test_what_is_missing_is_asked_for_and_nothing_typed_is_lost(browser: Browser, world: World) -> None:
    answer = browser("Amina").post(address(world), data={"danger": "no", "words": WORDS})
    assert answer.status_code == 422
    assert "Choose what should happen." in answer.text
    assert WORDS in answer.text
    empty = browser("Amina").post(address(world), data={"danger": "yes", "words": " "})
    assert empty.status_code == 422
    assert "Write what worries you." in empty.text


def test_words_that_are_too_long_come_back(browser: Browser, world: World) -> None:
    answer = browser("Amina").post(address(world), data={"danger": "yes", "words": "so long " * 1000})
    assert answer.status_code == 422
    assert "so long so long" in answer.text


def test_a_double_click_is_one_worry_with_one_mail(app: Flask, browser: Browser, world: World) -> None:
    assert raised(browser, world) == raised(browser, world)
    with app.app_context():
        assert session.scalar(select(func.count(Concern.id))) == 1
        assert session.scalar(select(func.count(OutboxRow.id)).where(OutboxRow.key.like("mail:concern:%"))) == 1


def test_two_at_the_same_moment_are_one(app: Flask, browser: Browser, world: World) -> None:
    answers = []
    clients = [browser("Amina"), browser("Amina")]

    def send(client: FlaskClient) -> None:
        answers.append(client.post(address(world), data={"danger": "yes", "words": WORDS}).status_code)

    threads = [threading.Thread(target=send, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [303, 303]
    with app.app_context():
        assert session.scalar(select(func.count(Concern.id))) == 1


@pytest.mark.parametrize("name", ["Sam", "Kim", "Luc", "Olga", "Camille", "Léa", "Noor"])
def test_others_cannot_raise_one(name: str, app: Flask, browser: Browser, world: World) -> None:
    given = {"danger": "yes", "words": WORDS}
    assert browser(name).get(address(world)).status_code == 404
    assert browser(name).post(address(world), data=given).status_code == 404
    with app.app_context():
        assert session.scalar(select(func.count(Concern.id))) == 0


def test_somebody_of_another_group_is_not_reached_through_the_own_one(browser: Browser, world: World) -> None:
    given = {"danger": "yes", "words": WORDS}
    for name, cohort in (("Wes", "evening"), ("Maël", "evening")):
        assert browser("Amina").post(address(world, name, cohort), data=given).status_code == 404
    assert browser("Rosa").post(address(world, "Maël", "rivers"), data=given).status_code == 404
    assert browser("Camille").post(address(world, "Sam", "rivers"), data=given).status_code == 404


# -- who reads it -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Sam", "Kim", "Wes", "Luc", "Olga", "Camille", "Léa", "Maël", "Noor"])
def test_nobody_else_reads_it(name: str, app: Flask, browser: Browser, world: World) -> None:
    path = raised(browser, world)
    client = browser(name)
    assert client.get(path).status_code == 404
    assert client.post(path + "/steps", data={"words": "I was here."}).status_code == 404
    assert client.post(path + "/steps", data={"words": "I was here.", "close": "yes"}).status_code == 404
    assert path not in client.get("/concerns").text
    with app.app_context():
        assert session.scalar(select(func.count(ConcernStep.id))) == 0


def test_a_trainer_of_the_same_group_does_not_read_it(app: Flask, browser: Browser, world: World) -> None:
    grant(app, world, "Luc", Role.TRAINER, "evening")
    path = raised(browser, world)
    assert browser("Luc").get(path).status_code == 404
    assert browser("Luc").get("/concerns").status_code == 200
    assert path not in browser("Luc").get("/concerns").text
    group = browser("Luc").get(f"/cohorts/{world.cohorts['evening']}").text
    assert "worries about somebody" not in group


def test_a_coordinator_of_one_group_reads_that_group_alone(app: Flask, browser: Browser, world: World) -> None:
    grant(app, world, "Luc", Role.COORDINATOR, "morning")
    path = raised(browser, world)
    assert browser("Luc").get(path).status_code == 404
    grant(app, world, "Luc", Role.COORDINATOR, "evening")
    assert browser("Luc").get(path).status_code == 200


def test_who_raised_it_reads_it_while_leading_the_group(app: Flask, browser: Browser, world: World) -> None:
    path = raised(browser, world)
    assert browser("Amina").get(path).status_code == 200
    assert "Sam" in browser("Amina").get("/concerns").text
    with app.app_context(), saved():
        for held in session.scalars(select(RoleGrant).where(RoleGrant.person_id == world.people["Amina"])):
            held.ended_at = NOW
    assert browser("Amina").get(path).status_code == 404


def test_a_coordinator_does_not_read_what_is_about_them(app: Flask, browser: Browser, world: World) -> None:
    with app.app_context(), saved():
        evening = session.get_one(Cohort, world.cohorts["evening"])
        own = cohorts.enrol(evening, session.get_one(Person, world.people["Rosa"]), by=None, now=NOW).id
    path = f"/cohorts/{world.cohorts['evening']}/people/{own}/concern"
    given = {"danger": "yes", "words": WORDS}
    assert browser("Rosa").post(path, data=given).status_code == 409
    concern = browser("Amina").post(path, data=given).headers["Location"]
    assert browser("Rosa").get(concern).status_code == 404
    assert "Nobody coordinates this group yet" in browser("Amina").get(concern).text
    with app.app_context():
        assert session.scalar(select(func.count(OutboxRow.id)).where(OutboxRow.key.like("mail:concern:%"))) == 0


def test_the_trainee_sees_no_trace_of_it_elsewhere(browser: Browser, world: World) -> None:
    raised(browser, world)
    sam = browser("Sam")
    evening = f"/cohorts/{world.cohorts['evening']}"
    for path in ("/today", f"{evening}/left", f"{evening}/outcome", f"{evening}/attendance"):
        assert "worr" not in sam.get(path).text
    assert sam.get("/concerns").status_code == 404


def test_outcomes_and_the_page_of_the_person_do_not_show_it(browser: Browser, world: World) -> None:
    raised(browser, world)
    evening, sam = f"/cohorts/{world.cohorts['evening']}", world.enrolments["Sam"]
    for path in (f"{evening}/people/{sam}", f"{evening}/outcomes/{sam}", f"{evening}/grid", evening):
        assert WORDS not in browser("Rosa").get(path).text


# -- looking after it ---------------------------------------------------------------------------------------


def test_the_oldest_open_one_stands_on_top_and_closed_ones_below(browser: Browser, world: World, clock: object) -> None:
    raised(browser, world)
    clock.shift(60)  # type: ignore[attr-defined]
    second = (
        browser("Amina").post(address(world, "Kim"), data={"danger": "yes", "words": "Kim too."}).headers["Location"]
    )
    page = browser("Rosa").get("/concerns").text
    assert page.index(">Sam<") < page.index(">Kim<")
    browser("Rosa").post(second + "/steps", data={"words": "We spoke.", "close": "yes"})
    assert "One that is closed" in browser("Rosa").get("/concerns").text


def test_what_was_done_is_added_by_both_sides(browser: Browser, world: World) -> None:
    path = raised(browser, world)
    browser("Rosa").post(path + "/steps", data={"words": "I called Sam at five."})
    browser("Amina").post(path + "/steps", data={"words": "Sam came to class."})
    page = browser("Amina").get(path).text
    assert page.index("I called Sam at five.") < page.index("Sam came to class.")


def test_closing_needs_a_sentence_and_is_for_those_who_coordinate(browser: Browser, world: World) -> None:
    path = raised(browser, world)
    assert browser("Rosa").post(path + "/steps", data={"close": "yes", "words": " "}).status_code == 422
    assert browser("Amina").post(path + "/steps", data={"close": "yes", "words": "Fine."}).status_code == 404
    assert (
        browser("Rosa").post(path + "/steps", data={"close": "yes", "words": "Support is in place."}).status_code == 303
    )
    page = browser("Rosa").get(path).text
    assert "Support is in place." in page
    assert "<textarea" not in page
    assert browser("Rosa").post(path + "/steps", data={"words": "More."}).status_code == 409


def test_today_tells_a_coordinator_that_one_is_open(browser: Browser, world: World) -> None:
    assert "A colleague worries about somebody." not in browser("Rosa").get("/today").text
    raised(browser, world)
    assert "A colleague worries about somebody." in browser("Rosa").get("/today").text
    assert "A colleague worries" not in browser("Amina").get("/today").text


# -- words stay where they are ------------------------------------------------------------------------------


def test_mail_and_history_carry_no_words_and_no_names(app: Flask, browser: Browser, world: World) -> None:
    path = raised(browser, world, urgency="today")
    browser("Rosa").post(path + "/steps", data={"words": "I called Sam at five."})
    browser("Rosa").post(path + "/steps", data={"words": "Support is in place.", "close": "yes"})
    with app.app_context():
        mails = list(session.scalars(select(OutboxRow).where(OutboxRow.key.like("mail:concern:%"))))
        assert [mail.payload["to"] for mail in mails] == ["rosa@example.org"]
        said = f"{mails[0].payload['subject']} {mails[0].payload['text']}"
        assert "Sam" not in said
        assert "nights" not in said
        assert "worr" not in said
        assert path in said
        rows = list(session.scalars(select(AuditRow).where(AuditRow.verb.like("concerns.%")).order_by(AuditRow.id)))
        assert [row.verb for row in rows] == ["concerns.raised", "concerns.step", "concerns.step", "concerns.closed"]
        assert all(row.why == "" and row.about_id == world.people["Sam"] for row in rows)
        kinds = set(session.scalars(select(OutboxRow.kind)))
        assert kinds == {"mail"}, "no plugin is told"


# -- the text it came from ----------------------------------------------------------------------------------


def test_the_text_is_set_aside_until_it_is_closed(app: Flask, browser: Browser, world: World) -> None:
    text = sent_homework(app, world, "Sam")
    sent_homework(app, world, "Kim")
    page = f"/cohorts/{world.cohorts['evening']}/activities/how-i-arrive"
    personally = "Your trainer will get back to you about this one personally."
    assert personally not in browser("Sam").get(page).text
    path = raised(browser, world, submission=text)
    assert personally in browser("Sam").get(page).text
    queue = browser("Amina").get("/reading").text
    assert "Kim" in queue
    assert "Sam" not in queue
    browser("Rosa").post(path + "/steps", data={"words": "We spoke.", "close": "yes"})
    assert personally not in browser("Sam").get(page).text
    assert "Sam" in browser("Amina").get("/reading").text


def test_a_number_made_up_reaches_nobody_elses_text(app: Flask, browser: Browser, world: World) -> None:
    kims = sent_homework(app, world, "Kim")
    raised(browser, world, submission=kims)
    page = f"/cohorts/{world.cohorts['evening']}/activities/how-i-arrive"
    assert "personally" not in browser("Kim").get(page).text
    assert "Kim" in browser("Amina").get("/reading").text
    for odd in ("-1", "x", "9" * 30, "²"):
        raised(browser, world, submission=odd, words=f"{WORDS} {odd}")
        assert browser("Amina").get(address(world) + f"?danger=no&submission={odd}").status_code == 200


# -- in the end ---------------------------------------------------------------------------------------------


def test_a_closed_note_goes_after_ninety_days_and_an_open_one_stays(app: Flask, browser: Browser, world: World) -> None:
    closed = raised(browser, world)
    browser("Rosa").post(closed + "/steps", data={"words": "We spoke.", "close": "yes"})
    still_open = raised(browser, world, words="He did not come back to the phone.")
    worker = app.extensions["lms"].extras["worker"]

    def after(days: int) -> list[int]:
        moment = NOW + timedelta(days=days)
        worker.begin_day(moment)
        worker.run_due(moment)
        return [browser("Rosa").get(path).status_code for path in (closed, still_open)]

    assert after(89) == [200, 200]
    assert after(91) == [404, 200]
    with app.app_context():
        assert session.scalar(select(func.count(ConcernStep.id))) == 0
