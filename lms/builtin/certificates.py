"""The plain certificate: one page, readable by screen readers, with a code that leads to the public page."""

from __future__ import annotations

from collections.abc import Iterable

from lms.plugin_api import About, Award, CertificateIssuer, Document, NoOptions, Text, hookimpl
from lms.plugin_api.documents import CannotDraw, can_make_pdf, in_words, make_pdf, make_qr

about = About(
    api_version=1,
    label=Text("Plain certificate", "Certificat simple"),
    summary=Text(
        "A one-page certificate as PDF, with a code that anyone can check.",
        "Un certificat d'une page en PDF, avec un code que tout le monde peut vérifier.",
    ),
    sees=Text("the name and outcome on a certificate", "le nom et le résultat inscrits sur un certificat"),
)

PAGE = """
#let facts = json(bytes(sys.inputs.values))
#set document(title: facts.title, author: facts.organization)
#set page(paper: "us-letter", flipped: true, margin: 2.2cm, fill: rgb("#FBF8F3"))
#set text(lang: facts.language, size: 13pt, fill: rgb("#22302F"), font: ("Libertinus Serif",))
#set align(center + horizon)
#text(size: 14pt, facts.organization)
#v(0.6cm)
#layout(room => {
  let size = 30pt
  let too_wide(word) = measure(text(size: size, word)).width > room.width
  while size > 4pt and facts.name.split(" ").any(too_wide) { size -= 1pt }
  heading(level: 1, text(size: size, weight: "regular", facts.name))
})
#v(0.3cm)
#facts.course
#v(0.1cm)
#text(size: 19pt, fill: rgb("#0F5C5C"), facts.outcome)
#v(0.6cm)
#block(width: 78%, [#facts.says])
#block(width: 78%, text(size: 11pt, fill: rgb("#4C5A58"), facts.does_not_say))
#v(0.8cm)
#grid(columns: (1fr, auto), align: (left + bottom, right + bottom),
  [#facts.decided \\ #facts.issued \\ #facts.number],
  figure(image("qr.svg", width: 2.4cm, alt: facts.verify_alt)))
#v(0.1cm)
#text(size: 10pt, link(facts.verify_url))
"""

WORDS = {
    "en": {
        "title": "Certificate",
        "decided": "Decided by {people}",
        "issued": "Issued {date}",
        "number": "Number {serial}",
        "alt": "Code that opens {url}",
    },
    "fr": {
        "title": "Certificat",
        "decided": "Décidé par {people}",
        "issued": "Délivré le {date}",
        "number": "Numéro {serial}",
        "alt": "Code qui ouvre {url}",
    },
}


class PlainCertificate(CertificateIssuer):
    name = "plain"
    label = Text("Plain certificate", "Certificat simple")

    def issue(self, award: Award, settings: NoOptions) -> tuple[Document, ...]:
        if not can_make_pdf():
            return ()
        words = WORDS["fr" if award.language.startswith("fr") else "en"]
        people = ", ".join(award.decided_by)
        values = {
            "title": f"{words['title']}, {award.name}",
            "language": award.language[:2],
            "organization": award.organization,
            "name": award.name,
            "course": award.course.said_in(award.language),
            "outcome": award.outcome.said_in(award.language),
            "says": award.says.said_in(award.language),
            "does_not_say": award.does_not_say.said_in(award.language),
            "decided": words["decided"].format(people=people),
            "issued": words["issued"].format(date=in_words(award.issued_on, award.language)),
            "number": words["number"].format(serial=award.serial),
            "verify_url": award.verify_url,
            "verify_alt": words["alt"].format(url=award.verify_url),
        }
        try:
            pdf = make_pdf(PAGE, values, {"qr.svg": make_qr(award.verify_url)})
        except CannotDraw:  # a name in signs that no font here has: the host's own page can show it
            return ()
        return (Document(f"certificate-{award.serial}.pdf", "application/pdf", pdf),)


@hookimpl
def certificate_issuers() -> Iterable[CertificateIssuer]:
    return (PlainCertificate(),)
