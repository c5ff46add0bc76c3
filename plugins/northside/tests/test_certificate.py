"""The certificate: what stands on the page, and that it stands on one page whatever the names are."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pypdf
import pytest
from lms_northside import certificate
from lms_northside.certificate import NorthsideLetter, NorthsideSettings, values_of
from pydantic import ValidationError

from lms.plugin_api import Award, Text

AWARD = Award(
    serial="NS-2026-7F3K",
    name="Samira Okafor-Lévesque",
    organization="Northside Peer Training",
    course=Text("Core peer support training", "Formation de base en pair-aidance"),
    outcome=Text("Level 1R", "Niveau 1R"),
    says=Text("Took full part in the course.", "A participé pleinement à la formation."),
    does_not_say=Text("It is not a licence.", "Ce n'est pas un permis d'exercice."),
    decided_on=date(2026, 5, 1),
    issued_on=date(2026, 5, 14),
    decided_by=("Amina Diallo", "Luc Tremblay"),
    language="en",
    verify_url="https://learn.example.org/verify/NS-2026-7F3K",
)
SIGNED = NorthsideSettings(signatory="Ruth Blackwater", signatory_title="Coordinator")


def page_of(award: Award, settings: NorthsideSettings = SIGNED) -> pypdf.PageObject:
    (document,) = NorthsideLetter().issue(award, settings)
    reader = pypdf.PdfReader(io.BytesIO(document.content))
    assert len(reader.pages) == 1
    return reader.pages[0]


def words_on(award: Award, settings: NorthsideSettings = SIGNED) -> str:
    return " ".join(page_of(award, settings).extract_text().split())


def test_the_page_in_english() -> None:
    words = words_on(AWARD)
    for said in (
        "Northside Peer Training",
        "This certificate is given to Samira Okafor-Lévesque",
        "Core peer support training Level 1R",
        "What this says Took full part in the course.",
        "What this does not say It is not a licence.",
        "Ruth Blackwater Coordinator",
        "Decided by Amina Diallo and Luc Tremblay on May 1, 2026",
        "Issued on May 14, 2026",
        "Number NS-2026-7F3K",
        "https://learn.example.org/verify/NS-2026-7F3K",
    ):
        assert said in words


def test_the_page_in_french() -> None:
    words = words_on(replace(AWARD, language="fr-CA"))
    for said in (
        "Ce certificat est remis à Samira Okafor-Lévesque",
        "Formation de base en pair-aidance Niveau 1R",
        "Ce qu’il dit A participé pleinement à la formation.",
        "Ce qu’il ne dit pas Ce n’est pas un permis d’exercice.",
        "Décidé par Amina Diallo et Luc Tremblay le 1er mai 2026",
        "Délivré le 14 mai 2026",
    ):
        assert said in words


def test_one_document_named_after_its_number_and_the_same_each_time() -> None:
    (first,), (second,) = (NorthsideLetter().issue(AWARD, SIGNED) for _ in range(2))
    assert first == second
    assert (first.filename, first.media_type) == ("certificate-NS-2026-7F3K.pdf", "application/pdf")


def test_it_is_a_tagged_landscape_page_with_a_language_a_title_and_a_named_code() -> None:
    (document,) = NorthsideLetter().issue(replace(AWARD, language="fr"), SIGNED)
    reader = pypdf.PdfReader(io.BytesIO(document.content))
    page = reader.pages[0]
    assert page.mediabox.width > page.mediabox.height
    assert reader.root_object["/Lang"] == "fr"
    assert reader.root_object["/MarkInfo"]["/Marked"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Certificat, Samira Okafor-Lévesque"
    alternatives = [str(o["/Alt"]) for o in _objects(reader) if "/Alt" in o]
    assert "Code qui ouvre https://learn.example.org/verify/NS-2026-7F3K" in alternatives


def _objects(reader: pypdf.PdfReader) -> list[pypdf.generic.DictionaryObject]:
    numbers = range(1, int(reader.trailer["/Size"]))
    objects = (reader.get_object(n) for n in numbers)
    return [o for o in objects if isinstance(o, pypdf.generic.DictionaryObject)]


@pytest.mark.parametrize(
    "name",
    [
        "Jo",
        "Nguyễn Thị Ánh Łukasz Ağaoğlu",
        "D'Arcy O'Neill-Ñúñez",
        "Maria Antonieta Guadalupe de los Ángeles Fernández-Villavicencio y Montgomery-Featherstonehaugh",
        "W" * 80,
        "#panic() $x$ *bold* \\ <script>",
    ],
)
def test_every_name_fits(name: str) -> None:
    page = page_of(replace(AWARD, name=name))
    right: list[float] = []

    def place(text: str, _: object, at: list[float], __: object, ___: object) -> None:
        if text.strip():
            right.append(at[4])

    page.extract_text(visitor_text=place)
    assert "".join(name.split()) in "".join(page.extract_text().split())
    assert max(right) < page.mediabox.width


def test_long_texts_fit_on_the_page() -> None:
    words = words_on(
        replace(
            AWARD,
            outcome=Text("Certified peer supporter with a title that goes on for longer than a line has room", "-"),
            says=Text("And this. " * 80, "-"),
            does_not_say=Text("Nor that. " * 80, "-"),
            decided_by=("Amina Diallo", "Luc Tremblay", "Kim Nguyen", "Robert Featherstonehaugh"),
        )
    )
    assert words.count("And this.") == 80
    assert words.count("Nor that.") == 80
    assert "Amina Diallo, Luc Tremblay, Kim Nguyen and Robert Featherstonehaugh" in words


def test_without_a_signatory_there_is_no_line_to_sign() -> None:
    assert values_of(AWARD, NorthsideSettings())["signatory"] == ""
    assert "Ruth" not in words_on(AWARD, NorthsideSettings())


def test_a_name_that_no_font_can_draw_gives_no_paper() -> None:
    """A private sign that is in no font; the host then offers its own page."""
    assert NorthsideLetter().issue(replace(AWARD, name="Jo \U0010fffd"), SIGNED) == ()


def test_a_broken_template_is_not_hushed_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certificate, "values_of", lambda *_: {})
    with pytest.raises(RuntimeError):
        NorthsideLetter().issue(AWARD, SIGNED)


def test_without_the_pdf_libraries_there_is_no_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certificate, "can_make_pdf", lambda: False)
    assert NorthsideLetter().issue(AWARD, SIGNED) == ()


def test_settings() -> None:
    assert NorthsideSettings().signatory == ""
    with pytest.raises(ValidationError):
        NorthsideSettings.model_validate({"signatory": "R" * 81})
    with pytest.raises(ValidationError):
        NorthsideSettings.model_validate({"signature": "R"})
