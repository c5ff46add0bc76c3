"""A trainee writes, keeps, sends and takes back: nothing is lost, and nobody reads what was not sent."""

from __future__ import annotations

import html
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from lms.features.submissions.models import Draft, Submission
from lms.host.audit import AuditRow
from lms.host.db import session
from lms.host.outbox import OutboxRow
from tests.features.conftest import Browser
from tests.pages import follow, form_to, forms, said, submit
from tests.world import World

ODD = {
    "emoji": "🌱👩🏽‍🦽 and 🇨🇦",
    "right to left": "مرحبا שלום \u202eabc\u202c",
    "signs that combine": "é Zo\u0308e ﷽ 𝔘𝔫𝔦",
    "blanks": "  two  spaces\n\n\n\tand a tab  ",
    "line ends": "one\ntwo\n",
    "a leading empty line": "\n\nafter two empty lines",
    "looks like a form": "</textarea><input name=x>&lt;&amp;amp;",
    "looks like a template": "{{ 7 * 7 }} {% raw %} %(name)s %s {0}",
    "quotes": "“it’s” \"it's\" 'it' `it`",
}


def send(client: FlaskClient, homework: str, text: str, counter: str = "0") -> TestResponse:
    return client.post(f"{homework}/submissions", data={"text": text, "counter": counter})


def keep(client: FlaskClient, homework: str, text: str, counter: str = "", *, by_script: bool = True) -> TestResponse:
    headers = {"Accept": "application/json"} if by_script else {}
    return client.post(f"{homework}/draft", data={"text": text, "counter": counter}, headers=headers)


def versions(app: Flask, world: World, name: str = "Sam") -> list[str]:
    with app.app_context():
        rows = session.scalars(
            select(Submission).where(Submission.enrolment_id == world.enrolments[name]).order_by(Submission.id)
        )
        return [row.text for row in rows if row.taken_back_at is None]


def typed_in(client: FlaskClient, homework: str) -> str:
    """What stands in the writing area."""
    return form_to(client.get(homework), f"{homework}/submissions").fields["text"]


# -- drafts -------------------------------------------------------------------------------------------------


def test_a_draft_counts_its_savings_and_comes_back(sam: FlaskClient, homework: str) -> None:
    first = keep(sam, homework, "I came early.")
    assert first.json == {"counter": 1, "at": "4:00\u202fp.m."}
    assert keep(sam, homework, "I came early. It rained.", "1").json["counter"] == 2
    assert keep(sam, homework, "I came early. It rained.", "2").json["counter"] == 2, "the same words are no new saving"
    page = sam.get(homework)
    form = form_to(page, f"{homework}/submissions")
    assert {**form.fields, "who": ""} == {"text": "I came early. It rained.", "counter": "2", "who": ""}
    assert "Saved, 4:00\u202fp.m." in said(page)
    assert "Your draft “How I arrive”" in said(sam.get("/today"))


def test_without_script_a_draft_is_kept_by_its_button(sam: FlaskClient, homework: str) -> None:
    page = follow(sam, keep(sam, homework, "I came early.", by_script=False))
    assert "Saved. Only you can see it until you send it." in said(page)
    assert form_to(page, f"{homework}/submissions").fields["text"] == "I came early."


def test_two_windows_are_told_of_each_other_and_both_texts_stay(sam: FlaskClient, homework: str) -> None:
    keep(sam, homework, "On the bus.")
    assert keep(sam, homework, "On the bus, in the rain.", "1").json["counter"] == 2
    late = keep(sam, homework, "At the kitchen table.", "1")
    assert late.status_code == 409
    assert late.json["elsewhere"] == {"text": "On the bus, in the rain."}
    assert late.json["counter"] == 2
    assert late.json["sentence"] == "You wrote this in another window or on another device too."
    assert typed_in(sam, homework) == "On the bus, in the rain.", "nothing was written over"
    page = keep(sam, homework, "At the kitchen table.", "1", by_script=False)
    assert page.status_code == 409
    texts = [form.fields.get("text") for form in forms(page) if form.action == f"{homework}/draft"]
    assert texts == ["At the kitchen table.", "On the bus, in the rain."]


