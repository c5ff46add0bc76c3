"""What two who practise together hear by mail. Never who else was asked, nor why somebody does not want to."""

from __future__ import annotations

from typing import Literal

from lms.features.accounts.models import Person
from lms.features.cohorts.queries import Here
from lms.features.practice.models import PracticePair
from lms.host import mail
from lms.host.db import session
from lms.host.i18n import day_and_time, spoken
from lms.host.i18n import gettext as _
from lms.host.web import address, now

What = Literal["proposed", "agreed", "time", "done", "off"]


def tell(here: Here, number: int, pair: PracticePair, person_id: int, what: What) -> None:
    """One mail to one of the two, in their language, about the role play of class `number`."""
    person = session.get_one(Person, person_id)
    with spoken(person.language):
        url = address("pairs.in_twos", cohort_id=here.id, number=number)
        text = f"{_sentence(here, number, pair, what)}\n\n{url}"
        key = f"pair:{pair.id}:{what}:{person_id}:{now().isoformat()}"
        mail.write_mail(person.email, _("Practice in twos"), text, key=key, at=now())


def _sentence(here: Here, number: int, pair: PracticePair, what: What) -> str:
    if what == "proposed":
        return _(
            "Somebody in your group would like to practise the role play of class %(number)s with you.", number=number
        )
    if what == "agreed":
        return _(
            "You have a partner for the role play of class %(number)s. Find a time that suits you both.", number=number
        )
    if what == "time":
        when = day_and_time(pair.at, here.zone) if pair.at else ""
        return _(
            "Your partner wrote down a time for the role play of class %(number)s: %(when)s.", number=number, when=when
        )
    if what == "done":
        return _(
            "Your partner noted that you have practised the role play of class %(number)s. It counts for you both.",
            number=number,
        )
    return _(
        "The practice in twos of class %(number)s does not take place. You can look for a partner again.", number=number
    )
