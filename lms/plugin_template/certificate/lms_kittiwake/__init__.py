"""KITTIWAKE: a certificate of one page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from lms.plugin_api import About, Award, CertificateIssuer, Document, Options, Setting, Text, hookimpl
from lms.plugin_api.documents import CannotDraw, can_make_pdf, in_words, make_pdf, make_qr


class KittiwakeSettings(Options):
    """What the organization fills in."""

    signatory: Annotated[str, Setting(Text("Who signs", "Qui signe"))] = ""


about = About(
    api_version=1,
    label=Text("KITTIWAKE", "KITTIWAKE_FR"),
    summary=Text("A certificate of one page.", "Un certificat d'une page."),
    sees=Text("the name and outcome on a certificate", "le nom et le résultat inscrits sur un certificat"),
    settings=KittiwakeSettings,
)

PAGE = """
#let facts = json(bytes(sys.inputs.values))
#set document(title: facts.title, author: facts.organization)
#set page(paper: "us-letter", flipped: true, margin: 2.5cm)
#set text(lang: facts.language, size: 14pt, font: ("Libertinus Serif",))
#set align(center + horizon)
#facts.organization
#heading(level: 1, facts.name)
#text(size: 20pt, facts.outcome) \\
#facts.course
#block(width: 75%, [#facts.says \\ #text(size: 11pt, facts.does_not_say)])
#facts.date \\ #facts.signatory
#figure(image("qr.svg", width: 2.4cm, alt: facts.verify_url))
#text(size: 10pt)[#facts.number #link(facts.verify_url)]
"""


class KittiwakeCertificate(CertificateIssuer):
    name = "kittiwake"
    label = Text("KITTIWAKE", "KITTIWAKE_FR")
    version = "1"

    def issue(self, award: Award, settings: KittiwakeSettings) -> tuple[Document, ...]:
        if not can_make_pdf():
            return ()  # the host then offers a page of its own
        values = {
            "title": award.name,
            "language": award.language[:2],
            "organization": award.organization,
            "name": award.name,
            "course": award.course.said_in(award.language),
            "outcome": award.outcome.said_in(award.language),
            "says": award.says.said_in(award.language),
            "does_not_say": award.does_not_say.said_in(award.language),
            "date": in_words(award.issued_on, award.language),
            "signatory": settings.signatory,
            "number": award.serial,
            "verify_url": award.verify_url,
        }
        try:
            pdf = make_pdf(PAGE, values, {"qr.svg": make_qr(award.verify_url)})
        except CannotDraw:  # a name in signs that no font here has: the host's page can show it
            return ()
        return (Document(f"certificate-{award.serial}.pdf", "application/pdf", pdf),)


@hookimpl
def certificate_issuers() -> Iterable[CertificateIssuer]:
    return (KittiwakeCertificate(),)
