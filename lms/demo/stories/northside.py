"""Northside, the main story: a spring evening group whose sixth class is tonight, and a winter group that has finished."""

from __future__ import annotations

from lms.demo.days import twice_a_week
from lms.demo.stories.northside_care import beside_the_homework
from lms.demo.stories.northside_classes import after_the_classes, ready_for_tonight
from lms.demo.stories.northside_role_play import SO_FAR
from lms.demo.stories.northside_words import HABIT, RETURNED, SUPPERS, WAITING
from lms.demo.story import (
    ADMIN,
    TRAINER,
    CatchUp,
    Colleague,
    Confirmed,
    Decided,
    Door,
    Evenings,
    GroupStory,
    Story,
    Version,
)
from lms.demo.told import HOUR, Told
from lms.features.submissions.actions import save_draft
from lms.plugin_api.values import Status, Text

COURSE = "northside:core-peer-support"
ROOM = "https://meet.northside.example/room"
LAST_WINTER_CLASS = -70

PEOPLE = (
    "Sam Rivera", "Amir Sadeghi", "Bo Tran", "Chi Lam", "Dele Okafor", "Esther Kim", "Farah Haddad", "Gus Lindqvist",
    "Hana Sato", "Ivo Novak", "Jo Martel", "Kim Whitford", "Lee Chartrand", "Maya Pillai", "Nadia Petrov", "Omar Diallo",
    "Pat Gallagher", "Quinn Besner", "Ruth Abernathy", "Théo Lavoie",
)  # fmt: skip

SPRING = GroupStory(
    COURSE,
    "Spring evening group",
    PEOPLE,
    leads=("Amina",),
    days=twice_a_week(17, 6),
    link=ROOM,
    away={
        1: {"Pat": Status.LATE},
        2: {"Kim": Status.AWAY},
        3: {"Sam": Status.AWAY, "Lee": Status.LATE},
        4: {"Kim": Status.TOLD_US, "Bo": Status.TECH_TROUBLE},
        5: {"Jo": Status.AWAY, "Quinn": Status.LEFT_EARLY},
    },
    played=SO_FAR,
    homework={name.split()[0]: 3 + turn % 2 for turn, name in enumerate(PEOPLE)},
    sent=(*WAITING, RETURNED),
    caught_up=(
        CatchUp("Kim", 2, 1.25),
        CatchUp("Sam", 3, 4.25, agreed="Before class, in room 2. Bring your notes from the module."),
    ),
)

WINTER = GroupStory(
    COURSE,
    "Winter day group",
    ("Dana Kowalski", "Alix Fontaine", "Ben Carver", "Nour Rahimi"),
    leads=("Amina",),
    days=[day + LAST_WINTER_CLASS for day in twice_a_week(17, 17)],
    link=ROOM,
    away={
        5: {"Nour": Status.AWAY},
        9: {"Nour": Status.AWAY},
        11: {"Alix": Status.AWAY},
        14: {"Nour": Status.AWAY},
        15: {"Ben": Status.LATE},
    },
    homework={"Nour": 8},
    confirmed=(
        Confirmed("Dana", "final-talk", "Amina", 63),
        Confirmed("Ben", "final-talk", "Amina", 63),
        Confirmed("Ben", "practicum-50-hours", "Rosa", 15),
    ),
    decided=(
        Decided(
            "Dana",
            "level-1r",
            "Amina",
            60,
            "You were there every time, and your questions leave room. We recommend a practicum.",
        ),
        Decided(
            "Alix",
            "level-1",
            "Amina",
            60,
            "You took full part. The class on listening when it is hard is still open to you with the next group.",
        ),
        Decided("Ben", "certified", "Rosa", 12, "Fifty hours beside people, and five clear reports."),
        Decided(
            "Nour",
            "incomplete",
            "Amina",
            60,
            "Three classes and the second half of the homework are still open. Your place with the next group is kept.",
            told=False,
        ),
    ),
    ended_days_ago=10,
)


def besides(told: Told) -> None:
    spring, moment = told.groups[0], told.moment
    beside_the_homework(spring, moment)
    after_the_classes(spring, moment)
    ready_for_tonight(told, spring)
    save_draft(spring.author("Sam"), "a-habit-of-my-own", {"text": HABIT}, 0, now=moment.now - 18 * HOUR)


STORY = Story(
    "Northside Peer Training",
    "northside",
    (
        Colleague("Rosa Delgado", ADMIN),
        Colleague("Amina Yusuf", TRAINER),
        Colleague("Luc Tremblay", TRAINER, "fr"),
    ),
    (SPRING, WINTER),
    support_phone="416-555-0142",
    support_hours="Mon-Fri 9-17",
    plugins={
        "northside": {"signatory": ["Rosa Delgado"], "signatory_title": ["Coordinator"]},
        "peerstandards": {"weekly": ["core-values"]},
    },
    versions=(
        Version(
            COURSE,
            50,
            "Evenings are hard to keep free: three classes may be missed this time. Held against national competencies.",
            options={"max_missed": 3},
            frameworks=("psc-competencies",),
        ),
        Version(
            COURSE,
            6,
            "Back to two: whoever missed three had lost the thread. Held against the core values too from now on.",
            frameworks=("psc-competencies", "core-values"),
        ),
    ),
    evenings=Evenings(
        "Kettle suppers",
        SUPPERS,
        "The kitchen at Northside",
        first_day=9,
        host="Amina",
        say_coming=frozenset({"Amir", "Bo", "Chi", "Alix", "Ben", "Nour"}),
    ),
    besides=besides,
    doors=(
        Door(
            "sam",
            "sam@northside.example",
            Text("Sam, trainee", "Sam, en formation"),
            Text(
                "Class 6 is tonight, with a role-play card to read. One reflection came back with a question.",
                "La séance 6 a lieu ce soir, avec une carte de jeu de rôle à lire. Une réflexion est revenue avec une question.",
            ),
            "book",
        ),
        Door(
            "amina",
            "amina@northside.example",
            Text("Amina, trainer", "Amina, formatrice"),
            Text(
                "Six reflections wait, attendance to take, a role play in threes to start.",
                "Six réflexions attendent, des présences à prendre, un jeu de rôle en trios à lancer.",
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
            Text(
                "Her course is done and her certificate is here.",
                "Sa formation est terminée et son certificat est ici.",
            ),
            "check",
        ),
    ),
)
