"""Texts to paste into a meeting tool before its rooms open, in the language of the group: who sits where, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lms.features.grouping.formats import Format
from lms.features.grouping.rules import Group
from lms.host.i18n import gettext as _
from lms.host.i18n import in_language, ngettext, spoken
from lms.plugin_api.scenes import Step, StepKind


def room_list(groups: Iterable[Group], names: Mapping[int, str], language: str) -> str:
    """A line for each room: its number and who sits in it."""
    with spoken(language):
        return "\n".join(
            _(
                "Group %(number)s: %(names)s",
                number=group.number,
                names=", ".join(names.get(who) or _("somebody who left") for who in group.members),
            )
            for group in groups
        )


def instructions(format: Format, link: str, language: str) -> str:
    """What happens and how long it takes, where one's own card is, and that anybody may step out."""
    shape = format.shape
    with spoken(language):
        steps = [_line(step) for step in shape.before]
        each = ", ".join(_line(step) for step in shape.each_round)
        steps.append(ngettext("One round: %(steps)s", "%(num)d rounds, each: %(steps)s", shape.rounds, steps=each))
        steps += [_line(step) for step in shape.after]
        lines = [
            _(
                "Role play, %(format)s: %(minutes)s minutes in all.",
                format=in_language(shape.label),
                minutes=shape.minutes,
            ),
            *(f"{number}. {step}" for number, step in enumerate(steps, start=1)),
            _("A trainer plays the person. Supporters take turns.") if shape.trainer_plays else "",
            _("Your own card and the clock: %(link)s", link=link),
            _("You may observe instead, ask for another card or step out at any time, without a reason."),
            _("The end of a phase cuts nobody off. Come back to the main room when you have left your role."),
        ]
        return "\n".join(line for line in lines if line)


def _line(step: Step) -> str:
    return _("%(step)s (%(minutes)s min)", step=step_name(step), minutes=step.minutes)


def step_name(step: Step) -> str:
    """What a step is called: in the format's own words, or the host's."""
    return in_language(step.label) if step.label else _kind(step.kind)


def _kind(kind: StepKind) -> str:
    if kind == "set_up":
        return _("set up the groups")
    if kind == "read":
        return _("read the card")
    if kind == "play":
        return _("play")
    if kind == "feedback":
        return _("feedback")
    if kind == "de_role":
        return _("step out of the role")
    return _("all together")
