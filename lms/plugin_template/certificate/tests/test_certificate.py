"""The paper for an award."""

from __future__ import annotations

from datetime import date

import pytest
from lms_kittiwake import KittiwakeCertificate, KittiwakeSettings

from lms.plugin_api import Award, Text
from lms.plugin_api.documents import can_make_pdf

AWARD = Award(
    serial="EX-2027-AB12",
    name="Samira Okafor-Lévesque",
    organization="An example organization",
    course=Text("A small course", "Une petite formation"),
    outcome=Text("Completed", "Terminé"),
    says=Text("Took full part.", "A participé pleinement."),
    does_not_say=Text("It is not a licence.", "Ce n'est pas un permis d'exercice."),
    decided_on=date(2027, 5, 1),
    issued_on=date(2027, 5, 14),
    decided_by=("Amina Diallo",),
    language="fr",
    verify_url="https://learn.example.org/certificates/EX-2027-AB12",
)


@pytest.mark.skipif(not can_make_pdf(), reason="needs the host's extra 'certificates'")
def test_the_same_award_gives_the_same_page_each_time() -> None:
    first, again = (KittiwakeCertificate().issue(AWARD, KittiwakeSettings(signatory="R. Blackwater")) for _ in "12")
    assert first == again
    (document,) = first
    assert document.media_type == "application/pdf"
    assert document.content.startswith(b"%PDF")
