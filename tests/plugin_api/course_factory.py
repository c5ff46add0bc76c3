"""A small good course as files. Tests change one thing and see what is said about it."""

from __future__ import annotations

from pathlib import Path

PIXEL = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40

COURSE = """\
id: welcome
title: {en: Welcome, fr: Bienvenue}
summary: {en: A first evening., fr: Un premier soir.}
modules: [listening]
outcomes:
  - id: took-part
    title: {en: Took part, fr: A participé}
    meaning: {en: You were there., fr: Vous étiez là.}
    says: {en: Was there., fr: Était là.}
    does_not_say: {en: Nothing more., fr: Rien de plus.}
requirements:
  - id: presence
    kind: attendance
    title: {en: Presence, fr: Présence}
    needed_for: [took-part]
attendance:
  policy: share-of-classes
  options: {min_share: 0.5}
certificate: {issuer: plain}
"""

MODULE = """\
---
title: {en: Listening, fr: Écouter}
minutes: {live: 60, own: 30}
aims:
  - {en: To wait., fr: Attendre.}
activities: [a-slow-talk, what-i-heard]
---
What listening is.
"""

READING = """\
---
kind: reading
title: {en: A slow talk, fr: Une lente conversation}
minutes: 10
---
Read this. ![A bench](pictures/bench.png)
"""

REFLECTION = """\
---
kind: reflection
title: {en: What I heard, fr: Ce que j'ai entendu}
minutes: 15
options:
  prompts:
    - {en: "What stayed with you?", fr: "Qu'est-ce qui vous reste?"}
---
Write a few lines.
"""

CLASS = """\
---
title: {en: First class, fr: Première séance}
modules: [listening]
minutes: 120
homework: [what-i-heard]
role_play: {cards: [first-coffee]}
---
Tea, then the card.
"""

CARD = """\
---
version: 1
title: {en: First coffee, fr: Premier café}
setting: {en: A kitchen., fr: Une cuisine.}
level: 1
skill_focus: [listening]
roles:
  supporter:
    you_know: {en: Sam is new., fr: Sam arrive.}
    try: {en: Wait., fr: Attendre.}
    avoid: {en: Advice., fr: Conseiller.}
  person:
    you_are: {en: Sam., fr: Sam.}
    you_feel: {en: Shy., fr: Timide.}
    you_will: {en: Drink tea., fr: Boire du thé.}
    opening_line: {en: Hello., fr: Bonjour.}
    if_stuck: {en: Look outside., fr: Regarder dehors.}
    you_decide: {en: To stay., fr: De rester.}
  observer:
    look_for:
      - {id: waits, en: Waits, fr: Attend}
      - {id: asks, en: Asks, fr: Demande}
stop_points: {en: Any time., fr: À tout moment.}
author: Alice
licence: CC BY 4.0
---
"""

FILES = {
    "course.yaml": COURSE,
    "modules/listening/module.md": MODULE,
    "modules/listening/module.fr.md": "Ce qu'est l'écoute.\n",
    "modules/listening/a-slow-talk.md": READING,
    "modules/listening/a-slow-talk.fr.md": "Lisez ceci. ![Un banc](pictures/bench.png)\n",
    "modules/listening/what-i-heard.md": REFLECTION,
    "modules/listening/what-i-heard.fr.md": "Écrivez quelques lignes.\n",
    "classes/01.md": CLASS,
    "classes/01.fr.md": "Du thé, puis la carte.\n",
    "cards/first-coffee.md": CARD,
}


class CourseFolder:
    """The files of a course in `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        for name, text in FILES.items():
            self.write(name, text)
        self.write("pictures/bench.png", PIXEL)

    def write(self, name: str, content: str | bytes) -> None:
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)

    def change(self, name: str, old: str, new: str) -> None:
        """Put `new` in the place of `old`, which must be there once."""
        text = (self.path / name).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{text.count(old)} times in {name}: {old}"
        self.write(name, text.replace(old, new))

    def remove(self, name: str) -> None:
        (self.path / name).unlink()

    def copy(self, name: str, other: str, old: str = "", new: str = "") -> None:
        """`name` again as `other`, with one change."""
        text = (self.path / name).read_text(encoding="utf-8")
        self.write(other, text.replace(old, new) if old else text)


def make_course(folder: Path, name: str = "welcome") -> CourseFolder:
    """A good course, new, in `folder / name`."""
    return CourseFolder(folder / name)