@pytest.mark.parametrize("chosen", [0, 1])
def test_one_of_two_texts_is_kept_with_one_click(sam: FlaskClient, homework: str, chosen: int) -> None:
    keep(sam, homework, "On the bus.")
    keep(sam, homework, "On the bus, in the rain.", "1")
    page = keep(sam, homework, "At the kitchen table.", "1", by_script=False)
    form = [form for form in forms(page) if form.action == f"{homework}/draft"][chosen]
    assert submit(sam, form).status_code == 303
    assert typed_in(sam, homework) == form.fields["text"]


def test_the_same_words_from_two_windows_are_no_quarrel(sam: FlaskClient, homework: str) -> None:
    keep(sam, homework, "On the bus.")
    keep(sam, homework, "On the bus, in the rain.", "1")
    assert keep(sam, homework, "On the bus, in the rain.", "1").status_code == 200


@pytest.mark.parametrize("counter", ["", "x", "-1", "²", "9" * 5000])
def test_a_counter_that_is_no_number_harms_nobody(sam: FlaskClient, homework: str, counter: str) -> None:
    assert keep(sam, homework, "On the bus.", counter).status_code == 200


def test_drafts_are_of_one_activity_and_one_person(
    sam: FlaskClient, browser: Browser, homework: str, evening: str
) -> None:
    keep(sam, homework, "On the bus.")
    assert typed_in(browser("Kim"), homework) == ""
    assert typed_in(sam, f"{evening}/activities/whose-hands") == ""


# -- sending ------------------------------------------------------------------------------------------------


def test_sam_sends_and_the_draft_is_gone(app: Flask, world: World, sam: FlaskClient, homework: str) -> None:
    keep(sam, homework, "I came early.")
    page = follow(sam, send(sam, homework, "I came early. It rained.", "1"))
    assert "Sent. You can take it back until someone opens it." in said(page)
    assert "You'll usually hear back by Tuesday, May 12, 2026." in said(page)
    assert "I came early. It rained." in said(page)
    with app.app_context():
        assert session.scalars(select(Draft)).all() == []
    assert versions(app, world) == ["I came early. It rained."]


def test_a_double_click_sends_one_version(
    app: Flask, world: World, sam: FlaskClient, homework: str, clock: time_machine.Coordinates
) -> None:
    for _ in range(3):
        assert send(sam, homework, "I came early.").status_code == 303
        clock.shift(timedelta(seconds=30))
    assert versions(app, world) == ["I came early."]
    with app.app_context():
        told = session.scalars(select(OutboxRow).where(OutboxRow.key.like("happened:after_submission:%"))).all()
        assert len(told) == 1


def test_another_text_while_one_waits_is_refused_and_shown_back(
    app: Flask, world: World, sam: FlaskClient, homework: str
) -> None:
    send(sam, homework, "I came early.")
    other = "This is something quite different, and it took me an hour to write."
    answer = send(sam, homework, other)
    assert answer.status_code == 409
    assert "This is sent already, and nobody has answered yet. Take it back first to change it." in said(answer)
    assert other in said(answer)
    assert versions(app, world) == ["I came early."]


@pytest.mark.parametrize("text", ["", "   ", "\n\n\t "])
def test_nothing_written_gets_a_kind_sentence(
    app: Flask, world: World, sam: FlaskClient, homework: str, text: str
) -> None:
    answer = send(sam, homework, text)
    assert answer.status_code == 422
    assert "There is nothing here yet. A few lines are enough." in said(answer)
    assert versions(app, world) == []


def test_an_empty_sending_leaves_the_draft_where_it_was(sam: FlaskClient, homework: str) -> None:
    keep(sam, homework, "I came early.")
    assert send(sam, homework, "").status_code == 422
    assert typed_in(sam, homework) == "I came early."


def test_one_of_several_answers_may_stay_empty(app: Flask, world: World, sam: FlaskClient, evening: str) -> None:
    practice = f"{evening}/activities/explain-it-to-someone"
    form = form_to(sam.get(practice), f"{practice}/submissions")
    assert submit(sam, form).status_code == 422
    assert submit(sam, form, answer2="She laughed.").status_code == 303
    page = said(sam.get(practice))
    assert "She laughed." in page


