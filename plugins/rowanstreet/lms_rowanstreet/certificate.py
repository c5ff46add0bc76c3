"""The certificate: one upright page with a rowan branch, made to hang on a wall or to fold into a wallet."""

from __future__ import annotations

import importlib.resources
from collections.abc import Sequence

from lms.plugin_api import Award, CertificateIssuer, Document, NoOptions, Text
from lms.plugin_api.documents import CannotDraw, can_make_pdf, in_words, make_pdf, make_qr

TEMPLATE = "page.typ"

WORDS = {
    "en": {
        "title": "Certificate, {name}",
        "lead": "This certificate belongs to",
        "says_title": "What it says",
        "does_not_say_title": "What it does not say",
        "decided": "Decided by {people}, {decided_on}",
        "issued": "Issued {issued_on}",
        "number": "Number {serial}",
        "check": "Is it still valid? Anyone can look:",
        "verify_alt": "Code that opens {url}",
        "and": "and",
    },
    "fr": {
        "title": "Certificat, {name}",
        "lead": "Ce certificat appartient à",
        "says_title": "Ce qu’il dit",
        "does_not_say_title": "Ce qu’il ne dit pas",
        "decided": "Décision de {people}, le {decided_on}",
        "issued": "Délivré le {issued_on}",
        "number": "Numéro {serial}",
        "check": "Est-il encore valide? Tout le monde peut vérifier\u00a0:",
        "verify_alt": "Code qui ouvre {url}",
        "and": "et",
    },
}


class RowanPage(CertificateIssuer):
    name = "rowanstreet-page"
    label = Text("Rowan Street page", "Page de Rowan Street")

    def issue(self, award: Award, settings: NoOptions) -> tuple[Document, ...]:
        if not can_make_pdf():
            return ()
        template = importlib.resources.files("lms_rowanstreet").joinpath(TEMPLATE).read_text(encoding="utf-8")
        try:
            pdf = make_pdf(template, values_of(award), {"qr.svg": make_qr(award.verify_url)})
        except CannotDraw:  # a name in a script that no font on this host can draw: the host's own page can show it
            return ()
        return (Document(f"certificate-{award.serial}.pdf", "application/pdf", pdf),)


def values_of(award: Award) -> dict[str, str]:
    """Everything that stands on the page, in the award's language."""
    language = "fr" if award.language.startswith("fr") else "en"
    words = WORDS[language]
    facts = {
        "name": award.name,
        "people": listed(award.decided_by, words["and"]),
        "decided_on": in_words(award.decided_on, language),
        "issued_on": in_words(award.issued_on, language),
        "serial": award.serial,
        "url": award.verify_url,
    }
    said = {key: sentence.format(**facts) for key, sentence in words.items() if key != "and"}
    return said | {
        "language": language,
        "organization": award.organization,
        "name": " ".join(award.name.split()),
        "course": award.course.said_in(language),
        "outcome": award.outcome.said_in(language),
        "says": award.says.said_in(language),
        "does_not_say": award.does_not_say.said_in(language),
        "verify_url": award.verify_url,
    }


def listed(names: Sequence[str], word: str) -> str:
    """ "Ada", "Ada and Bo", "Ada, Bo and Cy"."""
    return f" {word} ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)
