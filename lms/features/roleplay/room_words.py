"""What is said of a choice: to the group, and to those who lead. Who asked for another card is not said, and never why."""

from __future__ import annotations

from lms.features.grouping.formats import Phase
from lms.features.roleplay.rooms import Tap
from lms.host.i18n import gettext as _
from lms.host.i18n import language
from lms.host.i18n import lazy_gettext as _l

PHASES = {
    "set_up": _l("Getting ready"),
    "read": _l("Reading"),
    "play": _l("Practice"),
    "feedback": _l("Feedback"),
    "de_role": _l("Step out of the role"),
    "together": _l("All together"),
}
_GROUP = {
    "observe": _l("%(name)s is observing this round."),
    "swap": _l("Your group has another card."),
    "out": _l("%(name)s is taking a moment. You can carry on."),
    "back": _l("%(name)s is back."),
    "leave": _l("%(name)s has left for today. You can carry on."),
    "moment": _l("Your trainer knows that you need a moment."),
    "help": _l("Your trainer knows that you ask them to come."),
}
_TRAINER = {
    "observe": _l("%(name)s observes in group %(number)s."),
    "swap": _l("Group %(number)s has another card."),
    "out": _l("%(name)s stepped out of group %(number)s."),
    "back": _l("%(name)s is back in group %(number)s."),
    "leave": _l("%(name)s of group %(number)s left for today."),
    "tag_in": _l("%(name)s has taken the supporter's place in group %(number)s."),
    "moment": _l("Group %(number)s needs a moment."),
    "help": _l("Group %(number)s asks you to come."),
}


def phase_word(phase: Phase) -> str:
    """What a phase is called: in the format's own words, or the host's."""
    return (phase.fr if language() == "fr" else phase.en) or str(PHASES[phase.kind])


def took_the_place(name: str) -> str:
    """What the others read when somebody took the supporter's place."""
    return _("%(name)s has taken the supporter's place.", name=name)


def to_those_before(name: str) -> str:
    """What those read whose place it was."""
    return _("Thank you. %(name)s has taken your place and goes on from there. Now you observe.", name=name)


def to_who_took_the_place() -> str:
    return _("You have taken the supporter's place. Go on from where they are.")


def to_group(event: Tap, name: str) -> str:
    """What the others of the group read."""
    return _(_GROUP[event.kind].text, name=name)


def to_trainer(event: Tap, name: str) -> str:
    """What stands on the board of those who lead."""
    return _(_TRAINER[event.kind].text, name=name, number=event.group_number)
