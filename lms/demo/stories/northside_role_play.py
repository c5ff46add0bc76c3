"""The role plays of the spring group so far: in class 4 by the watch, in class 5 with the clock on every phone."""

from __future__ import annotations

from lms.demo.story import Gave, Played, Saw, Tapped

WELCOME, NAME = "welcome-at-the-door", "the-name-on-the-form"

BY_THE_WATCH = Played(
    (
        ("Dele", "Sam", "Chi"),
        ("Hana", "Gus", "Lee"),
        ("Omar", "Esther", "Pat"),
        ("Farah", "Nadia", "Amir"),
        ("Ivo", "Bo", "Quinn"),
        ("Théo", "Ruth", "Maya", "Jo"),
    )
)

# Farah observes a round instead, Esther's table swaps its card and pauses, Chi asks Amina to come, Lee steps out for a while.
WITH_THE_CLOCK = Played(
    (
        ("Sam", "Hana", "Omar"),
        ("Kim", "Gus", "Farah"),
        ("Lee", "Nadia", "Ivo"),
        ("Esther", "Théo", "Bo"),
        ("Pat", "Chi", "Ruth"),
        ("Amir", "Maya", "Quinn", "Dele"),
    ),
    cards={1: WELCOME, 2: NAME, 3: WELCOME, 4: NAME, 5: WELCOME, 6: NAME},
    starts=62,
    minutes=43,
    happened=(
        Tapped("Esther", "swap", 3.5),
        Saw(
            "Sam",
            6,
            ("asks-name", "two-choices"),
            "You asked how the name is said, tried it once, and let yourself be put right.",
        ),
        Saw("Kim", 8, ("asks-first", "real-choice"), "Two real choices, and then you waited for the answer."),
        Tapped("", "add_minute", 8.5),
        Tapped("Farah", "observe", 14.5),
        Tapped("Chi", "help", 16),
        Saw("Chi", 17),
        Tapped("Théo", "pause", 17),
        Tapped("Théo", "go_on", 18.5),
        Saw("Maya", 19, ("right-name", "no-why"), "You said the name as if you had always known it."),
        Tapped("Lee", "out", 26),
        Saw("Ivo", 28),
        Tapped("Lee", "back", 32),
    ),
    gave=(
        Gave(
            "Sam",
            1,
            {"liked": "I tried the name before I said mine.", "again": "Stopping after the tea, and waiting."},
        ),
        Gave(
            "Hana",
            1,
            {
                "heard": "When you said my name and looked up to see if it was right.",
                "less_heard": "When tea, kitchen and quiet room came in one breath.",
            },
        ),
        Gave(
            "Omar",
            1,
            {
                "words": "\u201cDid I say it right?\u201d",
                "effect": "Yevani let go of the door handle.",
                "try": "Next time you could stop after the tea, and wait.",
            },
            ("asks-name", "follows", "two-choices"),
        ),
        Gave(
            "Sam",
            2,
            {
                "words": "\u201cTea, or a look around first?\u201d",
                "try": "Next time you could say your own name once more.",
            },
            ("short", "two-choices"),
        ),
        Gave("Omar", 2, {"heard": "When you put your hand on your heart too."}),
        Gave(
            "Sam",
            3,
            {
                "heard": "When you said it was fine to only look.",
                "less_heard": "When you spoke to the sign, not to me.",
            },
        ),
        Gave(
            "Farah",
            2,
            {"words": "\u201cWhere would you like me to stand?\u201d", "effect": "Ari sat up, and nearly smiled."},
            ("right-name", "asks-first"),
        ),
    ),
    let_go=frozenset({"Pat", "Gus"}),
    undecided=frozenset({"Amir"}),
)

SO_FAR = {4: BY_THE_WATCH, 5: WITH_THE_CLOCK}
