"""The certificate as a letter: one landscape page with a drawing of two chairs beside a path."""

from __future__ import annotations

import importlib.resources
from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from lms.plugin_api import Award, CertificateIssuer, Document, Options, Setting, Text
from lms.plugin_api.documents import CannotDraw, can_make_pdf, in_words, make_pdf, make_qr

TEMPLATE = "letter.typ"

WORDS = {
    "en": {
        "title": "Certificate, {name}",
        "given_to": "This certificate is given to",
        "for_course": "for the course",
        "says_title": "What this says",
        "does_not_say_title": "What this does not say",
        "decided": "Decided by {people} on {decided_on}",
        "issued": "Issued on {issued_on}",
        "number": "Number {serial}",
        "check": "Anyone can check it here:",
        "verify_alt": "Code that opens {url}",
        "and": "and",
    },
    "fr": {
        "title": "Certificat, {name}",
        "given_to": "Ce certificat est remis à",
        "for_course": "pour la formation",
        "says_title": "Ce qu’il dit",
        "does_not_say_title": "Ce qu’il ne dit pas",
        "decided": "Décidé par {people} le {decided_on}",
        "issued": "Délivré le {issued_on}",
        "number": "Numéro {serial}",
        "check": "Tout le monde peut le vérifier ici\u00a0:",
        "verify_alt": "Code qui ouvre {url}",
        "and": "et",
    },
}


class NorthsideSettings(Options):
    """Who signs the certificates; without a name there is no line to sign."""

    signatory: Annotated[
        str,
        Field(max_length=80),
        Setting(
            Text("Who signs", "Qui signe"),
            help=Text("Empty: no line to sign.", "Vide\u00a0: pas de ligne de signature."),
        ),
    ] = ""
    signatory_title: Annotated[str, Field(max_length=120), Setting(Text("Their title", "Titre de cette personne"))] = ""


class NorthsideLetter(CertificateIssuer):
    name = "northside-letter"
    label = Text("Northside letter", "Lettre de Northside")

    def issue(self, award: Award, settings: NorthsideSettings) -> tuple[Document, ...]:
        if not can_make_pdf():
            return ()
        template = importlib.resources.files("lms_northside").joinpath(TEMPLATE).read_text(encoding="utf-8")
        pictures = {"qr.svg": make_qr(award.verify_url)}
        try:
            pdf = make_pdf(template, values_of(award, settings), pictures)
        except CannotDraw:  # a name in a script that no font on this host can draw: the host's own page can show it
            return ()
        return (Document(f"certificate-{award.serial}.pdf", "application/pdf", pdf),)


def values_of(award: Award, settings: NorthsideSettings) -> dict[str, str]:
    """Everything that stands on the page, in the award's language."""
    language = "fr" if award.language.startswith("fr") else "en"
    words = WORDS[language]
    facts = {
        "name": award.name,
        "people": _listed(award.decided_by, words["and"]),
        "decided_on": in_words(award.decided_on, language),
        "issued_on": in_words(award.issued_on, language),
        "serial": award.serial,
        "url": award.verify_url,
    }
    said = {key: words[key].format(**facts) for key in words if key != "and"}
    return said | {
        "language": language,
        "organization": award.organization,
        "name": " ".join(award.name.split()),
        "course": _printed(award.course, language),
        "outcome": _printed(award.outcome, language),
        "says": _printed(award.says, language),
        "does_not_say": _printed(award.does_not_say, language),
        "signatory": settings.signatory.strip(),
        "signatory_title": settings.signatory_title.strip(),
        "verify_url": award.verify_url,
    }


def _printed(text: Text, language: str) -> str:
    return text.said_in(language).replace("'", "’")


def _listed(names: Sequence[str], word: str) -> str:
    return f" {word} ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


# x
