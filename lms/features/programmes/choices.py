"""What an organization chooses for a course besides its files: a rule of attendance, an issuer, frameworks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lms.features.cohorts.models import Programme
from lms.host.contributed import framework_items
from lms.host.guard import Guard, Rule
from lms.plugin_api.content import AttendanceChoice, CertificateChoice, Course, Module
from lms.plugin_api.values import Text

# In place of an issuer: no certificate is made. No provider can be called so.
NO_CERTIFICATE = "<none>"


@dataclass(frozen=True)
class Choices:
    """None, and an empty issuer: as in the course files. The issuer may be NO_CERTIFICATE."""

    rule: AttendanceChoice | None = None
    issuer: str = ""
    frameworks: tuple[str, ...] | None = None


AS_IN_THE_FILES = Choices()


def choices_of(programme: Programme | None) -> Choices:
    """What stands in the row of a programme."""
    if programme is None:
        return AS_IN_THE_FILES
    rule = AttendanceChoice.model_validate_json(programme.rule_json) if programme.rule_json else None
    frameworks = None if programme.frameworks is None else tuple(programme.frameworks)
    return Choices(rule, programme.issuer, frameworks)


def rule_json(rule: AttendanceChoice | None) -> str:
    return json.dumps({"policy": rule.policy, "options": dict(rule.options)}, sort_keys=True) if rule else ""


def chosen_course(course: Course, choices: Choices, guard: Guard) -> Course:
    """The course with what was chosen in place of what its files say. A course without attendance stays without."""
    update: dict[str, Any] = {}
    if choices.rule and course.attendance:
        update["attendance"] = choices.rule
    if choices.issuer:
        none = choices.issuer == NO_CERTIFICATE
        update["certificate"] = None if none else CertificateChoice(issuer=choices.issuer)
    if choices.frameworks is not None:
        update |= _with_frameworks(course, choices.frameworks, guard)
    return course.model_copy(update=update) if update else course


def _with_frameworks(course: Course, chosen: tuple[str, ...], guard: Guard) -> dict[str, Any]:
    """The frameworks, what each module teaches of them, and what all of that is called. One that nobody provides any more
    keeps the names that it had."""
    names: dict[str, Text] = {}
    unsure: list[str] = []
    teaches = {module.id: list(module.teaches) for module in course.modules}
    for name in chosen:
        provided = guard.host.provided("competency_frameworks", name)
        if provided is None:
            names |= {code: said for code, said in course.framework_names.items() if code.partition(":")[0] == name}
            unsure += [code for code in course.framework_unsure if code.partition(":")[0] == name]
            continue
        names[name] = provided.provider.label
        _map(teaches, name, provided.provider.maps.get(course.id, {}))
        items = {f"{name}:{item.code}": item for item in framework_items(guard, name)}
        on_cards = [card.competencies for card in course.cards]
        taught = {code for codes in (*teaches.values(), *on_cards) for code in codes if code in items}
        names |= {code: items[code].name for code in sorted(taught)}
        unsure += sorted(code for code in taught if not items[code].certain)
    modules = tuple(_teaching(module, teaches[module.id]) for module in course.modules)
    return {"frameworks": chosen, "modules": modules, "framework_names": names, "framework_unsure": tuple(unsure)}


def _map(teaches: dict[str, list[str]], framework: str, mapped: Mapping[str, tuple[str, ...]]) -> None:
    """Adds what the framework itself says about the modules of this course."""
    for module, codes in mapped.items():
        known = teaches.get(module, [])
        known += [code for name in codes if (code := f"{framework}:{name}") not in known]


def _teaching(module: Module, teaches: list[str]) -> Module:
    return module if tuple(teaches) == module.teaches else module.model_copy(update={"teaches": tuple(teaches)})


def issuer_called(name: str, guard: Guard) -> Text:
    """The label of an issuer of certificates; its name where no plugin brings it."""
    provided = guard.host.provided("certificate_issuers", name)
    return provided.provider.label if provided else Text(name, name)


def rule_in_words(course: Course, guard: Guard) -> Text | None:
    """The course's rule of attendance in words; None where it asks for no attendance."""
    choice = course.attendance
    if choice is None:
        return None
    names = {module.id: module.title for module in course.modules}
    names |= {outcome.id: outcome.title for outcome in course.outcomes}
    return guard.attendance_rule(Rule(choice.policy, choice.options), names)
