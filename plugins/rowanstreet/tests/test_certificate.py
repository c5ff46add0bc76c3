"""The certificate: what stands on the page, and that it is one page whatever the names are."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pypdf
import pytest
from lms_rowanstreet import certificate
from lms_rowanstreet.certificate import RowanPage, listed

from lms.plugin_api import Award, NoOptions, Text

AWARD = Award(
    serial="RS-2026-4KQ2",
    name="Dee Marchand-Oyelaran",
    organization="Rowan Street Works",
    course=Text("Paid pathway in peer support", "Parcours rémunéré en pair-aidance"),
    outcome=Text("Training complete", "Formation terminée"),
    says=Text("Took part in all seven modules.", "A participé aux sept modules."),
    does_not_say=Text("It is not a licence.", "Ce n'est pas un permis d'exercice."),
    decided_on=date(2026, 6, 1),
    issued_on=date(2026, 6, 12),
    decided_by=("Mika Sandoval", "Aude Roy"),
    language="en",
    verify_url="https://learn.example.org/verify/RS-2026-4KQ2",
)


def words_on(award: Award) -> str:
    (document,) = RowanPage().issue(award, NoOptions())
    reader = pypdf.PdfReader(io.BytesIO(document.content))
    assert len(reader.pages) == 1
    return " ".join(reader.pages[0].extract_text().split()).replace("’", "'")


def test_the_page_in_english() -> None:
    words = words_on(AWARD)
    for said in (
        "This certificate belongs to Dee Marchand-Oyelaran",
        "Paid pathway in peer support Training complete",
        "What it says Took part in all seven modules.",
        "What it does not say It is not a licence.",
        "Decided by Mika Sandoval and Aude Roy, June 1, 2026",
        "Issued June 12, 2026",
        "Number RS-2026-4KQ2",
        "https://learn.example.org/verify/RS-2026-4KQ2",
    ):
        assert said in words


def test_the_page_in_french() -> None:
    words = words_on(replace(AWARD, language="fr-CA"))
    for said in (
        "Ce certificat appartient à Dee Marchand-Oyelaran",
        "Formation terminée",
        "Ce qu'il ne dit pas Ce n'est pas un permis d'exercice.",
        "Décision de Mika Sandoval et Aude Roy, le 1er juin 2026",
        "Délivré le 12 juin 2026",
    ):
        assert said in words


def test_one_upright_tagged_document_the_same_each_time() -> None:
    (first,), (second,) = (RowanPage().issue(AWARD, NoOptions()) for _ in range(2))
    assert first == second
    assert (first.filename, first.media_type) == ("certificate-RS-2026-4KQ2.pdf", "application/pdf")
    reader = pypdf.PdfReader(io.BytesIO(first.content))
    assert reader.pages[0].mediabox.height > reader.pages[0].mediabox.width
    assert reader.root_object["/Lang"] == "en"
    assert reader.root_object["/MarkInfo"]["/Marked"]


@pytest.mark.parametrize("name", ["Jo", "W" * 80, "#panic() $x$ *bold* \\ <script>", "Nguyễn Thị Ánh Ağaoğlu " * 4])
def test_every_name_fits_on_one_page(name: str) -> None:
    assert "".join(name.split()) in "".join(words_on(replace(AWARD, name=name)).split())


def test_long_texts_fit_on_one_page() -> None:
    words = words_on(replace(AWARD, says=Text("And this. " * 90, "-"), does_not_say=Text("Nor that. " * 90, "-")))
    assert (words.count("And this."), words.count("Nor that.")) == (90, 90)


def test_a_name_that_no_font_can_draw_gives_no_paper() -> None:
    assert RowanPage().issue(replace(AWARD, name="Jo \U0010fffd"), NoOptions()) == ()


def test_without_the_pdf_libraries_there_is_no_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certificate, "can_make_pdf", lambda: False)
    assert RowanPage().issue(AWARD, NoOptions()) == ()


def test_names_in_words() -> None:
    assert [listed(names, "and") for names in ((), ("Ada",), ("Ada", "Bo"), ("Ada", "Bo", "Cy"))] == [
        "",
        "Ada",
        "Ada and Bo",
        "Ada, Bo and Cy",
    ]
