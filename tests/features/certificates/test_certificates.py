"""Certificates: what a stranger reads, what the holder has in hand, and what happens when something goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.features.accounts.models import Person
from lms.features.certificates.actions import issue_from_decision
from lms.features.certificates.models import Certificate, CertificateEvent, Paper
from lms.features.decisions.models import Decision
from lms.host.db import may_write, saved, session
from lms.host.plugins import Provided
from lms.plugin_api import Award, CertificateIssuer, Document, Text
from tests.features.conftest import NOW, Browser
from tests.pages import follow, form_to, said, submit
from tests.world import World, sign_in

VALID = "This certificate is valid."
CANNOT_FIND = "We can't find this number. Check for a mix-up and try again."


@pytest.fixture
def outcome(world: World, evening: str) -> str:
    return f"{evening}/outcomes/{world.enrolments['Sam']}"


@pytest.fixture
def of_sam(world: World, evening: str) -> str:
    """Sam's certificates for those who lead."""
    return f"{evening}/people/{world.enrolments['Sam']}/certificates"


class Quick(CertificateIssuer):
    """Makes a small paper; fails as often as it is told to."""

    name = "northside-letter"
    label = Text("Quick", "Rapide")

    def __init__(self) -> None:
        self.fails = 0
        self.asked = 0

    def issue(self, award: Award, settings: object) -> tuple[Document, ...]:
        self.asked += 1
        if self.fails:
            self.fails -= 1
            raise RuntimeError(f"the printer has no sign for a letter in {award.name}")
        return (Document("certificate.pdf", "application/pdf", f"%PDF {award.serial} {award.name}".encode()),)


@pytest.fixture(autouse=True)
def issuer(app: Flask) -> Iterator[Quick]:
    """In the place of Northside's letter, which has tests of its own and draws for a while."""
    issuers = app.extensions["lms"].guard.host.providers["certificate_issuers"]
    kept = issuers["northside-letter"]
    quick = Quick()
    issuers["northside-letter"] = Provided(quick, kept.plugin)
    yield quick
    issuers["northside-letter"] = kept


def deliver(app: Flask) -> None:
    app.extensions["lms"].extras["worker"].run_due()


def decide_and_tell(app: Flask, client: FlaskClient, outcome: str, chosen: str = "level-1") -> int:
    """A told decision; its id."""
    client.post(f"{outcome}/decisions", data={"outcome": chosen, "reasons": f"Reasons for {chosen}."})
    with app.app_context():
        decision = session.scalars(select(Decision.id).order_by(Decision.id.desc())).first()
    assert client.post(f"{outcome}/decisions/{decision}/tell").status_code == 303
    return int(decision or 0)


def serials(app: Flask) -> list[str]:
    with app.app_context():
        return list(session.scalars(select(Certificate.serial).order_by(Certificate.id)))


@pytest.fixture
def serial(app: Flask, browser: Browser, outcome: str) -> str:
    """The number of Sam's Level 1 certificate, papers and all."""
    decide_and_tell(app, browser("Amina"), outcome)
    deliver(app)
    (number,) = serials(app)
    return number


# -- one for each decision ----------------------------------------------------------------------------------


def test_a_told_decision_has_one_certificate_however_often_it_is_delivered(
    app: Flask, world: World, browser: Browser, outcome: str, serial: str
) -> None:
    host = app.extensions["lms"]
    may_write()
    for _ in range(2):
        deliver(app)
        with app.app_context(), saved():
            decision = session.scalars(select(Decision.id)).one()
            issue_from_decision(decision, host.guard, lambda number: number, now=NOW)
    assert serials(app) == [serial]
    with app.app_context():
        assert session.scalars(select(CertificateEvent.event)).all() == ["issued"]


def test_an_outcome_without_a_certificate_has_none(app: Flask, browser: Browser, outcome: str, evening: str) -> None:
    decide_and_tell(app, browser("Amina"), outcome, "incomplete")
    deliver(app)
    assert serials(app) == []
    assert "There is no certificate yet." in said(browser("Sam").get(f"{evening}/certificate"))


