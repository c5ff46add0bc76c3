"""What bodies in other countries name: the United States, England, and Intentional Peer Support."""

from __future__ import annotations

from lms.plugin_api import Text
from lms_peerstandards import resources
from lms_peerstandards.names import Names, read, source, to_check

CATEGORIES = Text("Categories of competencies", "Catégories de compétences")
PRINCIPLES = Text("Principles", "Principes")


class Samhsa(Names):
    name = "samhsa"
    label = Text("Core competencies and principles (SAMHSA)", "Compétences et principes de base (SAMHSA)")
    source = source(
        "The core competencies of the Substance Abuse and Mental Health Services Administration (United States, 2015). "
        "That there are twelve categories was read in public text; their wording, and most of the principles, is still to "
        "be checked.",
        "Les compétences de base de la Substance Abuse and Mental Health Services Administration (États-Unis, 2015). Qu'il "
        "y a douze catégories a été lu dans des textes publics; leur formulation, et la plupart des principes, est à "
        "vérifier.",
    )
    listed = (
        read(
            "relationships",
            "Collaborative and caring relationships",
            "Des relations bienveillantes, en collaboration",
            CATEGORIES,
        ),
        to_check("support", "Provides support", "Offrir du soutien", CATEGORIES),
        to_check(
            "sharing",
            "Shares lived experiences of recovery",
            "Partager son expérience vécue du rétablissement",
            CATEGORIES,
        ),
        to_check("personalizing", "Personalizes peer support", "Adapter le soutien à la personne", CATEGORIES),
        to_check("planning", "Supports recovery planning", "Soutenir un plan de rétablissement", CATEGORIES),
        to_check("linking", "Links to resources", "Faire le lien avec les ressources", CATEGORIES),
        to_check(
            "information",
            "Information about health, wellness and recovery skills",
            "L'information sur la santé, le mieux-être et le rétablissement",
            CATEGORIES,
        ),
        to_check("crises", "Helps manage crises", "Aider à traverser une crise", CATEGORIES),
        to_check("communication", "Values communication", "Accorder de la valeur à la communication", CATEGORIES),
        to_check("teamwork", "Collaboration and teamwork", "La collaboration et le travail d'équipe", CATEGORIES),
        to_check("advocacy", "Leadership and advocacy", "Le leadership et la défense des droits", CATEGORIES),
        to_check("growth", "Growth and development", "La croissance et le perfectionnement", CATEGORIES),
        to_check("recovery-oriented", "Recovery-oriented", "Axé sur le rétablissement", PRINCIPLES),
        to_check("person-centred", "Person-centred", "Centré sur la personne", PRINCIPLES),
        read("voluntary", "Voluntary", "Volontaire", PRINCIPLES),
        to_check("relationship-focused", "Relationship-focused", "Axé sur la relation", PRINCIPLES),
        to_check("trauma-informed", "Trauma-informed", "Attentif aux traumatismes", PRINCIPLES),
    )
    resources = (resources.SAMHSA_COMPETENCIES, resources.SAMHSA_MODEL)


class Naps(Names):
    name = "naps-values"
    label = Text("Core values (N.A.P.S.)", "Valeurs fondamentales (N.A.P.S.)")
    source = source(
        "The twelve core values in the National Practice Guidelines for Peer Specialists and Supervisors (N.A.P.S., United "
        "States).",
        "Les douze valeurs fondamentales des National Practice Guidelines for Peer Specialists and Supervisors (N.A.P.S., "
        "États-Unis).",
    )
    listed = (
        read("voluntary", "Voluntary", "Volontaire"),
        read("hopeful", "Hopeful", "Porteur d'espoir"),
        read("open-minded", "Open-minded", "Ouvert d'esprit"),
        read("empathetic", "Empathetic", "Empathique"),
        read("respectful", "Respectful", "Respectueux"),
        read("change", "Facilitate change", "Faciliter le changement"),
        read("honest", "Honest and direct", "Honnête et direct"),
        read("mutual", "Mutual and reciprocal", "Mutuel et réciproque"),
        read("shared-power", "Equally shared power", "Un pouvoir partagé également"),
        read("strengths", "Strengths-focused", "Axé sur les forces"),
        read("transparent", "Transparent", "Transparent"),
        read("person-driven", "Person-driven", "Mené par la personne"),
    )
    resources = (resources.NAPS_GUIDELINES,)


class Hee(Names):
    name = "hee-domains"
    label = Text("Competence domains (England, HEE and NCCMH)", "Domaines de compétence (Angleterre, HEE et NCCMH)")
    source = source(
        "The nine domains of the competence framework of Health Education England and the NCCMH (2020), in substance and "
        "not word for word. The network NSUN, of people with lived experience, criticized that it was led without them. "
        "It is offered here, not recommended.",
        "Les neuf domaines du cadre de compétences de Health Education England et du NCCMH (2020), en substance et non mot "
        "à mot. Le réseau NSUN, formé de personnes ayant une expérience vécue, a critiqué qu'il ait été mené sans elles. "
        "Il est offert ici, sans être recommandé.",
    )
    listed = (
        read("values", "Values and principles", "Les valeurs et les principes"),
        read("knowledge", "Knowledge", "Les connaissances"),
        read("relational-skills", "Core relational skills", "Les habiletés relationnelles de base"),
        read(
            "supporting",
            "Supporting people as a peer support worker",
            "Soutenir des personnes en tant que pair aidante ou pair aidant",
        ),
        read("teams", "Working with teams and promoting rights", "Travailler en équipe et promouvoir les droits"),
        read("self-care", "Self-care and support", "Prendre soin de soi et recevoir du soutien"),
        read(
            "psychological",
            "Psychological approaches (optional)",
            "Les approches psychologiques (facultatif)",
        ),
        read("meta", "Meta-competences", "Les métacompétences"),
        read("organisational", "Organisational competences", "Les compétences de l'organisation"),
    )
    resources = (resources.HEE_FRAMEWORK,)


TASKS = Text("Tasks", "Tâches")


class Ips(Names):
    name = "ips"
    label = Text("Tasks and principles (Intentional Peer Support)", "Tâches et principes (Intentional Peer Support)")
    source = source(
        "The four tasks and three principles of Intentional Peer Support.",
        "Les quatre tâches et les trois principes d'Intentional Peer Support.",
    )
    listed = (
        read("connection", "Connection", "Le lien", TASKS),
        read("worldview", "Worldview", "La vision du monde", TASKS),
        read("mutuality", "Mutuality", "La réciprocité", TASKS),
        read("moving-towards", "Moving towards", "Aller vers", TASKS),
        read("learning", "From helping to learning", "De l'aide à l'apprentissage", PRINCIPLES),
        read("relationship", "From individual to relationship", "De l'individu à la relation", PRINCIPLES),
        read("hope", "From fear to hope", "De la peur à l'espoir", PRINCIPLES),
    )
    resources = (resources.IPS_CONFERENCE,)
