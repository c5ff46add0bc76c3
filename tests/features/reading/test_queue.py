"""What comes first, what stays together, what others have in their hands, what was promised."""

from __future__ import annotations

import re
from datetime import timedelta

import time_machine
from flask import Flask
from flask.testing import FlaskClient

from lms.features.accounts import actions as accounts
from lms.features.accounts.models import RoleGrant
from lms.host.db import saved, session
from tests.features.conftest import NOW, Browser
from tests.features.reading.conftest import Reviewed, Send, open_and_release
from tests.pages import follow, said
from tests.world import World

ASKS = {"question": "Who put it there?", "decision": "one_more_look"}
KIND = {"came_through": "The chair by the door.", "decision": "accept"}


def order(client: FlaskClient, address: str = "/reading") -> list[int]:
    return [int(id) for id in re.findall(r'<a href="/reading/(\d+)', client.get(address).text)]


def test_a_new_version_that_answers_ones_own_question_comes_first(
    amina: FlaskClient, luc: FlaskClient, browser: Browser, send: Send, evening: str, clock: time_machine.Coordinates
) -> None:
    first = send("Sam")
    open_and_release(amina, first, **ASKS)
    clock.shift(timedelta(minutes=31))
    kims = send("Kim")
    browser("Sam").post(f"{evening}/activities/how-i-arrive/submissions", data={"text": "My cousin put it there."})
    again = order(amina)[0]
    assert again not in (first, kims)
    assert order(amina) == [again, kims]
    assert order(luc) == [kims, again], "for Luc the oldest comes first"
    assert "answers your question" in said(amina.get("/reading"))
    assert "answers your question" not in said(luc.get("/reading"))
    assert amina.post("/reading/next").location == f"/reading/{again}"


def test_one_task_or_one_person_stays_together_and_the_address_remembers(amina: FlaskClient, send: Send) -> None:
    arrive_sam = send("Sam")
    hands_sam = send("Sam", activity="whose-hands")
    arrive_kim = send("Kim")
    hands_kim = send("Kim", activity="whose-hands")
    assert order(amina) == [arrive_sam, hands_sam, arrive_kim, hands_kim]
    assert order(amina, "/reading?by=prompt") == [arrive_sam, arrive_kim, hands_sam, hands_kim]
    assert order(amina, "/reading?by=person") == [arrive_sam, hands_sam, arrive_kim, hands_kim]
    assert amina.post("/reading/next?by=prompt").location == f"/reading/{arrive_sam}?by=prompt"
    answer = amina.post(f"/reading/{arrive_sam}/release?by=prompt", data=KIND)
    assert answer.location == f"/reading/{arrive_kim}?by=prompt"
    answer = amina.post(f"/reading/{arrive_kim}/release?by=prompt", data=KIND)
    assert answer.location == f"/reading/{hands_sam}?by=prompt"
    assert order(amina, "/reading?by=nonsense") == [hands_sam, hands_kim]


def test_a_batch_is_read_to_its_end_though_other_texts_are_older(amina: FlaskClient, send: Send, app: Flask) -> None:
    """Sixty other texts stand between two of the same task."""
    first = send("Sam", activity="whose-hands")
    for number in range(60):
        send(("Kim", "Person000", "Person001", "Person002")[number % 4], activity=f"other-{number}")
    last = send("Kim", activity="whose-hands")
    amina.post(f"/reading/{first}/open")
    assert amina.post(f"/reading/{first}/release?by=prompt", data=KIND).location == f"/reading/{last}?by=prompt"


def test_next_passes_by_what_a_colleague_has_open(
    amina: FlaskClient, luc: FlaskClient, send: Send, clock: time_machine.Coordinates
) -> None:
    first, second = send("Sam"), send("Kim")
    luc.post(f"/reading/{first}/open")
    clock.shift(timedelta(minutes=4))
    assert amina.post("/reading/next").location == f"/reading/{second}"
    page = said(amina.get(f"/reading/{first}"))
    assert "Luc opened this 4 minutes ago." in page
    assert "Read along" in page
    assert "Take the next" in page
    assert "Luc has it open" in said(amina.get("/reading"))
    amina.post(f"/reading/{first}/open")
    assert "Luc opened this 4 minutes ago. You can read along." in said(amina.get(f"/reading/{first}"))
    assert amina.post("/reading/next", data={"after": first}).location == f"/reading/{second}"
    clock.shift(timedelta(minutes=27))
    assert amina.post("/reading/next").location == f"/reading/{first}", "after half an hour it is anybody's again"


def test_skipping_goes_on_and_begins_again_at_the_end(amina: FlaskClient, send: Send) -> None:
    one, two, three = send("Sam"), send("Kim"), send("Person000")
    went = []
    at = ""
    for _ in range(4):
        at = amina.post("/reading/next", data={"after": at}).location.rpartition("/")[2]
        went.append(int(at))
    assert went == [one, two, three, one]


