"""What bodies in Canada name: Peer Support Canada, the Mental Health Commission of Canada, British Columbia."""

from __future__ import annotations

from lms.plugin_api import Text
from lms_peerstandards import maps, resources
from lms_peerstandards.names import Names, read, source, to_check


class CoreValues(Names):
    name = "core-values"
    label = Text("Core values (Peer Support Canada, MHCC)", "Valeurs fondamentales (Peer Support Canada, CSMC)")
    source = source(
        "The seven core values that Peer Support Canada and the Mental Health Commission of Canada name in public.",
        "Les sept valeurs fondamentales que nomment en public Peer Support Canada et la Commission de la santé mentale "
        "du Canada.",
    )
    listed = (
        read("hope", "Hope and recovery", "L'espoir et le rétablissement"),
        read("equal-relationships", "Empathetic and equal relationships", "Des relations empathiques et égalitaires"),
        read("self-determination", "Self-determination", "L'autodétermination"),
        read("dignity", "Dignity, respect and social inclusion", "La dignité, le respect et l'inclusion sociale"),
        read("integrity", "Integrity, authenticity and trust", "L'intégrité, l'authenticité et la confiance"),
        read("wellness", "Health and wellness", "La santé et le mieux-être"),
        read(
            "learning",
            "Lifelong learning and personal growth",
            "L'apprentissage tout au long de la vie et la croissance personnelle",
        ),
    )
    maps = maps.CORE_VALUES
    resources = (resources.PSC_SITE, resources.MHCC_GUIDELINES)


class Competencies(Names):
    name = "psc-competencies"
    label = Text("Competencies (Peer Support Canada)", "Compétences (Peer Support Canada)")
    source = source(
        "The competencies in the standards of practice of Peer Support Canada (formerly PSACC). Seven names were read in "
        "public text; the other four are still to be checked. To be certified there is a process of its own, which this "
        "list says nothing about.",
        "Les compétences des normes de pratique de Peer Support Canada (anciennement PSACC). Sept noms ont été lus dans "
        "des textes publics; les quatre autres sont à vérifier. La certification suit un processus à part, dont cette "
        "liste ne dit rien.",
    )
    listed = (
        read("interpersonal-relations", "Interpersonal relations", "Les relations interpersonnelles"),
        read("demeanour", "Demeanour", "L'attitude"),
        read("communication", "Communication", "La communication"),
        read("critical-thinking", "Critical thinking", "La pensée critique"),
        read("hope", "Hope", "L'espoir"),
        read("self-management", "Self-management and resiliency", "La gestion de soi et la résilience"),
        read("flexibility", "Flexibility and adaptability", "La souplesse et l'adaptation"),
        to_check("self-awareness", "Self-awareness and confidence", "La conscience de soi et la confiance"),
        to_check("initiative", "Initiative and commitment", "L'initiative et l'engagement"),
        to_check("teamwork", "Teamwork", "Le travail d'équipe"),
        to_check(
            "continuous-learning",
            "Continuous learning and development",
            "L'apprentissage et le perfectionnement continus",
        ),
    )
    maps = maps.COMPETENCIES
    resources = (resources.PSC_STANDARDS, resources.PSC_SITE)


class Principles(Names):
    name = "psc-principles"
    label = Text(
        "Principles of practice (Peer Support Canada, MHCC)", "Principes de pratique (Peer Support Canada, CSMC)"
    )
    source = source(
        "Thirteen principles of practice, read in public text and put into a few words of our own each.",
        "Treize principes de pratique, lus dans des textes publics et mis chacun en quelques mots à nous.",
    )
    listed = (
        read("individual-approach", "Individual approach", "Une approche propre à chaque personne"),
        read("each-journey", "Honour each journey", "Honorer chaque parcours"),
        read("self-determination", "Self-determination", "L'autodétermination"),
        read("different-beliefs", "Different goals and beliefs", "Des buts et des croyances qui diffèrent"),
        read("trust", "Collaboration and trust", "La collaboration et la confiance"),
        read(
            "sharing",
            "Sharing lived experience with purpose",
            "Partager son expérience vécue avec une intention",
        ),
        read("peer-focused", "Peer-focused", "La personne au centre"),
        read("agreed-boundaries", "Agreed boundaries", "Des limites convenues"),
        read("role-limits", "Role limits", "Les limites du rôle"),
        read("self-care", "Self-care", "Prendre soin de soi"),
        read("resources", "Connecting to resources", "Faire le lien avec les ressources"),
        read("partners", "Working with partners", "Travailler avec des partenaires"),
        read("current", "Staying current", "Se tenir à jour"),
    )
    maps = maps.PRINCIPLES
    resources = (resources.MHCC_GUIDELINES,)


EXAMPLES = Text("Examples that PSACC named in public", "Exemples que la PSACC a nommés en public")
HEADINGS = Text("Headings of the 2013 guidelines", "Titres des lignes directrices de 2013")


