"""Public documents that the names come from: title, who publishes it, what was seen of it. No addresses: these move, and
nobody has checked one. Each document is to be looked at again within a year."""

from __future__ import annotations

from datetime import date

from lms.plugin_api import Resource, Text

LOOKED_AT, AGAIN = date(2026, 11, 22), date(2027, 11, 22)


def resource(title: str, publisher: Text, en: str, fr: str) -> Resource:
    """A document under its public title, to be found with whoever publishes it."""
    about = Text(f"Published by {publisher.en}. {en}", f"Publié par {publisher.fr}. {fr}")
    return Resource(Text(title, title), LOOKED_AT, AGAIN, about=about)


PSC = Text("Peer Support Canada", "Peer Support Canada")
MHCC = Text("the Mental Health Commission of Canada", "la Commission de la santé mentale du Canada")
SAMHSA = Text(
    "SAMHSA, an agency of the government of the United States", "SAMHSA, un organisme du gouvernement des États-Unis"
)

PSC_SITE = resource(
    "Peer Support Canada",
    PSC,
    "Its website, with questions and answers and the application form for certification.",
    "Son site Web, avec des questions et réponses et le formulaire de demande de certification.",
)
PSC_STANDARDS = resource(
    "PSACC, Standards of Practice",
    Text("Peer Support Canada, formerly PSACC", "Peer Support Canada, anciennement la PSACC"),
    "The standards in four parts: knowledge, experience, competencies, code of conduct.",
    "Les normes en quatre parties\u00a0: connaissances, expérience, compétences, code de conduite.",
)
MHCC_GUIDELINES = resource(
    "MHCC, Guidelines for the Practice and Training of Peer Support (2013)",
    MHCC,
    "Seen through library records only: read the document itself before you rely on a name.",
    "Vu seulement dans des notices de bibliothèque\u00a0: lisez le document lui-même avant de vous fier à un nom.",
)
BC_CURRICULUM = resource(
    "Post-Secondary Peer Support Training Curriculum (Cusick, CC BY 4.0)",
    Text("BCcampus OpenEd, British Columbia", "BCcampus OpenEd, en Colombie-Britannique"),
    "The post-secondary edition of the provincial curriculum, with a guide for facilitators.",
    "L'édition postsecondaire du programme provincial, avec un guide d'animation.",
)
SAMHSA_COMPETENCIES = resource(
    "SAMHSA, core competencies (2015)",
    SAMHSA,
    "Seen through its overview and its questions and answers.",
    "Vu par son aperçu et ses questions et réponses.",
)
SAMHSA_MODEL = resource(
    "SAMHSA, National Model Standards for Peer Support Certification (2023)",
    SAMHSA,
    "Seen through SMI Adviser, another publisher.",
    "Vu par SMI Adviser, qui publie à part.",
)
NAPS_GUIDELINES = resource(
    "National Practice Guidelines for Peer Specialists and Supervisors",
    Text("N.A.P.S., United States", "N.A.P.S., aux États-Unis"),
    "Twelve core values.",
    "Douze valeurs fondamentales.",
)
HEE_FRAMEWORK = resource(
    "Competence Framework for Mental Health Peer Support Workers (2020)",
    Text("Health Education England and the NCCMH", "Health Education England et le NCCMH"),
    "Read beside it the response that the network NSUN published.",
    "À lire avec la réponse publiée par le réseau NSUN.",
)
IPS_CONFERENCE = resource(
    "Intentional Peer Support, conference outlines and core competency form",
    Text(
        "Intentional Peer Support; the outlines by the conferences of NARPA",
        "Intentional Peer Support; les plans, par les conférences de la NARPA",
    ),
    "Penney and others published a measure in 2021.",
    "Penney et d'autres ont publié une mesure en 2021.",
)