def test_set_aside_it_comes_last_for_oneself_alone(amina: FlaskClient, luc: FlaskClient, send: Send) -> None:
    first, second = send("Sam"), send("Kim")
    amina.post("/reading/next")
    page = amina.post(f"/reading/{first}/aside")
    assert page.location == f"/reading/{second}"
    queue = said(amina.get("/reading"))
    assert "1 text is waiting." in queue or "2 texts are waiting" in queue
    assert "Set aside by you" in queue
    assert order(luc) == [first, second]
    assert amina.post(f"/reading/{second}/release", data=KIND).location == "/reading", "what was set aside is not next"
    assert follow(amina, amina.post(f"/reading/{first}/take-up")).status_code == 200
    assert "Set aside by you" not in said(amina.get("/reading"))
    assert amina.post("/reading/next").location == f"/reading/{first}"


def test_given_to_a_colleague_it_is_first_there_and_passed_by_here(
    app: Flask, world: World, amina: FlaskClient, luc: FlaskClient, send: Send, clock: time_machine.Coordinates
) -> None:
    first, second, third = send("Sam"), send("Kim"), send("Person000")
    amina.post(f"/reading/{third}/open")
    answer = amina.post(f"/reading/{third}/give", data={"to": world.people["Luc"]})
    assert answer.location == f"/reading/{first}"
    clock.shift(timedelta(hours=1))
    assert order(luc)[0] == third
    assert "given to you" in said(luc.get("/reading"))
    assert "given to Luc" in said(amina.get("/reading"))
    assert luc.post("/reading/next").location == f"/reading/{third}"
    for text in (first, second):
        open_and_release(amina, text, **KIND)
    clock.shift(timedelta(hours=1))
    assert amina.post("/reading/next").location == "/reading"
    with app.app_context(), saved():
        grant = (
            session.query(RoleGrant).filter_by(person_id=world.people["Luc"], cohort_id=world.cohorts["evening"]).one()
        )
        accounts.end_role(grant, by=world.people["Olga"], now=NOW)
    assert amina.post("/reading/next").location == f"/reading/{third}", "Luc is not there any more"


def test_it_is_given_to_trainers_of_the_group_alone(
    world: World, amina: FlaskClient, luc: FlaskClient, send: Send
) -> None:
    text = send("Sam")
    amina.post(f"/reading/{text}/open")
    for name in ("Rosa", "Kim", "Léa", "Sam"):
        answer = amina.post(f"/reading/{text}/give", data={"to": world.people[name]})
        assert answer.status_code == 422, name
        assert "Choose a trainer of this group." in said(answer)
    assert "given to" not in said(luc.get("/reading"))


def test_the_promise_of_days(amina: FlaskClient, send: Send, reviewed_as: Reviewed) -> None:
    """It is Tuesday: what came on Friday was promised for today, for Saturdays and Sundays do not count."""
    reviewed_as(promise_days=2)
    send("Sam", sent_at=NOW - timedelta(days=4)), send("Kim")
    assert "You said 2 days. Everyone is within it." in said(amina.get("/reading"))
    reviewed_as(promise_days=1)
    assert "1 person has waited longer than promised." in said(amina.get("/reading"))


def test_who_has_waited_longer_is_counted_by_person(app: Flask, amina: FlaskClient, send: Send) -> None:
    long_ago = NOW - timedelta(days=9)
    send("Sam", sent_at=long_ago), send("Sam", activity="whose-hands", sent_at=long_ago), send("Kim", sent_at=long_ago)
    send("Person000")
    page = said(amina.get("/reading"))
    assert "2 people have waited longer than promised." in page
    assert "Everyone is within" not in page


def test_only_ones_own_median_is_shown(amina: FlaskClient, luc: FlaskClient, send: Send) -> None:
    text = send("Sam", sent_at=NOW - timedelta(days=3))
    assert "Lately your answers" not in said(amina.get("/reading"))
    open_and_release(amina, text, **KIND)
    assert "Lately your answers took 3 days, half of them less. Only you see this." in said(amina.get("/reading"))
    assert "Lately" not in said(luc.get("/reading"))


def test_after_ten_in_a_row_one_word_about_resting_and_never_again(amina: FlaskClient, send: Send) -> None:
    texts = [send("Sam", activity=f"piece-{number}") for number in range(22)]
    said_so = []
    for text in texts[:20]:
        page = follow(amina, open_and_release(amina, text, **KIND))
        said_so.append("You've read ten. Stretch?" in said(page))
    assert said_so == [False] * 9 + [True] + [False] * 10
