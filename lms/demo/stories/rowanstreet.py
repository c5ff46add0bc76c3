"""Rowan Street: a paid group of five before its last module, and two people of the first group in the months after theirs."""

from __future__ import annotations

from datetime import time

from lms.demo.story import ADMIN, TRAINER, CatchUp, Colleague, Confirmed, Decided, Door, GroupStory, Sent, Story
from lms.plugin_api.values import Status, Text

COURSE = "rowanstreet:paid-pathway"
KITCHEN = "The kitchen room, Rowan Street"
# Seven classes in five weeks: Tuesdays, and Thursdays in the second and fourth week.
FIVE_WEEKS = (0, 7, 9, 14, 21, 23, 28)

FIRST_AID = "outside-mental-health-first-aid"
NALOXONE = "outside-overdose-response"
DISTRESS = "outside-responding-to-distress"
FIRST = "outside-first-aid"
OUTSIDE = (FIRST_AID, NALOXONE, DISTRESS, FIRST)

# The survey after the first module: pace, taking part, what is unclear, what to change.
SURVEY = {
    "Dee": "3\n\nyes-mostly\n\nnothing\n\nKeep the soup.",
    "Kit": "2\n\nyes-mostly\n\npay\n\nA second break.",
    "Sol": "3\n\npartly\n\nrole\n\nLess reading aloud.",
    "Winnie": "4\n\nyes-mostly\n\nnothing\n\nSay the plan at the start, as you did.",
    "Abel": "3\n\nyes-mostly\n\npay\ndates\n\nThe room is cold at ten.",
}

SECOND = GroupStory(
    COURSE,
    "Second pathway",
    ("Kit Olsen", "Dee Marchand", "Sol Ibarra", "Winnie Chow", "Abel Teferra"),
    leads=("Aude",),
    days=[day - 25 for day in FIVE_WEEKS],
    at=time(10),
    place=KITCHEN,
    away={2: {"Sol": Status.TOLD_US}, 4: {"Kit": Status.AWAY}},
    homework={"Kit": 3, "Abel": 1},
    sent=(
        *(Sent(who, "survey-starting-together", answers, 24) for who, answers in SURVEY.items()),
        Sent(
            "Kit",
            "my-own-small-step",
            "Call the dentist on Thursday after the bus.\n\nI stood in front of the phone and made tea.\n\n"
            "Smaller: write the number on my hand.",
            2.5,
        ),
    ),
    caught_up=(
        CatchUp("Sol", 2, 15, agreed="Two to one, with the dragon form.", due=-8, accepted=True),
        CatchUp("Kit", 4, 5, agreed="Thursday at one, before the last class. It is paid like a class."),
    ),
    confirmed=(
        *(Confirmed("Dee", training, "Aude", 8 - n) for n, training in enumerate(OUTSIDE)),
        Confirmed("Kit", FIRST_AID, "Aude", 9, "Card seen"),
        Confirmed("Kit", NALOXONE, "Aude", 4),
        Confirmed("Winnie", NALOXONE, "Aude", 4),
        Confirmed("Sol", FIRST, "Aude", 6, "Card seen"),
    ),
)

FORMER = ("Pilar Serrano", "Jonah Weiss")

FIRST_GROUP = GroupStory(
    COURSE,
    "First pathway",
    FORMER,
    leads=("Aude",),
    days=[day - 130 for day in FIVE_WEEKS],
    at=time(10),
    place=KITCHEN,
    confirmed=tuple(
        Confirmed(name.split()[0], asked, "Aude", 104 - n)
        for name in FORMER
        for n, asked in enumerate((*OUTSIDE, "looking-ahead-talk"))
    ),
    decided=(
        Decided(
            "Pilar",
            "training-complete",
            "Aude",
            98,
            "All seven modules and the four trainings. You begin at the friendship kitchen on the first, with Hanna beside you.",
        ),
        Decided(
            "Jonah",
            "training-complete",
            "Aude",
            98,
            "All seven modules and the four trainings. You said no to the internship for now, and your training is complete.",
        ),
    ),
)

STORY = Story(
    "Rowan Street Works",
    "rowan-street",
    (Colleague("Mika Sandoval", ADMIN), Colleague("Aude Roy", TRAINER)),
    (SECOND, FIRST_GROUP),
    support_phone="604-555-0128",
    time_zone="America/Vancouver",
    province="BC",
    plugins={"rowanstreet": {}},
    about=Text(
        "Seven modules in five weeks, paid; then five months of paid internship, for those who want it.",
        "Sept modules en cinq semaines, avec salaire; puis cinq mois de stage rémunéré, pour qui le veut.",
    ),
    doors=(
        Door(
            "kit",
            "kit@rowan-street.example",
            Text("Kit, trainee", "Kit, en formation"),
            Text(
                "One module to make up one-to-one, two outside trainings to go.",
                "Un module à reprendre à deux, encore deux formations externes.",
            ),
            "book",
        ),
        Door(
            "mika",
            "mika@rowan-street.example",
            Text("Mika, coordinator", "Mika, à la coordination"),
            Text(
                "Five people before the last module, two of the first group afterwards.",
                "Cinq personnes avant le dernier module, deux du premier groupe après le leur.",
            ),
            "people",
        ),
    ),
)
