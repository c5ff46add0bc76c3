"""Everything works with script switched off, in both languages: then buttons do what scripts make more comfortable."""

from __future__ import annotations

import re

import pytest

from tests.browser.conftest import MakeDevice
from tests.browser.devices import School, expect, sign_in_by_form, writing
from tests.browser.lived_in import give_certificate
from tests.world import PASSWORD, email_of, sent_homework, sign_in

pytestmark = pytest.mark.browser

WORDS = "Somebody moved a chair, and I sat down."


def test_sam_writes_keeps_and_sends(device: MakeDevice, school: School) -> None:
    page = device(script=False).open("/today")
    sign_in_by_form(page, "Sam")
    page.get_by_role("link", name="How I arrive").tap()
    expect(page.locator("noscript p").filter(has_text="Nothing is saved by itself in this browser.")).to_be_visible()
    writing(page).fill(WORDS)
    page.get_by_role("button", name="Keep as draft").tap()
    expect(page.get_by_text("Saved. Only you can see it until you send it.")).to_be_visible()
    expect(writing(page)).to_have_value(WORDS)
    page.get_by_role("button", name="Send to Amina and Luc").tap()
    expect(page.get_by_text("You'll usually hear back by")).to_be_visible()
    page.get_by_role("button", name="Take it back").tap()
    expect(writing(page)).to_have_value(WORDS)


def test_two_windows_show_both_texts(device: MakeDevice, school: School) -> None:
    sam = device("Sam", script=False)
    sam.may_meet("409")
    one = sam.open(school.group + "/activities/how-i-arrive")
    other = sam.context.new_page()
    other.goto(one.url)
    writing(one).fill(WORDS)
    one.get_by_role("button", name="Keep as draft").tap()
    expect(one.get_by_text("Saved. Only you can see it")).to_be_visible()
    writing(other).fill("There was tea.")
    other.get_by_role("button", name="Keep as draft").tap()
    expect(other.get_by_role("heading", name="There are two texts")).to_be_visible()
    mine, there = other.get_by_label("Your reflection").all()
    expect(mine).to_have_value("There was tea.")
    expect(there).to_have_value(WORDS)
    other.get_by_role("button", name="Keep this text").tap()
    expect(writing(other)).to_have_value("There was tea.")


def test_amina_takes_attendance_with_buttons(device: MakeDevice, school: School) -> None:
    page = device("Amina", script=False).open("/today")
    page.get_by_role("link", name="Take attendance").tap()
    page.get_by_role("button", name="Everyone's here").tap()
    expect(page.get_by_role("status")).to_contain_text("20 here.")
    for status in ("late", "away"):
        page.get_by_role("button", name=re.compile("^Bo Tran")).tap()
        expect(page.get_by_role("button", name=f"Bo Tran, {status}")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("19 here, 1 away.")
    page.get_by_text("Left early, tech trouble, told us, or a note").tap()
    page.get_by_label("Who").select_option("Chi Lam")
    page.get_by_label("How they were there").select_option("told us before")
    page.get_by_role("button", name="Save this mark").tap()
    expect(page.get_by_role("status")).to_contain_text("18 here, 1 away, 1 told us before.")


def test_amina_reads_keeps_and_answers(device: MakeDevice, school: School) -> None:
    sent_homework(school.app, school.world, "Sam", WORDS)
    page = device("Amina", script=False).open("/reading")
    page.get_by_role("button", name="Read it").tap()
    page.get_by_label("What came through").fill("I can see that chair.")
    page.get_by_role("button", name="Keep as my draft and go back").tap()
    page.get_by_role("link", name="How I arrive").tap()
    expect(page.get_by_label("What came through")).to_have_value("I can see that chair.")
    page.get_by_role("button", name="Accept and send").tap()
    expect(page.get_by_text("All read.")).to_be_visible()
    page.get_by_role("button", name="Undo").tap()
    expect(page.get_by_label("What came through")).to_have_value("I can see that chair.")
    page.get_by_role("button", name="Accept and send").tap()
    expect(page.get_by_text("All read.")).to_be_visible()
    school.undo_time_passes()
    sams = device("Sam", script=False).open(school.group + "/activities/how-i-arrive")
    expect(sams.get_by_text("I can see that chair.")).to_be_visible()


def test_the_same_in_french(device: MakeDevice, school: School) -> None:
    """The language changes in place: each page stays the page it was."""
    page = device(script=False).open("/sign-in?next=/today")
    page.get_by_role("button", name="Français").tap()
    expect(page).to_have_url(re.compile(r"/sign-in\?next="))
    page.get_by_label("Courriel").fill(email_of("Sam"))
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Ouvrir une session", exact=True).tap()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Sam")
    page.goto(school.group + "/activities/how-i-arrive")
    if page.get_by_role("button", name="Français").count():
        page.get_by_role("button", name="Français").tap()
    expect(page).to_have_url(re.compile("/activities/how-i-arrive$"))
    expect(page.get_by_role("heading", name="Comment j'arrive")).to_be_visible()
    page.get_by_label("Votre réflexion").fill("Quelqu'un a déplacé une chaise.")
    page.get_by_role("button", name="Garder comme brouillon").tap()
    expect(page.get_by_label("Votre réflexion")).to_have_value("Quelqu'un a déplacé une chaise.")
    page.get_by_role("button", name="Envoyer à Amina et à Luc").tap()
    expect(page.get_by_role("button", name="Le reprendre")).to_be_visible()
    page.get_by_role("button", name="English").tap()
    expect(page).to_have_url(re.compile("/activities/how-i-arrive$"))
    expect(page.get_by_role("button", name="Take it back")).to_be_visible()


