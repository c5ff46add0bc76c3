"""The last role play of the Lakeside group: trainers read its sheets, as each of them says on top."""

from __future__ import annotations

from lms.demo.story import Gave, Played, Saw

LAST = Played(
    (("Tuyet", "Marcus", "Odile"),),
    starts=75,
    minutes=42,
    happened=(
        Saw(
            "Marcus",
            17,
            ("i-sentence", "goodbye"),
            "One clear sentence, and then you stood in the rain a little longer.",
        ),
    ),
    gave=(
        Gave(
            "Tuyet",
            1,
            {"liked": "My second no was shorter, and still friendly.", "again": "Naming the tickets before the rule."},
        ),
        Gave(
            "Marcus",
            1,
            {
                "heard": "When you said that I was soaked.",
                "less_heard": "When you looked at the bus before I was done.",
            },
        ),
        Gave(
            "Odile",
            1,
            {
                "words": "\u201cI don't drive people home. There are tickets until half past five.\u201d",
                "effect": "Jules stopped bargaining.",
                "try": "Next time you could say when you are back.",
            },
            ("receives", "i-sentence", "shorter"),
        ),
        Gave(
            "Odile", 2, {"heard": "When you turned your collar up, as I did.", "less_heard": "During the long reason."}
        ),
        Gave(
            "Tuyet",
            3,
            {"heard": "When you said no, and that it had nothing to do with me."},
        ),
    ),
)