def test_a_text_of_a_megabyte_gets_a_sentence_and_is_shown_back(
    app: Flask, world: World, sam: FlaskClient, homework: str
) -> None:
    text = ("The evening was quiet and nobody hurried. " * 25_000)[:1_000_000]
    answer = send(sam, homework, text)
    assert answer.status_code == 422
    assert "This is longer than we can take (100000 characters). Please send it in two parts." in said(answer)
    assert form_to(answer, f"{homework}/submissions").fields["text"] == text
    assert versions(app, world) == []
    kept = keep(sam, homework, text, by_script=False)
    assert kept.status_code == 422
    assert "longer than we can take" in said(kept)
    assert text in kept.text


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
def test_odd_texts_survive_keeping_sending_reading_and_taking_back(
    world: World, sam: FlaskClient, browser: Browser, homework: str, text: str
) -> None:
    keep(sam, homework, text)
    assert typed_in(sam, homework) == text
    send(sam, homework, text)
    (line,) = [form.action for form in forms(sam.get(homework)) if form.action.endswith("/take-back")]
    sent = line.split("/")[-2]
    room = follow(browser("Amina"), browser("Amina").post(f"/reading/{sent}/open"))
    for page in (sam.get(homework), room):
        assert text.strip() in html.unescape(page.text)


def test_null_bytes_are_left_out_and_nothing_else(app: Flask, world: World, sam: FlaskClient, homework: str) -> None:
    keep(sam, homework, "be\x00fore")
    assert typed_in(sam, homework) == "before"
    send(sam, homework, "be\x00fore\r\nand after", "1")
    assert versions(app, world) == ["before\nand after"]


def test_html_and_markdown_that_somebody_types_are_inert_everywhere(
    world: World, sam: FlaskClient, browser: Browser, homework: str
) -> None:
    text = "<script>alert('tea')</script><img src=x onerror=alert(1)> **bold** [link](javascript:alert(1)) https://example.org"
    keep(sam, homework, text)
    drafts = sam.get(homework).text
    send(sam, homework, text)
    sent = take_back_form(sam, homework).split("/")[-2]
    amina = browser("Amina")
    amina.post(f"/reading/{sent}/open")
    for page in (drafts, sam.get(homework).text, amina.get(f"/reading/{sent}").text):
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert 'href="javascript' not in page
    assert '<a href="https://example.org" rel="noopener noreferrer nofollow">' in amina.get(f"/reading/{sent}").text


def test_a_field_that_nobody_asked_for_changes_nothing(
    app: Flask, world: World, sam: FlaskClient, homework: str
) -> None:
    sam.post(f"{homework}/submissions", data={"text": "I came early.", "reviewed": "no", "version": "9", "grade": "A"})
    with app.app_context():
        (row,) = session.scalars(select(Submission).where(Submission.enrolment_id == world.enrolments["Sam"]))
        assert (row.text, dict(row.data)) == ("I came early.", {})
        assert (row.reviewed, row.waiting, row.version) == (True, True, 1)


def test_a_reading_is_done_with_one_click_and_nobody_reads_it(sam: FlaskClient, browser: Browser, evening: str) -> None:
    reading = f"{evening}/activities/beside-someone"
    assert submit(sam, form_to(sam.get(reading), f"{reading}/submissions")).status_code == 303
    assert "You've read this." in said(sam.get(reading))
    assert "All read." in said(browser("Amina").get("/reading"))


def test_the_trainers_who_will_read_it_are_named_beside_the_button(sam: FlaskClient, homework: str) -> None:
    page = said(sam.get(homework))
    assert "Only Amina, your trainer, can read this, after you send it." in page
    assert "Send to Amina" in page


def test_the_history_says_that_and_never_what(app: Flask, sam: FlaskClient, homework: str) -> None:
    words = "kumquat-teapot-93"
    keep(sam, homework, words)
    send(sam, homework, words)
    with app.app_context():
        rows = session.scalars(select(AuditRow)).all()
        assert "submissions.sent" in {row.verb for row in rows}
        assert not any(words in f"{row.verb} {row.subject} {row.why}" for row in rows)
        told = session.scalars(select(OutboxRow)).all()
        assert not any(words in str(row.payload) for row in told), "plugins and mails carry no text either"


# -- taking back --------------------------------------------------------------------------------------------


def take_back_form(client: FlaskClient, homework: str) -> str:
    (action,) = [form.action for form in forms(client.get(homework)) if form.action.endswith("/take-back")]
    return action


