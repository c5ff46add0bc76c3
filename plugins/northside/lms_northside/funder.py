"""Numbers for the funder: a report in counts, and a count of outcomes that the plugin keeps through the year."""

from __future__ import annotations

from typing import Any

from lms.plugin_api import (
    Event,
    GroupFacts,
    Ledger,
    MeetingState,
    Participant,
    Report,
    Status,
    Store,
    Table,
    Text,
    VerdictStatus,
)

BEEN_THERE = (Status.HERE, Status.LATE, Status.LEFT_EARLY, Status.TECH_TROUBLE)
SETTLED = (VerdictStatus.MET, VerdictStatus.WAIVED)


def told_key(year: int, outcome: str) -> str:
    return f"told:{year}:{outcome}"


def count_told(event: Event, store: Store) -> None:
    """One more outcome that somebody was told. Whose it is, is not kept."""
    key = told_key(event.at.year, event.facts["outcome"])
    store.put(key, (store.get(key) or 0) + 1)


def told_in(year: int, store: Store) -> dict[str, int]:
    """Outcome to how often somebody was told it in this year, in all groups."""
    start = told_key(year, "")
    return {key.removeprefix(start): count for key, count in store.items() if key.startswith(start)}


def minutes_there(ledger: Ledger) -> int:
    """The minutes of class that somebody was there for; as planned where nobody noted them."""
    minutes = 0
    for meeting in ledger.counting():
        mark = ledger.mark(meeting.number)
        if mark and mark.status in BEEN_THERE and meeting.state is MeetingState.HELD:
            late = mark.late_by or 0
            minutes += mark.minutes if mark.minutes is not None else max(meeting.minutes - late, 0)
    return minutes


class ForTheFunder(Report):
    name = "northside-funder"
    label = Text("Numbers for the funder", "Des chiffres pour le bailleur de fonds")
    summary = Text(
        "Counts of this group and of the year, without names.", "Des nombres, du groupe et de l'année, sans noms."
    )

    def make(self, facts: GroupFacts, settings: Any, store: Store) -> Table:
        ledger = facts.people[0].ledger if facts.people else Ledger(())
        held = [meeting for meeting in ledger.meetings if meeting.state is MeetingState.HELD]
        rows = [
            (Text("People who take part", "Personnes qui participent"), len(facts.people)),
            (Text("Classes held", "Séances tenues"), len(held)),
            (Text("Hours of class", "Heures de séance"), _hours(sum(meeting.minutes for meeting in held))),
            (
                Text("Hours that people were there, added up", "Heures de présence, additionnées"),
                _hours(sum(minutes_there(person.ledger) for person in facts.people)),
            ),
        ]
        for outcome in ledger.outcomes:
            title = ledger.name(outcome)
            rows.append((_has_all(title), sum(_has(person, outcome) for person in facts.people)))
        for outcome, count in told_in(facts.day.year, store).items():
            rows.append((_told(ledger.name(outcome), facts.day.year), count))
        return Table((Text("What", "Quoi"), Text("How many", "Combien")), tuple(rows), NOTE)


NOTE = Text(
    "An outcome that was decided again, and told again, counts again. There are no names here, but small numbers may still "
    "show who it is: look before you pass this on.",
    "Un résultat décidé et annoncé de nouveau compte de nouveau. Aucun nom n'est donné, mais de petits nombres peuvent "
    "encore montrer de qui il s'agit\u00a0: regardez avant de transmettre.",
)


def _has_all(title: Text) -> Text:
    return Text(f"Have all that “{title.en}” asks for", f"Ont tout ce que demande «\u00a0{title.fr}\u00a0»")


def _told(title: Text, year: int) -> Text:
    return Text(
        f"Told “{title.en}” in {year}, in all groups",
        f"«\u00a0{title.fr}\u00a0» annoncé en {year}, dans tous les groupes",
    )


def _has(person: Participant, outcome: str) -> bool:
    return person.standings.get(outcome) in SETTLED


def _hours(minutes: int) -> float:
    return round(minutes / 60, 1)
