"""What differs between two revisions of a course, in words. Equal courses differ in nothing; every change is named."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from lms.host.i18n import gettext as _
from lms.host.i18n import in_language
from lms.host.i18n import lazy_gettext as _l
from lms.plugin_api.content import Course
from lms.plugin_api.values import Text

# The rule of a course in words; None where it has none.
Said = Callable[[Course], Text | None]
# What an issuer of certificates is called.
Called = Callable[[str], Text]

# What each field of a part is called. A test keeps this in step with the models.
FIELDS: Mapping[str, Any] = {
    "accepts": _l("how it can be answered"),
    "active_rounds": _l("the rounds as supporter or person"),
    "activities": _l("the homework that counts"),
    "aims": _l("the aims"),
    "audience": _l("who reads it"),
    "author": _l("the author"),
    "body": _l("the text"),
    "bring": _l("what to bring"),
    "certificate": _l("whether there is a certificate"),
    "clock": _l("the time limit"),
    "competencies": _l("what it teaches"),
    "confirmed_by": _l("who confirms it"),
    "content_note": _l("the note about the content"),
    "content_notes": _l("the notes about the content"),
    "count": _l("how many are needed"),
    "criteria": _l("the lines for readers"),
    "decided_by": _l("who decides"),
    "does_not_say": _l("what the certificate does not say"),
    "endings": _l("its endings"),
    "homework": _l("the homework after it"),
    "intro": _l("the introduction"),
    "keep_words_days": _l("how long words are kept"),
    "kind": _l("its kind"),
    "level": _l("the level"),
    "licence": _l("the licence"),
    "meaning": _l("what it means"),
    "minutes": _l("the time"),
    "module": _l("the module in which it stands"),
    "modules": _l("the modules that it carries"),
    "needed_for": _l("the outcomes that need it"),
    "next_step": _l("the next step"),
    "nodes": _l("its moments"),
    "note": _l("the note"),
    "optional": _l("whether it is a choice"),
    "options": _l("the options"),
    "plan": _l("the plan for trainers"),
    "practices": _l("the practices that it needs"),
    "promise_days": _l("the days until an answer"),
    "recoverable": _l("what catching up can replace"),
    "by_choice": _l("whether groups ask for it"),
    "reviewed_by_lived_experience": _l("who read it"),
    "reviewed_on": _l("when it was read last"),
    "role_play": _l("the role play"),
    "roles": _l("the roles"),
    "says": _l("what the certificate says"),
    "second_reader": _l("the second reader"),
    "setting": _l("the scene"),
    "skill_focus": _l("the skills"),
    "start": _l("where it begins"),
    "starters": _l("the beginnings of sentences"),
    "stop_points": _l("where to stop"),
    "swap_with": _l("the cards to swap with"),
    "teaches": _l("what it teaches"),
    "variations": _l("the variations"),
    "version": _l("the version"),
    "words": _l("the words of the decisions"),
}


@dataclass(frozen=True)
class Section:
    """What changed in one part of the course."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class _Part:
    """A module, a class, ...: its name, its title, and its fields but these two."""

    key: str
    title: str
    titles: Any
    fields: Mapping[str, Any]


def differences(before: Course, after: Course, said: Said, called: Called) -> list[Section]:
    """The changes from one course to another, by part. `said` gives a course's rule, `called` an issuer's name in words."""
    before, after = _as_kept(before), _as_kept(after)
    found = [
        Section(_("Title and description"), tuple(_head(before, after))),
        Section(_("Modules"), tuple(_lines(_modules(before), _modules(after)))),
        Section(_("Classes"), tuple(_lines(_classes(before), _classes(after)))),
        Section(_("Homework"), tuple(_lines(_homework(before), _homework(after)))),
        Section(_("Attendance rule"), tuple(_rule(before, after, said))),
        Section(_("Outcomes"), tuple(_lines(_parts(before.outcomes), _parts(after.outcomes)))),
        Section(_("Requirements"), tuple(_lines(_parts(before.requirements), _parts(after.requirements)))),
        Section(_("Certificate"), tuple(_certificate(before, after, called))),
        Section(_("Feedback"), tuple(_feedback(before, after))),
        Section(_("Formats of role play"), tuple(_formats(before, after))),
        Section(_("Role-play cards"), tuple(_lines(_parts(before.cards), _parts(after.cards)))),
        Section(_("Practice for one"), tuple(_lines(_parts(before.practices), _parts(after.practices)))),
        Section(_("Frameworks"), tuple(_frameworks(before, after))),
        Section(_("Pictures"), (_("Pictures were changed."),) if before.pictures != after.pictures else ()),
    ]
    return [section for section in found if section.lines]


def _as_kept(course: Course) -> Course:
    """The course as it comes back from the database: there, rows of options are lists."""
    return Course.model_validate_json(course.model_dump_json(by_alias=True))


def _parts(items: Iterable[BaseModel], *without: str) -> list[_Part]:
    """Parts that have an id and a title."""
    made = []
    for item in items:
        fields: dict[str, Any] = {name: getattr(item, name) for name in type(item).model_fields}
        key, title = fields.pop("id"), fields.pop("title")
        made.append(_Part(str(key), in_language(title), title, {n: v for n, v in fields.items() if n not in without}))
    return made


def _modules(course: Course) -> list[_Part]:
    return _parts(course.modules, "activities")


