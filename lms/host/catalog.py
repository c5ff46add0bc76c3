"""The courses of this host, and how a course is frozen: the text under its digest, rendered once, pictures included."""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from lms.host import markup, scenes
from lms.host.contributed import framework_items
from lms.host.guard import Guard, PluginFault
from lms.host.plugins import PluginHost, Provided
from lms.plugin_api.content import Course
from lms.plugin_api.files import read_courses
from lms.plugin_api.frameworks import FrameworkItem
from lms.plugin_api.loaded import LoadedCourse, Picture
from lms.plugin_api.manifest import UNREAD, Manifest, faults_of
from lms.plugin_api.scenes import FormatShape
from lms.plugin_api.values import Text

# Courses that come with the host, or that its operator keeps in a folder, belong to no plugin.
HOST = "host"


@dataclass(frozen=True)
class Offered:
    """A course that can be delivered: which plugin brings it ("host" for the host's own folders), and its parts."""

    plugin: str
    loaded: LoadedCourse

    @property
    def key(self) -> str:
        """Names the course on this host: two plugins may both have a course "intro"."""
        return f"{self.plugin}:{self.loaded.name}"

    @property
    def course(self) -> Course | None:
        return self.loaded.course


@dataclass
class Catalog:
    """Every course by key, read and checked at start."""

    courses: dict[str, Offered] = field(default_factory=dict)

    def sound(self) -> Iterator[Offered]:
        """The courses without a fault."""
        return (offered for offered in self.courses.values() if offered.course)

    def faulty(self) -> Iterator[Offered]:
        return (offered for offered in self.courses.values() if offered.loaded.faults)


def read_catalog(host: PluginHost, guard: Guard, folders: tuple[Path, ...]) -> Catalog:
    """Read the courses of all plugins and of `folders`, and check that what they name is there."""
    catalog = Catalog()
    for folder in folders:
        for loaded in read_courses(folder):
            _offer(catalog, Offered(HOST, loaded), guard)
    for provided in host.providers["curricula"].values():
        try:
            found = guard.call(
                provided.plugin.name, "curricula", lambda p=provided: list(p.provider.courses()), waited_for=False
            )
        except PluginFault:
            continue
        for loaded in found:
            if isinstance(loaded, LoadedCourse):
                _offer(catalog, Offered(provided.plugin.name, loaded), guard)
            else:
                guard.fault(provided.plugin.name, "curricula", f"It answered with a {type(loaded).__name__}.")
    for deck in host.names("scenario_cards"):
        scenes.deck_cards(guard, deck)
    return catalog


def _offer(catalog: Catalog, offered: Offered, guard: Guard) -> None:
    if offered.loaded.course or offered.loaded.readable:
        check_providers(offered.loaded, guard)
    catalog.courses[offered.key] = offered


def check_providers(loaded: LoadedCourse, guard: Guard) -> None:
    """Add a fault for each policy, issuer, framework, format or kind that no plugin provides, and for options that it
    refuses.

    A sound course learns here which of its activities nobody reads, and what the items that it teaches are called.
    """
    course, host = loaded.course or loaded.readable, guard.host
    assert course is not None
    if course.attendance:
        name, options = course.attendance.policy, course.attendance.options
        policy = _provided(loaded, host, "attendance_policies", name, "course", ("attendance", "policy"))
        at = ("attendance", "options")
        chosen = policy and _read_options(loaded, guard, policy, options, "course", at)
        if policy and chosen is not None:
            modules = loaded.names.modules if loaded.names else [m.id for m in course.modules]
            outcomes = loaded.names.outcomes if loaded.names else [o.id for o in course.outcomes]
            for sentence in _found_by(guard, policy, chosen, modules, outcomes):
                loaded.add_fault("course", at, sentence)
    if course.certificate:
        _provided(loaded, host, "certificate_issuers", course.certificate.issuer, "course", ("certificate", "issuer"))
    names, unsure = _framework_names(loaded, course, guard)
    formats = _formats(loaded, course, guard.host)
    _check_decks(loaded, course, guard)
    for activity in course.activities.values():
        part = f"activity:{activity.id}"
        kind = _provided(loaded, host, "activity_types", activity.kind, part, ("kind",))
        chosen = kind and _read_options(loaded, guard, kind, activity.options, part, ("options",))
        whole = part not in loaded.manifests or not loaded.manifests[part].faults
        if kind and chosen is not None and whole:
            for sentence in _found_by(guard, kind, activity, chosen):
                loaded.add_fault(part, ("options",), sentence)
    if loaded.faults:
        loaded.course = None
    elif loaded.course:
        unread = [a.id for a in course.activities.values() if not guard.activity_type(a.kind).reviewed]
        said = {"unread": tuple(unread), "framework_names": names, "framework_unsure": unsure, "formats": formats}
        cards = (*loaded.course.cards, *scenes.cards_named(loaded.course, guard))
        loaded.course = loaded.course.model_copy(update={**said, "cards": cards})


