"""Each kind of homework as a trainee meets it: what the page asks, what sending it does, how it is shown, in both languages."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from lms.app import create_app
from lms.features.accounts import actions as accounts
from lms.features.accounts.roles import Role
from lms.features.cohorts import actions as cohorts
from lms.features.cohorts import queries
from lms.features.cohorts.models import Enrolment
from lms.features.organizations import actions as organizations
from lms.features.submissions import actions
from lms.features.submissions.models import Draft, Submission
from lms.features.submissions.rules import Readers
from lms.host.config import load_config
from lms.host.db import saved, session
from lms.host.plugins import find_plugins
from tests.features.conftest import NOW
from tests.features.submissions.test_export import one, taken
from tests.handbook_examples import course_of_examples, examples
from tests.house import House
from tests.pages import follow, said
from tests.sounds import picture
from tests.world import PASSWORD

EXAMPLES = examples()
LANGUAGES = ("en", "fr")
MANY = {
    "reflection": {"text": "The bench by the door."},
    "practice": {"answer1": "At lunch.", "answer2": ""},
    "exam": {"answer1": "I say what I can do.", "answer2": "My shoulders."},
    "project": {"text": "Five places, drawn."},
    "presentation": {"about": "The library on King Street.", "notes": ""},
    "group": {"with": "Kim, Wes", "together": "We sorted them.", "part": "I read the dates."},
    "quiz": {"words1": "I stay.", "choice1": "ask", "choice2": ["time", "secret"], "match3_1": "1", "words4": "9 8 8"},
    "survey": {"answer1": "4", "answer2": ["breaks", "chairs"], "answer3": "More light."},
}
NEIGHBOURS = ("ada", "ben", "cem", "dot", "eve")
WRITTEN = [name for name in MANY if name not in ("quiz", "survey")]


@dataclass
class Group(House):
    """A group on the course of all examples: Sam takes part, Amina leads."""

    id: int = 0
    cookies: dict[str, str] = field(default_factory=dict)

    def browser(self, name: str, language: str = "en") -> FlaskClient:
        client = self.app.test_client()
        client.set_cookie("lms", self.cookies[name])
        client.post("/language", data={"language": language})
        return client

    def page_of(self, kind: str) -> str:
        return f"/cohorts/{self.id}/activities/{EXAMPLES[kind].name}"

    def send(self, client: FlaskClient, kind: str, data: dict[str, Any]) -> TestResponse:
        return client.post(f"{self.page_of(kind)}/submissions", data=data)

    def sent(self, kind: str) -> list[Submission]:
        with self.app.app_context():
            found = select(Submission).where(Submission.activity_id == EXAMPLES[kind].name).order_by(Submission.version)
            return list(session.scalars(found))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, migrated_database: Path) -> Iterator[Group]:
    folder = tmp_path_factory.mktemp("kinds")
    (folder / "instance").mkdir()
    database = shutil.copy(migrated_database, folder / "instance/lms.sqlite")
    given = {"rate_limits": False, "courses_folder": str(course_of_examples(folder / "courses"))}
    with time_machine.travel(NOW, tick=False):
        app = create_app(load_config(folder / "instance", environ={}, given=given), find_plugins(safe_mode=True))
        group = Group(app, Path(database))
        with app.app_context(), saved():
            group.id = _publish(app)
        for name in ("sam", "amina"):
            client = app.test_client()
            client.post("/sign-in", data={"email": f"{name}@example.org", "password": PASSWORD})
            group.cookies[name] = client.get_cookie("lms").value  # type: ignore[union-attr]
    group.keep()
    yield group
    group.close()


def _publish(app: Flask) -> int:
    host = app.extensions["lms"]
    organization = organizations.add_organization("House", "house", now=NOW, by=None)
    sam, amina = (
        accounts.add_person(name, f"{name}@example.org", language="en", now=NOW, password=PASSWORD)
        for name in ("sam", "amina")
    )
    course = host.catalog.courses["host:house"]
    plan = cohorts.NewCohort("House", "en", [NOW + timedelta(days=1)])
    made = cohorts.publish_cohort(organization, course, plan, host.guard.host, by=amina.id, now=NOW)
    cohorts.enrol(made, sam, by=None, now=NOW)
    for name in NEIGHBOURS:
        cohorts.enrol(made, accounts.add_person(name, f"{name}@example.org", language="en", now=NOW), by=None, now=NOW)
    accounts.grant_role(amina.id, Role.TRAINER, organization=organization.id, cohort=made.id, by=None, now=NOW)
    return made.id


@pytest.fixture
def house(built: Group, clock: time_machine.Coordinates) -> Group:
    built.begin_again()
    queries._revisions.clear()
    return built


def title_of(house: Group, kind: str, language: str) -> str:
    course = house.app.extensions["lms"].catalog.courses["host:house"].course
    title: str = course.activities[EXAMPLES[kind].name].title.said_in(language)
    return title


# -- each kind ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", EXAMPLES)
def test_each_kind_has_its_page_for_those_who_learn_and_those_who_lead(house: Group, kind: str, language: str) -> None:
    for name in ("sam", "amina"):
        page = house.browser(name, language).get(house.page_of(kind))
        assert page.status_code == 200
        assert title_of(house, kind, language) in said(page)
    assert not house.app.extensions["lms"].guard.take_troubles()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", MANY)
def test_each_kind_is_sent_and_shown(house: Group, kind: str, language: str) -> None:
    sam = house.browser("sam", language)
    page = said(follow(sam, house.send(sam, kind, MANY[kind])))
    for words in MANY[kind].values():
        if isinstance(words, str) and " " in words:
            assert words in page
    (sent,) = house.sent(kind)
    assert sent.reviewed == (kind in WRITTEN)
    assert sent.text
    assert not house.app.extensions["lms"].guard.take_troubles()


@pytest.mark.parametrize("kind", MANY)
def test_each_kind_says_when_there_is_nothing_yet(house: Group, kind: str) -> None:
    sam = house.browser("sam")
    answer = house.send(sam, kind, {})
    assert answer.status_code == 422
    assert "needs another look" in said(answer)
    assert house.sent(kind) == []


@pytest.mark.parametrize("kind", ["reading", "video"])
def test_what_is_read_or_watched_is_done_with_a_button(house: Group, kind: str) -> None:
    sam = house.browser("sam")
    assert house.send(sam, kind, {}).status_code == 303
    page = said(sam.get(house.page_of(kind)))
    assert "You've read this." in page if kind == "reading" else "This one is complete." in page


def test_a_video_stays_elsewhere_and_its_transcript_is_here(house: Group) -> None:
    page = house.browser("sam").get(house.page_of("video"))
    assert 'href="https://videos.example.org/a-kettle-for-two"' in page.text
    assert "<video" not in page.text
    words = said(page)
    assert "1 min, 9 MB, with captions." in words
    assert "a small kitchen, a window" in words
    assert "I've watched or read it" in words
    assert "Je l'ai" not in words
    french = said(house.browser("sam", "fr").get(house.page_of("video")))
    assert "1 min, 9 Mo, avec sous-titres." in french


def test_a_text_that_is_kept_is_readable_in_either_language(house: Group) -> None:
    sam = house.browser("sam")
    for kind in ("group", "quiz", "survey"):
        house.send(sam, kind, MANY[kind])
    (group,), (quiz,), (survey,) = house.sent("group"), house.sent("quiz"), house.sent("survey")
    assert "Your own part / Votre part à vous\nI read the dates." in group.text
    assert "- To be there on Tuesday / D'être là mardi" in quiz.text
    assert "Closed question / Question fermée: Did you sleep? / Avez-vous dormi?" in quiz.text
    assert "4 · Very well / 4 · Très bien" in survey.text


def test_what_was_chosen_is_taken_along(house: Group) -> None:
    sam = house.browser("sam")
    for kind in ("quiz", "survey"):
        house.send(sam, kind, MANY[kind])
    archive = taken(sam)
    survey, quiz = EXAMPLES["survey"].name, EXAMPLES["quiz"].name
    for ending in ("html", "md"):
        page = said(one(archive, f"-{survey}.{ending}"))
        assert "4 · Very well" in page
        assert "The breaks" in page
        assert "The chairs in a circle" in page
        assert "Hardly" not in page
        page = said(one(archive, f"-{quiz}.{ending}"))
        assert "To be there on Tuesday" in page
    markdown = one(archive, f"-{quiz}.md")
    assert "\n- " in markdown
    assert "\n  " in markdown, "why it fits"


def test_what_was_chosen_in_a_draft_is_taken_along_in_words(house: Group) -> None:
    sam = house.browser("sam", "fr")
    sam.post(f"{house.page_of('survey')}/draft", data={"answer1": "4", "answer2": ["breaks", "chairs"]})
    for ending in ("html", "md"):
        page = said(one(taken(sam), f"-{EXAMPLES['survey'].name}.{ending}"))
        assert "4 · Très bien" in page
        assert "breaks" not in page


def test_a_reader_sees_which_question_of_an_exam_was_left_empty(house: Group) -> None:
    sam = house.browser("sam")
    page = said(follow(sam, house.send(sam, "exam", {"answer2": "My shoulders."})))
    assert "What do you say, and why? –" in page


def test_each_kind_that_is_read_takes_pages_of_paper_and_no_words(house: Group) -> None:
    sam = house.browser("sam", "fr")
    for kind in WRITTEN:
        pages = [FileStorage(io.BytesIO(picture()), "page.jpg") for _ in range(2)]
        boundary, body = encode_multipart({"sent-photo": pages})
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        assert sam.post(f"{house.page_of(kind)}/submissions", data=body, headers=headers).status_code == 303, kind
        (sent,) = house.sent(kind)
        assert "2 pages" in sent.text or "1 page" in sent.text, kind
        assert sam.get(house.page_of(kind)).status_code == 200
    assert not house.app.extensions["lms"].guard.take_troubles()


# -- several boxes under one name ---------------------------------------------------------------------------


def test_what_is_ticked_is_ticked_again_in_the_draft(house: Group) -> None:
    sam = house.browser("sam")
    sam.post(f"{house.page_of('survey')}/draft", data={"answer2": ["breaks", "chairs"], "answer1": "2"})
    with house.app.app_context():
        (draft,) = session.scalars(select(Draft))
        assert draft.fields["answer2"] == "breaks\nchairs"
    page = sam.get(house.page_of("survey")).text
    assert page.count('type="checkbox"') == 2
    assert page.count('value="breaks" checked') == page.count('value="chairs" checked') == 1


def test_what_a_script_saves_of_several_boxes_is_the_same(house: Group) -> None:
    sam = house.browser("sam")
    headers = {"Accept": "application/json"}
    for ticked in (["breaks", "chairs"], ["breaks\nchairs"], ["breaks\r\nchairs"]):
        data = {"answer2": ticked, "counter": "1"}
        assert sam.post(f"{house.page_of('survey')}/draft", data=data, headers=headers).status_code == 200
    with house.app.app_context():
        (draft,) = session.scalars(select(Draft))
        assert (draft.fields["answer2"], draft.counter) == ("breaks\nchairs", 1)


def test_two_texts_with_boxes_are_both_shown_with_what_is_ticked(house: Group) -> None:
    sam = house.browser("sam")
    sam.post(f"{house.page_of('survey')}/draft", data={"answer2": ["breaks"]})
    answer = sam.post(f"{house.page_of('survey')}/draft", data={"answer2": ["chairs"], "counter": "0"})
    assert answer.status_code == 409
    assert answer.text.count('value="breaks" checked') == answer.text.count('value="chairs" checked') == 1


# -- a quiz -------------------------------------------------------------------------------------------------


def test_a_quiz_asks_for_own_words_and_folds_the_choices_until_then(house: Group) -> None:
    page = house.browser("sam").get(house.page_of("quiz")).text
    words, fold, choices = (page.index(sign) for sign in ('name="words1"', 'data-then="words1"', 'name="choice1"'))
    assert words < fold < choices
    assert "Silence can be thinking" not in page, "why comes afterwards"


def test_a_quiz_compares_and_says_why_without_counting(house: Group) -> None:
    sam = house.browser("sam")
    page = said(follow(sam, house.send(sam, "quiz", MANY["quiz"])))
    assert "I wait, and look out of the window too. this fits Silence can be thinking." in page
    assert "I ask whether something is wrong. your choice: look again It may come too early." in page
    assert "To be there on Tuesday your choice, and it fits It is yours to keep." in page
    assert "Open question → How was the night? this fits" in page
    assert "9-8-8 your choice, and it fits" in page, "a slip in the signs changes nothing"
    for harsh in ("%", "wrong answer", "incorrect", "score", "points", "right answer"):
        assert harsh not in page


def test_a_quiz_in_french_compares_in_french(house: Group) -> None:
    sam = house.browser("sam", "fr")
    page = said(follow(sam, house.send(sam, "quiz", MANY["quiz"])))
    assert "J'attends, et je regarde aussi par la fenêtre. cela convient Le silence réfléchit parfois." in page
    assert "votre choix\u00a0: à regarder de nouveau" in page
    assert "I wait" not in page


def test_a_quiz_can_be_done_without_a_word(house: Group) -> None:
    sam = house.browser("sam")
    assert house.send(sam, "quiz", {"choice1": "wait"}).status_code == 303


def test_a_quiz_is_done_again_and_the_earlier_answers_stay(house: Group) -> None:
    sam = house.browser("sam")
    house.send(sam, "quiz", {"choice1": "ask"})
    done = sam.get(house.page_of("quiz"))
    assert "data-editor" not in done.text
    assert "Do it again" in said(done)
    once_more = sam.get(f"{house.page_of('quiz')}?again=yes").text
    assert "data-editor" in once_more
    assert "checked" not in once_more, "it begins empty"
    assert house.send(sam, "quiz", {"choice1": "wait"}).status_code == 303
    assert [s.version for s in house.sent("quiz")] == [1, 2]
    assert "An earlier version" in said(sam.get(house.page_of("quiz")))


def test_what_was_begun_again_waits_as_a_draft(house: Group) -> None:
    sam = house.browser("sam")
    house.send(sam, "quiz", {"choice1": "ask"})
    sam.post(f"{house.page_of('quiz')}/draft", data={"words1": "Another way."})
    page = sam.get(house.page_of("quiz")).text
    assert "Another way." in page
    assert "data-editor" in page


def test_a_survey_is_answered_once(house: Group) -> None:
    sam = house.browser("sam")
    house.send(sam, "survey", {"answer1": "2"})
    assert "data-editor" not in sam.get(f"{house.page_of('survey')}?again=yes").text
    assert house.send(sam, "survey", {"answer1": "3"}).status_code == 409
    assert len(house.sent("survey")) == 1


def test_values_that_were_never_offered_are_left_out(house: Group) -> None:
    sam = house.browser("sam")
    house.send(sam, "quiz", {"choice1": "<script>", "choice2": ["time", "world"], "match3_1": "99"})
    (sent,) = house.sent("quiz")
    assert sent.data["answers"]["choice1"] == ""
    assert sent.data["answers"]["choice2"] == "time"
    assert house.send(sam, "survey", {"answer1": "11", "answer2": "tea"}).status_code == 422


# -- what a group says together -----------------------------------------------------------------------------


def answered(house: Group, *everybody: dict[str, str], readers: Readers = actions.TEAM) -> None:
    """The survey, answered by one neighbour after the other."""
    host = house.app.extensions["lms"]
    kind, course = host.guard.activity_type("survey"), host.catalog.courses["host:house"].course
    activity = course.activities[EXAMPLES["survey"].name]
    with house.app.app_context(), saved():
        for name, fields in zip(NEIGHBOURS, everybody, strict=False):
            person = accounts.person_by_email(f"{name}@example.org")
            assert person is not None
            enrolment = session.scalars(select(Enrolment).where(Enrolment.person_id == person.id)).one()
            author = actions.Author(enrolment.id, house.id, 1, person.id)
            answer = kind.read(activity, fields)
            actions.submit(author, activity.id, answer, fields, reviewed=False, now=NOW, readers=readers)


SAID = [{"answer1": "4", "answer2": "breaks", "answer3": f"More {thing}."} for thing in ("tea", "light", "air", "time")]


def test_a_survey_says_beforehand_who_sees_what(house: Group) -> None:
    page = said(house.browser("sam").get(house.page_of("survey")))
    assert "Your trainers see what the group's answers come to, without names, once five people have answered." in page
    assert "This is for you alone." not in page
    assert "This is for you alone." in said(house.browser("sam").get(house.page_of("quiz")))


def test_fewer_than_five_answers_stay_with_those_who_gave_them(house: Group) -> None:
    answered(house, *SAID)
    page = said(house.browser("amina").get(house.page_of("survey")))
    assert "once five people have answered." in page
    assert "The breaks:" not in page
    assert "More tea." not in page


def test_what_is_for_oneself_alone_is_not_counted(house: Group) -> None:
    answered(house, *SAID, {"answer1": "1"}, readers=Readers("me"))
    page = said(house.browser("amina").get(house.page_of("survey")))
    assert "The breaks:" not in page


def test_five_answers_are_shown_together_without_names(house: Group) -> None:
    answered(house, *SAID, {"answer1": "1", "answer2": "breaks\nchairs", "answer3": "A clock."})
    page = said(house.browser("amina").get(house.page_of("survey")))
    for words in ("1 · Hardly: 1", "4 · Very well: 4", "The breaks: 5", "The chairs in a circle: 1", "More tea."):
        assert words in page
    assert page.index("A clock.") < page.index("More air.") < page.index("More time.")
    for name in NEIGHBOURS:
        assert name not in page.lower().split()
    french = said(house.browser("amina", "fr").get(house.page_of("survey")))
    assert "4 · Très bien\u00a0: 4" in french
    assert "More tea." not in said(house.browser("sam").get(house.page_of("survey")))


def test_words_that_fewer_than_five_wrote_stay_with_them(house: Group) -> None:
    answered(house, *SAID, {"answer1": "1"})
    page = said(house.browser("amina").get(house.page_of("survey")))
    assert "The breaks: 4" in page
    assert "More tea." not in page
    assert "Fewer than five people wrote something here" in page


# -- a kind that stops working ------------------------------------------------------------------------------


@pytest.mark.parametrize("question", ["form", "show", "guide"])
@pytest.mark.parametrize("kind", MANY)
def test_what_was_sent_stays_readable_when_the_kind_stops(
    house: Group, kind: str, question: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sam = house.browser("sam")
    house.send(sam, kind, MANY[kind])
    (sent,) = house.sent(kind)

    def stops(*_: object) -> None:
        raise RuntimeError("out of tea")

    provider = house.app.extensions["lms"].guard.host.provided("activity_types", kind).provider
    monkeypatch.setattr(provider, question, stops)
    page = sam.get(house.page_of(kind))
    assert page.status_code == 200
    if question == "show":
        assert " ".join(sent.text.split()) in said(page)


def test_trainers_find_the_page_when_a_kind_cannot_say_what_a_group_says(
    house: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered(house, *SAID, {"answer1": "1"})
    guard = house.app.extensions["lms"].guard
    monkeypatch.setattr(guard.host.provided("activity_types", "survey").provider, "together", lambda *_: 1 / 0)
    assert house.browser("amina").get(house.page_of("survey")).status_code == 200


@pytest.mark.parametrize("kind", MANY)
def test_words_are_taken_when_the_kind_cannot_read(house: Group, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    provider = house.app.extensions["lms"].guard.host.provided("activity_types", kind).provider
    monkeypatch.setattr(provider, "read", lambda *_: 1 / 0)
    sam = house.browser("sam")
    assert house.send(sam, kind, MANY[kind]).status_code == 303
    (sent,) = house.sent(kind)
    assert sent.text