def test_taken_back_it_is_a_draft_again(
    app: Flask, world: World, sam: FlaskClient, browser: Browser, homework: str
) -> None:
    send(sam, homework, "I came early.")
    page = follow(sam, sam.post(take_back_form(sam, homework)))
    assert "You have it back. It is a draft now, and only you can see it." in said(page)
    form = form_to(page, f"{homework}/submissions")
    assert form.fields["text"] == "I came early."
    assert "All read." in said(browser("Amina").get("/reading"))
    assert submit(sam, form, text="I came early. It rained.").status_code == 303
    assert versions(app, world) == ["I came early. It rained."]


def test_the_same_words_can_be_sent_again_at_once_after_taking_them_back(
    app: Flask, world: World, sam: FlaskClient, homework: str
) -> None:
    send(sam, homework, "I came early.")
    sam.post(take_back_form(sam, homework))
    assert "Sent. You can take it back" in said(follow(sam, send(sam, homework, "I came early.")))
    assert versions(app, world) == ["I came early."]


def test_once_opened_it_stays_and_its_author_sees_who_opened_it(
    sam: FlaskClient, browser: Browser, homework: str
) -> None:
    send(sam, homework, "I came early.")
    action = take_back_form(sam, homework)
    browser("Amina").post("/reading/next")
    page = sam.get(homework)
    assert "Amina opened it: Tue, May 5, 4:00\u202fp.m." in said(page)
    assert "Take it back" not in said(page)
    answer = sam.post(action)
    assert answer.status_code == 409
    assert "Your trainer has opened this already, so it cannot be taken back. You can talk about it." in said(answer)


def test_taking_back_twice_is_taking_back(sam: FlaskClient, homework: str) -> None:
    send(sam, homework, "I came early.")
    action = take_back_form(sam, homework)
    assert [sam.post(action).status_code for _ in range(2)] == [303, 303]
    assert typed_in(sam, homework) == "I came early."


def test_looking_at_the_list_opens_nothing(sam: FlaskClient, browser: Browser, homework: str) -> None:
    send(sam, homework, "I came early.")
    amina = browser("Amina")
    amina.get("/reading")
    sent = take_back_form(sam, homework).split("/")[-2]
    page = said(amina.get(f"/reading/{sent}"))
    assert "When you open it, Sam can see that you did, and can no longer take it back." in page
    assert "I came early." not in page
    assert sam.post(take_back_form(sam, homework)).status_code == 303


# -- what trainers never see --------------------------------------------------------------------------------


def test_a_draft_stands_on_no_page_but_its_authors_own(
    app: Flask, world: World, sam: FlaskClient, browser: Browser, homework: str, evening: str
) -> None:
    words = "kumquat-teapot-93"
    keep(sam, homework, words)
    keep(browser("Kim"), homework, "something else")
    assert words in sam.get(homework).text
    enrolment = world.enrolments["Sam"]
    paths = [
        "/today", "/reading", "/cohorts", evening, homework, f"{evening}/people", f"{evening}/grid", f"{evening}/course",
        f"{evening}/modules/beginning-together", f"{evening}/outcomes", f"{evening}/outcomes/{enrolment}",
        f"{evening}/people/{enrolment}", f"{evening}/people/{enrolment}/certificates", f"{evening}/classes/1",
        f"{evening}/classes/6/roll-call", f"{evening}/classes/6/role-play",
    ]  # fmt: skip
    for name in ("Amina", "Rosa", "Kim"):
        client = browser(name)
        for path in paths:
            assert words not in client.get(path).text, (name, path)
    assert browser("Amina").post("/reading/next").location == "/reading", "there is nothing to open"


def test_a_sent_text_stands_on_no_page_of_a_coordinator_or_of_another_trainee(
    world: World, sam: FlaskClient, browser: Browser, homework: str, evening: str
) -> None:
    words = "kumquat-teapot-93"
    send(sam, homework, words)
    enrolment = world.enrolments["Sam"]
    for name in ("Rosa", "Kim", "Luc", "Olga", "Noor"):
        client = browser(name)
        pages = ("grid", f"people/{enrolment}", f"outcomes/{enrolment}")
        for path in ("/today", homework, evening, *(f"{evening}/{page}" for page in pages)):
            assert words not in client.get(path).text, (name, path)
