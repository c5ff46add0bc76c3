"""The plain certificate: one page, the same each time, readable by everybody."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from lms.builtin import certificates
from lms.builtin.certificates import PlainCertificate
from lms.plugin_api import Award, NoOptions, Text
from lms.plugin_api.testing import check_plugin

pypdf = pytest.importorskip("pypdf")
pytest.importorskip("typst")

ISSUER = PlainCertificate()
AWARD = Award(
    serial="NS-2026-AB12",
    name="Alice Tremblay",
    organization="Northside",
    course=Text("Core peer support", "Pair-aidance de base"),
    outcome=Text("Completed", "Terminé"),
    says=Text("She came and took part.", "Elle est venue et a participé."),
    does_not_say=Text("It is not a licence.", "Ce n'est pas un permis."),
    decided_on=date(2026, 6, 1),
    issued_on=date(2026, 6, 2),
    decided_by=("Tom", "Ines"),
    language="en",
    verify_url="https://learn.example.org/verify/NS-2026-AB12",
)


def pages(award: Award) -> list[str]:
    (paper,) = ISSUER.issue(award, NoOptions())
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(paper.content)).pages]


def test_the_plugin_keeps_its_contract() -> None:
    check_plugin(certificates)


def test_one_page_says_everything_in_a_sensible_order() -> None:
    (page,) = pages(AWARD)
    wanted = (
        "Northside",
        "Alice Tremblay",
        "Core peer support",
        "Completed",
        "She came and took part.",
        "It is not a licence.",
        "Decided by Tom, Ines",
        "Issued June 2, 2026",
        "Number NS-2026-AB12",
    )
    places = [page.find(words) for words in wanted]
    assert -1 not in places
    assert all(before < after for before, after in pairwise(places))


def test_a_french_award_is_french() -> None:
    (page,) = pages(replace(AWARD, language="fr-CA", issued_on=date(2026, 5, 1)))
    assert "Pair-aidance de base" in page
    assert "Délivré le 1er mai 2026" in page
    assert "Decided" not in page


def test_it_carries_its_language_and_title_for_screen_readers() -> None:
    (paper,) = ISSUER.issue(replace(AWARD, language="fr"), NoOptions())
    reader = pypdf.PdfReader(io.BytesIO(paper.content))
    assert reader.metadata.title == "Certificat, Alice Tremblay"
    assert str(reader.trailer["/Root"]["/Lang"]).startswith("fr")
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_the_same_award_gives_the_same_bytes() -> None:
    assert ISSUER.issue(AWARD, NoOptions()) == ISSUER.issue(AWARD, NoOptions())


@pytest.mark.parametrize("name", ['#eval("1")', "A #strong[B] $x$ @c <d>", 'Zoé "Zo" \\ D\'Arcy', "Łukasz Öz Ñandú"])
def test_a_name_is_never_code(name: str) -> None:
    (page,) = pages(replace(AWARD, name=name))
    assert name.replace("'", "’") in page.replace("'", "’")


def test_a_name_in_signs_that_no_font_has_leaves_it_to_the_page_of_the_host() -> None:
    made = ISSUER.issue(replace(AWARD, name="Alice \U000e0041"), NoOptions())
    assert made == () or made[0].content.startswith(b"%PDF")


def test_a_long_name_stays_on_one_page() -> None:
    assert len(pages(replace(AWARD, name="Maria Alexandra " * 6))) == 1


def test_a_long_word_in_a_name_becomes_smaller_until_it_stands_between_the_margins() -> None:
    (paper,) = ISSUER.issue(replace(AWARD, name="N" * 80), NoOptions())
    (page,) = pypdf.PdfReader(io.BytesIO(paper.content)).pages
    sizes: list[float] = []

    def look(text: str, _outer: object, matrix: list[float], _font: object, size: float) -> None:
        if "NNN" in text:
            sizes.append(abs(matrix[0]) * size)

    assert "N" * 80 in page.extract_text(visitor_text=look)
    assert sizes
    assert all(0 < size * 0.7 * 80 <= float(page.mediabox.width) for size in sizes)
