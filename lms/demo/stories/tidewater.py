"""Tidewater: a group in its fifth class, whose texts one trainer reads; and two people who may apply, one trained elsewhere."""

from __future__ import annotations

from datetime import time

from lms.demo.days import weekly
from lms.demo.story import ADMIN, TRAINER, Answered, Colleague, Confirmed, Decided, Door, GroupStory, Sent, Story
from lms.plugin_api.values import Status, Text

COURSE = "tidewater:peer-support-worker"
ROOM = "Education room B, Saltgrass"

RUNNING = GroupStory(
    COURSE,
    "Driftwood group",
    ("Joss Amundsen", "Talia Greenfeld", "Devi Nadar"),
    leads=("Owen", "Meera"),
    days=weekly(7, 18),
    at=time(17),
    place=ROOM,
    away={2: {"Talia": Status.AWAY}},
    homework={"Joss": 2},
    sent=(
        Sent(
            "Joss",
            "a-line-i-noticed",
            "The man at the recycling depot said: not past the yellow paint, friend. A rule, and he said it like an "
            "invitation to stay whole.\n\nI want to find my own yellow paint.",
            9,
            to="Meera",
            answer=Answered("Staying whole: I will borrow that.", "Write down one line of yours that needs paint."),
        ),
        Sent(
            "Joss",
            "something-i-kept-going",
            "Eleven years of watering my neighbour's fern. She moved; the fern stayed with me. Nobody counts that as a "
            "skill.\n\nIt is one: I was there each Sunday, also in the bad year.",
            1.5,
            to="Meera",
        ),
    ),
)

EARLIER = GroupStory(
    COURSE,
    "Kelp group",
    ("Bastien Caron", "Colm Reyes", "Priya Raman"),
    leads=("Owen", "Meera"),
    days=weekly(7, -80),
    at=time(17),
    place=ROOM,
    joined={"Priya": -70},
    away={4: {"Colm": Status.TOLD_US}},
    confirmed=(
        Confirmed("Bastien", "practical-part", "Ingrid", 30, "Cedar Point, eight half days"),
        Confirmed("Colm", "practical-part", "Ingrid", 29, "North Quay, eight half days"),
        Confirmed("Priya", "training-counts", "Ingrid", 60, "Certificate and list of topics seen"),
        Confirmed("Priya", "site-introduction", "Ingrid", 45, "Inlet House, two half days"),
        Confirmed("Priya", "privacy-agreement", "Ingrid", 44),
    ),
    decided=(
        Decided(
            "Bastien",
            "graduate",
            "Ingrid",
            28,
            "All seven classes, and eight half days that Cedar Point would like to have again.",
        ),
        Decided("Colm", "graduate", "Ingrid", 27, "Six classes, and eight half days with the van. The tea was good."),
        Decided(
            "Priya",
            "ready-to-apply",
            "Ingrid",
            40,
            "Your training elsewhere counts here, you know Inlet House, and your questions on privacy were answered.",
        ),
    ),
    ended_days_ago=12,
)

STORY = Story(
    "Tidewater Health Region",
    "tidewater",
    (Colleague("Ingrid Solheim", ADMIN), Colleague("Owen Baptiste", TRAINER), Colleague("Meera Nair", TRAINER)),
    (RUNNING, EARLIER),
    support_phone="778-555-0139",
    time_zone="America/Vancouver",
    province="BC",
    plugins={"tidewater": {}, "peerstandards": {"weekly": ["bc-values"]}},
    about=Text(
        "Seven classes and practice at one of four sites, with strict privacy.",
        "Sept séances et une pratique dans l'un de quatre milieux, avec une confidentialité stricte.",
    ),
    doors=(
        Door(
            "joss",
            "joss@tidewater.example",
            Text("Joss, trainee", "Joss, en formation"),
            Text("One text waits for the one trainer who reads it.", "Un texte attend la seule personne qui le lit."),
            "book",
        ),
        Door(
            "ingrid",
            "ingrid@tidewater.example",
            Text("Ingrid, coordinator", "Ingrid, à la coordination"),
            Text(
                "Somebody trained elsewhere counts; words of the earlier group go soon.",
                "Une formation suivie ailleurs compte; les textes du groupe précédent partent bientôt.",
            ),
            "people",
        ),
    ),
)
