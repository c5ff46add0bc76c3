"""The certificate: one quiet page that says what it says, and that it is not the national certification."""

from __future__ import annotations

import importlib.resources

from lms.plugin_api import Award, CertificateIssuer, Document, NoOptions, Text
from lms.plugin_api.documents import CannotDraw, can_make_pdf, in_words, make_pdf, make_qr

WORDS = {
    "title": Text("Certificate, {name}", "Certificat, {name}"),
    "given_to": Text("This certificate goes to", "Ce certificat est remis à"),
    "not_title": Text("It does not say more than that", "Il n’en dit pas davantage"),
    "decided": Text("Decided by {people} on {decided_on}", "Décision de {people}, le {decided_on}"),
    "issued": Text("Issued on {issued_on}, number {serial}", "Délivré le {issued_on}, numéro {serial}"),
    "check": Text("Anyone may check it:", "Tout le monde peut le vérifier\u00a0:"),
    "code": Text("Code that opens {url}", "Code qui ouvre {url}"),
}


class HarbourlightSheet(CertificateIssuer):
    name = "harbourlight-sheet"
    label = Text("Harbourlight sheet", "Feuille Harbourlight")

    def issue(self, award: Award, settings: NoOptions) -> tuple[Document, ...]:
        """No paper where the libraries, or the letters of a name, are missing: the host then offers its own page."""
        if not can_make_pdf():
            return ()
        template = importlib.resources.files("lms_harbourlight").joinpath("sheet.typ").read_text(encoding="utf-8")
        try:
            pdf = make_pdf(template, values_of(award), {"qr.svg": make_qr(award.verify_url)})
        except CannotDraw:
            return ()
        return (Document(f"certificate-{award.serial}.pdf", "application/pdf", pdf),)


def values_of(award: Award) -> dict[str, str]:
    """Everything that stands on the page, in the award's language."""
    language = "fr" if award.language.startswith("fr") else "en"
    facts = {
        "name": " ".join(award.name.split()),
        "people": ", ".join(award.decided_by),
        "decided_on": in_words(award.decided_on, language),
        "issued_on": in_words(award.issued_on, language),
        "serial": award.serial,
        "url": award.verify_url,
    }
    given = {name: getattr(award, name).said_in(language) for name in ("course", "outcome", "says", "does_not_say")}
    said = {name: text.said_in(language).format(**facts) for name, text in WORDS.items()}
    return facts | given | said | {"language": language, "organization": award.organization}