class Knowledge(Names):
    name = "psc-knowledge"
    label = Text("Knowledge (Peer Support Canada, MHCC)", "Connaissances (Peer Support Canada, CSMC)")
    source = source(
        "Six examples of knowledge that PSACC named in public: examples, not the whole list. The three headings of the "
        "2013 guidelines are still to be checked.",
        "Six exemples de connaissances que la PSACC a nommés en public\u00a0: des exemples, et non la liste entière. Les trois "
        "titres des lignes directrices de 2013 sont à vérifier.",
    )
    listed = (
        read("recovery-paradigm", "The recovery paradigm", "Le paradigme du rétablissement", EXAMPLES),
        read(
            "empowerment",
            "Self-determination and empowerment",
            "L'autodétermination et le pouvoir d'agir",
            EXAMPLES,
        ),
        read("self-care", "Self-care", "Prendre soin de soi", EXAMPLES),
        read("limits", "Limits and boundaries", "Les limites", EXAMPLES),
        read("diversity", "Social and cultural diversity", "La diversité sociale et culturelle", EXAMPLES),
        read(
            "relationships",
            "Concepts and methods for effective recovery-oriented relationships",
            "Des notions et des méthodes pour des relations utiles, axées sur le rétablissement",
            EXAMPLES,
        ),
        to_check(
            "fundamentals",
            "Fundamental principles and use of lived experience",
            "Les principes de base et l'usage de l'expérience vécue",
            HEADINGS,
        ),
        to_check("context", "Social and historical context", "Le contexte social et historique", HEADINGS),
        to_check(
            "peer-to-peer",
            "Concepts and methods for peer-to-peer effectiveness",
            "Des notions et des méthodes pour un soutien utile entre pairs",
            HEADINGS,
        ),
    )
    maps = maps.KNOWLEDGE
    resources = (resources.PSC_STANDARDS, resources.MHCC_GUIDELINES)


class Continuum(Names):
    name = "mhcc-continuum"
    label = Text("Kinds of peer support (MHCC)", "Formes de soutien par les pairs (CSMC)")
    source = source(
        "Seven kinds of peer support on a line from informal to clinical, after the Mental Health Commission of Canada. "
        "All seven names are still to be checked.",
        "Sept formes de soutien par les pairs, de la plus informelle à la plus clinique, d'après la Commission de la santé "
        "mentale du Canada. Les sept noms sont à vérifier.",
    )
    listed = (
        to_check("friendship", "Friendship", "L'amitié"),
        to_check("clubhouse", "Clubhouse or walk-in centre", "Le lieu d'accueil ou la halte"),
        to_check("mutual-support", "Self-help and mutual support", "L'entraide mutuelle"),
        to_check("formalized", "Formalized or intentional peer support", "Le soutien par les pairs structuré"),
        to_check("workplace", "Workplace", "Le milieu de travail"),
        to_check("community-clinical", "Community clinical setting", "Le milieu clinique communautaire"),
        to_check(
            "clinical",
            "Clinical or conventional mental health system",
            "Le système de santé mentale clinique ou habituel",
        ),
    )
    resources = (resources.MHCC_GUIDELINES,)


VALUES = Text("Core values", "Valeurs fondamentales")
STANDARDS = Text(
    "Standards of practice: two of the numbered parts", "Normes de pratique\u00a0: deux des parties numérotées"
)


class BritishColumbia(Names):
    name = "bc-values"
    label = Text("Core values (British Columbia)", "Valeurs fondamentales (Colombie-Britannique)")
    source = source(
        "The core values of the provincial peer support curriculum of British Columbia, and the two parts of its standards "
        "of practice whose names were read in public text. Its post-secondary edition is CC BY 4.0 (BCcampus OpenEd, "
        "Cusick).",
        "Les valeurs fondamentales du programme provincial de soutien par les pairs de la Colombie-Britannique, et les "
        "deux parties de ses normes de pratique dont les noms ont été lus dans des textes publics. Son édition "
        "postsecondaire est sous CC BY 4.0 (BCcampus OpenEd, Cusick).",
    )
    listed = (
        read("wholeness", "Hope and wholeness for all", "L'espoir et la plénitude pour tout le monde", VALUES),
        read("acknowledgement", "Acknowledgement", "La reconnaissance", VALUES),
        read("mutuality", "Mutuality", "La réciprocité", VALUES),
        read("strength-based", "Strength-based", "L'appui sur les forces", VALUES),
        read("self-determination", "Self-determination", "L'autodétermination", VALUES),
        read("respect", "Respect, dignity and equity", "Le respect, la dignité et l'équité", VALUES),
        read("belonging", "Belonging and community", "L'appartenance et la communauté", VALUES),
        read("curiosity", "Curiosity", "La curiosité", VALUES),
        read("proficiencies", "Peer specialized proficiencies", "Les aptitudes propres aux pairs", STANDARDS),
        read(
            "supporting-wellness",
            "Supporting wellness, wholeness, recovery and social belonging",
            "Soutenir le mieux-être, la plénitude, le rétablissement et l'appartenance sociale",
            STANDARDS,
        ),
    )
    maps = maps.BRITISH_COLUMBIA
    resources = (resources.BC_CURRICULUM,)
