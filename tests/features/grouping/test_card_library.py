"""The scenario cards of a group: to look through, to read whole, to print."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from lms.plugin_api.content import Course
from tests.features.conftest import Browser
from tests.features.roleplay.test_role_play import course as course
from tests.features.roleplay.test_role_play import texts_of
from tests.pages import said


@pytest.fixture
def library(evening: str) -> str:
    return f"{evening}/role-play/cards"


@pytest.fixture
def amina(browser: Browser) -> FlaskClient:
    return browser("Amina")


def test_every_card_stands_there_with_its_classes(amina: FlaskClient, library: str, course: Course) -> None:
    page = said(amina.get(library))
    for card in course.cards:
        assert card.title.en in page
    assert f"{len(course.cards)} cards" in page
    assert "First coffee Level 1, warm-up" in page
    assert "It mentions: loneliness." in page


@pytest.mark.parametrize("level", [1, 2, 3])
def test_cards_are_chosen_by_level(amina: FlaskClient, library: str, course: Course, level: int) -> None:
    page = said(amina.get(f"{library}?level={level}"))
    for card in course.cards:
        assert (f"{card.title.en} Level" in page) == (card.level == level)


def test_cards_are_chosen_by_skill_and_by_what_they_mention(amina: FlaskClient, library: str, course: Course) -> None:
    for card in course.cards:
        assert (f"{card.title.en} Level" in said(amina.get(f"{library}?skill=boundaries"))) == (
            "boundaries" in card.skill_focus
        )
        assert (f"{card.title.en} Level" in said(amina.get(f"{library}?note=none"))) == (not card.content_notes)
        assert (f"{card.title.en} Level" in said(amina.get(f"{library}?note=loneliness"))) == (
            "loneliness" in card.content_notes
        )


def test_where_no_card_is_like_that_a_sentence_says_so(amina: FlaskClient, library: str) -> None:
    assert "No card is like that. Choose less." in said(amina.get(f"{library}?level=7&skill=nothing"))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_card_is_read_whole_and_printed_one_role_to_a_sheet(
    amina: FlaskClient, library: str, course: Course, language: str
) -> None:
    amina.set_cookie("language", language)
    answer = amina.get(f"{library}/first-coffee")
    card = course.card("first-coffee")
    assert card
    sheets = answer.text.partition('class="print-only"')[2].split("<section")[1:4]
    for seat, sheet in zip(("supporter", "person", "observer"), sheets, strict=True):
        for other in ("supporter", "person", "observer"):
            texts = [getattr(text, language) for text in _texts(card, other)]
            from_other = [text for text in texts if text in _plain(sheet)]
            assert bool(from_other) == (seat == other), (seat, other)


def _texts(card: object, seat: str) -> list[object]:
    role = getattr(card.roles, seat)  # type: ignore[attr-defined]
    return list(role.look_for) if seat == "observer" else [text for _name, text in role]


def _plain(sheet: str) -> str:
    return sheet.replace("&#39;", "'").replace("&#34;", '"')


def test_a_card_that_is_not_there(amina: FlaskClient, library: str) -> None:
    assert amina.get(f"{library}/no-such-card").status_code == 404


def test_trainees_have_no_library(browser: Browser, library: str) -> None:
    for path in (library, f"{library}/first-coffee"):
        assert browser("Sam").get(path).status_code == 404


def test_decks_of_plugins_that_are_turned_on_stand_below(
    browser: Browser, amina: FlaskClient, library: str, course: Course
) -> None:
    assert "Whose file" not in said(amina.get(library))
    assert browser("Olga").post("/organizations/northside/plugins/harbourlight", data={}).status_code == 303
    page = said(amina.get(library))
    assert "Deck: Rights in everyday life" in page
    whole = said(amina.get(f"{library}/rights:whose-file"))
    assert "A class of your course can name it as rights:whose-file." in whole
    assert "The file does not say that somebody with lived experience has read it." in whole
    assert all(text not in said(browser("Sam").get(library)) for text in texts_of(course.cards[0], "person"))
