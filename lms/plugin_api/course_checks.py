"""What must hold between the parts of a course: names that point somewhere, cards that are safe to play."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from lms.plugin_api.card_checks import check_card
from lms.plugin_api.content import Course
from lms.plugin_api.solo import check_practice

Report = Callable[[str, tuple[str | int, ...], str], None]


@dataclass(frozen=True, slots=True)
class Names:
    """What a course's files are called, also where a file could not be read: a fault in one is told once, not again
    wherever it is named."""

    modules: Collection[str]
    activities: Collection[str]
    cards: Collection[str]
    classes: Collection[int]
    outcomes: Collection[str]
    frameworks: Collection[str] = ()
    practices: Collection[str] = ()


def check_references(course: Course, names: Names, report: Report) -> None:
    """Call `report(part, location, sentence)` for each thing in `course` that does not fit together. What could not be
    read is UNREAD in it, and passed over."""
    _check_unique(course, report)
    _check_classes(course, names, report)
    _check_requirements(course, names, report)
    _check_taught(course, names, report)
    beside = {card.id: card for card in course.cards}
    for card in course.cards:
        check_card(card, beside, report)
    for practice in course.practices:
        check_practice(practice, report)


def _close(name: str, known: Iterable[str]) -> list[str]:
    return difflib.get_close_matches(name, list(known), n=1)


def _unknown(kind: str, name: str, known: Iterable[str]) -> str:
    close = _close(name, known)
    hint = f" Did you mean '{close[0]}'?" if close else ""
    return f"There is no {kind} '{name}' in this course.{hint}"


def _check_unique(course: Course, report: Report) -> None:
    for name, times in Counter(a.id for m in course.modules for a in m.activities).items():
        if times > 1:
            report(f"activity:{name}", (), f"{times} activities are called '{name}'. Give each its own name.")
    for what, ids in (
        ("modules", [m.id for m in course.modules]),
        ("outcomes", [o.id for o in course.outcomes]),
        ("requirements", [r.id for r in course.requirements]),
        ("frameworks", course.frameworks),
    ):
        for index, name in enumerate(ids):
            if isinstance(name, str) and name in ids[:index]:
                report("course", (what, index), f"'{name}' is listed twice.")


def _check_classes(course: Course, names: Names, report: Report) -> None:
    for expected, number in enumerate(sorted(names.classes), start=1):
        if number != expected:
            report(f"class:{number}", (), f"Classes are numbered 1, 2, 3, ...: number {expected} is missing.")
            break
    for plan in course.classes:
        part = f"class:{plan.number}"
        for index, name in enumerate(plan.modules):
            if name not in names.modules:
                report(part, ("modules", index), _unknown("module", name, names.modules))
        for index, name in enumerate(plan.homework):
            if name not in names.activities:
                report(part, ("homework", index), _unknown("activity", name, names.activities))
        for index, name in enumerate(plan.role_play.cards if plan.role_play else ()):
            if ":" not in name and name not in names.cards:  # those of decks are looked for where plugins are known
                report(part, ("role_play", "cards", index), _unknown("scenario card", name, names.cards))


def _check_requirements(course: Course, names: Names, report: Report) -> None:
    for at, requirement in enumerate(course.requirements):
        for index, name in enumerate(requirement.needed_for):
            if name not in names.outcomes:
                location = ("requirements", at, "needed_for", index)
                report("course", location, _unknown("outcome", name, names.outcomes))
        for index, name in enumerate(requirement.activities):
            if name not in names.activities:
                location = ("requirements", at, "activities", index)
                report("course", location, _unknown("activity", name, names.activities))
        for index, name in enumerate(requirement.practices):
            if name not in names.practices:
                location = ("requirements", at, "practices", index)
                report("course", location, _unknown("practice", name, names.practices))
        if requirement.kind == "practice" and not names.practices:
            report("course", ("requirements", at), "This course has no practice for one. Write one into practice/.")
        if requirement.kind == "attendance" and course.attendance is None:
            report("course", ("requirements", at), "Choose the rule: the course needs 'attendance' with a policy.")
        if requirement.kind == "role-play" and requirement.count is None:
            report("course", ("requirements", at), "Say how many times with 'count'.")
        if requirement.kind != "role-play" and isinstance(requirement.active_rounds, int):
            where = ("requirements", at, "active_rounds")
            report("course", where, "Rounds are counted for the kind 'role-play' only. Leave 'active_rounds' out here.")
    for at, outcome in enumerate(course.outcomes):
        if outcome.certificate and at > 0 and not (outcome.says and outcome.does_not_say):
            report(
                "course", ("outcomes", at), "A certificate needs 'says' and 'does_not_say': strangers will read them."
            )


def _check_taught(course: Course, names: Names, report: Report) -> None:
    """A module teaches items of the course's own frameworks. A card may also name items of one that an organization holds
    the course against; until one does, they say nothing."""
    named = [(f"module:{module.id}", "teaches", module.teaches, True) for module in course.modules]
    named += [(f"card:{card.id}", "competencies", card.competencies, False) for card in course.cards]
    for part, key, codes, own in named:
        for index, name in enumerate(codes):
            framework, colon, code = name.partition(":")
            where = (part, (key, index))
            if not colon or not code:
                report(*where, f"Write '{name}' as framework:code, like core-values:hope.")
            elif framework not in names.frameworks and (own or _close(framework, names.frameworks)):
                report(*where, f"{_unknown('framework', framework, names.frameworks)} Add it to 'frameworks'.")
            elif name in codes[:index]:
                report(*where, f"'{name}' is listed twice.")