def test_a_later_decision_replaces_the_certificate_of_the_earlier(
    app: Flask, browser: Browser, outcome: str, serial: str, stranger: FlaskClient, clock: time_machine.Coordinates
) -> None:
    clock.shift(timedelta(minutes=5))
    decide_and_tell(app, browser("Amina"), outcome, "level-1r")
    deliver(app)
    old, new = serials(app)
    assert old == serial
    page = said(stranger.get(f"/certificates/{old}"))
    assert "This certificate was replaced by a newer one." in page
    assert new in page
    assert VALID in said(stranger.get(f"/certificates/{new}"))
    assert "Level 1R" in said(stranger.get(f"/certificates/{new}"))


def test_two_decisions_before_the_outbox_ran_leave_the_later_one_standing(
    app: Flask, browser: Browser, outcome: str, stranger: FlaskClient, clock: time_machine.Coordinates
) -> None:
    amina = browser("Amina")
    first = decide_and_tell(app, amina, outcome)
    clock.shift(timedelta(minutes=5))
    second = decide_and_tell(app, amina, outcome, "level-1r")
    may_write()
    for decision in (second, first):  # as they come after a fault: the earlier one was tried again later
        with app.app_context(), saved():
            issue_from_decision(decision, app.extensions["lms"].guard, lambda number: number, now=NOW)
    valid = [number for number in serials(app) if VALID in said(stranger.get(f"/certificates/{number}"))]
    (number,) = valid
    assert "Level 1R" in said(stranger.get(f"/certificates/{number}"))


# -- what a stranger reads ----------------------------------------------------------------------------------


def test_a_stranger_reads_what_it_says_and_what_it_does_not_say(serial: str, stranger: FlaskClient) -> None:
    answer = stranger.get(f"/certificates/{serial}")
    page = said(answer)
    assert VALID in page
    assert "Sam · Level 1 · Core peer support training" in page
    assert "May 5, 2026 by Northside Peer Training" in page
    assert "It is not a national certification or a licence." in page
    assert "sam@example.org" not in page
    assert "Reasons for" not in page
    assert answer.headers["X-Robots-Tag"] == "noindex"


def test_the_same_in_french(serial: str, stranger: FlaskClient) -> None:
    page = said(stranger.get(f"/certificates/{serial}", headers={"Accept-Language": "fr-CA"}))
    assert "Sam · Niveau 1 · Formation de base en pair-aidance" in page
    assert "Ce n'est ni une certification nationale ni un permis d'exercice." in page


def test_a_number_is_found_however_it_is_typed(serial: str, stranger: FlaskClient) -> None:
    bare = serial.replace("-", "")
    for typed in (
        serial.lower(),
        bare,
        bare.lower(),
        f" {bare[:4]} {bare[4:8]} {bare[8:]} ",
        serial.replace("-", " - "),
        serial.replace("-", "–"),
    ):
        page = follow(stranger, stranger.get("/verify", query_string={"serial": typed}))
        assert VALID in said(page), typed
        assert VALID in said(stranger.get(f"/certificates/{typed}")), typed


@pytest.mark.parametrize(
    "typed", ["7KQ4-M9XW-2T", "tea", "0000-0000-00", "x" * 500, "é", "1" * 10, "7KQ4M9XW2TT", "'; --"]
)
def test_a_number_that_is_nobodys_gets_a_sentence_and_stays_typed(stranger: FlaskClient, typed: str) -> None:
    answer = stranger.get(f"/certificates/{typed}")
    assert answer.status_code == 404
    assert CANNOT_FIND in said(answer)
    assert answer.headers["X-Robots-Tag"] == "noindex"
    typed_again = form_to(answer, "/verify").fields["serial"]
    assert typed_again.replace("-", "") in typed.upper().replace("-", "").replace(" ", "")


@pytest.mark.parametrize("typed", ["", " ", "---", "!?"])
def test_without_a_number_one_is_asked_for_it(stranger: FlaskClient, typed: str) -> None:
    answer = stranger.get("/verify", query_string={"serial": typed})
    assert answer.status_code == 200
    assert "Type the number that stands on it." in said(answer)