def test_a_stranger_checks_a_certificate(device: MakeDevice, school: School) -> None:
    """Valid, replaced, withdrawn, unknown: without an account and without script, in both languages."""
    valid, withdrawn, replaced = (give_certificate(school, name) for name in ("Sam", "Kim", "Amir Sadeghi"))
    rosa = sign_in(school.app, "Rosa")
    rosa.post(f"/certificates/{withdrawn}/revocation", data={"why": "Not earned"})
    rosa.post(f"/certificates/{replaced}/replacements", data={"name": "Amira Sadeghi", "why": "Her name"})

    stranger = device(script=False)
    stranger.may_meet("404")
    page = stranger.open("/")
    page.get_by_role("link", name="Check a certificate").tap()
    page.get_by_label("Number of the certificate").fill(valid.replace("-", " ").lower())
    page.get_by_role("button", name="Check").tap()
    expect(page.get_by_role("heading", name="This certificate is valid.")).to_be_visible()
    expect(page.get_by_text(valid)).to_be_visible()
    expect(page.get_by_text("It is not a national certification or a licence.")).to_be_visible()
    page.get_by_role("button", name="Français").tap()
    expect(page).to_have_url(re.compile(f"/certificates/{valid}$"))
    expect(page.get_by_role("heading", name="Ce certificat est valide.")).to_be_visible()
    page.get_by_role("button", name="English").tap()
    expect(page.get_by_role("heading", name="This certificate is valid.")).to_be_visible()

    stranger.open(f"/certificates/{withdrawn}")
    expect(page.get_by_role("heading", name="This certificate is no longer valid.")).to_be_visible()
    expect(page.get_by_role("main")).not_to_contain_text("Kim")
    stranger.open(f"/certificates/{replaced}")
    expect(page.get_by_role("heading", name="This certificate was replaced by a newer one.")).to_be_visible()
    expect(page.get_by_role("main")).not_to_contain_text("Amir")
    page.get_by_role("link", name="Open the newer one").tap()
    expect(page.get_by_role("main")).to_contain_text("Amira Sadeghi")
    stranger.open("/certificates/7KQ4-M9XW-2T")
    expect(page.get_by_role("heading", name="We can't find this number.")).to_be_visible()
    page.get_by_label("Number of the certificate").fill(valid)
    page.get_by_role("button", name="Check again").tap()
    expect(page.get_by_role("heading", name="This certificate is valid.")).to_be_visible()
