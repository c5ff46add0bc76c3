"""Words that were being sent when something came between: they stay on the page and go on from there."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from lms.features.accounts.models import Person
from lms.host.db import saved, session
from lms.host.serving import MAX_FORM
from tests.features.conftest import NOW, Browser
from tests.pages import follow, form_to, forms, said, submit
from tests.world import PASSWORD, World

TEXT = "Line one: “it’s fine” <b>& so on</b>.\n\n\n  indented, 🌱, مرحبا\nlast line"
LATER = NOW + timedelta(hours=13)


@pytest.fixture
def homework(evening: str) -> str:
    return f"{evening}/activities/how-i-arrive"


def test_words_sent_after_signing_out_stay_and_one_click_sends_them(
    browser: Browser, clock: time_machine.Coordinates, homework: str
) -> None:
    sam = browser("Sam")
    clock.move_to(LATER)
    asked = sam.post(f"{homework}/submissions", data={"text": TEXT, "counter": "3"})
    assert asked.status_code == 401
    assert "Your words are on this page, and go on with you when you sign in." in said(asked)
    form = form_to(asked, "/sign-in")
    assert form.fields["kept-text"] == TEXT
    back = submit(sam, form, email="sam@example.org", password=PASSWORD)
    assert "Nothing was lost. Here is what you were sending when you were signed out." in said(back)
    (carried,) = [f for f in forms(back) if f.action == f"{homework}/submissions"]
    assert carried.fields == {"text": TEXT, "counter": "3"}
    sent = follow(sam, submit(sam, carried))
    assert "Sent. You can take it back until someone opens it." in said(sent)
    assert "“it’s fine” <b>& so on</b>." in said(sent)


def test_a_mistyped_password_does_not_cost_the_words(
    browser: Browser, clock: time_machine.Coordinates, homework: str
) -> None:
    sam = browser("Sam")
    clock.move_to(LATER)
    page = sam.post(f"{homework}/submissions", data={"text": TEXT})
    for _ in range(2):
        page = submit(sam, form_to(page, "/sign-in"), email="sam@example.org", password="kettle-window-pond")
        assert page.status_code == 422
    back = submit(sam, form_to(page, "/sign-in"), email="sam@example.org", password=PASSWORD)
    assert form_to(back, f"{homework}/submissions").fields == {"text": TEXT}


def test_words_go_on_when_one_signs_in_again_in_another_tab(
    browser: Browser, clock: time_machine.Coordinates, homework: str
) -> None:
    sam = browser("Sam")
    clock.move_to(LATER)
    asked = sam.post(f"{homework}/submissions", data={"text": TEXT})
    sam.post("/sign-in", data={"email": "sam@example.org", "password": PASSWORD})
    assert "Sent." in said(follow(sam, submit(sam, form_to(asked, f"{homework}/submissions"))))


def test_the_editor_is_told_and_keeps_the_words_itself(
    browser: Browser, clock: time_machine.Coordinates, homework: str
) -> None:
    sam = browser("Sam")
    clock.move_to(LATER)
    answer = sam.post(f"{homework}/draft", data={"text": TEXT}, headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert answer.json == {"error": "You were signed out. Your words are on this device.", "sign_in": True}


def test_words_sent_on_are_still_checked_against_who_signs_in(
    browser: Browser, clock: time_machine.Coordinates, homework: str
) -> None:
    """Somebody else signs in on a shared computer: what Sam was sending does not become theirs unseen."""
    sam = browser("Sam")
    clock.move_to(LATER)
    asked = sam.post(f"{homework}/submissions", data={"text": TEXT})
    back = submit(sam, form_to(asked, "/sign-in"), email="wes@example.org", password=PASSWORD)
    answer = submit(sam, form_to(back, f"{homework}/submissions"))
    assert answer.status_code == 404


def test_passwords_are_not_carried_along(browser: Browser, clock: time_machine.Coordinates) -> None:
    sam = browser("Sam")
    clock.move_to(LATER)
    asked = sam.post(
        "/account/password", data={"current-password": "kettle-window-pond", "password": "a lamp in the hall"}
    )
    assert "a lamp in the hall" not in asked.text
    assert "kettle-window-pond" not in asked.text


def test_a_button_without_words_leads_back_to_its_page(
    browser: Browser, clock: time_machine.Coordinates, evening: str
) -> None:
    """Nothing to carry along: one comes back to the page with the button, not to an address that cannot be opened."""
    amina = browser("Amina")
    clock.move_to(LATER)
    page = f"{evening}/classes/6/roll-call"
    headers = {"Referer": f"http://localhost{page}"}
    asked = amina.post(f"{evening}/classes/6/marks/everyone", headers=headers)
    assert asked.status_code == 401
    back = submit(amina, form_to(asked, "/sign-in"), email="amina@example.org", password=PASSWORD)
    assert back.location == page
    assert amina.get(page).status_code == 200


@pytest.mark.parametrize(
    "referer", ["", "https://example.org/x", "http://localhost//example.org", "http://[", "about:blank"]
)
def test_without_such_a_page_one_starts_at_the_front(
    browser: Browser, clock: time_machine.Coordinates, evening: str, referer: str
) -> None:
    amina = browser("Amina")
    clock.move_to(LATER)
    asked = amina.post("/reading/next", headers={"Referer": referer} if referer else {})
    back = submit(amina, form_to(asked, "/sign-in"), email="amina@example.org", password=PASSWORD)
    assert back.location == "/"


@pytest.mark.parametrize("origin", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://example.org"}])
def test_what_another_site_sends_in_sams_name_is_refused_and_shown(
    browser: Browser, homework: str, origin: dict[str, str]
) -> None:
    sam = browser("Sam")
    answer = sam.post(f"{homework}/submissions", data={"text": TEXT}, headers=origin)
    assert answer.status_code == 403
    assert "This was sent from another page. Open the page here and send it again." in said(answer)
    assert "indented, 🌱, مرحبا" in said(answer)
    assert "Sent" not in said(sam.get(homework))


@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/language", "/account/sign-out-everywhere"])
def test_another_site_cannot_sign_anybody_in_or_out(stranger: FlaskClient, browser: Browser, path: str) -> None:
    sam = browser("Sam")
    data = {"email": "kim@example.org", "password": PASSWORD, "language": "fr"}
    answer = sam.post(path, data=data, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert "sam@example.org" in said(sam.get("/account"))


def test_short_words_are_shown_too_and_what_nobody_typed_is_not(
    browser: Browser, clock: time_machine.Coordinates, homework: str
) -> None:
    sam = browser("Sam")
    clock.move_to(LATER)
    sent = {"what": "Oui", "text": "Merci à tous", "counter": "3", "audience": "team", "who": "7"}
    asked = sam.post(f"{homework}/submissions", data=sent)
    back = submit(sam, form_to(asked, "/sign-in"), email="sam@example.org", password=PASSWORD)
    for page in (asked, back):
        for words in ("Oui", "Merci à tous"):
            assert f">\n{words}</textarea>" in page.text
        assert page.text.count("<textarea") == 2
    assert form_to(back, f"{homework}/submissions").fields == sent


def test_what_is_too_large_leads_back_to_its_page(browser: Browser, homework: str) -> None:
    sam = browser("Sam")
    headers = {"Referer": f"http://localhost{homework}"}
    answer = sam.post("/language", data={"text": "x" * (MAX_FORM + 1)}, headers=headers)
    assert answer.status_code == 413
    assert "This is larger than we can take. Please send it in smaller parts." in said(answer)
    assert "Your browser's Back button leads to what you typed." in said(answer)
    assert f'href="{homework}">Back to the page</a>' in answer.text


def test_it_is_for_the_browser_to_know_whether_the_words_are_on_the_device(
    browser: Browser, world: World, homework: str
) -> None:
    sam = browser("Sam")
    answer = sam.post(f"{homework}/submissions", data={"text": "x" * (MAX_FORM + 1)})
    assert answer.status_code == 413
    who, cohort = world.people["Sam"], world.cohorts["evening"]
    assert f'<p data-kept="draft:{who}:{cohort}:how-i-arrive:" hidden>' in answer.text


def test_many_short_fields_are_named_and_folded(
    browser: Browser, clock: time_machine.Coordinates, homework: str
) -> None:
    sam = browser("Sam")
    clock.move_to(LATER)
    sent = {"each": "yes", "place": "Library", "day2": "2027-03-02", "out2": "yes"}
    sent |= {f"{name}{n}": f"{name} {n}" for n in range(1, 18) for name in ("place", "link")}
    asked = sam.post(f"{homework}/submissions", data=sent)
    back = submit(sam, form_to(asked, "/sign-in"), email="sam@example.org", password=PASSWORD)
    for page in (asked, back):
        assert "Kept: 35 fields of the page you came from" in said(page)
        assert "Place 17" in said(page)
        assert "<textarea" not in page.text
    assert form_to(back, f"{homework}/submissions").fields == sent


@pytest.mark.parametrize("device", ["fr", None])
def test_french_stays_french_after_signing_in_again(
    app: Flask, world: World, browser: Browser, clock: time_machine.Coordinates, homework: str, device: str | None
) -> None:
    with app.app_context(), saved():
        session.get_one(Person, world.people["Sam"]).language = "en" if device else "fr"
    sam = browser("Sam")
    sam.set_cookie("language", device) if device else sam.delete_cookie("language")
    clock.move_to(LATER)
    asked = sam.post(f"{homework}/submissions", data={"text": TEXT})
    back = submit(sam, form_to(asked, "/sign-in"), email="sam@example.org", password=PASSWORD)
    assert '<html lang="fr' in back.text
    assert '<html lang="fr' in sam.get(homework).text
