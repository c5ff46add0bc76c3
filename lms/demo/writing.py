"""Short answers to homework of earlier classes, and short feedback; they rotate. By the language of the group."""

from __future__ import annotations

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
