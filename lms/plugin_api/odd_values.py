"""Values that are allowed and rare: what a plugin may be given one day, and should survive on the first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from lms.plugin_api.values import Award, Ledger, Mark, Meeting, MeetingState, Pause, SentFile, Status, Text

LONG_NAME = "Maximiliana Theodora " * 4
# Letters from right to left, joined signs, a line break of Unicode, spaces that are none.
ODD_WORDS = (
    "شيماء بنت خالد",
    "🧑🏽‍🤝‍🧑🏻 👍🏿",
    "a\u2028b\u0085c",
    "\u200b\u00a0\ufeff",
    "<b>&amp;</b> {{ 7 * 7 }} %s",
    "ǅ" * 50,
)
# One of each way to answer without words.
FILES = (
    SentFile("audio", "recording.webm", "audio/webm", 20_000),
    SentFile("photo", "page.jpg", "image/jpeg", 90_000),
    SentFile("file", "map.pdf", "application/pdf", 50_000),
)
FIRST = datetime(2027, 1, 4, 23, tzinfo=UTC)


def meetings(count: int, state: MeetingState = MeetingState.HELD) -> tuple[Meeting, ...]:
    return tuple(Meeting(n, FIRST + timedelta(days=n), 120, ("a-module",), state) for n in range(1, count + 1))


def odd_ledgers(outcomes: tuple[str, ...]) -> Iterator[tuple[str, Ledger]]:
    """What is odd about each, and the ledger."""
    yield "no class at all", Ledger((), outcomes=outcomes)
    one, many = meetings(1), meetings(200)
    yield "one class, not marked", Ledger(one, outcomes=outcomes)
    yield "one class of no minutes", Ledger((replace(one[0], minutes=0, modules=()),), (Mark(1, Status.LATE, 0, 0),))
    here = tuple(Mark(m.number, list(Status)[m.number % len(Status)]) for m in many)
    yield "two hundred classes, everything marked", Ledger(many, here, outcomes=outcomes)
    yield "a mark for a class that is no more", Ledger(one, (Mark(7, Status.AWAY),), outcomes=outcomes)
    yield "more minutes than the class has", Ledger(one, (Mark(1, Status.HERE, minutes=9_999, late_by=9_999),))
    yield "a status that nobody knows", Ledger(one, (Mark(1, Status.HERE, named="on_the_moon"),), outcomes=outcomes)
    yield "every class cancelled", Ledger(meetings(3, MeetingState.CANCELLED), (Mark(1, Status.AWAY),))
    yield "joined after the last class", Ledger(many, joined=FIRST + timedelta(days=999), outcomes=outcomes)
    yield "a break that never ends", Ledger(many, here, pauses=(Pause(FIRST),), outcomes=outcomes)


def odd_awards() -> Iterator[tuple[str, Award]]:
    """What is odd about each, and the award."""
    plain = Award(
        serial="EX-2027-AB12",
        name="Samira Okafor-Lévesque",
        organization="An example organization",
        course=Text("A small course", "Une petite formation"),
        outcome=Text("Completed", "Terminé"),
        says=Text("Took full part.", "A participé pleinement."),
        does_not_say=Text("It is not a licence.", "Ce n'est pas un permis d'exercice."),
        decided_on=date(2027, 5, 1),
        issued_on=date(2027, 5, 14),
        decided_by=("Amina Diallo",),
        language="en",
        verify_url="https://learn.example.org/certificates/EX-2027-AB12",
    )
    yield "in French", replace(plain, language="fr")
    yield "nobody who decided", replace(plain, decided_by=())
    yield "a very long name", replace(plain, name=LONG_NAME, course=Text(LONG_NAME, LONG_NAME))
    for words in ODD_WORDS[:2]:
        yield f"the name {words}", replace(plain, name=words)