def test_the_address_on_a_certificate_never_comes_from_a_request(
    app: Flask, world: World, browser: Browser, outcome: str
) -> None:
    amina = browser("Amina")
    cookie = amina.get_cookie("lms")
    assert cookie
    amina.set_cookie("lms", cookie.value, domain="evil.example")
    headers = {"X-Forwarded-Host": "evil.example"}
    amina.post(
        f"{outcome}/decisions",
        data={"outcome": "level-1", "reasons": "Yes."},
        base_url="http://evil.example",
        headers=headers,
    )
    with app.app_context():
        decision = session.scalars(select(Decision.id)).one()
    amina.post(f"{outcome}/decisions/{decision}/tell", base_url="http://evil.example", headers=headers)
    deliver(app)
    with app.app_context():
        facts = session.scalars(select(Certificate.facts)).one()
    assert facts["verify_url"].startswith("http://127.0.0.1:8000/certificates/")


# -- in the hand --------------------------------------------------------------------------------------------


def test_sam_has_the_paper_and_the_page_to_print(browser: Browser, serial: str, evening: str) -> None:
    sam = browser("Sam")
    page = said(sam.get(f"{evening}/certificate"))
    assert serial in page
    assert "Download" in page
    assert "Page to print" in page
    paper = sam.get(f"/certificates/{serial}/papers/certificate.pdf")
    assert paper.data == f"%PDF {serial} Sam".encode()
    assert paper.mimetype == "application/pdf"
    assert "attachment" in paper.headers["Content-Disposition"]
    printed = said(sam.get(f"/certificates/{serial}/print"))
    assert "Sam" in printed
    assert f"http://127.0.0.1:8000/certificates/{serial}" in printed


def test_a_certificate_is_on_the_page_of_the_day_as_long_as_it_stands(
    browser: Browser, serial: str, evening: str, stranger: FlaskClient
) -> None:
    sam = browser("Sam")
    page = sam.get("/today")
    assert "Your certificate Level 1" in said(page)
    assert f'href="/certificates/{serial}/papers/certificate.pdf" download' in page.text
    assert "Your certificate" not in said(browser("Kim").get("/today"))
    browser("Rosa").post(f"/certificates/{serial}/revocation", data={"why": "A mix-up."})
    assert "Your certificate" not in said(sam.get("/today"))


def test_papers_are_for_the_holder_and_for_coordinators(browser: Browser, stranger: FlaskClient, serial: str) -> None:
    paths = (f"/certificates/{serial}/papers/certificate.pdf", f"/certificates/{serial}/print")
    for path in paths:
        assert browser("Rosa").get(path).status_code == 200
        for name in ("Kim", "Amina", "Luc", "Olga", "Camille", "Noor"):
            assert browser(name).get(path).status_code == 404, (name, path)
        assert "/sign-in?" in stranger.get(path).location


@pytest.mark.parametrize("filename", ["other.pdf", "..%2F..%2Fsecret_key", "certificate.pdf%00", "CERTIFICATE.PDF"])
def test_only_papers_of_the_certificate_are_handed_out(browser: Browser, serial: str, filename: str) -> None:
    assert browser("Sam").get(f"/certificates/{serial}/papers/{filename}").status_code == 404


def test_when_the_issuer_fails_the_award_stands_and_is_printed_here(
    app: Flask, browser: Browser, outcome: str, evening: str, issuer: Quick, stranger: FlaskClient,
    clock: time_machine.Coordinates,
) -> None:  # fmt: skip
    issuer.fails = 2
    decide_and_tell(app, browser("Amina"), outcome)
    deliver(app)
    (number,) = serials(app)
    assert VALID in said(stranger.get(f"/certificates/{number}"))
    sam = browser("Sam")
    page = said(sam.get(f"{evening}/certificate"))
    assert "There is no file to download yet. The page to print says the same." in page
    assert "Download" not in page
    assert "Sam" in said(sam.get(f"/certificates/{number}/print"))
    for minutes in (1, 10):
        clock.move_to(NOW + timedelta(minutes=minutes))
        deliver(app)
    assert issuer.asked == 3
    assert "Download" in said(sam.get(f"{evening}/certificate"))
    assert serials(app) == [number]


