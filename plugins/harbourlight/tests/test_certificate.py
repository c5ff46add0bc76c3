"""The certificate: what stands on it, on one page whatever the names are."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pypdf
import pytest
from lms_harbourlight import certificate
from lms_harbourlight.certificate import HarbourlightSheet

from lms.plugin_api import Award, NoOptions, Text

AWARD = Award(
    serial="HL-2026-7F3K",
    name="Samira Okafor-Lévesque",
    organization="Harbourlight Rights and Recovery",
    course=Text("Peer support in ten weeks", "Le soutien par les pairs en dix semaines"),
    outcome=Text("Peer support certificate", "Certificat en soutien par les pairs"),
    says=Text("Took part in all of it.", "A pris part à tout."),
    does_not_say=Text("It is not the national certification.", "Ce n'est pas la certification nationale."),
    decided_on=date(2026, 5, 1),
    issued_on=date(2026, 5, 14),
    decided_by=("Mireille Caron",),
    language="en",
    verify_url="https://learn.example.org/verify/HL-2026-7F3K",
)


def page_of(award: Award) -> pypdf.PageObject:
    (document,) = HarbourlightSheet().issue(award, NoOptions())
    reader = pypdf.PdfReader(io.BytesIO(document.content))
    assert len(reader.pages) == 1
    return reader.pages[0]


def words_on(award: Award) -> str:
    return " ".join(page_of(award).extract_text().split())


def test_the_page_in_english() -> None:
    words = words_on(AWARD)
    for said in (
        "Harbourlight Rights and Recovery",
        "This certificate goes to Samira Okafor-Lévesque",
        "Peer support in ten weeks Peer support certificate",
        "It does not say more than that It is not the national certification.",
        "Decided by Mireille Caron on May 1, 2026",
        "Issued on May 14, 2026, number HL-2026-7F3K",
        "https://learn.example.org/verify/HL-2026-7F3K",
    ):
        assert said in words


def test_the_page_in_french() -> None:
    words = words_on(replace(AWARD, language="fr-CA"))
    for said in (
        "Ce certificat est remis à Samira Okafor-Lévesque",
        "Décision de Mireille Caron, le 1er mai 2026",
        "certification nationale",
    ):
        assert said in words


def test_the_same_paper_each_time_named_after_its_number() -> None:
    (first,), (second,) = (HarbourlightSheet().issue(AWARD, NoOptions()) for _ in range(2))
    assert first == second
    assert first.filename == "certificate-HL-2026-7F3K.pdf"


@pytest.mark.parametrize("name", ["Jo", "W" * 80, "#panic() $x$ *bold* \\ <script>", "Nguyễn Thị Ánh Łukasz Ağaoğlu"])
def test_every_name_fits(name: str) -> None:
    assert "".join(name.split()) in "".join(page_of(replace(AWARD, name=name)).extract_text().split())


def test_long_texts_fit_on_the_page() -> None:
    words = words_on(replace(AWARD, says=Text("And this. " * 120, "-"), does_not_say=Text("Nor that. " * 120, "-")))
    assert (words.count("And this."), words.count("Nor that.")) == (120, 120)


def test_a_name_that_no_font_can_draw_gives_no_paper() -> None:
    assert HarbourlightSheet().issue(replace(AWARD, name="Jo \U0010fffd"), NoOptions()) == ()


def test_without_the_pdf_libraries_there_is_no_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certificate, "can_make_pdf", lambda: False)
    assert HarbourlightSheet().issue(AWARD, NoOptions()) == ()
