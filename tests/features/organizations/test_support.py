"""Olga says whom people can reach: the telephone number is one that a telephone can dial."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from lms.features.organizations.rules import dialled
from tests.features.conftest import Browser
from tests.pages import form_to, said

SUPPORT = "/organizations/northside/support"
RITA = {"support_name": "Rita at the front desk", "support_hours": "Weekdays, 9 to 5"}


@pytest.fixture
def olga(browser: Browser) -> FlaskClient:
    return browser("Olga")


@pytest.mark.parametrize(
    ("typed", "dials"),
    [
        ("416-555-0142", "4165550142"),
        ("+1 (416) 555.0142", "+14165550142"),
        ("416-555-0142 ext. 12", "4165550142;ext=12"),
        ("416 555-0142, poste 12", "4165550142;ext=12"),
        ("416-555-0142 x12", "4165550142;ext=12"),
        ("211", "211"),
    ],
)
def test_a_telephone_number_is_shown_as_typed_and_can_be_dialled(olga: FlaskClient, typed: str, dials: str) -> None:
    assert olga.post(SUPPORT, data={**RITA, "support_phone": typed}).status_code == 303
    page = olga.get(SUPPORT)
    assert f'<a href="tel:{dials}">{typed}</a>' in page.text
    assert dialled(typed) == dials


@pytest.mark.parametrize(
    "typed", ["ask Rita", "12", '4165550142"><b>', "416-555-0142 or 0143", "+" + "1" * 16, "ext. 12"]
)
def test_what_no_telephone_dials_gets_a_sentence_and_the_rest_stays(olga: FlaskClient, typed: str) -> None:
    answer = olga.post(SUPPORT, data={**RITA, "support_phone": typed})
    assert answer.status_code == 422
    assert "Enter a telephone number, like 416-555-0142" in said(answer)
    assert form_to(answer, SUPPORT).fields == {**RITA, "support_phone": typed}
    assert "Rita" not in said(olga.get("/account"))


def test_no_number_at_all_is_fine(olga: FlaskClient) -> None:
    assert olga.post(SUPPORT, data={**RITA, "support_phone": " "}).status_code == 303