def test_a_fault_of_the_issuer_is_named_to_the_admin(app: Flask, browser: Browser, outcome: str, issuer: Quick) -> None:
    issuer.fails = 1
    decide_and_tell(app, browser("Amina"), outcome)
    deliver(app)
    olga = browser("Olga")
    olga.get("/account")  # kept with the next answer
    page = said(olga.get("/organizations/northside/plugins/northside"))
    assert "RuntimeError in test_certificates.py, line " in page
    assert "northside-letter.issue" in page
    assert "Sam" not in page, "the issuer heard a name, and its words may repeat it"


def test_an_issuer_that_answers_nonsense_makes_no_paper(
    app: Flask, browser: Browser, outcome: str, issuer: Quick, monkeypatch: pytest.MonkeyPatch, evening: str
) -> None:
    monkeypatch.setattr(issuer, "issue", lambda award, settings: ("certificate.pdf", b"%PDF"))
    decide_and_tell(app, browser("Amina"), outcome)
    deliver(app)
    with app.app_context():
        assert session.scalars(select(Paper)).all() == []
    assert "There is no file to download yet." in said(browser("Sam").get(f"{evening}/certificate"))


# -- again, and no longer -----------------------------------------------------------------------------------


def test_issued_again_under_another_name_the_old_number_leads_to_the_new_and_shows_no_name(
    app: Flask, browser: Browser, of_sam: str, serial: str, stranger: FlaskClient, evening: str
) -> None:
    rosa = browser("Rosa")
    form = form_to(rosa.get(of_sam), f"/certificates/{serial}/replacements")
    assert form.fields["name"] == "Sam"
    done = follow(rosa, submit(rosa, form, name="  Samira   Rivera ", why="The name was short."))
    assert "A new certificate is issued. The old number points to it." in said(done)
    deliver(app)
    old, new = serials(app)
    page = said(stranger.get(f"/certificates/{old}"))
    assert "This certificate was replaced by a newer one." in page
    assert new in page
    assert "Sam" not in page.replace(new, "")
    assert "The name was short." not in page
    assert "Samira Rivera · Level 1" in said(stranger.get(f"/certificates/{new}"))
    sam = browser("Sam")
    assert sam.get(f"/certificates/{new}/papers/certificate.pdf").data == f"%PDF {new} Samira Rivera".encode()
    assert sam.get(f"/certificates/{old}/print").location == f"/certificates/{old}"
    deliver(app)
    assert serials(app) == [old, new], "the decision has its certificate"


def test_a_certificate_issued_again_in_the_evening_carries_the_day_on_the_wall(
    app: Flask, browser: Browser, serial: str, stranger: FlaskClient, clock: time_machine.Coordinates
) -> None:
    clock.move_to(datetime(2026, 5, 6, 1, 30, tzinfo=UTC))  # half past nine in the evening in Toronto
    browser("Rosa").post(f"/certificates/{serial}/replacements", data={"name": "Samira"})
    assert "May 5, 2026 by Northside" in said(stranger.get(f"/certificates/{serials(app)[1]}"))


def test_without_a_name_nothing_is_issued_again(app: Flask, browser: Browser, serial: str) -> None:
    answer = browser("Rosa").post(f"/certificates/{serial}/replacements", data={"name": "  ", "why": "A slip."})
    assert answer.status_code == 422
    assert "Enter the name as it should stand on the certificate." in said(answer)
    assert form_to(answer, f"/certificates/{serial}/replacements").fields["why"] == "A slip."
    assert serials(app) == [serial]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (" Sam ", "This name stands on it already. Nothing was replaced."),
        ("N" * 81, "Shorten the name to 80 characters."),
        ("N" * 201, "Shorten the name to 80 characters."),
    ],
)
def test_a_name_that_changes_nothing_or_fits_nowhere_replaces_nothing(
    app: Flask, browser: Browser, serial: str, name: str, sentence: str
) -> None:
    answer = browser("Rosa").post(f"/certificates/{serial}/replacements", data={"name": name, "why": "A slip."})
    assert answer.status_code == 422
    assert sentence in said(answer)
    assert form_to(answer, f"/certificates/{serial}/replacements").fields["why"] == "A slip."
    assert serials(app) == [serial]


