"""Harbourlight: ten classes are over, the hours in the drop-in too, and the coordinator decides over four streams. A second
group begins soon with the same course in five days."""

from __future__ import annotations

from datetime import time

from lms.demo.days import weekly
from lms.demo.stories.harbourlight_role_play import LAST
from lms.demo.stories.harbourlight_words import EXAM_BACK, EXAMS, PRESENTATION_BACK, PROJECT_BACK, PROJECTS, TOPICS
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
    Sent,
    Story,
)
from lms.plugin_api.values import Status, Text

TABLE = "The long table at Harbourlight"

TEN_WEEKS = GroupStory(
    "harbourlight:ten-weeks",
    "Lakeside group",
    ("Odile Ferland", "Marcus Bright", "Tuyet Pham"),
    leads=("Wren",),
    days=weekly(10, -36),
    at=time(17, 30),
    place=TABLE,
    away={3: {"Tuyet": Status.AWAY}, 5: {"Marcus": Status.TOLD_US}, 7: {"Tuyet": Status.AWAY}},
    played={10: LAST},
    sent=(
        *(Sent(who, "one-right-one-door", text, 55, answer=PROJECT_BACK) for who, text in PROJECTS.items()),
        *(Sent(who, "eight-minutes-on-one-topic", text, 44, answer=PRESENTATION_BACK) for who, text in TOPICS.items()),
        Sent("Odile", "the-take-home-exam", EXAMS["Odile"], 24, answer=EXAM_BACK),
        Sent("Marcus", "the-take-home-exam", EXAMS["Marcus"], 22, answer=EXAM_BACK),
        Sent("Tuyet", "the-take-home-exam", EXAMS["Tuyet"], 1.5),
    ),
    caught_up=(CatchUp("Tuyet", 7, 4, agreed="With me, at the long table. Bring the three sentences."),),
    confirmed=(
        *(Confirmed(who, "record-check", "Dominique", 35, "Seen and accepted") for who in ("Odile", "Marcus", "Tuyet")),
        Confirmed("Odile", "practicum-30-hours", "Dominique", 9, "Ten shifts, signed on the spot"),
        Confirmed("Marcus", "practicum-30-hours", "Dominique", 3, "Ten shifts, signed on the spot"),
        Confirmed("Odile", "closing-interview", "Dominique", 8),
        Confirmed("Marcus", "closing-interview", "Dominique", 1),
    ),
    decided=(
        Decided(
            "Odile",
            "certificate",
            "Dominique",
            7,
            "Four streams, and the same person in all of them: you listen, you ask, and you leave the pencil where it is.",
        ),
        Decided(
            "Tuyet",
            "not-yet",
            "Dominique",
            6,
            "Two role-play classes and some hours are still open. Wren does class 7 with you this week, and we look again "
            "when your exam is read and your thirty hours are done.",
        ),
    ),
)

FIVE_DAYS = GroupStory(
    "harbourlight:five-days",
    "Five-day group",
    ("Hollis Grant",),
    leads=("Wren",),
    days=weekly(5, 40),
    at=time(10),
    place=TABLE,
)

STORY = Story(
    "Harbourlight Rights and Recovery",
    "harbourlight",
    (Colleague("Dominique Achebe", ADMIN), Colleague("Wren Castellanos", TRAINER)),
    (TEN_WEEKS, FIVE_DAYS),
    support_phone="905-555-0163",
    plugins={"harbourlight": {}},
    evenings=Evenings(
        "Community of practice",
        "Two hours, once a month: an issue, an update, a skill, and who is looking for a peer supporter. Open to everyone who "
        "trains here or did.",
        TABLE,
        first_day=16,
        host="Dominique",
        say_coming=frozenset({"Odile", "Marcus"}),
    ),
    about=Text(
        "Ten weeks or five days, then thirty hours in a drop-in; one coordinator decides.",
        "Dix semaines ou cinq jours, puis trente heures dans une halte; une seule personne décide.",
    ),
    doors=(
        Door(
            "tuyet",
            "tuyet@harbourlight.example",
            Text("Tuyet, trainee", "Tuyet, en formation"),
            Text("Not yet, with a date to look again.", "Pas encore, avec une date pour regarder de nouveau."),
            "book",
        ),
        Door(
            "dominique",
            "dominique@harbourlight.example",
            Text("Dominique, coordinator", "Dominique, à la coordination"),
            Text(
                "Marcus has all four streams: it is hers to decide.",
                "Marcus a les quatre volets\u00a0: à elle de décider.",
            ),
            "people",
        ),
    ),
)