def _classes(course: Course) -> list[_Part]:
    """By number: that is what groups and marks know a class by."""
    made = []
    for plan in course.classes:
        fields = {name: getattr(plan, name) for name in type(plan).model_fields if name not in ("number", "title")}
        title = _("%(number)s. %(title)s", number=plan.number, title=in_language(plan.title))
        made.append(_Part(str(plan.number), title, plan.title, fields))
    return made


def _homework(course: Course) -> list[_Part]:
    """Each piece with its module, and whether a trainer reads it where the frozen course says so. In the order of their
    modules' names: that modules change places is said of the modules."""
    made = []
    for part in _parts(course.activities.values()):
        where: dict[str, Any] = {"module": course.module_of[part.key].id}
        if course.unread is not None:
            where["audience"] = (part.key in course.unread, part.fields["audience"])
        made.append(_Part(part.key, part.title, part.titles, {**part.fields, **where}))
    return sorted(made, key=lambda part: str(part.fields["module"]))


def _lines(before: Sequence[_Part], after: Sequence[_Part]) -> Iterable[str]:
    old, new = {part.key: part for part in before}, {part.key: part for part in after}
    for part in after:
        if part.key not in old:
            yield _("Added: %(title)s", title=part.title)
    for part in before:
        if part.key not in new:
            yield _("No longer there: %(title)s", title=part.title)
    if [part.key for part in before if part.key in new] != [part.key for part in after if part.key in old]:
        yield _("They come in another order.")
    kept = [(old[part.key], part) for part in after if part.key in old]
    yield from (_renamed(was, now) for was, now in kept if was.titles != now.titles)
    same: dict[tuple[str, ...], list[str]] = {}
    for was, now in kept:
        if names := tuple(name for name in now.fields if was.fields.get(name) != now.fields[name]):
            same.setdefault(names, []).append(now.title)
    for names, titles in same.items():
        yield _("Changed in %(titles)s: %(what)s.", titles=_quoted(titles), what=_named(names))


def _quoted(titles: Iterable[str]) -> str:
    return ", ".join(_("“%(title)s”", title=title) for title in titles)


def _renamed(before: _Part, after: _Part) -> str:
    if before.title == after.title:
        return _("%(title)s: the title in the other language was changed.", title=after.title)
    return _("“%(before)s” is called “%(after)s” now.", before=before.title, after=after.title)


def _named(fields: Iterable[str]) -> str:
    return ", ".join(str(FIELDS[name]) for name in fields)


def _head(before: Course, after: Course) -> Iterable[str]:
    if before.id != after.id:
        yield _("The short name “%(before)s” is “%(after)s” now.", before=before.id, after=after.id)
    old, new = in_language(before.title), in_language(after.title)
    if before.title != after.title:
        yield _renamed(_Part("", old, before.title, {}), _Part("", new, after.title, {}))
    if before.summary != after.summary:
        yield _("The description was changed.")


def _rule(before: Course, after: Course, said: Said) -> Iterable[str]:
    if before.attendance == after.attendance:
        return
    none = _("There is no rule about attendance.")
    old, new = said(before), said(after)
    was, now = in_language(old) if old else none, in_language(new) if new else none
    if was == now:
        yield _("It says the same, with other options.")
    else:
        yield _("Before: %(rule)s", rule=was)
        yield _("Now: %(rule)s", rule=now)


def _certificate(before: Course, after: Course, called: Called) -> Iterable[str]:
    was, now = (in_language(called(c.certificate.issuer)) if c.certificate else "" for c in (before, after))
    if before.certificate == after.certificate:
        return
    if not now:
        yield _("“%(before)s” made it. No certificate is made any more.", before=was)
    elif not was:
        yield _("No certificate was made. “%(after)s” makes it now.", after=now)
    else:
        yield _("“%(before)s” made it. “%(after)s” makes it now.", before=was, after=now)


def _feedback(before: Course, after: Course) -> Iterable[str]:
    fields = type(after.review).model_fields
    if names := [name for name in fields if getattr(before.review, name) != getattr(after.review, name)]:
        yield _("Changed: %(what)s.", what=_named(names))
    if before.unread != after.unread and (before.unread is None or after.unread is None):
        yield _("It is noted now which pieces trainers read.")


def _frameworks(before: Course, after: Course) -> Iterable[str]:
    for name in after.frameworks:
        if name not in before.frameworks:
            yield _("Added: %(title)s", title=in_language(after.framework_names.get(name, Text(name, name))))
    for name in before.frameworks:
        if name not in after.frameworks:
            title = in_language(before.framework_names.get(name, Text(name, name)))
            yield _("No longer there: %(title)s", title=title)
    kept = [name for name in before.frameworks if name in after.frameworks]
    if kept != [name for name in after.frameworks if name in before.frameworks]:
        yield _("They come in another order.")
    told = {"framework_names", "framework_unsure"}
    if before.frameworks == after.frameworks and any(getattr(before, n) != getattr(after, n) for n in told):
        yield _("The names of their items were brought up to date.")


def _formats(before: Course, after: Course) -> Iterable[str]:
    """Formats that both name; that a class has another one is said of the class."""
    for name, shape in after.formats.items():
        if before.formats.get(name, shape) != shape:
            yield _("The times or groups of “%(format)s” were changed.", format=in_language(shape.label))
