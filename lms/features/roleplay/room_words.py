"""What is said of a choice: to the group, and to those who lead. Who asked for another card is not said, and never why.
And what trainers say to the groups."""

from __future__ import annotations

from lms.features.grouping.formats import Phase
from lms.features.roleplay.rooms import Said, Tap
from lms.features.roleplay.seating import TAG_INS
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
    **dict.fromkeys(TAG_INS, _l("%(name)s has taken the supporter's place in group %(number)s.")),
    "moment": _l("Group %(number)s needs a moment."),
    "help": _l("Group %(number)s asks you to come."),
}

# What a trainer can say with one tap.
READY = {
    "two_minutes": _l("Two more minutes."),
    "take_your_time": _l("Take your time."),
    "find_an_ending": _l("Find an ending when you are ready."),
    "feedback": _l("The supporter speaks first, then the person, then the observer."),
    "choices": _l("You can observe, swap the card or step out at any time. Nobody asks for a reason."),
    "come_back": _l("Come back to the main room, please."),
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


def words_of(said: Said) -> str:
    """A message as it is read: a ready sentence in the reader's language; empty where a later release knows it no more."""
    return str(READY.get(said.ready, "")) if said.ready else said.words


def to_trainer(event: Tap, name: str) -> str:
    """What stands on the board of those who lead."""
    return _(_TRAINER[event.kind].text, name=name, number=event.group_number)
