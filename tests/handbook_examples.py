"""The examples of kinds that the handbook shows, as whole files, and a course made of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from lms.app import ROOT

PAGE = ROOT / "courses/handbook/modules/plugin-author/kinds-of-homework.md"
FILE = re.compile(r"^\*\*`([a-z-]+)((?:\.fr)?\.md)`\*\*\n\n```markdown\n(.*?)^```$", re.MULTILINE | re.DOTALL)
KIND = re.compile(r"^## `(\w+)`$", re.MULTILINE)


@dataclass(frozen=True)
class Example:
    """One activity as the handbook shows it: the name of its file, the file with its keys, the French text."""

    kind: str
    name: str
    english: str
    french: str


def examples() -> dict[str, Example]:
    """Kind to example, in the order of the page."""
    _head, *parts = KIND.split(PAGE.read_text(encoding="utf-8"))
    found = {}
    for kind, part in zip(parts[::2], parts[1::2], strict=True):
        (name, _, english), (_name, _fr, french) = FILE.findall(part)
        found[kind] = Example(kind, name, english, french)
    return found


COURSE = """\
id: house
title: {en: The house, fr: La maison}
summary: {en: One of each., fr: Une de chaque.}
modules: [at-home]
outcomes:
  - id: took-part
    title: {en: Took part, fr: A participé}
    meaning: {en: You were there., fr: Vous étiez là.}
    certificate: false
requirements:
  - id: homework
    kind: homework
    title: {en: Homework, fr: Devoirs}
    needed_for: [took-part]
  - id: reading
    kind: reading
    title: {en: Reading, fr: Lecture}
    needed_for: [took-part]
"""

MODULE = """\
---
title: {{en: At home, fr: À la maison}}
minutes: {{live: 60, own: 30}}
aims:
  - {{en: To try., fr: Essayer.}}
activities: [{names}]
---
One of each.
"""

CLASS = """\
---
title: {en: First class, fr: Première séance}
modules: [at-home]
minutes: 60
---
Tea.
"""


def course_of_examples(folder: Path) -> Path:
    """A course in `folder` with every example in it; the folder of courses."""
    module = folder / "house/modules/at-home"
    module.mkdir(parents=True)
    (folder / "house/classes").mkdir()
    (folder / "house/course.yaml").write_text(COURSE, encoding="utf-8")
    shown = examples().values()
    names = ", ".join(example.name for example in shown)
    (module / "module.md").write_text(MODULE.format(names=names), encoding="utf-8")
    (module / "module.fr.md").write_text("Une de chaque.\n", encoding="utf-8")
    (folder / "house/classes/01.md").write_text(CLASS, encoding="utf-8")
    (folder / "house/classes/01.fr.md").write_text("Du thé.\n", encoding="utf-8")
    for example in shown:
        (module / f"{example.name}.md").write_text(example.english, encoding="utf-8")
        (module / f"{example.name}.fr.md").write_text(example.french, encoding="utf-8")
    return folder
