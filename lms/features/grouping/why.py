"""Why groups are as they are, in sentences for those who lead. They may give a keep-apart pair away: no trainee reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lms.features.grouping.rules import Grouping, History, WishCode
from lms.host.i18n import gettext as _
from lms.host.i18n import ngettext

Names = Mapping[int, str]


def together(people: Iterable[int], names: Names) -> str:
    """ "Sam, Kim and Dana"."""
    found = [names.get(who) or _("somebody who left") for who in people]
    return _("%(names)s and %(last)s", names=", ".join(found[:-1]), last=found[-1]) if found[1:] else "".join(found)


def reasons(told: Grouping, names: Names, history: History) -> list[str]:
    """What is good about the groups: sizes, new partners, turns that are owed."""
    said = []
    largest = max((len(group.members) for group in told.groups), default=0)
    circle = any(code == "circle" for code, _people in told.reason)
    if circle and largest > 2:
        said.append(_("Everyone sits in one circle."))
    elif largest == 5 and len(told.groups) == 1:
        said.append(_("Five stay in one group: three observe in each round."))
    again = any(code in ("met_before", "met_last_time") for code, _people in told.wishes_not_kept)
    if history.met and not again and not circle:
        said.append(_("Everyone works with people they have not worked with yet."))
    elif again:
        said.append(_("Some have worked together before."))
    first = [group.rounds[0].supporter for group in told.groups if group.rounds]
    most = max((history.supporter.get(who, 0) for group in told.groups for who in group.members), default=0)
    owed = [who for who in first if history.supporter.get(who, 0) < most]
    if owed:
        said.append(
            ngettext(
                "%(names)s starts as supporter, having had fewer turns.",
                "%(names)s start as supporters, having had fewer turns.",
                len(owed),
                names=together(owed, names),
            )
        )
    return said


def what_gives(told: Grouping, names: Names) -> list[str]:
    """The wishes that these groups do not keep."""
    said = [
        _("%(names)s sit in one group, though they are to be apart.", names=together(pair, names))
        for pair in told.broken_keep_apart
    ]
    for code, people in told.wishes_not_kept:
        said.append(_sentence(code, together(people, names)))
    return said


def _sentence(code: WishCode, names: str) -> str:
    if code == "not_together":
        return _("%(names)s are not in one group, though they are to be together.", names=names)
    if code == "met_last_time":
        return _("%(names)s worked together last time.", names=names)
    if code == "met_before":
        return _("%(names)s worked together before.", names=names)
    if code == "four_again":
        return _("In a larger group once more: %(names)s.", names=names)
    if code == "no_supporter_turn":
        return _("No turn as supporter this time, and first next time: %(names)s.", names=names)
    return _("Asked not to play the person today, and numbers leave no other way: %(names)s.", names=names)