def _formats(loaded: LoadedCourse, course: Course, host: PluginHost) -> dict[str, FormatShape]:
    """The formats of role play that classes name, as they are now. A fault for each that no plugin provides."""
    found = {}
    for plan in course.classes:
        if plan.role_play:
            name, at = plan.role_play.format, ("role_play", "format")
            if provided := _provided(loaded, host, "role_play_formats", name, f"class:{plan.number}", at):
                found[name] = provided.provider.shape
    return found


def _check_decks(loaded: LoadedCourse, course: Course, guard: Guard) -> None:
    """A fault for each card of a deck that is not there."""
    for plan in course.classes:
        for index, name in enumerate(plan.role_play.cards if plan.role_play else ()):
            deck, colon, card = name.partition(":")
            part, at = f"class:{plan.number}", ("role_play", "cards", index)
            if colon and _provided(loaded, guard.host, "scenario_cards", deck, part, at):
                known = {found.id for found in scenes.deck_cards(guard, deck)}
                if name not in known:
                    loaded.add_fault(part, at, f"The deck '{deck}' has no card '{card}'.{_meant(name, known)}")


def _framework_names(loaded: LoadedCourse, course: Course, guard: Guard) -> tuple[dict[str, Text], tuple[str, ...]]:
    """What the course's frameworks, and the items that its modules and cards name, are called, and which names are
    uncertain. A fault for each framework that no plugin provides, and each code that it does not know; cards may name items
    of frameworks that the course itself does not."""
    items: dict[str, dict[str, FrameworkItem]] = {}
    names: dict[str, Text] = {}
    for index, name in enumerate(course.frameworks):
        provided = _provided(loaded, guard.host, "competency_frameworks", name, "course", ("frameworks", index))
        found = framework_items(guard, name) if provided else ()
        if provided and found:
            items[name] = {item.code: item for item in found}
            names[name] = provided.provider.label
        elif provided:
            sentence = f"The plugin '{provided.plugin.name}' could not say the items of '{name}'."
            loaded.add_fault("course", ("frameworks", index), sentence)
    unsure = []
    on_cards = dict.fromkeys(taught.partition(":")[0] for card in course.cards for taught in card.competencies)
    others = {name: framework_items(guard, name) for name in on_cards if name not in course.frameworks}
    known = {name: {item.code: item for item in found} for name, found in others.items() if found} | items
    named = [(f"module:{module.id}", "teaches", module.teaches) for module in course.modules]
    named += [(f"card:{card.id}", "competencies", card.competencies) for card in course.cards]
    for part, key, codes in named:
        for index, taught in enumerate(codes):
            framework, _, code = taught.partition(":")
            item = items.get(framework, {}).get(code)
            if item:
                names[taught] = item.name
                unsure += [] if item.certain else [taught]
            elif framework in known and code and code not in known[framework]:
                hint = _meant(code, known[framework])
                sentence = f"The framework '{framework}' has no item '{code}'.{hint}"
                loaded.add_fault(part, (key, index), sentence)
    return names, tuple(dict.fromkeys(unsure))


def _meant(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(known), n=1)
    return f" Did you mean '{close[0]}'?" if close else ""


def _provided(
    loaded: LoadedCourse, host: PluginHost, hook: str, name: str, part: str, location: tuple[str | int, ...]
) -> Provided | None:
    if not isinstance(name, str):
        return None  # it could not be read, which is told already
    provided = host.provided(hook, name)
    if provided is None:
        known = ", ".join(host.names(hook)) or "none"
        what = hook.replace("_", " ")
        cure = f"{_meant(name, host.names(hook))} Install or enable it."
        loaded.add_fault(part, location, f"No plugin provides '{name}' ({what} here: {known}).{cure}")
    return provided


