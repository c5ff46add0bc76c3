"""A programme in sentences: one row for each part of a course, with where it comes from and what may be chosen."""

from __future__ import annotations

from dataclasses import dataclass

from lms.features.programmes.choices import Choices, issuer_called, rule_in_words
from lms.host.guard import Guard
from lms.host.i18n import gettext as _
from lms.host.i18n import in_language, ngettext
from lms.plugin_api.content import Activity, Course, Outcome, Requirement
from lms.plugin_api.values import Text


@dataclass(frozen=True)
class Row:
    """One part: sentences, details to unfold, whether the organization chose it, and the name of what may be chosen."""

    name: str
    title: str
    sentences: tuple[str, ...]
    details: tuple[str, ...] = ()
    chosen: bool = False
    choose: str = ""


def rows_of(course: Course, choices: Choices, guard: Guard) -> list[Row]:
    """Every part of the course with the choices in force (`choices.chosen_course`), in the order in which one meets them."""
    return [
        _modules(course),
        _classes(course),
        _rule(course, choices, guard),
        _homework(course, guard),
        _role_play(course),
        _confirmed(course),
        _outcomes(course),
        _certificate(course, choices, guard),
        _frameworks(course, choices),
    ]


def _titles(texts: list[Text]) -> str:
    return ", ".join(in_language(text) for text in texts)


def _modules(course: Course) -> Row:
    live, own = (sum(getattr(m.minutes, part) for m in course.modules) for part in ("live", "own"))
    said = ngettext("%(num)d module.", "%(num)d modules.", len(course.modules))
    time = _("About %(live)s hours in class and %(own)s hours on one's own.", live=_hours(live), own=_hours(own))
    return Row("modules", _("Modules"), (said, time), tuple(in_language(m.title) for m in course.modules))


def _hours(minutes: int) -> str:
    return str(round(minutes / 60))


def _classes(course: Course) -> Row:
    said = ngettext("%(num)d class.", "%(num)d classes.", len(course.classes))
    sentences = [said] + ([lengths] if (lengths := _lengths(course)) else [])
    details = tuple(
        _("%(number)s. %(title)s", number=plan.number, title=in_language(plan.title)) for plan in course.classes
    )
    return Row("classes", _("Classes"), tuple(sentences), details)


def _lengths(course: Course) -> str:
    minutes = sorted({plan.minutes for plan in course.classes})
    if not minutes:
        return ""
    if len(minutes) == 1:
        return _("Each takes %(minutes)s minutes.", minutes=minutes[0])
    return _("They take from %(least)s to %(most)s minutes.", least=minutes[0], most=minutes[-1])


def _rule(course: Course, choices: Choices, guard: Guard) -> Row:
    words = rule_in_words(course, guard)
    title = _("Attendance rule")
    if words is None:
        return Row("rule", title, (_("This course asks for no attendance, so there is no rule to choose."),))
    return Row("rule", title, (in_language(words),), chosen=choices.rule is not None, choose="rule")


def _homework(course: Course, guard: Guard) -> Row:
    read = [a for a in course.activities.values() if guard.homework(course, a).reviewed]
    rest = len(course.activities) - len(read)
    sentences = [
        ngettext("A trainer reads and answers %(num)d piece.", "A trainer reads and answers %(num)d pieces.", len(read))
    ]
    if read:
        promised = course.review.promise_days
        sentences.append(
            ngettext(
                "An answer is promised within %(num)d day.", "An answer is promised within %(num)d days.", promised
            )
        )
    if rest:
        sentences.append(
            ngettext("%(num)d piece is for the trainee alone.", "%(num)d pieces are for the trainee alone.", rest)
        )
    if course.review.second_reader:
        sentences.append(_("A second trainer reads some of them without seeing the first answer."))
    details = tuple(f"{in_language(a.title)}: {_read_by(a)}" for a in read)
    return Row("homework", _("Homework and who reads it"), tuple(sentences), details)


def _read_by(activity: Activity) -> str:
    said = {"team": _("the trainers of the group"), "trainer": _("one trainer of one's choice"), "me": _("nobody else")}
    return _("read by %(who)s", who=f" {_('or')} ".join(said[one] for one in activity.audience))


def _role_play(course: Course) -> Row:
    planned = [plan.number for plan in course.classes if plan.role_play]
    if not planned:
        return Row("role-play", _("Role play"), (_("No class has role play."),))
    sentences = [ngettext("%(num)d class has role play.", "%(num)d classes have role play.", len(planned))]
    read = sum(plan.role_play is not None and plan.role_play.trainers_read for plan in course.classes)
    if read:
        sentences.append(
            ngettext(
                "In %(num)d of them trainers read what people write for each other.",
                "In %(num)d of them trainers read what people write for each other.",
                read,
            )
        )
    sentences.append(ngettext("There is %(num)d card.", "There are %(num)d cards.", len(course.cards)))
    if course.practices:
        sentences.append(
            ngettext(
                "There is %(num)d practice for one.", "There are %(num)d practices for one.", len(course.practices)
            )
        )
    return Row("role-play", _("Role play"), tuple(sentences), tuple(in_language(card.title) for card in course.cards))


def _confirmed(course: Course) -> Row:
    asked = [r for r in course.requirements if r.kind == "confirmed"]
    title = _("What a named person confirms")
    if not asked:
        return Row("confirmed", title, (_("Nothing has to be confirmed by hand."),))
    return Row("confirmed", title, tuple(f"{in_language(r.title)}: {_confirms(r)}" for r in asked))


def _confirms(requirement: Requirement) -> str:
    if requirement.confirmed_by == "trainer":
        return _("a trainer confirms it, with a date and a name.")
    return _("the coordination confirms it, with a date and a name.")


def _outcomes(course: Course) -> Row:
    return Row("outcomes", _("Outcomes and what they mean"), tuple(_outcome(course, o) for o in course.outcomes))


def _outcome(course: Course, outcome: Outcome) -> str:
    said = [f"{in_language(outcome.title)}: {in_language(outcome.meaning)}"]
    if asked := [r.title for r in course.requirements_of(outcome.id)]:
        said.append(_("It needs: %(what)s.", what=_titles(asked)))
    by_trainer = outcome.decided_by == "trainer"
    said.append(_("Trainers decide about it.") if by_trainer else _("The coordination decides about it."))
    if outcome.optional:
        said.append(_("It is a choice."))
    return " ".join(said)


def _certificate(course: Course, choices: Choices, guard: Guard) -> Row:
    title, chosen = _("Certificate"), bool(choices.issuer)
    if course.certificate is None:
        return Row("certificate", title, (_("No certificate is made."),), chosen=chosen, choose="certificate")
    provided = guard.host.provided("certificate_issuers", course.certificate.issuer)
    label = in_language(issuer_called(course.certificate.issuer, guard))
    named = [o.title for o in course.outcomes if o.certificate]
    said = _("“%(issuer)s” makes it, for: %(outcomes)s.", issuer=label, outcomes=_titles(named))
    gone = () if provided else (_("No plugin brings it at the moment. The page to print stands in for it."),)
    return Row("certificate", title, (said, *gone), chosen=chosen, choose="certificate")


def _frameworks(course: Course, choices: Choices) -> Row:
    title, chosen = _("Frameworks"), choices.frameworks is not None
    if not course.frameworks:
        said = _("The course is held against no framework.")
    else:
        names = [course.framework_names.get(name, Text(name, name)) for name in course.frameworks]
        said = _("The course is held against: %(names)s.", names=_titles(names))
    return Row("frameworks", title, (said,), chosen=chosen, choose="frameworks")
