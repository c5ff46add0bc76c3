"""What stands beside the homework of the spring group: times for a talk, a worry, what was agreed with somebody."""

from __future__ import annotations

from datetime import timedelta

from lms.demo.told import Group, Moment
from lms.features.care import actions as care
from lms.features.care import queries as carers
from lms.features.talks import actions as talks

WORRY = (
    "Kim told me on the phone that the nights are short at the moment, and sounded far away. Kim was not in class twice. "
    "Nothing tonight feels like danger. I would like one of us to call before the weekend."
)


def beside_the_homework(group: Group, moment: Moment) -> None:
    """Two times that Amina offers, a worry of hers for Rosa to see, and more time for Lee."""
    now, tonight = moment.now, moment.evening
    organization = group.here.organization.id
    amina = group.trainer.id
    early = timedelta(minutes=-75)  # before class, two days later and a week after that
    starts = [tonight + timedelta(days=2) + early, tonight + timedelta(days=9) + early]
    offer = talks.Offer(group.cohort.id, starts, 20, "Room 2, Northside")
    talks.offer(offer, by=amina, organization=organization, now=now - timedelta(days=1))

    kim, kims = group.people["Kim"]
    care.raise_concern(
        kims,
        care.Urgency.SOON,
        WORRY,
        by=amina,
        about=kim.id,
        organization=organization,
        now=now - timedelta(hours=20),
    )
    lee, lees = group.people["Lee"]
    (rosa,) = carers.coordinators_of(group.cohort, lee.id)
    care.agree_on_help(
        lees, 50, True, by=rosa.id, about=lee.id, organization=organization, now=now - timedelta(days=12)
    )