def _read_options(
    loaded: LoadedCourse,
    guard: Guard,
    provided: Provided,
    options: Mapping[str, Any],
    part: str,
    location: tuple[str, ...],
) -> Any:
    """The options as the provider's model; None, with a fault for each thing that it refuses."""
    provider = provided.provider
    if options is UNREAD:
        return None

    def ask() -> tuple[Any, ValidationError | None]:
        try:
            return provider.read_options(options), None
        except ValidationError as error:
            return None, error

    try:
        read, refused = guard.call(provided.plugin.name, f"{provider.name}.options", ask)
    except PluginFault as fault:
        loaded.add_fault(part, location, f"The plugin could not read these options: {fault}.")
        return None
    if refused:
        manifest = loaded.manifests.get(part) or Manifest(loaded.name, [])
        loaded.faults.extend(faults_of(refused, manifest, provider.options, location))
    return read


def _found_by(guard: Guard, provided: Provided, *asked: object) -> list[str]:
    """What the provider says about an activity, or about a rule, as its author wrote it."""
    try:
        place = f"{provided.provider.name}.check"
        return guard.call(provided.plugin.name, place, lambda: [str(s) for s in provided.provider.check(*asked)])
    except PluginFault as fault:
        return [f"The plugin could not check this: {fault}."]


def plugins_named(course: Course, host: PluginHost) -> set[str]:
    """The plugins whose rule, issuer, frameworks, formats, decks and kinds of homework `course` names; those that ship with
    the host left out."""
    wanted = [("activity_types", activity.kind) for activity in course.activities.values()]
    if course.attendance:
        wanted.append(("attendance_policies", course.attendance.policy))
    if course.certificate:
        wanted.append(("certificate_issuers", course.certificate.issuer))
    wanted += [("competency_frameworks", name) for name in course.frameworks]
    wanted += [("role_play_formats", plan.role_play.format) for plan in course.classes if plan.role_play]
    named = [name for plan in course.classes if plan.role_play for name in plan.role_play.cards if ":" in name]
    wanted += [("scenario_cards", name.partition(":")[0]) for name in named]
    provided = (host.provided(hook, name) for hook, name in wanted)
    return {p.plugin.name for p in provided if p and not p.plugin.built_in}


def deliverable(catalog: Catalog, host: PluginHost, enabled: Collection[str]) -> list[Offered]:
    """The courses with classes that an organization with these plugins can deliver.

    Everything that a course names must be enabled too: no plugin sees people of an organization that has not chosen it.
    What runs already goes on with what it is pinned to.
    """
    allowed = {HOST, *enabled}
    return [
        offered
        for offered in catalog.sound()
        if offered.plugin in allowed
        and offered.course
        and offered.course.classes
        and plugins_named(offered.course, host) <= allowed
    ]


# -- freezing -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Frozen:
    """A course as it is kept for a cohort: canonical JSON under its digest, and its pages as safe HTML."""

    digest: str
    course_json: str
    pages_json: str
    pictures: Mapping[str, Picture]


@dataclass(frozen=True)
class Revision:
    """A frozen course in memory. `pages` has the HTML of each part: "module:x", "activity:x", "class:3", "card:x"."""

    digest: str
    course: Course
    pages: Mapping[str, Text]

    def page(self, part: str, language: str) -> str:
        text = self.pages.get(part)
        return text.said_in(language) if text else ""


def freeze(loaded: LoadedCourse) -> Frozen:
    """The course with its pictures under one digest; every page rendered."""
    assert loaded.course is not None
    course = loaded.course
    content = json.dumps(course.model_dump(mode="json", by_alias=True), ensure_ascii=False)
    digest = hashlib.sha256(content.encode()).hexdigest()
    return Frozen(digest, content, json.dumps(rendered_pages(course), ensure_ascii=False), dict(loaded.pictures))


def rendered_pages(course: Course) -> dict[str, list[str]]:
    """Part to [English, French] safe HTML."""
    texts = {f"module:{m.id}": m.intro for m in course.modules}
    texts |= {f"activity:{a.id}": a.body for a in course.activities.values()}
    texts |= {f"class:{c.number}": c.plan for c in course.classes}
    texts |= {f"card:{c.id}": c.note for c in course.cards if c.note}
    addresses = {name: f"/pictures/{digest}" for name, digest in course.pictures.items()}
    return {
        part: [str(markup.render(text.en, addresses)), str(markup.render(text.fr, addresses))]
        for part, text in texts.items()
    }


def thaw(digest: str, course_json: str, pages_json: str) -> Revision:
    """The revision again, from what was kept."""
    pages = {part: Text(en, fr) for part, (en, fr) in json.loads(pages_json).items()}
    return Revision(digest, Course.model_validate_json(course_json), pages)