def test_what_was_replaced_is_not_issued_again(app: Flask, browser: Browser, serial: str) -> None:
    rosa = browser("Rosa")
    for _ in range(2):
        answer = rosa.post(f"/certificates/{serial}/replacements", data={"name": "Samira"})
    assert answer.status_code == 409
    assert "This certificate does not stand any more." in said(answer)
    assert len(serials(app)) == 2


def test_withdrawn_it_says_so_in_public_without_a_reason(
    app: Flask, browser: Browser, of_sam: str, serial: str, stranger: FlaskClient, evening: str
) -> None:
    rosa = browser("Rosa")
    form = form_to(rosa.get(of_sam), f"/certificates/{serial}/revocation")
    done = follow(rosa, submit(rosa, form, why="kumquat-teapot-93"))
    assert "The public page now says that this certificate is no longer valid." in said(done)
    answer = stranger.get(f"/certificates/{serial}")
    page = said(answer)
    assert answer.status_code == 200
    assert "This certificate is no longer valid." in page
    assert "It was issued on May 5, 2026 by Northside Peer Training, who can answer questions about it." in page
    assert "kumquat" not in page
    assert "Sam" not in page
    assert VALID not in page
    sam = browser("Sam")
    assert "no longer valid" in said(sam.get(f"{evening}/certificate"))
    assert "kumquat" not in said(sam.get(f"{evening}/certificate"))
    with app.app_context():
        events = session.scalars(select(CertificateEvent).order_by(CertificateEvent.id)).all()
        assert [(event.event, event.why) for event in events] == [("issued", ""), ("revoked", "kumquat-teapot-93")]


@pytest.mark.parametrize("why", ["", "  "])
def test_withdrawing_needs_a_reason_for_the_history(
    app: Flask, browser: Browser, serial: str, why: str, stranger: FlaskClient
) -> None:
    answer = browser("Rosa").post(f"/certificates/{serial}/revocation", data={"why": why})
    assert answer.status_code == 422
    assert "Write why. It stays in the history and is not shown in public." in said(answer)
    assert VALID in said(stranger.get(f"/certificates/{serial}"))


@pytest.mark.parametrize("act", ["replacements", "revocation"])
@pytest.mark.parametrize("name", ["Sam", "Amina", "Olga", "Camille", "Noor"])
def test_nobody_but_a_coordinator_of_the_organization_changes_a_certificate(
    app: Flask, browser: Browser, serial: str, stranger: FlaskClient, name: str, act: str
) -> None:
    answer = browser(name).post(f"/certificates/{serial}/{act}", data={"name": "Eve", "why": "Because."})
    assert answer.status_code == 404
    assert VALID in said(stranger.get(f"/certificates/{serial}"))


def test_a_changed_name_of_the_person_does_not_change_what_was_issued(
    app: Flask, world: World, serial: str, stranger: FlaskClient
) -> None:
    may_write()
    with app.app_context(), saved():
        session.get_one(Person, world.people["Sam"]).name = "Somebody Else"
    assert "Sam · Level 1" in said(stranger.get(f"/certificates/{serial}"))


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "Zoë d'Arcy-Müller", "李小龙", "ﷺ مريم", "{{ 7 * 7 }}"])
def test_a_name_is_shown_as_it_is_and_does_nothing(
    app: Flask, browser: Browser, serial: str, stranger: FlaskClient, name: str
) -> None:
    browser("Rosa").post(f"/certificates/{serial}/replacements", data={"name": name})
    answer = stranger.get(f"/certificates/{serials(app)[1]}")
    assert f"{name} · Level 1" in said(answer)
    assert "<script>alert" not in answer.text


def test_a_decision_told_late_in_the_evening_is_issued_on_that_day(
    app: Flask, outcome: str, stranger: FlaskClient, clock: time_machine.Coordinates
) -> None:
    clock.move_to(datetime(2026, 5, 6, 3, 30, tzinfo=UTC))  # half past eleven in the evening in Toronto
    decide_and_tell(app, sign_in(app, "Amina"), outcome)
    clock.shift(timedelta(hours=1))
    deliver(app)
    assert "May 5, 2026 by Northside" in said(stranger.get(f"/certificates/{serials(app)[0]}"))
