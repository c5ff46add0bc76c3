"""Short answers to homework of earlier classes, short feedback, and what people write for each other after a round of role play;
they rotate. By the language of the group."""

from __future__ import annotations

from collections.abc import Mapping

EARLIER = {
    "en": (
        "It was a small moment. Somebody saved me a chair and said nothing about it. I stayed until the end.",
        "I tried it with my cousin on the phone. It felt slow, and then she told me something she had not planned to say.",
        "I changed one word, and it made more room than I thought. I said it aloud twice to hear the difference.",
        "I noticed that I want to answer before the other person is done. This week I counted to three, most of the time.",
        "The first try was stiff. The second one sounded like me. I will keep the second one.",
    ),
    "fr": (
        "C'était un petit moment. Quelqu'un m'avait gardé une chaise, sans en parler. Je suis restée jusqu'à la fin.",
        "J'ai essayé avec ma cousine au téléphone. C'était lent, puis elle m'a dit une chose qu'elle n'avait pas prévue.",
        "J'ai changé un seul mot, et il y a eu plus de place que je pensais. Je l'ai dit deux fois tout haut.",
    ),
}
FEEDBACK = {
    "en": (
        (
            "The chair that somebody saved for you: that is a whole lesson in one picture.",
            "Look for the next saved chair.",
        ),
        (
            "You waited, and something came. You wrote that down exactly.",
            "Try the same with somebody you know less well.",
        ),
        (
            "You heard the difference by saying it aloud. That is how words become yours.",
            "Use it once where it is harder.",
        ),
    ),
    "fr": (
        (
            "La chaise qu'on vous avait gardée\u00a0: toute une leçon en une image.",
            "Cherchez la prochaine chaise gardée.",
        ),
        ("Vous avez attendu, et quelque chose est venu.", "Essayez avec quelqu'un que vous connaissez moins."),
        ("Vous avez entendu la différence en le disant.", "Reprenez-le une fois là où c'est plus dur."),
    ),
}
AFTER_A_ROUND: Mapping[str, Mapping[str, tuple[Mapping[str, str], ...]]] = {
    "en": {
        "supporter": (
            {"liked": "I let the silence be, for once.", "again": "One question, then wait."},
            {"liked": "I asked before I did anything.", "again": "The second choice, said more slowly."},
            {"liked": "My voice stayed calm.", "again": "Giving back the word itself, not mine for it."},
        ),
        "person": (
            {
                "heard": "When my own word came back to me.",
                "less_heard": "At the start, when two questions came at once.",
            },
            {"heard": "When you waited, and I could choose."},
            {"heard": "Near the end, when you asked what I wanted.", "less_heard": "When you looked at the clock."},
        ),
        "observer": (
            {"words": "\u201cTake your time.\u201d", "try": "Next time you could wait one breath longer."},
            {"words": "\u201cWhat would you like?\u201d", "effect": "There was more room after that."},
            {"words": "\u201cI can stay until four.\u201d", "try": "Next time you could say it sooner."},
        ),
    },
    "fr": {
        "supporter": (
            {"liked": "J'ai laissé durer le silence, pour une fois.", "again": "Une question, puis attendre."},
            {"liked": "J'ai demandé avant d'agir."},
        ),
        "person": (
            {"heard": "Quand mon propre mot m'est revenu."},
            {"heard": "Quand j'ai pu choisir.", "less_heard": "Au début, quand deux questions sont venues."},
        ),
        "observer": (
            {
                "words": "«\u00a0Prenez votre temps.\u00a0»",
                "try": "La prochaine fois, vous pourriez attendre un peu plus.",
            },
            {"words": "«\u00a0Qu'aimeriez-vous?\u00a0»", "effect": "Il y a eu plus de place ensuite."},
        ),
    },
}
