"""Who the demo is about: invented people and what they wrote."""

from __future__ import annotations

from dataclasses import dataclass

from lms.plugin_api.values import Text

PASSWORD = "kettle-window-path"  # noqa: S105  (printed on the front page; the demo is never for real people)
ROOM = "https://meet.northside.example/room"
PROVINCE = {"en": "ON", "fr": "QC"}
# What Northside has turned on, with its settings as they were typed.
PLUGINS = {
    "northside": {"signatory": ["Rosa Delgado"], "signatory_title": ["Coordinator"]},
    "peerstandards": {"weekly": ["core-values"]},
}


@dataclass(frozen=True)
class Door:
    """A way into the demo as somebody."""

    name: str
    email: str
    who: Text
    says: Text
    icon: str = "door"


DOORS = (
    Door(
        "sam",
        "sam@northside.example",
        Text("Sam, trainee", "Sam, en formation"),
        Text(
            "Class 6 is tonight. One reflection came back with a question.",
            "La séance 6 a lieu ce soir. Une réflexion est revenue avec une question.",
        ),
        "book",
    ),
    Door(
        "amina",
        "amina@northside.example",
        Text("Amina, trainer", "Amina, formatrice"),
        Text(
            "Six reflections wait, attendance to take, groups of three to form.",
            "Six réflexions attendent, des présences à prendre, des trios à former.",
        ),
        "pen",
    ),
    Door(
        "rosa",
        "rosa@northside.example",
        Text("Rosa, coordinator and admin", "Rosa, coordonnatrice et administratrice"),
        Text(
            "Outcomes to decide with the trainers, certificates, the organization's plugins.",
            "Des résultats à décider avec l'équipe, des certificats, les modules de l'organisation.",
        ),
        "people",
    ),
    Door(
        "dana",
        "dana@northside.example",
        Text("Dana, finished last winter", "Dana, formation terminée cet hiver"),
        Text("Her course is done and her certificate is here.", "Sa formation est terminée et son certificat est ici."),
        "check",
    ),
    Door(
        "mael",
        "mael@deux-rives.example",
        Text("Maël, trainee at the second organization", "Maël, en formation à la deuxième organisation"),
        Text(
            "A short course in French, behind its own walls.",
            "Une courte formation en français, entre ses propres murs.",
        ),
        "home",
    ),
    Door(
        "host",
        "host@learning.example",
        Text("Noor, who runs the host", "Noor, qui exploite la plateforme"),
        Text("All plugins, with their state.", "Tous les modules d'extension et leur état."),
        "key",
    ),
)

# The spring evening group: 20 people, by name.
SPRING = (
    "Sam Rivera", "Amir Sadeghi", "Bo Tran", "Chi Lam", "Dele Okafor", "Esther Kim", "Farah Haddad", "Gus Lindqvist",
    "Hana Sato", "Ivo Novak", "Jo Martel", "Kim Whitford", "Lee Chartrand", "Maya Pillai", "Nadia Petrov", "Omar Diallo",
    "Pat Gallagher", "Quinn Besner", "Ruth Abernathy", "Théo Lavoie",
)  # fmt: skip
WINTER = ("Dana Kowalski", "Alix Fontaine", "Ben Carver", "Nour Rahimi")
RIVES = ("Maël Gagnon", "Inès Bouchard", "Tom Ouellet", "Rania Aziz", "Luce Pelletier")
