"""Public documents that the names come from, by their titles. Each is to be looked at again within a year."""

from __future__ import annotations

from datetime import date

from lms.plugin_api import Resource, Text

LOOKED_AT, AGAIN = date(2026, 11, 22), date(2027, 11, 22)


def resource(title: str, en: str, fr: str) -> Resource:
    """A document under its public title; its address is left out until somebody has checked it."""
    return Resource(Text(title, title), LOOKED_AT, AGAIN, about=Text(en, fr))


PSC_SITE = resource(
    "Peer Support Canada",
    "Its website, with questions and answers and the application form for certification.",
    "Son site Web, avec des questions et réponses et le formulaire de demande de certification.",
)
PSC_STANDARDS = resource(
    "PSACC, Standards of Practice",
    "The standards in four parts: knowledge, experience, competencies, code of conduct.",
    "Les normes en quatre parties\u00a0: connaissances, expérience, compétences, code de conduite.",
)
MHCC_GUIDELINES = resource(
    "MHCC, Guidelines for the Practice and Training of Peer Support (2013)",
    "Seen through library records only: read the document itself before you rely on a name.",
    "Vu seulement dans des notices de bibliothèque\u00a0: lisez le document lui-même avant de vous fier à un nom.",
)
BC_CURRICULUM = resource(
    "BCcampus OpenEd, Post-Secondary Peer Support Training Curriculum (Cusick, CC BY 4.0)",
    "The post-secondary edition, with a guide for facilitators.",
    "L'édition postsecondaire, avec un guide d'animation.",
)
SAMHSA_COMPETENCIES = resource(
    "SAMHSA, core competencies (2015)",
    "Seen through its overview and its questions and answers.",
    "Vu par son aperçu et ses questions et réponses.",
)
SAMHSA_MODEL = resource(
    "SAMHSA, National Model Standards for Peer Support Certification (2023)",
    "Seen through SMI Adviser.",
    "Vu par SMI Adviser.",
)
NAPS_GUIDELINES = resource(
    "N.A.P.S., National Practice Guidelines for Peer Specialists and Supervisors",
    "Twelve core values.",
    "Douze valeurs fondamentales.",
)
HEE_FRAMEWORK = resource(
    "HEE and NCCMH, Competence Framework for Mental Health Peer Support Workers (2020)",
    "Read the response of NSUN beside it.",
    "À lire avec la réponse de NSUN.",
)
IPS_CONFERENCE = resource(
    "Intentional Peer Support, conference outlines and core competency form",
    "Outlines from NARPA conferences; Penney and others published a measure in 2021.",
    "Des plans de conférences de la NARPA; Penney et d'autres ont publié une mesure en 2021.",
)
